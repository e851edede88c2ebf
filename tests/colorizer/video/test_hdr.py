"""Films in HDR and in other light than that of ordinary displays, against FFmpeg's zscale with a white of 203 cd/m2."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from colorizer.video import VideoResult, colorize_video
from tests.support.films import Tinter, planes_of_film, run_ffmpeg, streams_of

RAMP = "gradients=size=160x48:rate=25:duration=0.2:c0=black:c1=white:x0=0:y0=24:x1=159:y1=24:speed=0.00001"
FFV1, HEVC = ("-c:v", "ffv1"), ("-c:v", "libx265", "-x265-params", "log-level=error:qp=4")
PROPERTIES = "setparams=color_primaries=bt2020:colorspace=bt2020nc:range={}:color_trc={}"


def ramp_film(path: Path, transfer: str, *codec: str, pixels: str = "yuv420p10le", limits: str = "tv") -> Path:
    """A ramp from black to white, left to right, whose values count as being in `transfer`."""
    scale = f"scale=in_range=full:out_range={limits},format={pixels}"
    run_ffmpeg("-f", "lavfi", "-i", RAMP, "-vf", f"{scale},{PROPERTIES.format(limits, transfer)}", *codec, path)
    return path


def zscaled(path: Path, limits: str) -> np.ndarray:
    """The film's luma for ordinary displays, 8 bits, by zscale: (frames, h, w)."""
    ordinary = f"zscale=transfer=bt709:matrix=bt709:npl=203:range={limits},format=yuv420p,extractplanes=y"
    raw = run_ffmpeg("-i", path, "-vf", ordinary, "-f", "rawvideo", "-")
    return np.frombuffer(raw, np.uint8).reshape(-1, 48, 160)


def colorize_clip(source: Path) -> tuple[Path, VideoResult]:
    target = source.with_name("coloured.mp4")
    return target, colorize_video(source, target, Tinter())


@pytest.mark.parametrize(
    ("transfer", "codec", "pixels", "limits", "name"),
    [
        ("smpte2084", HEVC, "yuv420p10le", "tv", "HDR (PQ)"),
        ("smpte2084", FFV1, "yuv444p12le", "pc", "HDR (PQ)"),
        ("smpte2084", FFV1, "yuv420p", "tv", "HDR (PQ)"),
        ("arib-std-b67", HEVC, "yuv420p10le", "tv", "HDR (HLG)"),
        ("arib-std-b67", FFV1, "gray16le", "pc", "HDR (HLG)"),
        ("linear", FFV1, "yuv420p16le", "tv", "linear light"),
    ],
)
def test_light_of_other_displays(
    transfer: str, codec: tuple[str, ...], pixels: str, limits: str, name: str, tmp_path: Path
) -> None:
    source = ramp_film(tmp_path / "film.mkv", transfer, *codec, pixels=pixels, limits=limits)
    target, result = colorize_clip(source)
    assert any(f"The film is in {name}; its light is converted" in note for note in result.notes)
    luma, expected = (planes.astype(int) for planes in (planes_of_film(target), zscaled(source, limits)))
    shown = expected < 230  # x264 smooths the corner at which the brightest light is clipped
    assert np.abs(luma - expected)[shown].mean() < 1
    assert np.abs(luma - expected).max() <= 6
    stream = streams_of(target, "v", "color_transfer,color_primaries,color_space,color_range,pix_fmt")[0]
    assert (stream["color_transfer"], stream["color_primaries"], stream["color_space"]) == (
        "bt709",
        "bt709",
        "smpte170m",
    )
    assert stream["color_range"] == limits


def test_white_of_ordinary_pictures_is_white_and_gray_in_the_middle(tmp_path: Path) -> None:
    """A ramp of an ordinary display's signal, whose white has 203 cd/m2."""
    signal, source = tmp_path / "signal.mkv", tmp_path / "film.mkv"
    run_ffmpeg("-f", "lavfi", "-i", RAMP, "-vf", f"format=gbrp,{PROPERTIES.format('pc', 'bt709')}", *FFV1, signal)
    hdr = "zscale=npl=203:transfer=smpte2084:matrix=bt2020nc:primaries=bt2020:range=limited,format=yuv420p10le"
    run_ffmpeg("-i", signal, "-vf", hdr, *FFV1, source)
    luma = planes_of_film(colorize_clip(source)[0])[0, 24].astype(int)
    assert luma[159] == pytest.approx(235, abs=1)
    assert luma[80] == pytest.approx(126, abs=2)
    assert luma[0] == pytest.approx(16, abs=1)


@pytest.mark.parametrize("transfer", ["bt709", "smpte170m", "bt470bg", "iec61966-2-1", "bt2020-10"])
def test_light_of_ordinary_displays_stays(transfer: str, tmp_path: Path) -> None:
    source = ramp_film(tmp_path / "film.mkv", transfer, *FFV1, pixels="yuv420p")
    target, result = colorize_clip(source)
    assert result.notes == ()
    assert np.abs(planes_of_film(target).astype(int) - planes_of_film(source)).mean() < 1
    shown = {"bt2020-10": "bt709"}.get(transfer, transfer)
    assert streams_of(target, "v", "color_transfer")[0]["color_transfer"] == shown
