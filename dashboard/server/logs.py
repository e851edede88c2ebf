"""Logs without visitors' data: of an exception they hold the type and the place in the code, but not its message.

The message may quote the name or the content of a visitor's file. The page shows it to that visitor only.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any


def hide_exception_messages() -> None:
    """Make all loggers of this process leave out the messages of exceptions."""
    make_record = logging.getLogRecordFactory()

    def make_discreet_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make_record(*args, **kwargs)
        if record.exc_info and record.exc_info[1] is not None:
            # A formatter writes this text in place of the traceback that it would make.
            record.exc_text = format_traceback_without_message(record.exc_info[1])
        return record

    logging.setLogRecordFactory(make_discreet_record)


def format_traceback_without_message(error: BaseException) -> str:
    """The traceback of an exception, with only its type at the end."""
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"Traceback (most recent call last):\n{places}{type(error).__name__}"
