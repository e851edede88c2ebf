"""The fields for the files of an album, and the files on disk."""

from __future__ import annotations

import streamlit as st

from colorizer import images
from colorizer.images.atomic import whole_file
from dashboard.album.contents import ZIP_SUFFIX, Upload
from dashboard.server.disk import require_free_space
from dashboard.server.session_folders import session_folders
from dashboard.server.streamlit_internals import release_upload, session_id
from dashboard.shared.language import tr

FILES_KEY, FOLDER_KEY = "album-upload", "album-folder"  # of the two fields
_SAVED_KEY = "album-files"
_TYPES = [suffix.lstrip(".") for suffix in (*images.READABLE_SUFFIXES, ZIP_SUFFIX)]


def draw_fields() -> None:
    """Draw a field for files and one for a folder. Both add to the same album."""
    st.file_uploader(
        tr("Drop many black-and-white photographs here, or a ZIP file of them"),
        type=_TYPES,
        accept_multiple_files=True,
        help=tr(
            "Your photographs are kept in a temporary folder on the computer that runs this page. They are deleted "
            "when you close the page."
        ),
        key=FILES_KEY,
    )
    with st.expander(tr("Add a whole folder"), icon=":material/folder_open:"):
        st.file_uploader(
            tr("A folder with all its subfolders"),
            type=_TYPES,
            accept_multiple_files="directory",
            help=tr("Pictures and ZIP files in it are taken; other files are not sent. Phones may not offer folders."),
            key=FOLDER_KEY,
        )


def save_uploads() -> dict[str, Upload]:
    """Move the files of both fields from memory to disk. Returns them by Streamlit's file id.

    Raises DiskFull or OSError if the disk takes no more; the files before are kept.
    """
    before: dict[str, Upload] = st.session_state.setdefault(_SAVED_KEY, {})
    shown = [held for key in (FILES_KEY, FOLDER_KEY) for held in st.session_state[key] or ()]
    for gone in before.keys() - {held.file_id for held in shown}:  # first, because it makes space
        before.pop(gone).path.unlink(missing_ok=True)
    for held in shown:
        if held.file_id not in before:
            path = session_folders().folder(session_id()) / f"album-{held.file_id}"
            require_free_space(path.parent, held.size)
            with whole_file(path) as part:
                part.write_bytes(held.getbuffer())
            before[held.file_id] = Upload(held.name, path)
            release_upload(held.file_id)
    return {held.file_id: before[held.file_id] for held in shown}
