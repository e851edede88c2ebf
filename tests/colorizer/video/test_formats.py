"""Films of many formats, each checked with FFmpeg: the same frames, timestamps, sound and luma as in the source."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from colorizer.arrays import Floats
from colorizer.frames.pyav import plane_to_array
from colorizer.video import VideoResult, colorize_video, probe
from colorizer.video.writer import VideoWriter
from tests.support.films import (
    Tinter,
    ask,
    make_film,
    planes_of_film,
    psnr,
    sound_hashes,
    streams_of,
    times_of,
)

TICK = Fraction(1, 10_000)  # seconds; the resolution of MP4 is finer


@dataclass(frozen=True)
class Kind:
    """How a film is encoded, and the expected result for its sound."""

    ending: str
    picture: tuple[str, ...]
    sound: tuple[str, ...]
    copied: bool = True
    deep: bool = False


H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p")
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error")
KINDS = {
    "mp4-h264": Kind("mp4", H264, ("-c:a", "aac")),
    "mp4-h264-grey": Kind("mp4", ("-c:v", "libx264", "-pix_fmt", "gray"), ("-c:a", "aac")),
    "mp4-hevc-10bit": Kind("mp4", (*HEVC, "-pix_fmt", "yuv420p10le"), ("-c:a", "libmp3lame"), deep=True),
    "mov-h264-422-10bit": Kind(
        "mov", ("-c:v", "libx264", "-pix_fmt", "yuv422p10le"), ("-c:a", "pcm_s16le"), copied=False, deep=True
    ),
    "mov-prores": Kind("mov", ("-c:v", "prores_ks"), ("-c:a", "alac"), deep=True),
    "mkv-hevc-grey": Kind("mkv", (*HEVC, "-pix_fmt", "gray"), ("-c:a", "flac")),
    "mkv-h264": Kind("mkv", H264, ("-c:a", "ac3")),
    "mkv-ffv1-grey": Kind("mkv", ("-c:v", "ffv1", "-pix_fmt", "gray"), ("-c:a", "libvorbis"), copied=False),
    "webm-vp9": Kind("webm", ("-c:v", "libvpx-vp9", "-deadline", "realtime"), ("-c:a", "libopus")),
    "webm-vp8": Kind("webm", ("-c:v", "libvpx"), ("-c:a", "libvorbis"), copied=False),
    "avi-mpeg4": Kind("avi", ("-c:v", "mpeg4"), ("-c:a", "libmp3lame")),
    "avi-mjpeg": Kind("avi", ("-c:v", "mjpeg", "-q:v", "2"), ("-c:a", "pcm_s16le"), copied=False),
    "mpg-mpeg2": Kind("mpg", ("-c:v", "mpeg2video", "-bf", "2"), ("-c:a", "mp2")),
    "mpg-mpeg1": Kind("mpg", ("-c:v", "mpeg1video"), ("-c:a", "mp2")),
    "ts-h264": Kind("ts", H264, ("-c:a", "aac")),
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def colorize_clip(source: Path, target: Path | None = None) -> tuple[Path, VideoResult]:
    target = target or source.with_name("coloured.mp4")
    return target, colorize_video(source, target, Tinter())


@every_kind
def test_frames_times_sound_and_luma_are_the_sources(kind: Kind, tmp_path: Path) -> None:
    source = make_film(tmp_path / f"film.{kind.ending}", *kind.picture, *kind.sound)
    target, result = colorize_clip(source)
    times = times_of(source, from_begin=True)
    assert result.frames == len(times_of(target)) == 50
    assert len(times) in (49, 50)  # Debian's ffprobe 5.1.9 gives no time to the last frame of MPEG-2 in MPG
    assert result.complete
    differences = [abs(ours - theirs) for ours, theirs in zip(times_of(target), times, strict=False)]
    assert max(differences) < TICK
    picture = streams_of(target, "v", "codec_name,pix_fmt,color_space,width,height")
    assert [(one["codec_name"], one["color_space"]) for one in picture] == [("h264", "smpte170m")]
    assert picture[0]["pix_fmt"] in ("yuv420p", "yuvj420p")  # yuvj420p is FFmpeg's name for full-range 4:2:0
    assert_sound(source, target, result, copied=kind.copied)
    luma = planes_of_film(source, deep=kind.deep)
    luma = luma.astype(np.float64) / 4 if kind.deep else luma
    assert psnr(planes_of_film(target), luma) > 40
    for plane in "uv":
        assert abs(float(planes_of_film(target, plane).mean()) - 128) > 5, "expected colour in the film"


def assert_sound(source: Path, target: Path, result: VideoResult, *, copied: bool) -> None:
    theirs, ours = (streams_of(path, "a", "codec_name,duration,start_time") for path in (source, target))
    assert len(ours) == 1
    if copied:
        # MP4 has one number for the layers of MPEG audio, so ffprobe reports mp2 as mp3.
        assert ours[0]["codec_name"].replace("mp2", "mp3") == theirs[0]["codec_name"].replace("mp2", "mp3")
        assert sound_hashes(target) == sound_hashes(source)
    else:
        assert ours[0]["codec_name"] == "aac"
        assert any("is now AAC" in note for note in result.notes)
    assert float(ours[0]["duration"]) == pytest.approx(2, abs=0.06)


def test_luma_before_encoding_is_the_sources_bit_by_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The luma given to the encoder equals the luma that FFmpeg decodes: the PSNR is infinite."""
    received = []

    def record(self: VideoWriter, frame: av.VideoFrame) -> None:
        received.append(plane_to_array(frame.planes[0]).copy())
        write(self, frame)

    write = VideoWriter.write
    monkeypatch.setattr(VideoWriter, "write", record)
    source = make_film(tmp_path / "film.mp4", *H264, "-c:a", "aac")
    colorize_clip(source)
    np.testing.assert_array_equal(np.stack(received), planes_of_film(source))


@pytest.mark.parametrize("rate", ["30000/1001", "24000/1001", "25", "15", "60"])
def test_a_rate_stays_what_it_is(rate: str, tmp_path: Path) -> None:
    source = make_film(tmp_path / "film.mp4", *H264, rate=rate, sound=False)
    target, result = colorize_clip(source)
    ours, theirs = (streams_of(path, "v", "avg_frame_rate,nb_frames,duration") for path in (target, source))
    assert (
        ours[0]["avg_frame_rate"]
        == theirs[0]["avg_frame_rate"]
        == f"{Fraction(rate)!s}".removesuffix("/1") + ("" if "/" in rate else "/1")
    )
    assert ours == theirs
    assert probe(target).rate == Fraction(rate)
    assert result.duration == pytest.approx(float(ours[0]["duration"]), abs=1e-5)


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_a_varying_rate_stays_varying(ending: str, tmp_path: Path) -> None:
    uneven = "select='not(mod(n,7))+not(mod(n,3))',setpts=PTS"
    source = make_film(tmp_path / f"film.{ending}", "-vf", uneven, "-vsync", "vfr", *H264, sound=False)
    target, result = colorize_clip(source)
    times = times_of(source, from_begin=True)
    assert len({after - before for before, after in pairwise(times)}) > 1
    assert max(abs(ours - theirs) for ours, theirs in zip(times_of(target), times, strict=True)) < TICK
    assert result.frames == len(times)


@pytest.mark.parametrize("field_order", ["tff", "bff"])
def test_interlaced_frames_come_out_whole(field_order: str, tmp_path: Path) -> None:
    """A moving edge, interlaced: the comb artefacts are removed, and no frame is lost."""
    weave = f"tinterlace=interleave_top,fieldorder={field_order},format=yuv420p"
    source = make_film(
        tmp_path / "film.mpg", "-vf", weave, "-c:v", "mpeg2video", "-q:v", "2", "-flags", "+ilme+ildct", rate="50"
    )
    target, result = colorize_clip(source)
    assert result.frames == len(times_of(source)) == len(times_of(target))
    times = times_of(source, from_begin=True)
    assert max(abs(ours - theirs) for ours, theirs in zip(times_of(target), times, strict=True)) < TICK
    before, after = (comb(planes_of_film(path)) for path in (source, target))
    assert after < 0.75 * before


def comb(luma: np.ndarray) -> float:
    """The mean distance of each row from its neighbours: large if odd and even rows are of different times."""
    rows = luma.astype(np.float64)
    return float(np.abs(rows[:, 1:-1] - (rows[:, :-2] + rows[:, 2:]) / 2).mean())


@pytest.mark.parametrize("size", ["161x121", "160x121", "161x120", "34x18"])
def test_odd_sizes_gain_a_row_or_column(size: str, tmp_path: Path) -> None:
    width, height = map(int, size.split("x"))
    source = make_film(
        tmp_path / "film.mkv", "-vf", f"scale={width}:{height}", "-c:v", "ffv1", "-pix_fmt", "yuv420p", seconds=1
    )
    target, result = colorize_clip(source)
    shown = streams_of(target, "v", "width,height")[0]
    assert (shown["width"], shown["height"]) == (width + width % 2, height + height % 2)
    assert psnr(planes_of_film(target)[:, :height, :width], planes_of_film(source)) > 35
    assert any("even" in note for note in result.notes) == bool(width % 2 or height % 2)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation_is_kept_and_the_network_sees_it_upright(rotation: int, tmp_path: Path) -> None:
    received = []

    class Watcher(Tinter):
        def predict_ab(self, luminance: Floats, *, vividness: float = 0.0) -> Floats:
            received.append(luminance)
            colors = super().predict_ab(luminance, vividness=vividness)
            colors[:28] = 0  # the upper half, as shown, stays grey
            return colors

    plain = make_film(tmp_path / "plain.mp4", "-vf", "drawbox=x=0:y=0:w=iw/4:h=ih:color=white:t=fill", *H264)
    source = rotated(plain, tmp_path / "film.mp4", rotation)
    target = tmp_path / "coloured.mp4"
    colorize_video(source, target, Watcher())
    sides = [streams_of(path, "v", "width,height:stream_side_data=rotation")[0] for path in (source, target)]
    assert sides[0] == sides[1]
    assert probe(target).rotation == rotation == probe(source).rotation
    stored = planes_of_film(target, "v")[0]
    upper = np.rot90(stored, rotation // 90)
    half = len(upper) // 2
    assert abs(float(upper[: half - 4].mean()) - 128) < 2
    assert float(upper[half + 4 :].mean()) > 133
    white = np.rot90(np.arange(224)[np.newaxis, :].repeat(224, 0) < 50, rotation // 90)
    assert float(received[0][white].mean()) > 95, "expected the white bar to be rotated with the picture"


def rotated(source: Path, target: Path, degrees: int) -> Path:
    """The same film with a counter-clockwise display rotation, which PyAV sets while it copies the packets."""
    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        track = old.streams.video[0]
        copy = new.add_stream_from_template(track, opaque=True)
        copy.set_display_rotation(degrees)
        for packet in old.demux(track):
            if packet.size:
                packet.stream = copy
                new.mux(packet)
    return target


def test_all_sound_tracks_and_the_metadata_come_along(tmp_path: Path) -> None:
    source = make_film(
        tmp_path / "film.mkv",
        *("-f", "lavfi", "-i", "sine=frequency=880:duration=2", "-map", "0:v", "-map", "1:a", "-map", "2:a"),
        *(*H264, "-c:a:0", "aac", "-c:a:1", "libmp3lame", "-metadata", "title=Our garden", "-metadata", "comment=1931"),
        *("-metadata:s:a:0", "language=deu", "-metadata:s:a:1", "language=fra", "-disposition:a:1", "comment"),
    )
    target, _ = colorize_clip(source)
    tags = ask(target, "format_tags=title,comment")["format"]["tags"]
    assert tags == {"title": "Our garden", "comment": "1931"}
    tracks = streams_of(target, "a", "codec_name:stream_tags=language")
    assert [(one["codec_name"], one["tags"]["language"]) for one in tracks] == [("aac", "deu"), ("mp3", "fra")]
    for track in (0, 1):
        assert sound_hashes(target, track) == sound_hashes(source, track)


def test_the_index_comes_first(tmp_path: Path) -> None:
    """Faststart: browsers begin to play before the whole file is loaded."""
    target, _ = colorize_clip(make_film(tmp_path / "film.mp4", *H264))
    data = target.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
