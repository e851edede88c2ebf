"""Edit decision lists (CMX 3600), in which editing programs write where shots begin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from colorizer.errors import InvalidSetting
from colorizer.video.directing.timecode import Timecode, drops_frames

_TIME = r"(\d{1,3}:\d\d:\d\d[:;.,]\d\d\d?)"
# Number, reel, track, kind of the edit (C: cut, D: dissolve, W: wipe, K: key) and its length in frames, and four times:
# from where to where in the source, and from where to where in the record. The reel may have spaces or be missing.
_EVENT = re.compile(
    r"\s*\d+\s+(?:\S.{0,200}?\s+)?(\S{1,40})\s+([CDWK]\w*)(?:\s+[A-Z])?(?:\s+(\d{1,6}))?"
    rf"\s+{_TIME}\s+{_TIME}\s+{_TIME}\s+{_TIME}\s*"
)
_FRAME_MODE = re.compile(r"\s*FCM:\s*(NON[- ])?DROP FRAME\s*", re.IGNORECASE)
_REEL = "AX"  # a source without a name of its own
_MAX_EVENTS = 999  # that the format counts; programs that read more take a longer number


def write_edl(starts: Sequence[float], end: float | None, code: Timecode, title: str) -> str:
    """Shots as the events of a list. Source and record have the film's own time code.

    `starts`: of the shots, in seconds. `end`: of the film; None: the last shot is written with one frame. `title`: of
    the list, in one line. Lines end as the format has it, with CR LF.
    """
    frames = [code.frame_at(start) for start in starts]
    last = frames[-1] + 1 if end is None else max(frames[-1] + 1, code.frame_at(end))
    lines = [f"TITLE: {' '.join(title.split())[:70]}", f"FCM: {'DROP FRAME' if code.drop else 'NON-DROP FRAME'}", ""]
    digits = 3 if len(frames) <= _MAX_EVENTS else 6
    for number, (begin, stop) in enumerate(zip(frames, [*frames[1:], last], strict=True), start=1):
        span = f"{code.write(begin)} {code.write(stop)}"
        lines.append(f"{number:0{digits}}  {_REEL:8} V     C        {span} {span}")
    return "".join(f"{line}\r\n" for line in lines)


def read_edl(text: str, code: Timecode, duration: float | None) -> tuple[float, ...]:
    """Where the events of a list begin in the record, in seconds from the film's beginning; a dissolve in its middle.

    `code`, `duration`: of the film; see `Timecode.place`. Events of sound alone are left out.
    Raises InvalidSetting for a text without events of a picture, and for times that are none at the film's rate.
    """
    events = list(_events(text, code))
    if not events:
        raise InvalidSetting("expected an edit decision list (CMX 3600) with events of a picture, got none")
    begins = events[0][0].place([begin for _, begin, _ in events], duration)
    middles = (begin + code.seconds(length // 2) for begin, (_, _, length) in zip(begins, events, strict=True))
    return tuple(sorted(set(middles)))


def _events(text: str, code: Timecode) -> Iterator[tuple[Timecode, int, int]]:
    """For each event with a picture, how it counts, where it begins in the record, and how many frames its transition
    takes."""
    for number, line in enumerate(text.splitlines(), start=1):
        if (mode := _FRAME_MODE.fullmatch(line)) is not None:
            code = code.counted(drop=mode[1] is None and drops_frames(code.rate))
        event = _EVENT.fullmatch(line)
        if event is None or not _has_picture(event[1]):
            continue
        own = code.as_in(event[6])  # some lists mark drop frame by the semicolons of their times alone
        try:
            begin, end = (own.count(event[group]) for group in (6, 7))
        except ValueError as error:
            raise InvalidSetting(f"line {number} of the edit decision list: {error}") from None
        if end > begin:  # the first line of a dissolve takes no time: the clip that it leads away from
            yield own, begin, 0 if event[2] == "C" else int(event[3] or 0)


def _has_picture(track: str) -> bool:
    """Whether an event is of a picture: V, V2, B (both), AA/V, but not A, A2, AA, NONE."""
    return "V" in track.upper() or track.upper() == "B"
