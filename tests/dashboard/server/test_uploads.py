"""Uploads within the budgets, asked of the application without a server: known and unknown lengths, and the page."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from dashboard.server import refusals, uploads
from dashboard.server.ledger import Ledger
from dashboard.server.refusals import Notices
from dashboard.server.settings import MIN_FREE_MEGABYTES, UPLOAD_MEGABYTES, UPLOADS
from dashboard.server.uploads import RefuseUploads
from tests.support import asgi

UPLOAD = "/_stcore/upload_file/ann/file"
SCHOOL, HOME = ("192.0.2.1", 1), ("192.0.2.2", 1)


class Store:
    """Takes uploads as Streamlit does: reads each to its end, and keeps it."""

    def __init__(self) -> None:
        self.held: dict[str, list[int]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        self.held.setdefault(scope["path"].split("/")[-2], []).append(len(body))
        await PlainTextResponse("kept", 204)(scope, receive, send)

    def usage(self, session: str) -> tuple[int, int]:
        sizes = self.held.get(session, [])
        return len(sizes), sum(sizes)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    """Four files of together 4 MB for a session, and six of 6 MB for an address, whose sessions are ann and ben."""
    made = Store()
    monkeypatch.setattr(uploads, "LEDGER", Ledger())
    monkeypatch.setattr(uploads, "held_uploads", made.usage)
    watch = SimpleNamespace(sessions_of=lambda address: ["ann", "ben"] if address == SCHOOL[0] else [])
    monkeypatch.setattr("dashboard.server.session.watched_sessions", lambda: watch)
    monkeypatch.setattr(uploads, "rerun_page", lambda _: None)
    for budget in (UPLOADS, UPLOAD_MEGABYTES):
        assert budget.session is not None
        monkeypatch.setenv(budget.session.variable, "4")
        monkeypatch.setenv(budget.address.variable, "6")
    return made


def put(
    store: Store, *sizes: int, session: str = "ann", known: bool = True, client: tuple[str, int] = SCHOOL
) -> asgi.Answer:
    headers = {"Content-Length": str(sum(sizes))} if known else {}
    path = f"/_stcore/upload_file/{session}/{len(store.held)}"
    body = [bytes(size) for size in sizes]
    return asgi.get(RefuseUploads(store), path, headers, method="PUT", body=body, client=client)


def test_the_bytes_of_a_session_are_limited_before_they_are_read(store: Store) -> None:
    assert put(store, 3_000_000).status == 204
    refused = put(store, 1_000_001)
    assert (refused.status, refused.headers["retry-after"]) == (429, "10")
    assert refused.content.endswith(b"\n\nexpected at most 4 MB of uploads at a time from one page, got 5\n")
    assert put(store, 1_000_000).status == 204
    store.held.clear()  # the page has moved them to the disk
    assert put(store, 4_000_000).status == 204


@pytest.mark.parametrize(
    ("wanted", "language", "words"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de", "zusammen zu groß: höchstens 4 MB auf einmal"),
        ("es", "es", "demasiado grandes en conjunto: como máximo 4 MB a la vez"),
        ("fr, it", "en", "too large together: at most 4 MB at a time"),
    ],
)
def test_a_refusal_is_in_the_language_that_the_browser_asks_for(
    store: Store, wanted: str, language: str, words: str
) -> None:
    headers = {"Content-Length": "4000001", "Accept-Language": wanted}
    path = "/_stcore/upload_file/ann/0"
    refused = asgi.get(RefuseUploads(store), path, headers, method="PUT", body=[bytes(9)], client=SCHOOL)
    assert (refused.status, refused.headers["content-language"]) == (429, language)
    assert words in refused.content.decode()


def test_a_body_of_unknown_length_is_counted_as_it_comes(store: Store) -> None:
    assert put(store, 1_000_000, 1_000_000, known=False).status == 204
    assert put(store, 1_000_000, 1_000_000, 1, known=False).status == 429
    assert store.usage("ann") == (1, 2_000_000)
    assert put(store, 1_000_000, 1_000_000, known=False).status == 204  # what was refused is given back


def test_the_number_of_files_is_limited(store: Store) -> None:
    assert [put(store, 1).status for _ in range(5)] == [204, 204, 204, 204, 429]


def test_sessions_of_an_address_share_its_budget_and_another_visitor_is_served(store: Store) -> None:
    assert put(store, 4_000_000).status == 204
    refused = put(store, 2_000_001, session="ben")
    assert (refused.status, b"from one network address" in refused.content) == (429, True)
    assert put(store, 4_000_000, session="eve", client=HOME).status == 204


def test_the_page_says_why_once_for_many_files(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    runs, notices = list[str](), Notices()
    monkeypatch.setattr(uploads, "NOTICES", notices)
    monkeypatch.setattr(uploads, "rerun_page", runs.append)
    for _ in range(3):
        put(store, 5_000_000)
    assert runs == ["ann"]
    assert "expected at most 4 MB of uploads" in str(notices.find("ann"))
    assert notices.find("ben") is None


def test_a_notice_is_shown_for_a_while() -> None:
    now = [0.0]
    notices = Notices(lambda: now[0])
    assert notices.add("ann", ValueError("first"))  # type: ignore[arg-type]
    now[0] = refusals._SHOWN_SECONDS - 1
    assert str(notices.find("ann")) == "first"
    now[0] += 2
    assert notices.find("ann") is None
    assert notices.add("ann", ValueError("second"))  # type: ignore[arg-type]


def test_a_body_that_does_not_come_is_given_up(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "STALL_SECONDS", 0.001)
    answer = asgi.get(RefuseUploads(store), UPLOAD, {"Content-Length": "5"}, method="PUT", client=SCHOOL)
    assert answer.status == 408
    assert not store.held


def test_below_the_floor_of_free_space_only_uploads_are_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=3_000_000))
    monkeypatch.setenv(MIN_FREE_MEGABYTES.variable, "2")
    assert put(store, 1_000_000).status == 204
    refused = put(store, 1_000_001)
    assert refused.status == 413
    assert b"expected 3 MB of free space on the disk of the computer that runs this page" in refused.content
    assert put(store, 1_000_001, known=False).status == 413
    assert asgi.get(RefuseUploads(PlainTextResponse("gone")), UPLOAD, method="DELETE").status == 200  # gives back
    assert asgi.get(RefuseUploads(PlainTextResponse("page")), "/").status == 200
