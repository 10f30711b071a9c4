"""What the collectors for macOS make of a Mac, and what they survive."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from agent.tests.collectors.test_suite import GARBAGE
from agent.tests.darwin.recorded import CASES, RecordedMac, load

from nodestral import protocol
from nodestral_agent import collectors as linux
from nodestral_agent.collectors import darwin
from nodestral_agent.collectors.darwin import COLLECTORS
from nodestral_agent.collectors.kind import Collector
from nodestral_agent.errors import CollectorError, Denied
from nodestral_agent.hosts import collectors_of, sampler_of
from nodestral_agent.scan import collected, finished

# Sections are optional, and a section's type is named after its items.
ITEMS = {
    name: get_args(next(part for part in get_args(told) if part is not type(None)))[0]
    for name, told in get_type_hints(protocol.Sections).items()
}
every = pytest.mark.parametrize("collector", COLLECTORS, ids=lambda collector: collector.SECTION)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where engines and a user's own services are looked for."""
    for name in ("DOCKER_HOST", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/Users/ann")


@pytest.fixture
def mac(tmp_path: Path) -> RecordedMac:
    return RecordedMac(load("mini"), tmp_path)


def outcome(collector: Collector, host: RecordedMac) -> dict[str, Any]:
    """A section as it would be sent, without its hash and duration; every item fits the protocol."""
    made = finished(collected(collector, host))
    for item in made.get("items", []):
        msgspec.convert(item, ITEMS[collector.SECTION])
    told = {name: made["coverage"][name] for name in ("level", "reason", "grant") if made["coverage"].get(name)}
    found = {"coverage": told, "items": made.get("items"), "gauges": made.get("gauges")}
    return {name: value for name, value in found.items() if value}


@every
def test_what_is_made_of_a_mac(collector: Collector, mac: RecordedMac) -> None:
    made = outcome(collector, mac)
    case = load("mini")
    if os.environ.get("NODESTRAL_WRITE_CASES"):  # then look at the difference before you commit it
        case["expected"][collector.SECTION] = made
        text = json.dumps(case, indent=1, ensure_ascii=False) + "\n"
        (CASES / "mini.json").write_text(text, encoding="utf-8")
    assert made == case["expected"][collector.SECTION]


def test_a_mac_gets_its_own_collectors_and_sampler(mac: RecordedMac) -> None:
    assert collectors_of(mac) is COLLECTORS
    assert type(sampler_of(mac)).__name__ == "DarwinSampler"


def test_list_and_folder_agree() -> None:
    files = {path.stem for path in Path(darwin.__file__).parent.glob("*.py")} - {"__init__"}
    shared = {collector.SECTION for collector in COLLECTORS if collector in linux.COLLECTORS}
    assert sorted(files | shared) == sorted(collector.SECTION for collector in COLLECTORS)


@every
def test_a_mac_without_any_program(collector: Collector, tmp_path: Path) -> None:
    case = load("mini")
    made = outcome(collector, RecordedMac({**case, "commands": {}}, tmp_path))
    assert made["coverage"]["level"] != "full" or made["items"]


@every
def test_an_empty_machine(collector: Collector, tmp_path: Path) -> None:
    made = outcome(collector, RecordedMac({}, tmp_path))
    assert made["coverage"]["level"] in ("absent", "error", "partial")
    assert not made.get("items")


class ClosedMac(RecordedMac):
    """Nothing may be read or run."""

    def path(self, path: str) -> str:
        raise Denied("Permission denied", path)

    def run(self, *_: Any, **__: Any) -> bytes:
        raise Denied("may not be started", "a program")


@every
def test_everything_is_closed(collector: Collector, tmp_path: Path) -> None:
    host = ClosedMac({}, tmp_path)
    made = outcome(collector, host)
    assert made["coverage"]["level"] in ("denied", "error")
    assert "items" not in made


class GarbageMac(RecordedMac):
    """Whatever is read or run gives the same bytes."""

    garbage = b""

    def read(self, path: str, limit: int = 4 << 20) -> bytes:
        super().read(path, limit)
        return self.garbage

    def run(self, *_: Any, **__: Any) -> bytes:
        return self.garbage


@every
@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage(collector: Collector, garbage: str, tmp_path: Path) -> None:
    host = GarbageMac(load("mini"), tmp_path)
    host.garbage = GARBAGE[garbage]
    outcome(collector, host)


HOSTILE = "evil\x1b[2J\u202etxt\udcff"


@every
def test_hostile_names(collector: Collector, tmp_path: Path) -> None:
    text = json.dumps(load("mini"))
    for name in ("org.example.backup", "ann", "My App", "iterm2", "mini-1.example.net", "Mac16,10", "15.7"):
        text = text.replace(name, json.dumps(HOSTILE)[1:-1])
    made = outcome(collector, RecordedMac(json.loads(text), tmp_path))
    shown = json.dumps(made.get("items", []), ensure_ascii=False)
    shown.encode()
    assert shown.isprintable()


def test_root_sees_the_packet_filter(mac: RecordedMac) -> None:
    mac.case["commands"] |= {
        "pfctl -s info": ["Status: Enabled for 0 days 01:00:00           Debug: Urgent"],
        "pfctl -s rules": [
            'scrub-anchor "com.apple/*" all fragment reassemble',
            "block drop in all",
            "pass in on en0 proto tcp from 10.0.0.0/8 to any port = 22 flags S/SA keep state",
            "pass in on en0 proto tcp from 10.0.0.0/8 to any port = 22 flags S/SA keep state",
        ],
    }
    made = outcome(next(each for each in COLLECTORS if each.SECTION == "firewall"), mac)
    assert made["coverage"] == {"level": "full"}
    rules = [item for item in made["items"] if item.get("chain") == "main"]
    assert sorted(rule["action"] for rule in rules) == ["block", "pass", "pass"]
    passed = next(rule for rule in rules if rule["action"] == "pass")
    assert (passed["protocol"], passed["source"], passed["destination_ports"]) == ("tcp", "10.0.0.0/8", "22")


def test_a_secret_in_a_command_line_stays_where_it_is(mac: RecordedMac) -> None:
    for collector in COLLECTORS:
        assert "secret" not in json.dumps(outcome(collector, mac))
    assert "secret" in json.dumps(mac.case["files"]), "control: there is one"


def test_a_sample(mac: RecordedMac) -> None:
    sampler = sampler_of(mac)
    assert sampler.take() is None
    mac.case["commands"].update(mac.case["commands_later"])
    mac.clock_seconds += 30
    sample = msgspec.convert(sampler.take(), protocol.Sample)
    assert sample.cpu.user_percent == 10.25
    assert (sample.processes.total, sample.processes.blocked) == (501, 1)
    assert sample.memory.used_bytes == (301_000 - 1000 + 100_000 + 50_000) * 16_384
    assert sample.memory.used_bytes + sample.memory.available_bytes == sample.memory.total_bytes == 17_179_869_184
    assert sample.swap.used_bytes == int(1012.25 * 2**20)
    assert [mount.mount for mount in sample.mounts] == ["/", "/System/Volumes/Data", "/Volumes/Time Machine"]
    assert [(nic.nic, nic.receive_bytes_per_second) for nic in sample.nics] == [("en0", 100_000)]
    assert [(disk.device, disk.read_bytes_per_second) for disk in sample.disks] == [("disk0", 100_000)]


def test_a_sample_costs_nothing_else_when_a_program_is_missing(mac: RecordedMac) -> None:
    for name in ("netstat -ibn", "ioreg -a -r -l -w 0 -c IOBlockStorageDriver", "mount", "df -ik"):
        del mac.case["commands"][name]
    sampler = sampler_of(mac)
    sampler.take()
    mac.clock_seconds += 30
    sample = msgspec.convert(sampler.take(), protocol.Sample)
    assert (sample.nics, sample.disks, sample.mounts) == ([], [], [])
    assert sample.cpu.idle_percent == 85.25


def test_without_top_there_is_no_sample(mac: RecordedMac) -> None:
    mac.case["commands"]["top -l 2 -s 1 -n 0"] = ["garbage"]
    sampler = sampler_of(mac)
    sampler.take()
    mac.clock_seconds += 30
    with pytest.raises(CollectorError, match="did not print two readings"):
        sampler.take()


def test_people_are_known_by_name(mac: RecordedMac) -> None:
    assert [mac.user_name(uid) for uid in (0, 501, 999)] == ["root", "ann", None]
