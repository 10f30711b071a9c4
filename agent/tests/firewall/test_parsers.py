"""Rules in the words of nft and of iptables: what each part of a rule becomes, and that its key stays its own."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from nodestral_agent.errors import CollectorError
from nodestral_agent.firewall import iptables, nft, nft_text, owners
from nodestral_agent.firewall.chain import Chain, Rule, items
from nodestral_agent.firewall.nft_words import words

HEAD = "*filter\n:INPUT DROP [12:720]\n:mine - [0:0]\n"


def saved(line: str) -> Rule:
    """One rule of INPUT."""
    chain = iptables.chains(f"{HEAD}{line}\nCOMMIT\n", "iptables-nft", "ip")[0]
    return chain.rules[0]


@pytest.mark.parametrize(
    ("line", "action", "fields"),
    [
        ("-A INPUT -j ACCEPT", "accept", {}),
        ("-A INPUT", "continue", {}),
        ("-A INPUT -g mine", "goto mine", {}),
        ("-A INPUT -j mine", "jump mine", {}),
        ("-A INPUT -j somebodys-chain", "jump somebodys-chain", {}),
        ("-A INPUT ! -i lo -j DROP", "drop", {"in_interface": "! lo"}),
        ("-A INPUT -p tcp -m tcp ! --dport 22 -j DROP", "drop", {"protocol": "tcp", "destination_ports": "! 22"}),
        ("-A INPUT -p tcp --tcp-flags FIN,SYN SYN -j DROP", "drop", {"protocol": "tcp"}),
        ("-A INPUT -p tcp --syn -s 10.0.0.1/32 -j DROP", "drop", {"protocol": "tcp", "source": "10.0.0.1/32"}),
        (
            "-A INPUT -p udp -m multiport --ports 53,5353:5355 -j ACCEPT",
            "accept",
            {"protocol": "udp", "source_ports": "53,5353-5355", "destination_ports": "53,5353-5355"},
        ),
        ("-A INPUT -m set --match-set bad src -j DROP", "drop", {"source": "set bad"}),
        ("-A INPUT -m set ! --match-set good dst,dst -j DROP", "drop", {"destination": "! set good"}),
        ("-A INPUT -m state --state NEW -j ACCEPT", "accept", {"states": "NEW"}),
        ('-A INPUT -m comment --comment "-j DROP" -j ACCEPT', "accept", {"comment": "-j DROP"}),
        ("-A INPUT -m comment --comment -s -j ACCEPT", "accept", {"comment": "-s"}),
        ('-A INPUT -m comment --comment "not closed -j ACCEPT', "accept", {"comment": '"not'}),
        ('-A INPUT -j LOG --log-prefix "-s 1.2.3.4 "', "log", {}),
    ],
)
def test_a_rule_of_iptables(line: str, action: str, fields: dict[str, str]) -> None:
    rule = saved(line)
    assert rule.text == line
    assert rule.action == action
    assert rule.fields == fields


def test_a_comment_cannot_pretend_to_be_a_rule() -> None:
    text = f'{HEAD}-A INPUT -m comment --comment "x\n-A INPUT -j ACCEPT\n*nat" -j DROP\nCOMMIT\n'
    chains = iptables.chains(text, "iptables-nft", "ip")
    assert {chain.table for chain in chains} == {"filter"}


def test_counters_and_policies_of_iptables() -> None:
    chains = iptables.chains(f"{HEAD}[3:180] -A INPUT -j ACCEPT\nCOMMIT\n", "iptables-legacy", "ip6")
    assert chains[0].policy == "drop"
    assert chains[0].counters == {"packets": 12, "bytes": 720}
    assert chains[0].rules[0].text == "-A INPUT -j ACCEPT"
    assert chains[0].rules[0].counters == {"packets": 3, "bytes": 180}
    assert (chains[1].hook, chains[1].policy, chains[1].counters) == (None, None, {})


def chain_of(*texts: str, packets: int = 0) -> Chain:
    rules = [Rule(text, "accept", counters={"packets": packets}) for text in texts]
    return Chain("nftables", "inet", "filter", "input", "input", "0", "drop", rules)


def test_a_rule_keeps_its_key_when_another_is_put_before_it() -> None:
    before, gauges_before = items([chain_of("a", "b", "b", packets=1)])
    after, gauges_after = items([chain_of("new", "a", "b", "b", packets=9)])
    kept = [item for item in before if item["kind"] == "rule"]
    assert all(item in after for item in kept)
    assert [gauges_before[item["key"]]["position"] for item in kept] == [1, 2, 3]
    assert [gauges_after[item["key"]]["position"] for item in kept] == [2, 3, 4]
    orders = [next(item["order"] for item in found if item["kind"] == "chain") for found in (before, after)]
    assert orders[0] != orders[1]


def test_moving_counters_change_no_item() -> None:
    assert items([chain_of("a", packets=1)])[0] == items([chain_of("a", packets=9)])[0]


TEXT = """table inet filter { # handle 1
	set s { # handle 9
		type ipv4_addr
		elements = { 10.0.0.1,
				10.0.0.2 }
	}

	chain input { # handle 1
		type filter hook input priority filter; policy drop;
		comment "of the chain"
		tcp dport { 22,
				80 } counter accept # handle 4
		accept comment "x # handle 9" # handle 5
		type_of_nothing # handle 6
	}
}
table ip6 filter { # handle 2
	chain input { # handle 1
		drop # handle 4
	}
}
"""


def test_the_words_of_nft() -> None:
    assert nft_text.rules(TEXT) == {
        ("inet", "filter", 4): "tcp dport { 22, 80 } counter accept",
        ("inet", "filter", 5): 'accept comment "x # handle 9"',
        ("inet", "filter", 6): "type_of_nothing",
        ("ip6", "filter", 4): "drop",
    }


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"prefix": {"addr": "10.0.0.0", "len": 8}}, "10.0.0.0/8"),
        ({"range": [1, 9]}, "1-9"),
        ({"set": [22, {"range": [80, 90]}]}, "{ 22, 80-90 }"),
        ({"set": list(range(30))}, "{ " + ", ".join(str(n) for n in range(24)) + ", and 6 more }"),
        ({"concat": ["10.0.0.1", 22]}, "10.0.0.1 . 22"),
        ({"elem": {"val": "10.0.0.1", "timeout": 5}}, "10.0.0.1"),
        (["new", "related"], "new, related"),
        (None, "?"),
        (True, "?"),
        ({"future": 1}, "?"),
        ({"prefix": 7}, "?"),
        ({"range": [1]}, "?"),
    ],
)
def test_values_of_nft(value: Any, told: str) -> None:
    assert words(value) == told


def test_deep_values_end() -> None:
    value: Any = 1
    for _ in range(200):
        value = {"set": [value]}
    assert "?" in words(value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b"[" * 100_000,
        b'{"nftables": 3}',
        b'{"nftables": {"chain": {}}}',
        b"\xff\x00",
    ],
)
def test_what_is_no_ruleset(data: bytes) -> None:
    with pytest.raises(CollectorError):
        nft.ruleset(data, {})


@pytest.mark.parametrize(
    "told",
    [
        3,
        {"chain": 3},
        {"chain": {}},
        {"rule": {"family": "inet", "table": [], "chain": {}}},
        {"rule": {"chain": "input", "expr": 7}},
        {"rule": {"family": "inet", "table": "t", "chain": "c", "expr": [1, {}, {"match": 1}, {"jump": None}]}},
        {"rule": {"family": "inet", "table": "t", "chain": "c", "expr": [{"match": {"left": {"payload": 1}}}]}},
        {"set": {"elem": 3, "flags": {}}},
        {"set": {"name": "s", "elem": [[], None, {"elem": 3}]}},
    ],
)
def test_strange_parts_of_a_ruleset_do_no_harm(told: Any) -> None:
    chain = {"chain": {"family": "inet", "table": "t", "name": "c", "hook": "input", "prio": 0}}
    found = nft.ruleset(json.dumps({"nftables": [chain, told]}).encode(), {})
    items(found.chains.values())


def test_sets_that_move_are_named_and_others_resolved() -> None:
    def source(declared: dict[str, Any]) -> str:
        rule = {
            "family": "inet",
            "table": "t",
            "chain": "c",
            "expr": [
                {"match": {"op": "!=", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@s"}},
                {"drop": None},
            ],
        }
        place = {"family": "inet", "table": "t"}
        objects = [{"chain": {**place, "name": "c"}}, {"set": {**place, "name": "s", **declared}}, {"rule": rule}]
        found = nft.ruleset(json.dumps({"nftables": objects}).encode(), {})
        return found.chains["inet", "t", "c"].rules[0].fields["source"]

    assert source({"elem": ["10.0.0.1"]}) == "! @s { 10.0.0.1 }"
    assert source({"elem": ["10.0.0.1"], "flags": ["timeout"]}) == "! @s"
    assert source({}) == "! @s"


@pytest.mark.parametrize(
    ("table", "chain", "owner"),
    [
        ("filter", "DOCKER-USER", "docker"),
        ("filter", "ufw-before-input", "ufw"),
        ("filter", "f2b-sshd", "fail2ban"),
        ("f2b-table", "f2b-chain", "fail2ban"),
        ("nat", "KUBE-SERVICES", "kubernetes"),
        ("firewalld", "filter_INPUT", "firewalld"),
        ("filter", "IN_public_allow", "firewalld"),
        ("filter", "INPUT_ZONES_SOURCE", "firewalld"),
        ("filter", "INPUT", None),
        ("filter", "IN", None),
        ("filter", "my-chain", None),
    ],
)
def test_owners_by_name(table: str, chain: str, owner: str | None) -> None:
    assert owners.of_chain(table, chain) == owner


def test_owners_of_rules() -> None:
    assert owners.of_rule("filter", "FORWARD", "jump DOCKER-USER", (None, None)) == "docker"
    assert owners.of_rule("nat", "POSTROUTING", "masquerade", (None, "! docker0")) == "docker"
    assert owners.of_rule("nat", "POSTROUTING", "masquerade", (None, "br-0123456789ab")) == "docker"
    assert owners.of_rule("nat", "POSTROUTING", "masquerade", (None, "br0")) is None


def test_ten_thousand_rules_are_read_in_a_moment() -> None:
    lines = "".join(f"[0:0] -A INPUT -s 10.0.{n >> 8}.{n & 255}/32 -j DROP\n" for n in range(10_000))
    begun = time.monotonic()
    made, _ = items(iptables.chains(f"{HEAD}{lines}COMMIT\n", "iptables-nft", "ip"))
    assert len(made) == 10_002
    assert time.monotonic() - begun < 20
