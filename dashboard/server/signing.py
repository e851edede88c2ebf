"""Signatures on the files that the page offers, with the owner's key; see `colorizer.recipe.signing`.

Results are signed in workers of their own, which decode nothing and so get the key alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from colorizer import InvalidSetting, ModelSpec
from colorizer.recipe.signing import (
    SIGNABLE_SUFFIXES,
    Credentials,
    read_credentials,
    sign_bytes,
    sign_file,
    try_credentials,
)
from colorizer.recipe.signing.credentials import PASSPHRASE_VARIABLE
from dashboard.server.workers.limits import picture_limits, run_limits
from dashboard.server.workers.run import LentJob, run_isolated

KEY_VARIABLE = "COLORIZER_SIGN_KEY"
CERTIFICATE_VARIABLE = "COLORIZER_SIGN_CERT"
TIMESTAMP_VARIABLE = "COLORIZER_SIGN_TIMESTAMP"
_COPIES = 4  # of both files: those of the message, and those of the library, with some room
_NO_PLACE = "{} files have no place for the signature"


def credentials_of_environment(environment: Mapping[str, str] = os.environ) -> Credentials | None:
    """What results are signed with; None: they are not. The files are read once. Raises InvalidSetting."""
    names = (KEY_VARIABLE, CERTIFICATE_VARIABLE, PASSPHRASE_VARIABLE, TIMESTAMP_VARIABLE)
    key, certificates, passphrase, timestamp = (environment.get(name, "") for name in names)
    if not key and not certificates:
        return None
    if not key or not certificates:
        raise InvalidSetting(f"expected {KEY_VARIABLE} and {CERTIFICATE_VARIABLE} together, got one without the other")
    return _read(key, certificates, passphrase, timestamp)


@lru_cache(maxsize=1)
def _read(key: str, certificates: str, passphrase: str, timestamp: str) -> Credentials:
    try:
        credentials = read_credentials(Path(key), Path(certificates), passphrase=passphrase, timestamp=timestamp)
    except OSError as error:
        raise InvalidSetting(f"expected {KEY_VARIABLE} and {CERTIFICATE_VARIABLE} to name files, got {error}") from None
    try_credentials(credentials)
    return credentials


def sign_result(
    data: bytes, suffix: str, read_original: Callable[[], bytes], model: ModelSpec
) -> tuple[bytes, tuple[str, ...]]:
    """The content of a photo's result, signed if the environment says so, and notes on it. See `sign_bytes`."""
    credentials = credentials_of_environment()
    if credentials is None:
        return data, ()
    if suffix.lower() not in SIGNABLE_SUFFIXES:
        return data, (_NO_PLACE.format(suffix),)
    original, limits = read_original(), picture_limits()
    limits = replace(limits, memory=limits.memory + _COPIES * (len(data) + len(original)))
    return run_isolated(sign_bytes, data, suffix, original, model.name, credentials, limits=limits)


def sign_film(path: Path, original: Path, model: ModelSpec) -> tuple[str, ...]:
    """Sign a film in place if the environment says so; returns notes on it. Also after a stop. See `sign_file`."""
    credentials = credentials_of_environment()
    if credentials is None:
        return ()
    if path.suffix.lower() not in SIGNABLE_SUFFIXES:
        return (_NO_PLACE.format(path.suffix),)
    job: LentJob = LentJob(lambda _: None, lambda: False)
    return run_isolated(_sign_film, path, original, model.name, credentials, job, limits=run_limits(0))


def _sign_film(path: Path, original: Path, model: str, credentials: Credentials, _: LentJob) -> tuple[str, ...]:
    return sign_file(path, path.suffix, original, model, credentials)
