"""What running containers use, from their control groups: processor, memory, block I/O, and their network's traffic.

Sources: cgroups(7), version 1 or 2, and /proc/PID/net/dev of one process in the container; no permission needed, and no
engine is asked. The last scan told which containers there are and where their groups lie. Memory is as `docker stats`
has it: without the page cache that nobody used lately.

Traffic is not told for a container in the machine's own network namespace, nor twice for containers that share one.
"""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.report import COUNT_MAX, clean
from nodestral_agent.samples import nics
from nodestral_agent.samples.rates import rate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from nodestral_agent.host import Host

    # Microseconds of processor time, bytes of memory, bytes read and written, received and sent; None: not measured.
    Use = tuple[Optional[int], Optional[int], Optional[int], Optional[int], Optional[int], Optional[int]]

CONTAINERS_MAX = 256
CPU_PERCENT_MAX = 1e6
# Below a container's group an engine or a system inside may have made groups of its own, which then hold its processes.
DEPTH_MAX = 4
GROUPS_LOOKED_INTO_MAX = 32
GONE = (Unavailable, CollectorError)


class Container:
    """One to look at. `folders`: of its groups for processor, memory, block I/O and processes; mostly all the same."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.id: str = told["id"]
        self.name: str = told["name"]
        self.version: int = told["version"]
        first = told["folders"][0]
        self.folders: tuple[str, ...] = tuple([first if folder == first else folder for folder in told["folders"]])
        # The group in which a process was found last, that process, and the inode number that stands for its network.
        self.home = self.folders[3]
        self.pid = 0
        self.network = 0


class Containers:
    """Those that the last scan saw running."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._watched: list[Container] = []
        self._stacked: dict[str, bool] = {}

    def watch(self, told: list[dict[str, Any]]) -> None:
        """From now on look at these."""
        before = {container.id: container for container in self._watched}
        self._watched = []
        for one in told[:CONTAINERS_MAX]:
            old = before.get(one["id"])
            if old is not None and old.folders == tuple(one["folders"]):
                old.name = one["name"]
                self._watched.append(old)
            else:
                self._watched.append(Container(one))

    def read(self) -> dict[str, Use]:
        """The reading of now, by id, without containers that ended."""
        found: dict[str, Use] = {}
        networks = {self._network("self")} if self._watched else set()
        for container in self._watched:
            use = (*self._own(container), *self._traffic(container, networks))
            if use != (None,) * 6:
                found[container.id] = use
        return found

    def rates(self, before: dict[str, Use], after: dict[str, Use], seconds: float) -> list[dict[str, Any]]:
        """One object for each container that was there at both readings."""
        return [
            sample(container, before[container.id], after[container.id], seconds)
            for container in self._watched
            if container.id in before and container.id in after
        ]

    def _own(self, container: Container) -> tuple[int | None, int | None, int | None, int | None]:
        cpu, memory, block, _ = container.folders
        if container.version == 1:
            used = self._number(f"{cpu}/cpuacct.usage")
            return (
                None if used is None else used // 1000,
                self._memory(f"{memory}/memory.usage_in_bytes", f"{memory}/memory.stat", b"\ntotal_inactive_file "),
                *self._block(f"{block}/blkio.throttle.io_service_bytes_recursive", parsed_throttle),
            )
        return (
            self._field(f"{cpu}/cpu.stat", b"usage_usec "),
            self._memory(f"{memory}/memory.current", f"{memory}/memory.stat", b"\ninactive_file "),
            *self._block(f"{block}/io.stat", parsed_io),
        )

    def _bytes(self, path: str) -> bytes | None:
        try:
            return self._host.read(path)
        except GONE:
            return None

    def _number(self, path: str) -> int | None:
        text = self._bytes(path)
        return int(text) if text and text.strip().isdigit() else None

    def _field(self, path: str, name: bytes) -> int | None:
        text = self._bytes(path)
        return field(text, name) if text else None

    def _memory(self, now: str, stat: str, name: bytes) -> int | None:
        used = self._number(now)
        if used is None:
            return None
        idle = self._field(stat, name) or 0
        return used - idle if idle < used else used

    def _block(self, path: str, parse: Callable[[bytes], dict[str, tuple[int, int]]]) -> tuple[int | None, int | None]:
        text = self._bytes(path)
        if text is None:
            return None, None
        read = written = 0
        for device, (device_read, device_written) in parse(text).items():
            if not self._is_stacked(device):
                read += device_read
                written += device_written
        return read, written

    def _is_stacked(self, device: str) -> bool:
        """Whether it is made of other devices (LVM, RAID, LUKS), at which the same bytes are counted again."""
        if device not in self._stacked:
            try:
                self._stacked[device] = bool(self._host.names(f"/sys/dev/block/{device}/slaves"))
            except GONE:
                self._stacked[device] = False
        return self._stacked[device]

    def _traffic(self, container: Container, networks: set[int]) -> tuple[int | None, int | None]:
        pid = self._process(container)
        if not pid:
            return None, None
        if pid != container.pid:
            container.pid, container.network = pid, self._network(str(pid))
        if not container.network or container.network in networks:
            return None, None
        networks.add(container.network)
        try:
            links = nics.parse(self._host.text(f"/proc/{pid}/net/dev")).values()
        except GONE:
            return None, None
        return sum([link[0] for link in links]), sum([link[2] for link in links])

    def _network(self, process: str) -> int:
        # Each network namespace has files of its own below /proc/PID/net. /proc/PID/ns is closed to other users.
        try:
            return self._host.stat(f"/proc/{process}/net/dev").st_ino
        except GONE:
            return 0

    def _process(self, container: Container) -> int:
        """The first process of the container; 0 when none is seen."""
        first = first_process(self._bytes(f"{container.home}/cgroup.procs"))
        if first:
            return first
        waiting = [(container.folders[3], 0)]
        for _ in range(GROUPS_LOOKED_INTO_MAX):
            if not waiting:
                break
            folder, depth = waiting.pop(0)
            first = first_process(self._bytes(f"{folder}/cgroup.procs"))
            if first:
                container.home = folder
                return first
            try:
                inner = self._host.folders(folder) if depth < DEPTH_MAX else []
            except GONE:
                continue
            waiting.extend([(f"{folder}/{name}", depth + 1) for name, _ in inner])
        return 0


def first_process(members: bytes | None) -> int:
    """The first of cgroup.procs. A process that cannot be named here is shown as 0."""
    for line in (members or b"").split(b"\n", 8)[:8]:
        if line.isdigit() and line != b"0":
            return int(line)
    return 0


def field(text: bytes, name: bytes) -> int | None:
    """The number behind a name, which begins with the line's end unless it is the first line's."""
    at = text.find(name)
    if at < 0:
        return None
    end = text.find(b"\n", at + len(name))
    value = text[at + len(name) : end if end >= 0 else len(text)]
    return int(value) if value.isdigit() else None


def parsed_io(text: bytes) -> dict[str, tuple[int, int]]:
    """io.stat of version 2, by device: `8:0 rbytes=1 wbytes=2 rios=3 …`."""
    found = {}
    for line in text.split(b"\n"):
        words = line.split()
        values = {b"rbytes": 0, b"wbytes": 0}
        for word in words[1:]:
            name, _, value = word.partition(b"=")
            if name in values and value.isdigit():
                values[name] = int(value)
        if len(words) > 1:
            found[words[0].decode("ascii", "replace")] = (values[b"rbytes"], values[b"wbytes"])
    return found


def parsed_throttle(text: bytes) -> dict[str, tuple[int, int]]:
    """blkio.throttle.io_service_bytes_recursive of version 1, by device: `8:0 Read 4096`."""
    found: dict[str, tuple[int, int]] = {}
    for line in text.split(b"\n"):
        words = line.split()
        if len(words) != 3 or not words[2].isdigit():
            continue
        device = words[0].decode("ascii", "replace")
        read, written = found.get(device, (0, 0))
        if words[1] == b"Read":
            found[device] = (int(words[2]), written)
        elif words[1] == b"Write":
            found[device] = (read, int(words[2]))
    return found


def sample(container: Container, before: Use, after: Use, seconds: float) -> dict[str, Any]:
    """A ContainerSample; what was not measured at both readings is None."""

    def moved(at: int) -> float | None:
        old, new = before[at], after[at]
        return None if old is None or new is None else rate(old, new, seconds)

    busy, memory = moved(0), after[1]
    return {
        "id": container.id,
        "name": clean(container.name),
        "cpu_percent": None if busy is None else min(round(busy / 10_000, 2), CPU_PERCENT_MAX),
        "memory_bytes": None if memory is None else min(memory, COUNT_MAX),
        "read_bytes_per_second": moved(2),
        "write_bytes_per_second": moved(3),
        "receive_bytes_per_second": moved(4),
        "transmit_bytes_per_second": moved(5),
    }
