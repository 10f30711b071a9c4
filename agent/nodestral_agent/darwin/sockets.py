"""Listening sockets of a Mac and the processes behind them. Source: netstat(1), which shows everybody all of them."""

from __future__ import annotations

from dataclasses import dataclass

from nodestral_agent.host import Host


@dataclass(frozen=True)
class Listener:
    """protocol: tcp, tcp6, udp or udp6. pid 0: not told. takes_ipv4: of the IPv6 ones."""

    protocol: str
    address: str
    port: int
    pid: int
    takes_ipv4: bool


def listeners(host: Host) -> list[Listener]:
    """All of them."""
    found = []
    for protocol in ("tcp", "udp"):
        text = host.run(["netstat", "-anv", "-p", protocol]).decode("utf-8", "replace")
        found += parse(text)
    return found


def parse(text: str) -> list[Listener]:
    """Of `netstat -anv`. Its columns moved from version to version, so the heading tells where the process stands."""
    at = -1
    found: dict[tuple[str, str, int], Listener] = {}
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["Proto"]:
            at = _column(words)
            continue
        if len(words) < 5 or not words[0].startswith(("tcp", "udp")):
            continue
        is_tcp = words[0].startswith("tcp")
        if is_tcp and (len(words) < 6 or words[5] != "LISTEN"):
            continue
        if not is_tcp and words[4] != "*.*":
            continue
        address, _, port = words[3].rpartition(".")
        if not port.isdigit() or not 0 < int(port) < 65536:
            continue
        # An UDP socket has no state, so what comes after it stands one column further left.
        listener = _listener(words, address, int(port), at if is_tcp else at - 1)
        found.setdefault((listener.protocol, listener.address, listener.port), listener)
    return list(found.values())


def _column(words: list[str]) -> int:
    """Where the process id stands in a row. The heading's two addresses are two words each."""
    for name in ("pid", "process:pid"):
        if name in words:
            return words.index(name) - 2
    return -1


def _listener(words: list[str], address: str, port: int, at: int) -> Listener:
    is_six = words[0].endswith(("6", "46"))
    told = words[at].rpartition(":")[2] if 0 < at < len(words) else ""
    if address == "*":
        address = "::" if is_six else "0.0.0.0"  # noqa: S104 # what others listen on
    return Listener(
        protocol=f"{words[0][:3]}{'6' if is_six else ''}",
        address=address.partition("%")[0],
        port=port,
        pid=int(told) if told.isdigit() and len(told) < 10 else 0,
        takes_ipv4=words[0].endswith("46"),
    )
