"""Where the weights files are, whether they are the published ones, and how they are fetched."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pooch
import requests

from colorizer.errors import DownloadFailed, WeightsInvalid, WeightsMissing
from colorizer.network.registry import ModelSpec, WeightsFile

FOLDER_VARIABLE = "COLORIZER_MODEL_DIR"
BUILT_IN_FOLDER = Path(__file__).resolve().parents[2] / "model"

DownloadProgress = Callable[[int, int], None]

_TIMEOUTS = (10.0, 30.0)  # seconds to connect, and between two pieces of the answer
_CHUNK = 1 << 18  # bytes: a few progress calls per second on an ordinary line


def model_folder() -> Path:
    """The folder of fetched weights: the environment's COLORIZER_MODEL_DIR, else the repository's model/."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named).expanduser() if named else BUILT_IN_FOLDER


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, 64 lower-case hexadecimal digits. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find_weights(spec: ModelSpec, *, folder: Path | None = None) -> Path:
    """The model's weights file in `folder` (None: `model_folder()`), with its size and SHA-256 checked.

    A model without addresses is built in: its file is in the repository's model/, whatever `folder` says.
    Raises WeightsMissing with the addresses and the folder, WeightsInvalid with the expected and the actual
    size or SHA-256.
    """
    path = _weights_path(spec, folder)
    if not path.is_file():
        raise WeightsMissing(_describe_how_to_get(spec, path))
    _verify(path, spec.weights)
    return path


def fetch_weights(spec: ModelSpec, *, folder: Path | None = None, progress: DownloadProgress | None = None) -> Path:
    """The model's weights file as `find_weights` has it, downloaded first if it is not there or not the right one.

    The mirrors are tried in order, each into a temporary file that takes its place only when its SHA-256 is right; a
    wrong file that is there already stays until then. `progress(done, total)`, in bytes, is called after every piece
    and starts again with each mirror; a ColorizerError it raises ends the download and leaves nothing behind.
    Raises DownloadFailed with every mirror's reason. For a built-in model, raises what `find_weights` raises.
    """
    try:
        return find_weights(spec, folder=folder)
    except (WeightsMissing, WeightsInvalid):
        if not spec.weights.urls:
            raise
    path = _weights_path(spec, folder)
    reasons = []
    for url in spec.weights.urls:
        try:
            _download(url, path, spec.weights, progress)
        except (requests.RequestException, ValueError) as error:  # ValueError: wrong size, pooch's wrong hash
            reasons.append(f"{url}: {error}")
        except OSError as error:  # the disk's fault, which no other mirror mends
            raise DownloadFailed(f"expected to write {path}, got {error}") from error
        else:
            return path
    raise DownloadFailed("\n  ".join([f"expected {spec.weights.name} from one of its mirrors, got", *reasons]))


def _weights_path(spec: ModelSpec, folder: Path | None) -> Path:
    if not spec.weights.urls:
        return BUILT_IN_FOLDER / spec.weights.name
    return (folder or model_folder()) / spec.weights.name


def _describe_how_to_get(spec: ModelSpec, path: Path) -> str:
    expected = f"expected the weights of {spec.title}, {path.name}, in the folder {path.parent}; there is no such file."
    if not spec.weights.urls:
        return f"{expected} It comes with the program: restore it from the repository"
    return "\n  ".join(
        [f"{expected} Run `python -m colorizer models fetch {spec.name}`, or put it there from", *spec.weights.urls]
    )


def _verify(path: Path, file: WeightsFile) -> None:
    size = path.stat().st_size
    if size != file.size:  # before the hash: a cut-off file need not be read
        raise WeightsInvalid(f"expected {path} to have {file.size} bytes, got {size}")
    digest = file_sha256(path)
    if digest != file.sha256:
        raise WeightsInvalid(f"expected {path} to have the SHA-256 {file.sha256}, got {digest}")


def _download(url: str, path: Path, file: WeightsFile, progress: DownloadProgress | None) -> None:
    def download(url: str, output_file: str, _pooch: object) -> None:
        # Ours and not pooch's own downloader: that counts pieces, not bytes, and does not stop at the size.
        done = 0
        with requests.get(url, stream=True, timeout=_TIMEOUTS) as response, Path(output_file).open("wb") as output:
            response.raise_for_status()
            for chunk in response.iter_content(_CHUNK):
                done += len(chunk)
                if done > file.size:
                    raise ValueError(f"expected {file.size} bytes, got more")
                output.write(chunk)
                if progress is not None:
                    progress(done, file.size)
        if done != file.size:
            raise ValueError(f"expected {file.size} bytes, got {done}")

    pooch.retrieve(url, f"sha256:{file.sha256}", fname=path.name, path=path.parent, downloader=download)
    path.chmod(0o644)  # a temporary file is its owner's alone, and a server may run as someone else
