"""Keys and certificates that can sign, and plain words for those that cannot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509 import ObjectIdentifier
from cryptography.x509.oid import ExtendedKeyUsageOID

from colorizer import InvalidSetting, SigningFailed
from colorizer.recipe.signing import read_credentials, try_credentials
from colorizer.recipe.signing.credentials import PASSPHRASE_VARIABLE, Credentials
from tests.support.certificates import (
    Key,
    Wanted,
    authority,
    certify,
    key_bytes,
    make_authority,
    make_credentials,
    make_key,
    write_credentials,
)

DOCUMENTS, CLAIMS = ObjectIdentifier("1.3.6.1.5.5.7.3.36"), ObjectIdentifier("1.3.6.1.4.1.62558.2.1")


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (make_key(), "es256"),
        (ec.generate_private_key(ec.SECP384R1()), "es384"),
        (ec.generate_private_key(ec.SECP521R1()), "es512"),
        (ed25519.Ed25519PrivateKey.generate(), "ed25519"),
        (rsa.generate_private_key(65537, 2048), "ps256"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_key_decides_the_algorithm(key: Key, algorithm: str, tmp_path: Path) -> None:
    credentials = make_credentials(tmp_path, key)
    assert credentials.algorithm == algorithm
    try_credentials(credentials)


@pytest.mark.parametrize("purpose", [DOCUMENTS, CLAIMS])
def test_every_purpose_that_c2pa_names(purpose: ObjectIdentifier, tmp_path: Path) -> None:
    files = write_credentials(tmp_path)
    files[1].write_bytes(certify(make_key(), Wanted(purpose)))
    try_credentials(read_credentials(*files))


@pytest.mark.parametrize(
    ("certificates", "words"),
    [
        (certify(ec.generate_private_key(ec.SECP256R1())), "expected the certificate of the key, got that of another"),
        (certify(make_key(), Wanted(self_signed=True)), "expected a certificate from an authority, got one in"),
        (certify(make_key(), Wanted(days=(-9, -1))), "expected a certificate that is valid now, got one in"),
        (certify(make_key(), Wanted(days=(1, 9))), "expected a certificate that is valid now, got one in"),
        (certify(make_key(), Wanted(purpose=None)), "expected a certificate for digital signatures of e-mail"),
        (certify(make_key(), Wanted(ExtendedKeyUsageOID.SERVER_AUTH)), "got one in certificates.pem for something"),
        (certify(make_key(), Wanted(signs=False)), "got one in certificates.pem for something else"),
        (b"no PEM", "expected certificates in PEM, got something else in certificates.pem"),
        (b"", "expected certificates in PEM, got something else in certificates.pem"),
    ],
)
def test_certificates_that_cannot_sign(certificates: bytes, words: str, tmp_path: Path) -> None:
    files = write_credentials(tmp_path)
    files[1].write_bytes(certificates)
    with pytest.raises(InvalidSetting, match=words) as raised:
        read_credentials(*files)
    assert str(tmp_path) not in str(raised.value)


def test_the_order_of_certificates(tmp_path: Path) -> None:
    files = write_credentials(tmp_path)
    end = b"-----END CERTIFICATE-----\n"
    own, root = (part + end for part in files[1].read_bytes().split(end)[:2])
    files[1].write_bytes(root + own)
    with pytest.raises(InvalidSetting, match=r"expected the signer's certificate first in certificates.pem"):
        read_credentials(*files)
    files[1].write_bytes(own + own)
    with pytest.raises(InvalidSetting, match=r"each certificate in certificates.pem to be followed by its issuer's"):
        read_credentials(*files)
    files[1].write_bytes(own)
    try_credentials(read_credentials(*files))


def test_a_certificate_of_an_issuer_of_the_same_name_or_one_that_has_expired(tmp_path: Path) -> None:
    files = write_credentials(tmp_path)
    own = files[1].read_bytes().partition(b"-----END CERTIFICATE-----\n")
    for issuer, words in (
        (make_authority(), "expected each certificate in certificates.pem to be followed by its issuer's"),
        (make_authority((-9, -1), authority()[0]), "expected a certificate that is valid now, got one in"),
    ):
        files[1].write_bytes(own[0] + own[1] + issuer)
        with pytest.raises(InvalidSetting, match=words):
            read_credentials(*files)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(further=(ExtendedKeyUsageOID.TIME_STAMPING,)), "or for time stamps or all purposes too"),
        (Wanted(further=(ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,)), "or for time stamps or all purposes too"),
        (Wanted(names_issuer=False), "expected a certificate with the identifier of its issuer's key"),
    ],
)
def test_what_the_profile_of_c2pa_excludes(wanted: Wanted, words: str, tmp_path: Path) -> None:
    files = write_credentials(tmp_path)
    files[1].write_bytes(certify(make_key(), wanted))
    with pytest.raises(InvalidSetting, match=words):
        read_credentials(*files)


def test_only_certificates_are_taken_from_their_file(tmp_path: Path) -> None:
    files = write_credentials(tmp_path)
    alone = read_credentials(*files)
    files[1].write_bytes(key_bytes(make_key()) + b"friendlyName: Ida\n" + files[1].read_bytes())
    together = read_credentials(*files)
    assert together == alone
    assert b"PRIVATE" not in together.certificates
    try_credentials(together)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (b"no PEM", "expected a private key in PEM, got something else in key.pem"),
        (certify(make_key()), "expected a private key in PEM, got something else in key.pem"),
        (key_bytes(rsa.generate_private_key(65537, 1024)), "RSA with 2048 bits or more, got another one in key.pem"),
        (key_bytes(ec.generate_private_key(ec.SECP256K1())), "expected a key of the curves P-256, P-384 or P-521"),
    ],
)
def test_keys_that_cannot_sign(key: bytes, words: str, tmp_path: Path) -> None:
    files = write_credentials(tmp_path)
    files[0].write_bytes(key)
    with pytest.raises(InvalidSetting, match=words):
        read_credentials(*files)


def test_an_encrypted_key_needs_its_passphrase(tmp_path: Path) -> None:
    files = write_credentials(tmp_path)
    plain = read_credentials(*files, passphrase="of another key")
    files[0].write_bytes(key_bytes(make_key(), "open sesame"))
    with pytest.raises(InvalidSetting, match=f"expected the passphrase of the key key.pem in {PASSPHRASE_VARIABLE}"):
        read_credentials(*files)
    with pytest.raises(InvalidSetting, match=r"expected the passphrase of the key key.pem, got another one"):
        read_credentials(*files, passphrase="sesame")
    assert read_credentials(*files, passphrase="open sesame") == plain
    assert "PRIVATE" not in repr(plain)


@pytest.mark.parametrize("address", ["ftp://time.example", "http://[x", "https://time.example:99999", "http://a b"])
def test_an_address_that_is_none(address: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match=f"of a time-stamp authority, http or https, got {re.escape(address)}"):
        read_credentials(*write_credentials(tmp_path), timestamp=address)


def test_what_the_library_refuses_is_said(tmp_path: Path) -> None:
    good = make_credentials(tmp_path)
    with pytest.raises(SigningFailed, match="the result could not be signed: "):
        try_credentials(Credentials("es384", good.certificates, good.key))
