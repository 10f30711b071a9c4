"""Authorised keys: the fingerprints are those that ssh-keygen itself tells."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from nodestral_agent.accounts.keys import parsed, places
from nodestral_agent.accounts.passwd import Account

ANN = Account("ann", "x", 1000, 1000, "/home/ann", "/bin/sh")


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH's client is not installed")
@pytest.mark.parametrize(("kind", "bits"), [("ed25519", "256"), ("rsa", "2048"), ("ecdsa", "521")])
def test_a_fingerprint_is_ssh_keygens(kind: str, bits: str, tmp_path: Path) -> None:
    file = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-b", bits, "-N", "", "-C", "ann", "-f", file], check=True)
    told = subprocess.run(["ssh-keygen", "-lf", f"{file}.pub"], check=True, capture_output=True, text=True).stdout
    key = parsed(Path(f"{file}.pub").read_text())
    assert key is not None
    assert key["fingerprint"] == told.split()[1]
    assert key["comment"] == "ann"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "# ssh-rsa AAAA",
        "ssh-rsa",
        "ssh-rsa !!!! x",
        "ssh-rsa AAAA",
        'command="never closed ssh-rsa AAAA',
        "x" * 9000,
    ],
)
def test_what_is_no_key_is_none(line: str) -> None:
    assert parsed(line) is None


def test_a_key_that_names_another_type_is_none() -> None:
    blob = "AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
    assert parsed(f"ssh-ed25519 {blob}") is not None
    assert parsed(f"ssh-rsa {blob}") is None


def test_where_keys_are_looked_for() -> None:
    patterns = [".ssh/authorized_keys", "/etc/keys/%u-%U", "%h/100%%", "none", "../../etc/shadow"]
    assert places(ANN, patterns) == ["/home/ann/.ssh/authorized_keys", "/etc/keys/ann-1000", "/home/ann/100%"]
