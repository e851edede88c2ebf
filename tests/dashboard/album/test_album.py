"""Albums: what is coloured when, and what of it is kept. Without the page."""

from __future__ import annotations

import errno
import io
import re
import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from PIL import Image, JpegImagePlugin

from colorizer import Hint, InvalidArchive, InvalidImage, Look, Restoration, load_colorizer
from colorizer.images import EncodeOptions, atomic
from colorizer.images.naming import colorized_name
from colorizer.recipe import PhotoSettings, read_photo_recipe
from dashboard.album import album as album_module
from dashboard.album import contents, results
from dashboard.album.album import Album
from dashboard.album.contents import Contents, Limits, Upload
from dashboard.album.entry import THUMBNAIL, Colorized, Entry, Settings, draw_gray
from dashboard.album.run import start_grays, start_run
from dashboard.server.jobs import JobState, current_job
from dashboard.shared.reference import ReferencePicture
from tests.support.albums import (
    LIMITS,
    NoQueue,
    color_quickly,
    color_really,
    do,
    download,
    make_album,
    make_zip,
    photo,
    photos,
    result_files,
    run,
    uploads,
)
from tests.support.paths import SAMPLES

GRAY = PhotoSettings(look=Look(strength=0))


class Painter:
    """Colours quickly, remembers what, and cancels the run while it is at the entry number `stop_at`, from 1."""

    def __init__(self, stop_at: int = 0) -> None:
        self.stop_at, self.colored = stop_at, list[str]()

    def __call__(self, entry: Entry, settings: Settings) -> Colorized:
        self.colored.append(entry.name)
        job = current_job()
        if len(self.colored) == self.stop_at and job is not None:
            job.cancel()
        return color_quickly(entry, settings)


def decode(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_the_results_keep_size_and_name_and_clashes_are_numbered(tmp_path: Path) -> None:
    files = [("a.png", photo()), ("a.png", photo((20, 10))), ("b.jpg", photo(kind="JPEG")), ("c.heic", photo((8, 9)))]
    album = make_album(tmp_path, *files)
    run(album, color=color_really)
    assert {name: decode(data).size for name, data in download(album).items()} == {
        "a_colorized.png": (40, 30),
        "a_2_colorized.png": (20, 10),
        "b_colorized.jpg": (40, 30),
        "c_colorized.png": (8, 9),
    }
    for result in album.results.values():
        assert decode(result.thumbnail).size == THUMBNAIL


def test_the_photo_tab_gives_a_result_its_name_in_the_album(tmp_path: Path) -> None:
    files = [
        ("a.png", photo()),
        ("x/a.png", photo((8, 9))),
        ("x/a.png", photo((9, 9))),
        ("x/Picnic 5.1931", photo((7, 7))),
    ]
    for entry in make_album(tmp_path, *files).entries:
        assert colorized_name(entry.photo_name, ".png") == entry.results[0].name


def test_identical_files_are_coloured_once_and_are_in_the_zip_file_under_each_name(tmp_path: Path) -> None:
    album = make_album(tmp_path, ("a.png", photo()), ("x/a.png", photo()), ("b.png", photo((8, 9))))
    painter = Painter()
    run(album, color=painter)
    assert painter.colored == ["a.png", "b.png"]
    files = download(album)
    assert files["a_colorized.png"] == files["x/a_colorized.png"] != files["b_colorized.png"]


def test_one_that_fails_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    files = [
        ("a.png", photo()),
        ("letter.png", b"Dear grandma"),
        ("wall.png", photo((300, 300))),
        ("b.png", photo((8, 9))),
    ]
    album = make_album(tmp_path, *files)
    run(album, color=color_really)
    first, letter, wall, last = (album.results[entry.key].error for entry in album.entries)
    assert first is last is None
    assert "a text file" in str(letter)
    assert "at most 0.07 megapixels" in str(wall)
    assert list(download(album)) == ["a_colorized.png", "b_colorized.png"]
    assert not album.left()


def test_all_settings_reach_the_pictures(tmp_path: Path) -> None:
    album = make_album(tmp_path, ("a.png", photo((240, 160))))
    run(album, Settings("compact", GRAY), color_really)
    (data,) = download(album).values()
    red, green, blue = decode(data).split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()
    hinted = PhotoSettings(look=Look(strength=1), hints=(Hint(0.5, 0.5, "#ff0000"),), caption="Grandma")
    album.correct(album.entries[0].key, hinted)
    do(album, color_really)
    (data,) = download(album).values()
    picture = decode(data)
    assert picture.height > 160  # with its caption
    r, g, _ = np.asarray(picture.convert("RGB")).astype(int)[80, 120]
    assert r > g + 20


def test_the_care_reaches_the_pictures(tmp_path: Path) -> None:
    flat = Image.linear_gradient("L").point(lambda value: 80 + value // 4)
    buffer = io.BytesIO()
    flat.save(buffer, "PNG")
    album = make_album(tmp_path, ("a.png", buffer.getvalue()))
    run(
        album,
        Settings("compact", PhotoSettings(look=Look(strength=0), restoration=Restoration(levels=True))),
        color_really,
    )
    (data,) = download(album).values()
    gray = np.asarray(decode(data).convert("L"))
    assert gray.min() < 5
    assert gray.max() > 250


def test_the_encoding_reaches_the_files(tmp_path: Path) -> None:
    album = make_album(tmp_path, ("a.jpg", photo(kind="JPEG")))
    sizes = []
    for quality, subsampling, code in ((95, "4:4:4", 0), (40, "4:2:0", 2)):
        run(album, Settings("compact", PhotoSettings(encoding=EncodeOptions(quality, subsampling))), color_really)
        (data,) = download(album).values()
        with decode(data) as image:
            assert JpegImagePlugin.get_sampling(image) == code
        sizes.append(len(data))
    assert sizes[0] > sizes[1]


def hue(data: bytes) -> int:
    """How much more red than blue a picture is."""
    red, _, blue = np.asarray(decode(data).convert("RGB")).reshape(-1, 3).mean(axis=0)
    return round(float(red - blue))


def reference_of(name: str, order: tuple[int, int, int]) -> ReferencePicture:
    """A colour sample whose channels are exchanged."""
    with Image.open(SAMPLES / "colour" / name) as picture:
        pixels = np.ascontiguousarray(np.asarray(picture.convert("RGB"))[..., order])
    return ReferencePicture(f"{name} {order}", name, pixels, b"", 4)


def run_really(album: Album) -> None:
    start_run(album, 1_000_000, queue=NoQueue(), owner="me")
    assert not album.left()


def test_one_reference_is_for_all_and_a_corrected_photograph_has_its_own(tmp_path: Path) -> None:
    # One is square, and so has the largest system to spread colours by.
    files = [(name, (SAMPLES / name).read_bytes()) for name in ("cat.jpg", "cameraman.jpg")]
    album = make_album(tmp_path, *files, limits=Limits(5, 10**7, 10**6))
    album.colorizers["compact"] = load_colorizer("compact")
    blue, red = reference_of("cat.jpg", (2, 1, 0)), reference_of("pagoda.jpg", (0, 1, 2))
    plain = Settings("compact", PhotoSettings())
    album.colorize_all(plain)
    run_really(album)
    before = list(download(album).values())
    album.colorize_all(replace(plain, photo=PhotoSettings(reference=blue.digest), reference=blue))
    assert len(album.left()) == 2
    run_really(album)
    with_blue = download(album)
    (cat, man), (old_cat, old_man) = with_blue.values(), before
    assert hue(cat) < hue(old_cat) - 10
    assert abs(hue(man) - hue(old_man)) < 5  # it has nothing in common with the cat
    for data in with_blue.values():
        assert read_photo_recipe(data).settings["reference"] == blue.digest
    second = album.entries[1]
    album.correct(second.key, PhotoSettings(reference=red.digest), reference=red)
    assert [entry.name for entry in album.left()] == ["cameraman.jpg"]
    assert album.wanted(second).reference == red
    run_really(album)
    album.correct(second.key, PhotoSettings(reference=blue.digest), reference=blue)
    assert not album.corrections
    run_really(album)
    assert download(album) == with_blue


def test_old_results_stay_until_the_new_ones_are_there(tmp_path: Path) -> None:
    album = make_album(tmp_path, *photos(3))
    run(album)
    kept = []

    def color(entry: Entry, settings: Settings) -> Colorized:
        kept.append(strengths(album))
        return color_quickly(entry, settings)

    run(album, Settings("compact", GRAY), color)
    assert kept == [["1.0", "1.0", "1.0"], ["0", "1.0", "1.0"], ["0", "0", "1.0"]]
    assert len(result_files(tmp_path)) == 3


def strengths(album: Album) -> list[str]:
    """The strength with which each result in the ZIP file was made."""
    return [data.decode().rpartition(" ")[2] for data in download(album).values()]


def test_after_a_stop_the_finished_stay_and_only_the_rest_is_done(tmp_path: Path) -> None:
    album, first, second = make_album(tmp_path, *photos(5)), Painter(stop_at=2), Painter()
    job = run(album, color=first)
    assert job.state is JobState.DONE
    assert list(download(album)) == ["0_colorized.png", "1_colorized.png"]
    assert [entry.name for entry in album.left()] == ["2.png", "3.png", "4.png"]
    assert album.next_due() is None  # until it is asked for
    album.go_on()
    do(album, second)
    assert (first.colored, second.colored) == (["0.png", "1.png"], ["2.png", "3.png", "4.png"])
    assert not album.left()


def test_a_stop_while_all_are_coloured_again_leaves_none_without_colours(tmp_path: Path) -> None:
    album = make_album(tmp_path, *photos(3))
    run(album)
    run(album, Settings("compact", GRAY), Painter(stop_at=1))
    assert strengths(album) == ["0", "1.0", "1.0"]
    assert len(album.left()) == 2
    album.go_on()
    do(album)
    assert strengths(album) == ["0", "0", "0"]


def test_a_correction_colours_one_and_stays_when_all_are_coloured_again(tmp_path: Path) -> None:
    album, painter = make_album(tmp_path, *photos(3)), Painter()
    run(album)
    album.correct(album.entries[1].key, GRAY)
    do(album, painter)
    assert painter.colored == ["1.png"]
    assert strengths(album) == ["1.0", "0", "1.0"]
    run(album, Settings("compact", PhotoSettings(look=Look(strength=2))))
    assert strengths(album) == ["2", "0", "2"]
    album.set_back(album.entries[1].key)
    do(album)
    assert strengths(album) == ["2", "2", "2"]
    assert not album.corrections


def test_a_correction_to_the_settings_of_the_album_is_none(tmp_path: Path) -> None:
    album = make_album(tmp_path, *photos(2))
    run(album)
    for photo_settings in (GRAY, PhotoSettings(), PhotoSettings(format="PNG")):
        album.correct(album.entries[0].key, photo_settings)
    assert not album.corrections
    assert album.next_due() is None


def test_a_correction_has_a_model_of_its_own(tmp_path: Path) -> None:
    album = make_album(tmp_path, *photos(1))
    run(album)
    album.correct(album.entries[0].key, PhotoSettings(), "zhang2016")
    assert album.wanted(album.entries[0]).model == "zhang2016"
    album.correct(album.entries[0].key, GRAY)
    assert album.wanted(album.entries[0]) == Settings("zhang2016", GRAY)


def test_a_correction_during_a_run_comes_next(tmp_path: Path) -> None:
    album, painter = make_album(tmp_path, *photos(4)), Painter()

    def color(entry: Entry, settings: Settings) -> Colorized:
        if entry.name == "0.png":
            album.correct(album.entries[2].key, GRAY)
        return painter(entry, settings)

    run(album, color=color)
    assert painter.colored == ["0.png", "2.png", "1.png", "3.png"]


def test_one_that_fails_with_other_settings_keeps_its_colours(tmp_path: Path) -> None:
    album = make_album(tmp_path, *photos(2))
    run(album)

    def fail(*_: object) -> Colorized:
        raise InvalidImage("no")

    run(album, Settings("compact", GRAY), fail)
    assert strengths(album) == ["1.0", "1.0"]
    assert [str(album.results[entry.key].error) for entry in album.entries] == ["no", "no"]
    assert not album.left()  # it is not tried again and again


def test_added_files_are_done_and_the_finished_stay(tmp_path: Path) -> None:
    files = uploads(tmp_path, photos(4))
    album, painter = Album(tmp_path), Painter()
    album.update(dict(list(files.items())[:2]), LIMITS)
    run(album)
    album.update(files, LIMITS)
    do(album, painter)
    assert painter.colored == ["2.png", "3.png"]
    assert len(download(album)) == 4


def test_what_is_removed_leaves_no_file_and_what_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    files = uploads(tmp_path, photos(6))
    album = Album(tmp_path)
    album.update(dict(list(files.items())[:3]), LIMITS)
    run(album)
    with pytest.raises(InvalidArchive, match="at most 5 photographs, got 6"):
        album.update(files, LIMITS)
    assert len(download(album)) == 3
    album.update(dict(list(files.items())[1:3]), LIMITS)
    assert list(download(album)) == ["1_colorized.png", "2_colorized.png"]
    assert len(result_files(tmp_path)) == 2
    album.delete()
    assert not result_files(tmp_path)


def test_what_does_not_fit_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[str]()

    def read_upload(upload: Upload, limits: Limits) -> Contents:
        read.append(upload.name)
        return contents.read_upload(upload, limits)

    monkeypatch.setattr(album_module, "read_upload", read_upload)
    album, files = Album(tmp_path), uploads(tmp_path, photos(6))
    for _ in range(3):
        with pytest.raises(InvalidArchive, match="at most 5 photographs, got 6"):
            album.update(files, LIMITS)
        assert not album.uploads
    album.update(dict(list(files.items())[:5]), LIMITS)
    assert read == [f"{number}.png" for number in range(6)]
    assert len(album.entries) == 5


def test_one_that_is_removed_while_it_is_coloured_leaves_nothing(tmp_path: Path) -> None:
    files = uploads(tmp_path, photos(2))
    album = Album(tmp_path)
    album.update(files, LIMITS)

    def color(entry: Entry, settings: Settings) -> Colorized:
        album.update(dict(list(files.items())[1:]), LIMITS)
        return color_quickly(entry, settings)

    run(album, color=color)
    assert list(download(album)) == ["1_colorized.png"]
    assert len(result_files(tmp_path)) == 1


@contextmanager
def full_disk(most: int) -> Iterator[None]:
    """No file can be longer than `most` bytes: as on a full disk, a write takes a part, and the next one fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_on_a_full_disk_the_finished_ones_are_kept_and_the_rest_is_given_back(tmp_path: Path) -> None:
    album, sizes = make_album(tmp_path, *photos(4)), iter([1_000_000, 1_000_000, 5_000_000, 10])
    with full_disk(3_000_000):
        job = run(album, color=lambda *_: Colorized(bytes(next(sizes)), b""))
    assert isinstance(job.result(), OSError)
    assert [len(data) for data in download(album).values()] == [1_000_000, 1_000_000]
    assert len(result_files(tmp_path)) == 2
    assert not list(tmp_path.glob("*.part"))
    assert album.next_due() is None  # or the page would begin again at once
    assert len(album.left()) == 2


def test_a_disk_that_says_it_is_full_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, calls = atomic.write_whole, iter(range(9))

    def write_whole(path: Path, data: bytes) -> None:
        if next(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, data)

    monkeypatch.setattr(results, "write_whole", write_whole)
    album = make_album(tmp_path, *photos(4))
    assert run(album).result() is not None
    assert len(download(album)) == 2


def test_a_run_ends_at_the_floor_of_free_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = iter([1_000_000_000, 150_000_000, 99_000_000])
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=next(free)))
    album = make_album(tmp_path, *photos(3))
    job = run(album)
    assert re.search(r"expected 100 MB of free space .*, got 99 MB", str(job.result()))
    assert len(download(album)) == 2


def test_a_run_that_meets_a_bug_keeps_what_is_done(tmp_path: Path) -> None:
    album, sizes = make_album(tmp_path, *photos(3)), iter([10, -1])  # a result cannot have this size
    job = run(album, color=lambda *_: Colorized(bytes(next(sizes)), b""))
    assert job.state is JobState.FAILED
    assert len(download(album)) == 1
    assert album.next_due() is None


def test_names_from_a_zip_file_keep_their_folders(tmp_path: Path) -> None:
    album = make_album(tmp_path, ("box.zip", make_zip({"../../1932/a.png": photo()})))
    run(album)
    assert list(download(album)) == ["1932/a_colorized.png"]


def test_further_pages_are_counted(tmp_path: Path) -> None:
    pages = [Image.linear_gradient("L").resize((30, 20)) for _ in range(3)]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    album = make_album(tmp_path, ("scan.tif", buffer.getvalue()), ("a.png", photo()))
    run(album, color=color_really)
    assert [album.results[entry.key].pages for entry in album.entries] == [3, 1]


def draw_grays(album: Album) -> None:
    start_grays(album, album.entries, LIMITS.pixels, queue=NoQueue(), owner="me")


def test_what_waits_is_drawn_in_grey_as_it_lies(tmp_path: Path) -> None:
    half = Image.new("RGB", (90, 60), (200, 120, 40))
    half.paste((0, 0, 0), (0, 0, 45, 60))  # the left half is dark
    turned = Image.Exif()
    turned[274] = 3  # by 180 degrees
    files = list[tuple[str, bytes]]()
    for kind, options in (("JPEG", {}), ("JPEG", {"exif": turned}), ("PNG", {})):
        buffer = io.BytesIO()
        half.save(buffer, kind, **options)
        files.append((f"{len(files)}.{kind.lower()}", buffer.getvalue()))
    album = make_album(tmp_path, *files, ("torn.jpg", files[0][1][:300]))
    draw_grays(album)
    *grays, torn = (album.grays[entry.key] for entry in album.entries)
    assert torn == b""
    for gray, is_turned in zip(grays, (False, True, False), strict=True):
        picture = decode(gray)
        assert (picture.size, len(gray) < 15_000) == (THUMBNAIL, True)
        left, right = (np.asarray(picture.convert("L"))[:, part].mean() for part in (slice(0, 150), slice(180, None)))
        assert (left > right) == is_turned
        colors = np.asarray(picture.convert("RGB")).astype(int)
        assert np.ptp(colors, axis=2).max() <= 2


def test_what_is_in_colour_needs_no_grey_thumbnail(tmp_path: Path) -> None:
    album = make_album(tmp_path, *photos(2))
    draw_grays(album)
    assert set(album.grays) == {entry.key for entry in album.entries}
    run(album)
    assert not album.grays
    draw_grays(album)
    assert not album.grays


def test_a_picture_beyond_the_limit_has_no_grey_thumbnail(tmp_path: Path) -> None:
    (entry,) = make_album(tmp_path, ("wall.jpg", photo((300, 300), "JPEG"))).entries
    with pytest.raises(InvalidImage, match=r"at most 0\.07 megapixels"):
        draw_gray(entry, LIMITS.pixels)


class AnyOrder(RuleBasedStateMachine):
    """Whatever is done to an album: each result is that of one of its settings, and each file is a result's."""

    STRENGTHS = st.sampled_from([0.0, 0.5, 1.0])

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.files = uploads(self.folder, photos(4))
        self.album = Album(self.folder)

    def teardown(self) -> None:
        self.album.delete()
        assert not result_files(self.folder)
        shutil.rmtree(self.folder)

    @rule(chosen=st.sets(st.integers(0, 3)))
    def choose_files(self, chosen: set[int]) -> None:
        self.album.update({key: file for n, (key, file) in enumerate(self.files.items()) if n in chosen}, LIMITS)

    @rule(strength=STRENGTHS, stop_at=st.integers(0, 3))
    def colorize_all(self, strength: float, stop_at: int) -> None:
        run(self.album, Settings("compact", PhotoSettings(look=Look(strength=strength))), Painter(stop_at))

    @rule(strength=STRENGTHS, number=st.integers(0, 3))
    def correct(self, strength: float, number: int) -> None:
        for entry in self.album.entries[number : number + 1]:
            self.album.correct(entry.key, PhotoSettings(look=Look(strength=strength)))

    @rule(number=st.integers(0, 3))
    def set_back(self, number: int) -> None:
        for entry in self.album.entries[number : number + 1]:
            self.album.set_back(entry.key)

    @rule()
    def go_on(self) -> None:
        if self.album.common is not None:
            self.album.go_on()
            do(self.album)
            assert not self.album.left()

    @invariant()
    def results_are_as_they_say(self) -> None:
        album = self.album
        files = {result.file for result in album.results.values()}
        assert result_files(self.folder) == files
        assert album.results.keys() <= {entry.key for entry in album.entries}
        for entry in album.entries:
            if (result := album.results.get(entry.key)) is not None and result.file is not None:
                assert result.file.read_bytes() == color_quickly(entry, result.settings).data
                assert album.is_done(entry) == (result.settings == album.wanted(entry))


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = hypothesis_settings(max_examples=25, stateful_step_count=12, deadline=None)
