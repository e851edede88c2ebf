"""Who may do what in a class: the code for all, the teacher's key, each player's own.

Of keys the file holds hashes, so that nobody who reads it can act for another.
"""

from __future__ import annotations

import hashlib
import secrets

ALPHABET = "ACDEFHJKMNPRTVWXY3479"  # of characters that look alike it has one at most
CODE_LENGTH = 6


def normalize_code(typed: str) -> str:
    """A code as it is kept, however it was typed: " acd-efh" -> "ACDEFH"."""
    return "".join(character for character in typed.upper() if character.isalnum())


def new_key() -> str:
    """What lets one person in: 128 random bits, for an address."""
    return secrets.token_urlsafe(16)


def hash_key(key: str) -> bytes:
    """Keys are long and random: a plain hash of one cannot be searched for."""
    return hashlib.sha256(key.encode()).digest()
