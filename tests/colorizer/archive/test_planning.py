"""What is to be done, and under which name: without Dask."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colorizer.archive.archive import plan_archive
from colorizer.archive.listing import InvalidName, SourceFile, list_folders, result_name
from colorizer.archive.manifest import list_parts
from colorizer.archive.planning import Job, make_batches
from colorizer.archive.settings import ArchiveSettings, open_run
from colorizer.archive.storage import Storage, StorageFault
from colorizer.edits.look import Look
from colorizer.errors import InvalidSetting
from colorizer.images.kinds import UNKNOWN, kind_of
from colorizer.recipe import PhotoSettings
from tests.support.archive_work import JPEG, make_archive, new_run, row_count, rows_of, run_undisturbed

CONTENTS = {"a.jpg": b"a", "x/b.jpg": b"b", "x/bad.jpg": b"damaged", "y/z/c.jpg": b"c"}
KINDS = [UNKNOWN, kind_of(JPEG), kind_of(b"\x89PNG\r\n\x1a\n"), kind_of(b"BM" + bytes(12) + b"\x28\0\0\0")]


def test_a_second_run_does_what_is_new_changed_or_gone(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    make_archive(scans, CONTENTS)
    run = new_run(scans, tmp_path / "out")
    assert plan_archive(run).counts == {"new": 4}
    run_undisturbed(run)
    assert len(list_parts(run.manifest)) == 1  # compacted
    make_archive(scans, {"new.jpg": b"new", "x/b.jpg": b"changed"})
    (tmp_path / "out" / run.name / "results" / "a_colorized.jpg").write_bytes(b"half")
    (tmp_path / "out" / run.name / "results" / "y" / "z" / "c_colorized.jpg").unlink()
    assert plan_archive(run).counts == {"new": 1, "changed": 1, "result missing": 2}
    run_undisturbed(run)
    assert {row["source"]: row["reason"] for row in rows_of(run)} == {
        "a.jpg": "result missing",
        "new.jpg": "new",
        "x/b.jpg": "changed",
        "x/bad.jpg": "new",
        "y/z/c.jpg": "result missing",
    }
    assert row_count(run) == 8  # the earlier rows stay
    assert plan_archive(run, retry_failed=True).counts == {"failed before": 1}
    os.utime(scans / "x" / "bad.jpg", (2, 2))
    assert plan_archive(run).counts == {"changed": 1}


def test_other_settings_are_a_run_beside_the_first(tmp_path: Path) -> None:
    make_archive(tmp_path / "scans", CONTENTS)
    source, target = Storage(str(tmp_path / "scans")), Storage(str(tmp_path / "out"))
    settings = [ArchiveSettings(model="compact", photo=PhotoSettings(look=Look(strength=each))) for each in (1, 1.2)]
    runs = [open_run(source, target, each) for each in settings]
    run_undisturbed(runs[0])
    assert plan_archive(runs[0]).total == 0
    assert plan_archive(runs[1]).total == 4
    assert open_run(source, target, settings[0]) == runs[0]
    with pytest.raises(InvalidSetting, match=r"expected the source .*scans, .*, got .*other"):
        open_run(Storage(str(tmp_path / "other")), target, settings[0])
    with pytest.raises(InvalidSetting, match="not in each other"):
        open_run(source, source.folder("out"), settings[0])
    (tmp_path / "link").symlink_to("scans")
    with pytest.raises(InvalidSetting, match="not in each other"):
        open_run(Storage(str(tmp_path / "link")), source.folder("out"), settings[0])


def test_folders_are_listed_in_order_and_what_systems_leave_is_not(tmp_path: Path) -> None:
    for name in ("b.jpg", ".hidden.jpg", "Thumbs.db", "a_colorized.jpg", "x/c.jpg", "@eaDir/d.jpg", "a/e.jpg"):
        make_archive(tmp_path, {name: b""})
    (tmp_path / os.fsdecode(b"caf\xe9.jpg")).write_bytes(JPEG)
    problems: dict[str, str] = {}
    listed = [
        (folder, [file.name for file in files])
        for folder, files in list_folders(Storage(str(tmp_path)), problems.setdefault)
    ]
    assert listed == [("", ["b.jpg", os.fsdecode(b"caf\xe9.jpg")]), ("a", ["a/e.jpg"]), ("x", ["x/c.jpg"])]
    assert not problems
    assert not list(list_folders(Storage(str(tmp_path / "none")), problems.setdefault))
    assert len(problems) == 1


NAMES = st.sampled_from(["a", "A", "a.", "a_", "é", "a#", "a_colorized.b", "x/a", "x/y/a", "x.jpg/a"])
ENDINGS = st.sampled_from(["", ".jpg", ".JPG", ".jpeg", ".png", ".heic", ".bmp", ".heic.png", "_colorized_.jpg"])


@given(st.lists(st.tuples(NAMES, ENDINGS, st.sampled_from(KINDS)), min_size=2, max_size=8))
def test_no_two_files_get_the_same_result(parts: list[tuple[str, str, object]]) -> None:
    kinds = {name + ending: kind for name, ending, kind in parts}
    results = {name: result_name(name, kind) for name, kind in kinds.items()}  # type: ignore[arg-type]
    assert len(set(results.values())) == len(results)
    for name, result in results.items():
        assert Path(result).parent == Path(name).parent


@pytest.mark.parametrize("name", ["../a.jpg", "x/../../a.jpg", "x//a.jpg", "./a.jpg", "x/./a.jpg"])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(InvalidName, match="expected a name without"):
        result_name(name, UNKNOWN)


def test_long_names_differ_and_fit() -> None:
    names = [f"{'ü' * 120}{end}.jpg" for end in ("a", "b")]
    results = {result_name(name, UNKNOWN) for name in names}
    assert len(results) == 2
    assert all(len(result.encode()) <= 255 for result in results)


@given(st.lists(st.one_of(st.none(), st.integers(0, 40)), max_size=30), st.integers(1, 5), st.integers(1, 60))
def test_batches_keep_order_and_limits(sizes: list[int | None], most_files: int, most_bytes: int) -> None:
    jobs = [Job(SourceFile(str(number), size, ""), "new") for number, size in enumerate(sizes)]
    batches = list(make_batches(jobs, most_files=most_files, most_bytes=most_bytes))
    assert [job for batch in batches for job in batch] == jobs
    for batch in batches:
        assert 1 <= len(batch) <= most_files
        assert len(batch) == 1 or sum(job.file.size or 0 for job in batch) <= most_bytes


def test_half_a_file_is_not_taken_for_the_whole(tmp_path: Path) -> None:
    storage = Storage(str(tmp_path))
    storage.write("x/a.jpg", b"1234")
    assert storage.read("x/a.jpg", 4) == b"1234"
    assert sorted(path.name for path in tmp_path.rglob("*.part")) == []
    with pytest.raises(StorageFault, match=r"expected 8 bytes of x/a\.jpg, got 4"):
        storage.read("x/a.jpg", 8)
