"""Metrics as people ask for them: the latest values, and ranges in columns ready to draw."""

from typing import Literal

from msgspec import Struct


class LatestSample(Struct):
    """The core values of a node's newest sample. `disk_percent` is the fullest mount's."""

    at: float
    cpu_percent: float
    memory_percent: float
    memory_used_bytes: int
    memory_total_bytes: int
    swap_percent: float
    disk_percent: float | None
    disk_used_bytes: int | None
    disk_total_bytes: int | None
    receive_bytes_per_second: float
    transmit_bytes_per_second: float
    load_one: float
    uptime_seconds: float


SeriesOf = Literal["all", "machine", "containers"]
Unit = Literal["percent", "bytes", "bytes_per_second", "per_second", "count", "load", "seconds"]


class Series(Struct):
    """One line of a chart: a value a bucket, null where there was no sample. min and max are null at raw resolution.

    `metric` is a name such as cpu_user_percent; `key` names the core, mount, disk, NIC or
    container where there are several.
    """

    metric: str
    unit: Unit
    avg: list[float | None]
    key: str | None = None
    min: list[float | None] | None = None
    max: list[float | None] | None = None


class SampleRange(Struct):
    """`times` are the starts of the buckets; bucket_seconds tells their width; all series have their length."""

    node_id: str
    from_at: float
    to_at: float
    bucket_seconds: int
    times: list[float]
    series: list[Series]
