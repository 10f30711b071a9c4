"""Who made a chain, as far as its name tells: the names that programs give to their own chains and tables.

Sources: the documentation and sources of each program. A name is a hint, not a proof: anybody may use it.
"""

from __future__ import annotations

import re

# By the whole name of a table of nftables.
TABLES = {
    "firewalld": "firewalld",
    "f2b-table": "fail2ban",
    "docker-bridges": "docker",
    "kube-proxy": "kubernetes",
    "cilium": "cilium",
    "calico": "calico",
    "netavark": "podman",
    "libvirt_network": "libvirt",
    "lxc": "lxc",
    "lxd": "lxd",
    "incus": "incus",
    "crowdsec": "crowdsec",
    "crowdsec6": "crowdsec",
    "sshguard": "sshguard",
    "miniupnpd": "miniupnpd",
    "io.systemd.nat": "systemd",
}
# By the beginning of the name of a table or chain.
BEGINNINGS = (
    ("ufw-", "ufw"),
    ("ufw6-", "ufw"),
    ("DOCKER", "docker"),
    ("KUBE-", "kubernetes"),
    ("f2b-", "fail2ban"),
    ("fail2ban-", "fail2ban"),
    ("cali-", "calico"),
    ("CILIUM_", "cilium"),
    ("OLD_CILIUM_", "cilium"),
    ("FLANNEL", "flannel"),
    ("flannel-", "flannel"),
    ("WEAVE", "weave"),
    ("ISTIO_", "istio"),
    ("LINKERD", "linkerd"),
    ("NETAVARK", "podman"),
    ("CNI-", "cni"),
    ("LIBVIRT_", "libvirt"),
    ("ts-", "tailscale"),
    ("NETBIRD", "netbird"),
    ("netbird", "netbird"),
    ("wg-quick-", "wg-quick"),
    ("CROWDSEC", "crowdsec"),
    ("MINIUPNPD", "miniupnpd"),
)
# Chains that firewalld makes for its zones in the tables of iptables.
FIREWALLD = re.compile(
    r"(IN|FWD|FWDI|FWDO|PRE|POST)_[A-Za-z0-9_-]+|(INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING)_(direct|\w*ZONES\w*)"
)
# Docker names its bridges so when nobody else does.
DOCKER_BRIDGE = re.compile(r"docker0|docker_gwbridge|br-[0-9a-f]{12}")


def of_chain(table: str, chain: str) -> str | None:
    """Who made this chain."""
    if table in TABLES:
        return TABLES[table]
    for name in (chain, table):
        for beginning, owner in BEGINNINGS:
            if name.startswith(beginning):
                return owner
    return "firewalld" if FIREWALLD.fullmatch(chain) else None


def of_rule(table: str, chain: str, action: str, interfaces: tuple[str | None, ...]) -> str | None:
    """Who made this rule: whose chain it is in, leads to, or whose interface it is about."""
    owner = of_chain(table, chain)
    word, _, target = action.partition(" ")
    if owner is None and word in ("jump", "goto"):
        owner = of_chain("", target)
    if owner is None and any(name and DOCKER_BRIDGE.fullmatch(name.lstrip("! ")) for name in interfaces):
        owner = "docker"
    return owner
