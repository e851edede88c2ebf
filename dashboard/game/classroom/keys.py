"""Access to a class: a code for everyone, a key for the teacher and a key for each player.

Only hashes of keys are stored, so that a reader of the database cannot act as someone else.
"""

from __future__ import annotations

import hashlib
import secrets

ALPHABET = "ACDEFHJKMNPRTVWXY3479"  # of characters that look alike, at most one
CODE_LENGTH = 6


def normalize_code(typed: str) -> str:
    """The stored form of a typed code: " acd-efh" -> "ACDEFH"."""
    return "".join(character for character in typed.upper() if character.isalnum())


def new_key() -> str:
    """A key for one person: 128 random bits, safe in a URL."""
    return secrets.token_urlsafe(16)


def hash_key(key: str) -> bytes:
    """SHA-256 of a key. It needs no salt, because keys are long and random."""
    return hashlib.sha256(key.encode()).digest()
