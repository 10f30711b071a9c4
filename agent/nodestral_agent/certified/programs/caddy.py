"""Caddy: its Caddyfile, and the storage in which it keeps what it obtains: NAME.crt apart from NAME.key."""

from __future__ import annotations

import re

from nodestral_agent.certified.configuration import Configuration, joined, unquoted
from nodestral_agent.endpoint import SERVER_NAME

PROGRAM = "caddy"
FILE = "/etc/caddy/Caddyfile"
# The home of Debian's service, of a container's volume, and of root.
STORAGES = ("/var/lib/caddy/.local/share/caddy", "/var/lib/caddy/caddy", "/data/caddy", "/root/.local/share/caddy")
ADDRESS = re.compile(r"(?:(https?)://)?([^\s:/,{}]*)(?::(\d{1,5}))?(?:/\S*)?\Z")
DEPTH_MAX = 16


def named(reader: Configuration) -> None:
    """The Caddyfile, and the certificates in each storage."""
    text = reader.text(FILE)
    walk(reader, FILE, text, 0)
    for storage in dict.fromkeys([*re.findall(r"storage\s+file_system\s+\"?(/[^\s\"{}]+)", text), *STORAGES]):
        if not text and storage == "/root/.local/share/caddy":
            continue
        for path in reader.matching(f"{storage}/certificates/*/*/*.crt"):
            reader.named.certificate(path, f"{path[:-4]}.key")
            reader.named.renewed.add(path)


def walk(reader: Configuration, path: str, text: str, depth: int) -> None:
    """The sites of one file and their `tls CERTIFICATE KEY`."""
    level = 0
    for raw in text.splitlines():
        line = re.sub(r"(?:^|\s)#.*", "", raw).strip()
        words = [unquoted(word) for word in line.split()]
        if not words:
            continue
        if words[0] == "import" and len(words) > 1 and depth < DEPTH_MAX:
            for inner in reader.matching(joined(path.rpartition("/")[0], words[1])):
                walk(reader, inner, reader.text(inner), depth + 1)
        elif words[0] == "tls" and len(words) >= 3 and words[1].startswith("/"):
            reader.named.certificate(words[1], words[2])
        elif level == 0 and not line.startswith(("{", "(", "}")):
            site(reader, line.rstrip("{"))
        level = max(0, level + line.count("{") - line.count("}"))


def site(reader: Configuration, line: str) -> None:
    """The addresses of a site: those without http:// in front have TLS."""
    for word in re.split(r"[\s,]+", line):
        found = ADDRESS.match(word)
        if found and found[1] != "http" and found[3] != "80" and SERVER_NAME.match(found[2]):
            reader.named.server_names.setdefault(found[2], set()).update({int(found[3])} if found[3] else ())
