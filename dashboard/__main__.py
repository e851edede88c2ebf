"""The command `ai-colouriser`, or `python -m dashboard`: open the dashboard, wherever it is installed.

It runs `streamlit run` with the program and its settings. Streamlit itself is imported only then, because a plain
installation of the library has none.
"""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from collections.abc import Sequence
from importlib.util import find_spec

import colorizer
from dashboard import program_folder

ADDRESS_VARIABLE = "STREAMLIT_SERVER_ADDRESS"
NO_STREAMLIT = (
    "Expected Streamlit to be installed, found none: run `pip install '.[dashboard]'` in the folder of AI Colouriser."
)


def run(arguments: Sequence[str] | None = None) -> None:
    """Open the dashboard until it is interrupted. It answers to this computer only, unless told otherwise.

    Arguments that are not ours go to `streamlit run`. Exits with a sentence, status 1, if Streamlit is not installed.
    """
    streamlit_arguments = _parse(arguments)
    if find_spec("streamlit") is None:
        sys.exit(NO_STREAMLIT)
    os.environ.setdefault(ADDRESS_VARIABLE, "localhost")
    sys.argv = ["streamlit", "run", str(program_folder() / "streamlit_app.py"), *streamlit_arguments]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def _parse(arguments: Sequence[str] | None) -> list[str]:
    """Answer --help and --version; return the arguments for Streamlit."""
    parser = argparse.ArgumentParser(
        prog="ai-colouriser",
        usage="%(prog)s [-h] [--version] [options of `streamlit run`]",
        description="Open the dashboard in the browser, for this computer only.",
        epilog="For example --server.port=8502 for another port, --server.address=0.0.0.0 for the whole network.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {colorizer.__version__}")
    return parser.parse_known_args(arguments)[1]


if __name__ == "__main__":
    run()
