"""Helpers for the tests of the "Real or coloured?" tab: rounds, games, and what the page sends to the browser."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Locator, Page, WebSocket, expect

from benchmarks.support.photo_tab import PATIENCE
from tests.browser.photo_driver import expect_settled, get
from tests.support.paths import SAMPLES

PICTURES = 5  # number of samples in colour
TAB = "Real or coloured?"
ROUND_DATA = b'{"pictures"'  # start of the data of a round's component


def open_game_tab(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("tab", name=TAB).click(timeout=PATIENCE)
    expect(button(page, "Play")).to_be_enabled(timeout=PATIENCE)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def play_long(page: Page) -> None:
    """Start a game in which pictures stay until the choice."""
    page.get_by_text("As long as I like", exact=True).click()
    expect_settled(page)
    button(page, "Play").click()
    expect_round(page, 1)


def expect_round(page: Page, number: int) -> None:
    """Wait until a choice in that round is possible."""
    expect(page.get_by_text(f"ound {number} of {PICTURES}")).to_be_visible(timeout=PATIENCE)
    expect(game(page)).to_have_attribute("data-state", "shown")
    expect_settled(page)


def game(page: Page) -> Locator:
    return page.locator(".game")


def pictures(page: Page) -> Locator:
    return page.locator(".game img")


def shown_files(page: Page) -> list[bytes]:
    """The two files that the page shows, A and B."""
    addresses = [pictures(page).nth(side).get_attribute("src") or "" for side in range(2)]
    answers = [get(page, address) for address in addresses]
    assert all(answer.ok for answer in answers)
    return [answer.body() for answer in answers]


@cache
def _photographs() -> list[NDArray[np.int16]]:
    return [_small(Image.open(path)) for path in sorted((SAMPLES / "colour").glob("*.jpg"))]


def _small(image: Image.Image) -> NDArray[np.int16]:
    return np.asarray(image.convert("RGB").resize((60, 40))).astype(np.int16)


def real_side(page: Page) -> str:
    """The side of the real version, found by comparing with the samples."""
    distances = [
        min(float(np.abs(_small(Image.open(io.BytesIO(file))) - each).mean()) for each in _photographs())
        for file in shown_files(page)
    ]
    assert min(distances) < 3 < max(distances)
    return "AB"[int(np.argmin(distances))]


def vote(page: Page, *, right: bool) -> None:
    """Choose the real version, or our version to be fooled."""
    real = real_side(page)
    side = real if right else {"A": "B", "B": "A"}[real]
    button(page, f"{side} is real").click()


def leave_answer(page: Page) -> None:
    """Wait for the answer that one gets who plays alone, and go on."""
    expect(game(page)).to_have_attribute("data-state", "answered")
    game(page).locator(".next").click()


def play_all(page: Page, *, fooled: int, first: int = 1, alone: bool = False) -> None:
    """Play all rounds from `first` on, and be fooled in the first `fooled` of them. `alone`: not in a class."""
    for number in range(first, PICTURES + 1):
        expect_round(page, number)
        vote(page, right=number >= first + fooled)
        if alone:
            leave_answer(page)
    expect(page.get_by_text("Which pictures fooled most")).to_be_visible(timeout=PATIENCE)


@dataclass
class Letter:
    """What the server has sent to a page: WebSocket frames and URLs of pictures."""

    frames: list[bytes] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def open(self, page: Page) -> None:
        """Record from now on. Call it before the page is loaded."""
        page.on("websocket", self._listen)
        page.on("request", lambda request: self._note(request.url))

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: self.frames.append(_as_bytes(payload)))

    def _note(self, address: str) -> None:
        if "/media/" in address:
            self.addresses.append(address)

    def rounds(self) -> list[dict[str, Any]]:
        """All data that the round's component has received."""
        found = []
        for frame in self.frames:
            start = frame.find(ROUND_DATA)
            if start >= 0:
                found.append(json.JSONDecoder().raw_decode(frame[start:].decode(errors="replace"))[0])
        return found

    def clear(self) -> None:
        self.frames.clear()
        self.addresses.clear()


def _as_bytes(payload: bytes | str) -> bytes:
    return payload.encode() if isinstance(payload, str) else payload
