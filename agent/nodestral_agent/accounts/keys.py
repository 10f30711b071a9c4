"""Authorised keys of OpenSSH: the files that sshd_config(5) names, in the format of sshd(8). They hold public keys."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Any

from nodestral_agent.accounts.passwd import Account
from nodestral_agent.errors import Unavailable
from nodestral_agent.host import Host

FILE_MAX = 1 << 20
KEYS_MAX = 256
TYPE = re.compile(r"(?:sk-)?(?:ssh|ecdsa)-[A-Za-z0-9@.-]+\Z")
# An option is a name, with a value in quotes in which \" stands for a quote.
OPTION = re.compile(r'\s*([A-Za-z0-9-]+)(?:="(?:\\.|[^"\\])*")?(?:,|(?=\s))')


def places(account: Account, patterns: list[str]) -> list[str]:
    """The files in which the account's keys are looked for. `none` is nowhere."""
    tokens = {"%%": "%", "%h": account.home, "%u": account.name, "%U": str(account.uid)}
    found = []
    for pattern in patterns:
        if pattern.lower() == "none":
            continue
        path = re.sub(r"%[%huU]", lambda token: tokens[token[0]], pattern)
        path = path if path.startswith("/") else f"{account.home}/{path}"
        if path.startswith("/") and "/../" not in path:
            found.append(re.sub(r"/+", "/", path))
    return found


def authorized(host: Host, account: Account, patterns: list[str]) -> list[dict[str, Any]]:
    """All keys that let somebody in as this account. Raises Denied or CollectorError where a file cannot be read."""
    found: dict[str, dict[str, Any]] = {}
    for path in places(account, patterns):
        try:
            text = host.text(path, FILE_MAX)
        except Unavailable:
            continue
        for line in text.split("\n"):
            key = parsed(line)
            if key:
                found.setdefault(key["fingerprint"], key)
    return list(found.values())[:KEYS_MAX]


def parsed(line: str) -> dict[str, Any] | None:
    """One line: `[options] type base64 [comment]`; None for comments and for what is no public key.

    Of options only the names are told: a command may hold a secret.
    """
    line = line.strip()
    if not line or line.startswith("#"):
        return None
    options = []
    if not TYPE.match(line.split(None, 1)[0]):
        at = 0
        while matched := OPTION.match(line, at):
            options.append(matched[1].lower())
            at = matched.end()
            if not matched[0].endswith(","):
                break
        line = line[at:].strip()
    words = line.split(None, 2)
    if len(words) < 2 or not TYPE.match(words[0]):
        return None
    fingerprint = fingerprint_of(words[0], words[1])
    if fingerprint is None:
        return None
    return {
        "type": words[0],
        "fingerprint": fingerprint,
        "comment": (words[2].strip() if len(words) > 2 else "") or None,
        "options": options[:32],
    }


def fingerprint_of(kind: str, text: str) -> str | None:
    """As ssh-keygen writes it: SHA-256 of the key's bytes in base64. None unless the key itself names the same type."""
    try:
        blob = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    length = int.from_bytes(blob[:4], "big")
    if len(blob) < 4 + length or blob[4 : 4 + length] != kind.encode():
        return None
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
