"""A machine that speaks the agent's protocol: it says what a test wants it to say, at the moment it wants it said.

Where a test asks what the real agent does, it uses the real agent (agent.py).
"""

import base64
import hashlib
import secrets
import time
from typing import Any

import httpx
import msgspec

from nodestral.protocol import (
    AgentInfo,
    ContainerItem,
    Coverage,
    Cpu,
    Disk,
    LoadAverage,
    Memory,
    Mount,
    Nic,
    PortItem,
    Pressure,
    Processes,
    Report,
    Sample,
    Section,
    Sections,
    ServiceItem,
    Swap,
    SystemItem,
)

GIB = 1024**3


class Machine:
    """Enrols at once with this install token."""

    def __init__(self, url: str, install_token: str, hostname: str) -> None:
        self.hostname = hostname
        secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        self._token = f"nst_node_{secret}"
        self._http = httpx.Client(base_url=url, timeout=20)
        self._epoch = secrets.randbelow(2**52) + 1
        self._seq = 0
        self._previous: str | None = None
        answer = self._http.post(
            "/agent/v1/enroll",
            headers={"Authorization": f"Bearer {install_token}"},
            json={"secret_sha256": hashlib.sha256(self._token.encode()).hexdigest(), "hostname": hostname},
        ).raise_for_status()
        self.node_id: str = answer.json()["node_id"]

    def report(self, *samples: Sample, sections: Sections | None = None, **coverage: Coverage) -> None:
        """Send one report; it is committed when this returns."""
        self._seq += 1
        report = Report(
            epoch=self._epoch, seq=self._seq, sent_at=time.time(), prev=self._previous, samples=list(samples),
            agent=AgentInfo(version="0.1.0", python="3.11.2", user="nodestral-agent", scope="system"),
            sections=sections or Sections(), coverage=coverage,
        )  # fmt: skip
        body = msgspec.json.encode(report)
        answer = self._http.post(
            "/agent/v1/reports",
            content=body,
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        assert answer.status_code == 200, f"the report was refused: {answer.text}"
        self._previous = hashlib.sha256(body).hexdigest()

    def close(self) -> None:
        self._http.close()


def section(items: list[Any]) -> Section[Any]:
    """A section in full, under the hash that an agent would give it."""
    plain = sorted(msgspec.to_builtins(items), key=lambda item: item["key"])
    text = msgspec.json.encode(plain, order="sorted")
    return Section(hash=hashlib.sha256(text).hexdigest()[:32], items=items)


def system(hostname: str, **over: Any) -> SystemItem:
    return msgspec.structs.replace(
        SystemItem(
            key="system", hostname=hostname, os_id="debian", os_name="Debian GNU/Linux 12 (bookworm)", os_version="12",
            kernel="6.1.0-28-amd64", architecture="x86_64", cpu_model="AMD EPYC Processor", cpu_count=4,
            memory_total_bytes=4 * GIB, virtualization="kvm", boot_at=time.time() - 31 * 86400, provider="Hetzner",
            addresses=["10.0.0.4", "2001:db8::4"],
        ),
        **over,
    )  # fmt: skip


def sample(at: float, *, user: float = 8.0, **over: Any) -> Sample:
    return msgspec.structs.replace(
        Sample(
            at=at, interval_seconds=5, uptime_seconds=31 * 86400,
            cpu=Cpu(user_percent=user, system_percent=3, iowait_percent=0.5, steal_percent=0, idle_percent=96.5 - user),
            load=LoadAverage(one=0.4, five=0.5, fifteen=0.6),
            memory=Memory(
                total_bytes=4 * GIB, used_bytes=2 * GIB, available_bytes=2 * GIB, cached_bytes=GIB,
                buffers_bytes=GIB // 8
            ),
            swap=Swap(total_bytes=GIB, used_bytes=GIB // 10),
            processes=Processes(total=142, running=1, blocked=0),
            cores_busy_percent=[user, user / 2, 3, 1],
            mounts=[mount(0.4)],
            disks=[
                Disk(
                    device="sda", read_bytes_per_second=2e5, write_bytes_per_second=9e5, reads_per_second=12,
                    writes_per_second=40, busy_percent=4,
                )
            ],
            nics=[
                Nic(
                    nic="eth0", receive_bytes_per_second=1.2e6, transmit_bytes_per_second=3e5,
                    receive_errors_per_second=0, transmit_errors_per_second=0, receive_bytes_total=10**9,
                    transmit_bytes_total=10**8,
                )
            ],
            pressure=Pressure(
                cpu_some_percent=1, memory_some_percent=0, memory_full_percent=0, io_some_percent=2, io_full_percent=1
            ),
        ),
        **over,
    )  # fmt: skip


def mount(used: float) -> Mount:
    """The root file system; `used`: its share from 0 to 1."""
    return Mount(
        mount="/", device="/dev/sda1", filesystem="ext4", total_bytes=40 * GIB, used_bytes=int(40 * GIB * used),
        available_bytes=int(40 * GIB * (1 - used)), inodes_total=2_500_000, inodes_used=310_000,
    )  # fmt: skip


def service(unit: str, **over: Any) -> ServiceItem:
    item = ServiceItem(
        key=f"system/{unit}", scope="system", unit=unit, state="active", source="both", sub_state="running",
        description=f"{unit.removesuffix('.service')} of this machine", user="root", enabled="enabled",
        since_at=time.time() - 86400, restarts_total=0, main_pid=812, main_process=unit.removesuffix(".service"),
    )  # fmt: skip
    return msgspec.structs.replace(item, **over)


def port(number: int, unit: str | None, **over: Any) -> PortItem:
    item = PortItem(
        key=f"tcp/0.0.0.0/{number}", protocol="tcp", address="0.0.0.0", port=number, address_class="any", pid=812,  # noqa: S104
        process=unit.removesuffix(".service") if unit else None, unit=unit, scope="system" if unit else None,
        user="root" if unit else None,
    )  # fmt: skip
    return msgspec.structs.replace(item, **over)


def container(name: str, **over: Any) -> ContainerItem:
    key = hashlib.sha256(name.encode()).hexdigest()
    item = ContainerItem(
        key=key, name=name, image="ghcr.io/example/shop:2026.11.3", state="running", health="healthy",
        created_at=time.time() - 9000, started_at=time.time() - 8000, compose_project="shop", compose_service=name,
        runtime="docker",
    )  # fmt: skip
    return msgspec.structs.replace(item, **over)
