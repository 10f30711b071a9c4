"""Asks the kernel over netlink which tables nftables has, for machines that have rules and no nft to tell them.

Needs CAP_NET_ADMIN. The numbers are from linux/netfilter/nfnetlink.h, nf_tables.h and linux/netfilter.h.
"""

from __future__ import annotations

import _socket
import struct

from nodestral_agent.sock_diag import (
    ANSWER_MAX,
    ANSWERS_MAX,
    ATTRIBUTE,
    HEADER,
    NLM_F_DUMP,
    NLM_F_REQUEST,
    NLMSG_DONE,
    NLMSG_ERROR,
    SECONDS,
    messages,
)

NETLINK_NETFILTER = 12
NFT_MSG_GETTABLE = 10 << 8 | 1
NFTA_TABLE_NAME = 1
FAMILIES = {1: "inet", 2: "ip", 3: "arp", 5: "netdev", 7: "bridge", 10: "ip6"}
# nfgenmsg: family, version, resource id
GENERIC = struct.Struct("=BBH")


def tables() -> list[tuple[str, str]]:
    """Family and name of every table; none where they may not be seen."""
    found: list[tuple[str, str]] = []
    length = HEADER.size + GENERIC.size
    request = HEADER.pack(length, NFT_MSG_GETTABLE, NLM_F_REQUEST | NLM_F_DUMP, 1, 0) + GENERIC.pack(0, 0, 0)
    try:
        connection = _socket.socket(_socket.AF_NETLINK, _socket.SOCK_RAW, NETLINK_NETFILTER)
    except OSError:
        return found
    try:
        connection.settimeout(SECONDS)
        connection.send(request)
        for _ in range(ANSWERS_MAX):
            for kind, payload in messages(connection.recv(ANSWER_MAX)):
                if kind in (NLMSG_DONE, NLMSG_ERROR):
                    return found
                found.append((FAMILIES.get(payload[0], str(payload[0])), name_of(payload)))
    except (OSError, IndexError):
        pass  # what is known until here is right
    finally:
        connection.close()
    return found


def name_of(payload: bytes) -> str:
    """The table's name in one message."""
    at = GENERIC.size
    while at + ATTRIBUTE.size <= len(payload):
        length, kind = ATTRIBUTE.unpack_from(payload, at)
        if length < ATTRIBUTE.size or at + length > len(payload):
            break
        if kind & 0x3FFF == NFTA_TABLE_NAME:
            return payload[at + ATTRIBUTE.size : at + length].rstrip(b"\0").decode("utf-8", "replace")
        at += (length + 3) & ~3
    return "?"
