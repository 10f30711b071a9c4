"""Who a simulated node is: everything about it that does not change, the same for the same seed and number."""

import base64
import hashlib
import random
from typing import NamedTuple

from nodestral.simulate.roles import ROLES, Role

# The provider as the agent names it, and where its machines are.
PROVIDERS = (
    ("Hetzner", ("fsn", "nbg", "hel")),
    ("Hetzner", ("fsn", "ash", "hil")),
    ("DigitalOcean", ("ams", "fra", "nyc")),
    ("AWS", ("euc1", "use1", "apse2")),
    ("OVHcloud", ("gra", "sbg", "bhs")),
    ("Vultr", ("ewr", "lhr", "nrt")),
    ("Linode", ("lon", "atl", "sin")),
    ("Scaleway", ("par", "ams")),
    (None, ("home", "rack1", "office")),
)
# Id, name, version and kernel.
SYSTEMS = (
    ("debian", "Debian GNU/Linux 12 (bookworm)", "12", "6.1.0-38-amd64"),
    ("debian", "Debian GNU/Linux 13 (trixie)", "13", "6.12.43+deb13-amd64"),
    ("ubuntu", "Ubuntu 24.04.3 LTS", "24.04", "6.8.0-79-generic"),
    ("ubuntu", "Ubuntu 24.04.3 LTS", "24.04", "6.8.0-71-generic"),
    ("ubuntu", "Ubuntu 26.04 LTS", "26.04", "6.19.0-12-generic"),
    ("rocky", "Rocky Linux 9.6 (Blue Onyx)", "9.6", "5.14.0-570.el9.x86_64"),
    ("fedora", "Fedora Linux 43 (Server Edition)", "43", "6.17.1-300.fc43.x86_64"),
)
# Cores, GiB of memory, GiB of disk and the processor.
SIZES = (
    (1, 1, 25, "Intel Xeon Processor (Skylake, IBRS)"),
    (2, 4, 40, "AMD EPYC-Rome Processor"),
    (2, 4, 80, "Intel Xeon Processor (Icelake)"),
    (4, 8, 160, "AMD EPYC-Milan Processor"),
    (8, 16, 240, "AMD EPYC-Genoa Processor"),
    (16, 64, 480, "AMD Ryzen 9 7950X3D 16-Core Processor"),
)
GIB = 2**30


class Identity(NamedTuple):
    """token: the node's own credential. seed: where the rest of the node's life comes from."""

    hostname: str
    role: Role
    provider: str | None
    system: tuple[str, str, str, str]
    cores: int
    memory_bytes: int
    disk_bytes: int
    cpu_model: str
    address: str
    timezone: str
    token: str
    seed: int


def identity(number: int, seed: str) -> Identity:
    """number: from 0. seed: the install token, so that the same command finds the same nodes again."""
    digest = hashlib.sha256(f"{seed} {number}".encode()).digest()
    chance = random.Random(digest)  # noqa: S311 - a picture, not a secret
    provider, places = chance.choice(PROVIDERS)
    role = chance.choice(ROLES)
    cores, memory, disk, model = chance.choice(SIZES[role.smallest_size :])
    # Three networks of RFC 5737; beyond them private addresses, so that a large fleet has no two alike.
    network = ("192.0.2", "198.51.100", "203.0.113")[number % 3]
    address = (
        f"{network}.{number // 3 + 1}" if number < 750 else f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
    )
    secret = hashlib.sha256(b"simulated node token " + digest).digest()
    return Identity(
        hostname=f"{role.name}-{number + 1}.{chance.choice(places)}",
        role=role,
        provider=provider,
        system=chance.choice(SYSTEMS),
        cores=cores,
        memory_bytes=memory * GIB - 180 * 2**20,
        disk_bytes=disk * GIB,
        cpu_model=model,
        address=address,
        timezone="Etc/UTC",
        token="nst_node_" + base64.urlsafe_b64encode(secret).decode().rstrip("="),
        seed=int.from_bytes(digest[:8]),
    )
