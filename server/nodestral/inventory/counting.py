"""How many things a section holds, as people count them."""

from collections.abc import Sequence
from typing import Any

from nodestral.protocol import CertificateItem, FirewallBackend, FirewallChain, SshServer, UpdateSource

# Told along with what is counted: who said it, and what holds it together.
BESIDES = (UpdateSource, FirewallBackend, FirewallChain, SshServer)


def count(items: Sequence[Any]) -> int:
    """Updates without their managers, rules without their chains, users without sshd; a certificate counts once,
    wherever it lies and is served.
    """
    counted = [item for item in items if not isinstance(item, BESIDES)]
    certificates = {item.fingerprint_sha256 for item in counted if isinstance(item, CertificateItem)}
    return len(certificates) or len(counted)
