"""What all tabs share: limits, and how an error reads."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from colorizer import MODELS, ColorizerError, WeightsMissing, load_colorizer
from colorizer.images import DEFAULT_MAX_PIXELS
from colorizer.models import ModelSpec
from dashboard.resources import MAX_MEGAPIXELS_VARIABLE, max_pixels

MEANINGFUL = re.compile(r"[*_\[\]<>$#~|:]")  # to Markdown or to Streamlit
ESCAPED = re.compile(r"\\([^\w\s]|_)")


def shown(error: ColorizerError, spec: ModelSpec) -> AppTest:
    def page(error, spec):  # type: ignore[no-untyped-def]  # it runs alone, without this file's imports
        from dashboard.resources import show_error

        show_error(error, spec)

    app = AppTest.from_function(page, args=(error, spec), default_timeout=30).run()
    assert not app.exception
    return app


def unescaped(markdown: str) -> str:
    return ESCAPED.sub(r"\1", markdown)


@pytest.mark.parametrize(
    ("named", "pixels"),
    [("1", 1_000_000), ("0.5", 500_000), ("12.5", 12_500_000), ("1e3", 10**9), (" 20 ", 20_000_000)],
)
def test_the_limit_is_in_megapixels(named: str, pixels: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MAX_MEGAPIXELS_VARIABLE, named)
    assert max_pixels() == pixels


def test_the_limit_unless_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MAX_MEGAPIXELS_VARIABLE, raising=False)
    assert max_pixels() == DEFAULT_MAX_PIXELS


@pytest.mark.parametrize("named", ["", "many", "0", "-5", "nan", "inf", "-inf", "1e-7", "50 MP", "0x10", "1e999"])
def test_a_limit_that_is_none_is_refused(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MAX_MEGAPIXELS_VARIABLE, named)
    with pytest.raises(ValueError, match=f"expected {MAX_MEGAPIXELS_VARIABLE} .*got {re.escape(repr(named))}"):
        max_pixels()


@pytest.mark.parametrize(
    "message",
    [
        "Expected *this* and __that__, got [a link](https://example.org)",
        "Expected $x^2$, got <b>bold</b> and :red[colour] and :material/error:",
        "Expected ~~struck~~ | a table # a heading",
        "Expected C:\\Users\\grandma\\model to exist",
        "Expected C:\\_models\\_mine_ to exist",
    ],
)
def test_nothing_in_an_error_is_taken_for_markdown(message: str) -> None:
    (error,) = shown(ColorizerError(message), MODELS["compact"]).error
    assert not MEANINGFUL.search(ESCAPED.sub("", error.value))
    assert unescaped(error.value) == message


def test_an_error_begins_with_a_capital_and_keeps_its_lines() -> None:
    app = shown(ColorizerError("expected one\n  of two\n  of three"), MODELS["zhang2016"])
    assert [error.value for error in app.error] == ["Expected one  \nof two  \nof three"]
    assert not app.button
    assert not app.warning


def test_missing_weights_can_be_fetched() -> None:
    spec = MODELS["zhang2016"]
    app = shown(WeightsMissing("expected weights in the folder model; there are none\n  https://a_b"), spec)
    (warning,), (button,) = app.warning, app.button
    assert spec.title in warning.value
    (by_hand,) = app.expander[0].markdown
    assert by_hand.value == "Expected weights in the folder model; there are none  \nhttps\\://a\\_b"
    assert button.label == "Fetch 129 MB"
    assert not app.error


def test_missing_built_in_weights_cannot_be_fetched() -> None:
    app = shown(WeightsMissing("expected it in the repository"), MODELS["compact"])
    assert len(app.error) == 1
    assert not app.button


def test_the_real_message_reads_well(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORIZER_MODEL_DIR", str(tmp_path))
    spec = MODELS["zhang2016"]
    with pytest.raises(WeightsMissing) as raised:
        load_colorizer(spec.name)
    (by_hand,) = shown(raised.value, spec).expander[0].markdown
    assert f"`python -m colorizer models fetch {spec.name}`" in by_hand.value  # code, as it stands
    text = unescaped(by_hand.value)
    assert str(tmp_path) in text
    for url in spec.weights.urls:
        assert url in text
