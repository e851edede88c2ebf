"""Each suffix that is taken for a film's, as FFmpeg writes such files."""

from __future__ import annotations

from pathlib import Path

import pytest

from colorizer.video import VIDEO_SUFFIXES, probe
from tests.support.films import make_film

MPEG1, MPEG2, MPEG4 = (("-c:v", codec) for codec in ("mpeg1video", "mpeg2video", "mpeg4"))
RARE = {  # FFmpeg's options
    ".3g2": (*MPEG4, "-f", "3g2"),
    ".asf": ("-c:v", "wmv2", "-f", "asf"),
    ".divx": (*MPEG4, "-f", "avi"),
    ".dv": ("-c:v", "dvvideo", "-pix_fmt", "yuv420p", "-f", "dv"),
    ".f4v": ("-c:v", "libx264", "-f", "f4v"),
    ".m1v": (*MPEG1, "-f", "mpeg1video"),
    ".m2t": (*MPEG2, "-f", "mpegts"),
    ".m2v": (*MPEG2, "-f", "mpeg2video"),
    ".mj2": ("-c:v", "jpeg2000", "-f", "mov"),
    ".mod": (*MPEG2, "-f", "vob"),
    ".mpe": (*MPEG1, "-f", "mpeg"),
    ".mxf": (*MPEG2, "-f", "mxf"),
    ".ogg": ("-c:v", "libtheora", "-f", "ogg"),
    ".ogm": ("-c:v", "libtheora", "-f", "ogg"),
    ".qt": (*MPEG4, "-f", "mov"),
    ".rm": ("-c:v", "rv20", "-f", "rm"),
    ".tod": (*MPEG2, "-f", "mpegts"),
    ".vro": (*MPEG2, "-f", "vob"),
    ".wtv": (*MPEG2, "-f", "wtv"),
}


@pytest.mark.parametrize("suffix", RARE)
def test_a_film_is_read_whatever_its_suffix(suffix: str, tmp_path: Path) -> None:
    assert suffix in VIDEO_SUFFIXES
    size = {".dv": "720x576", ".rm": "176x144"}.get(suffix, "160x120")
    info = probe(make_film(tmp_path / f"film{suffix}", *RARE[suffix], size=size, seconds=0.4, sound=False))
    assert info.frames == 10
    assert info.duration == pytest.approx(0.4, abs=0.01)
    assert info.rate == 25
