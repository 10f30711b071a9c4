"""What every collector must survive: absent programs, denied permission, garbage, floods, hangs, hostile names.

The outcome is always a section that fits the protocol, never an exception and never a guess.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from agent.tests.collectors.recorded import CASES, RecordedHost, load

from nodestral import protocol
from nodestral_agent.accounts import sshd
from nodestral_agent.collectors import COLLECTORS
from nodestral_agent.collectors.kind import Collector
from nodestral_agent.endpoint import Served, Target
from nodestral_agent.errors import Denied, Unavailable
from nodestral_agent.firewall import ruleset
from nodestral_agent.host import Host
from nodestral_agent.packages import flatpak, rpm, snap, versions
from nodestral_agent.report import Collected
from nodestral_agent.scan import collected, finished
from nodestral_agent.updates import apk, apt_settings, pacman
from nodestral_agent.workloads import systemctl

ITEMS: dict[str, Any] = {
    "system": protocol.SystemItem,
    "services": protocol.ServiceItem,
    "ports": protocol.PortItem,
    "containers": protocol.ContainerItem,
    "certificates": protocol.CertificateItem,
    "packages": protocol.PackageItem,
    "firewall": protocol.FirewallItem,
    "users": protocol.UserItem,
    "updates": protocol.UpdateItem,
    "cloud": protocol.CloudItem,
    "monitoring": protocol.MonitoringItem,
}
every = pytest.mark.parametrize("collector", COLLECTORS, ids=lambda collector: collector.SECTION)
# A machine on which each collector finds something.
SOURCES = [
    load(CASES / "recorded" / "bookworm-running.json"),
    {"engines": load(CASES / "containers" / "docker.json")["engines"], "served": {"tls/127.0.0.1/18789/": ["chain"]}},
    load(CASES / "packages" / "several.json"),
    *(load(CASES / "updates" / f"{name}.json") for name in ("apt", "dnf", "apk", "pacman")),
    load(CASES / "monitoring" / "many.json"),
    load(CASES / "users" / "root.json"),
    load(CASES / "cloud" / "desk.json"),
    load(CASES / "firewall" / "nftables.json"),
    load(CASES / "firewall" / "ufw.json"),
]
# Of two that have the same file the first counts.
FULL = SOURCES[0] | {
    kind: {name: value for source in reversed(SOURCES) for name, value in source.get(kind, {}).items()}
    for kind in ("files", "commands", "engines", "served")
}


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Container engines are looked for by the agent's environment too."""
    for name in ("DOCKER_HOST", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)


def result(collector: Collector, host: Host) -> tuple[str, list[dict[str, Any]]]:
    """The coverage's level and the items, which fit the protocol."""
    section = finished(collected(collector, host))
    items = section.get("items", [])
    for item in items:
        msgspec.convert(item, ITEMS[collector.SECTION])
    coverage = msgspec.convert(section["coverage"], protocol.Coverage)
    if coverage.level != "full":
        assert coverage.reason
    return coverage.level, items


@every
def test_control_the_whole_machine_is_seen(collector: Collector, tmp_path: Path) -> None:
    level, items = result(collector, RecordedHost(FULL, tmp_path))
    assert level in ("full", "partial")
    assert items


@every
def test_an_empty_machine(collector: Collector, tmp_path: Path) -> None:
    level, items = result(collector, RecordedHost({}, tmp_path))
    assert level == "absent"
    assert items == []


@every
def test_no_program_is_installed(collector: Collector, tmp_path: Path) -> None:
    level, items = result(collector, RecordedHost(FULL | {"commands": {}}, tmp_path))
    assert level in ("full", "partial")
    assert items


class ClosedHost(RecordedHost):
    """Nothing may be read, run or asked."""

    def path(self, path: str) -> str:
        raise Denied("Permission denied", path)

    def run(self, *_: Any, **__: Any) -> bytes:
        raise Denied("may not be started", "a program")

    def http_get(self, *_: Any, **__: Any) -> bytes:
        raise Denied("Permission denied", "a socket")


@every
def test_everything_is_closed(collector: Collector, tmp_path: Path) -> None:
    level, items = result(collector, ClosedHost(FULL, tmp_path))
    assert level == "denied"
    assert items == []


class VanishingHost(RecordedHost):
    """From the nth look on, processes and control groups are no longer there."""

    looks = 0

    def path(self, path: str) -> str:
        if (
            path.startswith(("/proc/", "/sys/fs/cgroup/")) and any(part.isdigit() for part in path.split("/")[2:5])
        ) or path.startswith("/sys/fs/cgroup/"):
            self.looks -= 1
        if self.looks < 0:
            raise Unavailable(path)
        return super().path(path)


@every
@pytest.mark.parametrize("looks", [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89])
def test_processes_and_groups_end_meanwhile(collector: Collector, looks: int, tmp_path: Path) -> None:
    host = VanishingHost(FULL, tmp_path)
    host.looks = looks
    section = finished(collected(collector, host))
    assert section["coverage"]["level"] != "error", section["coverage"]


class GarbageHost(RecordedHost):
    """Whatever is read, run or asked answers with the same bytes."""

    garbage = b""

    def read(self, path: str, limit: int = 4 << 20) -> bytes:
        super().read(path, limit)
        return self.garbage

    def run(self, *_: Any, **__: Any) -> bytes:
        return self.garbage

    def http_get(self, *_: Any, **__: Any) -> bytes:
        return self.garbage

    def handshakes(self, targets: list[Target], *_: Any) -> dict[Target, Served]:
        return {target: Served("tls", [self.garbage]) for target in targets}


GARBAGE = {
    "bytes": bytes(range(256)) * 16,
    "zeros": b"\0" * 4096,
    "lines": b"\n\n=\n:\n \n" * 500,
    "brackets": b"[" * 20_000,
    "json": b'{"Components": 3, "ApiVersion": [], "Id": {"x": null}}',
    "a list": b'[1, null, {"Id": 7}, {"Id": "abcdefabcdef", "Names": 3, "Ports": {}, "State": [], "Created": "x"}]',
    "numbers": b"99999999999999999999999999 " * 100,
    "fields": b"0: 00000000:FFFFF 00000000:0000 0A 0 0 0 99999999999999999999999 0 99999999999999999999 1\n" * 3,
    "nothing": b"",
}


@every
@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage(collector: Collector, garbage: str, tmp_path: Path) -> None:
    host = GarbageHost(FULL, tmp_path)
    host.garbage = GARBAGE[garbage]
    result(collector, host)


# Every program that a collector may start.
FIREWALL = ("nft", "iptables", "iptables-nft-save", "ip6tables-nft-save")
PACKAGES = ("rpm", "snap", "flatpak", "apt-config", "apk", "pacman")
PROGRAMS = (*FIREWALL, *PACKAGES, "sshd", "systemctl", "systemd-detect-virt")


class ProgramHost(RecordedHost):
    """The machine's files are recorded, its programs are real ones below its root."""

    def program(self, text: str) -> None:
        folder = Path(self.root, "usr/bin")
        folder.mkdir(parents=True, exist_ok=True)
        for name in PROGRAMS:
            (folder / name).write_text(f"#!/bin/sh\n{text}\n")
            (folder / name).chmod(0o755)

    def run(self, *arguments: Any, **options: Any) -> bytes:
        return Host.run(self, *arguments, **options)


@every
def test_fifty_megabytes_of_output(collector: Collector, tmp_path: Path) -> None:
    host = ProgramHost(FULL, tmp_path)
    host.program("exec head -c 50000000 /dev/zero")
    level, items = result(collector, host)
    assert level in ("full", "partial")
    assert items


@every
def test_a_program_that_never_ends(collector: Collector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (systemctl, rpm, flatpak, snap, versions, sshd, apt_settings, ruleset, apk, pacman):
        monkeypatch.setattr(module, "SECONDS", 0.5)
    host = ProgramHost(FULL, tmp_path)
    host.program("trap '' TERM; while :; do sleep 1; done")
    begun = time.monotonic()
    level, items = result(collector, host)
    assert level in ("full", "partial")
    assert items
    assert time.monotonic() - begun < 10


HOSTILE = "evil\x1b[2J\nname\u202etxt\udcff\x00.service"


def hostile_machine() -> dict[str, Any]:
    """Every name that a user of the machine may choose is hostile."""
    seen = HOSTILE.replace("\x00", "")
    case = json.loads(json.dumps(FULL))
    files = case["files"]
    below = "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice"
    files[f"{below}/{seen}/cgroup.procs"] = "666\n"
    files["/proc/666/stat"] = f"666 (({seen}) S 1 {'0 ' * 17} 5 0 0\n"
    files["/proc/667/stat"] = f"667 (tmux: server) S 1 {'0 ' * 17} 5 0 0\n"
    files["/proc/667/cmdline"] = f"tmux\0new\0-s\0{seen}\0"
    files["/etc/cron.d/evil"] = f"* * * * * root {seen}\n* * * * * {seen} /bin/true\n@{seen} root x\n"
    files["/proc/sys/kernel/hostname"] = HOSTILE
    files["/etc/os-release"] = f'ID="{HOSTILE}"\nPRETTY_NAME="{HOSTILE}"\n'
    files["/proc/cpuinfo"] = f"processor: 0\nmodel name: {HOSTILE}\n"
    files["/sys/class/dmi/id/sys_vendor"] = HOSTILE
    files["/etc/passwd"] = f"{seen.replace(chr(10), '')}:x:1000:1000::/home/x:/bin/sh\n"
    unit = f"Id={seen.replace(chr(10), ' ')}\nLoadState=loaded\nActiveState={HOSTILE}\nDescription={HOSTILE}\n"
    case["commands"]["systemctl-system"] += f"\n\n{unit}"
    files["/var/lib/dpkg/status"] += f"\nPackage: osquery\nStatus: install ok installed\nVersion: {seen}\n"
    files["/var/lib/dpkg/status"] += f"\nPackage: {seen}\nStatus: install ok installed\nVersion: {seen}\n"
    index = "/var/lib/apt/lists/_srv_shop_updates_._Packages"
    files[index] += f"\nPackage: {seen}\nArchitecture: all\nVersion: z{seen}\n"
    case["commands"]["rpm"] += f"{seen}\t1\t{HOSTILE}\t{HOSTILE}\t{HOSTILE}\t1\n"
    case["commands"]["nft"] = case["commands"]["nft"].replace("known bad", json.dumps(seen)[1:-1])
    container = case["engines"]["/var/run/docker.sock"]["/v1.50/containers/json?all=1"][0]
    container |= {"Names": [HOSTILE], "Image": HOSTILE * 2000, "State": HOSTILE, "Status": HOSTILE}
    container["Ports"] = [{"PrivatePort": 1, "Type": HOSTILE, "IP": HOSTILE}]
    container["Labels"] = {"com.docker.compose.project": HOSTILE, "com.docker.compose.service": HOSTILE}
    case["served"] = {"tls/127.0.0.1/18789/": ["hostile-names"]}
    answers = case["engines"]["/var/run/docker.sock"]
    answers[f"/v1.50/containers/{container['Id']}/json"] |= {
        "HostConfig": {"RestartPolicy": {"Name": HOSTILE}, "NetworkMode": HOSTILE, "Tmpfs": {HOSTILE: HOSTILE}},
        "Mounts": [{"Type": HOSTILE, "Source": HOSTILE * 2000, "Destination": HOSTILE * 2000}],
        "NetworkSettings": {"Networks": {HOSTILE: {"IPAddress": HOSTILE}, "x": [], "y": {"IPAddress": 7}}},
        "RestartCount": 2**70,
    }
    answers["/v1.50/images/json"] = [{"Id": container.get("ImageID"), "RepoDigests": [HOSTILE]}]
    return dict(case)


@every
def test_hostile_names(collector: Collector, tmp_path: Path) -> None:
    level, items = result(collector, RecordedHost(hostile_machine(), tmp_path))
    assert level in ("full", "partial")
    assert items
    text = json.dumps(items, ensure_ascii=False)
    text.encode()
    assert text.isprintable()
    if collector.SECTION not in ("ports", "cloud"):
        assert "evil" in text


def test_control_an_uncleaned_hostile_name_would_be_noticed(tmp_path: Path) -> None:
    raw: list[dict[str, Any]] = []
    for collector in COLLECTORS:
        found = collector.collect(RecordedHost(hostile_machine(), tmp_path / collector.SECTION))
        assert isinstance(found, Collected)
        raw.extend(found.items)
    assert not "".join(str(value) for item in raw for value in item.values()).isprintable()


def crowded_machine() -> dict[str, Any]:
    """Ten thousand of everything."""
    case = json.loads(json.dumps(FULL))
    many = range(10_000)
    unit = "Id=many-{}.service\nLoadState=loaded\nActiveState=active\nSubState=running\nUnitFileState=enabled\n"
    case["commands"]["systemctl-system"] = "\n".join(unit.format(number) for number in many)
    line = "0: 0100007F:{:04X} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 {} 1"
    case["files"]["/proc/net/tcp"] = "\n".join(line.format(number, number + 1) for number in many)
    listed = [
        {"Id": f"{number:064x}", "Names": [f"/many-{number}"], "Image": "x", "State": "running"} for number in many
    ]
    case["engines"]["/var/run/docker.sock"]["/v1.50/containers/json?all=1"] = listed
    case["served"] = {f"tls/127.0.0.1/{number}/": ["chain"] for number in many}
    stanza = "Package: many-{}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {}\n"
    case["files"]["/etc/passwd"] = "".join(f"u{number}:x:{number}:1::/home/u{number}:/bin/sh\n" for number in many)
    rules = [
        {"rule": {"family": "inet", "table": "filter", "chain": "last", "handle": number, "expr": [{"accept": None}]}}
        for number in many
    ]
    told = json.loads(case["commands"]["nft"])["nftables"]
    case["commands"]["nft"] = json.dumps({"nftables": told + rules})
    words = "".join(f"\t\ttcp dport {number} accept # handle {number}\n" for number in many)
    case["commands"]["nft-text"] = f"table inet filter {{ # handle 1\n\tchain last {{ # handle 3\n{words}\t}}\n}}\n"
    case["files"]["/var/lib/dpkg/status"] = "\n".join(stanza.format(number, number) for number in many)
    index = "/var/lib/apt/lists/_srv_shop_updates_._Packages"
    case["files"][index] = "\n".join(stanza.format(number, number + 1) for number in many)
    return dict(case)


@every
def test_ten_thousand_items(collector: Collector, tmp_path: Path) -> None:
    begun = time.monotonic()
    _, items = result(collector, RecordedHost(crowded_machine(), tmp_path))
    assert time.monotonic() - begun < 20
    assert len(items) <= 10_000
    # As many as a report has room for; certificates: of as many listeners as one scan may bother.
    least = {"system": 1, "certificates": 60, "monitoring": 1, "cloud": 1}
    assert len(items) >= least.get(collector.SECTION, 2000)
