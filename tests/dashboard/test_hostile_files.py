"""Hostile files at the real server: each is answered soon and within limits, while another visitor is served."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.support.processes import processor_seconds, tree_megabytes, watch_peak
from benchmarks.support.server import Server, start_server_process
from benchmarks.visitor import Visitor
from tests.support import hostile_files as hostile
from tests.support.paths import ROOT, SAMPLES
from tests.support.unusual_films import claim_duration, make_small

MOST_MEGABYTES = 600  # above those of the idle server
MOST_SECONDS = 15  # of the processor, because a busy machine may take any time by the clock
PHOTO, FILM = "photograph", "film"
ENVIRONMENT = {"COLORIZER_PHOTOS_AT_ONCE": "1", "COLORIZER_MAX_MINUTES": "0.05"}  # films of 3 seconds

MEGABYTE = 1 << 20
PICTURES: dict[str, Callable[[], bytes]] = {
    "profile.jpg": lambda: hostile.jpeg_with_profile(2 * MEGABYTE),
    "large-profile.jpg": lambda: hostile.jpeg_with_profile(15 * MEGABYTE),
    "large-strip.tif": hostile.tiff_with_large_jpeg,
    "huge-tile.tif": lambda: hostile.tiff_with_large_tile(16, 30_000),
    "large-tile.tif": lambda: hostile.tiff_with_large_tile(64, 12_000),
    "tile-within-the-limit.tif": lambda: hostile.tiff_with_large_tile(64, 9_900),
    "pages.tif": hostile.tiff_of_many_pages,
    "scans.jpg": hostile.jpeg_of_many_scans,
    "few-scans.jpg": lambda: hostile.jpeg_of_many_scans(90),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    output = tmp_path_factory.mktemp("server") / "output.txt"
    with start_server_process(ROOT / "streamlit_app.py", output, env=ENVIRONMENT) as started:
        with Visitor(started.url) as first:  # loads the network
            assert_serves(first)
        yield started


def assert_serves(visitor: Visitor) -> None:
    """Another visitor's photograph is coloured and can be downloaded."""
    visitor.choose(PHOTO, (SAMPLES / "cat.jpg").read_bytes(), name="cat.jpg")
    assert visitor.components("compare")
    with Image.open(io.BytesIO(visitor.download("JPEG").content)) as picture:
        assert picture.size == (451, 300)


def attack(server: Server, send: Callable[[Visitor], list[str]]) -> list[str]:
    """The sentences that `send` gets from the server, which must stay within limits and serve another visitor."""
    before, spent = tree_megabytes(server.pid), processor_seconds(server.pid)
    with (
        watch_peak(server.pid) as peak,
        Visitor(server.url) as attacker,
        Visitor(server.url) as other,
        ThreadPoolExecutor(1) as thread,
    ):
        answer = thread.submit(send, attacker)
        assert_serves(other)
        sentences = answer.result()
    assert peak.megabytes - before < MOST_MEGABYTES
    assert processor_seconds(server.pid) - spent < MOST_SECONDS
    return sentences


def sentences_of(visitor: Visitor) -> list[str]:
    """The precise text below each error on the page."""
    details = [each.body for each in visitor.elements("markdown") if each.body.startswith("Expected")]
    assert len(details) == len(visitor.elements("alert"))
    return details


@pytest.mark.parametrize("name", PICTURES)
def test_a_hostile_picture_is_read_or_refused_soon(name: str, server: Server) -> None:
    data = PICTURES[name]()

    def send(visitor: Visitor) -> list[str]:
        visitor.choose(PHOTO, data, name=name)
        assert len(visitor.components("compare")) + len(visitor.elements("alert")) == 1
        return sentences_of(visitor)

    assert all(sentence.startswith("Expected") for sentence in attack(server, send))


def test_a_film_of_huge_frames_is_refused_before_any_click(server: Server, tmp_path: Path) -> None:
    data = hostile.film_of_large_frames(tmp_path / "film.mov")

    def send(visitor: Visitor) -> list[str]:
        visitor.open_tab("Film")
        visitor.choose(FILM, data, name="film.mov", kind="video/quicktime")
        return sentences_of(visitor)

    (sentence,) = attack(server, send)
    assert re.match(r"Expected a film with frames of at most [\d.]+ megapixels, got frames of 256 megapixels", sentence)


def test_a_member_of_an_archive_is_named_and_the_others_are_coloured(server: Server) -> None:
    data = hostile.zip_of({"bomb.tif": hostile.tiff_with_large_jpeg(), "cat.jpg": (SAMPLES / "cat.jpg").read_bytes()})

    def send(visitor: Visitor) -> list[str]:
        visitor.open_tab("Album")
        visitor.choose("ZIP file", data, name="album.zip", kind="application/zip")
        texts: list[str] = []
        while not any("in colour" in text for text in texts):
            visitor.run()
            texts = [each.body for each in visitor.elements("markdown")]
        return texts

    assert any("1 of 2 in colour; 1 could not be coloured" in text for text in attack(server, send))


@pytest.mark.parametrize(
    ("rate", "seconds", "expected"),
    [
        ("1000", 2, "Expected a film of at most 120 frames a second, got one of 1000"),
        ("25", 30, "Expected a film of at most 0.05 minutes, got one of 0.5 minutes"),
    ],
)
def test_a_film_that_is_faster_or_longer_than_allowed_is_refused_whatever_it_says(
    rate: str, seconds: float, expected: str, server: Server, tmp_path: Path
) -> None:
    source = claim_duration(make_small(tmp_path / "film.mkv", rate=rate, seconds=seconds), 1.0)

    def send(visitor: Visitor) -> list[str]:
        visitor.open_tab("Film")
        visitor.choose(FILM, source.read_bytes(), name=source.name, kind="video/x-matroska")
        return sentences_of(visitor)

    (sentence,) = attack(server, send)
    assert sentence.startswith(expected)


def test_four_large_photographs_at_once_take_turns(server: Server) -> None:
    data = hostile.color_jpeg(9000, 7000)

    def send(number: int) -> None:
        with Visitor(server.url) as visitor:
            visitor.choose(PHOTO, data, name=f"{number}.jpg")
            assert visitor.components("compare")

    before = tree_megabytes(server.pid)
    with watch_peak(server.pid) as peak, ThreadPoolExecutor(4) as threads:
        list(threads.map(send, range(4)))
    assert peak.megabytes - before < MOST_MEGABYTES
