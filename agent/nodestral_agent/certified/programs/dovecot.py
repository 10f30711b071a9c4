"""Dovecot: /etc/dovecot/dovecot.conf and what it includes; ssl_cert of 2.x, ssl_server_cert_file of 2.4."""

from __future__ import annotations

import re

from nodestral_agent.certified.configuration import Configuration, joined, unquoted

PROGRAM = "dovecot"
FOLDER = "/etc/dovecot"
CERTIFICATES = ("ssl_cert", "ssl_alt_cert", "ssl_server_cert_file", "ssl_server_alt_cert_file")
KEYS = ("ssl_key", "ssl_alt_key", "ssl_server_key_file", "ssl_server_alt_key_file")
INCLUDE = re.compile(r"!include(?:_try)?\s+(.+)")
SETTING = re.compile(r"(\w+)\s*=\s*(.*)")
LOCAL_NAME = re.compile(r"local_name\s+(.+?)\s*\{")
DEPTH_MAX = 16


def named(reader: Configuration) -> None:
    """Follow the configuration."""
    walk(reader, f"{FOLDER}/dovecot.conf", reader.text(f"{FOLDER}/dovecot.conf"), 0)


def walk(reader: Configuration, path: str, text: str, depth: int) -> None:
    """One file; what it includes is relative to it."""
    folder = path.rpartition("/")[0]
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("#"):
            continue
        if (included := INCLUDE.match(line)) and depth < DEPTH_MAX:
            for inner in reader.matching(joined(folder, unquoted(included[1].strip()))):
                walk(reader, inner, reader.text(inner), depth + 1)
        elif local := LOCAL_NAME.match(line):
            for name in re.split(r"[\s,]+", local[1]):
                reader.named.server_names[unquoted(name)] = set()
        elif setting := SETTING.match(line):
            told(reader, folder, setting[1], unquoted(setting[2].strip()))


def told(reader: Configuration, folder: str, name: str, value: str) -> None:
    """One setting. `<` reads a file; without it the value would be the certificate itself. 2.4 names a file plainly."""
    if not (value.startswith("<") or name.endswith("_file")):
        return
    target = joined(folder, value.lstrip("<").strip())
    if name in CERTIFICATES:
        reader.named.certificate(target, None)
    elif name in KEYS:
        reader.named.key(target)
