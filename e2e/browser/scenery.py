"""What the machine of the pictures reports: an ordinary web server with a bad quarter of an hour and a gap."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from e2e.browser.machine import (
    GIB,
    Machine,
    container,
    port,
    sample,
    section,
    service,
    system,
)
from nodestral.protocol import Coverage, Cpu, LoadAverage, Memory, Nic, PublishedPort, Sample, Sections

STEP_SECONDS = 10
SAMPLES_A_REPORT = 60
GAP = range(140, 175)


def report_an_hour(machine: Machine, until: float) -> None:
    samples = [_sample(until, step) for step in range(360, 0, -1) if step not in GAP]
    for first in range(0, len(samples), SAMPLES_A_REPORT):
        machine.report(*samples[first : first + SAMPLES_A_REPORT])
    machine.report(_sample(until, 0), sections=sections(machine.hostname), **coverage())


@contextmanager
def reporting_on(machine: Machine) -> Iterator[None]:
    """One report every few seconds from a thread, until the context ends."""
    ended = threading.Event()

    def report() -> None:
        while not ended.wait(STEP_SECONDS / 2):
            machine.report(_sample(time.time(), 0))

    thread = threading.Thread(target=report)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _sample(until: float, step: int) -> Sample:
    """`step` counts back from now."""
    at = until - step * STEP_SECONDS
    wave = 0.5 + 0.5 * math.sin(at / 420)
    ripple = (math.sin(at * 12.9898) * 43758.5453) % 1
    busy = 38 if 225 < step < 280 else 0
    user = 6 + 9 * wave + 5 * ripple + busy
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
            total_bytes=4 * GIB, used_bytes=int((1.7 + 0.3 * wave) * GIB), available_bytes=2 * GIB,
            cached_bytes=int(1.1 * GIB), buffers_bytes=GIB // 8,
        ),
        nics=[
            Nic(
                nic="eth0", receive_bytes_per_second=2e5 + 9e5 * wave * ripple + busy * 6e4,
                transmit_bytes_per_second=1e5 + 3e5 * wave * ripple, receive_errors_per_second=0,
                transmit_errors_per_second=0, receive_bytes_total=10**9, transmit_bytes_total=10**8,
            )
        ],
    )  # fmt: skip


def sections(hostname: str) -> Sections:
    shop = container("web", ports=[PublishedPort("tcp", 80, "0.0.0.0", 8080)])  # noqa: S104
    worker = container("worker", health="unhealthy")
    migrate = container("migrate", state="exited", health=None, exit_code=1)
    return Sections(
        system=section([system(hostname)]),
        services=section(
            [
                *(service(f"{name}.service") for name in ("nginx", "ssh", "cron", "postgresql", "docker", "chrony")),
                service(
                    "backup.service", state="failed", sub_state="failed", exit_code="2", main_pid=None, restarts_total=5
                ),
                service("apt-daily.service", state="inactive", sub_state="dead", main_pid=None, since_at=None),
                service("openclaw.service", scope="user", user="openclaw", key="user:openclaw/openclaw.service"),
            ]
        ),
        ports=section(
            [
                port(22, "ssh.service"),
                port(80, "nginx.service"),
                port(443, "nginx.service"),
                port(
                    5432, "postgresql.service", address="127.0.0.1", address_class="loopback", key="tcp/127.0.0.1/5432"
                ),
                port(8080, None, container_id=shop.key, process="docker-proxy"),
                port(18789, "openclaw.service", scope="user", user="openclaw"),
                port(68, None, protocol="udp", key="udp/0.0.0.0/68", pid=None, process=None),
            ]
        ),
        containers=section([shop, worker, migrate]),
    )


def coverage() -> dict[str, Coverage]:
    return {
        "system": Coverage("full"),
        "services": Coverage("full"),
        "ports": Coverage(
            "partial",
            "The owner of 1 port is hidden: /proc/PID/fd is closed to this agent.",
            "sudo setcap cap_sys_ptrace=ep /opt/nodestral/current/bin/nodestral-agent",
        ),
        "containers": Coverage("full"),
    }
