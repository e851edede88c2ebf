"""What a film has beside its picture and sound: kept in the result, or named. Judged by ffprobe and FFmpeg."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from colorizer.video import VideoOptions, VideoResult, colorize_video, probe
from colorizer.video.metadata import cut_chapters, lost_tags, readable_tags
from colorizer.video.subtitles import Subtitle, timeline
from tests.support.films import Tinter, ask, planes_of_film, run_ffmpeg, streams_of
from tests.support.find_tools import find_tool

PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration={}")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-pix_fmt", "yuv420p")

SRT = """1
00:00:00,200 --> 00:00:01,000
Hello <i>there</i>

2
00:00:01,500 --> 00:00:08,000
The end
of all
"""
VTT = """WEBVTT

00:00.200 --> 00:01.000 align:start
Hello <c.yellow><i>there</i></c>

00:01.500 --> 00:08.000
The end
of all
"""
ASS = r"""[Script Info]
ScriptType: v4.00+
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Bold, Italic, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,20,&H00FFFFFF,0,0,2,10,10,10,1
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.20,0:00:01.00,Default,,0,0,0,,{\an8\pos(5,5)}Hello {\i1}there{\i0}
Dialogue: 0,0:00:00.20,0:00:01.00,Default,,0,0,0,,{\p1}m 0 0 l 10 10 l 10 0{\p0}
Dialogue: 0,0:00:01.50,0:00:08.00,Default,,0,0,0,,The end\Nof all
"""


def colorize_clip(source: Path, options: VideoOptions | None = None) -> tuple[Path, VideoResult]:
    target = source.with_name("coloured.mp4")
    return target, colorize_video(source, target, Tinter(), options or VideoOptions())


def film(path: Path, *options: str | Path, seconds: float = 2) -> Path:
    run_ffmpeg(*(word.format(seconds) for word in PICTURE), *options, path)
    return path


def named(result: VideoResult, *words: str) -> bool:
    return any(all(word in note for word in words) for note in result.notes)


def shown_texts(path: Path, track: int = 0) -> list[str]:
    """The subtitles as FFmpeg reads them, in SubRip without numbers: time, then lines."""
    text = run_ffmpeg("-i", path, "-map", f"0:s:{track}", "-f", "srt", "-").decode()
    return [block.split("\n", 1)[1] for block in text.strip().split("\n\n")] if text.strip() else []


@pytest.mark.parametrize(
    ("ending", "codec", "text"),
    [
        ("mkv", "subrip", SRT),
        ("mkv", "ass", ASS),
        ("mkv", "webvtt", VTT),
        ("mp4", "mov_text", SRT),
        ("webm", "webvtt", VTT),
    ],
)
def test_text_subtitles_are_kept(ending: str, codec: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / f"text.{ {'ass': 'ass', 'webvtt': 'vtt'}.get(codec, 'srt') }"
    file.write_text(text, encoding="utf-8")
    picture = ("-c:v", "libvpx", "-deadline", "realtime") if ending == "webm" else H264
    options = ("-map", "0", "-map", "1", *picture, "-c:s", codec, "-metadata:s:s:0", "language=fra")
    source = film(tmp_path / f"film.{ending}", "-i", file, *options)
    target, result = colorize_clip(source)
    tracks = streams_of(target, "s", "codec_name:stream_tags=language")
    assert [(one["codec_name"], one["tags"]["language"]) for one in tracks] == [("mov_text", "fra")]
    first, second = shown_texts(target)
    assert first.startswith("00:00:00,200 --> 00:00:01,000\n")
    assert "Hello" in first
    assert "<i>there</i>" in first
    assert "m 0 0" not in first
    begin, end = second.splitlines()[0].split(" --> ")
    assert begin == "00:00:01,500"
    assert re.sub("<.*?>", "", second).splitlines()[1:] == ["The end", "of all"]
    assert end in ("00:00:02,000", "00:00:02,040"), "expected the text to end with the film"
    assert result.complete
    assert not named(result, "ubtitle")
    assert float(ask(target, "format=duration")["format"]["duration"]) == pytest.approx(2, abs=0.05)


def test_subtitles_of_a_part(tmp_path: Path) -> None:
    """One text began before the part, one ends after it."""
    file = tmp_path / "text.srt"
    file.write_text(SRT, encoding="utf-8")
    source = film(tmp_path / "film.mkv", "-i", file, "-map", "0", "-map", "1", *H264, "-c:s", "subrip", seconds=3)
    target, _ = colorize_clip(source, VideoOptions(start=0.8, end=2.4))
    assert [text.splitlines()[0] for text in shown_texts(target)] == [
        "00:00:00,000 --> 00:00:00,200",
        "00:00:00,700 --> 00:00:01,600",
    ]


def test_texts_at_the_same_time_are_shown_together() -> None:
    """MP4 has one text at a time."""
    texts = [Subtitle(b"0,,,,,,,,one", 1, 4), Subtitle(b"1,,,,,,,,two", 2, 3), Subtitle(b"2,,,,,,,,three", 6, None)]
    assert list(timeline(texts, 8)) == [
        Subtitle(b"", 0, 1),
        Subtitle(b"0,,,,,,,,one", 1, 2),
        Subtitle(rb"0,,,,,,,,one\Ntwo", 2, 3),
        Subtitle(b"0,,,,,,,,one", 3, 4),
        Subtitle(b"", 4, 6),
        Subtitle(b"2,,,,,,,,three", 6, 8),
    ]
    assert list(timeline([Subtitle(b"0,,,,,,,,late", 9, 10)], 8)) == []


def test_subtitles_that_are_pictures_are_named(tmp_path: Path) -> None:
    source = tmp_path / "film.mkv"
    film(tmp_path / "plain.mkv", *H264)
    file = tmp_path / "text.srt"
    file.write_text(SRT, encoding="utf-8")
    run_ffmpeg("-i", tmp_path / "plain.mkv", "-i", file, "-map", "0", "-map", "1", "-c", "copy", source)
    data = source.read_bytes()
    source.write_bytes(data.replace(b"S_TEXT/UTF8", b"S_VOBSUB\0\0\0"))
    target, result = colorize_clip(source)
    assert streams_of(target, "s", "codec_name") == []
    assert named(result, "subtitles", "dvd_subtitle", "track 2", "left out")


def chapters_of(path: Path) -> list[tuple[float, float, str]]:
    command = [str(find_tool("ffprobe")), "-v", "error", "-show_chapters", "-of", "json", str(path)]
    answer: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    return [(float(one["start_time"]), float(one["end_time"]), one["tags"]["title"]) for one in answer["chapters"]]


@pytest.fixture
def film_with_chapters(tmp_path: Path) -> Path:
    file = tmp_path / "chapters.txt"
    chapters = [(0, 1000, "Arrival"), (1000, 2500, "Swim"), (2500, 3000, "Fireworks")]
    text = "".join(f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={a}\nEND={b}\ntitle={title}\n" for a, b, title in chapters)
    file.write_text(f";FFMETADATA1\ntitle=Lake\nDATE_DIGITIZED=2020-01-02\nartist=Aunt Ada\n{text}", encoding="utf-8")
    return film(tmp_path / "film.mkv", "-i", file, "-map_metadata", "1", *H264, seconds=3)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (VideoOptions(), [(0, 1, "Arrival"), (1, 2.5, "Swim"), (2.5, 3, "Fireworks")]),
        (VideoOptions(start=0.4, end=2), [(0, 0.6, "Arrival"), (0.6, 1.6, "Swim")]),
    ],
    ids=["whole", "part"],
)
def test_chapters_are_kept(options: VideoOptions, expected: Any, film_with_chapters: Path) -> None:
    target, _ = colorize_clip(film_with_chapters, options)
    found = chapters_of(target)
    assert [title for *_, title in found] == [title for *_, title in expected]
    np.testing.assert_allclose([times[:2] for times in found], [times[:2] for times in expected], atol=0.01)


def test_chapters_end_with_a_film_that_is_stopped(film_with_chapters: Path) -> None:
    target = film_with_chapters.with_name("coloured.mp4")
    frames = iter(range(1000))
    colorize_video(film_with_chapters, target, Tinter(), cancelled=lambda: next(frames) >= 30)
    assert [title for *_, title in chapters_of(target)] == ["Arrival", "Swim"]
    assert float(ask(target, "format=duration")["format"]["duration"]) == pytest.approx(1.24, abs=0.05)


def test_tags_are_kept_or_named(film_with_chapters: Path) -> None:
    target, result = colorize_clip(film_with_chapters)
    tags = ask(target, "format_tags")["format"]["tags"]
    assert (tags["title"], tags["artist"]) == ("Lake", "Aunt Ada")
    assert result.notes == ("MP4 has no place for these tags, which are left out: DATE_DIGITIZED.",)


def test_tags_that_are_no_utf8(tmp_path: Path) -> None:
    source = film(tmp_path / "film.avi", "-c:v", "mpeg4", "-metadata", "title=Fruehling am See")
    source.write_bytes(source.read_bytes().replace(b"Fruehling", "Frühling ".encode("cp1252")))
    target, _ = colorize_clip(source)
    assert ask(target, "format_tags")["format"]["tags"]["title"] == "Frühling  am See"


def test_which_tags_are_lost() -> None:
    had = {"TITLE": "a", "ENCODER": "x", "BPS-eng": "12", "made-with": "b", "empty": " ", "language": "en-GB"}
    assert lost_tags(had, {"title": "a", "language": "und"}) == ["made-with", "language"]
    assert readable_tags({"a": "caf\udce9", "b": "café"}) == {"a": "café", "b": "café"}
    assert cut_chapters([], start=0, length=1) == []  # type: ignore[arg-type] # numbers are fractions too


SECOND = ("-f", "lavfi", "-i", "testsrc2=size=128x96:rate=25:duration=1,negate")


@pytest.mark.parametrize(
    ("marks", "chosen"),
    [
        (("default", "0"), (64, 48)),
        (("0", "default"), (128, 96)),
        (("0", "0"), (128, 96)),
        (("default", "default"), (128, 96)),
    ],
)
def test_the_default_picture_is_coloured_else_the_largest(
    marks: tuple[str, str], chosen: tuple[int, int], tmp_path: Path
) -> None:
    dispositions = [word for track, mark in enumerate(marks) for word in (f"-disposition:v:{track}", mark)]
    source = film(tmp_path / "film.mkv", *SECOND, "-map", "0", "-map", "1", *H264, *dispositions, seconds=1)
    target, result = colorize_clip(source)
    found = streams_of(target, "v", "width,height")
    assert [(one["width"], one["height"]) for one in found] == [chosen]
    assert (probe(source).width, probe(source).height) == chosen
    other = ({(64, 48), (128, 96)} - {chosen}).pop()
    assert named(result, f"second picture of {other[0]} x {other[1]} pixels", "left out")


def test_a_cover_and_attached_files(tmp_path: Path) -> None:
    cover, font = tmp_path / "cover.png", tmp_path / "letters.ttf"
    Image.new("RGB", (32, 32), "red").save(cover)
    font.write_bytes(b"\0\1\0\0" * 20)
    attached = ("-attach", font, "-metadata:s:t:0", "mimetype=application/x-truetype-font")
    mkv = film(tmp_path / "film.mkv", *H264, *attached, seconds=1)
    target, result = colorize_clip(mkv)
    assert named(result, "letters.ttf", "left out")
    mp4 = tmp_path / "film.mp4"
    run_ffmpeg(
        *("-i", mkv, "-i", cover, "-map", "0:v", "-map", "1", "-c", "copy", "-disposition:v:1", "attached_pic"), mp4
    )
    target, result = colorize_clip(mp4)
    pictures = streams_of(target, "v", "codec_name,width:stream_disposition=attached_pic")
    assert [(one["codec_name"], one["disposition"]["attached_pic"]) for one in pictures] == [("h264", 0), ("png", 1)]
    assert run_ffmpeg("-i", target, "-map", "0:v:1", "-c", "copy", "-f", "image2pipe", "-") == cover.read_bytes()
    assert result.notes == ()


@pytest.mark.parametrize("ending", ["mov", "mkv", "mxf"])
def test_a_time_code_is_kept(ending: str, tmp_path: Path) -> None:
    """That of a part is the one of its first frame."""
    source = film(tmp_path / f"film.{ending}", "-c:v", "mpeg2video", "-timecode", "01:02:03:04", seconds=1)
    target, result = colorize_clip(source)
    assert streams_of(target, "v", "index:stream_tags=timecode")[0]["tags"]["timecode"] == "01:02:03:04"
    assert result.notes == ()
    target, result = colorize_clip(source, VideoOptions(start=0.5))
    assert streams_of(target, "v", "index:stream_tags=timecode")[0]["tags"]["timecode"] == "01:02:03:17"
    assert result.notes == ()


@pytest.mark.parametrize(
    ("ending", "options", "words"),
    [
        ("mov", ("-pix_fmt", "yuva444p10le", "-c:v", "prores_ks"), ("12 bits", "transparency")),
        ("webm", ("-pix_fmt", "yuva420p", "-c:v", "libvpx", "-auto-alt-ref", "0"), ("transparency",)),
        ("mkv", ("-pix_fmt", "yuv420p10le", "-c:v", "ffv1"), ("10 bits",)),
        ("mkv", ("-pix_fmt", "gray12le", "-c:v", "ffv1"), ("12 bits",)),
        ("mov", ("-pix_fmt", "rgba", "-c:v", "png"), ("transparency",)),
        ("mkv", (*H264, "-metadata:s:v", "stereo_mode=left_right"), ("3D",)),
    ],
)
def test_what_the_picture_loses_is_named(
    ending: str, options: tuple[str, ...], words: tuple[str, ...], tmp_path: Path
) -> None:
    target, result = colorize_clip(film(tmp_path / f"film.{ending}", *options, seconds=0.2))
    assert len(result.notes) == len(words)
    for word in words:
        assert named(result, word)
    assert len(planes_of_film(target)) == 5


def test_closed_captions_in_the_pictures_are_named(tmp_path: Path) -> None:
    """CEA-608 in the user data of MPEG-2 (ATSC A/53), from the second half of the film on."""
    stream = tmp_path / "film.m2v"
    film(stream, "-c:v", "mpeg2video", "-bf", "0", seconds=1)
    captions = b"\0\0\1\xb2GA94\3\x41\xff\xfc\x94\x2c\xff"
    first_slice = b"\0\0\1\1"
    pictures = stream.read_bytes().split(first_slice)
    half = len(pictures) // 2
    stream.write_bytes(
        first_slice.join([*pictures[:half], *(part + captions for part in pictures[half:-1]), pictures[-1]])
    )
    source = tmp_path / "film.mkv"
    run_ffmpeg("-fflags", "+genpts", "-i", stream, "-c", "copy", source)
    _, result = colorize_clip(source)
    assert result.frames == 25
    assert named(result, "closed captions", "left out")
