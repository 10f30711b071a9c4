"""Certificates as this machine's own listeners serve them.

Sources: /proc/net for the listeners, and a TLS handshake with each over loopback or the machine's own address: nothing
is sent but what begins TLS (STARTTLS for SMTP, IMAP and POP3, SSLRequest for PostgreSQL), and nothing is verified,
because it only looks. No private key is ever opened. Needs no privilege.
"""

from __future__ import annotations

from nodestral_agent.certified import listeners
from nodestral_agent.errors import Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage

SECTION = "certificates"


def collect(host: Host) -> Collected:
    """Every certificate that is served."""
    items = listeners.served(host, listeners.listeners(host), [])
    if not items:
        raise Unavailable("no certificate is served here")
    return Collected(items, coverage("full"))
