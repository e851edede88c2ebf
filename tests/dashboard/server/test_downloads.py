"""Downloads through our own route: files on disk and files made on request."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from colorizer import InvalidImage
from dashboard.server import downloads
from dashboard.server.downloads import DOWNLOADS, ROUTES
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import Job, JobState
from dashboard.server.ledger import Ledger
from dashboard.server.settings import DOWNLOADS_AT_ONCE
from tests.support import asgi
from tests.support.coroutines import run_coroutine

DATA = bytes(range(256)) * 1000
APP = Starlette(routes=list(ROUTES))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "1.zip"
    path.write_bytes(DATA)
    return path


def get(address: str, headers: Mapping[str, str] | None = None) -> asgi.Answer:
    return asgi.get(APP, f"/{address}", headers)


def test_a_file_comes_whole_and_with_its_name(file: Path) -> None:
    answer = get(DOWNLOADS.url(file, "album \u00e4.zip", owner="bob"))
    assert (answer.status, answer.content) == (200, DATA)
    assert answer.headers["content-length"] == str(len(DATA))
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''album%20%C3%A4.zip"
    assert answer.headers["cache-control"] == "no-store"


def test_a_download_that_broke_off_goes_on(file: Path) -> None:
    answer = get(DOWNLOADS.url(file, "a.zip", owner="bob"), {"Range": "bytes=1000-"})
    assert (answer.status, answer.content) == (206, DATA[1000:])


def test_an_address_stays_and_cannot_be_guessed(file: Path) -> None:
    address = DOWNLOADS.url(file, "a.zip", owner="bob")
    assert DOWNLOADS.url(file, "a.zip", owner="bob") == address
    assert DOWNLOADS.url(file, "b.zip", owner="bob") != address
    for guess in (address[:-1], f"{address}x", "downloads/1.zip", "downloads/../1.zip", "downloads/\u00e4"):
        assert get(guess).status == 404


def test_a_file_that_is_gone_is_not_found_and_forgotten(file: Path) -> None:
    address = DOWNLOADS.url(file, "a.zip", owner="bob")
    file.unlink()
    assert get(address).status == 404
    DOWNLOADS.url(file.with_name("other.zip"), "b.zip", owner="bob")
    file.write_bytes(DATA)
    assert get(address).status == 404


def register_download(
    data: bytes, *, owner: str = "ann", place: str = "photo.png", name: str = "grandma \u00e4.png"
) -> str:
    def start() -> Job[None, bytes]:
        return JobQueue().submit(lambda _: data, owner=owner)

    return DOWNLOADS.job_url(start, name, owner=owner, place=place)


def test_a_file_is_made_each_time_it_is_asked_for() -> None:
    received = list[str]()

    def start() -> Job[None, bytes]:
        received.append("made")
        return JobQueue().submit(lambda _: DATA, owner="ann")

    address = DOWNLOADS.job_url(start, "grandma \u00e4.png", owner="ann", place="photo.png")
    assert received == []
    for times in (1, 2):
        answer = get(address)
        assert (answer.status, answer.content, len(received)) == (200, DATA, times)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''grandma%20%C3%A4.png"
    assert answer.headers["cache-control"] == "no-store"


def test_at_one_place_of_a_page_the_next_file_takes_the_address() -> None:
    address = register_download(b"first")
    others = {register_download(b"", place="photo.jpg"), register_download(b"", owner="bob")}
    assert len(others | {address}) == 3
    assert register_download(b"second") == address
    assert get(address).content == b"second"


def test_what_is_made_for_a_visitor_goes_with_the_visitor(file: Path) -> None:
    anns, bobs, on_disk = (
        register_download(b"ann's"),
        register_download(b"bob's", owner="bob"),
        DOWNLOADS.url(file, "a.zip", owner="bob"),
    )
    DOWNLOADS.forget("ann")
    assert get(anns).status == 404
    assert get(bobs).content == b"bob's"
    assert get(on_disk).content == DATA
    assert register_download(b"again") != anns


def test_what_cannot_be_made_is_said() -> None:
    def work(_: Job[None, bytes]) -> bytes:
        raise InvalidImage("expected a photograph, got none")

    address = DOWNLOADS.job_url(lambda: JobQueue().submit(work, owner="ann"), "a.png", owner="ann", place="x")
    answer = get(address)
    assert (answer.status, answer.content.splitlines()[-1]) == (503, b"expected a photograph, got none")
    assert "content-disposition" not in answer.headers


def test_a_visitor_who_hangs_up_gives_up_the_place_in_the_queue() -> None:
    """40 requests that nobody waited for kept another visitor out of the queue for a minute."""
    queue, go_on = JobQueue(most_waiting=1), threading.Event()
    running: Job[None, bool] = queue.submit(lambda _: go_on.wait(60), owner="bob")
    asked: list[Job[None, bytes]] = []

    def start() -> Job[None, bytes]:
        asked.append(queue.submit(lambda _: b"photo", owner="ann"))
        return asked[-1]

    address = DOWNLOADS.job_url(start, "photo.png", owner="ann", place="photo")
    for _ in range(40):
        asgi.get(APP, f"/{address}", hangs_up=True)
    assert {job.state for job in asked} == {JobState.CANCELLED}
    other: Job[None, bytes] = queue.submit(lambda _: b"film", owner="eve")
    go_on.set()
    assert other.wait(60)
    assert other.result() == b"film"
    assert running.wait(60)


def test_a_download_whose_page_is_closed_in_the_meantime_is_gone() -> None:
    queue, go_on = JobQueue(), threading.Event()
    running: Job[None, bool] = queue.submit(lambda _: go_on.wait(60), owner="bob")

    def start() -> Job[None, bytes]:
        job: Job[None, bytes] = queue.submit(lambda _: b"photo", owner="ann")
        queue.cancel_owner("ann")  # as the keeper does when the session has ended
        return job

    answer = get(DOWNLOADS.job_url(start, "photo.png", owner="ann", place="photo"))
    assert (answer.status, answer.content[:39]) == (410, b"expected a page that is still open, got")
    go_on.set()
    assert running.wait(60)


def test_a_file_comes_in_parts() -> None:
    data = bytes(3 << 18) + b"end"
    answer = get(register_download(data))
    assert (answer.content, answer.headers["content-length"]) == (data, str(len(data)))


def test_one_page_downloads_a_few_at_a_time_and_others_are_served(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert DOWNLOADS_AT_ONCE.session is not None
    monkeypatch.setenv(DOWNLOADS_AT_ONCE.session.variable, "2")
    monkeypatch.setattr(downloads, "LEDGER", Ledger())
    queue, all_here, refused = JobQueue(workers=9), threading.Barrier(3), list[asgi.Answer]()

    def work(_: Job[None, bytes]) -> bytes:
        all_here.wait(60)
        return b"photo"

    address = DOWNLOADS.job_url(lambda: queue.submit(work, owner="ann"), "photo.png", owner="ann", place="photo")
    with ThreadPoolExecutor(2) as pool:
        served = [pool.submit(get, address) for _ in range(2)]
        while all_here.n_waiting < 2:
            threading.Event().wait(0.005)
        refused.append(get(address))
        other = get(DOWNLOADS.url(file, "a.zip", owner="bob"))
        all_here.wait(60)
        assert [one.result().content for one in served] == [b"photo", b"photo"]
    assert (refused[0].status, refused[0].headers["retry-after"]) == (429, "10")
    assert refused[0].content.endswith(b"expected at most 2 downloads at a time from one page, got 3\n")
    assert (other.status, other.content) == (200, DATA)


def test_a_browser_that_takes_nothing_is_given_up(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "STALL_SECONDS", 0.001)
    monkeypatch.setattr(downloads, "LEDGER", ledger := Ledger())

    async def send(_: Message) -> None:
        await asyncio.Event().wait()

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    path = f"/{DOWNLOADS.url(file, 'a.zip', owner='bob')}"
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    run_coroutine(asyncio.wait_for(APP(scope, receive, send), 60))
    assert not ledger._held
