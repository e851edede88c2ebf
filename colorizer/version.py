"""The version of the program, which recipes name."""

__version__ = "0.1.0"
