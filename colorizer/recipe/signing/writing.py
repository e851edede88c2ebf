"""Sign results: a manifest of C2PA that says that this program has added colours to an original.

There is nothing private in it: no names but the certificate's, no paths, no thumbnail. Each signature has random
numbers, so that two files are never the same.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import file_digest
from io import BufferedIOBase, BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from colorizer import images
from colorizer.errors import SigningFailed
from colorizer.images import Picture
from colorizer.images.atomic import whole_file
from colorizer.recipe.label import ALGORITHMICALLY_ENHANCED
from colorizer.recipe.recipe import PROGRAM
from colorizer.recipe.signing.credentials import Credentials
from colorizer.recipe.signing.formats import find_media_type, media_type
from colorizer.recipe.signing.library import load_library, make_context
from colorizer.recipe.signing.reading import explain_unread
from colorizer.version import __version__

_ORIGINAL = "original"  # the name of the ingredient within the manifest's definition; it is not in the file
_AGENT = {"name": PROGRAM, "version": __version__}


def sign_bytes(
    data: bytes, suffix: str, original: bytes, model: str, credentials: Credentials
) -> tuple[bytes, tuple[str, ...]]:
    """The signed file of a result, and notes for the user.

    `data`: the result's file, of the format of `suffix`, one of SIGNABLE_SUFFIXES. `original`: the content of the file
    that it was made from. `model`: the name of the one that made the colours. Pixels and metadata stay.
    Raises SigningFailed; InvalidSetting for another suffix, and if the extra `sign` is not installed.
    """
    signed = BytesIO()
    notes = _sign(BytesIO(data), signed, media_type(suffix), BytesIO(original), model, credentials)
    return signed.getvalue(), notes


def sign_file(path: Path, suffix: str, original: Path, model: str, credentials: Credentials) -> tuple[str, ...]:
    """Sign a result's file in place, atomically; returns notes for the user. The values: see `sign_bytes`.

    Raises as `sign_bytes` does, and OSError; the file is then as it was.
    """
    with (
        whole_file(path) as part,
        path.open("rb") as source,
        part.open("w+b") as target,
        original.open("rb") as parent,
    ):
        return _sign(source, target, media_type(suffix), parent, model, credentials)


def try_credentials(credentials: Credentials) -> None:
    """Sign a picture of one pixel, without a time stamp. Raises SigningFailed if that does not work."""
    pixel = images.encode(Picture(np.zeros((1, 1, 3), np.uint8)), ".png")
    sign_bytes(pixel, ".png", pixel, "none", replace(credentials, timestamp=""))


def _sign(
    source: BufferedIOBase,
    target: BufferedIOBase,
    kind: str,
    original: BufferedIOBase,
    model: str,
    credentials: Credentials,
) -> tuple[str, ...]:
    library = load_library()
    parent = {
        "relationship": "parentOf",
        "label": _ORIGINAL,
        "description": f"The original, a file with the SHA-256 {file_digest(original, 'sha256').hexdigest()}",
    }
    original_kind = find_media_type(original)
    if original_kind is not None:
        parent["format"] = original_kind

    def write(history: BufferedIOBase | None) -> None:
        """Sign; `history`: the original if its own manifest is to be taken over."""
        manifest = _make_manifest(model, [parent] if history is None else [])
        source.seek(0)
        target.seek(0)
        target.truncate()
        with (
            make_context(_make_signer(library, credentials)) as context,
            library.Builder(manifest, context) as builder,
        ):
            if history is not None:
                builder.add_ingredient(parent, original_kind, history)
            builder.sign(kind, source, target)

    problem = ""
    try:
        if _has_manifest(library, original, original_kind):
            write(original)
            return ()
    except library.C2paError as error:  # of a damaged original, of one whose manifest is elsewhere, or as below
        problem = explain_unread(original, error)
    try:
        write(None)
    except library.C2paError as error:
        whom = f" with a time stamp of {credentials.timestamp}" if credentials.timestamp else ""
        raise SigningFailed(f"the result could not be signed{whom}: {error}") from None
    return (f"the signature does not include that of the original: {problem}",) if problem else ()


def _make_signer(library: Any, credentials: Credentials) -> Any:
    info = library.C2paSignerInfo(
        *(credentials.algorithm, credentials.certificates, credentials.key, credentials.timestamp or None)
    )
    return library.Signer.from_info(info)


def _has_manifest(library: Any, original: BufferedIOBase, kind: str | None) -> bool:
    """Whether the original has a manifest of its own in it. Raises the library's error for a file that is damaged."""
    if kind is None:
        return False
    try:
        with make_context(verify=False) as context:
            reader = library.Reader.try_create(kind, original, context=context)
    finally:
        original.seek(0)
    if reader is None:
        return False
    reader.close()
    return True


def _make_manifest(model: str, ingredients: list[dict[str, str]]) -> dict[str, Any]:
    """The definition of a manifest: the original was opened, and colours were added (C2PA 2.4, actions)."""
    actions = [
        {"action": "c2pa.opened", "parameters": {"ingredientIds": [_ORIGINAL]}},
        {
            "action": "c2pa.edited",
            "digitalSourceType": ALGORITHMICALLY_ENHANCED,
            "softwareAgent": _AGENT,
            "description": f"Colours added by a program ({PROGRAM}, model {model})",
        },
    ]
    return {
        "claim_generator_info": [_AGENT],
        "ingredients": ingredients,
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}],
    }
