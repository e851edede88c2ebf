"""The game for a school class."""
