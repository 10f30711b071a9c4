"""Reads what `nft -a -s list ruleset` prints: the rules in nft's own words, without counters, each with its handle.

A set may stretch over several lines; a rule is over where its handle is told. What stands between quotation marks is
somebody's own text.
"""

from __future__ import annotations

import re

TABLE = re.compile(r"table (\S+) (\S+) \{")
CHAIN = re.compile(r"\tchain (\S+) \{")
HANDLE = re.compile(r"(.*?) ?# handle (\d{1,18})")
# What a chain says of itself before its rules.
HEAD = ("type ", "policy ", "comment ")

# family, table, handle
Place = tuple[str, str, int]


def rules(text: str) -> dict[Place, str]:
    """The words of each rule. A handle is unique within its table."""
    found: dict[Place, str] = {}
    table = ("", "")
    in_chain = False
    pending: list[str] = []
    for line in text.splitlines():
        if not line.startswith("\t"):
            matched = TABLE.match(line)
            if matched:
                table = (matched[1], matched[2])
            in_chain = False
        elif not line.startswith("\t\t"):
            in_chain = CHAIN.match(line) is not None
            pending = []
        elif in_chain and (pending or not line.startswith(tuple(f"\t\t{word}" for word in HEAD))):
            pending.append(line.strip())
            matched = HANDLE.fullmatch(pending[-1])
            if matched:
                words = " ".join([*pending[:-1], matched[1]])
                found[(*table, int(matched[2]))] = words.strip()
                pending = []
    return found
