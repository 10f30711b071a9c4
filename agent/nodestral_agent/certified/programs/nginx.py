"""nginx: /etc/nginx/nginx.conf and what it includes; the ssl modules of http, mail and stream are alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nodestral_agent.certified.configuration import Configuration, Named, joined

PROGRAM = "nginx"
FOLDERS = ("/etc/nginx", "/usr/local/nginx/conf", "/usr/local/etc/nginx", "/etc/openresty")
TOKEN = re.compile(
    r"""\s+|\#[^\n]*|([;{}])|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?:\\.|[^\s;{}"'\\])(?:\\.|[^\s;{}\\])*)"""
)
DEPTH_MAX = 16
PORT = re.compile(r"(?:.*:)?(\d{1,5})\Z")


class Server:
    """A server block: what it listens on and is called."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.ports: set[int] = set()
        self.has_tls = False


def named(reader: Configuration) -> None:
    """Follow each configuration."""
    for folder in FOLDERS:
        walk(reader, folder, reader.text(f"{folder}/nginx.conf"), [], 0)


def statements(text: str) -> Iterator[list[str]]:
    """Each directive as its words; a block begins with words that end in "{" and ends with ["}"]."""
    words: list[str] = []
    for matched in TOKEN.finditer(text):
        mark, word = matched.groups()
        if word:
            words.append(re.sub(r"\\(.)", r"\1", word[1:-1]) if word[0] in "\"'" else word)
        elif mark == "{":
            yield [*words, "{"]
            words = []
        elif mark:
            if words:
                yield words
            words = []
            if mark == "}":
                yield ["}"]


def walk(reader: Configuration, folder: str, text: str, blocks: list[Server | None], depth: int) -> None:
    """One file within the blocks that are open where it is included."""
    blocks = list(blocks)
    for words in statements(text):
        if words[-1] == "{":
            blocks.append(Server() if words[0] == "server" else None)
        elif words == ["}"]:
            if blocks and (server := blocks.pop()):
                closed(reader.named, server)
        elif words[0] == "include" and len(words) == 2 and depth < DEPTH_MAX:
            for inner in reader.included(joined(folder, words[1])):
                walk(reader, folder, inner, blocks, depth + 1)
        else:
            directive(reader.named, folder, words, next((block for block in reversed(blocks) if block), None))


def directive(found: Named, folder: str, words: list[str], server: Server | None) -> None:
    """What tells of certificates, names and ports."""
    name, values = words[0], words[1:]
    if name in ("ssl_certificate", "ssl_certificate_key") and len(values) == 1:
        if server:
            server.has_tls = True
        # A variable names a file for each client, `data:` and `engine:` none at all.
        if "$" in values[0] or re.match(r"(data|engine|store):", values[0]):
            return
        path = joined(folder, values[0])
        if name == "ssl_certificate":
            found.certificate(path, None)
        else:
            found.key(path)
    elif server and name == "server_name":
        server.names += [value.lstrip(".") for value in values if not value.startswith(("~", "*")) and value != "_"]
    elif server and name == "listen" and values:
        matched = PORT.match(values[0])
        if "ssl" in values or "quic" in values:
            server.has_tls = True
            server.ports.add(int(matched[1]) if matched else 443)
    elif server and words == ["ssl", "on"]:
        server.has_tls = True


def closed(found: Named, server: Server) -> None:
    """A server block is over."""
    if server.has_tls:
        for name in server.names:
            found.server_names.setdefault(name, set()).update(server.ports)
