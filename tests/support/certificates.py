"""Keys and certificates for the tests of signatures: an authority of our own, and those that it has signed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from colorizer.recipe.signing import Credentials, read_credentials

SIGNER, ROOT_NAME = "Archive of the Town", "Test Authority"
Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Wanted:
    """What is asked of a certificate. `days`: when it begins and ends, from now on. `further`: purposes."""

    purpose: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.EMAIL_PROTECTION
    further: tuple[x509.ObjectIdentifier, ...] = ()
    names_issuer: bool = True
    days: tuple[float, float] = (-1, 30)
    self_signed: bool = False
    signs: bool = True


@cache
def authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """The key and the certificate of the authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key, _build(key, ROOT_NAME, ROOT_NAME, key, Wanted(None, days=(-9, 99)), is_authority=True)


def make_authority(days: tuple[float, float] = (-9, 99), key: ec.EllipticCurvePrivateKey | None = None) -> bytes:
    """The certificate of an authority of the same name in PEM, by default with another key."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    own = _build(key, ROOT_NAME, ROOT_NAME, key, Wanted(None, days=days), is_authority=True)
    return own.public_bytes(Encoding.PEM)


def certify(key: Key, wanted: Wanted = Wanted()) -> bytes:
    """The certificate of a key and that of its issuer, in PEM."""
    root_key, root = authority()
    if wanted.self_signed:
        return _build(key, SIGNER, SIGNER, key, wanted).public_bytes(Encoding.PEM)
    own = _build(key, SIGNER, ROOT_NAME, root_key, wanted)
    return own.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM)


def _build(
    key: Key, name: str, issuer: str, issuer_key: Key, wanted: Wanted, *, is_authority: bool = False
) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=wanted.signs and not is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=not wanted.signs,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=wanted.days[0]))
        .not_valid_after(now + timedelta(days=wanted.days[1]))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if wanted.names_issuer:
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
        builder = builder.add_extension(identifier, critical=False)
    if wanted.purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([wanted.purpose, *wanted.further]), critical=False)
    algorithm = None if isinstance(issuer_key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(issuer_key, algorithm)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def key_bytes(key: Key, passphrase: str = "") -> bytes:
    """A key in PEM, encrypted with a passphrase if there is one."""
    encryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


@cache
def make_key() -> ec.EllipticCurvePrivateKey:
    """A key of the curve P-256; the same one every time."""
    return ec.generate_private_key(ec.SECP256R1())


def write_credentials(folder: Path, key: Key | None = None) -> tuple[Path, Path]:
    """Write a key and its certificates; returns the paths of both."""
    key = key or make_key()
    files = folder / "key.pem", folder / "certificates.pem"
    files[0].write_bytes(key_bytes(key))
    files[1].write_bytes(certify(key))
    return files


def make_credentials(folder: Path, key: Key | None = None, *, timestamp: str = "") -> Credentials:
    """Credentials that can sign."""
    return replace(read_credentials(*write_credentials(folder, key)), timestamp=timestamp)
