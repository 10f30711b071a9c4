"""Section `firewall`: the rules of every firewall of the machine, normalised, and which of them decides.

A rule's place in its chain moves when another is put before it, so it is a gauge (`position`), as are `packets` and
`bytes`; the chain keeps a digest of the order.
"""

from msgspec import Struct

from nodestral.protocol.kinds import Key, Short, Text


class FirewallBackend(Struct, tag_field="kind", tag="backend"):
    """A firewall that is present. Key: `backend/NAME`.

    name: nftables, iptables-nft, iptables-legacy, ufw, firewalld, pf, application-firewall. active: whether it is on;
    decides: whether packets really pass through rules of it; null where that is not visible.
    """

    key: Key
    name: Short
    active: bool | None = None
    decides: bool | None = None
    version: Short | None = None


class FirewallChain(Struct, tag_field="kind", tag="chain"):
    """Key: `BACKEND/FAMILY/TABLE/CHAIN`. hook, priority and policy are null for chains that only others jump to.

    owner: who made it, as far as its name tells: docker, ufw, firewalld, fail2ban, kubernetes … order: a digest of the
    keys of its rules in their order.
    """

    key: Key
    backend: Short
    family: Short
    table: Short
    name: Short
    hook: Short | None = None
    priority: Short | None = None
    policy: Short | None = None
    owner: Short | None = None
    order: Short = ""


class FirewallRule(Struct, tag_field="kind", tag="rule"):
    """Key: `BACKEND/FAMILY/TABLE/CHAIN/DIGEST`: a digest of the rule's own text, with `#2` for its second occurrence.

    family: ip, ip6, inet, arp, bridge, netdev. text: the rule as its own tool writes it, without counters.
    """

    key: Key
    backend: Short
    family: Short
    table: Short
    chain: Short
    action: Short
    text: Text
    hook: Short | None = None
    protocol: Short | None = None
    source: Text | None = None
    destination: Text | None = None
    source_ports: Short | None = None
    destination_ports: Short | None = None
    in_interface: Short | None = None
    out_interface: Short | None = None
    states: Short | None = None
    comment: Text | None = None
    owner: Short | None = None


FirewallItem = FirewallBackend | FirewallChain | FirewallRule
