"""What a control group uses, in both versions of control groups."""

from __future__ import annotations

from agent.tests.machine import FakeMachine

from nodestral_agent.workloads.cgroups import Hierarchies
from nodestral_agent.workloads.group_gauges import gauges

GROUP = "/system.slice/nginx.service"
UNIFIED = Hierarchies(unified="/sys/fs/cgroup")
OLD = Hierarchies(named="/cg/systemd", controllers={name: f"/cg/{name}" for name in ("cpuacct", "memory", "pids")})


def test_unified(machine: FakeMachine) -> None:
    machine.write(f"/sys/fs/cgroup{GROUP}/memory.current", "4096\n")
    machine.write(f"/sys/fs/cgroup{GROUP}/cpu.stat", "usage_usec 12340000\nuser_usec 1\n")
    machine.write(f"/sys/fs/cgroup{GROUP}/pids.current", "3\n")
    assert gauges(machine.host(), UNIFIED, GROUP) == {"memory_bytes": 4096, "cpu_seconds": 12.3, "tasks": 3}


def test_old(machine: FakeMachine) -> None:
    machine.write(f"/cg/memory{GROUP}/memory.usage_in_bytes", "4096\n")
    machine.write(f"/cg/cpuacct{GROUP}/cpuacct.usage", "12340000000\n")
    machine.write(f"/cg/pids{GROUP}/pids.current", "3\n")
    assert gauges(machine.host(), OLD, GROUP) == {"memory_bytes": 4096, "cpu_seconds": 12.3, "tasks": 3}


def test_what_the_manager_told_stands(machine: FakeMachine) -> None:
    machine.write(f"/sys/fs/cgroup{GROUP}/memory.current", "4096\n")
    machine.write(f"/sys/fs/cgroup{GROUP}/cpu.stat", "nothing of use\n")
    assert gauges(machine.host(), UNIFIED, GROUP, {"memory_bytes": 1}) == {"memory_bytes": 1}
