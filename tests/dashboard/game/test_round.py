"""What a round sends to the browser tells in no way which version is real, neither to one player nor to a class."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.web.server.starlette.starlette_routes import create_media_routes

from colorizer import images
from colorizer.images import Picture
from dashboard.game import round as game_round
from dashboard.game.classroom.sessions import Classrooms
from dashboard.game.pairs import Pair
from dashboard.game.rounds import Round, draw_rounds
from tests.support.png_structure import chunks, structure

ROUNDS = 200
CHANCE = 36  # right guesses of 200 from the expected 100: five standard deviations

Sent = dict[str, Any]  # the data of the round's component


def made_pair(number: int) -> Pair:
    """A pair of random size whose real version is the rougher one."""
    random = np.random.default_rng(number)
    height, width = random.integers(1, 120, 2).tolist()
    rough = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    smooth = np.full_like(rough, number)
    files = [images.encode(Picture(version), ".jpg") for version in (rough, smooth)]
    return Pair(str(number), files[0], files[1], width, height)


@pytest.fixture
def storage() -> MemoryMediaFileStorage:
    return MemoryMediaFileStorage("/media")


@pytest.fixture
def client(storage: MemoryMediaFileStorage) -> Iterator[TestClient]:
    """Streamlit's own route of the pictures."""
    with TestClient(Starlette(routes=create_media_routes(storage, None))) as client:
        yield client


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch, storage: MemoryMediaFileStorage) -> Callable[[Pair, Round, int], Sent]:
    """Draw a round of a game, and return what its component is given."""
    sent: list[Sent] = []

    def publish(picture: bytes, _place: str) -> str:
        return storage.get_url(storage.load_and_get_id(picture, "image/png", MediaFileKind.MEDIA))

    def component(*_files: object, **_more: object) -> Callable[..., None]:
        return lambda *, data, **_callbacks: sent.append(data)

    monkeypatch.setattr(game_round, "register_media", publish)
    monkeypatch.setattr(game_round, "component", component)

    def draw(pair: Pair, shown: Round, number: int) -> Sent:
        game_round.draw_round(pair, shown, game=f"{pair.name}", number=number, seconds=1.0, keep=lambda *_: None)
        return sent[-1]

    return draw


def numbers_of(client: TestClient, path: str) -> tuple[list[object], dict[str, float]]:
    """What must be equal of both files of a round, and what may only differ by chance."""
    started = time.perf_counter()
    answer = client.get(path)
    seconds = time.perf_counter() - started
    png = answer.content
    comment = next(content for kind, content in chunks(png) if kind == b"tEXt")
    address = path.rsplit("/", 1)[1]
    equal: list[object] = [answer.status_code, sorted(answer.headers.items()), len(path), structure(png)]
    by_chance = {
        "time": seconds,
        "address": float(int(address.partition(".")[0], 16)),
        "last digit of the address": float(int(address.partition(".")[0][-1], 16)),
        "sum of the comment": float(sum(comment)),
        "letters of the comment": float(len(set(comment))),
        "end of the comment": float(comment[-1]),
    }
    return equal, by_chance


@pytest.mark.parametrize("place", ["alone", "in a class"])
def test_in_200_rounds_no_number_of_the_answers_beats_chance(
    place: str, send: Callable[[Pair, Round, int], Sent], client: TestClient, sessions: Classrooms
) -> None:
    pairs = [made_pair(number) for number in range(ROUNDS)]
    rounds = draw_rounds(7, ROUNDS)
    if place == "in a class":  # from the file of the classes, as its pages do
        code, _ = sessions.start(pairs, model="compact", seconds=1.0)
        player = sessions.join(code)
        rounds = sessions.player(code, player).rounds
    right: dict[str, float] = {}
    words: list[object] = []
    for number, shown in enumerate(rounds):
        pair = sessions.pair(code, shown.picture) if place == "in a class" else pairs[shown.picture]
        data = send(pair, shown, number)
        assert [each["label"] for each in data["pictures"]] == ["Version A", "Version B"]  # in the page's order
        answers = [numbers_of(client, each["path"]) for each in data["pictures"]]
        assert answers[0][0] == answers[1][0]
        rest = {name: value for name, value in data.items() if name != "pictures"}
        expected = {"ratio": pair.width / pair.height, "width": pair.width, "seconds": 1.0}
        words.append(rest.pop("words"))
        assert words[number] == words[0]  # those of no round tell anything
        assert rest == {**expected, "round": number, "refused": 0}
        for name, value in answers[0][1].items():
            guess = (value < answers[1][1][name]) + (value == answers[1][1][name]) / 2
            right[name] = right.get(name, 0) + (guess if shown.real == "A" else 1 - guess)
        right["first side"] = right.get("first side", 0) + (shown.real == "A")
    assert {name: count for name, count in right.items() if abs(count - ROUNDS / 2) >= CHANCE} == {}
