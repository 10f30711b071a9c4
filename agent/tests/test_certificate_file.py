"""Not one byte of a private key is asked for, wherever in a file of certificates it begins. Real files, real keys."""

from __future__ import annotations

import os
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from agent.tests.collectors.recorded import pem
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nodestral_agent.errors import CollectorError, Denied, HoldsKey, Unavailable
from nodestral_agent.host import Host

CERTIFICATE = pem("rsa-2048")
CHAIN = pem("chain")
DER = ssl.PEM_cert_to_DER_cert(CERTIFICATE)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Private keys in every form that OpenSSL writes, made now and thrown away."""
    folder = tmp_path_factory.mktemp("keys")

    def openssl(*words: str) -> bytes:
        return subprocess.run(["openssl", *words], capture_output=True, check=True, cwd=folder).stdout

    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "rsa.pem")
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-out", "ec.pem")
    encrypted = ("-topk8", "-passout", "pass:x")
    return {
        "PKCS #8": (folder / "rsa.pem").read_bytes(),
        "PKCS #1": openssl("rsa", "-in", "rsa.pem", "-traditional"),
        "SEC 1, after its parameters": (folder / "ec.pem").read_bytes(),
        "encrypted": openssl("pkcs8", "-in", "rsa.pem", *encrypted),
        "PKCS #8 in DER": openssl("pkcs8", "-topk8", "-nocrypt", "-in", "rsa.pem", "-outform", "DER"),
        "PKCS #1 in DER": openssl("rsa", "-in", "rsa.pem", "-traditional", "-outform", "DER"),
        "SEC 1 in DER": openssl("ec", "-in", "ec.pem", "-outform", "DER"),
        "encrypted in DER": openssl("pkcs8", "-in", "rsa.pem", *encrypted, "-outform", "DER"),
    }


FORMS = [
    "PKCS #8",
    "PKCS #1",
    "SEC 1, after its parameters",
    "encrypted",
    "PKCS #8 in DER",
    "PKCS #1 in DER",
    "SEC 1 in DER",
    "encrypted in DER",
]


class Asked:
    """What was read of a file, through os.read itself."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.data = b""
        reading = os.read

        def read(handle: int, size: int) -> bytes:
            piece = reading(handle, size)
            self.data += piece
            return piece

        monkeypatch.setattr("nodestral_agent.certificate_file.os.read", read)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "before", ["", CERTIFICATE, CHAIN, f"text\n{CHAIN}\nmore text\n", CERTIFICATE.replace("\n", "\r\n")]
)
def test_no_byte_of_a_key_is_read(
    keys: dict[str, bytes], form: str, before: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if form.endswith("DER") and before:
        before = ""
    path = tmp_path / "both.pem"
    path.write_bytes(before.encode() + keys[form] + CERTIFICATE.encode())
    asked = Asked(monkeypatch)
    with pytest.raises(HoldsKey):
        Host().certificates(str(path))
    if form.endswith("DER"):
        assert len(asked.data) <= 12, "tags and lengths"
    else:
        assert asked.data.endswith(b"PRIVATE KEY-----\n")
        _, header, secret = keys[form].partition(b"PRIVATE KEY-----\n")
        assert header
        assert secret.split(b"\n")[0] not in asked.data


def test_control_the_reading_is_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "chain.pem"
    path.write_text(CHAIN)
    asked = Asked(monkeypatch)
    assert len(Host().certificates(str(path))) == 2
    assert asked.data == CHAIN.encode()


def test_a_key_inside_of_a_certificate_that_does_not_end(
    keys: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "odd.pem"
    for cut in range(1, 40):
        path.write_bytes(CERTIFICATE.encode()[: 100 + cut] + b"\n" + keys["PKCS #8"])
        asked = Asked(monkeypatch)
        with pytest.raises(CollectorError):
            Host().certificates(str(path))
        assert asked.data.endswith(b"-----BEGIN PRIVATE KEY-----\n")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["-", "--", "-----", "BEGIN ", "END ", "CERTIFICATE", "\n", "A", "AAAA" * 8, " ", "\r"]))
)
def test_whatever_stands_before_a_key_nothing_after_its_line_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    path = tmp_path / "any.pem"
    secret = b"S" * 64
    path.write_bytes("".join(words).encode() + b"\n-----BEGIN PRIVATE " + b"KEY-----\n" + secret + b"\n")
    with monkeypatch.context() as patch:
        asked = Asked(patch)
        with pytest.raises(CollectorError):
            Host().certificates(str(path))
    assert b"SS" not in asked.data


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (CHAIN, 2),
        (f"Bag Attributes\n  friendlyName: x\n{CERTIFICATE}", 1),
        (CERTIFICATE.replace("CERTIFICATE", "TRUSTED CERTIFICATE"), 1),
        (CERTIFICATE.rstrip("\n"), 1),
        ("", 0),
        ("-----BEGIN DH PARAMETERS-----\nAAAA\n-----END DH PARAMETERS-----\n", 0),
    ],
)
def test_certificates_are_read(text: str, count: int, tmp_path: Path) -> None:
    path = tmp_path / "file.pem"
    path.write_text(text)
    assert len(Host().certificates(str(path))) == count


def test_der_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file.cer"
    path.write_bytes(DER)
    assert Host().certificates(str(path)) == [DER]


@pytest.mark.parametrize(
    "data",
    [
        b"\0" * 100_000,
        b"A" * 100_000,
        b"\n" * 100_000,
        b"0",
        b"\x30\x85",
        b"-----BEGIN CERTIFICATE-----\nA",
        b"A" * 300_000,
    ],
)
def test_what_is_neither_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.pem"
    path.write_bytes(data)
    with pytest.raises(CollectorError):
        Host().certificates(str(path))


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pem")
    (tmp_path / "folder.pem").mkdir()
    for name in ("pipe.pem", "folder.pem"):
        with pytest.raises(CollectorError):
            Host().certificates(str(tmp_path / name))
    with pytest.raises(CollectorError):
        Host().certificates("/dev/zero")
    with pytest.raises(Unavailable):
        Host().certificates(str(tmp_path / "nothing"))


def test_a_closed_file_is_denied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: Any) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("nodestral_agent.certificate_file.os.open", closed)
    with pytest.raises(Denied):
        Host().certificates(str(tmp_path / "file.pem"))
