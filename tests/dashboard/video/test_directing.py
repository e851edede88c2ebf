"""What a visitor decides about shots and key frames, the workers for it and the project's file, with real films."""

from __future__ import annotations

import io
import threading
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from colorizer import (
    Hint,
    InvalidArchive,
    InvalidImage,
    InvalidRecipe,
    InvalidSetting,
    Look,
    Restoration,
    images,
    load_colorizer,
)
from colorizer.cli.main import main
from colorizer.color import lab
from colorizer.video import VideoOptions
from colorizer.video.directing.direction import Direction, FilmKey
from colorizer.video.directing.project import Project, find_pictures, read_project
from colorizer.video.directing.shots import merge, shots_at, split
from dashboard.server.job_queue import JobQueue
from dashboard.server.jobs import JobState
from dashboard.shared.reference import read_reference
from dashboard.video import project as project_module
from dashboard.video.colored_still import STILLS, examine_still
from dashboard.video.directed_project import keep_project, make_project, take_project
from dashboard.video.film import Film
from dashboard.video.project import DOCUMENT, ProjectFile, open_project, pack_project
from dashboard.video.runs import FilmPart
from dashboard.video.shot_work import read_shot_list, write_shot_list
from dashboard.video.upload import save_upload
from tests.support.shot_films import make_shots

SOON = 60.0
FRAME = 1 / 25
MAX_PIXELS = 10_000_000
STARTS = [0.0, 1.0, 2.0]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_shots(tmp_path_factory.mktemp("film") / "three.mp4").read_bytes()


@pytest.fixture
def film(data: bytes, tmp_path: Path) -> Film:
    return save_upload(data, name="three.mp4", upload="1", folder=tmp_path, max_seconds=60)


def blue(light: np.ndarray) -> bytes:
    """A picture of this lightness, 0..255, in blue."""
    encoded = io.BytesIO()
    pixels = np.stack([light * 0.5, light * 0.7, np.minimum(light * 1.6, 255)], axis=2).astype(np.uint8)
    Image.fromarray(pixels).save(encoded, "PNG")
    return encoded.getvalue()


def still_at(film: Film, seconds: float) -> np.ndarray:
    still = film.still_at(seconds)
    assert still is not None
    return np.asarray(still.picture.pixels)


def keep(film: Film, data: bytes, name: str = "blue.png") -> str:
    return film.directing.keep_still(name, data, examine_still(data, None, MAX_PIXELS))


def test_shots_are_found_and_each_has_its_picture(film: Film) -> None:
    directing, queue = film.directing, JobQueue()
    directing.find(queue=queue, owner="ann")
    job = directing.finding
    assert job is not None
    assert job.wait(SOON)
    assert job.progress == pytest.approx(3.0, abs=2 * FRAME)
    directing.shots = job.result()
    assert [shot.start for shot in directing.shots] == pytest.approx(STARTS, abs=FRAME / 2)
    reading = directing.read_pictures(queue=queue, owner="ann")
    assert reading is not None
    assert reading.wait(SOON)
    assert directing.read_pictures(queue=queue, owner="ann") is None
    for number, picture in enumerate(directing.shot_pictures(), start=1):
        assert picture is not None
        with Image.open(io.BytesIO(picture)) as shown:
            wanted = Image.fromarray(still_at(film, directing.middle(number)))
            difference = np.asarray(shown.convert("L"), float) - np.asarray(wanted.resize(shown.size), float)
            assert np.abs(difference).mean() < 6


def test_a_click_that_comes_twice_begins_one_search(film: Film) -> None:
    directing, queue, busy = film.directing, JobQueue(), threading.Event()
    queue.submit(lambda _: busy.wait(SOON), owner="bob")
    directing.find(queue=queue, owner="ann")
    job = directing.finding
    directing.find(queue=queue, owner="ann")
    assert directing.finding is job
    assert job is not None
    job.cancel()
    busy.set()


def test_a_search_that_is_stopped_leaves_no_shots(film: Film) -> None:
    queue = JobQueue()
    film.directing.find(queue=queue, owner="ann")
    assert film.directing.finding is not None
    film.directing.finding.cancel()
    assert film.directing.finding.wait(SOON)
    assert film.directing.finding.state is not JobState.DONE
    assert film.directing.shots == ()


def test_pictures_of_changed_shots_are_read_and_others_kept(film: Film) -> None:
    directing, queue = film.directing, JobQueue()
    directing.shots = shots_at(STARTS)
    directing.pictures = {0.5: b"1", 1.5: b"2", 2.5: b"3"}
    directing.shots = split(directing.shots, 1.2)
    assert directing.shot_pictures() == [b"1", None, b"2", b"3"]
    reading = directing.read_pictures(queue=queue, owner="ann")
    assert reading is not None
    assert reading.wait(SOON)
    assert list(reading.result()) == [pytest.approx(1.1)]
    directing.shots = merge(directing.shots, 1)
    assert directing.shot_pictures() == [b"1", b"2", b"3"]
    directing.shots = ()
    assert directing.shot_pictures() == []


def test_shot_lists_go_down_and_up(film: Film) -> None:
    shots = shots_at(STARTS)
    for suffix in (".csv", ".edl"):
        written = write_shot_list(film.source, film.info, shots, suffix, "three")
        assert read_shot_list(film.source, film.info, f"list{suffix}", written) == shots
    with pytest.raises(InvalidSetting):
        read_shot_list(film.source, film.info, "list.csv", b"Dear grandma")


def test_a_still_fits_its_own_frame_and_no_other(film: Film) -> None:
    light = still_at(film, 2.5)
    data = blue(light.astype(float))
    own = examine_still(data, lab.luminance(light), MAX_PIXELS)
    other = examine_still(data, lab.luminance(still_at(film, 0.5)), MAX_PIXELS)
    assert (own.fits, other.fits, own.pixels) == (True, False, 160 * 120)
    assert own.key is not None
    assert own.key.ab[..., 1].mean() < -20
    with Image.open(io.BytesIO(own.thumbnail)) as thumbnail:
        assert thumbnail.size == (96, 72)


def test_a_grey_still_is_refused(film: Film) -> None:
    encoded = io.BytesIO()
    Image.fromarray(still_at(film, 2.5)).save(encoded, "PNG")
    with pytest.raises(InvalidImage, match="grey"):
        examine_still(encoded.getvalue(), lab.luminance(still_at(film, 2.5)), MAX_PIXELS)


def test_key_frames_belong_to_their_shots_and_each_frame_has_one(film: Film) -> None:
    directing = film.directing
    directing.shots = shots_at(STARTS)
    hint = Hint(0.5, 0.5, "#aa3311")
    directing.put_key(FilmKey(seconds=1.0, hints=(hint,)))
    directing.put_key(FilmKey(seconds=2.0 - FRAME, hints=(hint,)))
    directing.put_key(FilmKey(seconds=1.0 + FRAME / 4, picture="0" * 64))  # of the same frame as the first
    assert [key.seconds for key in directing.keys_of(2)] == [1.0 + FRAME / 4, 2.0 - FRAME]
    assert directing.keys_of(1) == directing.keys_of(3) == []
    directing.remove_key(1.0)
    assert [key.seconds for key in directing.direction.keys] == [2.0 - FRAME]


def test_a_shot_is_shown_in_its_own_look(film: Film) -> None:
    warm, options = Look(warmth=0.5), VideoOptions(Look(strength=0.5))
    assert film.directing.settings_at(1.5, options) == options
    first, second, third = shots_at(STARTS)
    film.directing.shots = (first, replace(second, look=warm), replace(third, same_as=2))
    looks = [film.directing.settings_at(seconds, options).look for seconds in (0.5, 1.5, 2.5)]
    assert looks == [options.look, warm, warm]


def directed(film: Film) -> tuple[Project, bytes]:
    """A project with everything in it, and the still that it needs."""
    data = blue(still_at(film, 2.5).astype(float))
    digest = keep(film, data)
    directing = film.directing
    directing.reference.picture = read_reference("blue.png", data, MAX_PIXELS)
    directing.shots = (*shots_at([0.0, 1.0]), replace(shots_at([2.0])[1], look=Look(warmth=0.5)))
    directing.restoration = Restoration(levels=True)
    directing.put_key(FilmKey(seconds=1.52, hints=(Hint(0.5, 0.5, "#aa3311"),)))
    directing.put_key(FilmKey(seconds=2.52, picture=digest))
    options = VideoOptions(Look(strength=0.5), direction=directing.direction)
    return make_project(directing, options, "compact", film.digest), data


def test_a_project_is_packed_and_opened_again(film: Film, data: bytes, tmp_path: Path) -> None:
    project, still = directed(film)
    digest = sha256(still).hexdigest()
    assert project.film == sha256(data).hexdigest()
    packed = pack_project(project.to_json(), [film.directing.stills[digest].path])
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(folder)
    found = find_pictures(read_project(folder / DOCUMENT), folder)  # as the command line does
    assert found[digest].read_bytes() == still

    (tmp_path / "other").mkdir()
    other = save_upload(data, name="three.mp4", upload="2", folder=tmp_path / "other", max_seconds=60)
    read = open_project(packed, MAX_PIXELS)
    assert read.project == project
    assert take_project(other.directing, read) == 0
    assert other.directing.direction == film.directing.direction
    assert other.directing.direction.reference == digest
    assert other.directing.reference.picture == film.directing.reference.picture
    assert other.directing.stills[digest].path.read_bytes() == still


def test_the_reference_of_a_project_is_decoded_once(film: Film, monkeypatch: pytest.MonkeyPatch) -> None:
    project, still = directed(film)
    digest = sha256(still).hexdigest()
    monkeypatch.setattr(project_module, "examine_still", lambda *_: pytest.fail("the reference is decoded again"))
    read = open_project(pack_project(project.to_json(), [film.directing.stills[digest].path]), MAX_PIXELS)
    assert read.reference is not None
    facts = read.facts[digest]
    assert facts.pixels == film.directing.stills[digest].facts.pixels
    assert max(images.decode(facts.thumbnail).pixels.shape) > 64  # shown 64 wide


def test_a_project_without_its_stills_leaves_their_key_frames_out(film: Film) -> None:
    project, _ = directed(film)
    film.directing.stills.clear()
    assert take_project(film.directing, open_project(project.to_json().encode(), MAX_PIXELS)) == 1
    assert [key.seconds for key in film.directing.direction.keys] == [1.52]
    assert film.directing.reference.picture is None


def test_a_project_without_a_reference_takes_that_of_the_page_away(film: Film) -> None:
    directed(film)
    assert take_project(film.directing, open_project(Project().to_json().encode(), MAX_PIXELS)) == 0
    assert film.directing.direction == Direction()


def test_a_reference_is_kept_and_the_film_is_made_as_on_the_command_line(film: Film, tmp_path: Path) -> None:
    field, colorizer, queue = film.directing.reference, load_colorizer("compact"), JobQueue()
    data = blue(still_at(film, 2.5).astype(float))
    assert field.keep is not None
    field.picture = read_reference("blue.png", data, MAX_PIXELS)
    field.keep(field.picture, data)
    reference = tmp_path / "reference.png"
    reference.write_bytes(data)
    options = VideoOptions(start=2.5, direction=film.directing.direction)
    film.start(FilmPart.WHOLE, colorizer, options, queue=queue, owner="ann")
    assert film.latest is not None
    assert film.latest.job.wait(SOON)
    result = film.collect_result()
    assert result is not None
    assert result.is_made_with("compact", options)
    field.clear()
    assert not result.is_made_with("compact", replace(options, direction=film.directing.direction))
    made = tmp_path / "made.mp4"
    assert main([str(film.source), "-o", str(made), "--start", "2.5", "--reference", str(reference)]) == 0
    assert made.read_bytes() == result.run.target.read_bytes()


def test_no_path_of_an_opened_project_is_used(film: Film, tmp_path: Path) -> None:
    project, still = directed(film)
    digest = sha256(still).hexdigest()
    secret = tmp_path / "secret.png"
    secret.write_bytes(still)
    film.directing.stills.clear()
    lying = replace(project, pictures={digest: str(secret)})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(DOCUMENT, lying.to_json())
        archive.writestr(f"{STILLS}/../../../evil.png", b"another picture")
    read = open_project(packed.getvalue(), MAX_PIXELS)
    assert read == ProjectFile(lying, {})
    assert take_project(film.directing, read) == 1
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"Dear grandma", InvalidRecipe),
        (b"{}", InvalidRecipe),
        (pack_project("{}", []), InvalidRecipe),
        (pack_project(Project().to_json(), [])[:-30], InvalidRecipe),
    ],
)
def test_what_is_no_project_is_refused(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        open_project(content, MAX_PIXELS)


def test_a_zip_file_that_unpacks_to_too_much_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DOCUMENT, b" " * 30_000_000)
    with pytest.raises(InvalidArchive, match="at most 20 MB"):
        open_project(packed.getvalue(), MAX_PIXELS)


def test_finished_shots_are_not_done_again(film: Film, data: bytes, tmp_path: Path) -> None:
    colorizer, queue = load_colorizer("compact"), JobQueue()

    def run(of: Film, options: VideoOptions) -> tuple[set[str], bytes]:
        of.start(FilmPart.WHOLE, colorizer, options, queue=queue, owner="ann")
        assert of.latest is not None
        assert of.latest.job.wait(SOON)
        result = of.collect_result()
        assert result is not None
        return {path.name for path in (of.directing.folder / "shots").iterdir()}, result.run.target.read_bytes()

    options = VideoOptions(direction=Direction(shots=shots_at(STARTS)))
    first, _ = run(film, options)
    first_two, last = options.direction.shots[:2], options.direction.shots[2]
    shots = (*first_two, replace(last, look=Look(warmth=0.5)))
    changed = replace(options, direction=Direction(shots=shots))
    second, made = run(film, changed)
    assert (len(first), len(second - first)) == (3, 1)
    (tmp_path / "other").mkdir()
    other = save_upload(data, name="three.mp4", upload="2", folder=tmp_path / "other", max_seconds=60)
    assert run(other, changed)[1] == made


def test_the_project_lies_in_the_session_as_one_works_and_goes_with_the_film(film: Film) -> None:
    keep_project(film.directing, make_project(film.directing, VideoOptions(), "compact", film.digest))
    assert not film.directing.folder.exists(), "nothing is directed yet"
    project, _ = directed(film)
    keep_project(film.directing, project)
    path = film.directing.folder / DOCUMENT
    assert find_pictures(read_project(path), path.parent).keys() == set(project.options.direction.pictures())
    shots = film.directing.files(project.options.direction).shots
    assert shots is not None
    assert shots.is_dir()
    assert film.directing.files(Direction()).shots is None
    film.delete()
    assert list(film.source.parent.iterdir()) == []
