"""How failures are logged."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from dashboard.server.logs import format_traceback_without_message, hide_exception_messages

NAME = "aunt mathilda.jpg"


@pytest.fixture
def log_stream() -> Iterator[io.StringIO]:
    """The output of a handler that was installed before."""
    factory, output = logging.getLogRecordFactory(), io.StringIO()
    handler = logging.StreamHandler(output)
    logger = logging.getLogger("elsewhere")
    logger.addHandler(handler)
    yield output
    logger.removeHandler(handler)
    logging.setLogRecordFactory(factory)


def fail() -> None:
    try:
        raise FileNotFoundError(NAME)
    except OSError as error:
        raise ValueError(f"expected {NAME}") from error


def log_a_failure() -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("elsewhere").exception("A job failed")


def test_the_kind_and_the_place_are_written_and_the_message_is_not(log_stream: io.StringIO) -> None:
    hide_exception_messages()
    log_a_failure()
    words = log_stream.getvalue()
    assert NAME not in words
    for part in ("A job failed", "ValueError", "in fail", "test_logs.py"):
        assert part in words


def test_without_it_the_message_would_be_written(log_stream: io.StringIO) -> None:
    log_a_failure()
    assert NAME in log_stream.getvalue()


def test_other_lines_stay_as_they_are(log_stream: io.StringIO) -> None:
    hide_exception_messages()
    logging.getLogger("elsewhere").warning("all %s", "well")
    assert log_stream.getvalue() == "all well\n"


def test_an_error_that_was_never_raised() -> None:
    assert format_traceback_without_message(KeyError("x")) == "Traceback (most recent call last):\nKeyError"
