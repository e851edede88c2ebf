"""What becomes of a file that is dropped into a field."""

from __future__ import annotations

import pytest
import streamlit as st
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile, UploadedFileRec

from dashboard.shared import dropped


def test_an_upload_is_taken_once_and_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    freed = list[str]()
    monkeypatch.setattr(dropped, "release_upload", freed.append)
    upload = UploadedFile(UploadedFileRec("7", "a.jpg", "image/jpeg", b"content"), FileURLs())
    monkeypatch.setattr(st, "session_state", {"field": upload})
    taken = dropped.take_upload("field")
    assert taken is not None
    assert (taken[0], taken[1](), freed) == ("a.jpg", b"content", ["7"])


@pytest.mark.parametrize("left", [None, DeletedFile("7")])
def test_where_a_file_was_taken_away_there_is_nothing_to_take(
    left: DeletedFile | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "session_state", {"field": left})
    assert dropped.take_upload("field") is None
