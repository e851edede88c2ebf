"""Run the command line: `python -m colorizer`."""

from colorizer.cli.main import run

run()
