"""HAProxy: /etc/haproxy/haproxy.cfg and conf.d; `bind … ssl crt`, crt-list, crt-base, crt-store.

A file after crt is expected to hold its private key too, and is then never opened. Only one beside which the key lies
in a file of its own (ssl-load-extra-files: NAME.key) is read.
"""

from __future__ import annotations

import re
import shlex

from nodestral_agent.certified.configuration import Configuration, joined
from nodestral_agent.endpoint import SERVER_NAME
from nodestral_agent.errors import CollectorError, Unavailable

PROGRAM = "haproxy"
FOLDER = "/etc/haproxy"
# What lies beside certificates in a folder of them, and is none.
BESIDE = (".key", ".issuer", ".ocsp", ".sctl", ".dh", ".crl")
PORT = re.compile(r".*:(\d{1,5})(?:-\d+)?\Z")
# Names that conditions ask for: acl shop hdr(host) -i shop.example.org
HOSTS = re.compile(r"(?:hdr(?:_dom)?\(host\)|ssl_fc_sni|req[._]ssl_sni)((?:\s+-[im])?(?:\s+[\w.-]+)+)")
SECTION = re.compile(r"(global|defaults|frontend|backend|listen|crt-store|peers|resolvers|userlist|program|cache)\b")


def named(reader: Configuration) -> None:
    """Follow the configuration."""
    texts = [reader.text(f"{FOLDER}/haproxy.cfg"), *reader.included(f"{FOLDER}/conf.d/*.cfg")]
    base = FOLDER
    section = ""
    for raw in "\n".join(texts).splitlines():
        words = split(raw)
        if not words:
            continue
        if SECTION.match(words[0]):
            section = words[0]
        elif words[0] == "crt-base" and len(words) > 1:
            base = words[1]
        elif words[0] == "load" and section == "crt-store":
            loaded(reader, base, dict(zip(words[1::2], words[2::2])))
        elif words[0] == "bind" and "ssl" in words:
            bound(reader, base, words)
        for hosts in HOSTS.findall(raw):
            for name in hosts.split():
                if SERVER_NAME.match(name) and "." in name:
                    reader.named.server_names.setdefault(name, set())


def split(line: str) -> list[str]:
    """The words of a line without its comment; none where quotes do not end."""
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return []


def bound(reader: Configuration, base: str, words: list[str]) -> None:
    """The certificates of a `bind` line."""
    ports = {int(found[1]) for word in words[1].split(",") if (found := PORT.match(word))} if len(words) > 1 else set()
    for option, value in zip(words[2:], words[3:]):
        if option == "crt":
            certificate(reader, joined(base, value), ports)
        elif option == "crt-list":
            listed(reader, base, joined(base, value), ports)


def listed(reader: Configuration, base: str, path: str, ports: set[int]) -> None:
    """A crt-list: a file, options in brackets, and the names for which it is served."""
    for line in reader.text(path).splitlines():
        words = re.sub(r"\[[^\]]*\]", " ", line.partition("#")[0]).split()
        if words and not words[0].startswith("@"):
            certificate(reader, joined(base, words[0]), ports)
            for name in words[1:]:
                if SERVER_NAME.match(name):
                    reader.named.server_names.setdefault(name, set()).update(ports)


def certificate(reader: Configuration, path: str, ports: set[int]) -> None:
    """A file, or a folder of them, which are often named after what they are for."""
    names = reader.names(path) if reader.is_folder(path) else []
    for one in [f"{path}/{name}" for name in names if not name.startswith(".")] or [path]:
        if one.endswith(BESIDE):
            continue
        key = next((key for key in (f"{one}.key", re.sub(r"\.\w+\Z", ".key", one)) if exists(reader, key)), one)
        reader.named.certificate(one, key)
        name = re.sub(r"\.(?:pem|crt|cer|rsa|ecdsa|dsa)\Z", "", one.rpartition("/")[2])
        if "." in name and SERVER_NAME.match(name):
            reader.named.server_names.setdefault(name, set()).update(ports)


def loaded(reader: Configuration, base: str, pairs: dict[str, str]) -> None:
    """A line of a crt-store: `load crt FILE key FILE`."""
    if "crt" in pairs:
        path = joined(base, pairs["crt"])
        reader.named.certificate(path, joined(base, pairs["key"]) if "key" in pairs else path)


def exists(reader: Configuration, path: str) -> bool:
    """Whether there is such a file; it is not opened."""
    try:
        reader.host.stat(path)
    except (Unavailable, CollectorError):
        return False
    return True
