"""How a simulated node lives: load that follows the day, noise, disks that fill, services that crash, restarts."""

import hashlib
import math
import random
from typing import Literal

from nodestral.protocol import (
    ContainerItem,
    Cpu,
    Disk,
    LoadAverage,
    Memory,
    Mount,
    Nic,
    PortItem,
    Pressure,
    Processes,
    PublishedPort,
    Sample,
    ServiceItem,
    Swap,
    SystemItem,
)
from nodestral.simulate.identity import Identity
from nodestral.simulate.roles import ANY, Container, Service

DAY_SECONDS = 86_400
WEEK_SECONDS = 7 * DAY_SECONDS
# Per second, for one service: about one crash in two months; and for a machine: a restart in two months.
CRASHES = 1 / (60 * DAY_SECONDS)
RESTARTS = 1 / (60 * DAY_SECONDS)
DOWN_SECONDS = 240.0
REBOOT_SECONDS = 90.0


class Running:
    """One service's or container's present state."""

    def __init__(self, since: float, pid: int) -> None:
        self.since = since
        self.pid = pid
        self.restarts = 0
        self.failed_until = 0.0


class Machine:
    """Give it the times in order: `live` moves it on, the rest tells how it is then."""

    def __init__(self, who: Identity, now: float) -> None:
        self.who = who
        self.chance = random.Random(who.seed)  # noqa: S311 - a picture, not a secret
        self.boot_at = now - self.chance.uniform(0.2, 90) * DAY_SECONDS
        self.phase = self.chance.uniform(-2, 2) * 3600
        self.temper = self.chance.uniform(0.7, 1.35)
        self.noise = 0.0
        self.burst_until = 0.0
        self.off_until = 0.0
        self.received = self.chance.randrange(10**11)
        self.sent = self.chance.randrange(10**11)
        self.filled_at = now - self.chance.uniform(5, 60) * DAY_SECONDS
        self.last = now
        self.running: dict[str, Running] = {}
        everything: tuple[Service | Container, ...] = (*who.role.services, *who.role.containers)
        for each in everything:
            since = self.boot_at + self.chance.uniform(3, 20)
            if self.chance.random() < 0.3:
                since = self.chance.uniform(since, now)
            self.running[_name(each)] = Running(since, self.chance.randrange(400, 60_000))

    def live(self, now: float) -> bool:
        """Move on to now. False while the machine is off."""
        passed = max(0.0, now - self.last)
        self.last = now
        if now < self.off_until:
            return False
        if self.off_until:
            self.off_until = 0.0
        self.noise = 0.85 * self.noise + self.chance.gauss(0, 0.12)
        if self.chance.random() < passed / (6 * 3600):
            self.burst_until = now + self.chance.uniform(60, 900)
        if self.chance.random() < passed * RESTARTS:
            self.restart(now)
            return False
        for running in self.running.values():
            if self.chance.random() < passed * CRASHES:
                self.crash(running, now)
        return True

    def restart(self, now: float) -> None:
        self.off_until = now + REBOOT_SECONDS
        self.boot_at = self.off_until - 12
        for running in self.running.values():
            running.since = self.boot_at + self.chance.uniform(3, 20)
            running.pid = self.chance.randrange(400, 60_000)
            running.restarts, running.failed_until = 0, 0.0

    def crash(self, running: Running, now: float) -> None:
        """Most come back at once; some stay down for a while."""
        running.restarts += 1
        running.pid = self.chance.randrange(400, 60_000)
        running.failed_until = now + DOWN_SECONDS if self.chance.random() < 0.4 else 0.0
        running.since = now

    def _load(self, at: float) -> float:
        """How busy it is against its mean: the sun, the weekend, noise, bursts."""
        day = math.sin(2 * math.pi * ((at - self.phase) % DAY_SECONDS) / DAY_SECONDS - math.pi / 2)
        weekend = 0.75 if (at % WEEK_SECONDS) // DAY_SECONDS in (2, 3) else 1.0  # 1970-01-01 was a Thursday
        follow = 1 + self.who.role.day * day
        burst = 2.2 if at < self.burst_until else 1.0
        return max(0.03, follow * weekend * burst * (1 + self.noise) * self.temper)

    def sample(self, at: float, interval_seconds: float) -> Sample:
        who, role, chance = self.who, self.who.role, self.chance
        load = self._load(at)
        busy = min(97.0, role.busy_percent * load)
        steal = chance.uniform(0, 0.6) if who.provider else 0.0
        wait = min(2.5, busy / 20 * chance.random())
        system = busy * 0.28
        cores = [round(min(100.0, max(0.0, busy + chance.gauss(0, 3 + busy / 8))), 1) for _ in range(who.cores)]
        runnable = busy / 100 * who.cores
        received, sent = (role.traffic_bytes * load * chance.uniform(0.8, 1.2) * part for part in (0.45, 1.0))
        self.received += int(received * interval_seconds)
        self.sent += int(sent * interval_seconds)
        reads, writes = (load * busy * chance.uniform(0.3, 1.4) * part for part in (0.4, 1.1))
        return Sample(
            at=round(at, 3),
            interval_seconds=interval_seconds,
            uptime_seconds=round(max(0.0, at - self.boot_at), 1),
            cpu=Cpu(
                round(busy - system, 2), round(system, 2), round(wait, 2), round(steal, 2),
                round(max(0.0, 100 - busy - wait - steal), 2),
            ),
            load=LoadAverage(*(round(runnable * chance.uniform(0.9, 1.1), 2) for _ in range(3))),
            memory=self._memory(load),
            swap=Swap(1024 * 2**20, int(90 * 2**20 * min(1.0, load * 0.4))) if who.cores < 8 else Swap(0, 0),
            processes=Processes(110 + len(self.running) * 4 + int(busy), max(1, round(runnable)), int(wait > 2)),
            cores_busy_percent=cores,
            mounts=self._mounts(at),
            disks=[
                Disk("sda" if who.provider else "nvme0n1", round(reads * 24_000, 1), round(writes * 30_000, 1),
                     round(reads, 2), round(writes, 2), round(min(100.0, (reads + writes) / 4), 2))
            ],
            nics=[
                Nic("eth0" if who.provider else "enp5s0", round(received, 1), round(sent, 1), 0.0, 0.0,
                    self.received, self.sent)
            ],
            pressure=Pressure(
                round(busy / 15 * chance.random(), 2), round(chance.random() / 4, 2), round(chance.random() / 8, 2),
                round(wait * chance.random(), 2), round(wait * chance.random() / 2, 2),
            ) if who.system[0] != "rocky" else None,
        )  # fmt: skip

    def _memory(self, load: float) -> Memory:
        total = self.who.memory_bytes
        used = int(total * min(0.96, self.who.role.memory_share * (0.93 + 0.1 * min(2.0, load)) + self.noise / 60))
        cached = int((total - used) * 0.62)
        return Memory(total, used, total - used, cached, int((total - used) * 0.05))

    def _mounts(self, at: float) -> list[Mount]:
        """The root grows every day and is tidied up when it is nearly full."""
        total, role = self.who.disk_bytes, self.who.role
        first = role.disk_share * total
        room = max(1.0, total * 0.93 - first)
        grown = max(0.0, at - self.filled_at) / DAY_SECONDS * role.grows_bytes_per_day * self.temper
        used = int(first + grown % room)
        device = "/dev/sda1" if self.who.provider else "/dev/nvme0n1p2"
        mounts = [Mount("/", device, "ext4", total, used, total - used, total // 16_384, 90_000 + used // 90_000)]
        if self.who.provider is None:
            data = total * 8
            share = int(data * (0.4 + 0.3 * self.temper / 1.35))
            mounts.append(
                Mount("/data", "/dev/sdb1", "xfs", data, share, data - share, data // 65_536, share // 2_000_000)
            )
        return mounts

    def system(self) -> SystemItem:
        who = self.who
        os_id, os_name, os_version, kernel = who.system
        return SystemItem(
            "system", who.hostname, os_id, os_name, os_version, kernel, "x86_64", who.cpu_model, who.cores,
            who.memory_bytes, "kvm" if who.provider else "none", round(self.boot_at), who.timezone, who.provider,
            [who.address],
        )  # fmt: skip

    def services(self) -> list[ServiceItem]:
        return [self._service(each, self.running[_name(each)]) for each in self.who.role.services]

    def _service(self, service: Service, running: Running) -> ServiceItem:
        unit = service.unit if service.unit.endswith(".timer") else service.unit + ".service"
        is_down = running.failed_until > self.last
        has_process = bool(service.process) and not is_down
        return ServiceItem(
            key=f"user:{service.user}/{unit}" if service.scope == "user" else f"system/{unit}",
            scope=service.scope,
            unit=unit,
            state="failed" if is_down else "active",
            source="cgroup" if service.scope == "user" else "both",
            sub_state="failed" if is_down else ("running" if service.process else "exited"),
            description=service.description,
            user=service.user,
            enabled="enabled",
            since_at=round(running.since),
            restarts_total=running.restarts,
            main_pid=running.pid if has_process else None,
            main_process=service.process if has_process else None,
            exit_code="1" if is_down else None,
        )

    def memory_of_services(self) -> dict[str, dict[str, float]]:
        """The services' gauges."""
        items = zip(self.services(), self.who.role.services, strict=True)
        return {
            item.key: {"memory_bytes": float(int(service.memory_mib * 2**20 * (1 + self.noise / 8)))}
            for item, service in items
            if item.main_pid is not None
        }

    def ports(self) -> list[PortItem]:
        found = []
        for service in self.who.role.services:
            running = self.running[_name(service)]
            if running.failed_until > self.last:
                continue
            for protocol, address, port in service.ports:
                found.append(
                    PortItem(
                        key=f"{protocol}/{address}/{port}",
                        protocol=protocol,  # type: ignore[arg-type]  # the roles name these four only
                        address=address,
                        port=port,
                        address_class=_address_class(address),
                        pid=running.pid if service.process else None,
                        process=service.process or None,
                        unit=service.unit + ".service",
                        scope=service.scope,
                        user=service.user,
                    )
                )
        for container in self.who.role.containers:
            found += [self._published(container, port) for port, _ in container.ports]
        return found

    def _published(self, container: Container, port: int) -> PortItem:
        return PortItem(
            key=f"tcp/{ANY}/{port}",
            protocol="tcp",
            address=ANY,
            port=port,
            address_class="any",
            process="docker-proxy",
            unit="docker.service",
            scope="system",
            user="root",
            container_id=self._container_id(container),
        )

    def containers(self) -> list[ContainerItem]:
        return [self._container(each, self.running[_name(each)]) for each in self.who.role.containers]

    def _container(self, container: Container, running: Running) -> ContainerItem:
        is_down = running.failed_until > self.last
        return ContainerItem(
            key=self._container_id(container),
            name=container.name,
            image=container.image,
            state="exited" if is_down else "running",
            health=None if container.project is None else ("unhealthy" if is_down else "healthy"),
            ports=[PublishedPort("tcp", inner, ANY, outer) for outer, inner in container.ports],
            created_at=round(self.filled_at),
            started_at=round(running.since),
            exit_code=137 if is_down else None,
            compose_project=container.project,
            compose_service=container.name.split("-")[1] if container.project and "-" in container.name else None,
            runtime="docker",
        )

    def _container_id(self, container: Container) -> str:
        return hashlib.sha256(f"{self.who.seed} {container.name}".encode()).hexdigest()


def _name(each: Service | Container) -> str:
    return each.unit if isinstance(each, Service) else each.name


def _address_class(address: str) -> Literal["any", "loopback", "private"]:
    if address in (ANY, "::"):
        return "any"
    return "loopback" if address.startswith("127.") else "private"
