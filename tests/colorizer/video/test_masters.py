"""Films for further work: depth, chroma, marks, fields, time code and tracks of the result, as ffprobe sees them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from colorizer.edits.look import Look
from colorizer.errors import InvalidSetting
from colorizer.video import VideoEncoding, VideoOptions, VideoResult, colorize_video
from colorizer.video.codecs import CODECS, depths_of
from colorizer.video.containers import CONTAINERS, find_container
from colorizer.video.directing.direction import Direction
from colorizer.video.directing.shots import shots_at
from colorizer.video.formats import check_encoding
from colorizer.video.reader import VideoReader
from colorizer.video.types import EncodedPacket, GrayFrame
from colorizer.video.writer import VideoWriter
from tests.support.films import Tinter, ask, make_film, planes_of_film, psnr, run_ffmpeg, streams_of, times_of

FFV1 = ("-c:v", "ffv1", "-level", "3")
TICK = Fraction(1, 900)  # seconds; Matroska has times in milliseconds


def colorize_clip(
    source: Path, suffix: str, options: VideoOptions | None = None, **encoding: object
) -> tuple[Path, VideoResult]:
    target = source.with_name(f"coloured{suffix}")
    chosen = options or VideoOptions(encoding=VideoEncoding(**encoding))  # type: ignore[arg-type] # fields by name
    return target, colorize_video(source, target, Tinter(), chosen)


def is_deep(pixels: str) -> bool:
    return "p1" in pixels or "gray1" in pixels or "p9" in pixels or "gray9" in pixels


@pytest.mark.parametrize(
    ("pixels", "expected", "size"),
    [
        ("yuv420p", "yuv420p", "161x121"),
        ("yuv422p10le", "yuv422p10le", "160x120"),
        ("yuv420p10le", "yuv420p10le", "161x121"),
        ("yuv444p12le", "yuv444p12le", "160x120"),
        ("yuv420p9le", "yuv420p9le", "160x120"),
        ("gray10le", "yuv420p10le", "160x120"),
        ("gray16le", "yuv420p16le", "161x121"),
    ],
)
def test_luma_of_ffv1_comes_back_bit_by_bit(pixels: str, expected: str, size: str, tmp_path: Path) -> None:
    noise = ("-vf", f"scale={size.replace('x', ':')},format={pixels},noise=alls=20:allf=t")
    source = make_film(tmp_path / "film.mkv", *noise, *FFV1, "-pix_fmt", pixels, seconds=0.2, sound=False)
    target, result = colorize_clip(source, ".mkv")
    stream = streams_of(target, "v", "codec_name,pix_fmt,width,height")[0]
    assert (stream["codec_name"], stream["pix_fmt"]) == ("ffv1", expected)
    assert f"{stream['width']}x{stream['height']}" == size
    before, after = (planes_of_film(path, deep=is_deep(pixels)) for path in (source, target))
    np.testing.assert_array_equal(after, before)
    assert planes_of_film(target, "u", deep=is_deep(pixels)).std() > 0, "expected colours"
    assert result.notes == ()


@dataclass(frozen=True)
class Kind:
    """A format of the result: what is asked for, of a source of 10 bits and 4:2:2, and what comes."""

    suffix: str
    codec: str | None
    name: str
    pixels: str
    profile: str = ""
    bits: int | None = None
    chroma: str | None = None


KINDS = [
    Kind(".mp4", None, "h264", "yuv420p"),
    Kind(".mp4", "h264", "h264", "yuv420p10le", "High 10", bits=10),
    Kind(".mp4", "hevc", "hevc", "yuv420p10le", "Main 10"),
    Kind(".mkv", "hevc", "hevc", "yuv422p12le", "Rext", bits=12, chroma="4:2:2"),
    Kind(".mkv", "h264", "h264", "yuv444p", "High 4:4:4 Predictive", chroma="4:4:4"),
    Kind(".mov", None, "prores", "yuv422p10le", "HQ"),
    Kind(".mov", "prores", "prores", "yuv444p12le", "4444", chroma="4:4:4"),  # as FFmpeg decodes it
    Kind(".mov", "dnxhr", "dnxhd", "yuv422p", "DNXHR HQ", bits=8),
    Kind(".mkv", "prores", "prores", "yuv422p10le", "HQ"),
    Kind(".mxf", None, "dnxhd", "yuv422p10le", "DNXHR HQX"),
    Kind(".mxf", "dnxhr", "dnxhd", "yuv444p10le", "DNXHR 444", chroma="4:4:4"),
    Kind(".mxf", "prores", "prores", "yuv422p10le", "HQ"),
]


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten bits, 4:2:2, of BT.709, with PCM and a time code; large enough for DNxHR."""
    marks = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
    return make_film(
        *(tmp_path_factory.mktemp("master") / "film.mov", "-vf", f"setsar=16/15,{marks}", "-c:v", "prores_ks"),
        *("-pix_fmt", "yuv422p10le", "-c:a", "pcm_s24le", "-timecode", "10:00:00:00"),
        size="272x128",
        seconds=0.4,
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.suffix[1:]}-{kind.codec}-{kind.pixels}")
def test_formats_of_the_result(kind: Kind, master: Path, tmp_path: Path) -> None:
    source = tmp_path / "film.mov"
    source.write_bytes(master.read_bytes())
    target, result = colorize_clip(source, kind.suffix, codec=kind.codec, bits=kind.bits, subsampling=kind.chroma)
    entries = "codec_name,profile,pix_fmt,sample_aspect_ratio,color_primaries,color_transfer,color_space,color_range"
    stream = streams_of(target, "v", f"{entries}:stream_tags=timecode")[0]
    assert (stream["codec_name"], stream["pix_fmt"]) == (kind.name, kind.pixels)
    assert stream["profile"].lower() == kind.profile.lower() or not kind.profile
    width, height = map(int, stream["sample_aspect_ratio"].split(":"))
    assert width / height == pytest.approx(16 / 15, rel=1e-3)  # Matroska has the size of the picture in whole pixels
    assert (stream["color_primaries"], stream["color_transfer"]) == ("bt709", "bt709")
    assert stream.get("color_range", "tv") == "tv"
    for_browsers = kind.suffix == ".mp4" and kind.codec is None
    assert stream["color_space"] == ("smpte170m" if for_browsers else "bt709")
    tags = stream.get("tags", {}) | ask(target, "format_tags")["format"].get("tags", {})
    assert {key.lower(): value for key, value in tags.items()}["timecode"] == "10:00:00:00"
    times, ours = times_of(source, from_begin=True), times_of(target, from_begin=True)
    assert max(abs(one - other) for one, other in zip(ours, times, strict=True)) < TICK
    assert float(ask(target, "format=duration")["format"]["duration"]) == pytest.approx(0.4, abs=0.03)
    bits = 12 if "12" in kind.pixels else 10 if "10" in kind.pixels else 8
    before, after = planes_of_film(source, deep=True), planes_of_film(target, deep=is_deep(kind.pixels))
    assert psnr(after * 2.0 ** (10 - bits), before, peak=1023) > 40
    sound = streams_of(target, "a", "codec_name,sample_rate")
    assert [one["codec_name"] for one in sound] == ["aac" if kind.suffix == ".mp4" else "pcm_s24le"]
    lost = [note for note in result.notes if "bits per sample" in note]
    assert bool(lost) == (bits < 10)


@pytest.mark.parametrize(
    ("suffix", "codec", "transfer", "primaries", "matrix"),
    [
        (".mkv", "ffv1", "smpte2084", "bt2020", "bt2020nc"),
        (".mkv", "ffv1", "smpte170m", "bt470bg", "bt470bg"),
        (".mp4", "hevc", "smpte2084", "bt2020", "bt2020nc"),
        (".mov", "prores", "arib-std-b67", "bt2020", "bt2020nc"),
        (".mov", "prores", "smpte170m", "bt470bg", "bt470bg"),
    ],
)
def test_marks_of_colour_are_kept(
    suffix: str, codec: str, transfer: str, primaries: str, matrix: str, tmp_path: Path
) -> None:
    marks = f"setparams=color_primaries={primaries}:color_trc={transfer}:colorspace={matrix}:range=tv"
    source = make_film(*(tmp_path / "film.mkv", "-vf", f"format=yuv422p10le,{marks}", *FFV1), seconds=0.12, sound=False)
    target, result = colorize_clip(source, suffix, codec=codec)
    stream = streams_of(target, "v", "color_primaries,color_transfer,color_space,color_range")[0]
    found = (stream["color_primaries"], stream["color_transfer"], stream["color_space"], stream["color_range"])
    assert found == (primaries, transfer, matrix, "tv")
    assert not any("light is converted" in note for note in result.notes)
    if codec == "ffv1":
        np.testing.assert_array_equal(planes_of_film(target, deep=True), planes_of_film(source, deep=True))


@pytest.mark.parametrize(
    ("primaries", "matrix"), [("bt709", "bt709"), ("bt2020", "bt2020nc"), ("smpte432", "bt709"), ("bt470bg", "bt470bg")]
)
def test_colours_are_the_same_in_every_system(primaries: str, matrix: str, tmp_path: Path) -> None:
    """A grey film with saturated colours, shown by zscale, which knows the primaries and matrices on its own."""
    marks = f"setparams=color_primaries={primaries}:color_trc=iec61966-2-1:colorspace={matrix}:range=tv"
    gray = f"color=c=0x808080:size=64x48:rate=25:duration=0.08,format=yuv444p10le,{marks}"
    run_ffmpeg("-f", "lavfi", "-i", gray, *FFV1, tmp_path / "film.mkv")
    target, _ = colorize_clip(tmp_path / "film.mkv", ".mkv", VideoOptions(look=Look(strength=0.7)))
    to_rgb = "zscale=primaries=bt709:transfer=iec61966-2-1:matrix=gbr:range=full,format=gbrp"
    shown = np.frombuffer(run_ffmpeg("-i", target, "-vf", to_rgb, "-frames:v", "1", "-f", "rawvideo", "-"), np.uint8)
    green, blue, red = shown.reshape(3, -1).astype(int).mean(axis=1)
    # Lab(53.6, 21, -14) in sRGB, but for the luma, which is the film's own: the differences of red, green and blue.
    assert red - green == pytest.approx(41, abs=6)
    assert blue - green == pytest.approx(42, abs=6)


@pytest.mark.parametrize("order", ["tff", "bff"])
@pytest.mark.parametrize(("suffix", "codec"), [(".mkv", "ffv1"), (".mov", "prores")])
def test_fields_are_kept(suffix: str, codec: str, order: str, tmp_path: Path) -> None:
    weave = f"tinterlace=interleave_top,fieldorder={order},format=yuv422p10le"
    source = make_film(
        *(tmp_path / "film.mov", "-vf", weave, "-c:v", "prores_ks"),
        *("-flags", "+ildct", "-top", str(int(order == "tff"))),
        rate="50",
        seconds=0.2,
        sound=False,
    )
    target, result = colorize_clip(source, suffix, codec=codec)
    expected = streams_of(source, "v", "field_order")[0]["field_order"]
    assert expected in ("tt", "bb", "tb", "bt")
    assert streams_of(target, "v", "field_order")[0]["field_order"] == expected
    frames = ask(target, "frame=interlaced_frame,top_field_first", "-select_streams", "v:0")["frames"]
    assert {(one["interlaced_frame"], one["top_field_first"]) for one in frames} == {(1, int(order == "tff"))}
    assert not any("interlaced" in note for note in result.notes)
    browsers, result = colorize_clip(source, ".mp4")
    assert "The film is interlaced; the result is not." in result.notes
    assert len(times_of(browsers)) == len(frames)


def test_the_order_of_fields_is_that_of_the_frames(tmp_path: Path) -> None:
    """An AVI file does not say it; DV in PAL and NTSC has the bottom field first."""
    dv = ("-vf", "setfield=bff", "-c:v", "dvvideo", "-pix_fmt", "yuv420p")
    source = make_film(tmp_path / "film.avi", *dv, size="720x576", seconds=0.08, sound=False)
    assert "field_order" not in streams_of(source, "v", "field_order")[0]
    target, _ = colorize_clip(source, ".mkv")
    assert streams_of(target, "v", "field_order")[0]["field_order"] == "bb"
    frames = ask(target, "frame=interlaced_frame,top_field_first", "-select_streams", "v:0")["frames"]
    assert {(one["interlaced_frame"], one["top_field_first"]) for one in frames} == {(1, 0)}


@pytest.mark.parametrize(
    ("suffix", "codec"), [(".mov", "prores"), (".mov", "dnxhr"), (".mxf", "dnxhr"), (".mp4", "hevc")]
)
@pytest.mark.parametrize("pixels", ["gray10le", "yuv422p"])
def test_a_film_of_full_range_looks_the_same(pixels: str, suffix: str, codec: str, tmp_path: Path) -> None:
    """Decoders take ProRes for 16 to 235, whatever its file says."""
    marks = ("-vf", f"scale=out_range=full,format={pixels}", "-color_range", "pc")
    source = make_film(tmp_path / "film.mkv", *marks, *FFV1, size="256x128", seconds=0.08, sound=False)
    target, _ = colorize_clip(source, suffix, codec=codec)
    shown = [
        np.frombuffer(
            run_ffmpeg(*("-i", path, "-vf", "scale=out_range=full,format=gray", "-f", "rawvideo", "-")), np.uint8
        ).astype(int)
        for path in (source, target)
    ]
    assert shown[0].min() < 20
    assert np.abs(shown[1] - shown[0]).mean() < 1
    assert shown[1].mean() == pytest.approx(shown[0].mean(), abs=0.3)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_shots_of_few_frames_in_hevc(length: int, tmp_path: Path) -> None:
    """x265 gives times of decoding from memory that nobody has set to films of one or two frames."""
    source = make_film(tmp_path / "film.mkv", *FFV1, size="64x48", seconds=0.24, sound=False)
    direction = Direction(shots=shots_at(number / 25 for number in range(0, 6, length)))
    options = VideoOptions(encoding=VideoEncoding(codec="hevc"), direction=direction)
    made = []
    for _ in range(3):
        target, result = colorize_clip(source, ".mp4", options)
        made.append(target.read_bytes())
        assert result.frames == len(planes_of_film(target)) == 6
    assert times_of(target, from_begin=True) == times_of(source)
    assert made[0] == made[1] == made[2]


SRT = "1\n00:00:00,200 --> 00:00:00,600\nHello <i>there</i>\n\n2\n00:00:00,700 --> 00:00:00,900\nThe end\n"


@pytest.fixture(scope="module")
def film_with_everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sound tracks, subtitles, chapters, an attached file, a time code."""
    folder = tmp_path_factory.mktemp("everything")
    texts, chapters, font = folder / "text.srt", folder / "chapters.txt", folder / "letters.ttf"
    texts.write_text(SRT, encoding="utf-8")
    chapter = "[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle={}\n"
    chapters.write_text(
        f";FFMETADATA1\ntitle=Lake\n{chapter.format(0, 400, 'One')}{chapter.format(400, 1000, 'Two')}", encoding="utf-8"
    )
    font.write_bytes(b"\0\1\0\0" * 20)
    return make_film(
        *(folder / "film.mkv", "-f", "lavfi", "-i", "sine=frequency=880:duration=1"),
        *("-i", str(texts), "-i", str(chapters), "-map", "0:v", "-map", "1:a", "-map", "2:a", "-map", "3:s"),
        *("-map_metadata", "4", "-map_chapters", "4", "-c:a:0", "flac", "-c:a:1", "pcm_s16le", "-c:s", "subrip"),
        *("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=fra", "-metadata:s:s:0", "language=spa"),
        *("-attach", str(font), "-metadata:s:t:0", "mimetype=application/x-truetype-font"),
        *("-metadata", "TIMECODE=01:02:03:04", *FFV1, "-pix_fmt", "yuv422p10le"),
        size="272x128",
        seconds=1,
    )


@pytest.mark.parametrize(
    ("suffix", "sound", "texts", "words"),
    [
        (".mkv", ["flac", "pcm_s16le"], ["subrip"], []),
        (".mov", ["pcm_s16le", "pcm_s16le"], ["mov_text"], ["letters.ttf", "was flac, which MOV"]),
        (
            ".mxf",
            ["pcm_s16le", "pcm_s16le"],
            [],
            [
                *("was flac, which MXF", "was pcm_s16le, which MXF", "letters.ttf", "subtitles, subrip,"),
                *("its chapters", "no place for these tags", "made the colours"),
            ],
        ),
    ],
)
def test_tracks_and_chapters_are_kept_or_named(
    suffix: str, sound: list[str], texts: list[str], words: list[str], film_with_everything: Path, tmp_path: Path
) -> None:
    source = tmp_path / "film.mkv"
    source.write_bytes(film_with_everything.read_bytes())
    target, result = colorize_clip(source, suffix)
    assert [one["codec_name"] for one in streams_of(target, "a", "codec_name")] == sound
    assert [one["codec_name"] for one in streams_of(target, "s", "codec_name")] == texts
    if suffix != ".mxf":
        languages = [one["tags"]["language"] for kind in "as" for one in streams_of(target, kind, "index:stream_tags")]
        assert languages == ["eng", "fra", "spa"]
        chapters = ask(target, "chapter=start_time:chapter_tags=title")["chapters"]
        assert [(float(one["start_time"]), one["tags"]["title"]) for one in chapters] == [(0, "One"), (0.4, "Two")]
        text = run_ffmpeg("-i", target, "-map", "0:s", "-f", "srt", "-").decode()
        assert "00:00:00,200 --> 00:00:00,600" in text
        assert "<i>there</i>" in text
    attached = streams_of(target, "t", "codec_type:stream_tags=filename")
    assert [one["tags"]["filename"] for one in attached] == (["letters.ttf"] if suffix == ".mkv" else [])
    assert float(ask(target, "format=duration")["format"]["duration"]) == pytest.approx(1, abs=0.06)
    for word in words:
        assert any(word in note for note in result.notes), (word, result.notes)
    assert len(result.notes) == len(words), result.notes


@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
def test_sound_that_was_cut_away_does_not_come_back(suffix: str, tmp_path: Path) -> None:
    """A film cut without encoding holds the sound from its last key frame on, and an edit list hides it."""
    whole = make_film(tmp_path / "whole.mp4", "-c:v", "libx264", "-g", "25", "-c:a", "aac", size="64x48", seconds=2)
    source = tmp_path / "film.mp4"
    run_ffmpeg("-ss", "0.8", "-i", whole, "-c", "copy", source)
    target, _ = colorize_clip(source, suffix)
    before, after = (times_of(path, from_begin=True) for path in (source, target))
    assert len(after) == len(before)
    assert abs(after[0] - before[0]) < Fraction(5, 100)  # a packet of AAC takes 23 ms
    length = float(ask(target, "format=duration")["format"]["duration"])
    assert length == pytest.approx(float(ask(source, "format=duration")["format"]["duration"]), abs=0.05)


@pytest.mark.parametrize("suffix", [".mov", ".mp4", ".mkv"])
def test_languages_are_kept_in_either_code(suffix: str, tmp_path: Path) -> None:
    """Of most languages ISO 639-2 has one code, of some two; FFmpeg writes one of them into MOV files."""
    same = [("deu", "ger"), ("ger", "ger"), ("fre", "fra"), ("swe", "sve"), ("nld", "dut"), ("spa", "spa")]
    tracks = [("-map", "1", f"-metadata:s:a:{number}", f"language={code}") for number, (code, _) in enumerate(same)]
    options = ("-map", "0", *(word for track in tracks for word in track), *FFV1, "-c:a", "pcm_s16le")
    source = make_film(tmp_path / "film.mkv", *options, size="64x48", seconds=0.08)
    target, result = colorize_clip(source, suffix)
    found = [one["tags"]["language"] for one in streams_of(target, "a", "index:stream_tags=language")]
    assert found == [pair[suffix == ".mov"] for pair in same]
    assert not any("tags" in note for note in result.notes)


def test_a_part_has_the_time_code_of_its_first_frame(film_with_everything: Path, tmp_path: Path) -> None:
    source = tmp_path / "film.mkv"
    source.write_bytes(film_with_everything.read_bytes())
    expectations = ((".mov", 0.5, "01:02:03:17"), (".mkv", 0.84, "01:02:04:00"), (".mp4", 0.2, "01:02:03:09"))
    for suffix, start, expected in expectations:
        target, result = colorize_clip(source, suffix, VideoOptions(start=start))
        answer = ask(target, "format_tags:stream_tags=timecode")
        tags = answer["format"].get("tags", {}) | answer["streams"][0].get("tags", {})
        assert {key.lower(): value for key, value in tags.items()}["timecode"] == expected
        assert not any("imecode" in note.lower() for note in result.notes)


def test_colours_alone_and_the_master_make_the_coloured_film(tmp_path: Path) -> None:
    pixels = ("-vf", "format=yuv422p10le", *FFV1, "-c:a", "flac")
    source = make_film(tmp_path / "film.mkv", *pixels, seconds=0.2)
    whole, _ = colorize_clip(source, ".mkv")
    target = tmp_path / "colours.mkv"
    result = colorize_video(source, target, Tinter(), VideoOptions(encoding=VideoEncoding(color_only=True)))
    assert set(np.unique(planes_of_film(target, deep=True))) == {502}
    assert [one["codec_type"] for one in ask(target, "stream=codec_type")["streams"]] == ["video"]
    merged = tmp_path / "merged.mkv"
    merge = "[0:v][1:v]mergeplanes=0x001112:yuv422p10le"
    run_ffmpeg("-i", source, "-i", target, "-filter_complex", merge, *FFV1, merged)
    for plane in "yuv":
        one, other = (planes_of_film(path, plane, deep=True) for path in (merged, whole))
        np.testing.assert_array_equal(one, other)
    assert result.notes == ()


@pytest.mark.parametrize(
    ("suffix", "encoding", "words"),
    [
        (".mxf", {"codec": "hevc"}, "expected a codec that MXF holds"),
        (".mp4", {"codec": "ffv1"}, "expected a codec that MP4 holds"),
        (".mov", {"bits": 8}, "expected 10 bits for ProRes, got 8"),
        (".mov", {"subsampling": "4:2:0"}, "expected 4:2:2 or 4:4:4 for ProRes"),
        (".mp4", {"codec": "hevc", "bits": 16}, "expected 8 or 10 or 12 bits for HEVC, got 16"),
        (".mov", {"codec": "dnxhr", "bits": 8, "subsampling": "4:4:4"}, "expected 10 bits for DNxHR"),
        (".avi", {}, "expected a film ending in one of"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(
    suffix: str, encoding: dict[str, object], words: str, tmp_path: Path
) -> None:
    source = make_film(tmp_path / "film.mp4", "-c:v", "libx264", size="272x128", seconds=0.1, sound=False)
    colorizer = Tinter()
    target, wanted = tmp_path / f"new{suffix}", VideoEncoding(**encoding)  # type: ignore[arg-type] # fields by name
    with pytest.raises(InvalidSetting, match=words):
        colorize_video(source, target, colorizer, VideoOptions(encoding=wanted))
    assert colorizer.predictions == 0
    assert not target.exists()


@pytest.mark.parametrize(
    ("size", "rate", "suffix", "words"),
    [
        ("160x120", "25", ".mxf", "at least 256 x 120 pixels for DNxHR, got 160 x 120"),
        ("272x128", "18", ".mxf", "frames a second for MXF, got 18"),
    ],
)
def test_films_that_a_format_cannot_hold_are_refused(
    size: str, rate: str, suffix: str, words: str, tmp_path: Path
) -> None:
    source = make_film(tmp_path / "film.mp4", "-c:v", "libx264", size=size, rate=rate, seconds=0.2, sound=False)
    with pytest.raises(InvalidSetting, match=words):
        colorize_clip(source, suffix)


@pytest.mark.parametrize(
    ("suffix", "codec"), [(".mov", "dnxhr"), (".mxf", "dnxhr"), (".mxf", "prores"), (".mov", "prores")]
)
def test_file_and_pictures_say_the_same_matrix(suffix: str, codec: str, tmp_path: Path) -> None:
    """DNxHR states BT.709 in every picture, so chroma is of that matrix, whatever the source has."""
    marks = "setparams=color_primaries=smpte170m:color_trc=smpte170m:colorspace=smpte170m:range=tv"
    source = make_film(
        *(tmp_path / "film.mkv", "-vf", f"format=yuv422p10le,{marks}", *FFV1), size="272x128", seconds=0.08, sound=False
    )
    target, result = colorize_clip(source, suffix, codec=codec)
    answer = ask(target, "stream=color_space:frame=color_space", "-select_streams", "v:0")
    same = {"bt470bg": "smpte170m"}  # two codes of one matrix
    found = {same.get(name, name) for name in (one["color_space"] for one in (*answer["streams"], *answer["frames"]))}
    assert found == {"bt709" if codec == "dnxhr" else "smpte170m"}
    assert not any("colour system" in note for note in result.notes)


def test_wrong_words_are_refused() -> None:
    with pytest.raises(InvalidSetting, match="expected a codec of"):
        VideoEncoding(codec="divx")
    with pytest.raises(InvalidSetting, match="expected a subsampling of"):
        VideoEncoding(subsampling="4:1:1")


def test_every_codec_of_a_container_can_be_encoded_here() -> None:
    for suffix, container in CONTAINERS.items():
        assert find_container(suffix.upper()) is container
        for name in container.codecs:
            codec = check_encoding(container, VideoEncoding(codec=name))
            assert codec is CODECS[name]
            depths = depths_of(codec)
            assert all((each, bits) in codec.profiles for each in depths for bits in depths[each]) or not codec.profiles


@pytest.mark.parametrize(
    ("suffix", "codec"), [(".mp4", "h264"), (".mp4", "hevc"), (".mkv", "ffv1"), (".mov", "prores")]
)
def test_shots_that_were_encoded_earlier_are_written_again(suffix: str, codec: str, tmp_path: Path) -> None:
    """A new encoder for each shot: the file with kept packets is that of an undisturbed run, byte by byte."""
    source = make_film(tmp_path / "film.mp4", "-c:v", "libx264", seconds=0.8, sound=False)
    kept: dict[int, list[list[EncodedPacket]]] = {}
    files = []
    for run in range(2):
        target = tmp_path / f"coloured{run}{suffix}"
        with VideoReader(source, target=find_container(suffix)) as reader:
            with VideoWriter(target, reader, encoding=VideoEncoding(codec=codec)) as writer:
                frames = [one for one in reader.read(luma=writer.format.luma) if isinstance(one, GrayFrame)]
                for number, shot in enumerate((frames[:7], frames[7:12], frames[12:])):
                    if run and number < 2:
                        replay(writer, shot, kept[number])
                    else:
                        kept[number] = encode(writer, shot)
            assert writer.frames == 20
            assert writer.duration == pytest.approx(0.8)
        files.append(target.read_bytes())
        times = times_of(target)
        assert max(abs(one - Fraction(number, 25)) for number, one in enumerate(times)) < TICK
        assert len(times) == 20
    assert files[0] == files[1]
    keys = ask(target, "frame=key_frame", "-select_streams", "v:0")["frames"]
    assert [keys[number]["key_frame"] for number in (0, 7, 12)] == [1, 1, 1]


def encode(writer: VideoWriter, shot: list[GrayFrame]) -> list[list[EncodedPacket]]:
    """Write a shot in grey; the packets of each frame, and those of the end."""
    packets = []
    for gray in shot:
        frame, planes = writer.new_frame(gray)
        planes.u[:] = planes.v[:] = planes.neutral
        packets.append([copy_of(one) for one in writer.write(frame)])
    return [*packets, [copy_of(one) for one in writer.end_shot()]]


def copy_of(one: EncodedPacket) -> EncodedPacket:
    """As if it had been on a disk in between."""
    return EncodedPacket(av.Packet(bytes(one.packet)), one.pts, one.dts, one.duration, one.is_keyframe)


def replay(writer: VideoWriter, shot: list[GrayFrame], packets: list[list[EncodedPacket]]) -> None:
    end = packets.pop()
    for number, (gray, ready) in enumerate(zip(shot, packets, strict=True)):
        given = [*ready, *(end if number == len(shot) - 1 else [])]
        for one in given:
            one.packet.pts, one.packet.dts, one.packet.duration = one.pts, one.dts, one.duration
            one.packet.time_base, one.packet.is_keyframe = writer.time_base, one.is_keyframe
        writer.write_encoded(gray, [one.packet for one in given])
