"""What all tabs share: loaded models, the queue, limits, and the one place that words an error."""

from __future__ import annotations

import errno
import math
import os

import streamlit as st

from colorizer import Colorizer, ColorizerError, InvalidSetting, WeightsMissing, load_colorizer
from colorizer.images import DEFAULT_MAX_PIXELS
from colorizer.network.registry import ModelSpec
from colorizer.network.weights import fetch_weights
from dashboard.album.archive import DEFAULT_MAX_BYTES, DEFAULT_MAX_FILES
from dashboard.server.jobs import JobQueue
from dashboard.server.session import is_connected
from dashboard.server.session_folders import SessionFolders

MAX_MEGAPIXELS_VARIABLE = "COLORIZER_MAX_MEGAPIXELS"
MAX_MINUTES_VARIABLE = "COLORIZER_MAX_MINUTES"
JOBS_VARIABLE = "COLORIZER_JOBS"
MAX_QUEUE_VARIABLE = "COLORIZER_MAX_QUEUE"
PHOTOS_AT_ONCE_VARIABLE = "COLORIZER_PHOTOS_AT_ONCE"
MAX_PHOTOS_VARIABLE = "COLORIZER_MAX_PHOTOS"
MAX_ALBUM_MEGABYTES_VARIABLE = "COLORIZER_MAX_ALBUM_MB"
DEFAULT_MAX_MINUTES = 60.0
DEFAULT_MAX_QUEUE = 100.0


@st.cache_resource(show_spinner=False)
def cached_colorizer(name: str) -> Colorizer:
    """One colorizer of each model for all sessions; an error is not kept, so the next rerun tries again."""
    return load_colorizer(name)


@st.cache_resource(show_spinner=False)
def job_queue() -> JobQueue:
    """The one queue of films and albums. Raises InvalidSetting if the environment names no such numbers."""
    return JobQueue(
        workers=int(_setting(JOBS_VARIABLE, "jobs at once", default=1.0, least=1.0)), most_waiting=_most_waiting()
    )


@st.cache_resource(show_spinner=False)
def photo_queue() -> JobQueue:
    """The one queue of photographs. Raises InvalidSetting if the environment names no such numbers."""
    cores = float(os.cpu_count() or 1)
    at_once = _setting(PHOTOS_AT_ONCE_VARIABLE, "photographs at once", default=cores, least=1.0)
    return JobQueue(workers=int(at_once), most_waiting=_most_waiting())


def _most_waiting() -> int:
    return int(_setting(MAX_QUEUE_VARIABLE, "jobs that wait", default=DEFAULT_MAX_QUEUE, least=1.0))


@st.cache_resource(show_spinner=False)
def estimate_queue() -> JobQueue:
    """Another one, for what takes seconds: it waits for no film, and the page that asks for it is drawn at once."""
    return JobQueue()


@st.cache_resource(show_spinner=False)
def session_folders() -> SessionFolders:
    """The folders of this process's sessions; when a session is gone its jobs end first."""
    queues = (job_queue(), estimate_queue(), photo_queue())

    def stop_jobs(session: str) -> None:
        for queue in queues:
            for job in queue.cancel_owner(session):
                job.wait()

    folders = SessionFolders(is_alive=is_connected, on_gone=stop_jobs)
    folders.watch()
    return folders


def max_pixels() -> int:
    """The largest picture taken, in pixels. Raises InvalidSetting if the environment's is no positive number."""
    return int(1e6 * _setting(MAX_MEGAPIXELS_VARIABLE, "megapixels", default=DEFAULT_MAX_PIXELS / 1e6, least=1e-6))


def max_film_seconds() -> float:
    """The longest film taken. Raises InvalidSetting if the environment's is no positive number of minutes."""
    return 60 * _setting(MAX_MINUTES_VARIABLE, "minutes", default=DEFAULT_MAX_MINUTES, least=1e-3)


def max_photos() -> int:
    """How many photographs an album may have. Raises InvalidSetting if the environment's is no number above 0."""
    return int(_setting(MAX_PHOTOS_VARIABLE, "photographs", default=DEFAULT_MAX_FILES, least=1.0))


def max_album_bytes() -> int:
    """How large they may be together, unpacked. Raises InvalidSetting if the environment's is no number above 0."""
    return int(1e6 * _setting(MAX_ALBUM_MEGABYTES_VARIABLE, "megabytes", default=DEFAULT_MAX_BYTES / 1e6, least=1e-6))


def _setting(variable: str, unit: str, *, default: float, least: float) -> float:
    named = os.environ.get(variable)
    if named is None:
        return default
    try:
        number = float(named)
    except ValueError:
        number = math.nan
    if not least <= number < math.inf:
        above = f"of at least {least:g}" if least >= 1 else "above 0"
        raise InvalidSetting(f"expected {variable} to be a number of {unit} {above}, got {named!r}")
    return number


def show_error(error: Exception, spec: ModelSpec, *, key: str = "fetch") -> None:
    """Say what went wrong, and offer what helps. `key`: the offered button's, one for each tab.

    An error that is no ColorizerError was not foreseen: its kind is said too.
    """
    if isinstance(error, WeightsMissing) and spec.weights.urls:
        size = f"{spec.weights.size / 1e6:.0f} MB"
        st.warning(f"**{spec.title} is not on this computer yet.** It is {size}, fetched once and checked.")
        if st.button(f"Fetch {size}", icon=":material/download:", key=key, type="primary"):
            _fetch(spec)
        with st.expander("Or put the file there yourself"):
            st.markdown(_as_markdown(error))
    else:
        st.error(_as_markdown(error), icon=":material/error:")


def _fetch(spec: ModelSpec) -> None:
    bar = st.progress(0.0, text=f"Fetching {spec.weights.name}")

    def progress(done: int, total: int) -> None:
        bar.progress(
            min(done / total, 1.0), text=f"Fetching {spec.weights.name}: {done / 1e6:.0f} of {total / 1e6:.0f} MB"
        )

    try:
        fetch_weights(spec, progress=progress)
    except ColorizerError as error:
        bar.empty()
        st.error(_as_markdown(error), icon=":material/error:")
    else:
        st.rerun()


def _as_markdown(error: Exception) -> str:
    """The message, its line breaks kept and nothing in it taken for Markdown but the code it quotes."""
    if isinstance(error, ColorizerError):
        text = str(error)
    elif isinstance(error, OSError) and error.errno == errno.ENOSPC:
        text = "expected room on the disk of the computer that runs this page, got none: it is full"
    else:
        text = f"something unforeseen: {type(error).__name__}: {error}"
    first, *rest = text.splitlines()
    return "  \n".join([capitalise(escape_markdown(first)), *(escape_markdown(line.strip()) for line in rest)])


def escape_markdown(text: str) -> str:
    """The text with nothing in it that Markdown or Streamlit would take for more than it is."""
    return "".join(f"\\{character}" if character in "\\*_[]<>$#~|:" else character for character in text)


def capitalise(text: str) -> str:
    """The text with a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]
