"""The certificates in the files that the configurations name, with what may not be read and what is left alone.

A file is never opened when a configuration says that it holds a private key, or when its name or folder does. Any other
is read up to the line at which a private key would begin, and thrown away where one does.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import Any

from nodestral_agent.certified import folders, letsencrypt
from nodestral_agent.certified.configuration import Configuration, Named
from nodestral_agent.certified.described import chain, described
from nodestral_agent.certified.programs import PROGRAMS
from nodestral_agent.endpoint import SERVER_NAME
from nodestral_agent.errors import CollectorError, Denied, HoldsKey, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.x509.certificate import Certificate
from nodestral_agent.x509.der import DerError

FILES_MAX = 2000
ALL_SECONDS = 10.0
# A word "key", or "privkey", in a file's name; a folder of keys.
KEY_NAME = re.compile(
    r"(?:\A|[-_.\d])(?:priv(?:ate)?[-_]?)?keys?(?:[-_.\d]|\Z)|private|\Aacme.*\.json\Z", re.IGNORECASE
)
LINKS_MAX = 8
KEY_STORES = ("/etc/ssl/private/", "/etc/pki/tls/private/", "/etc/letsencrypt/keys/")
KEY_FOLDER = re.compile(r"/(?:private|keys)/", re.IGNORECASE)
# More than that in one file that no program names is a store of authorities, not a chain.
CHAIN_MAX = 8
SHOWN_MAX = 3


@dataclass
class Files:
    """What was found: items; who uses and renews a path; names by program; paths denied, left alone, not understood.

    renewing: the programs that obtain certificates by themselves. left: how many files there was no time for.
    """

    items: list[dict[str, Any]] = field(default_factory=list)
    users: dict[str, list[str]] = field(default_factory=dict)
    server_names: dict[str, dict[str, set[int]]] = field(default_factory=dict)
    renewed: dict[str, str] = field(default_factory=dict)
    denied: dict[str, None] = field(default_factory=dict)
    with_keys: dict[str, None] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    renewing: list[str] = field(default_factory=list)
    left: int = 0


def is_key(host: Host, path: str, keys: set[str]) -> bool:
    """Whether its name says that it holds a private key, or its folder, or those of the file that it is a link to.

    A link in a folder of keys may be to a certificate elsewhere, as Debian's Dovecot has it. Denied.
    """
    if says_key(path) or path.startswith(KEY_STORES):
        return True
    for _ in range(LINKS_MAX):
        try:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), host.link(path)))
        except Denied:
            raise
        except (Unavailable, CollectorError):
            break
        if says_key(path) or path in keys or path.startswith(KEY_STORES):
            return True
    return bool(KEY_FOLDER.search(path))


def says_key(path: str) -> bool:
    """Whether the file's own name says so."""
    return bool(KEY_NAME.search(posixpath.basename(path)))


def everything(host: Host) -> list[Named]:
    """What each program, certbot and the machine's own folders name."""
    found = []
    for program in PROGRAMS:
        named = Named(program.PROGRAM)
        program.named(Configuration(host, named))
        found.append(named)
    return [*found, letsencrypt.lineages(host), folders.own(host)]


def files(host: Host) -> Files:
    """All certificates in files."""
    named = everything(host)
    found = Files()
    for one in named:
        gathered(found, one)
    keys = set().union(*(one.keys for one in named))
    end = host.monotonic() + ALL_SECONDS
    for number, (path, users) in enumerate(found.users.items()):
        if number == FILES_MAX or host.monotonic() > end:
            found.left = len(found.users) - number
            break
        certificates = read(host, path, keys, found)
        if certificates and (users or path in found.renewed or not is_store(certificates)):
            beside = next((one.chains[path] for one in named if path in one.chains), "")
            # What the program sends along from a file of its own.
            certificates += read(host, beside, keys, found) if beside else []
            item = described(host, f"file:{path}", "file", certificates)
            found.items.append({**item, "path": path, "used_by": sorted(set(users))})
    return found


def gathered(found: Files, named: Named) -> None:
    """Put what one program names beside what the others do."""
    found.denied.update(named.denied)
    found.with_keys.update(named.sealed)
    found.renewed.update(dict.fromkeys(named.renewed, named.program))
    if named.renewed or named.sealed:
        found.renewing.append(named.program)
    if named.server_names:
        found.server_names[named.program] = named.server_names
    for path in named.certificates:
        users = found.users.setdefault(path, [])
        if named.program not in ("", "certbot"):
            users.append(named.program)


def read(host: Host, path: str, keys: set[str], found: Files) -> list[Certificate]:
    """The certificates of a file; none when it has none that may be read, which is noted."""
    try:
        if path in keys or is_key(host, path, keys):
            # A file of the machine's own that is named like a key, and that nobody uses, is nothing to tell of.
            found.with_keys.update({path: None} if found.users.get(path) else {})
            return []
        ders = host.certificates(path)
        return chain(ders) if ders else []
    except Unavailable:
        pass  # configured, and not there
    except Denied:
        found.denied[path] = None
    except HoldsKey:
        found.with_keys[path] = None
    except (CollectorError, DerError) as error:
        found.wrong[path] = str(error)
    return []


def is_store(certificates: list[Certificate]) -> bool:
    """Whether this is about whom to trust, not about who one is. Self-made certificates are often both."""
    own = certificates[0]
    is_root = own.is_authority and own.self_signed
    return len(certificates) > CHAIN_MAX or (
        is_root and not any("." in name and SERVER_NAME.match(name) for name in own.names)
    )


def gaps(found: Files) -> list[str]:
    """What is not known of files, in sentences."""
    told = []
    if found.denied:
        told.append(f"Closed to the agent: {some(list(found.denied))}.")
    if found.with_keys:
        told.append(f"Not opened, because private keys are in them: {some(list(found.with_keys))}.")
    if found.wrong:
        told.append(f"Not read: {some([*found.wrong.values()])}.")
    if found.left:
        told.append(f"{found.left} more files were not looked at: too many for one scan.")
    return told


def some(paths: list[str]) -> str:
    """The first few, and how many more."""
    more = len(paths) - SHOWN_MAX
    return ", ".join(paths[:SHOWN_MAX]) + (f" and {more} more" if more > 0 else "")
