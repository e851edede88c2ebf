"""The command line: `python -m colorizer`."""
