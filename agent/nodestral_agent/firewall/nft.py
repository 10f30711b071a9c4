"""Reads what `nft -j list ruleset` prints: libnftables-json(5), schema version 1."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable

from nodestral_agent.errors import CollectorError
from nodestral_agent.firewall import of_iptables
from nodestral_agent.firewall.chain import Chain, Rule
from nodestral_agent.firewall.nft_text import Place
from nodestral_agent.firewall.nft_words import elements, words

# What is compared, and the field that it becomes.
META = {
    "iif": "in_interface",
    "iifname": "in_interface",
    "oif": "out_interface",
    "oifname": "out_interface",
    "l4proto": "protocol",
}
ADDRESSES = {"saddr": "source", "daddr": "destination"}
PORTS = {"sport": "source_ports", "dport": "destination_ports"}
# Statements with which a rule ends, or after which it goes on.
ENDS = ("accept", "drop", "reject", "return", "queue", "masquerade", "snat", "dnat", "redirect", "tproxy")
STEPS = ("log", "notrack", "mangle", "dup", "fwd", "ct helper", "synproxy", "flow")
# Sets that change by themselves are named, not resolved: what is in them is no fact.
MOVING = frozenset({"dynamic", "timeout"})
# fail2ban and its kind fill sets of their own, without saying so by a flag.
FILLED_BY_PROGRAMS = ("f2b-", "crowdsec", "sshguard", "addr-set-")


@dataclass
class Ruleset:
    """version: nft's own, such as 1.0.6."""

    chains: dict[tuple[str, str, str], Chain] = field(default_factory=dict)
    version: str | None = None
    sets: dict[tuple[str, str, str], str] = field(default_factory=dict)
    # Family and name of tables that iptables cannot have made: iptables-save would tell them wrongly.
    native: set[tuple[str, str]] = field(default_factory=set)


def ruleset(data: bytes, texts: dict[Place, str]) -> Ruleset:
    """All chains, by family, table and name. `texts`: the rules in nft's words; a rule without is told in JSON.

    CollectorError when it is no ruleset.
    """
    try:
        objects = json.loads(data)["nftables"]
    except (ValueError, TypeError, KeyError, RecursionError):
        objects = None
    if not isinstance(objects, list):
        raise CollectorError("nft printed something else than a ruleset")
    found = Ruleset()
    pairs = [next(iter(told.items())) for told in objects if isinstance(told, dict) and len(told) == 1]
    known = [(kind, value) for kind, value in pairs if isinstance(value, dict)]
    for kind, value in known:
        if kind in DECLARATIONS:
            DECLARATIONS[kind](found, value)
    for kind, value in known:
        if kind == "rule":
            add_rule(found, value, texts)
    return found


def add_version(found: Ruleset, value: dict[str, Any]) -> None:
    """What nft says of itself."""
    found.version = words(value.get("version"))


def add_chain(found: Ruleset, value: dict[str, Any]) -> None:
    """A chain; one with a hook has a priority and, mostly, a policy."""
    family, table, name = (words(value.get(part)) for part in ("family", "table", "name"))
    made = Chain("nftables", family, table, name)
    if "hook" in value:
        made.hook = words(value["hook"])
        made.priority = words(value.get("prio"))
        made.policy = words(value["policy"]) if "policy" in value else None
        if name != made.hook.upper():
            found.native.add((family, table))
    found.chains[family, table, name] = made


def add_set(found: Ruleset, value: dict[str, Any]) -> None:
    """A named set with what is in it, or with its name alone where that moves."""
    family, table, name = (words(value.get(part)) for part in ("family", "table", "name"))
    flags = value.get("flags")
    moves = isinstance(flags, list) and any(flag in MOVING for flag in flags if isinstance(flag, str))
    values = value.get("elem")
    if moves or f"{table}/{name}".startswith(FILLED_BY_PROGRAMS) or name.startswith(FILLED_BY_PROGRAMS):
        return
    if isinstance(values, list) and values:
        found.sets[family, table, name] = f"{{ {', '.join(elements(values, 0))} }}"


def add_rule(found: Ruleset, value: dict[str, Any], texts: dict[Place, str]) -> None:
    """A rule, put at the end of its chain."""
    family, table, name = (words(value.get(part)) for part in ("family", "table", "chain"))
    chain = found.chains.get((family, table, name))
    statements = value.get("expr")
    if chain is None or not isinstance(statements, list):
        return
    handle = value.get("handle")
    text = texts.get((family, table, handle)) if isinstance(handle, int) else None
    rule = Rule(text or "", "continue")
    if isinstance(value.get("comment"), str):
        rule.fields["comment"] = value["comment"]
    for statement in statements:
        if isinstance(statement, dict) and len(statement) == 1:
            add_statement(found, chain, rule, *next(iter(statement.items())))
    rule.text = rule.text or json.dumps(without_counters(statements), ensure_ascii=False)
    chain.rules.append(rule)
    if not of_iptables.may_be(statements):
        found.native.add((family, table))


def add_statement(found: Ruleset, chain: Chain, rule: Rule, kind: str, value: Any) -> None:
    """What one statement says of the rule."""
    if kind == "match" and isinstance(value, dict):
        add_match(found, chain, rule, value)
    elif kind == "counter" and isinstance(value, dict):
        for name in ("packets", "bytes"):
            if isinstance(value.get(name), int):
                rule.counters[name] = value[name]
    elif kind in ("jump", "goto") and isinstance(value, dict):
        rule.action = f"{kind} {words(value.get('target'))}"
    elif kind == "vmap":
        rule.action = "verdict map"
    elif kind == "xt" and isinstance(value, dict) and value.get("type") == "target":
        rule.action = words(value.get("name")).lower()
    elif kind in ENDS or (kind in STEPS and rule.action == "continue"):
        rule.action = kind


def add_match(found: Ruleset, chain: Chain, rule: Rule, value: dict[str, Any]) -> None:
    """A comparison, if it is about something that has a field."""
    told = words(value.get("right"))
    if told.startswith("@"):
        resolved = found.sets.get((chain.family, chain.table, told[1:]))
        told = f"{told} {resolved}" if resolved else told
    negation = "! " if value.get("op") == "!=" else ""
    name = field_of(value.get("left"), rule)
    if name:
        before = rule.fields.get(name)
        rule.fields[name] = f"{before}, {negation}{told}" if before else negation + told


def field_of(left: Any, rule: Rule) -> str | None:
    """The field that the left side of a comparison stands for."""
    if not isinstance(left, dict):
        return None
    payload, meta, ct = (left.get(kind) for kind in ("payload", "meta", "ct"))
    if isinstance(payload, dict):
        return field_of_payload(words(payload.get("protocol")), words(payload.get("field")), rule)
    if isinstance(meta, dict):
        return META.get(words(meta.get("key")))
    return "states" if isinstance(ct, dict) and ct.get("key") == "state" else None


def field_of_payload(protocol: str, part: str, rule: Rule) -> str | None:
    """The field that a part of a packet's header stands for. A port tells the protocol too."""
    if protocol in ("icmp", "icmpv6") or (part in PORTS and protocol != "th"):
        rule.fields.setdefault("protocol", protocol)
    if part in ("protocol", "nexthdr") and protocol in ("ip", "ip6"):
        return "protocol"
    return PORTS.get(part) or ADDRESSES.get(part)


def without_counters(statements: list[Any]) -> list[Any]:
    """The statements of a rule that nft does not tell in words."""
    return [
        {"counter": None} if isinstance(each, dict) and isinstance(each.get("counter"), dict) else each
        for each in statements
    ]


DECLARATIONS: dict[str, Callable[[Ruleset, dict[str, Any]], None]] = {
    "metainfo": add_version,
    "chain": add_chain,
    "set": add_set,
}
