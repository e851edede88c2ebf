"""Films: read, coloured, written."""
