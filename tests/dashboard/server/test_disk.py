"""Below the floor of free space, uploads are refused in words."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.responses import PlainTextResponse

from dashboard.server.disk import DiskFull, RefuseUploads, require_free_space
from dashboard.server.settings import MIN_FREE_MEGABYTES
from tests.support.asgi import get

UPLOAD = "/_stcore/upload_file/session/file"


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The free space, which a test may change. The floor is 2 MB."""
    disk = SimpleNamespace(free=3_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: disk)
    monkeypatch.setenv(MIN_FREE_MEGABYTES.variable, "2")
    return disk


@pytest.mark.parametrize(("left", "size"), [(2_000_000, 0), (3_000_000, 1_000_000)])
def test_a_file_may_take_what_is_above_the_floor(free: SimpleNamespace, left: int, size: int, tmp_path: Path) -> None:
    free.free = left
    require_free_space(tmp_path, size)
    with pytest.raises(DiskFull, match=r"expected \d MB of free space on the disk .*, got \d MB\nTry again later"):
        require_free_space(tmp_path, size + 1)


def test_only_uploads_are_refused(free: SimpleNamespace) -> None:
    app = RefuseUploads(PlainTextResponse("taken"))
    assert get(app, UPLOAD, {"Content-Length": "1000000"}, method="PUT").status == 200
    refused = get(app, UPLOAD, {"Content-Length": "1000001"}, method="PUT")
    assert refused.status == 413
    assert refused.content.startswith(b"expected 3 MB of free space on the disk of the computer that runs this page")
    free.free = 0
    assert get(app, UPLOAD, method="PUT").status == 413
    assert get(app, UPLOAD, method="DELETE").status == 200  # gives space back
    assert get(app, "/").status == 200
