"""Real sockets of this very machine: what is opened here is found with its process, what is not open is not."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nodestral_agent import sock_diag
from nodestral_agent.collectors import ports
from nodestral_agent.host import Host

FIRST_PORT, LAST_PORT = 22100, 22199


def bound(kind: socket.SocketKind, family: socket.AddressFamily, address: str) -> socket.socket:
    """A socket on a free port."""
    for port in range(FIRST_PORT, LAST_PORT):
        made = socket.socket(family, kind)
        try:
            made.bind((address, port))
        except OSError:
            made.close()
            continue
        return made
    raise AssertionError("no free port")


@pytest.fixture
def tcp() -> Iterator[socket.socket]:
    with bound(socket.SOCK_STREAM, socket.AF_INET, "127.0.0.1") as made:
        made.listen()
        yield made


@pytest.fixture
def udp() -> Iterator[socket.socket]:
    with bound(socket.SOCK_DGRAM, socket.AF_INET, "127.0.0.1") as made:
        yield made


def found(protocol: str, opened: socket.socket) -> dict[str, Any] | None:
    """The item of this socket."""
    items = {item["key"]: item for item in ports.collect(Host()).items}
    address, port = opened.getsockname()[:2]
    return items.get(f"{protocol}/{address}/{port}")


def test_a_listener_is_found_with_its_process(tcp: socket.socket) -> None:
    item = found("tcp", tcp)
    assert item is not None
    assert item["pid"] == os.getpid()
    assert item["process"] == Path("/proc/self/comm").read_text().strip()
    assert item["address_class"] == "loopback"


def test_an_unconnected_udp_socket_is_found(udp: socket.socket) -> None:
    item = found("udp", udp)
    assert item is not None
    assert item["pid"] == os.getpid()


def test_a_connected_udp_socket_is_no_listener(udp: socket.socket) -> None:
    udp.connect(("127.0.0.1", 9))
    assert found("udp", udp) is None


def test_a_closed_listener_is_gone() -> None:
    with bound(socket.SOCK_STREAM, socket.AF_INET, "127.0.0.1") as opened:
        opened.listen()
        address, port = opened.getsockname()
        assert found("tcp", opened) is not None
    assert f"tcp/{address}/{port}" not in {item["key"] for item in ports.collect(Host()).items}


def test_six_of_both_kinds() -> None:
    with bound(socket.SOCK_STREAM, socket.AF_INET6, "::1") as opened:
        opened.listen()
        item = found("tcp6", opened)
        assert item is not None
        assert item["address"] == "::1"
        assert item["pid"] == os.getpid()


@pytest.mark.parametrize("six_only", [True, False])
def test_whether_ipv4_arrives_at_a_socket_of_six(six_only: bool) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as opened:
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, int(six_only))
        opened.bind(("::", 0))
        opened.listen()
        item = found("tcp6", opened)
        assert item is not None
        assert item["takes_ipv4"] is not six_only


def test_an_address_of_six_takes_no_ipv4(tcp: socket.socket) -> None:
    with bound(socket.SOCK_STREAM, socket.AF_INET6, "::1") as opened:
        opened.listen()
        six, four = found("tcp6", opened), found("tcp", tcp)
    assert six is not None
    assert four is not None
    assert (six["takes_ipv4"], four["takes_ipv4"]) == (False, None)


def test_the_kernel_tells_the_group_of_a_socket(tcp: socket.socket) -> None:
    """Needs Linux 5.8 and cgroup v2, which need not be where systemd keeps its units."""
    mount = next(
        (line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines() if " - cgroup2 " in line), ""
    )
    own = next(
        line.partition("::")[2] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::")
    )
    inode = os.fstat(tcp.fileno()).st_ino
    assert sock_diag.sockets()[inode].group == Path(mount + own).stat().st_ino


def test_a_cut_or_lying_answer_of_the_kernel_is_survived() -> None:
    payload = sock_diag.MESSAGE.pack(2, 10, 0, 0, 0, 0, 0, 0, 77) + struct.pack("=HHQ", 12, 21, 4711)
    assert sock_diag.diagnosed(payload) == (77, sock_diag.Diagnosed(4711))
    message = sock_diag.HEADER.pack(sock_diag.HEADER.size + len(payload), 20, 0, 1, 0) + payload
    for end in range(len(message)):
        for _, part in sock_diag.messages(message[:end]):
            sock_diag.diagnosed(part)
    for size in range(len(payload)):
        assert sock_diag.diagnosed(payload[:size])[1] == sock_diag.Diagnosed()
    assert list(sock_diag.messages(sock_diag.HEADER.pack(3, 20, 0, 1, 0))) == []
