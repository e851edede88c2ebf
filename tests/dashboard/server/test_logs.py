"""What is written down of failures."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from dashboard.server.logs import keep_messages_out_of_logs, without_message

NAME = "aunt mathilda.jpg"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a handler that was there before writes."""
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


def test_the_kind_and_the_place_are_written_and_the_message_is_not(written: io.StringIO) -> None:
    keep_messages_out_of_logs()
    log_a_failure()
    words = written.getvalue()
    assert NAME not in words
    for part in ("A job failed", "ValueError", "in fail", "test_logs.py"):
        assert part in words


def test_without_it_the_message_would_be_written(written: io.StringIO) -> None:
    log_a_failure()
    assert NAME in written.getvalue()


def test_other_lines_stay_as_they_are(written: io.StringIO) -> None:
    keep_messages_out_of_logs()
    logging.getLogger("elsewhere").warning("all %s", "well")
    assert written.getvalue() == "all well\n"


def test_an_error_that_was_never_raised() -> None:
    assert without_message(KeyError("x")) == "Traceback (most recent call last):\nKeyError"
