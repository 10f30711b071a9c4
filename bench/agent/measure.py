"""The agent's service and node_exporter beside each other over a span of time, and single scans by the millisecond."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.agent import furnish, processes
from e2e.machine import cgroups, host
from e2e.machine.machine import Machine

AGENT_UNIT = "nodestral-agent.service"
REPORT_SECONDS = 30
SCAN_SECONDS = 300
LOOK_SECONDS = 2.0
MB = 1e6


class Service:
    """A running unit: its control group and main process as this computer sees them."""

    def __init__(self, machine: Machine, unit: str) -> None:
        inner = int(machine.run(f"systemctl show --property=MainPID --value {unit}").stdout)
        self.group, self.main = _found(machine, unit, inner)

    def memory(self) -> processes.Memory:
        return processes.memory(processes.members(self.group))

    def cpu_seconds(self) -> float:
        """All its processes, ended ones too."""
        return processes.group_cpu_seconds(self.group)


def _found(machine: Machine, unit: str, inner: int) -> tuple[Path, int]:
    mount = next(path for name, path in cgroups.hierarchies().items() if name == "")
    for group in (mount / machine.namespace.name).rglob(unit):
        for process in processes.members(group):
            status = Path(f"/proc/{process}/status").read_text()
            ids = next(line for line in status.splitlines() if line.startswith("NSpid:")).split()
            if int(ids[-1]) == inner:
                return group, process
    raise LookupError(f"{unit} has no main process on {machine.name}")


@dataclass
class Span:
    """What was seen while nothing happened but time."""

    agent: list[processes.Memory] = field(default_factory=list)
    exporter: list[processes.Memory] = field(default_factory=list)
    agent_cpu_ms_per_s: float = 0.0
    exporter_cpu_ms_per_s: float = 0.0
    wire_bytes_per_s: float = 0.0


def median_mb(seen: list[processes.Memory], kind: str) -> float:
    values: list[int] = [getattr(one, kind) for one in seen]
    return round(statistics.median(values) / MB, 2)


def wire_bytes(machine: Machine) -> int:
    """What has passed the machine's one interface, both ways, with the headers of Ethernet, IP and TCP."""
    folder = machine.namespace.enter("cat", "/proc/net/dev")
    line = next(line for line in host.run(*folder).stdout.splitlines() if line.strip().startswith("eth0:"))
    numbers = line.split(":")[1].split()
    return int(numbers[0]) + int(numbers[8])


def watch(machine: Machine, agent: Service, exporter: Service, seconds: float, say: Callable[[str], None]) -> Span:
    """For so many seconds, scraping the exporter as often as the agent reports."""
    span = Span()
    begun = told = time.monotonic()
    next_scrape = begun
    before = (processes.process_cpu_seconds(agent.main), exporter.cpu_seconds(), wire_bytes(machine))
    while time.monotonic() < begun + seconds:
        if time.monotonic() >= next_scrape:
            furnish.scrape(machine)
            next_scrape += REPORT_SECONDS
        span.agent.append(agent.memory())
        span.exporter.append(exporter.memory())
        if time.monotonic() >= told + 30:
            told = time.monotonic()
            sizes = f"agent {span.agent[-1].rss / MB:.2f} MB, exporter {span.exporter[-1].rss / MB:.2f} MB"
            say(f"{told - begun:4.0f} s  {sizes}")
        time.sleep(LOOK_SECONDS)
    passed = time.monotonic() - begun
    after = (processes.process_cpu_seconds(agent.main), exporter.cpu_seconds(), wire_bytes(machine))
    span.agent_cpu_ms_per_s = (after[0] - before[0]) * 1000 / passed
    span.exporter_cpu_ms_per_s = (after[1] - before[1]) * 1000 / passed
    span.wire_bytes_per_s = (after[2] - before[2]) / passed
    return span


@dataclass(frozen=True)
class Scan:
    """One scan, from the request to the end of its last process."""

    seconds: float
    peak_rss: int
    cpu_seconds: float


def one_scan(machine: Machine, agent: Service) -> Scan:
    """Ask for one, and look at all processes of the service as often as can be."""
    before = agent.cpu_seconds(), processes.process_cpu_seconds(agent.main)
    begun = time.monotonic()
    machine.run(f"systemctl kill --kill-whom=main --signal=HUP {AGENT_UNIT}")
    peak, started, ended = 0, 0.0, 0.0
    while not ended:
        found = processes.members(agent.group)
        peak = max(peak, processes.resident_bytes(found))
        now = time.monotonic()
        if len(found) > 1:
            started = started or now
        elif started:
            ended = now
        elif now > begun + 30:
            raise LookupError("no scan began within 30 s")
    cpu = agent.cpu_seconds() - before[0] - (processes.process_cpu_seconds(agent.main) - before[1])
    return Scan(ended - started, peak, cpu)
