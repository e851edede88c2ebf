"""What the tabs need to know of Streamlit's insides. The only importer of them."""

from __future__ import annotations

from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext


def session_id() -> str:
    """The name of this visitor's session, unique among all. Raises RuntimeError outside a page's script."""
    return _context().session_id


def is_connected(session: str) -> bool:
    """Whether the session's page is open; without a server, as in a test, it always is."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)


def release_upload(upload: str) -> None:
    """Give back the memory of an uploaded file that has been written to disk; `upload`: its file_id.

    The upload field goes on to show its name, and hands out nothing from the next run on.
    """
    manager = _context().uploaded_file_mgr
    if isinstance(manager, MemoryUploadedFileManager):
        manager.remove_file(session_id=session_id(), file_id=upload)


def _context() -> ScriptRunContext:
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("expected to be called by a page's script")
    return context
