"""How an error reads on the page, and what the page offers with it."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from colorizer import MODELS, ColorizerError, InvalidImage, InvalidVideo, WeightsMissing, load_colorizer
from colorizer.errors import Problem
from colorizer.network.registry import ModelSpec

MEANINGFUL = re.compile(r"[*_\[\]<>$#~|:`&]")  # to Markdown or to Streamlit
ESCAPED = re.compile(r"\\([^\w\s]|_)")


def show_error_page(error: Exception, spec: ModelSpec, *, name: str = "", language: str = "") -> AppTest:
    def page(error, spec, name):  # type: ignore[no-untyped-def]  # runs on its own, without the imports of this file
        from dashboard.shared.errors import show_error

        show_error(error, spec, name=name)

    app = AppTest.from_function(page, args=(error, spec, name), default_timeout=30)
    app.context["locale"] = language or None
    app.run()
    assert not app.exception
    return app


def details_of(app: AppTest) -> str:
    (expander,) = app.expander
    (text,) = expander.markdown
    return text.value


def unescape(markdown: str) -> str:
    return ESCAPED.sub(r"\1", markdown).replace("\N{WORD JOINER}", "")


@pytest.mark.parametrize(
    "message",
    [
        "Expected *this* and __that__, got [a link](https://example.org)",
        "Expected $x^2$, got <b>bold</b> and :red[colour] and :material/error:",
        "Expected `code` and &lt;entities&gt;, got me@example.org and www.example.org",
        "Expected ~~struck~~ | a table # a heading",
        "Expected C:\\Users\\grandma\\model to exist",
        "Expected C:\\_models\\_mine_ to exist",
    ],
)
def test_nothing_in_an_error_is_taken_for_markdown(message: str) -> None:
    details = details_of(show_error_page(ColorizerError(message), MODELS["compact"]))
    assert not MEANINGFUL.search(ESCAPED.sub("", details))
    assert unescape(details) == message


def test_the_details_begin_with_a_capital_and_keep_their_lines() -> None:
    app = show_error_page(ColorizerError("expected one\n  of two\n  of three"), MODELS["zhang2016"])
    assert details_of(app) == "Expected one  \nof two  \nof three"
    assert not app.button
    assert not app.warning


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en-GB", "grandma*1932*.jpg: This file is damaged: its end is missing. Scan or copy it again."),
        ("de-CH", "grandma*1932*.jpg: Diese Datei ist beschädigt: Ihr Ende fehlt. Scannen oder kopieren Sie sie"),
        ("es-MX", "grandma*1932*.jpg: Este archivo está dañado: le falta el final. Escanéelo o cópielo de nuevo."),
    ],
)
def test_a_damaged_file_is_named_in_plain_words_of_the_visitors_language(language: str, words: str) -> None:
    error = InvalidImage("expected a complete picture, got one that ends", problem=Problem.TRUNCATED)
    app = show_error_page(error, MODELS["compact"], name="grandma*1932*.jpg", language=language)
    (shown,) = app.error
    assert unescape(shown.value).startswith(words)
    assert details_of(app) == "Expected a complete picture, got one that ends"  # for those who can use it, in English


def test_the_visitors_name_of_a_film_stands_in_place_of_the_computers() -> None:
    path = Path("/var/tmp/session-1/tmpa1b2c3.mp4")
    error = InvalidVideo(f"expected a film, got {path.name} without a video stream", path=path)
    details = details_of(show_error_page(error, MODELS["compact"], name="wedding.mp4"))
    assert unescape(details) == "Expected a film, got wedding.mp4 without a video stream"
    assert "tmp" not in details_of(show_error_page(error, MODELS["compact"]))


def test_a_full_disk_is_said_to_be_full_and_another_error_tells_no_path() -> None:
    (full,) = show_error_page(OSError(errno.ENOSPC, "No space left on device"), MODELS["compact"]).error
    assert "is full" in full.value
    other = show_error_page(OSError(errno.EIO, "I/O error", "/srv/secret/film.mp4"), MODELS["compact"])
    assert "nobody had foreseen" in other.error[0].value
    assert details_of(other) == "OSError\\: I/O error"
    assert "secret" not in details_of(show_error_page(RuntimeError("/srv/secret"), MODELS["compact"]))


def test_missing_weights_can_be_fetched() -> None:
    spec = MODELS["zhang2016"]
    app = show_error_page(WeightsMissing("expected weights in the folder model; there are none\n  https://a_b"), spec)
    (warning,), (button,) = app.warning, app.button
    assert spec.title in warning.value
    assert details_of(app) == "Expected weights in the folder model; there are none  \nhttps\\://a\\_b"
    assert button.label == "Fetch 129 MB"
    assert not app.error


def test_missing_built_in_weights_cannot_be_fetched() -> None:
    app = show_error_page(WeightsMissing("expected it in the repository"), MODELS["compact"])
    assert len(app.error) == 1
    assert not app.button


def test_the_real_message_reads_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORIZER_MODEL_DIR", str(tmp_path))
    spec = MODELS["zhang2016"]
    with pytest.raises(WeightsMissing) as raised:
        load_colorizer(spec.name)
    by_hand = details_of(show_error_page(raised.value, spec))
    assert f"`python -m colorizer models fetch {spec.name}`" in by_hand  # code, as it stands
    text = unescape(by_hand)
    assert f"{spec.weights.name}, in the folder {tmp_path.name};" in text
    assert str(tmp_path.parent) not in text
    for url in spec.weights.urls:
        assert url in text
