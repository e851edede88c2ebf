"""Signed files of every format: the library's own reader and exiftool are the judges."""

from __future__ import annotations

import _ctypes
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import c2pa
import numpy as np
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from PIL import Image

from colorizer import MODELS, InvalidSetting, SigningFailed, __version__
from colorizer.images import WRITABLE_SUFFIXES, Picture, encode
from colorizer.recipe import ALGORITHMICALLY_ENHANCED, PhotoSettings, encode_result, read_photo_recipe
from colorizer.recipe.signing import (
    SIGNABLE_SUFFIXES,
    Credentials,
    file_holds_signature,
    read_signature,
    sign_bytes,
    sign_file,
)
from colorizer.video import colorize_video
from colorizer.video.label import read_film_recipe
from tests.support.certificates import SIGNER, authority, make_credentials
from tests.support.exiftool import exiftool
from tests.support.films import Tinter, make_film, planes_of_film, sound_hashes
from tests.support.made_photographs import photo
from tests.support.paths import ROOT

PHOTOS = (".jpg", ".png", ".tif", ".webp", ".avif")
COMPACT = MODELS["compact"]


@pytest.fixture(scope="module")
def credentials(tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    return make_credentials(tmp_path_factory.mktemp("credentials"))


@pytest.fixture(scope="module")
def original() -> bytes:
    return encode(Picture(photo(60, 80, seed=1)), ".jpg")


def read_store(path: Path) -> dict[str, Any]:
    """What the library reads, with our authority among those that it trusts."""
    _, root = authority()
    anchors = root.public_bytes(Encoding.PEM).decode()
    settings = {"trust": {"user_anchors": anchors}, "verify": {"remote_manifest_fetch": False}}
    with c2pa.Context.from_dict(settings) as context, c2pa.Reader(path, context=context) as reader:
        store: dict[str, Any] = json.loads(reader.json())
    return store


def active(store: dict[str, Any]) -> dict[str, Any]:
    manifest: dict[str, Any] = store["manifests"][store["active_manifest"]]
    return manifest


def assert_manifest(store: dict[str, Any], original: bytes) -> None:
    assert store["validation_state"] == "Trusted"
    manifest = active(store)
    (generator,) = manifest["claim_generator_info"]
    assert (generator["name"], generator["version"]) == ("AI Colouriser", __version__)
    (actions,) = [each for each in manifest["assertions"] if each["label"].startswith("c2pa.actions")]
    opened, edited = actions["data"]["actions"]
    assert [opened["action"], edited["action"]] == ["c2pa.opened", "c2pa.edited"]
    assert edited["digitalSourceType"] == ALGORITHMICALLY_ENHANCED
    (parent,) = manifest["ingredients"]
    assert parent["relationship"] == "parentOf"
    assert parent["description"] == f"The original, a file with the SHA-256 {sha256(original).hexdigest()}"
    assert opened["parameters"]["ingredients"][0]["url"].endswith(parent["label"])
    assert manifest["signature_info"]["common_name"] == SIGNER
    assert "thumbnail" not in json.dumps(store)
    assert "title" not in parent


def test_every_format_but_bmp_is_signed() -> None:
    assert {*SIGNABLE_SUFFIXES} == {*WRITABLE_SUFFIXES, ".mp4", ".mov"} - {".bmp"}


@pytest.mark.parametrize(("suffix", "deep"), [*((suffix, False) for suffix in PHOTOS), (".png", True), (".tif", True)])
def test_a_signed_photo(suffix: str, deep: bool, original: bytes, credentials: Credentials, tmp_path: Path) -> None:
    pixels = photo(60, 80, seed=2)
    picture = Picture(pixels.astype(np.uint16) * 257 if deep else pixels)
    plain = encode_result(picture, original, COMPACT, PhotoSettings(), suffix)
    signed = encode_result(picture, original, COMPACT, PhotoSettings(), suffix, credentials=credentials)
    assert signed.notes == plain.notes
    path = tmp_path / f"Grandma Ida{suffix}"
    path.write_bytes(signed.data)
    assert_manifest(read_store(path), original)
    assert read_photo_recipe(signed.data) == read_photo_recipe(plain.data)
    tags = json.loads(exiftool("-j", "-G1", "-XMP:all", "-JUMBF:all", path))[0]
    assert tags["XMP-iptcExt:DigitalSourceType"] == ALGORITHMICALLY_ENHANCED
    assert any(key.startswith("JUMBF") for key in tags) or suffix not in (".jpg", ".png")  # where exiftool looks
    with Image.open(io.BytesIO(plain.data)) as one, Image.open(path) as other:
        assert one.mode == other.mode
        assert np.array_equal(np.asarray(one), np.asarray(other))
    signature = read_signature(path)
    assert signature is not None
    assert (signature.signer, signature.problems) == (SIGNER, ())
    assert file_holds_signature(path)
    assert b"Ida" not in signed.data
    assert len(signed.data) - len(plain.data) < 16_000


@pytest.mark.parametrize("suffix", PHOTOS)
def test_a_change_is_seen(suffix: str, original: bytes, credentials: Credentials, tmp_path: Path) -> None:
    picture = Picture(photo(60, 80, seed=2))
    data = bytearray(encode_result(picture, original, COMPACT, PhotoSettings(), suffix, credentials=credentials).data)
    place = data.index(b"algorithmicallyEnhanced")  # in the XMP or in the manifest, whichever comes first
    data[place] ^= 0x20
    path = tmp_path / f"changed{suffix}"
    path.write_bytes(data)
    signature = read_signature(path)
    assert signature is not None
    assert signature.problems
    assert "changed after it was signed" in str(signature)


def test_several_threads_sign_at_once(original: bytes, credentials: Credentials, tmp_path: Path) -> None:
    def sign(number: int) -> object:
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(sign_bytes(original, ".jpg", original, "compact", credentials)[0])
        return read_store(path)["validation_state"]

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(sign, range(12))) == {"Trusted"}


def test_what_is_not_signed(original: bytes, tmp_path: Path) -> None:
    for name, data in (("plain.jpg", original), ("empty.jpg", b""), ("text.txt", b"no"), ("cut.jpg", original[:200])):
        (tmp_path / name).write_bytes(data)
        assert read_signature(tmp_path / name) is None
        assert not file_holds_signature(tmp_path / name)


def test_the_history_of_a_signed_original_goes_on(original: bytes, credentials: Credentials, tmp_path: Path) -> None:
    parent, _ = sign_bytes(original, ".jpg", b"something else", "compact", credentials)
    child, notes = sign_bytes(original, ".jpg", parent, "compact", credentials)
    (tmp_path / "child.jpg").write_bytes(child)
    store = read_store(tmp_path / "child.jpg")
    assert notes == ()
    assert_manifest(store, parent)
    assert active(store)["ingredients"][0]["active_manifest"] in store["manifests"]
    assert len(store["manifests"]) == 2


@pytest.mark.parametrize("place", [b"c2pa.opened", b"c2pa.claim.v2", b"JFIF\0", b"\xff\xdb"])
def test_a_damaged_history_costs_no_result(
    place: bytes, original: bytes, credentials: Credentials, tmp_path: Path
) -> None:
    parent = bytearray(sign_bytes(original, ".jpg", b"something else", "compact", credentials)[0])
    start = parent.index(place)
    parent[start : start + len(place)] = b"\xfe" * len(place)
    child, notes = sign_bytes(original, ".jpg", bytes(parent), "compact", credentials)
    (tmp_path / "child.jpg").write_bytes(child)
    assert_manifest(read_store(tmp_path / "child.jpg"), bytes(parent))
    assert all(note.startswith("the signature does not include that of the original: ") for note in notes)


@pytest.mark.parametrize(
    "data", [b"", b"BM", b"\xff\xd8\xff\xe1broken", b"II*\0\xff\xff\xff\xff", b"\x89PNG\r\n\x1a\nx"]
)
def test_an_original_that_the_library_cannot_read(
    data: bytes, original: bytes, credentials: Credentials, tmp_path: Path
) -> None:
    signed, notes = sign_bytes(original, ".jpg", data, "compact", credentials)
    (tmp_path / "out.jpg").write_bytes(signed)
    assert notes == ()
    assert_manifest(read_store(tmp_path / "out.jpg"), data)


def test_a_format_without_a_place_for_it(original: bytes, credentials: Credentials) -> None:
    with pytest.raises(InvalidSetting, match=r"expected a format that holds a signature \(\.jpg, .*\), got \.bmp"):
        encode_result(Picture(photo(9, 9)), original, COMPACT, PhotoSettings(), ".bmp", credentials=credentials)


@pytest.mark.parametrize(("source_suffix", "suffix"), [(".mkv", ".mp4"), (".mp4", ".mov")])
def test_a_signed_film(suffix: str, source_suffix: str, credentials: Credentials, tmp_path: Path) -> None:
    source = make_film(tmp_path / f"film{source_suffix}", "-c:v", "libx264", "-preset", "ultrafast", seconds=0.4)
    plain, signed = tmp_path / f"plain{suffix}", tmp_path / f"signed{suffix}"
    assert colorize_video(source, plain, Tinter()).complete
    assert colorize_video(source, signed, Tinter(), credentials=credentials).complete
    assert_manifest(read_store(signed), source.read_bytes())
    assert read_film_recipe(signed) == read_film_recipe(plain)
    one, other = (planes_of_film(path, deep=suffix == ".mov") for path in (plain, signed))
    assert np.array_equal(one, other)
    assert sound_hashes(plain) == sound_hashes(signed)
    assert {path.name for path in tmp_path.iterdir()} == {source.name, plain.name, signed.name}
    data = bytearray(signed.read_bytes())
    data[data.index(b"mdat") + 200] ^= 1
    signed.write_bytes(data)
    signature = read_signature(signed)
    assert signature is not None
    assert signature.problems == ("the file was changed after it was signed",)


def test_a_film_that_cannot_be_signed_is_not_written(credentials: Credentials, tmp_path: Path) -> None:
    source = make_film(tmp_path / "film.mp4", "-c:v", "libx264", "-preset", "ultrafast", seconds=0.4, sound=False)
    broken = Credentials("es384", credentials.certificates, credentials.key)
    with pytest.raises(SigningFailed):
        colorize_video(source, tmp_path / "out.mp4", Tinter(), credentials=broken)
    with pytest.raises(InvalidSetting, match=r"got \.mkv"):
        colorize_video(source, tmp_path / "out.mkv", Tinter(), credentials=credentials)
    with pytest.raises(SigningFailed):
        sign_file(source, ".mp4", source, "compact", broken)
    assert [path.name for path in tmp_path.iterdir()] == [source.name]


class Recorder(BaseHTTPRequestHandler):
    """Answers every request with nothing, and notes what it was sent."""

    def do_POST(self) -> None:
        self.server.sent.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))  # type: ignore[attr-defined]
        self.send_response(503)
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - the name that the base class calls

    def log_message(self, *arguments: object) -> None:
        """Nothing on standard error."""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Recorder)
    server.sent = []  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def address(server: HTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}/"


def test_a_manifest_at_an_address_is_not_fetched(
    server: HTTPServer, original: bytes, credentials: Credentials, tmp_path: Path
) -> None:
    info = c2pa.C2paSignerInfo(credentials.algorithm, credentials.certificates, credentials.key, None)
    remote, action = io.BytesIO(), {"action": "c2pa.created", "digitalSourceType": ALGORITHMICALLY_ENHANCED}
    manifest = {"assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}}]}
    with c2pa.Context(signer=c2pa.Signer.from_info(info)) as context, c2pa.Builder(manifest, context) as builder:
        builder.set_no_embed()
        builder.set_remote_url(address(server))
        builder.sign("image/jpeg", io.BytesIO(original), remote)
    (tmp_path / "remote.jpg").write_bytes(remote.getvalue())
    signature = read_signature(tmp_path / "remote.jpg")
    assert signature is not None
    assert "at an address, which is not contacted" in str(signature)
    signed, notes = sign_bytes(original, ".jpg", remote.getvalue(), "compact", credentials)
    assert "at an address, which is not contacted" in notes[0]
    (tmp_path / "signed.jpg").write_bytes(signed)
    assert_manifest(read_store(tmp_path / "signed.jpg"), remote.getvalue())
    assert server.sent == []  # type: ignore[attr-defined]


def test_an_authority_for_the_time_gets_a_hash_alone(server: HTTPServer, original: bytes, tmp_path: Path) -> None:
    stamped = make_credentials(tmp_path, timestamp=address(server))
    with pytest.raises(SigningFailed, match=f"could not be signed with a time stamp of {address(server)}"):
        sign_bytes(original, ".jpg", original, "compact", stamped)
    (request,) = server.sent  # type: ignore[attr-defined]
    assert 32 < len(request) < 100  # the request of RFC 3161 with a SHA-256


def test_the_library_is_not_taken_from_the_current_folder(tmp_path: Path) -> None:
    for name in ("libc2pa_c.so", "libc2pa_c.dylib"):
        shutil.copy(_ctypes.__file__, tmp_path / name)  # it can be loaded, and is another library
    code = "from colorizer.recipe.signing.library import load_library; print(load_library().sdk_version())"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, c2pa.sdk_version()), done.stderr


def test_nothing_is_imported_before_it_is_needed() -> None:
    code = "import sys, colorizer.cli.main; print([name for name in ('c2pa', 'cryptography') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_the_extra(original: bytes, credentials: Credentials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "c2pa")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(InvalidSetting, match=r"pip install 'ai-colouriser\[sign\]'"):
        sign_bytes(original, ".jpg", original, "compact", credentials)
