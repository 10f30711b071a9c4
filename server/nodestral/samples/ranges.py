"""A range of samples in columns ready to draw.

Few samples come as they are (raw), with an empty place in each gap. More are put into buckets: their mean, least and
greatest value. Core metrics are aggregated in SQL; the detail column is decoded once for each bucket and layout.
"""

import asyncio
import struct
from array import array
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from nodestral.kit.database import Connection
from nodestral.kit.edge import NodeRef
from nodestral.samples import containers, metrics
from nodestral.samples.schemas import SampleRange, Series, SeriesOf

# Widths that people can read off an axis, in seconds.
WIDTHS = (60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800)
# More intervals than this without a sample are a gap.
GAP_INTERVALS = 2.5
# Decoding more rows than this would hold up other requests: it is done in a thread.
ROWS_IN_LOOP_MAX = 4000
# As much of the containers' column takes as long as one row's detail.
ROW_BYTES = 1000
CORE_NAMES = tuple(metrics.CORE)


class Span(NamedTuple):
    """Bounds in Unix seconds; width: 0 for raw samples."""

    from_at: float
    to_at: float
    width: int

    @property
    def buckets(self) -> int:
        return int(-(-(self.to_at - self.from_at) // self.width))


class Line(NamedTuple):
    """One series in buckets: means, least and greatest values."""

    avg: list[float | None]
    min: list[float | None]
    max: list[float | None]


class Found(NamedTuple):
    """Rows of a range, each with its bucket in front: aggregates of the core, (layout, detail), (containers)."""

    core: list[tuple[Any, ...]]
    details: list[tuple[Any, ...]]
    layouts: dict[int, list[tuple[str, str]]]
    containers: list[tuple[Any, ...]]
    names: dict[int, str]


def bucket_width(seconds: float, points: int, interval_seconds: float) -> int:
    """The bucket's width for so long a range, or 0 when the samples themselves are few enough."""
    if seconds / interval_seconds <= points:
        return 0
    wanted = max(seconds / points, 2 * interval_seconds)
    return next((width for width in WIDTHS if width >= wanted), WIDTHS[-1])


def _round(value: float | None) -> float | None:
    """Seven digits are all that a float4 has; two places are enough for what is drawn."""
    return None if value is None else round(value, 2)


async def read(
    connection: Connection, node: NodeRef, from_at: float, to_at: float, points: int, of: SeriesOf = "all"
) -> SampleRange:
    interval_seconds = await _interval(connection, node, from_at, to_at)
    width = bucket_width(to_at - from_at, points, interval_seconds)
    if width == 0:
        return await _raw(connection, node, Span(from_at, to_at, 0), interval_seconds, of)
    aligned = from_at // width * width
    return await _bucketed(connection, node, Span(aligned, to_at, width), of)


async def _interval(connection: Connection, node: NodeRef, from_at: float, to_at: float) -> float:
    """How far apart the newest samples of the range are; 30 if there is none."""
    cursor = await connection.execute(
        "SELECT interval_seconds FROM samples WHERE node = %s AND at >= to_timestamp(%s) AND at <= to_timestamp(%s) "
        "ORDER BY at DESC LIMIT 5",
        (node.number, from_at, to_at),
    )
    found = sorted(row[0] for row in await cursor.fetchall())
    return max(1.0, float(found[len(found) // 2])) if found else 30.0


async def _raw(connection: Connection, node: NodeRef, span: Span, interval_seconds: float, of: SeriesOf) -> SampleRange:
    column = "NULL::bytea" if of == "machine" else "containers"
    # The names in the text are constants of samples.metrics.
    query = f"""
        SELECT extract(epoch FROM at)::float8, layout, detail, {column}, {", ".join(CORE_NAMES)} FROM samples
        WHERE node = %s AND at >= to_timestamp(%s) AND at <= to_timestamp(%s) ORDER BY at
    """  # noqa: S608
    cursor = await connection.execute(query, (node.number, span.from_at, span.to_at), binary=True)
    rows = await cursor.fetchall()
    times, places = _places([row[0] for row in rows], interval_seconds)
    series: list[Series] = []
    lines: dict[tuple[str, str], Line] = {}

    def put(place: int, name: tuple[str, str], value: float) -> None:
        line = lines.get(name)
        if line is None:
            line = lines[name] = Line([None] * len(times), [], [])
        line.avg[place] = round(value, 2)

    if of != "containers":
        layouts = await _layouts(connection, {row[1] for row in rows})
        series = [
            Series(name, metrics.CORE[name], _spread([row[4 + index] for row in rows], places, len(times)))
            for index, name in enumerate(CORE_NAMES)
        ]
        for place, row in zip(places, rows, strict=True):
            for value, name in zip(_floats(row[2]), layouts[row[1]], strict=False):
                put(place, name, value)
    known = await containers.known(connection, [row[3] for row in rows if row[3]])
    for place, row in zip(places, rows, strict=True):
        for name, measured in containers.gathered([row[3]] if row[3] else [], known).items():
            put(place, name, measured[0])
    return _answer(node, span, round(interval_seconds), times, series, lines)


def _places(taken: list[float], interval_seconds: float) -> tuple[list[float], list[int]]:
    """(times with one more in each gap, the place of each sample among them)."""
    times: list[float] = []
    places: list[int] = []
    for at in taken:
        if times and at - times[-1] > GAP_INTERVALS * interval_seconds:
            times.append(times[-1] + interval_seconds)
        places.append(len(times))
        times.append(at)
    return times, places


def _spread(values: Sequence[float | None], places: list[int], length: int) -> list[float | None]:
    spread: list[float | None] = [None] * length
    for place, value in zip(places, values, strict=True):
        spread[place] = _round(value)
    return spread


async def _bucketed(connection: Connection, node: NodeRef, span: Span, of: SeriesOf) -> SampleRange:
    bounds = {"node": node.number, "from_at": span.from_at, "to_at": span.to_at, "width": span.width}
    bucket = "floor((extract(epoch FROM at)::float8 - %(from_at)s) / %(width)s)::int"
    where = "node = %(node)s AND at >= to_timestamp(%(from_at)s) AND at < to_timestamp(%(to_at)s)"

    async def rows(columns: str, rest: str) -> list[tuple[Any, ...]]:
        # The names in the text are constants of samples.metrics.
        query = f"SELECT {bucket} AS bucket, {columns} FROM samples WHERE {where} {rest}"  # noqa: S608
        return await (await connection.execute(query, bounds, binary=True)).fetchall()

    found = Found([], [], {}, [], {})
    if of != "containers":
        core = ", ".join(f"avg({name}), min({name}), max({name})" for name in CORE_NAMES)
        found = found._replace(
            core=await rows(core, "GROUP BY bucket"), details=await rows("layout, detail", "ORDER BY at")
        )
        found = found._replace(layouts=await _layouts(connection, {row[1] for row in found.details}))
    if of != "machine":
        columns = await rows("containers", "AND containers IS NOT NULL ORDER BY at")
        found = found._replace(
            containers=columns, names=await containers.known(connection, [row[1] for row in columns])
        )
    if len(found.details) + sum([len(row[1]) for row in found.containers]) // ROW_BYTES > ROWS_IN_LOOP_MAX:
        return await asyncio.to_thread(_assemble, node, span, found)
    return _assemble(node, span, found)


def _assemble(node: NodeRef, span: Span, found: Found) -> SampleRange:
    series = []
    columns = list(zip(*found.core, strict=True))
    for index, name in enumerate(CORE_NAMES if columns else ()):
        line = _empty(span.buckets)
        _fill(line, columns[0], columns[1 + 3 * index : 4 + 3 * index])
        series.append(Series(name, metrics.CORE[name], line.avg, min=line.min, max=line.max))
    lines: dict[tuple[str, str], Line] = {}
    for (bucket, layout), group in groupby(found.details, key=itemgetter(0, 1)):
        names = found.layouts[layout]
        unpack = struct.Struct(f"<{len(names)}f").unpack
        samples = [unpack(row[2]) for row in group]
        # A bucket in which the layout changed keeps its last part.
        for key, values in zip(names, zip(*samples, strict=True), strict=True):
            _put(lines, key, span.buckets, bucket, values)
    for bucket, group in groupby(found.containers, key=itemgetter(0)):
        for key, measured in containers.gathered([row[1] for row in group], found.names).items():
            _put(lines, key, span.buckets, bucket, measured)
    times = [span.from_at + index * span.width for index in range(span.buckets)]
    return _answer(node, span, span.width, times, series, lines)


def _put(
    lines: dict[tuple[str, str], Line], key: tuple[str, str], buckets: int, bucket: int, values: Sequence[float]
) -> None:
    line = lines.get(key)
    if line is None:
        line = lines[key] = _empty(buckets)
    # The same as round(…, 2) for what is never negative, in a quarter of the time; a day has 50,000 of these.
    least, greatest = min(values), max(values)
    line.min[bucket] = low = int(least * 100 + 0.5) / 100
    line.max[bucket] = low if least == greatest else int(greatest * 100 + 0.5) / 100
    line.avg[bucket] = low if least == greatest else int(sum(values) / len(values) * 100 + 0.5) / 100


def _empty(length: int) -> Line:
    return Line([None] * length, [None] * length, [None] * length)


def _fill(line: Line, buckets: Sequence[int], columns: Sequence[Sequence[float | None]]) -> None:
    """columns: mean, least and greatest value of each of the buckets; null where the node cannot measure it."""
    for target, values in zip((line.avg, line.min, line.max), columns, strict=True):
        for bucket, value in zip(buckets, values, strict=True):
            if value is not None:
                target[bucket] = int(value * 100 + 0.5) / 100


def _floats(packed: bytes) -> "array[float]":
    values = array("f")
    values.frombytes(packed)
    return values


async def _layouts(connection: Connection, wanted: set[int]) -> dict[int, list[tuple[str, str]]]:
    cursor = await connection.execute("SELECT id, series FROM sample_layouts WHERE id = ANY(%s)", (list(wanted),))
    return {row[0]: [(metric, key) for metric, key in row[1]] for row in await cursor.fetchall()}


def _answer(
    node: NodeRef,
    span: Span,
    bucket_seconds: int,
    times: list[float],
    series: list[Series],
    lines: dict[tuple[str, str], Line],
) -> SampleRange:
    present = [each for each in series if any(value is not None for value in each.avg)]
    present += [
        Series(metric, metrics.UNITS[metric], line.avg, key=key, min=line.min or None, max=line.max or None)
        for (metric, key), line in sorted(lines.items())
    ]
    return SampleRange(node.id, span.from_at, span.to_at, bucket_seconds, times, present)
