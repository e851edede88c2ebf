"""How an error reads on the page, and what the page offers with it."""

from __future__ import annotations

import errno
import re

import pytest
from streamlit.testing.v1 import AppTest

from colorizer import MODELS, ColorizerError, WeightsMissing, load_colorizer
from colorizer.network.registry import ModelSpec

MEANINGFUL = re.compile(r"[*_\[\]<>$#~|:`&]")  # to Markdown or to Streamlit
ESCAPED = re.compile(r"\\([^\w\s]|_)")


def show_error_page(error: Exception, spec: ModelSpec) -> AppTest:
    def page(error, spec):  # type: ignore[no-untyped-def]  # runs on its own, without the imports of this file
        from dashboard.shared.errors import show_error

        show_error(error, spec)

    app = AppTest.from_function(page, args=(error, spec), default_timeout=30).run()
    assert not app.exception
    return app


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
    (error,) = show_error_page(ColorizerError(message), MODELS["compact"]).error
    assert not MEANINGFUL.search(ESCAPED.sub("", error.value))
    assert unescape(error.value) == message


def test_an_error_begins_with_a_capital_and_keeps_its_lines() -> None:
    app = show_error_page(ColorizerError("expected one\n  of two\n  of three"), MODELS["zhang2016"])
    assert [error.value for error in app.error] == ["Expected one  \nof two  \nof three"]
    assert not app.button
    assert not app.warning


def test_a_full_disk_is_said_to_be_full() -> None:
    (full,) = show_error_page(OSError(errno.ENOSPC, "No space left on device"), MODELS["compact"]).error
    assert "is full" in full.value
    (other,) = show_error_page(OSError(errno.EIO, "I/O error"), MODELS["compact"]).error
    assert "Unexpected error" in other.value


def test_missing_weights_can_be_fetched() -> None:
    spec = MODELS["zhang2016"]
    app = show_error_page(WeightsMissing("expected weights in the folder model; there are none\n  https://a_b"), spec)
    (warning,), (button,) = app.warning, app.button
    assert spec.title in warning.value
    (by_hand,) = app.expander[0].markdown
    assert by_hand.value == "Expected weights in the folder model; there are none  \nhttps\\://a\\_b"
    assert button.label == "Fetch 129 MB"
    assert not app.error


def test_missing_built_in_weights_cannot_be_fetched() -> None:
    app = show_error_page(WeightsMissing("expected it in the repository"), MODELS["compact"])
    assert len(app.error) == 1
    assert not app.button


def test_the_real_message_reads_well(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORIZER_MODEL_DIR", str(tmp_path))
    spec = MODELS["zhang2016"]
    with pytest.raises(WeightsMissing) as raised:
        load_colorizer(spec.name)
    (by_hand,) = show_error_page(raised.value, spec).expander[0].markdown
    assert f"`python -m colorizer models fetch {spec.name}`" in by_hand.value  # code, as it stands
    text = unescape(by_hand.value)
    assert str(tmp_path) in text
    for url in spec.weights.urls:
        assert url in text
