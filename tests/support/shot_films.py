"""Films of several shots, each a pan over a grey photograph, made by FFmpeg, with its own dissolves and fades."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from tests.support.films import run_ffmpeg
from tests.support.paths import SAMPLES

NAMES = ("cat", "pagoda", "coffee")
_PAN = "[{0}]scale=-2:150,crop=160:120:x='min(t*12,iw-160)':y=15,format=gray,setsar=1,settb=1/{1}[v{0}]"


def make_shots(
    path: Path, *options: str, names: tuple[str, ...] = NAMES, seconds: float = 1.0, rate: int = 25, joined: str = ""
) -> Path:
    """A film of 160 x 120 pixels with a shot of each photograph in turn. `options` say how it is encoded.

    `joined`: how the pans [v0], [v1], ... become [film]; by default with hard cuts.
    """
    made = _make(names, seconds, rate, joined, options or ("-c:v", "libx264", "-pix_fmt", "yuv420p"), path.suffix)
    path.write_bytes(made)
    return path


@lru_cache(maxsize=8)
def _make(
    names: tuple[str, ...], seconds: float, rate: int, joined: str, options: tuple[str, ...], suffix: str
) -> bytes:
    inputs: list[str | Path] = []
    for name in names:
        inputs += ["-loop", "1", "-framerate", str(rate), "-t", str(seconds), "-i", SAMPLES / f"{name}.jpg"]
    pans = ";".join(_PAN.format(number, rate) for number in range(len(names)))
    cuts = "".join(f"[v{number}]" for number in range(len(names))) + f"concat=n={len(names)}[film]"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"film{suffix}"
        run_ffmpeg(*inputs, "-filter_complex", f"{pans};{joined or cuts}", "-map", "[film]", *options, path)
        return path.read_bytes()
