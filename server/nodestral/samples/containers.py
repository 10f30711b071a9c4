"""What containers of a node used: from the wire to a column of `samples` and back.

Containers come and go all day, and on a builder each has a new name. So they have no part in a sample's layout. The
column holds the number of each container's name, then its values; a name is one row for the whole fleet, and goes when
the last day that may need it does. Lines are kept by name, not by id: a container that is made anew continues its line.
"""

import math
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from nodestral.kit.database import Connection, Pool
from nodestral.protocol import ContainerSample, Sample
from nodestral.samples import metrics

NAMES_REMEMBERED_MAX = 100_000
NOT_MEASURED = float("nan")
METRICS = tuple(metrics.CONTAINER)
# An int4 for the name, a float4 for each value.
BYTES_EACH = 4 + 4 * len(METRICS)
# The part of a name in front of an id, where two containers of a node have the same one (of two engines).
NAME_KEPT = 240
ID_SHOWN = 12


def names(containers: Sequence[ContainerSample]) -> list[str]:
    """What each is called among the others: its name, and its id as well where the name is not its alone."""
    counts = Counter(container.name for container in containers)
    return [
        container.name if counts[container.name] == 1 else f"{container.name[:NAME_KEPT]} ({container.id[:ID_SHOWN]})"
        for container in containers
    ]


def values(container: ContainerSample) -> tuple[float, ...]:
    """In the order of metrics.CONTAINER."""
    told = (
        container.cpu_percent,
        container.memory_bytes,
        container.receive_bytes_per_second,
        container.transmit_bytes_per_second,
        container.read_bytes_per_second,
        container.write_bytes_per_second,
    )
    return tuple([NOT_MEASURED if value is None else value for value in told])


@lru_cache(maxsize=512)
def _packer(count: int) -> struct.Struct:
    return struct.Struct(f"<{count}i{count * len(METRICS)}f")


def packed(sample: Sample, numbers: dict[str, int]) -> bytes | None:
    """The column; `numbers` of all its names. None without containers."""
    if not sample.containers:
        return None
    ordered = sorted(zip(names(sample.containers), sample.containers, strict=True), key=lambda each: each[0])
    read = [value for _, container in ordered for value in values(container)]
    return _packer(len(ordered)).pack(*[numbers[name] for name, _ in ordered], *read)


def numbers_in(column: bytes) -> bytes:
    """The part of a column that names its containers: the same for samples of the same containers."""
    return column[: 4 * (len(column) // BYTES_EACH)]


def unpacked(column: bytes) -> tuple[float, ...]:
    """All values, in the order of `series_of`."""
    count = len(column) // BYTES_EACH
    return _packer(count).unpack(column)[count:]


def series_of(numbers: bytes, known: dict[int, str]) -> list[tuple[str, str]]:
    """(metric, key) at each place of the values."""
    found = struct.unpack(f"<{len(numbers) // 4}i", numbers)
    return [(metric, known.get(number, str(number))) for number in found for metric in METRICS]


async def known(connection: Connection, columns: Iterable[bytes]) -> dict[int, str]:
    """The name of each number in these columns."""
    wanted = {
        number for part in {numbers_in(column) for column in columns} for (number,) in struct.iter_unpack("<i", part)
    }
    if not wanted:
        return {}
    cursor = await connection.execute("SELECT id, name FROM container_names WHERE id = ANY(%s)", (list(wanted),))
    return {int(row[0]): str(row[1]) for row in await cursor.fetchall()}


def gathered(columns: Sequence[bytes], known: dict[int, str]) -> dict[tuple[str, str], list[float]]:
    """The measured values by line of many samples. Every container counts, however short it ran."""
    lines: dict[tuple[str, str], list[float]] = {}
    for numbers, group in groupby(columns, key=numbers_in):
        read = zip(*[unpacked(column) for column in group], strict=True)
        for name, measured in zip(series_of(numbers, known), read, strict=True):
            # A sum with a NaN in it is NaN.
            kept = [value for value in measured if not math.isnan(value)] if math.isnan(sum(measured)) else measured
            if kept:
                lines.setdefault(name, []).extend(kept)
    return lines


class Names:
    """The numbers of names, as this process knows them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: dict[str, tuple[int, int]] = {}

    async def numbers(self, samples: Iterable[Sample], day_of: Callable[[float], int]) -> dict[str, int]:
        """Numbers of all names in these samples. A name's day is moved up to that of its newest sample."""
        wanted: dict[str, int] = {}
        for sample in samples:
            if sample.containers:
                day = day_of(sample.at)
                for name in names(sample.containers):
                    wanted[name] = max(day, wanted.get(name, 0))
        missing = {name: day for name, day in wanted.items() if self._known.get(name, (0, -1))[1] < day}
        if len(self._known) + len(missing) > NAMES_REMEMBERED_MAX:
            self._known.clear()
            missing = wanted
        if missing:
            await self._number(missing)
        return {name: self._known[name][0] for name in wanted}

    async def _number(self, missing: dict[str, int]) -> None:
        # In a transaction of its own: a number of one that is rolled back must not be remembered. Always in the same
        # order, so that two processes never wait for each other's rows.
        ordered = sorted(missing)
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "INSERT INTO container_names AS known (name, day) SELECT * FROM unnest(%s::text[], %s::int[]) "
                "ON CONFLICT (name) DO UPDATE SET day = greatest(known.day, excluded.day) RETURNING id, name, day",
                (ordered, [missing[name] for name in ordered]),
            )
            rows = await cursor.fetchall()
        self._known.update({row[1]: (row[0], row[2]) for row in rows})

    async def forget_before(self, day: int) -> None:
        """Names that only samples of days before this one needed."""
        async with self._pool.connection() as connection:
            await connection.execute("DELETE FROM container_names WHERE day < %s", (day,))
        self._known = {name: number for name, number in self._known.items() if number[1] >= day}
