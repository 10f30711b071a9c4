"""The rules themselves, for whoever may see them: root, and the helper for this section with CAP_NET_ADMIN.

Sources: `nft -j list ruleset` for the structure and `nft -a -s list ruleset` for the words; iptables-save and
ip6tables-save for tables that iptables made, whether nftables keeps them (iptables-nft) or the old kernel tables
(iptables-legacy). A table is told once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.firewall import fronts, iptables, kernel, nft, nft_text
from nodestral_agent.firewall.chain import Chain, backend, items
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage

SECTION = "firewall"
SECONDS = 10.0
OUTPUT_MAX = 24 << 20
PROGRAMS = {"ip": "iptables", "ip6": "ip6tables"}
# The tables of iptables; in nftables a table may have any name.
OLD = frozenset(kernel.TABLES)
# Two lines for systemd with which the helper may open the raw socket that iptables-legacy-save needs.
LEGACY_GRANT = (
    "mkdir -p /etc/systemd/system/nodestral-helper-firewall.service.d && printf '[Service]\\n"
    "CapabilityBoundingSet=CAP_NET_RAW\\nAmbientCapabilities=CAP_NET_RAW\\n"
    "RestrictAddressFamilies=AF_INET AF_INET6\\n' "
    ">/etc/systemd/system/nodestral-helper-firewall.service.d/iptables-legacy.conf && systemctl daemon-reload && "
    "systemctl start nodestral-helper-firewall.service"
)


@dataclass
class Found:
    """What is known so far. `missing`: sentences for a person."""

    chains: list[Chain] = field(default_factory=list)
    versions: dict[str, str | None] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)


def collect(host: Host) -> Collected:
    """All rules of all firewalls; `partial` where some cannot be seen."""
    if not kernel.has_netfilter(host):
        raise Unavailable("this kernel has no packet filter")
    if not kernel.has_capability(host, kernel.CAP_NET_ADMIN):
        raise Denied("The kernel tells its rules only to who may change them (CAP_NET_ADMIN)")
    found = Found()
    add_nftables(host, found)
    add_legacy(host, found)
    made, gauges = items(found.chains)
    made += backends(found)
    made += fronts.items(host, found.chains)
    level = "partial" if found.missing else "full"
    return Collected(made, coverage(level, " ".join(found.missing), "; ".join(found.grants)), gauges)


def add_nftables(host: Host, found: Found) -> None:
    """What nftables keeps: its own tables, and those of iptables-nft in iptables' words."""
    told = nftables(host, found)
    mine = saved_by_nft(host, found, told)
    if told is None:
        found.chains += mine
    else:
        mine = whole(mine, told)
        tables = {(chain.family, chain.table) for chain in mine}
        found.chains += mine
        found.chains += [chain for place, chain in told.chains.items() if place[:2] not in tables]
        found.versions["nftables"] = told.version
    if mine:
        found.versions["iptables-nft"] = version(host, "iptables")[0]


def whole(saved: list[Chain], told: nft.Ruleset) -> list[Chain]:
    """Of iptables-save's chains those that exist, of tables that iptables made and of which it tells every rule.

    It tells standard chains that nobody made, and rules of others wrongly.
    """
    counts = {(chain.family, chain.table, chain.name): len(chain.rules) for chain in saved}
    missed = told.native | {place[:2] for place, chain in told.chains.items() if counts.get(place) != len(chain.rules)}
    return [
        chain
        for chain in saved
        if (chain.family, chain.table) not in missed and (chain.family, chain.table, chain.name) in told.chains
    ]


def nftables(host: Host, found: Found) -> nft.Ruleset | None:
    """All that nft tells; None when it is not installed or cannot tell it."""
    try:
        data = host.run(["nft", "-j", "list", "ruleset"], SECONDS, OUTPUT_MAX)
        texts = nft_text.rules(run_text(host, ["nft", "-a", "-s", "list", "ruleset"]))
        return nft.ruleset(data, texts)
    except Unavailable:
        tables = host.nftables_tables()
        others = [f"{family} {name}" for family, name in tables if name not in OLD or family not in PROGRAMS]
        if others:
            found.missing.append(
                f"The kernel has tables of nftables ({', '.join(others[:8])}), and nft, which would tell their rules, "
                "is not installed."
            )
            found.grants.append("apt-get install nftables")
    except CollectorError as error:
        found.missing.append(f"The rules of nftables are not told: {error}.")
    return None


def saved_by_nft(host: Host, found: Found, told: nft.Ruleset | None) -> list[Chain]:
    """The tables of iptables-nft, which are asked for only where there are any."""
    chains: list[Chain] = []
    for family, program in PROGRAMS.items():
        if told is not None:
            there = any(place[0] == family and place[1] in OLD for place in told.chains)
        else:
            there = any(place == family and table in OLD for place, table in host.nftables_tables())
        save = saver(host, program, "nft") if there else None
        if save is None:
            if there and told is None:
                found.missing.append(f"The kernel has tables of {program}, and no program here tells their rules.")
            continue
        try:
            chains += iptables.chains(run_text(host, [*save, "-c"]), "iptables-nft", family)
        except (Unavailable, CollectorError) as error:
            # nft tells these tables too, in its own words.
            found.missing.append(f"{save[0]} does not tell its rules: {error}.")
    return chains


def add_legacy(host: Host, found: Found) -> None:
    """What the old kernel tables hold."""
    for family, program in PROGRAMS.items():
        tables = kernel.old_tables(host, family)
        if tables == []:
            continue
        if tables is None or not kernel.has_capability(host, kernel.CAP_NET_RAW):
            which = f"has tables ({', '.join(tables)})" if tables else "may have tables"
            found.missing.append(f"{program}-legacy {which} whose rules this agent's helper may not read.")
            if tables and LEGACY_GRANT not in found.grants:
                found.grants.append(LEGACY_GRANT)
            continue
        save = saver(host, program, "legacy")
        if save is None:
            found.missing.append(f"No program here tells the rules of {program}-legacy's tables ({', '.join(tables)}).")
            continue
        try:
            for table in tables:
                text = run_text(host, [*save, "-c", "-t", table])
                found.chains += iptables.chains(text, "iptables-legacy", family)
        except (Unavailable, CollectorError) as error:
            found.missing.append(f"{save[0]} does not tell its rules: {error}.")
        found.versions["iptables-legacy"] = version(host, f"{program}-legacy")[0]


def saver(host: Host, program: str, kind: str) -> list[str] | None:
    """The program that writes down the tables of this kind, by its own name or as what `iptables` stands for here."""
    if host.has_program(f"{program}-{kind}-save"):
        return [f"{program}-{kind}-save"]
    if host.has_program(f"{program}-save") and version(host, program)[1] == kind:
        return [f"{program}-save"]
    return None


def version(host: Host, program: str) -> tuple[str | None, str]:
    """`iptables v1.8.9 (nf_tables)` as version and kind; before 1.8 there was only legacy."""
    try:
        words = run_text(host, [program, "-V"]).split()
    except (Unavailable, CollectorError):
        return None, ""
    number = words[1].lstrip("v")[:32] if len(words) > 1 else None
    return number, "nft" if "(nf_tables)" in words else "legacy"


def run_text(host: Host, argv: list[str]) -> str:
    """A program's output as text."""
    return host.run(argv, SECONDS, OUTPUT_MAX).decode("utf-8", "replace")


def backends(found: Found) -> list[dict[str, Any]]:
    """The firewalls whose rules these are. One decides where packets come by themselves and a rule or policy waits."""
    made = []
    for name in ("nftables", "iptables-nft", "iptables-legacy"):
        chains = [chain for chain in found.chains if chain.backend == name]
        if chains or name in found.versions:
            active = any(chain.hook or chain.rules for chain in chains)
            made.append(backend(name, active, any(chain.filters for chain in chains), found.versions.get(name)))
    return made
