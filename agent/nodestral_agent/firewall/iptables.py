"""Reads what iptables-save(8) and ip6tables-save(8) print, of the old tables and of those that nftables keeps."""

from __future__ import annotations

import re
import shlex

from nodestral_agent.firewall.chain import Chain, Rule

CHAIN = re.compile(r":(\S+) (\S+)(?: \[(\d+):(\d+)\])?")
RULE = re.compile(r"(?:\[(\d+):(\d+)\] )?-A (\S+)(.*)")
HOOKS = {name.upper(): name for name in ("prerouting", "input", "forward", "output", "postrouting")}
# NF_IP_PRI_* of linux/netfilter_ipv4.h, by table; nat's depends on the hook.
PRIORITIES = {"raw": "-300", "mangle": "-150", "filter": "0", "security": "50"}
NAT_PRIORITIES = {"prerouting": "-100", "output": "-100", "input": "100", "postrouting": "100"}
# The option that says it, and the field; several of one kind are joined.
OPTIONS = {
    "-p": "protocol",
    "-s": "source",
    "-d": "destination",
    "--src-range": "source",
    "--dst-range": "destination",
    "--sport": "source_ports",
    "--sports": "source_ports",
    "--dport": "destination_ports",
    "--dports": "destination_ports",
    "-i": "in_interface",
    "-o": "out_interface",
    "--ctstate": "states",
    "--state": "states",
    "--comment": "comment",
}
ADDRESSES = {"src": "source", "dst": "destination"}
# Options of common matches that stand alone; a few words of another that is not known are passed over without harm.
FLAGS = frozenset(("--syn", "-f", "--random", "--random-fully", "--persistent", "--update", "--set", "--rcheck"))
# Targets that iptables itself has: they end or change a packet's way. Any other name is a chain.
TARGETS = re.compile(r"[A-Z][A-Z0-9]*")
COUNT_MAX = 2**53 - 1


def chains(text: str, backend: str, family: str) -> list[Chain]:
    """All chains of all tables, in the order in which they are told."""
    found: dict[tuple[str, str], Chain] = {}
    table = ""
    for line in text.splitlines():
        if line.startswith("*"):
            table = line[1:].strip()
        elif line.startswith(":") and table:
            matched = CHAIN.match(line)
            if matched:
                found[table, matched[1]] = chain_of(matched, backend, family, table)
        elif table:
            matched = RULE.fullmatch(line)
            if matched and (table, matched[3]) in found:
                found[table, matched[3]].rules.append(rule_of(matched, {name for _, name in found}))
    return list(found.values())


def chain_of(matched: re.Match[str], backend: str, family: str, table: str) -> Chain:
    """A line such as `:INPUT DROP [12:720]`; user chains have `-` for their policy."""
    made = Chain(backend, family, table, matched[1])
    hook = HOOKS.get(matched[1])
    if matched[2] != "-" and hook:
        made.hook = hook
        made.policy = matched[2].lower()
        made.priority = NAT_PRIORITIES.get(hook) if table == "nat" else PRIORITIES.get(table)
        made.counters = counters(matched[3], matched[4])
    return made


def rule_of(matched: re.Match[str], names: set[str]) -> Rule:
    """A line such as `[3:180] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT`."""
    text = f"-A {matched[3]}{matched[4]}"
    try:
        words = shlex.split(matched[4])
    except ValueError:
        words = matched[4].split()
    rule = Rule(text, "continue", counters=counters(matched[1], matched[2]))
    negation = ""
    at = 0
    while at < len(words):
        word = words[at]
        value, more = [*words[at + 1 : at + 3], "", ""][:2]
        if word == "!":
            negation = "! "
            at += 1
            continue
        if word in ("-j", "-g"):
            rule.action = target(value, word == "-g", names)
        else:
            add_option(rule.fields, word, negation + value, more)
        negation = ""
        # The value is passed over: it may be somebody's own text that looks like an option.
        at += 1 if word in FLAGS or not word.startswith("-") else 2
    return rule


def add_option(fields: dict[str, str], word: str, value: str, more: str) -> None:
    """An option with its value, and the word after that."""
    if word in OPTIONS:
        add(fields, OPTIONS[word], value)
    elif word == "--ports":
        add(fields, "source_ports", value)
        add(fields, "destination_ports", value)
    elif word == "--match-set":
        direction = more.split(",", maxsplit=1)[0]
        if direction in ADDRESSES:
            negation, name = ("! ", value[2:]) if value.startswith("! ") else ("", value)
            add(fields, ADDRESSES[direction], f"{negation}set {name}")


def add(fields: dict[str, str], name: str, value: str) -> None:
    """Another word about the same field. Ranges are written as 8000-8010, as nft does."""
    if name.endswith("_ports"):
        value = value.replace(":", "-")
    fields[name] = f"{fields[name]}, {value}" if name in fields else value


def target(name: str, goes: bool, names: set[str]) -> str:
    """What becomes of the packet."""
    if name in names or not TARGETS.fullmatch(name):
        return f"{'goto' if goes else 'jump'} {name}"
    return name.lower()


def counters(packets: str | None, size: str | None) -> dict[str, int]:
    """Gauges."""
    if packets is None or size is None:
        return {}
    return {"packets": min(int(packets[:20]), COUNT_MAX), "bytes": min(int(size[:20]), COUNT_MAX)}
