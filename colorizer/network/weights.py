"""Find, verify and download the models' weights files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from colorizer.errors import DISK_FULL, DownloadFailed, Problem, WeightsInvalid, WeightsMissing
from colorizer.network.registry import ModelSpec, WeightsFile

FOLDER_VARIABLE = "COLORIZER_MODEL_DIR"

DownloadProgress = Callable[[int, int], None]  # called with the bytes so far and the bytes in total

_TIMEOUTS = (10.0, 30.0)  # seconds to connect, and between two chunks of the response
_CHUNK = 1 << 18  # bytes; gives a few progress calls per second on an ordinary connection
_RESTORE = "It comes with the program: restore it from the repository"
_PACKAGE = Path(__file__).resolve().parents[1]


def built_in_folder() -> Path:
    """The folder of the weights that come with the program.

    Installed from a wheel, it is `model` inside this package; in a checkout, `model` in the repository's root.
    """
    return _PACKAGE / "model" if _is_installed() else _PACKAGE.parent / "model"


def _is_installed() -> bool:
    """Whether this package comes from a wheel, which has `model` inside the package. A checkout does not."""
    return (_PACKAGE / "model").is_dir()


def model_folder() -> Path:
    """The folder of fetched weights.

    This is the folder that the environment variable COLORIZER_MODEL_DIR names. Without it, in a checkout it is
    `model` in the repository's root; installed from a wheel, whose folder may be read-only, it is
    `ai-colouriser/model` in the user's data folder (on Linux `$XDG_DATA_HOME`, by default `~/.local/share`).
    """
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named).expanduser()
    if not _is_installed():
        return built_in_folder()
    from platformdirs import user_data_path

    return user_data_path("ai-colouriser", appauthor=False) / "model"


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, 64 lower-case hexadecimal digits. Raises OSError."""
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def describe_weights(path: Path) -> WeightsFile:
    """The name, size and SHA-256 of any weights file. Raises OSError."""
    return WeightsFile(path.name, path.stat().st_size, file_sha256(path))


def find_weights(spec: ModelSpec, *, folder: Path | None = None) -> Path:
    """The path of the model's weights file in `folder` (None: `model_folder()`). Its size and SHA-256 are verified.

    A model without URLs is built in: its file is always in `built_in_folder()`.
    Raises WeightsMissing with the URLs and the folder, WeightsInvalid with the expected and the actual size or SHA-256.
    """
    path = _weights_path(spec, folder)
    return _verify(path, spec.weights, missing=_describe_how_to_get(spec, path))


def built_in_weights(file: WeightsFile) -> Path:
    """The path of a file of weights that comes with the program. Its size and SHA-256 are verified.

    Raises WeightsMissing and WeightsInvalid as `find_weights` does.
    """
    path = built_in_folder() / file.name
    return _verify(path, file, missing=f"expected {path}; there is no such file. {_RESTORE}")


def fetch_weights(spec: ModelSpec, *, folder: Path | None = None, progress: DownloadProgress | None = None) -> Path:
    """The path of the model's weights file, as in `find_weights`; a missing or invalid file is downloaded first.

    The mirrors are tried in order. Each download goes to a temporary file, which replaces the weights file only after
    its SHA-256 is verified; until then, an existing invalid file is kept.
    `progress(done, total)`, in bytes, is called after every chunk and starts at 0 again with each mirror. If it raises
    a ColorizerError, the download stops and the temporary file is removed.
    Raises DownloadFailed with the reason of every mirror. For a built-in model, raises what `find_weights` raises.
    """
    try:
        return find_weights(spec, folder=folder)
    except (WeightsMissing, WeightsInvalid):
        if not spec.weights.urls:
            raise
    import requests

    path = _weights_path(spec, folder)
    reasons = []
    for url in spec.weights.urls:
        try:
            _download(url, path, spec.weights, progress)
        except (requests.RequestException, ValueError) as error:  # ValueError: wrong size, or wrong hash (pooch)
            reasons.append(f"{url}: {error}")
        except OSError as error:  # a disk error; another mirror would not help
            problem = Problem.NO_SPACE if error.errno in DISK_FULL else Problem.OTHER
            raise DownloadFailed(f"expected to write {path}, got {error}", problem=problem, path=path) from error
        else:
            return path
    raise DownloadFailed("\n  ".join([f"expected {spec.weights.name} from one of its mirrors, got", *reasons]))


def _weights_path(spec: ModelSpec, folder: Path | None) -> Path:
    if not spec.weights.urls:
        return built_in_folder() / spec.weights.name
    return (folder or model_folder()) / spec.weights.name


def _describe_how_to_get(spec: ModelSpec, path: Path) -> str:
    expected = f"expected the weights of {spec.title}, {path.name}, in the folder {path.parent}; there is no such file."
    if not spec.weights.urls:
        return f"{expected} {_RESTORE}"
    return "\n  ".join(
        [f"{expected} Run `python -m colorizer models fetch {spec.name}`, or download it from", *spec.weights.urls]
    )


def _verify(path: Path, file: WeightsFile, *, missing: str) -> Path:
    """The path of a file that is there and as published. `missing`: the message if there is none."""
    if not path.is_file():
        raise WeightsMissing(missing, path=path)
    size = path.stat().st_size
    if size != file.size:  # checked before the hash, so that a truncated file is not read
        raise WeightsInvalid(f"expected {path} to have {file.size} bytes, got {size}", path=path)
    digest = file_sha256(path)
    if digest != file.sha256:
        raise WeightsInvalid(f"expected {path} to have the SHA-256 {file.sha256}, got {digest}", path=path)
    return path


def _download(url: str, path: Path, file: WeightsFile, progress: DownloadProgress | None) -> None:
    import pooch
    import requests

    def download(url: str, output_file: str, _pooch: object) -> None:
        # pooch's own downloader is not used: it reports chunks instead of bytes and does not stop at the expected size.
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
    path.chmod(0o644)  # a temporary file is readable by its owner only, and a server may run as another user
