"""Traefik: its static and dynamic files. acme.json, in which it keeps certificates with their keys, is never opened."""

from __future__ import annotations

import re

from nodestral_agent.certified.configuration import Configuration, joined, unquoted
from nodestral_agent.endpoint import SERVER_NAME

PROGRAM = "traefik"
FOLDERS = ("/etc/traefik", "/opt/traefik", "/srv/traefik")
STATIC = ("traefik.yml", "traefik.yaml", "traefik.toml")
# A setting of YAML or TOML whose value stands on the same line.
SETTING = re.compile(r"[\s-]*(\w+)\s*[:=]\s*(\S.*)")
HOST_RULE = re.compile(r"Host(?:SNI)?\(([^)]*)\)")
NAME = re.compile(r"[`'\"]([^`'\"]+)[`'\"]")
DYNAMIC = (".yml", ".yaml", ".toml")


def named(reader: Configuration) -> None:
    """Follow the static file to the dynamic ones."""
    for folder in FOLDERS:
        for name in STATIC:
            text = reader.text(f"{folder}/{name}")
            look(reader, folder, text)
            for setting, value in settings(text):
                if setting in ("filename", "directory"):
                    dynamic(reader, joined(folder, value))


def settings(text: str) -> list[tuple[str, str]]:
    """Name and value of each line that has both."""
    lines = (SETTING.match(line) for line in text.splitlines())
    return [(found[1], unquoted(found[2].partition(" #")[0].strip())) for found in lines if found]


def dynamic(reader: Configuration, path: str) -> None:
    """A dynamic file, or a folder of them."""
    names = reader.names(path) if reader.is_folder(path) else []
    for one in [f"{path}/{name}" for name in names if name.endswith(DYNAMIC)] or [path]:
        look(reader, one.rpartition("/")[0], reader.text(one))


def look(reader: Configuration, folder: str, text: str) -> None:
    """Pairs of certFile and keyFile, rules, and where acme.json is. What lies in the file itself is passed over."""
    for setting, value in settings(text):
        target = joined(folder, value)
        if value.startswith("-----"):
            continue
        if setting == "certFile":
            reader.named.certificate(target, None)
        elif setting == "keyFile":
            reader.named.key(target)
        elif setting == "storage":
            reader.named.key(target)
            reader.named.sealed[target] = None
    for rule in HOST_RULE.findall(text):
        for name in NAME.findall(rule):
            if SERVER_NAME.match(name):
                reader.named.server_names[name] = set()
