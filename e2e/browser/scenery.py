"""What the machine of the pictures reports: an ordinary web server with a bad quarter of an hour and a gap."""

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import get_args
from zlib import crc32

from e2e.browser import inventory
from e2e.browser.machine import GIB, Machine, container, mount, sample, system
from nodestral.protocol import (
    ContainerSample,
    Coverage,
    Cpu,
    LoadAverage,
    Memory,
    Nic,
    Sample,
    SectionName,
    SystemItem,
)

STEP_SECONDS = 10
SAMPLES_A_REPORT = 60
GAP = range(140, 175)
PARTLY_SEEN = ("web-1", "backup-1")
BUSY = ("web-1", "db-1", "worker-2")
TO_RESTART = {
    "kernel_installed": "6.1.0-31-amd64",
    "reboot_required": True,
    "reboot_reasons": ["linux-image-6.1.0-31-amd64", "libc6"],
    "init": "systemd",
    "timezone": "Europe/Berlin",
}


# Host name, provider, id and name of the system, CPUs, GiB of memory, minutes since it fell silent.
FLEET = (
    ("api-1", "Hetzner", "debian", "Debian GNU/Linux 12 (bookworm)", 4, 8, 0),
    ("api-2", "Hetzner", "debian", "Debian GNU/Linux 12 (bookworm)", 4, 8, 0),
    ("backup-1", "OVH", "debian", "Debian GNU/Linux 11 (bullseye)", 2, 4, 0),
    ("db-1", "Hetzner", "debian", "Debian GNU/Linux 12 (bookworm)", 8, 32, 0),
    ("db-2", "Hetzner", "debian", "Debian GNU/Linux 12 (bookworm)", 8, 32, 12),
    ("edge-fra", "DigitalOcean", "ubuntu", "Ubuntu 24.04.1 LTS", 2, 2, 0),
    ("edge-nyc", "DigitalOcean", "ubuntu", "Ubuntu 24.04.1 LTS", 2, 2, 0),
    ("edge-sgp", "DigitalOcean", "ubuntu", "Ubuntu 24.04.1 LTS", 2, 2, 0),
    ("mail-1", "OVH", "debian", "Debian GNU/Linux 13 (trixie)", 2, 4, 0),
    ("queue-1", "AWS", "ubuntu", "Ubuntu 24.04.1 LTS", 2, 8, 0),
    ("worker-1", "AWS", "ubuntu", "Ubuntu 24.04.1 LTS", 4, 8, 0),
    ("worker-2", "AWS", "ubuntu", "Ubuntu 24.04.1 LTS", 4, 8, 0),
)


def report_an_hour(machine: Machine, until: float, item: SystemItem | None = None) -> None:
    """`item`: what kind of machine it is, where it matters."""
    samples = [_sample(machine.hostname, until, step) for step in range(360, 0, -1) if step not in GAP]
    for first in range(0, len(samples), SAMPLES_A_REPORT):
        machine.report(*samples[first : first + SAMPLES_A_REPORT])
    shown = inventory.everything(item or system(machine.hostname, **TO_RESTART))
    told = coverage() if machine.hostname in PARTLY_SEEN else {}
    machine.report(_sample(machine.hostname, until, 0), sections=shown, **told)


def small_fleet(make: Callable[[str], Machine], now: float) -> list[Machine]:
    """A dozen machines with an hour behind them; answers those that are to go on."""
    going_on = []
    for hostname, provider, os_id, os_name, cpus, memory_gib, silent_minutes in FLEET:
        item = system(
            hostname, provider=provider, os_id=os_id, os_name=os_name, cpu_count=cpus,
            memory_total_bytes=memory_gib * GIB, boot_at=now - 86400 * (3 + crc32(hostname.encode()) % 90),
            addresses=[f"203.0.113.{10 + crc32(hostname.encode()) % 200}"],
        )  # fmt: skip
        machine = make(hostname)
        report_an_hour(machine, now - 60 * silent_minutes, item)
        if not silent_minutes:
            going_on.append(machine)
    return going_on


@contextmanager
def reporting_on(machines: Sequence[Machine]) -> Iterator[None]:
    """A report of each every few seconds from a thread, until the context ends."""
    ended = threading.Event()

    def report() -> None:
        while not ended.wait(STEP_SECONDS / 2):
            for machine in machines:
                machine.report(_sample(machine.hostname, time.time(), 0))

    thread = threading.Thread(target=report)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _sample(hostname: str, until: float, step: int) -> Sample:
    """`step` counts back from now. Every machine has a temper of its own, which its name decides."""
    at = until - step * STEP_SECONDS
    temper = crc32(hostname.encode()) % 100 / 100
    wave = 0.5 + 0.5 * math.sin(at / 420 + temper * 40)
    ripple = (math.sin(at * 12.9898 + temper) * 43758.5453) % 1
    busy = 38 if 225 < step < 280 and hostname in BUSY else 0
    user = 2 + 24 * temper * wave + 5 * ripple + busy
    system_share = 2 + 3 * wave + ripple + busy / 6
    iowait = 0.4 + 1.5 * ripple * ripple + busy / 12
    return sample(
        at,
        interval_seconds=STEP_SECONDS,
        cpu=Cpu(
            user_percent=user, system_percent=system_share, iowait_percent=iowait, steal_percent=0.1,
            idle_percent=99.9 - user - system_share - iowait,
        ),
        cores_busy_percent=[min(100, (user + system_share) * share) for share in (1.5, 1.1, 0.8, 0.6)],
        load=LoadAverage(one=0.3 + wave + busy / 12, five=0.5 + wave / 2 + busy / 20, fifteen=0.7 + busy / 40),
        memory=Memory(
            total_bytes=4 * GIB, used_bytes=int((0.6 + 2.6 * temper + 0.3 * wave) * GIB), available_bytes=2 * GIB,
            cached_bytes=int(0.4 * GIB), buffers_bytes=GIB // 10,
        ),
        containers=[
            ContainerSample(
                container(name).key, name, cpu_percent=share * (0.4 + wave) + busy, memory_bytes=int(mib * 2**20),
                receive_bytes_per_second=2e5 * ripple, transmit_bytes_per_second=6e5 * ripple,
                read_bytes_per_second=0, write_bytes_per_second=3e4 * wave,
            )
            for name, share, mib in (("web", 22.0, 310 + 40 * wave), ("worker", 55.0, 590 + 90 * ripple))
        ],
        mounts=[mount(0.1 + 0.85 * (crc32(hostname[::-1].encode()) % 100) / 100)],
        nics=[
            Nic(
                nic="eth0", receive_bytes_per_second=2e4 + 2e6 * temper * wave * ripple + busy * 6e4,
                transmit_bytes_per_second=1e4 + 6e5 * temper * wave * ripple, receive_errors_per_second=0,
                transmit_errors_per_second=0, receive_bytes_total=10**9, transmit_bytes_total=10**8,
            )
        ],
    )  # fmt: skip


def coverage() -> dict[str, Coverage]:
    return {
        **{name: Coverage("full", duration_seconds=0.2) for name in get_args(SectionName)},
        "ports": Coverage(
            "partial",
            "The owner of 1 port is hidden: /proc/PID/fd is closed to this agent.",
            "sudo setcap cap_sys_ptrace=ep /opt/nodestral/current/bin/nodestral-agent",
        ),
    }
