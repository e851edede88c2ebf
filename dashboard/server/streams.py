"""Files that are sent in parts, with the headers that let a download go on where it broke off (RFC 9110, 14)."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse

PART_BYTES = 1 << 18
_REST = re.compile(r"bytes=(\d+)-")  # of the header Range: all from a byte on, which browsers ask for to go on


@dataclass(frozen=True)
class Stream:
    """A file in parts. `size`: in bytes. `tag`: the same for the same content; empty if a download cannot go on."""

    size: int
    parts: Iterator[bytes]
    tag: str = ""


def split(data: bytes) -> Stream:
    """A file that is in memory."""
    return Stream(len(data), (data[start : start + PART_BYTES] for start in range(0, len(data), PART_BYTES)))


def respond(stream: Stream, name: str, asked: Headers, headers: dict[str, str]) -> Response:
    """The answer with a file, to be saved under `name`: all of it, or the rest that the request asks for.

    `asked`: the request's headers. `headers`: further ones of the answer.
    """
    parts, status, first, tag = stream.parts, 200, 0, f'"{stream.tag}"'
    headers = {**headers, "Content-Disposition": f"attachment; filename*=utf-8''{quote(name, safe='')}"}
    if stream.tag:
        headers |= {"Accept-Ranges": "bytes", "ETag": tag}
        rest = _REST.fullmatch(asked.get("range", ""))
        if rest and int(rest[1]) < stream.size and asked.get("if-range", tag) == tag:
            first, status = int(rest[1]), 206
            parts = _skip(parts, first)
            headers["Content-Range"] = f"bytes {first}-{stream.size - 1}/{stream.size}"
    headers["Content-Length"] = str(stream.size - first)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return StreamingResponse(parts, status, headers, kind)


def _skip(parts: Iterator[bytes], count: int) -> Iterator[bytes]:
    """The parts without their first `count` bytes."""
    for part in parts:
        if count < len(part):
            yield part[count:]
        count = max(0, count - len(part))
