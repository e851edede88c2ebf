"""Models: the table of models, their weights files, and predictions."""
