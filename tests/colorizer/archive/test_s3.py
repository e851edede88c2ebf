"""Object storage that answers 503 or sends half a file: the end is that of a run without faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from colorizer.archive.archive import plan_archive, run_archive
from colorizer.archive.run import connect
from colorizer.archive.settings import Run
from tests.support.archive_work import (
    JPEG,
    SETTINGS,
    files_of,
    make_archive,
    new_run,
    rows_of,
    run_undisturbed,
    stub_batch,
)
from tests.support.s3_server import FaultyS3, run_s3

CONTENTS = {f"scans/{number % 2}/{number}.jpg": b"photo %d" % number for number in range(8)}
IDENTITY = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
WITHIN_DRIVER = 5  # attempts that s3fs makes by itself, before Dask calls the task again


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyS3]:
    """A bucket `archive` with the photographs, in this process and those that it starts."""
    app = FaultyS3()
    with run_s3(app) as address:
        for name, value in {**IDENTITY, "AWS_ENDPOINT_URL": address, "AWS_MAX_ATTEMPTS": "1"}.items():
            monkeypatch.setenv(name, value)
        client = boto3.client("s3")
        client.create_bucket(Bucket="archive")
        for name, data in CONTENTS.items():
            client.put_object(Bucket="archive", Key=name, Body=JPEG + data)
        yield app


def result(run: Run, name: str) -> str:
    return f"/archive/out/{run.name}/results/{name}"


def test_a_storage_with_faults_ends_as_one_without(s3: FaultyS3, tmp_path: Path) -> None:
    make_archive(tmp_path, CONTENTS)
    quiet = new_run(tmp_path / "scans", tmp_path / "quiet")
    run_undisturbed(quiet)
    run = new_run("s3://archive/scans", "s3://archive/out")
    s3.busy[("GET", "/archive/scans/0/2.jpg")] = WITHIN_DRIVER + 1
    s3.busy[("PUT", result(run, "1/3_colorized.jpg"))] = 2
    s3.halved[("GET", "/archive/scans/1/5.jpg")] = 1
    s3.busy[("GET", "/archive/scans/0/4.jpg")] = 10**6  # for as long as this run lasts
    with connect(None, workers=1) as cluster:
        run_archive(run, plan_archive(run), SETTINGS, cluster, done=lambda _: None, most_files=4, work=stub_batch)
        (unreachable,) = [row for row in rows_of(run) if row["status"] != "done"]
        assert (unreachable["source"], unreachable["status"]) == ("0/4.jpg", "unreachable")
        assert "expected to read 0/4.jpg" in unreachable["error"]
        s3.busy.clear()
        again = plan_archive(run)
        assert again.counts == {"storage failed": 1}
        run_archive(run, again, SETTINGS, cluster, done=lambda _: None, work=stub_batch)
    assert not plan_archive(run).total
    differing = {"version", "reason"}
    assert [{name: value for name, value in row.items() if name not in differing} for row in rows_of(run)] == [
        {name: value for name, value in row.items() if name not in differing} for row in rows_of(quiet)
    ]
    ours, theirs = files_of(run), files_of(quiet)
    assert {name: data for name, data in ours.items() if name != "/run.json"} == {
        name: data for name, data in theirs.items() if name != "/run.json"
    }
