"""Find where the shots of a film begin: at hard cuts, in the middle of dissolves, and in the dark between fades.

What is compared is small and what is held is bounded, so that any film takes little time and memory. A flash, a change
of light, motion and a few damaged frames are no cuts.

Ideas: a cut is a change that stands out from those around it (B. Castellano, PySceneDetect's AdaptiveDetector); the
frames of a dissolve are mixtures of the two at its ends (A. Hampapur, R. Jain, T. Weymouth, Digital Video Segmentation,
1994); what is as before after some frames was a flash (D. Zhang, W. Qi, H. Zhang, A New Shot Boundary Detection
Algorithm, 2001).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from colorizer.video.directing.dissolves import LONGEST_DISSOLVE, Dissolve, find_dissolve
from colorizer.video.directing.similarity import SmallPicture, change, is_same

_FLASH_SECONDS = 0.25  # a longer interruption is a shot of its own
_HARD_CHANGE = 3.0  # CIE L: the least change at a hard cut
_HARD_FACTOR = 3.0  # times the usual change around it
_MAX_RATE = 60.0  # frames a second; what is held of a faster film is shorter
_MAX_TIMES = 2000  # frames to which what lies between two is rounded
_NEIGHBORS = 3  # frames to each side whose changes are the usual ones


def find_cuts(pictures: Iterable[SmallPicture], rate: float) -> tuple[float, ...]:
    """The times at which shots begin, rising, without the first one's.

    `pictures`: of a film's frames, in order. `rate`: frames a second, about.
    """
    kept: list[tuple[float, bool]] = []
    for seconds, is_hard in sorted(_find_all(pictures, min(rate, _MAX_RATE))):
        is_near = bool(kept) and seconds - kept[-1][0] < _FLASH_SECONDS
        if is_near and is_hard and not kept[-1][1]:
            kept.pop()  # what looked like the middle of a dissolve
            is_near = False
        if not is_near:
            kept.append((seconds, is_hard))
    return tuple(seconds for seconds, _ in kept)


def _snap(seconds: float, times: Sequence[float]) -> float:
    """The time of the frame that is nearest, if those frames go so far back."""
    return seconds if not times or seconds < times[0] else min(times, key=lambda time: abs(time - seconds))


@dataclass
class _State:
    """What is known at one frame. `past`: those since the last cut. `ahead`: it and those behind it.

    `before`: the last ones before those, whether there was a cut or not. `scene`: the last that was not blank.
    `blank_since`: when the blank ones before this one began; None: there are none. `dissolve`: the best one found,
    until nothing better can come.
    """

    past: deque[SmallPicture]
    before: deque[SmallPicture]
    ahead: deque[SmallPicture] = field(default_factory=deque)
    changes: deque[float] = field(default_factory=deque)
    scene: SmallPicture | None = None
    blank_since: float | None = None
    dissolve: Dissolve | None = None


def _find_all(pictures: Iterable[SmallPicture], rate: float) -> Iterator[tuple[float, bool]]:
    """The times of all cuts, and whether each is a hard one."""
    reach = max(_NEIGHBORS, round(_FLASH_SECONDS * rate))
    state = _State(deque(maxlen=max(4, round(LONGEST_DISSOLVE * rate))), deque(maxlen=reach))
    times = deque[float](maxlen=_MAX_TIMES)
    for ahead, changes in _look_ahead(pictures, reach):
        state.ahead, state.changes = ahead, changes
        times.append(ahead[0].seconds)
        for seconds, is_hard in _step(state, reach, rate):
            yield _snap(seconds, times), is_hard
    if state.dissolve is not None:
        yield _snap(state.dissolve.seconds, times), False


def _look_ahead(pictures: Iterable[SmallPicture], reach: int) -> Iterator[tuple[deque[SmallPicture], deque[float]]]:
    """For each picture: it and up to `reach` behind it; and the changes to it and around it, its own in the middle.

    Both are valid until the next step. Changes that do not exist are NaN.
    """
    source = iter(pictures)
    ahead = deque(islice(source, reach + 1))
    changes = deque([float("nan")] * (_NEIGHBORS + 1), maxlen=2 * _NEIGHBORS + 1)
    changes.extend(change(ahead[place], ahead[place + 1]) for place in range(min(_NEIGHBORS, len(ahead) - 1)))
    while ahead:
        while len(changes) < 2 * _NEIGHBORS + 1:
            changes.append(float("nan"))
        yield ahead, changes
        ahead.popleft()
        ahead.extend(islice(source, 1))
        is_there = len(ahead) > _NEIGHBORS
        changes.append(change(ahead[_NEIGHBORS - 1], ahead[_NEIGHBORS]) if is_there else float("nan"))


def _step(state: _State, reach: int, rate: float) -> Iterator[tuple[float, bool]]:
    """The cuts that are certain at the frame `state.ahead[0]`."""
    frame = state.ahead[0]
    cut = None
    if frame.is_blank:
        if state.blank_since is None:
            state.blank_since = frame.seconds
    elif state.blank_since is not None:
        cut = _cut_in_blank(state, frame)
    elif _is_hard_cut(state, reach):
        cut = frame.seconds
    if frame.is_blank or cut is not None:
        state.past.clear()
    if cut is not None:
        yield cut, True
    if not frame.is_blank:
        state.scene, state.blank_since = frame, None
        state.past.append(frame)
    state.before.append(frame)
    yield from _update_dissolve(state, rate)


def _cut_in_blank(state: _State, frame: SmallPicture) -> float | None:
    """Where the shot of `frame`, before which the picture was blank, begins: in the middle of the blank; None: it is
    still the shot from before, or the film began blank."""
    assert state.blank_since is not None
    if state.scene is None:
        return None
    is_short = frame.seconds - state.blank_since <= _FLASH_SECONDS
    if is_short and any(is_same(state.scene, later) for later in state.ahead):
        return None
    return (state.blank_since + frame.seconds) / 2


def _is_hard_cut(state: _State, reach: int) -> bool:
    """Whether a shot begins at this frame: a change stands out, and nothing from before comes back soon."""
    around = np.array(state.changes)
    own = float(around[_NEIGHBORS])
    usual = np.delete(around, _NEIGHBORS)
    usual = usual[~np.isnan(usual)]
    if not own >= _HARD_CHANGE or (len(usual) and own < _HARD_FACTOR * float(np.median(usual))):
        return False
    before, after = list(state.before)[::-1], list(state.ahead)  # both from the cut on
    return not any(
        is_same(one, other)
        for past, one in enumerate(before)
        for later, other in enumerate(after)
        if past + later <= reach and not (one.is_blank or other.is_blank)
    )


def _update_dissolve(state: _State, rate: float) -> Iterator[tuple[float, bool]]:
    """Look for a dissolve that ends at this frame. One that was found is certain when no better one can come."""
    found = find_dissolve(state.past, rate)
    held = state.dissolve
    if found is not None and (held is None or found.belongs_to(held)):
        state.dissolve = found if held is None else held.join(found)
    elif held is not None and (found is not None or state.before[-1].seconds > held.end + LONGEST_DISSOLVE / 2):
        yield held.seconds, False
        state.dissolve = found
