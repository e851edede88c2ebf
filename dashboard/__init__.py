"""The page: everything that knows Streamlit."""

from pathlib import Path


def program_folder() -> Path:
    """The folder of `streamlit_app.py`, its settings in `.streamlit`, and `samples`.

    Installed from a wheel, it is `program` inside this package; in a checkout, the repository's root.
    """
    package = Path(__file__).resolve().parent
    installed = package / "program"
    return installed if installed.is_dir() else package.parent
