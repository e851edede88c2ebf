"""Signatures of results after the standard C2PA (Content Credentials), with the user's own key. Needs the extra `sign`.

https://spec.c2pa.org/specifications/specifications/2.4/specs/C2PA_Specification.html
"""

from colorizer.recipe.signing.credentials import Credentials, read_credentials
from colorizer.recipe.signing.formats import SIGNABLE_SUFFIXES, check_signable
from colorizer.recipe.signing.reading import Signature, file_holds_signature, read_signature
from colorizer.recipe.signing.writing import sign_bytes, sign_file, try_credentials

__all__ = [
    "SIGNABLE_SUFFIXES",
    "Credentials",
    "Signature",
    "check_signable",
    "file_holds_signature",
    "read_credentials",
    "read_signature",
    "sign_bytes",
    "sign_file",
    "try_credentials",
]
