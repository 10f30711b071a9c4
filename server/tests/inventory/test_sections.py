"""Every section goes the whole way: from a report to the API, with what moves by itself beside it."""

from typing import Any

import pytest
from server.tests.world import Person, World, a_report, a_section, a_service

from nodestral.inventory.service import SECTIONS

pytestmark = pytest.mark.anyio

RULE = {"backend": "nftables", "family": "inet", "table": "filter", "chain": "input"}
# The items as an agent tells them, the gauges of one, and what of them is shown with it.
EXAMPLES: dict[str, tuple[list[dict[str, Any]], dict[str, float], dict[str, float]]] = {
    "system": (
        [
            {
                "key": "system", "hostname": "web-1", "os_id": "debian", "os_name": "Debian GNU/Linux 12", "boot_at": 1,
                "os_version": "12", "kernel": "6.1.0", "architecture": "x86_64", "cpu_model": "", "cpu_count": 2,
                "memory_total_bytes": 4096, "virtualization": "kvm", "reboot_required": True,
                "reboot_reasons": ["linux-image"],
            }
        ],
        {},
        {},
    ),
    "services": (
        [a_service("backup.timer", kind="timer", schedule="daily", activates="backup.service")],
        {"memory_bytes": 4096, "next_run_at": 1.8e9},
        {"memory_bytes": 4096, "next_run_at": 1.8e9},
    ),
    "ports": (
        [{"key": "tcp/::/443", "protocol": "tcp6", "address": "::", "port": 443, "address_class": "any"}],
        {},
        {},
    ),
    "containers": ([{"key": "c" * 64, "name": "shop", "image": "shop:1", "state": "running"}], {}, {}),
    "certificates": (
        [
            {
                "key": "file:/etc/ssl/a.pem", "place": "file", "fingerprint_sha256": "a" * 64, "subject": "CN=a",
                "issuer": "CN=ca", "serial": "01", "not_before_at": 1.7e9, "not_after_at": 1.8e9, "names": ["a"],
            }
        ],
        {},
        {},
    ),
    "packages": ([{"key": "dpkg/nginx/amd64", "manager": "dpkg", "name": "nginx", "version": "1.22"}], {}, {}),
    "updates": (
        [
            {"kind": "manager", "key": "manager/apt", "manager": "apt", "automatic": "security"},
            {
                "kind": "update", "key": "zz", "manager": "apt", "name": "nginx", "candidate_version": "1.23",
                "security": True,
            },
        ],
        {"index_refreshed_at": 1.7e9},
        {"index_refreshed_at": 1.7e9},
    ),
    "firewall": (
        [
            {"kind": "backend", "key": "backend/nftables", "name": "nftables", "active": True, "decides": True},
            {"kind": "chain", "key": "chain", "backend": "x", "family": "inet", "table": "filter", "name": "input"},
            {"kind": "rule", "key": "rule", "action": "accept", "text": "tcp dport 22 accept", **RULE},
        ],
        {},
        {},
    ),
    "users": (
        [
            {"kind": "sshd", "key": "sshd", "source": "file", "ports": [22], "permit_root_login": "no"},
            {
                "kind": "user", "key": "user/ann", "name": "ann", "uid": 1000, "gid": 1000, "home": "/home/ann",
                "shell": "/bin/sh", "can_log_in": True,
                "authorized_keys": [{"type": "x", "fingerprint": "SHA256:y", "comment": "ann@a", "options": ["from"]}],
            },
        ],
        {},
        {},
    ),
    "cloud": ([{"key": "cloud", "kind": "cloud", "source": "firmware", "provider": "hetzner"}], {}, {}),
    "monitoring": ([{"key": "netdata", "name": "netdata", "running": True, "evidence": "process"}], {}, {}),
}  # fmt: skip


def test_no_section_is_without_its_example() -> None:
    assert sorted(EXAMPLES) == sorted(SECTIONS)


@pytest.mark.parametrize("section", EXAMPLES)
async def test_what_is_reported_is_shown(world: World, ann: Person, section: str) -> None:
    items, gauges, shown_gauges = EXAMPLES[section]
    node = await world.node(ann)
    moving = {items[0]["key"]: gauges} if gauges else None
    await world.send(node, a_report(sections={section: a_section(*items, gauges=moving)}))

    shown = await world.get(ann, f"/api/v1/nodes/{node.id}/{section}")

    assert shown["observed_at"] is not None
    assert len(shown["items"]) == len(items)
    for told, seen in zip(items, shown["items"], strict=True):
        assert seen | told == seen
        assert seen["seen_from"] > 1.7e9
    assert shown["items"][0] | shown_gauges == shown["items"][0]


async def test_a_gauge_never_takes_the_place_of_a_fact(world: World, ann: Person) -> None:
    node = await world.node(ann)
    service = a_service("a.service")
    gauges = {service["key"]: {"seen_from": 5.0, "state": 7.0, "key": 1.0, "weather": 3.0}}
    await world.send(node, a_report(sections={"services": a_section(service, gauges=gauges)}))

    (shown,) = (await world.get(ann, f"/api/v1/nodes/{node.id}/services"))["items"]

    assert (shown["state"], shown["key"]) == (service["state"], service["key"])
    assert shown["seen_from"] > 1.7e9
