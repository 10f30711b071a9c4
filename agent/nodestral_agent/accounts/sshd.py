"""What sshd lets in: its own word (`sshd -T`, which needs root for the host keys), else sshd_config(5) read as it does.

The first value of a keyword wins. A closed file that is included may set any of them, so what only follows it is not
known. Settings of Match blocks hold for some connections only and are told apart.
"""

from __future__ import annotations

import fnmatch
import re
import shlex
from dataclasses import dataclass, field
from typing import Any

from nodestral_agent.accounts.sudo import exists
from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.packages.versions import versions

FOLDER = "/etc/ssh"
CONFIGURATION = f"{FOLDER}/sshd_config"
PROGRAMS = ("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd")
PACKAGES = frozenset({"openssh-server", "openssh"})
FILES_MAX = 64
DEPTH_MAX = 16  # as sshd itself
FIELDS = {
    "permitrootlogin": "permit_root_login",
    "passwordauthentication": "password_authentication",
    "kbdinteractiveauthentication": "keyboard_interactive_authentication",
    "pubkeyauthentication": "pubkey_authentication",
    "permitemptypasswords": "permit_empty_passwords",
}
ALIASES = {
    "challengeresponseauthentication": "kbdinteractiveauthentication",
    "skeyauthentication": "kbdinteractiveauthentication",
    "dsaauthentication": "pubkeyauthentication",
}
MANY = frozenset({"port", "listenaddress"})
# What OpenSSH takes since 7.0, of 2015, when nothing is set.
DEFAULTS = {
    "permitrootlogin": "prohibit-password",
    "passwordauthentication": "yes",
    "kbdinteractiveauthentication": "yes",
    "pubkeyauthentication": "yes",
    "permitemptypasswords": "no",
}
KEY_FILES = [".ssh/authorized_keys", ".ssh/authorized_keys2"]
SECONDS = 5.0


@dataclass
class Settings:
    """matches: (criteria, values) of each block. closed: files that cannot be read. doubtful: what only follows one."""

    values: dict[str, str] = field(default_factory=dict)
    many: dict[str, list[str]] = field(default_factory=dict)
    matches: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    files: int = 0

    def set(self, name: str, value: str) -> None:
        """A value outside of any Match block."""
        if name in MANY:
            self.many.setdefault(name, []).append(value)
        elif name not in self.values:
            self.values[name] = value
            if self.closed:
                self.doubtful.add(name)

    def certain(self, name: str) -> str | None:
        """The value, or None when a closed file might have set it before."""
        return self.values.get(name) if name not in self.doubtful else None


def installed(host: Host) -> bool:
    """Whether this machine has sshd or its configuration."""
    return any(exists(host, path) for path in (*PROGRAMS, CONFIGURATION))


def read(host: Host) -> Settings:
    """The configuration. Raises Denied or CollectorError when the first file cannot be read."""
    settings = Settings()
    _read(host, CONFIGURATION, settings, None, 0)
    return settings


def _read(host: Host, path: str, settings: Settings, block: dict[str, str] | None, depth: int) -> None:
    """A file, within a Match block or outside of any. A block ends with its file."""
    settings.files += 1
    if settings.files > FILES_MAX or depth > DEPTH_MAX:
        raise CollectorError("includes too many files", path)
    for line in host.text(path, 1 << 20).split("\n"):
        words = split(line)
        if len(words) < 2:
            continue
        name = ALIASES.get(words[0].lower(), words[0].lower())
        if name == "match":
            block = None if [word.lower() for word in words[1:]] == ["all"] else {}
            if block is not None:
                settings.matches.append((" ".join(words[1:]), block))
        elif name == "include":
            for file in [file for pattern in words[1:] for file in matching(host, pattern, settings)]:
                _include(host, file, settings, block, depth + 1)
        elif block is None:
            settings.set(name, " ".join(words[1:]))
        else:
            block.setdefault(name, " ".join(words[1:]))


def _include(host: Host, path: str, settings: Settings, block: dict[str, str] | None, depth: int) -> None:
    """A file that another one includes; it need not be there."""
    try:
        _read(host, path, settings, block, depth)
    except Denied:
        settings.closed.append(path)
    except Unavailable:
        pass


def split(line: str) -> list[str]:
    """Keyword and arguments: `Keyword value`, `Keyword=value`, quotes; a comment begins with `#`."""
    line = line.strip()
    if not line or line.startswith("#"):
        return []
    keyword = re.match(r"(\w+)\s*[=\s]\s*(.*)", line)
    if not keyword:
        return []
    try:
        return [keyword[1], *shlex.split(keyword[2], comments=True)]
    except ValueError:
        return [keyword[1], *keyword[2].split()]


def matching(host: Host, pattern: str, settings: Settings) -> list[str]:
    """The files of an Include in their order; signs of glob(7) in the last part only."""
    path = pattern if pattern.startswith("/") else f"{FOLDER}/{pattern}"
    folder, _, last = path.rpartition("/")
    if not any(sign in last for sign in "*?["):
        return [path]
    try:
        names = host.names(folder)
    except Denied:
        settings.closed.append(folder)
        return []
    except (Unavailable, CollectorError):
        return []
    return [f"{folder}/{name}" for name in names if fnmatch.fnmatchcase(name, last) and not name.startswith(".")]


def effective(host: Host) -> Settings:
    """What sshd itself says. Raises Unavailable or CollectorError when it does not answer."""
    settings = Settings()
    for line in host.run(["sshd", "-T"], SECONDS, 1 << 20).decode("utf-8", "replace").splitlines():
        name, _, value = line.strip().partition(" ")
        settings.set(name.lower(), value)
    if "permitrootlogin" not in settings.values:
        raise CollectorError("did not tell its settings", "sshd")
    return settings


def item(
    settings: Settings, source: str, defaults: dict[str, str], matches: list[tuple[str, dict[str, str]]]
) -> dict[str, Any]:
    """The item of sshd. matches: blocks as in Settings; defaults: what holds where nothing is set."""
    told: dict[str, Any] = {"kind": "sshd", "key": "sshd", "source": source, "ports": ports(settings)}
    for name, wire in FIELDS.items():
        value = settings.certain(name) if name in settings.values else None if settings.closed else defaults.get(name)
        told[wire] = spelt(value)
    told["matches"] = [
        {"condition": condition, **{FIELDS[name]: spelt(value) for name, value in values.items() if name in FIELDS}}
        for condition, values in matches
        if FIELDS.keys() & values.keys()
    ][:64]
    return told


def spelt(value: str | None) -> str | None:
    """sshd -T has an older word for one of the values."""
    return "prohibit-password" if value == "without-password" else value


def ports(settings: Settings) -> list[int]:
    """The ports that sshd would listen on; those of ListenAddress count before Port. A closed file may add some."""
    plain = [int(word) for word in settings.many.get("port", []) if word.isascii() and word.isdigit()]
    found: set[int] = set()
    without_port = not settings.many.get("listenaddress")
    for address in settings.many.get("listenaddress", []):
        named = re.search(r"(?:\]|^[^:]*):(\d{1,5})(?:\s|$)", address)
        if named:
            found.add(int(named[1]))
        else:
            without_port = True
    if without_port:
        found.update(plain or ([] if settings.closed else [22]))
    return sorted(port for port in found if 0 < port <= 65535)[:64]


def known_defaults(host: Host) -> dict[str, str]:
    """The values that are taken when nothing is set; none unless the package's version says which."""
    found = versions(host, PACKAGES)
    version = re.match(r"(?:\d+:)?(\d+)\.", next(iter(found.values()), ""))
    return DEFAULTS if version and int(version[1]) >= 7 else {}
