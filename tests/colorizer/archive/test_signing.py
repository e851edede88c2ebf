"""Signatures of an archive's results: without Dask. tests/colorizer/cli/test_archive.py signs on a worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from colorizer.archive.archive import plan_archive
from colorizer.archive.manifest import Entry
from colorizer.archive.settings import ArchiveSettings, Run, Signing, open_run
from colorizer.archive.storage import Storage
from colorizer.archive.task import Batch, colorize_batch
from colorizer.errors import InvalidSetting, SigningFailed
from colorizer.recipe import photo
from colorizer.recipe.signing import read_credentials, read_signature, sign_bytes
from colorizer.recipe.signing.credentials import PASSPHRASE_VARIABLE
from tests.colorizer.cli.test_main import gray_file
from tests.support.certificates import SIGNER, certify, key_bytes, make_key, write_credentials

TIME = "http://time.example"


def make_settings(folder: Path, *, timestamp: str = "") -> ArchiveSettings:
    key, certificates = write_credentials(folder)
    credentials = read_credentials(key, certificates, timestamp=timestamp)
    return ArchiveSettings(model="compact", signing=Signing.of(credentials, key, certificates))


def open_scans(folder: Path, settings: ArchiveSettings) -> Run:
    return open_run(Storage(str(folder / "scans")), Storage(str(folder / "out")), settings)


def do(run: Run, settings: ArchiveSettings, *, retry_failed: bool = False) -> dict[str, Entry]:
    """Do what is due, in this process; the rows by the names of their sources."""
    jobs = tuple(plan_archive(run, retry_failed=retry_failed).jobs(run))
    return {entry.source: entry for entry in colorize_batch(Batch(f"batch-{len(jobs)}", jobs), run, settings)}


def results(run: Run, folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "out" / run.name / "results").iterdir())


def test_a_file_that_cannot_be_signed_fails_alone_and_is_tried_again_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.png", "b.png", "c.bmp"):
        gray_file(tmp_path / "scans" / name, size=(40, 30 if name == "a.png" else 20))
    settings = make_settings(tmp_path)
    run = open_scans(tmp_path, settings)
    refused = (tmp_path / "scans" / "b.png").read_bytes()

    def sign(data: bytes, suffix: str, original: bytes, *rest: object) -> tuple[bytes, tuple[str, ...]]:
        if original == refused:
            raise SigningFailed("the result could not be signed: no answer")
        return sign_bytes(data, suffix, original, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(photo, "sign_bytes", sign)
        rows = do(run, settings)
    assert {name: row.status for name, row in rows.items()} == {"a.png": "done", "b.png": "failed", "c.bmp": "failed"}
    assert rows["b.png"].error == "the result could not be signed: no answer"
    assert "expected a format that holds a signature" in rows["c.bmp"].error
    assert results(run, tmp_path) == ["a_colorized.png"]
    assert plan_archive(run).total == 0
    rows = do(run, settings, retry_failed=True)
    assert {name: row.status for name, row in rows.items()} == {"b.png": "done", "c.bmp": "failed"}
    for name in ("a_colorized.png", "b_colorized.png"):
        signature = read_signature(tmp_path / "out" / run.name / "results" / name)
        assert signature is not None
        assert (signature.signer, signature.problems) == (SIGNER, ())


def test_signed_results_are_a_run_of_their_own_that_a_renewed_certificate_goes_on_with(tmp_path: Path) -> None:
    gray_file(tmp_path / "scans" / "a.png")
    first = make_settings(tmp_path)
    (tmp_path / "certificates.pem").write_bytes(certify(make_key()))
    renewed, timed = make_settings(tmp_path), make_settings(tmp_path, timestamp=TIME)
    assert first.signing != renewed.signing  # so that a worker that runs for long reads it anew
    run, again, with_time, unsigned = (
        open_scans(tmp_path, each) for each in (first, renewed, timed, ArchiveSettings(model="compact"))
    )
    assert run == again
    assert len({each.name for each in (run, with_time, unsigned)}) == 3
    described = run.folder.read("run.json").decode()
    assert f'"signer": "CN={SIGNER}"' in described
    assert "PRIVATE" not in described
    assert str(tmp_path / "key.pem") not in described


def test_a_worker_that_cannot_sign_says_so_and_does_nothing(tmp_path: Path) -> None:
    gray_file(tmp_path / "scans" / "a.png")
    settings = make_settings(tmp_path)
    run = open_scans(tmp_path, settings)
    (tmp_path / "certificates.pem").write_bytes(certify(make_key()))
    with pytest.raises(InvalidSetting, match="expected the same certificates on all workers"):
        do(run, settings)
    (tmp_path / "key.pem").write_bytes(key_bytes(make_key(), "sesame"))
    with pytest.raises(InvalidSetting, match=f"a worker cannot sign: expected the passphrase .* {PASSPHRASE_VARIABLE}"):
        do(run, settings)
    (tmp_path / "key.pem").unlink()
    with pytest.raises(InvalidSetting, match=r"a worker cannot sign: .*key\.pem"):
        do(run, settings)
    assert not (tmp_path / "out" / run.name / "results").exists()
    assert plan_archive(run).counts == {"new": 1}
    assert do(run, make_settings(tmp_path))["a.png"].status == "done"
