"""Certificates of the machine's own in /etc/ssl and /etc/pki, apart from the authorities that it trusts.

Trusted authorities are links, or come in bundles of many; both are left out, as are folders of private keys.
"""

from __future__ import annotations

import re

from nodestral_agent.certified.configuration import Configuration, Named
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

ROOTS = ("/etc/ssl", "/etc/pki")
ENDINGS = (".pem", ".crt", ".cer", ".cert", ".der")
# Trust stores, keys of packages and subscriptions, and private keys.
LEFT_OUT = frozenset(
    ("ca-trust", "java", "trust", "private", "rpm-gpg", "rpm-ostree", "swid", "sb-certs", "dnssec-trust-anchors")
)
BUNDLES = re.compile(r"(?:ca-certificates|ca-bundle.*|cert|tls-ca-bundle)\.(?:crt|pem)\Z")
DEPTH_MAX = 4
FILES_MAX = 500


def own(host: Host) -> Named:
    """Plain files that are named like certificates."""
    named = Named("")
    reader = Configuration(host, named)
    for root in ROOTS:
        walk(reader, root, 0)
    return named


def walk(reader: Configuration, folder: str, depth: int) -> None:
    """One folder and those below it; links are not followed."""
    if is_link(reader.host, folder):
        return
    for name in reader.names(folder):
        path = f"{folder}/{name}"
        if len(reader.named.certificates) >= FILES_MAX:
            return
        if name.endswith(ENDINGS):
            if not BUNDLES.match(name) and not is_link(reader.host, path):
                reader.named.certificate(path, None)
        elif "." not in name and name not in LEFT_OUT and depth < DEPTH_MAX and reader.is_folder(path):
            walk(reader, path, depth + 1)


def is_link(host: Host, path: str) -> bool:
    """Whether it is a symbolic link, or not there."""
    try:
        host.link(path)
    except Unavailable:
        return True
    except CollectorError:
        return False
    return True
