"""How a simulated node lives: load that follows the day, noise, disks that fill, services that crash, restarts."""

import hashlib
import math
import random
import re

from nodestral.protocol import (
    ContainerSample,
    Cpu,
    Disk,
    LoadAverage,
    Memory,
    Mount,
    Nic,
    Pressure,
    Processes,
    Sample,
    Swap,
    SystemItem,
)
from nodestral.simulate.identity import Identity
from nodestral.simulate.roles import Container, Service

DAY_SECONDS = 86_400
WEEK_SECONDS = 7 * DAY_SECONDS
# Per second, for one service: about one crash in two months; and for a machine: a restart in two months.
CRASHES = 1 / (60 * DAY_SECONDS)
RESTARTS = 1 / (60 * DAY_SECONDS)
KERNEL_EVERY_SECONDS = 60 * DAY_SECONDS
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
        self.born_at = now
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
            self.running[name_of(each)] = Running(since, self.chance.randrange(400, 60_000))

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
            containers=self._containers(busy),
        )  # fmt: skip

    def container_id(self, container: Container) -> str:
        return hashlib.sha256(f"{self.who.seed} {container.name}".encode()).hexdigest()

    def _containers(self, busy: float) -> list[ContainerSample]:
        """Those that run share most of what the machine does."""
        found = []
        for number, each in enumerate(self.who.role.containers, start=1):
            if self.running[name_of(each)].failed_until > self.last:
                continue
            share = self.who.cores * busy / number / 2 * self.chance.uniform(0.8, 1.2)
            found.append(
                ContainerSample(
                    self.container_id(each), each.name, round(share, 2),
                    int(self.who.memory_bytes * 0.12 / number * (1 + self.noise / 10)),
                    round(share * 9_000, 1), round(share * 21_000, 1), 0.0, round(share * 4_000, 1),
                )
            )  # fmt: skip
        return found

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
        # A kernel comes every two months or so, and is started with the next restart.
        is_due = self.last - self.boot_at > KERNEL_EVERY_SECONDS
        newest = re.sub(r"(?<=-)\d+|\d+(?=\+)", lambda number: str(int(number[0]) + 1), kernel, count=1)
        return SystemItem(
            "system", who.hostname, os_id, os_name, os_version, kernel, "x86_64", who.cpu_model, who.cores,
            who.memory_bytes, "kvm" if who.provider else "none", round(self.boot_at), who.timezone, who.provider,
            [who.address], "systemd", newest if is_due else kernel, is_due, [f"linux-image-{newest}"] if is_due else [],
        )  # fmt: skip


def name_of(each: Service | Container) -> str:
    return each.unit if isinstance(each, Service) else each.name
