"""The game for a class."""
