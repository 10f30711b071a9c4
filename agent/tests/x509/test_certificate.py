"""Every recorded certificate is read as OpenSSL and cryptography read it, and no bytes at all do harm."""

from __future__ import annotations

import datetime as dt
import ssl
import subprocess
import warnings
from pathlib import Path

import pytest
from agent.tests.collectors.recorded import CASES, chain
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from nodestral_agent.x509 import certificate, der

FILES = sorted((CASES / "x509").glob("*.pem"))
NAMES = [path.stem for path in FILES]


def openssl(path: Path, *words: str) -> dict[str, str]:
    """What `openssl x509` says, by what stands before the first `=`."""
    argv = ["openssl", "x509", "-in", str(path), "-noout", *words]
    lines = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_as_openssl_tells_it(path: Path) -> None:
    read = certificate.parsed(chain([path.stem])[0])
    words = ("-subject", "-issuer", "-serial", "-fingerprint", "-sha256", "-nameopt", "RFC2253,utf8,-esc_msb,-esc_ctrl")
    told = openssl(path, *words)
    assert read.fingerprint_sha256 == told["sha256 Fingerprint"].replace(":", "").lower()
    assert read.serial == told["serial"]
    assert read.issuer == told["issuer"]
    assert read.subject == told["subject"]
    text = subprocess.run(["openssl", "x509", "-in", path, "-noout", "-text"], capture_output=True, check=True).stdout
    assert f"Signature Algorithm: {read.signature_algorithm}" in text.decode()
    assert ("CA:TRUE" in text.decode()) == read.is_authority
    if read.key_bits and read.key_type not in ("Ed25519", "Ed448"):
        assert f"({read.key_bits} bit)" in text.decode()


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_as_cryptography_tells_it(path: Path) -> None:
    data = chain([path.stem])[0]
    read = certificate.parsed(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a negative serial number
        told = x509.load_der_x509_certificate(data)
        assert int(read.serial, 16) == told.serial_number
    assert read.not_before_at == told.not_valid_before_utc.timestamp()
    assert read.not_after_at == told.not_valid_after_utc.timestamp()
    key = told.public_key()
    kind = {rsa.RSAPublicKey: "RSA", dsa.DSAPublicKey: "DSA", ec.EllipticCurvePublicKey: "EC"}
    kind |= {ed25519.Ed25519PublicKey: "Ed25519", ed448.Ed448PublicKey: "Ed448"}
    assert [read.key_type] == [name for each, name in kind.items() if isinstance(key, each)]
    assert read.self_signed == (told.issuer == told.subject)
    try:
        names = told.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        common = told.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        assert list(read.names) == [each.value for each in common]
        return
    kinds = (x509.DNSName, x509.RFC822Name, x509.UniformResourceIdentifier, x509.IPAddress)
    assert set(read.names) == {str(name.value) for name in names if isinstance(name, kinds)}


def test_every_kind_of_key_is_among_them() -> None:
    read = [certificate.parsed(chain([name])[0]) for name in NAMES]
    assert {(one.key_type, one.key_curve) for one in read} == {
        ("DSA", None),
        ("EC", "P-256"),
        ("EC", "P-384"),
        ("EC", "P-521"),
        ("EC", "secp256k1"),
        ("Ed25519", None),
        ("Ed448", None),
        ("RSA", None),
    }


def test_a_chain_is_linked_by_names_and_keys() -> None:
    leaf, intermediate = (certificate.parsed(der) for der in chain(["chain"]))
    (root,) = (certificate.parsed(der) for der in chain(["root"]))
    assert leaf.is_issued_by(intermediate)
    assert intermediate.is_issued_by(root)
    assert not leaf.is_issued_by(root)
    assert root.self_signed
    assert leaf.names_an_issuer
    assert not root.names_an_issuer


BASES = [chain([name])[0] for name in NAMES]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(BASES), st.data())
def test_a_changed_certificate_is_read_or_refused(base: bytes, data: st.DataObject) -> None:
    changed = bytearray(base)
    for at in data.draw(st.lists(st.integers(0, len(base) - 1), min_size=1, max_size=6)):
        changed[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(base)))
    for tried in (bytes(changed), bytes(changed[:cut]), bytes(changed[cut:])):
        try:
            read = certificate.parsed(tried)
        except der.DerError:
            continue
        assert 0 <= len(read.names) <= 512
        assert all(len(name) <= 256 for name in (*read.names, read.serial))
        assert len(read.subject) <= 4096
        assert read.not_after_at <= certificate.LATEST


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_do_harm(data: bytes) -> None:
    for tried in (data, b"\x30" + bytes([len(data) & 0x7F]) + data):
        with pytest.raises(der.DerError):
            certificate.parsed(tried)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x80\x00\x00",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x85\x00\x00\x00\x00\x01\x00",
        b"\x1f\x81\x01\x00",
        b"\x30\x82\xff\xff" + b"\x30\x00" * 32767 + b"\x00",
        b"\x30\x83\x02\x00\x00" + b"\x00" * 131072,
    ],
)
def test_lengths_that_lie_are_refused(data: bytes) -> None:
    with pytest.raises(der.DerError):
        certificate.parsed(data)


def test_control_the_changed_certificates_would_not_all_be_refused() -> None:
    """The fuzz reaches what stands behind the outer lengths: a flipped bit of a signature changes nothing here."""
    changed = bytearray(BASES[0])
    changed[-1] ^= 1
    assert certificate.parsed(bytes(changed)).subject == certificate.parsed(BASES[0]).subject


@settings(max_examples=300)
@given(st.dates())
def test_every_day_is_counted_right(date: dt.date) -> None:
    assert certificate.days(date.year, date.month, date.day) == (date - dt.date(1970, 1, 1)).days


@pytest.mark.parametrize(
    "text", ["230229000000Z", "231301000000Z", "230100000000Z", "230101240000Z", "2301010000Z", "²³0101000000Z"]
)
def test_a_day_that_is_none_is_refused(text: str) -> None:
    element, _ = der.first(bytes((der.UTC_TIME, len(text.encode()))) + text.encode())
    with pytest.raises(der.DerError):
        certificate.moment(element)


def test_no_private_key_is_in_the_cases() -> None:
    for path in FILES:
        text = path.read_text(encoding="ascii")
        assert "PRIVATE" not in text
        assert ssl.PEM_cert_to_DER_cert(text[: text.index("-----END") + 25])
