"""The ZIP file of an album, which is written while it is sent."""

from __future__ import annotations

import subprocess
from functools import partial
from pathlib import Path

from starlette.applications import Starlette

from colorizer import Look
from colorizer.recipe import PhotoSettings
from dashboard.album.album import Album
from dashboard.album.entry import Settings
from dashboard.album.results import ResultFiles, open_zip
from dashboard.server.downloads import DOWNLOADS, ROUTES
from tests.support import asgi
from tests.support.albums import SETTINGS, color_really, download, make_album, photo, photos, result_files, run

APP = Starlette(routes=list(ROUTES))


def offer(album: Album, owner: str) -> str:
    """The path under which the server has the album's ZIP file."""
    stream = partial(open_zip, album.files, album.members)
    return f"/{DOWNLOADS.stream_url(stream, 'album.zip', owner=owner, place='album')}"


def test_the_download_is_a_whole_zip_file_of_the_size_that_it_says(tmp_path: Path) -> None:
    album = make_album(tmp_path, ("Gr\u00fc\u00dfe.png", photo()), ("x/a.jpg", photo(kind="JPEG")))
    run(album, color=color_really)
    answer = asgi.get(APP, offer(album, "me"))
    assert (answer.status, answer.headers["content-length"]) == (200, str(len(answer.content)))
    assert answer.headers["content-type"] == "application/zip"
    assert "album.zip" in answer.headers["content-disposition"]
    path = tmp_path / "album.zip"
    path.write_bytes(answer.content)
    listing = subprocess.run(["unzip", "-t", path], capture_output=True, text=True, check=True).stdout
    assert "x/a_colorized.jpg" in listing
    assert "No errors detected" in listing


def test_the_address_stays_and_has_what_is_done_by_then(tmp_path: Path) -> None:
    album = make_album(tmp_path, *photos(2))
    (address,) = {offer(album, "ann") for _ in range(2)}
    before = asgi.get(APP, address).content
    run(album)
    assert len(asgi.get(APP, address).content) > len(before)
    DOWNLOADS.forget("ann")
    assert asgi.get(APP, address).status == 404


def test_a_download_that_broke_off_goes_on_unless_the_album_has_changed(tmp_path: Path) -> None:
    album = make_album(tmp_path, *photos(3))
    run(album)
    address = offer(album, "bob")
    whole = asgi.get(APP, address)
    asked = {"Range": "bytes=150-", "If-Range": whole.headers["etag"]}
    rest = asgi.get(APP, address, asked)
    assert (rest.status, rest.content) == (206, whole.content[150:])
    assert rest.headers["content-length"] == str(len(rest.content))
    assert rest.headers["content-range"] == f"bytes 150-{len(whole.content) - 1}/{len(whole.content)}"
    for wanted in ("bytes=99999999-", "bytes=-5", "bytes=1-2", "lines=1-"):
        assert asgi.get(APP, address, {"Range": wanted}).status == 200
    run(album, Settings("compact", PhotoSettings(look=Look(strength=0))))
    changed = asgi.get(APP, address, asked)
    assert (changed.status, changed.headers["etag"] == whole.headers["etag"]) == (200, False)


def test_what_is_coloured_again_during_a_download_does_not_break_it(tmp_path: Path) -> None:
    album = make_album(tmp_path, *photos(3))
    run(album)
    before = download(album)
    with open_zip(album.files, album.members) as stream:
        data = next(stream.parts)
        for entry in album.entries:
            album.keep(entry, SETTINGS, color_really(entry, SETTINGS))
        data += b"".join(stream.parts)
    assert len(data) == stream.size
    path = tmp_path / "album.zip"
    path.write_bytes(data)
    for name, content in before.items():
        assert subprocess.run(["unzip", "-p", path, name], capture_output=True, check=True).stdout == content
    assert len(result_files(tmp_path)) == 3  # those from before are gone when nobody reads any more


def test_a_removed_file_goes_with_the_last_reader(tmp_path: Path) -> None:
    files = ResultFiles(tmp_path)
    path = files.write(b"colours")
    with files.reading():
        with files.reading():
            files.remove(path)
        assert path.exists()
    assert not path.exists()
