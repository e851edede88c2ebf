"""The controls of shots and projects under AppTest."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from colorizer import Look, Restoration
from colorizer.frames.repair import FilmRepair
from colorizer.video import VideoOptions
from colorizer.video.directing.direction import Direction
from colorizer.video.directing.project import Project
from colorizer.video.directing.shots import Shot, shots_at
from colorizer.video.formats import VideoEncoding
from dashboard.video import project_files
from dashboard.video.film import Film
from dashboard.video.upload import save_upload
from tests.support.film_clip import write_film

LOOK = Look(strength=0.5)
STARTS = (0.0, 1.0, 2.0)


@pytest.fixture
def film(tmp_path: Path) -> Film:
    write_film(tmp_path / "film.mp4", frames=30)
    data = (tmp_path / "film.mp4").read_bytes()
    return save_upload(data, name="film.mp4", upload="1", folder=tmp_path, max_seconds=60)


def look_page() -> None:
    import streamlit as st

    from colorizer import Look
    from dashboard.video.shot_look import draw_film_levels, draw_shot_look

    draw_shot_look(st.session_state["drawn"], Look(strength=0.5))
    draw_film_levels(st.session_state["drawn"])


def options_page() -> None:
    import streamlit as st

    from dashboard.video.controls import choose_options
    from dashboard.video.uploads import show_problem, take_dropped

    drawn = st.session_state["drawn"]
    take_dropped(drawn)
    show_problem(drawn)
    st.session_state["chosen"] = choose_options(drawn)


def run(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception, [each.message for each in page.exception]
    return page


@pytest.fixture
def look(film: Film) -> AppTest:
    film.directing.shots, film.moment = shots_at(STARTS), 1.5
    page = AppTest.from_function(look_page, default_timeout=60)
    page.session_state["drawn"] = film
    return run(page)


def test_a_shot_gets_its_own_look_and_gives_it_back(look: AppTest, film: Film) -> None:
    assert look.selectbox[0].label == "Colours of shot 2"
    assert look.slider.len == 0
    look.selectbox[0].set_value(-1)
    run(look)
    assert film.directing.shots[1] == Shot(start=1.0, look=LOOK, restoration=Restoration())
    look.slider(key="video-shot-1-warmth").set_value(0.25)
    run(look)
    look.checkbox(key="video-shot-1-levels").check()
    run(look)
    wanted = Shot(start=1.0, look=replace(LOOK, warmth=0.25), restoration=Restoration(levels=True))
    assert film.directing.shots == (Shot(start=0.0), wanted, Shot(start=2.0))
    look.selectbox[0].set_value(0)
    run(look)
    assert film.directing.shots == shots_at(STARTS)


def test_a_shot_is_as_another_one(look: AppTest, film: Film) -> None:
    look.selectbox[0].set_value(3)
    run(look)
    assert film.directing.shots[1].same_as == 3
    film.moment = 0.5
    run(look)
    assert (look.selectbox[0].label, look.selectbox[0].value) == ("Colours of shot 1", 0)


def test_levels_are_for_all_shots(look: AppTest, film: Film) -> None:
    look.checkbox(key="video-levels-1").check()
    run(look)
    assert film.directing.direction.restoration == Restoration(levels=True)


def open_in_page(film: Film, project: Project) -> AppTest:
    page = AppTest.from_function(options_page, default_timeout=60)
    page.session_state["drawn"] = film
    run(page)
    data = project.to_json().encode()
    film.directing.wanted = "film.json", lambda: data, partial(project_files.read_project, film)
    return run(page)


def test_an_opened_project_sets_all_controls(film: Film) -> None:
    options = VideoOptions(
        Look(strength=0.5, vividness=0.25, warmth=-0.5),
        smoothing=0.3,
        start=0.5,
        end=2.5,
        label=False,
        repair=FilmRepair(dust=True, deflicker=1.0, steady="crop"),
        direction=Direction(shots=shots_at(STARTS)),
        encoding=VideoEncoding(codec="prores", color_only=True),
    )
    page = open_in_page(film, Project(options=options, film=film.digest))
    assert page.session_state["chosen"] == ("compact", options)
    assert page.warning.len == 0


def test_what_the_page_has_no_control_for_is_said(film: Film) -> None:
    options = VideoOptions(repair=FilmRepair(deflicker=0.5), encoding=VideoEncoding(codec="hevc", bits=12))
    page = open_in_page(film, Project(options=options, film="0" * 64))
    assert page.session_state["chosen"] == ("compact", VideoOptions(repair=FilmRepair(deflicker=1.0)))
    words = " ".join(each.value for each in page.warning)
    assert "another film" in words
    assert "command line alone" in words
