"""Metadata services: each provider's documented answers (written by hand from its documents), and hostile ones."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from agent.tests.machine import CASES, FakeMachine
from agent.tests.providers.service import running

from nodestral import protocol
from nodestral_agent.collectors import cloud
from nodestral_agent.errors import CollectorError
from nodestral_agent.host import Host
from nodestral_agent.providers import PROVIDERS
from nodestral_agent.providers.dmi import FOLDER
from nodestral_agent.scan import collected, finished

SERVED = [path for path in sorted((CASES / "providers").glob("*.json")) if "service" in json.loads(path.read_text())]
HETZNER = json.loads((CASES / "providers" / "hetzner.json").read_text())


class Asking(Host):
    """A fake machine with a service at a place of ours. `addresses`: which ones were meant."""

    def __init__(self, root: Path, place: tuple[str, int] | None) -> None:
        super().__init__(str(root))
        self.metadata_at = place
        self.addresses: set[str] = set()

    def metadata(self, address: str, *arguments: Any, **options: Any) -> bytes:
        self.addresses.add(address)
        return super().metadata(address, *arguments, **options)


def standing(machine: FakeMachine, case: dict[str, Any], place: tuple[str, int] | None = None) -> Asking:
    """The machine with this firmware."""
    for file, text in case["dmi"].items():
        machine.write(f"{FOLDER}/{file}", f"{text}\n")
    return Asking(machine.root, place)


def found(host: Host) -> tuple[dict[str, Any], dict[str, Any]]:
    """The one item, which fits the protocol, and the coverage."""
    section = finished(collected(cloud, host))
    (item,) = section["items"]
    msgspec.convert(item, protocol.CloudItem)
    return item, section["coverage"]


@pytest.mark.parametrize("path", SERVED, ids=lambda path: path.stem)
@pytest.mark.parametrize("manner", ["plain", "chunked"])
def test_case(path: Path, manner: str, machine: FakeMachine) -> None:
    case = json.loads(path.read_text())
    with running(case["service"], manner) as service:
        host = standing(machine, case, service.place)
        item, coverage = found(host)
    assert {name: item[name] for name in case["service"]["expected"]} == case["service"]["expected"]
    assert (item["kind"], item["source"], item["provider"]) == ("cloud", "both", case["expected"])
    assert coverage["level"] == "full"
    assert host.addresses == {case["service"]["address"]}
    asked = " ".join(service.asked).replace("_", "-").lower()
    assert not [word for word in ("user-data", "userdata", "public-keys", "credentials", "iam") if word in asked]


def test_every_provider_is_asked_in_a_case() -> None:
    assert {json.loads(path.read_text())["expected"] for path in SERVED} == {one.NAME for one in PROVIDERS}


@pytest.mark.parametrize("manner", ["hanging", "dripping", "redirecting", "huge", "nonsense"])
def test_a_service_that_misbehaves_costs_its_answers_and_little_time(manner: str, machine: FakeMachine) -> None:
    with running(HETZNER["service"], manner) as service:
        begun = time.monotonic()
        item, coverage = found(standing(machine, HETZNER, service.place))
        assert time.monotonic() - begun < 4
    assert (item["provider"], item["source"], item["region"]) == ("Hetzner", "firmware", None)
    assert coverage["level"] == "partial"
    assert len(service.asked) <= 1  # neither the redirection nor the next question


def test_nobody_listens(machine: FakeMachine) -> None:
    with running(HETZNER["service"]) as service:
        place = service.place
    item, coverage = found(standing(machine, HETZNER, place))
    assert (item["provider"], item["region"], coverage["level"]) == ("Hetzner", None, "partial")


@pytest.mark.parametrize("answer", ["\x1b[2J\nevil", "x" * 5000, "\u202etxt", "", "../../etc"])
def test_hostile_values_are_kept_out_or_made_safe(answer: str, machine: FakeMachine) -> None:
    answers = dict.fromkeys(HETZNER["service"]["answers"], answer)
    with running(HETZNER["service"] | {"answers": answers}) as service:
        item, _ = found(standing(machine, HETZNER, service.place))
    assert item["public_addresses"] == []
    assert all(str(value).isprintable() and len(str(value)) <= 256 for value in item.values())


@pytest.mark.parametrize("name", ["plain-kvm", "hyper-v-at-home"])
def test_a_machine_of_no_provider_asks_nobody(name: str, machine: FakeMachine) -> None:
    case = json.loads((CASES / "providers" / f"{name}.json").read_text())
    with running(HETZNER["service"]) as service:
        item, coverage = found(standing(machine, case, service.place))
        assert service.asked == []
    assert (item["kind"], item["provider"], item["source"]) == ("virtual", None, "firmware")
    assert coverage["level"] == "full"


def test_control_the_same_service_is_asked_by_a_machine_of_its_provider(machine: FakeMachine) -> None:
    with running(HETZNER["service"]) as service:
        found(standing(machine, HETZNER, service.place))
        assert service.asked


def cloud_init(name: str) -> str:
    told = {"cloud_name": name, "region": "eu-west-1", "availability_zone": "eu-west-1a", "instance_id": "i-1"}
    return json.dumps({"v1": told, "ds": {"meta_data": {"instance-type": "t3.nano"}}, "sensitive_keys": []})


def test_what_cloud_init_has_learnt_needs_no_network(machine: FakeMachine) -> None:
    case = json.loads((CASES / "providers" / "aws-nitro.json").read_text())
    machine.write(cloud.CLOUD_INIT, cloud_init("aws"))
    with running(case["service"]) as service:
        item, _ = found(standing(machine, case, service.place))
        assert service.asked == []
    assert (item["region"], item["instance_type"], item["source"]) == ("eu-west-1", "t3.nano", "both")


@pytest.mark.parametrize("content", [cloud_init("azure"), "[]", "{", '{"v1": {"cloud_name": "aws", "region": 7}}'])
def test_what_cloud_init_tells_of_another_cloud_is_not_taken(content: str, machine: FakeMachine) -> None:
    case = json.loads((CASES / "providers" / "aws-nitro.json").read_text())
    machine.write(cloud.CLOUD_INIT, content)
    with running(case["service"]) as service:
        item, _ = found(standing(machine, case, service.place))
    assert item["region"] == "eu-central-1"


def test_only_fixed_addresses_and_never_user_data(machine: FakeMachine) -> None:
    with running({"answers": {"/latest/user-data": "secret", "/x": "y"}}) as service:
        host = Asking(machine.root, service.place)
        assert host.metadata("169.254.169.254", "GET", "/x", {}, 1.0) == b"y"  # the control
        for address, path in (("192.0.2.1", "/x"), ("169.254.169.254", "/latest/user-data")):
            with pytest.raises(CollectorError, match="may not be asked"):
                host.metadata(address, "GET", path, {}, 1.0)


def test_it_is_asked_again_only_for_a_reason(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    host = standing(machine, HETZNER)
    machine.write("/proc/sys/kernel/random/boot_id", "one\n")
    known: list[dict[str, Any]] = [{"kind": "cloud", "instance_id": "7"}]
    monkeypatch.setattr(host, "before", lambda _: known)
    monkeypatch.setattr(host, "now", lambda: 1_800_000_000.0)
    first = cloud.stamp(host)
    monkeypatch.setattr(host, "now", lambda: 1_800_004_000.0)
    assert cloud.stamp(host) == first
    machine.write("/proc/sys/kernel/random/boot_id", "two\n")
    assert cloud.stamp(host) != first  # it has started again, perhaps elsewhere
    known[0]["instance_id"] = None
    unanswered = cloud.stamp(host)
    monkeypatch.setattr(host, "now", lambda: 1_800_009_000.0)
    assert cloud.stamp(host) != unanswered  # an hour later
