"""The kinds of files that a film becomes on the page, with real encoders in workers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from colorizer import load_colorizer
from colorizer.cli.main import main
from colorizer.video import VideoEncoding, VideoOptions
from dashboard.server.job_queue import JobQueue
from dashboard.video.film import Film
from dashboard.video.formats import KINDS, FileKind, is_for_browsers, is_offered
from dashboard.video.runs import FilmPart, preview_part
from dashboard.video.upload import save_upload
from tests.support.film_clip import write_film
from tests.support.films import streams_of

SOON = 60.0
WRITTEN = {  # as ffprobe names them
    "MP4": ("h264", "yuv420p"),
    "HEVC, 10 bits": ("hevc", "yuv420p10le"),
    "ProRes": ("prores", "yuv422p10le"),
    "DNxHR": ("dnxhd", "yuv422p"),
    "FFV1": ("ffv1", "yuv420p"),
}


@pytest.fixture
def make_film(tmp_path: Path) -> Callable[..., Film]:
    def make(**options: int) -> Film:
        write_film(tmp_path / "film.mp4", **options)
        data = (tmp_path / "film.mp4").read_bytes()
        return save_upload(data, name="film.mp4", upload="1", folder=tmp_path, max_seconds=60)

    return make


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.title)
def test_every_kind_is_made_as_on_the_command_line(
    kind: FileKind, make_film: Callable[..., Film], tmp_path: Path
) -> None:
    film, queue = make_film(frames=8, width=256, height=128), JobQueue()
    options = VideoOptions(encoding=replace(kind.encoding, color_only=kind.title == "FFV1"))
    colorizer = load_colorizer("compact")
    pace = film.measure_pace(colorizer, options, queue=queue, owner="ann")
    assert pace.wait(SOON)
    film.start(FilmPart.WHOLE, colorizer, options, queue=queue, owner="ann")
    assert film.latest is not None
    assert film.latest.job.wait(SOON)
    result = film.collect_result()
    assert result is not None
    assert result.name == f"film_colorized{kind.suffix}"
    (found,) = streams_of(result.run.target, "v", "codec_name,pix_fmt")
    assert (found["codec_name"], found["pix_fmt"]) == WRITTEN[kind.title]
    assert pace.result().colored > 0
    words = ["--codec", kind.encoding.codec] if kind.encoding.codec else []
    words += ["--bits", str(kind.encoding.bits)] if kind.encoding.bits else []
    words += ["--colour-only"] if options.encoding.color_only else []
    again = tmp_path / f"again{kind.suffix}"
    assert main([str(film.source), "-o", str(again), *words]) == 0
    assert again.read_bytes() == result.run.target.read_bytes()


def test_a_preview_is_for_browsers_and_fits_any_kind(make_film: Callable[..., Film]) -> None:
    film, queue = make_film(frames=8), JobQueue()
    options = VideoOptions(encoding=VideoEncoding(codec="prores", color_only=True))
    part = preview_part(options, 0.0, film.length)
    assert is_for_browsers(part.encoding)
    film.start(FilmPart.PREVIEW, load_colorizer("compact"), part, queue=queue, owner="ann")
    assert film.latest is not None
    assert film.latest.job.wait(SOON)
    result = film.collect_result()
    assert result is not None
    assert result.run.target.suffix == ".mp4"
    assert result.is_made_with("compact", options)
    assert not result.is_made_with("compact", replace(options, smoothing=0.0))


def test_what_the_page_has_no_control_for_is_not_offered() -> None:
    assert all(is_offered(replace(kind.encoding, color_only=True)) for kind in KINDS)
    assert not is_offered(VideoEncoding(codec="hevc", bits=12))
    assert not is_offered(VideoEncoding(codec="ffv1", subsampling="4:4:4"))


def choice_page() -> None:
    import streamlit as st

    from dashboard.video.formats import choose_encoding

    st.session_state["chosen"] = choose_encoding(st.session_state["info"], key="file", disabled=False)


def test_a_kind_is_chosen_and_those_that_cannot_hold_the_film_are_left_out(make_film: Callable[..., Film]) -> None:
    film = make_film(frames=2)
    page = AppTest.from_function(choice_page, default_timeout=60)
    page.session_state["info"] = film.info
    page.run()
    assert page.radio[0].options == ["MP4", "HEVC, 10 bits", "ProRes", "FFV1"]
    assert page.session_state["chosen"] == VideoEncoding()
    page.radio[0].set_value(4)
    page.checkbox[0].check()
    page.run()
    assert page.session_state["chosen"] == VideoEncoding(codec="ffv1", color_only=True)
    page.session_state["info"] = replace(film.info, width=120, height=256, rotation=90)
    page.run()
    assert "DNxHR" in page.radio[0].options
