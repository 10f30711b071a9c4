"""ufw and firewalld, which write rules for their users. Sources: their files, and the chains that bear their names."""

from __future__ import annotations

from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.firewall import owners
from nodestral_agent.firewall.chain import Chain, backend
from nodestral_agent.host import Host

UFW = "/etc/ufw/ufw.conf"


def items(host: Host, chains: list[Chain] | None) -> list[dict[str, Any]]:
    """Those that are installed. Without chains (they may not be seen) it is not known whether one decides."""
    made = []
    for name, active in (("ufw", ufw_enabled(host)), ("firewalld", firewalld_runs(host))):
        deciding = None if chains is None else decides(name, chains)
        # Its chains may be there without it, as in a container that brings its own.
        if active is not None or deciding:
            made.append(backend(name, bool(active or deciding), deciding))
    return made


def ufw_enabled(host: Host) -> bool | None:
    """Whether ufw is to be on, as everybody may read; None when it is not installed."""
    try:
        lines = host.text(UFW).splitlines()
    except (Unavailable, CollectorError):
        return None
    values = [line.partition("=")[2].strip("\"' \t") for line in lines if line.strip().startswith("ENABLED=")]
    return bool(values) and values[-1].lower() == "yes"


def firewalld_runs(host: Host) -> bool | None:
    """Whether firewalld runs; None when it is not installed. Its folder is closed, but that it exists is not."""
    if not host.has_program("firewalld"):
        return None
    for mount in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"):
        try:
            if host.text(f"{mount}/system.slice/firewalld.service/cgroup.procs").strip():
                return True
        except (Unavailable, CollectorError):
            continue
    return False


def made_by(chain: Chain, name: str) -> bool:
    """Whether the chain bears the program's mark."""
    return owners.of_chain(chain.table, chain.name) == name


def decides(name: str, chains: list[Chain]) -> bool:
    """Whether packets get into chains of this program: by a hook of their own, or from a chain that has one."""
    for chain in chains:
        if chain.hook is None:
            continue
        if made_by(chain, name) and chain.filters:
            return True
        for rule in chain.rules:
            word, _, target = rule.action.partition(" ")
            if word in ("jump", "goto") and owners.of_chain("", target) == name:
                return True
    return False
