"""The options that repair films."""

from __future__ import annotations

import pytest

from colorizer.cli.arguments import make_parser
from colorizer.cli.film_arguments import make_video_options
from colorizer.frames.repair import FilmRepair
from tests.colorizer.cli.test_main import Captured


@pytest.mark.parametrize(
    ("words", "repair"),
    [
        ([], FilmRepair()),
        (["--remove-dust", "--remove-scratches"], FilmRepair(dust=True, scratches=True)),
        (["--deflicker"], FilmRepair(deflicker=1.0)),
        (["--deflicker-amount", "0.5", "--steady"], FilmRepair(deflicker=0.5, steady="fill")),
        (["--steady-crop"], FilmRepair(steady="crop")),
    ],
)
def test_the_options_say_what_to_repair(words: list[str], repair: FilmRepair) -> None:
    options = make_parser().parse_args([*words, "film.mkv", "-o", "out.mp4"])
    assert make_video_options(options).repair == repair


@pytest.mark.parametrize("words", [["--deflicker-amount", "2"], ["--deflicker-amount", "much"]])
def test_other_values_are_refused(words: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        make_parser().parse_args(["film.mkv", "-o", "out.mp4", *words])
    assert "argument --" in capsys.readouterr().err
