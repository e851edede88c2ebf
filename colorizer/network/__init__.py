"""Models: the table, their files, and predictions."""
