"""The key and the certificates that a user signs with, and what is wrong with them in plain words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from colorizer.errors import InvalidSetting
from colorizer.recipe.signing.library import EXCLUDED_PURPOSES, PURPOSES, load_library

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
    from cryptography.x509 import Certificate

PASSPHRASE_VARIABLE = "COLORIZER_SIGN_PASSPHRASE"
_CURVES = MappingProxyType({"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"})
_LEAST_RSA_BITS = 2048
_CONVERT = "`openssl pkey`, `openssl x509` and `openssl pkcs12` convert other formats"


@dataclass(frozen=True)
class Credentials:
    """What files are signed with.

    `algorithm`: that of the key, as C2PA names it. `certificates`: PEM, the signer's first, each followed by that of
    its issuer. `key`: PEM (PKCS #8) without a passphrase. `timestamp`: the URL of an authority (RFC 3161) that
    confirms the time of each signature; empty for none.
    """

    algorithm: str
    certificates: bytes
    key: bytes = field(repr=False)
    timestamp: str = ""


def read_credentials(key: Path, certificates: Path, *, passphrase: str = "", timestamp: str = "") -> Credentials:
    """The credentials in two files of PEM. `passphrase`: of an encrypted key. The other values: see `Credentials`.

    Raises InvalidSetting for files that cannot sign, and if the extra `sign` is not installed; OSError.
    """
    load_library()
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    if timestamp and not _is_web_address(timestamp):
        raise InvalidSetting(f"expected the address of a time-stamp authority, http or https, got {timestamp}")
    private = _load_key(key, passphrase)
    algorithm = _find_algorithm(private, key.name)
    chain = _load_certificates(certificates.read_bytes(), certificates.name)
    _check_certificates(chain, private.public_key(), certificates.name)
    # Without what else may be in their file, such as the private key.
    public = b"".join(each.public_bytes(Encoding.PEM) for each in chain)
    plain = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Credentials(algorithm, public, plain, timestamp)


def signer_name(credentials: Credentials) -> str:
    """The subject of the signer's certificate (RFC 4514), which a renewed one has as well."""
    own = _load_certificates(credentials.certificates, "the credentials")[0]
    return own.subject.rfc4514_string()


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        is_one_word = text.isprintable() and " " not in text
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and is_one_word
    except ValueError:  # of brackets or a port that make no sense
        return False


def _load_key(path: Path, passphrase: str) -> PrivateKeyTypes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    data = path.read_bytes()
    is_encrypted = b"ENCRYPTED" in data  # in the words of PEM, of PKCS #8 and of the older kind
    if is_encrypted and not passphrase:
        raise InvalidSetting(f"expected the passphrase of the key {path.name} in {PASSPHRASE_VARIABLE}, got none")
    try:
        return load_pem_private_key(data, passphrase.encode() if is_encrypted else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        if is_encrypted:
            raise InvalidSetting(f"expected the passphrase of the key {path.name}, got another one") from None
        raise InvalidSetting(f"expected a private key in PEM, got something else in {path.name}; {_CONVERT}") from None


def _find_algorithm(key: PrivateKeyTypes, name: str) -> str:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if isinstance(key, Ed25519PrivateKey):
        return "ed25519"
    if isinstance(key, RSAPrivateKey) and key.key_size >= _LEAST_RSA_BITS:
        return "ps256"
    if isinstance(key, EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    raise InvalidSetting(
        f"expected a key of the curves P-256, P-384 or P-521, of Ed25519, or of RSA with {_LEAST_RSA_BITS} bits or "
        f"more, got another one in {name}"
    )


def _load_certificates(data: bytes, name: str) -> list[Certificate]:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(data)
    except ValueError:
        raise InvalidSetting(f"expected certificates in PEM, got something else in {name}; {_CONVERT}") from None


def _check_certificates(chain: list[Certificate], key: PublicKeyTypes, name: str) -> None:
    """Raises InvalidSetting with the reason for which the first of these certificates cannot sign with the key."""
    own, now = chain[0], datetime.now(UTC)
    if own.public_key() != key:
        if any(each.public_key() == key for each in chain):
            raise InvalidSetting(f"expected the signer's certificate first in {name}, got its issuer's first")
        raise InvalidSetting(f"expected the certificate of the key, got that of another key in {name}")
    if own.issuer == own.subject:
        raise InvalidSetting(
            f"expected a certificate from an authority, got one in {name} that its owner has signed; C2PA takes none "
            "of these"
        )
    for each in chain:
        if not each.not_valid_before_utc <= now <= each.not_valid_after_utc:
            times = f"{each.not_valid_before_utc:%Y-%m-%d} to {each.not_valid_after_utc:%Y-%m-%d}"
            raise InvalidSetting(
                f"expected a certificate that is valid now, got one in {name} that is valid from {times}"
            )
    if not _signs_documents(own):
        raise InvalidSetting(
            f"expected a certificate for digital signatures of e-mail, documents or C2PA, got one in {name} for "
            "something else, or for time stamps or all purposes too"
        )
    if not _names_key_of_issuer(own):
        raise InvalidSetting(
            f"expected a certificate with the identifier of its issuer's key, as C2PA asks, got one in {name} without"
        )
    for number, (each, issuer) in enumerate(pairwise(chain), start=2):
        if not _has_signed(issuer, each):
            raise InvalidSetting(
                f"expected each certificate in {name} to be followed by its issuer's, got that of somebody else as "
                f"number {number}"
            )


def _signs_documents(certificate: Certificate) -> bool:
    """Whether a certificate is for what C2PA asks for."""
    from cryptography.x509 import ExtendedKeyUsage, ExtensionNotFound, KeyUsage

    try:
        usage = certificate.extensions.get_extension_for_class(KeyUsage).value
        purposes = certificate.extensions.get_extension_for_class(ExtendedKeyUsage).value
    except (ExtensionNotFound, ValueError):
        return False
    named = {each.dotted_string for each in purposes}
    return usage.digital_signature and not named.isdisjoint(PURPOSES) and named.isdisjoint(EXCLUDED_PURPOSES)


def _names_key_of_issuer(certificate: Certificate) -> bool:
    from cryptography.x509 import AuthorityKeyIdentifier, ExtensionNotFound

    try:
        certificate.extensions.get_extension_for_class(AuthorityKeyIdentifier)
    except (ExtensionNotFound, ValueError):
        return False
    return True


def _has_signed(issuer: Certificate, certificate: Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
