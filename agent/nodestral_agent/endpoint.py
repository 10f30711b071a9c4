"""Where TLS is begun on this machine, and what came of it. Apart from the handshake itself, which loads `ssl`."""

from __future__ import annotations

import re
from typing import NamedTuple

# A DNS name that a ClientHello may hold: RFC 1123, 2.1, and underscores, which are met.
LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
SERVER_NAME = re.compile(rf"(?=.{{1,253}}\Z)(?:{LABEL}\.)*{LABEL}\Z")


class Target(NamedTuple):
    """Where to begin TLS. protocol: tls, smtp, imap, pop3 or postgresql; server_name: "" for none."""

    protocol: str
    address: str
    port: int
    server_name: str = ""


class Served(NamedTuple):
    """What came of it.

    outcome: tls; plain (something answered, and it was no TLS); refused (TLS, and it wants none of us); silent
    (nobody listens, or no answer in time). chain: certificates in DER, the server's own first; only
    that one where it is not whole.
    """

    outcome: str
    chain: list[bytes]
    is_whole: bool = True
