"""Is a file signed, by whom, and is it as it was then?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from types import MappingProxyType
from typing import Any

from colorizer.recipe.signing.formats import find_media_type
from colorizer.recipe.signing.library import load_library, make_context

# The type of the box that each manifest store begins with (C2PA 2.4, the JUMBF type "c2pa").
_MANIFEST_STORE = bytes.fromhex("63327061 0011 0010 8000 00AA00389B71")
_BLOCK = 1 << 20  # bytes
_NOBODY = "somebody"
_UNTRUSTED = "signingCredential.untrusted"  # there is no list of the owners to trust here
_CHANGED = "the file was changed after it was signed"
_EXPIRED = "the certificate was not valid when the file was signed, or is no more and no authority confirms that time"
_PROBLEMS = MappingProxyType(
    {
        "assertion.dataHash.mismatch": _CHANGED,
        "assertion.bmffHash.mismatch": _CHANGED,
        "assertion.boxesHash.mismatch": _CHANGED,
        "assertion.hashedURI.mismatch": "what the signature says was changed after it was signed",
        "claimSignature.mismatch": "the signature is not that of the certificate's key",
        "claimSignature.outsideValidity": _EXPIRED,
        "signingCredential.expired": _EXPIRED,
    }
)


@dataclass(frozen=True)
class Signature:
    """The signature of a file.

    `signer`: the name in the certificate, which is not compared with any list. `time`: when it was made, as a
    time-stamp authority says, which is not compared with any list either; empty without one. `problems`: why the
    signature is not valid; empty if it is, and if the file is as it was signed.
    """

    signer: str
    time: str
    problems: tuple[str, ...]

    def __str__(self) -> str:
        who = f"signed by {self.signer}" + (f", {self.time}" if self.time else "")
        if self.problems:
            return f"{who}, but not confirmed: {'; '.join(self.problems)}"
        return f"{who}, and not changed since; who owns the certificate is not checked"


def holds_signature(file: BufferedIOBase) -> bool:
    """Whether a file has a signature of C2PA in it, valid or not. Needs no library. Raises OSError."""
    file.seek(0)
    end = b""
    while block := file.read(_BLOCK):
        if _MANIFEST_STORE in end + block:
            return True
        end = block[1 - len(_MANIFEST_STORE) :]
    return False


def file_holds_signature(path: Path) -> bool:
    """As `holds_signature`, for a path."""
    with path.open("rb") as file:
        return holds_signature(file)


def read_signature(path: Path) -> Signature | None:
    """The signature of a photo or a film, checked; None if there is none. Nothing is fetched from a network.

    Raises InvalidSetting if the extra `sign` is not installed, OSError.
    """
    library = load_library()
    with path.open("rb") as file:
        kind = find_media_type(file)
        if kind is None:
            return None
        try:
            with make_context() as context:
                reader = library.Reader.try_create(kind, file, context=context)
            if reader is None:
                return None
            with reader:
                return _describe(json.loads(reader.json()))
        except library.C2paError as error:
            problem = explain_unread(file, error)
            return Signature(_NOBODY, "", (problem,)) if problem else None


def explain_unread(file: BufferedIOBase, error: Exception) -> str:
    """Why a file's signature cannot be read, from the library's error; empty if it has none and is only damaged."""
    if str(error).startswith("Remote"):
        return "the signature is not in the file, but at an address, which is not contacted"
    return "the file or its signature is damaged" if holds_signature(file) else ""


def _describe(store: Mapping[str, Any]) -> Signature:
    """The signature in a manifest store as the library reports it."""
    manifest = store.get("manifests", {}).get(store.get("active_manifest"), {})
    info = manifest.get("signature_info") or {}
    name = info.get("common_name") or info.get("issuer") or _NOBODY
    problems: tuple[str, ...] = ()
    if store.get("validation_state") not in ("Valid", "Trusted"):
        failures = [each for each in store.get("validation_status") or () if each["code"] != _UNTRUSTED]
        words = [_PROBLEMS.get(each["code"], f"{each['code']}, {each.get('explanation')}") for each in failures]
        problems = tuple(dict.fromkeys(words)) or ("the signature is damaged",)
    return Signature(name, info.get("time") or "", problems)
