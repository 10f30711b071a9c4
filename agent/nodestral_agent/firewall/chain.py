"""A chain with its rules, whoever told of it, and the items that it becomes.

A rule's key is made of its own words, so that it stays when another is put before it. Its place in the chain and its
counters move, so they are gauges; a digest of the order is kept with the chain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from nodestral_agent.firewall import owners

# What the fields of one item may hold; see the wire's own bounds.
NAME_MAX = 128
FIELDS = (
    "protocol",
    "source",
    "destination",
    "source_ports",
    "destination_ports",
    "in_interface",
    "out_interface",
    "states",
    "comment",
)


@dataclass
class Rule:
    """text: as its own tool writes it, without counters; fields: those of FIELDS that it speaks about."""

    text: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)


@dataclass
class Chain:
    """hook, priority and policy are None where only other chains lead to it."""

    backend: str
    family: str
    table: str
    name: str
    hook: str | None = None
    priority: str | None = None
    policy: str | None = None
    rules: list[Rule] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Its key on the wire."""
        return "/".join((self.backend, self.family, self.table[:NAME_MAX], self.name[:NAME_MAX]))

    @property
    def filters(self) -> bool:
        """Whether packets come here by themselves and something may become of them."""
        return self.hook is not None and (bool(self.rules) or self.policy not in (None, "accept"))


def backend(name: str, active: bool | None, decides: bool | None, version: str | None = None) -> dict[str, Any]:
    """A firewall that is present. None: not visible."""
    return {
        "kind": "backend",
        "key": f"backend/{name}",
        "name": name,
        "active": active,
        "decides": decides,
        "version": version,
    }


def items(chains: Iterable[Chain]) -> tuple[list[dict[str, Any]], dict[str, dict[str, float]]]:
    """Items and gauges of all chains and their rules."""
    made: list[dict[str, Any]] = []
    gauges: dict[str, dict[str, float]] = {}
    for chain in chains:
        keys: list[str] = []
        seen: dict[str, int] = {}
        for position, rule in enumerate(chain.rules, 1):
            digest = digest_of(rule.text)
            seen[digest] = seen.get(digest, 0) + 1
            key = f"{chain.key}/{digest}" + (f"#{seen[digest]}" if seen[digest] > 1 else "")
            keys.append(key)
            made.append(rule_item(chain, rule, key))
            gauges[key] = {"position": position, **rule.counters}
        made.append(chain_item(chain, keys))
        if chain.counters:
            gauges[chain.key] = dict(chain.counters)
    return made, gauges


def digest_of(text: str) -> str:
    """Twelve hexadecimal digits that stand for a rule's words."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def chain_item(chain: Chain, keys: list[str]) -> dict[str, Any]:
    """The chain on the wire."""
    return {
        "kind": "chain",
        "key": chain.key,
        "backend": chain.backend,
        "family": chain.family,
        "table": chain.table[:NAME_MAX],
        "name": chain.name[:NAME_MAX],
        "hook": chain.hook,
        "priority": chain.priority,
        "policy": chain.policy,
        "owner": owners.of_chain(chain.table, chain.name),
        "order": digest_of("\n".join(keys)) if keys else "",
    }


def rule_item(chain: Chain, rule: Rule, key: str) -> dict[str, Any]:
    """One of its rules on the wire."""
    told = {name: rule.fields.get(name) for name in FIELDS}
    interfaces = (told["in_interface"], told["out_interface"])
    return {
        "kind": "rule",
        "key": key,
        "backend": chain.backend,
        "family": chain.family,
        "table": chain.table[:NAME_MAX],
        "chain": chain.name[:NAME_MAX],
        "action": rule.action,
        "text": rule.text,
        "hook": chain.hook,
        "owner": owners.of_rule(chain.table, chain.name, rule.action, interfaces),
        **told,
    }
