"""Asks the kernel over netlink in which control group each socket was made, and whether it is for IPv6 alone.

Needs no privilege: sock_diag(7). INET_DIAG_CGROUP_ID came with Linux 5.8, INET_DIAG_SKV6ONLY with 4.3; an older kernel
answers without them. The numbers are from linux/netlink.h, linux/sock_diag.h and linux/inet_diag.h.
"""

from __future__ import annotations

import _socket
import struct
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

NETLINK_SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY = 20
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_REQUEST, NLM_F_DUMP = 0x1, 0x300
INET_DIAG_SKV6ONLY, INET_DIAG_CGROUP_ID = 11, 21
LISTEN, CLOSE = 10, 7  # states of net/tcp_states.h; an unconnected UDP socket is in CLOSE
# nlmsghdr: length, type, flags, sequence, port id
HEADER = struct.Struct("=IHHII")
# inet_diag_req_v2: family, protocol, extensions, padding, states, then an inet_diag_sockid of 48 bytes left empty
REQUEST = struct.Struct("=BBBBI48x")
# inet_diag_msg: family, state, timer, retransmits, sockid, expires, receive queue, send queue, uid, inode
MESSAGE = struct.Struct("=BBBB48xIIIII")
ATTRIBUTE = struct.Struct("=HH")
ANSWER_MAX = 1 << 16
ANSWERS_MAX = 4096
SECONDS = 2.0


def request(family: int, protocol: int, state: int) -> bytes:
    """A dump request for all sockets of a family and protocol in one state."""
    length = HEADER.size + REQUEST.size
    header = HEADER.pack(length, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, 1, 0)
    return header + REQUEST.pack(family, protocol, 0, 0, 1 << state)


def messages(answer: bytes) -> Iterator[tuple[int, bytes]]:
    """Type and payload of each message of a datagram. A length that cannot be ends it."""
    at = 0
    while at + HEADER.size <= len(answer):
        length, kind, _, _, _ = HEADER.unpack_from(answer, at)
        if length < HEADER.size or at + length > len(answer):
            return
        yield kind, answer[at + HEADER.size : at + length]
        at += (length + 3) & ~3


class Diagnosed(NamedTuple):
    """group: the id of the control group, 0 when it is not told; six_only: None when it is not told or no matter."""

    group: int = 0
    six_only: bool | None = None


def diagnosed(payload: bytes) -> tuple[int, Diagnosed]:
    """The inode number (0 when there is none) of one inet_diag_msg, and what is told of it."""
    if len(payload) < MESSAGE.size:
        return 0, Diagnosed()
    inode = MESSAGE.unpack_from(payload)[-1]
    found = Diagnosed()
    at = MESSAGE.size
    while at + ATTRIBUTE.size <= len(payload):
        length, kind = ATTRIBUTE.unpack_from(payload, at)
        if length < ATTRIBUTE.size or at + length > len(payload):
            break
        if kind == INET_DIAG_CGROUP_ID and length == ATTRIBUTE.size + 8:
            found = found._replace(group=struct.unpack_from("=Q", payload, at + ATTRIBUTE.size)[0])
        elif kind == INET_DIAG_SKV6ONLY and length == ATTRIBUTE.size + 1:
            found = found._replace(six_only=payload[at + ATTRIBUTE.size] != 0)
        at += (length + 3) & ~3
    return inode, found


def sockets() -> dict[int, Diagnosed]:
    """By inode number: listening TCP and unconnected UDP sockets of this network namespace."""
    found: dict[int, Diagnosed] = {}
    try:
        connection = _socket.socket(_socket.AF_NETLINK, _socket.SOCK_RAW, NETLINK_SOCK_DIAG)
    except OSError:
        return found
    try:
        connection.settimeout(SECONDS)
        for family in (_socket.AF_INET, _socket.AF_INET6):
            for protocol, state in ((_socket.IPPROTO_TCP, LISTEN), (_socket.IPPROTO_UDP, CLOSE)):
                connection.send(request(family, protocol, state))
                _gather(connection, found)
    except OSError:
        return found  # what is known until here is right
    finally:
        connection.close()
    return found


def _gather(connection: _socket.socket, found: dict[int, Diagnosed]) -> None:
    for _ in range(ANSWERS_MAX):
        for kind, payload in messages(connection.recv(ANSWER_MAX)):
            if kind in (NLMSG_DONE, NLMSG_ERROR):
                return
            inode, told = diagnosed(payload)
            if inode:
                found[inode] = told
