"""The certificates that listeners serve, seen by beginning TLS with each: without a name, and by each name it may know.

What speaks no TLS is asked once a day, unless its socket is another; mail servers and databases, which write each
visit into their logs, once an hour, unless a certificate on disk has changed.
"""

from __future__ import annotations

from typing import Any

from nodestral_agent.certified.described import chain, described
from nodestral_agent.certified.listeners import Listener, names_for
from nodestral_agent.codec import encode, sha256_hex
from nodestral_agent.endpoint import Served, Target
from nodestral_agent.host import Host
from nodestral_agent.x509.der import DerError

HANDSHAKES_MAX = 64
ALL_SECONDS = 8.0
DAY_SECONDS, HOUR_SECONDS = 86_400.0, 3_600.0
NOTE = "certificates.listeners"
# What is told anew with every scan.
TOLD = ("newer_path", "renewed_by", "renewal_healthy", "renewal_reason")


class Memory:
    """What the last scans learned of each listener: its socket's inode number, when it was asked, what came of it."""

    def __init__(self, host: Host, in_files: list[dict[str, Any]]) -> None:
        self._host = host
        self._files = sha256_hex(encode(sorted([item["path"], item["fingerprint_sha256"]] for item in in_files)))
        last = host.noted(NOTE)
        self._last = last if isinstance(last, dict) else {}
        self._before: dict[str, list[dict[str, Any]]] = {}
        for item in host.before("certificates"):
            if item.get("place") == "served":
                place = "/".join(str(item["key"]).split("/")[:3])
                self._before.setdefault(place, []).append(item)
        self._next: dict[str, Any] = {}

    def rests(self, listener: Listener) -> bool:
        """Whether it need not be asked now."""
        note = self._last.get(listener.key)
        if not isinstance(note, list) or len(note) != 4 or note[0] != listener.socket.inode:
            return False
        _, at, outcome, files = note
        age = self._host.now() - at if isinstance(at, float) else -1.0
        before = self.before(listener)
        if outcome == "tls":
            pending = any("newer_path" in item for item in before)
            rests = listener.protocol != "tls" and files == self._files and bool(before) and not pending
            return rests and 0 <= age < HOUR_SECONDS
        # One that spoke TLS and does not answer now may only be busy.
        return not before and 0 <= age < DAY_SECONDS

    def before(self, listener: Listener) -> list[dict[str, Any]]:
        """What it served at the last scan."""
        return self._before.get(f"served:{listener.key}", [])

    def asked(self, listener: Listener, outcome: str) -> None:
        """Remember what came of it."""
        self._next[listener.key] = [listener.socket.inode, self._host.now(), outcome, self._files]

    def keep(self, found: list[Listener]) -> None:
        """For the next scan, of listeners that are still there."""
        kept = {one.key: self._last[one.key] for one in found if one.key in self._last}
        self._host.note(NOTE, {**kept, **self._next})


def served(
    host: Host, found: list[Listener], server_names: dict[str, dict[str, set[int]]], in_files: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], int]:
    """An item for each listener and name that a certificate is served for; how many could not be asked for."""
    memory = Memory(host, in_files)
    resting = [one for one in found if memory.rests(one)]
    asking = [one for one in found if one not in resting]
    items = [
        {name: value for name, value in item.items() if name not in TOLD}
        for one in resting
        for item in memory.before(one)
    ]
    plain = {one.target(): (one, "") for one in asking}
    end = host.monotonic() + ALL_SECONDS
    answers = ask(host, list(plain), HANDSHAKES_MAX, end)
    for target, answer in answers.items():
        memory.asked(plain[target][0], answer.outcome)
    speaking = [plain[target][0] for target, answer in answers.items() if answer.outcome in ("tls", "refused")]
    named = {one.target(name): (one, name) for one, name in by_turns(speaking, server_names)}
    answers.update(ask(host, list(named), HANDSHAKES_MAX - len(answers), end))
    wanted = {**plain, **named}
    for target, answer in answers.items():
        items += item_of(host, *wanted[target], answer)
    memory.keep(found)
    return items, len(wanted) - min(len(wanted), HANDSHAKES_MAX)


def ask(host: Host, targets: list[Target], most: int, end: float) -> dict[Target, Served]:
    """The answers of the first so many, as far as there is time."""
    left = end - host.monotonic()
    return host.handshakes(targets[:most], left) if most > 0 and targets and left > 0 else {}


def by_turns(found: list[Listener], server_names: dict[str, dict[str, set[int]]]) -> list[tuple[Listener, str]]:
    """Pairs of listener and name, the first name of each first. Of a port open for IPv4 and IPv6 only one is asked."""
    fours = {one.socket.port for one in found if one.socket.address == "0.0.0.0"}  # noqa: S104 # as it is shown
    asked = [one for one in found if not (one.socket.address == "::" and one.socket.port in fours)]
    names = [(one, names_for(one, server_names)) for one in asked]
    longest = max((len(each) for _, each in names), default=0)
    return [(one, each[turn]) for turn in range(longest) for one, each in names if turn < len(each)]


def item_of(host: Host, listener: Listener, name: str, answer: Served) -> list[dict[str, Any]]:
    """The item of one answer; none where no certificate was seen that can be read."""
    if not answer.chain:
        return []
    socket = listener.socket
    try:
        item = described(host, f"served:{listener.key}/{name}", "served", chain(answer.chain))
    except DerError:
        return []
    if not answer.is_whole:
        item.update(chain_complete=None, chain_length=None)
    item |= {"address": socket.address, "port": socket.port, "server_name": name, "protocol": listener.protocol}
    return [{**item, "unit": listener.unit}]
