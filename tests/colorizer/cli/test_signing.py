"""`--sign-key` and `--sign-cert`, and what `recipe` and `again` say of signatures."""

from __future__ import annotations

from pathlib import Path

import pytest

from colorizer.cli.main import main
from colorizer.recipe.signing import read_signature
from colorizer.recipe.signing.credentials import PASSPHRASE_VARIABLE
from tests.colorizer.cli.test_main import Captured, expect_refusal, gray_file, names
from tests.support.certificates import SIGNER, key_bytes, make_key, write_credentials
from tests.support.films import make_film

SIGN = ("--sign-key", "key.pem", "--sign-cert", "certificates.pem")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with a key and its certificates."""
    monkeypatch.chdir(tmp_path)
    write_credentials(tmp_path)
    return tmp_path


def test_a_folder_is_signed_and_its_recipes_are_read(folder: Path, capsys: Captured) -> None:
    gray_file(folder / "scans" / "a.jpg")
    gray_file(folder / "scans" / "b.bmp")
    make_film(folder / "scans" / "c.mp4", "-c:v", "libx264", "-preset", "ultrafast", seconds=0.2, sound=False)
    assert main(["scans", "-o", "out", *SIGN]) == 1
    assert "b.bmp: expected a format that holds a signature" in capsys.readouterr().err
    assert names(folder / "out") == ["a_colorized.jpg", "c_colorized.mp4"]
    for path in (folder / "out").iterdir():
        assert main(["recipe", str(path)]) == 0
        said = capsys.readouterr()
        assert f"{path.name}: signed by {SIGNER}, and not changed since" in said.err
        assert said.out.startswith("{")


def test_a_changed_file_is_told(folder: Path, capsys: Captured) -> None:
    gray_file(folder / "a.png")
    assert main(["a.png", "-o", "out.jpg", *SIGN]) == 0
    data = bytearray((folder / "out.jpg").read_bytes())
    data[-20] ^= 1
    (folder / "out.jpg").write_bytes(data)
    assert main(["recipe", "out.jpg"]) == 1
    assert f"signed by {SIGNER}, but not confirmed: the file was changed after it was signed" in capsys.readouterr().err


def test_a_signed_result_is_made_again_without_the_signature_or_with_a_new_one(folder: Path, capsys: Captured) -> None:
    gray_file(folder / "a.png")
    assert main(["a.png", "-o", "plain.png"]) == 0
    assert main(["a.png", "-o", "signed.png", *SIGN]) == 0
    capsys.readouterr()
    assert main(["again", "a.png", "--recipe", "signed.png", "-o", "again.png"]) == 0
    assert "signed.png: signed; a signature cannot be made again bit for bit" in capsys.readouterr().err
    assert (folder / "again.png").read_bytes() == (folder / "plain.png").read_bytes()
    assert main(["again", "a.png", "--recipe", "plain.png", "-o", "new.png", *SIGN]) == 0
    assert capsys.readouterr().err == ""
    assert read_signature(folder / "new.png") is not None
    assert main(["recipe", "plain.png"]) == 0
    assert capsys.readouterr().err == "plain.png: not signed\n"


def test_options_that_cannot_sign_are_refused_before_any_work(
    folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    gray_file(folder / "a.png")
    words = ["a.png", "-o", "out.png"]
    assert "expected --sign-key and --sign-cert together" in expect_refusal([*words, *SIGN[:2]], capsys)
    assert "expected --sign-key and --sign-cert together" in expect_refusal(
        [*words, "--sign-timestamp", "http://time.example"], capsys
    )
    assert "none.pem" in expect_refusal([*words, *SIGN[:3], "none.pem"], capsys)
    (folder / "key.pem").write_bytes(key_bytes(make_key(), "sesame"))
    assert f"in {PASSPHRASE_VARIABLE}, got none" in expect_refusal([*words, *SIGN], capsys)
    assert names(folder) == ["a.png", "certificates.pem", "key.pem"]
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "sesame")
    assert main([*words, *SIGN]) == 0


def test_without_the_extra_a_signature_is_only_seen(
    folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    gray_file(folder / "a.png")
    assert main(["a.png", "-o", "signed.png", *SIGN]) == 0
    monkeypatch.setattr("colorizer.cli.signing.has_library", lambda: False)
    assert main(["recipe", "signed.png"]) == 0
    assert "signed.png: signed; to have it checked: pip install 'ai-colouriser[sign]'" in capsys.readouterr().err
