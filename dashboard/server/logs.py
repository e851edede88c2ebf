"""What the program writes down of a failure: its kind and its place in the code, and no word of what a visitor sent.

An exception's message may quote a file's name or its content. The page says it to the visitor; nobody else needs it.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any


def hide_exception_messages() -> None:
    """Have all loggers of this process leave out the messages of exceptions, from now on."""
    make_record = logging.getLogRecordFactory()

    def make_discreet_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make_record(*args, **kwargs)
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = format_traceback_without_message(
                record.exc_info[1]
            )  # a formatter writes this, where it is there already
        return record

    logging.setLogRecordFactory(make_discreet_record)


def format_traceback_without_message(error: BaseException) -> str:
    """The traceback of an exception, ended by its kind alone."""
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"Traceback (most recent call last):\n{places}{type(error).__name__}"
