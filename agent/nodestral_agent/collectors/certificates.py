"""Certificates in files and as this machine's own listeners serve them; their renewal, and what is renewed in vain.

Served: a TLS handshake with each listener of /proc/net over loopback or the machine's own address, and once more for
each server name that the configuration of its program tells. Nothing is sent but what begins TLS (STARTTLS for SMTP,
IMAP and POP3, SSLRequest for PostgreSQL), nothing is verified, because it only looks, and sockets that would start a
service are left alone.

In files: what the configurations of nginx, Apache, Caddy, Postfix, Dovecot, HAProxy, Traefik and PostgreSQL name,
certbot's lineages, Caddy's storage, and the machine's own in /etc/ssl and /etc/pki, without the authorities that it
trusts. Needs to pass the folders and to read the certificates: the grant names those that are closed. Or let the helper
read them (`install.sh --enable=certificates`), which may read any file and sees almost none.

Private keys are never opened. A file that a configuration, its name or its folder says to hold one is left alone, as
are HAProxy's files with both and Traefik's acme.json; any other is read up to the line at which a private key would
begin.

Renewal: certbot's renewal files with its timer's state and cron, acme.sh's notes, Caddy's and Traefik's own work;
healthy when it is scheduled, ran well the last time, and the certificate is not older than one renewed in time can be.
A newer certificate on disk for the names that are served is told: its server was not reloaded.

Permission: none for what is served. Files: to pass the folders and to read the certificates, or the helper of
`install.sh --enable=certificates`.
"""

from __future__ import annotations

from nodestral_agent.certified import files, grants, listeners, privileged, reloads, renewal, served
from nodestral_agent.errors import Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage

SECTION = "certificates"


def collect(host: Host) -> Collected:
    """Every certificate that is found; `partial` where something is closed or left alone."""
    found = files.files(host)
    gaps = privileged.take_over(host, found)
    renewal.tell(host, found)
    try:
        asked, left = served.served(host, listeners.listeners(host), found.server_names, found.items)
    except Unavailable:
        asked, left = [], 0
    except Denied as error:
        asked, left = [], 0
        gaps.append(f"The listeners are not seen: {error}.")
    renewal.tell_served(host, found, asked)
    reloads.tell(asked, found.items)
    if left:
        gaps.append(f"{left} more server names were not asked for: one scan begins {served.HANDSHAKES_MAX} handshakes.")
    items = [*found.items, *asked]
    grant = grants.grant(host, list(found.denied))
    if not items and not gaps:
        raise Unavailable("no certificate is in the usual files or served here")
    if not items and (found.denied or not found.with_keys):
        raise Denied(" ".join(gaps), grant=grant)
    return Collected(items, coverage("partial" if gaps else "full", " ".join(gaps), grant))
