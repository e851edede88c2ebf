"""Times of a film as people write them: in seconds, or as time code, as SMPTE ST 12-1 counts it.

Time code has hours, minutes, seconds and frames, with drop frame for the rates of NTSC.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

_NTSC = Fraction(1000, 1001)  # 30 frames a second in black and white became 29.97 in colour
_TEXT = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)([:;.,])(\d{2,3})")
_DROP_MARKS = ";,."  # before the frames; all three are in use


@dataclass(frozen=True)
class Timecode:
    """Numbers of frames of a film as time code, and back.

    `rate`: frames a second. `drop`: whether the code leaves out two numbers of thirty a minute, except every tenth
    minute, so that it keeps with the clock. `first`: the number that the code of the film's first frame stands for.
    """

    rate: Fraction
    drop: bool = False
    first: int = 0

    @classmethod
    def of_film(cls, rate: Fraction, tag: str | None = None) -> Timecode:
        """The time code of a film: drop frame where the rate asks for it, or as its own code says.

        `tag`: the code of the film's first frame, as its file has it; None, or what is no time code: counted from 0.
        """
        found = None if tag is None else _TEXT.fullmatch(tag.strip())
        if found is None or int(found[5]) >= max(1, round(rate)):
            return cls(rate, drops_frames(rate))
        code = cls(rate, found[4] in _DROP_MARKS and drops_frames(rate))
        return cls(rate, code.drop, code.count(found[0]))

    @property
    def base(self) -> int:
        """Frames that the code counts in a second: 30 for 29.97."""
        return max(1, round(self.rate))

    def write(self, frame: int) -> str:
        """The code of a frame of the film, counted from 0; a semicolon before the frames says drop frame."""
        number = frame + self.first
        if self.drop:
            dropped = _dropped_a_minute(self.base)
            tens, rest = divmod(number, self.base * 600 - 9 * dropped)
            late = max(0, rest - self.base * 60) // (self.base * 60 - dropped) + (rest >= self.base * 60)
            number += dropped * (9 * tens + late)
        seconds, frames = divmod(number, self.base)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours:02}:{minutes:02}:{seconds:02}{';' if self.drop else ':'}{frames:02}"

    def count(self, text: str) -> int:
        """The number that a code stands for, counted from 00:00:00:00. Raises ValueError for what is no code."""
        found = _TEXT.fullmatch(text.strip())
        if found is None or int(found[5]) >= self.base:
            raise ValueError(f"expected a time code HH:MM:SS:FF of {self.base} frames a second, got {text.strip()!r}")
        hours, minutes, seconds, frames = (int(found[group]) for group in (1, 2, 3, 5))
        minutes += 60 * hours
        number = (60 * minutes + seconds) * self.base + frames
        return number - _dropped_a_minute(self.base) * (minutes - minutes // 10) if self.drop else number

    def as_in(self, text: str) -> Timecode:
        """This code, with drop frame if a text has it: a semicolon before the frames says so."""
        return self.counted(drop=self.drop or (";" in text and drops_frames(self.rate)))

    def counted(self, *, drop: bool) -> Timecode:
        """This code with or without drop frame; the text of the film's first frame stays the same."""
        other = replace(self, drop=drop)
        return self if drop == self.drop else replace(other, first=other.count(self.write(0)))

    def place(self, numbers: Sequence[int], duration: float | None) -> tuple[float, ...]:
        """When the frames with these numbers of a list are shown, in seconds from the film's beginning, in any order.

        A list counts by the film's own code. If no frame lies in the film then, or it has no code, it counts from the
        full hour before its first frame, such as 01:00:00:00, and else from its first frame itself. What lies before
        the film counts as its beginning. `duration`: of the film, in seconds; None: unknown.
        """
        earliest, hour = min(numbers, default=0), self.count("01:00:00:00")
        origins = ([self.first] if self.first else []) + [earliest // hour * hour, earliest]
        end = float("inf") if duration is None else duration
        reaching = (origin for origin in origins if any(0 <= self.seconds(number - origin) < end for number in numbers))
        origin = next(reaching, earliest)
        return tuple(self.seconds(max(0, number - origin)) for number in numbers)

    def moment(self, text: str, duration: float | None) -> float:
        """When the frame with a code is shown, in seconds from the film's beginning.

        It counts by the film's own code, and from the full hour before it if it would lie outside of the film then.
        `duration`: as for `place`. Raises ValueError for what is no code.
        """
        code = self.as_in(text)
        number, hour = code.count(text), code.count("01:00:00:00")
        times = [code.seconds(number - origin) for origin in (code.first, number // hour * hour) if origin <= number]
        return next((time for time in times if duration is None or time <= duration), times[0])

    def frame_at(self, seconds: float) -> int:
        """The number, from 0, of the frame nearest to a time from the film's beginning."""
        return round(Fraction(seconds) * self.rate)

    def seconds(self, frame: int) -> float:
        """When a frame, counted from 0, is shown, from the film's beginning."""
        return float(frame / self.rate)


def drops_frames(rate: Fraction) -> bool:
    """Whether drop frame is counted at this rate: 29.97 and its multiples. Rounded rates, such as 2997/100, count."""
    nominal = round(rate)
    return nominal > 0 and nominal % 30 == 0 and abs(rate / nominal - _NTSC) < Fraction(1, 10_000)


def is_timecode(text: str) -> bool:
    """Whether a text is a time code with frames, rather than a time with a fraction of a second."""
    found = _TEXT.fullmatch(text.strip())
    return found is not None and found[4] in ":;"


def read_seconds(text: str) -> float:
    """The seconds of a time without frames: `90`, `1:30` and `0:01:30.0` are the same. Raises ValueError for others."""
    try:
        parts = [float(part) for part in text.split(":")]
    except ValueError:
        parts = []
    if not 1 <= len(parts) <= 3 or not all(0 <= part < float("inf") for part in parts):
        raise ValueError(f"expected seconds, H:MM:SS or a time code HH:MM:SS:FF, got {text!r}")
    return sum(part * unit for part, unit in zip(reversed(parts), (1, 60, 3600), strict=False))


def _dropped_a_minute(base: int) -> int:
    return base // 15
