"""Whether a rule of nftables may be one that iptables made.

Needed because iptables-save tells rules of others as if they were its own and leaves out what it has no words for:
`tcp dport { 22, 23 } accept` becomes `-p tcp -j ACCEPT`, which would be a lie. iptables-nft puts a counter into every
rule, compares a few fields with single values, and leaves the rest to its own extensions (xt).
"""

from __future__ import annotations

from typing import Any

STATEMENTS = frozenset(
    (
        "counter",
        "xt",
        "accept",
        "drop",
        "return",
        "jump",
        "goto",
        "log",
        "reject",
        "masquerade",
        "snat",
        "dnat",
        "limit",
    )
)
PAYLOAD = {
    "ip": frozenset(("saddr", "daddr", "protocol")),
    "ip6": frozenset(("saddr", "daddr", "nexthdr")),
    "tcp": frozenset(("sport", "dport", "flags")),
    "udp": frozenset(("sport", "dport")),
    "icmp": frozenset(("type", "code")),
    "icmpv6": frozenset(("type", "code")),
}
META = frozenset(("iif", "iifname", "oif", "oifname", "l4proto", "mark", "pkttype"))


def may_be(statements: list[Any]) -> bool:
    """For the statements of one rule, as nft tells them in JSON."""
    has_counter = False
    for statement in statements:
        if not isinstance(statement, dict) or len(statement) != 1:
            return False
        kind, value = next(iter(statement.items()))
        has_counter = has_counter or (kind == "counter" and isinstance(value, dict))
        if kind == "match":
            if not compares_like_iptables(value):
                return False
        elif kind not in STATEMENTS:
            return False
    return has_counter


def compares_like_iptables(match: Any) -> bool:
    """One field with one value, prefix or range; connection states and addresses' types are of newer versions."""
    if not isinstance(match, dict) or not isinstance(match.get("left"), dict):
        return False
    right = match.get("right")
    if isinstance(right, dict) and not right.keys() <= {"prefix", "range"}:
        return False
    if isinstance(right, str) and right.startswith("@"):
        return False
    left = match["left"]
    payload, meta = left.get("payload"), left.get("meta")
    if isinstance(payload, dict):
        return payload.get("field") in PAYLOAD.get(str(payload.get("protocol")), ())
    if isinstance(meta, dict):
        return meta.get("key") in META
    return bool(left.keys() & {"ct", "fib", "&"})
