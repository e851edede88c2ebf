"""Signatures on the command line: the options, and what is said of a file's signature."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from colorizer.cli.console import say
from colorizer.errors import ColorizerError
from colorizer.recipe.signing import (
    Credentials,
    file_holds_signature,
    read_credentials,
    read_signature,
    try_credentials,
)
from colorizer.recipe.signing.credentials import PASSPHRASE_VARIABLE
from colorizer.recipe.signing.library import has_library


def add_sign_options(group: argparse._ActionsContainer) -> None:
    """Add the options that `make_credentials` reads."""
    group.add_argument(
        "--sign-key",
        type=Path,
        metavar="FILE",
        help="sign the results after the standard C2PA, with the private key in FILE (PEM); the passphrase of an "
        f"encrypted key is read from {PASSPHRASE_VARIABLE}",
    )
    group.add_argument(
        "--sign-cert",
        type=Path,
        metavar="FILE",
        help="the certificate of that key (PEM), followed by those of its issuers",
    )
    group.add_argument(
        "--sign-timestamp",
        metavar="URL",
        help="let this time-stamp authority (RFC 3161) confirm when each result was signed; it gets a hash",
    )


def make_credentials(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Credentials | None:
    """What the results are signed with; None: they are not. Ends with the parser's error if that cannot sign."""
    key, certificates, timestamp = options.sign_key, options.sign_cert, options.sign_timestamp
    if key is None and certificates is None and timestamp is None:
        return None
    if key is None or certificates is None:
        parser.error("expected --sign-key and --sign-cert together, got one without the other")
    try:
        credentials = read_credentials(
            key, certificates, passphrase=os.environ.get(PASSPHRASE_VARIABLE, ""), timestamp=timestamp or ""
        )
        try_credentials(credentials)
    except (ColorizerError, OSError) as error:
        parser.error(str(error))
    return credentials


def report_signature(path: Path) -> bool | None:
    """Say who has signed a photo or a film, and whether it was changed since.

    Returns False if that is not confirmed, True if it is or cannot be checked, None for a file without a signature.
    Raises OSError.
    """
    if not has_library():
        if not file_holds_signature(path):
            return None
        say(str(path), "signed; to have it checked: pip install 'ai-colouriser[sign]'")
        return True
    signature = read_signature(path)
    if signature is None:
        return None
    say(str(path), str(signature))
    return not signature.problems
