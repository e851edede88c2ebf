"""`python -m colorizer`: the command line."""

from colorizer.cli.main import run

run()
