"""Direct a film: its shots, its key frames, how each shot is coloured, and the file that holds all of it."""
