"""The project's file: written whole, read back the same, refused with words where it cannot be."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from colorizer import Hint, InvalidRecipe, Look, Restoration
from colorizer.frames.repair import FilmRepair
from colorizer.network.weights import file_sha256
from colorizer.video import VideoOptions
from colorizer.video.directing.direction import Direction, FilmKey
from colorizer.video.directing.project import Project, find_pictures, read_project, write_project
from colorizer.video.directing.shots import Shot


@pytest.fixture
def stills(tmp_path: Path) -> dict[str, Path]:
    """Files by their SHA-256; a project does not read them as pictures."""
    paths = [tmp_path / "stills" / "first.png", tmp_path / "Großmutter.jpg"]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(path.name.encode())
    return {file_sha256(path): path for path in paths}


def project_with(stills: dict[str, Path]) -> Project:
    first, second = stills
    direction = Direction(
        shots=(
            Shot(start=0.0),
            Shot(start=1.5, look=Look(warmth=0.3), restoration=Restoration(levels=True)),
            Shot(start=2.1, same_as=2),
        ),
        keys=(
            FilmKey(seconds=0.0, picture=first),
            FilmKey(seconds=1.7, look=Look(strength=1.2), hints=(Hint(0.5, 0.5, "#aa2200"),), variant=2),
        ),
        restoration=Restoration(crop_border=True),
        reference=second,
    )
    options = VideoOptions(Look(strength=1.1), 0.5, 0.5, 9.0, repair=FilmRepair(dust=True), direction=direction)
    return Project(options=options, model="zhang2016", film="f" * 64)


def test_a_text_editor_may_put_a_byte_order_mark_before_it(tmp_path: Path, stills: dict[str, Path]) -> None:
    path = tmp_path / "film.json"
    path.write_text(project_with(stills).to_json(), "utf-8-sig")
    assert read_project(path) == project_with(stills)


def test_a_project_is_read_as_it_was_written(tmp_path: Path, stills: dict[str, Path]) -> None:
    project, path = project_with(stills), tmp_path / "work" / "film.json"
    write_project(path, project, stills)
    again = read_project(path)
    assert again.options == project.options
    assert (again.model, again.film) == (project.model, project.film)
    assert sorted(again.pictures.values()) == ["../Großmutter.jpg", "../stills/first.png"]
    found = find_pictures(again, path.parent)
    assert {name: file.resolve() for name, file in found.items()} == stills
    assert [file.name for file in path.parent.iterdir()] == ["film.json"]
    before = path.read_bytes()
    write_project(path, again, found)
    assert path.read_bytes() == before


def test_a_project_moves_with_its_pictures(tmp_path: Path, stills: dict[str, Path]) -> None:
    write_project(tmp_path / "film.json", project_with(stills), stills)
    moved = tmp_path.with_name(f"{tmp_path.name}-moved")
    tmp_path.rename(moved)
    assert len(find_pictures(read_project(moved / "film.json"), moved)) == 2
    moved.rename(tmp_path)


def test_pictures_that_are_missing_or_others(tmp_path: Path, stills: dict[str, Path]) -> None:
    project = project_with(stills)
    with pytest.raises(InvalidRecipe, match="expected the path of the picture"):
        find_pictures(project, tmp_path)
    write_project(tmp_path / "film.json", project, stills)
    (tmp_path / "stills" / "first.png").write_bytes(b"another")
    with pytest.raises(InvalidRecipe, match=r"first.png with the SHA-256 .*, as in the project, got a file with"):
        find_pictures(read_project(tmp_path / "film.json"), tmp_path)
    (tmp_path / "stills" / "first.png").unlink()
    with pytest.raises(InvalidRecipe, match=r"first.png with the SHA-256 .*, as in the project, got no such file"):
        find_pictures(read_project(tmp_path / "film.json"), tmp_path)


def test_paths_that_were_changed_by_hand(tmp_path: Path, stills: dict[str, Path]) -> None:
    """Backslashes, and pictures that were moved beside the project; a name that no file has is refused."""
    first, second = stills
    ways = {first: "stills\\first.png", second: "C:\\films\\Großmutter.jpg"}
    project = replace(project_with(stills), pictures=ways)
    assert find_pictures(project, tmp_path) == stills
    for way in ("", "..", "a\0b", "stills"):
        with pytest.raises(InvalidRecipe, match="as in the project, got no such file"):
            find_pictures(replace(project, pictures={**ways, first: way}), tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"project": 2}, "a project of format 1, got 2"),
        ({"options": {"look": {"warmth": 3}}}, "project.options.look: expected a warmth from -1 to 1, got 3"),
        ({"options": {"direction": {"shots": [{"start": 1.0}]}}}, "first shot that starts at 0 seconds, got 1"),
        ({"options": {"direction": {"shots": [{"begin": 1.0}]}}}, "expected settings that this version knows"),
        ({"options": {"direction": {"keys": [{}]}}}, "expected seconds in project.options.direction.keys"),
        (
            {"options": {"direction": {"keys": [{"seconds": "noon"}]}}},
            r"keys\[0\].seconds: expected seconds, H:MM:SS or a time code HH:MM:SS:FF, got 'noon'",
        ),
        ({"options": {"end": "00:00:01:12"}}, "options.end: expected seconds or H:MM:SS .*, got the time code '00:00"),
        ({"film": 5}, "project.film to be of type str, got 5"),
    ],
)
def test_documents_that_are_refused(change: dict[str, object], message: str) -> None:
    document = json.loads(Project().to_json()) | change
    with pytest.raises(InvalidRecipe, match=message):
        Project.from_json(json.dumps(document))


def test_times_as_people_write_them_into_a_project() -> None:
    direction = {"shots": [{"start": "0"}, {"start": "0:30"}], "keys": [{"seconds": "1:02:03.5"}, {"seconds": 7}]}
    document = {"project": 1, "options": {"start": "0:00:05", "end": "90", "direction": direction}}
    options = Project.from_json(json.dumps(document)).options
    assert (options.start, options.end) == (5.0, 90.0)
    assert [shot.start for shot in options.direction.shots] == [0.0, 30.0]
    assert [key.seconds for key in options.direction.keys] == [3723.5, 7.0]


@pytest.mark.parametrize("text", ["", "[]", "{}", "no", '{"project": NaN}', "[" * 100_000, b"\xff\xfe"])
def test_what_is_no_project(text: str | bytes) -> None:
    with pytest.raises(InvalidRecipe, match="expected a project"):
        Project.from_json(text)


def test_a_document_that_is_too_large() -> None:
    with pytest.raises(InvalidRecipe, match="a project of at most 20 MB, got 20"):
        Project.from_json(b" " * 20_000_001)
