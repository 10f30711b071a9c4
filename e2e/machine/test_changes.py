"""A service that stops, starts or crashes on its machine is seen as that within one scan.

All machines go through it at the same time, each with a service of the system and one of an ordinary user.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from e2e.machine import host, workloads
from e2e.machine.comparison import assert_same
from e2e.machine.errors import LateError
from e2e.machine.fleet import Fleet, Member
from e2e.machine.machine import Machine, UnitState
from e2e.machine.server import SEEN_WITHIN_SECONDS
from nodestral.inventory.schemas import Service

pytestmark = [pytest.mark.machine, pytest.mark.timeout(600)]


@dataclass
class Watched:
    """A service on a machine, and in the API under its key. `manager` is its user, empty for the system's own."""

    fleet: Fleet
    node_id: str
    machine: Machine
    unit: str
    manager: str

    @property
    def key(self) -> str:
        return f"user:{self.manager}/{self.unit}" if self.manager else f"system/{self.unit}"

    def control(self, verb: str) -> None:
        scope = "--user" if self.manager else "--system"
        self.machine.run(f"systemctl {scope} {verb} {self.unit}", user=self.manager or "root")

    def on_machine(self) -> UnitState:
        return self.machine.unit(self.unit, user=self.manager)

    def wait(self, is_right: Callable[[Service | None], bool]) -> Service | None:
        """The service in the API once it is right; None when it is right for it to be gone."""
        seen: list[Service | None] = [None]

        def look() -> bool:
            seen[0] = self.fleet.api.services(self.node_id).get(self.key)
            return is_right(seen[0])

        try:
            host.wait_for(self.key, look, within_seconds=SEEN_WITHIN_SECONDS, every_seconds=1)
        except LateError as error:
            raise LateError(f"{error}; the API says {seen[0]}, the machine {self.on_machine()}") from error
        return seen[0]


def is_running(service: Service | None) -> bool:
    return service is not None and service.state == "active"


def is_not_running(service: Service | None) -> bool:
    """Settled: a scan may also meet one that is on its way (reloading, deactivating)."""
    return service is None or service.state in ("inactive", "failed")


def go_through(watched: Watched, *, is_told_by_its_manager: bool) -> None:
    """Stop, start, crash, start. Where its manager may not be asked, a service that does not run may be absent."""
    watched.control("stop")
    stopped_at = time.time()
    try:
        stopped = watched.wait(is_not_running)
        if is_told_by_its_manager:
            assert stopped is not None, "a stopped service is still one of the services"
            assert (stopped.state, stopped.main_pid) == ("inactive", None)
            assert stopped.since_at is not None
            assert abs(stopped.since_at - stopped_at) <= 2
    finally:
        watched.control("start")
    started = watched.wait(is_running)
    assert started is not None
    assert_same(started, watched.on_machine())

    assert started.main_pid
    watched.machine.run(f"kill -9 {started.main_pid}")
    try:
        crashed = watched.wait(is_not_running)
        if is_told_by_its_manager:
            assert crashed is not None
            assert (crashed.state, crashed.main_pid, crashed.exit_code) == ("failed", None, "SIGKILL")
    finally:
        watched.control("start")
    watched.wait(is_running)


def test_a_service_that_stops_starts_or_crashes_is_seen(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        machine, node_id = fleet.machines[member.name], fleet.node_ids[member.name]
        system = Watched(fleet, node_id, machine, "nginx.service", "")
        users = Watched(fleet, node_id, machine, workloads.USER_UNIT, workloads.USER)
        with ThreadPoolExecutor(max_workers=2) as both:
            on_system = both.submit(go_through, system, is_told_by_its_manager=True)
            # A user's manager answers to that user alone.
            of_user = both.submit(go_through, users, is_told_by_its_manager=member.scope == "user")
            on_system.result()
            of_user.result()

    fleet.on_each_member(check)
