"""A machine that restarts, and one that is cut off: the agent comes back by itself, with what it saw meanwhile."""

import re
import time

import pytest

from e2e.machine import host
from e2e.machine.fleet import MEMBERS, Fleet, Member
from e2e.machine.machine import Machine
from e2e.machine.server import REPORT_SECONDS
from nodestral.samples.schemas import SampleRange

pytestmark = [pytest.mark.machine, pytest.mark.timeout(600)]


def sampled_times(answer: SampleRange) -> list[float]:
    series = next((series for series in answer.series if series.metric == "cpu_user_percent"), None)
    if series is None:  # no sample at all
        return []
    return [at for at, value in zip(answer.times, series.avg, strict=True) if value is not None]


def waiting_reports(machine: Machine) -> int:
    """How many reports the machine's agent keeps for the server, by its own word."""
    told = re.search(r"^waiting +(\d+) reports", machine.run("nodestral-agent status").stdout, re.MULTILINE)
    assert told is not None
    return int(told[1])


def test_what_a_machine_saw_while_it_was_cut_off_arrives_later(fleet: Fleet) -> None:
    name = "web-1"
    machine, node_id = fleet.machines[name], fleet.node_ids[name]
    fleet.network.cut(machine.address)
    cut_at = time.time()
    try:
        host.wait_for(
            f"{name} is silent",
            lambda: fleet.api.node(node_id).status == "silent",
            within_seconds=60 + 3 * REPORT_SECONDS,
            every_seconds=1,
        )
        # One of them may have been on its way when the cable was cut.
        host.wait_for("reports that wait", lambda: waiting_reports(machine) >= 4, within_seconds=180, every_seconds=1)
        inside = (cut_at + REPORT_SECONDS, time.time())
        during = fleet.api.samples(node_id, *inside)
        assert sampled_times(during) == [], "control: nothing can have arrived yet"
    finally:
        fleet.network.mend(machine.address)

    def late_samples() -> list[float] | None:
        times = sampled_times(fleet.api.samples(node_id, *inside))
        return times if len(times) >= 2 else None

    # It tries again after a minute at the latest, and a try may take ten seconds to fail.
    host.wait_for("the samples of the outage", late_samples, within_seconds=180, every_seconds=1)
    assert fleet.api.node(node_id).status == "online"
    assert fleet.api.node(node_id).dropped_reports == 0


@pytest.mark.parametrize("member", MEMBERS[-2:], ids=lambda member: member.scope)
def test_the_agent_comes_back_with_its_machine(fleet: Fleet, member: Member) -> None:
    machine, node_id = fleet.machines[member.name], fleet.node_ids[member.name]
    before = fleet.api.services(node_id)["system/nginx.service"].since_at
    assert before is not None

    machine.reboot()
    booted_at = time.time()

    def restarted() -> bool:
        node = fleet.api.node(node_id)
        since = fleet.api.services(node_id)["system/nginx.service"].since_at
        return (node.last_seen_at or 0) > booted_at and since is not None and since > before

    host.wait_for(f"{member.name} after its restart", restarted, within_seconds=180, every_seconds=0.5)
    assert [node.id for node in fleet.api.nodes() if node.hostname == member.name] == [node_id]
