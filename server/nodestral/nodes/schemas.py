"""Nodes as people see them, and the install tokens that let machines become nodes. Times are Unix seconds."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from nodestral.events.schemas import NodeStatus
from nodestral.inventory.schemas import SectionCoverage
from nodestral.samples.schemas import LatestSample

NodeSort = Literal["name", "status", "provider", "os", "cpu", "memory", "disk", "network", "uptime", "version", "seen"]
SortOrder = Literal["ascending", "descending"]
Tag = Annotated[str, Meta(min_length=1, max_length=64)]


class NodeSummary(Struct):
    """A row of the fleet table. Metrics are the latest sample's; null before the first one."""

    id: str
    name: str
    hostname: str
    status: NodeStatus
    partly_seen: bool
    enrolled_at: float
    tags: list[str]
    address: str | None = None
    provider: str | None = None
    region: str | None = None
    os_id: str | None = None
    os_name: str | None = None
    architecture: str | None = None
    agent_version: str | None = None
    interval_seconds: int = 30
    last_seen_at: float | None = None
    boot_at: float | None = None
    latest: LatestSample | None = None


class NodeCounts(Struct):
    """Over the whole fleet, whatever the filter. partly_seen counts online nodes with a section not fully covered."""

    total: int
    online: int
    silent: int
    waiting: int
    partly_seen: int


class Facet(Struct):
    value: str
    count: int


class NodeFacets(Struct):
    providers: list[Facet]
    systems: list[Facet]
    tags: list[Facet]


class NodePage(Struct):
    """`total` counts the nodes that match the filter; `items` are those from `offset` on."""

    items: list[NodeSummary]
    total: int
    offset: int
    counts: NodeCounts
    facets: NodeFacets


class NodeDetail(NodeSummary, kw_only=True):
    """Everything the header of a node page says."""

    kernel: str | None = None
    cpu_model: str | None = None
    cpu_count: int | None = None
    memory_total_bytes: int | None = None
    virtualization: str | None = None
    timezone: str | None = None
    addresses: list[str]
    agent_user: str | None = None
    agent_scope: Literal["system", "user"] | None = None
    agent_python: str | None = None
    plain_http: bool = False
    spooled_reports: int = 0
    refused_reports: int = 0
    dropped_reports: int = 0
    thinned_reports: int = 0
    clock_offset_seconds: float | None = None
    section_counts: dict[str, int]
    coverage: list[SectionCoverage]


class NodeChange(Struct):
    """Absent fields stay as they are."""

    name: Annotated[str, Meta(min_length=1, max_length=128)] | None = None
    tags: Annotated[list[Tag], Meta(max_length=32)] | None = None


class Sparkline(Struct):
    """The last hour of one node in equal buckets, oldest first; null is a gap."""

    node_id: str
    cpu_percent: list[float | None]
    network_bytes_per_second: list[float | None]


class Sparklines(Struct):
    from_at: float
    bucket_seconds: int
    items: list[Sparkline]


TokenState = Literal["active", "used up", "expired", "revoked"]


class InstallToken(Struct):
    """An install token without its secret, which is shown once and never again."""

    id: str
    name: str
    prefix: str
    state: TokenState
    created_at: float
    created_by: str
    expires_at: float
    uses_allowed: int
    uses: int
    node_ids: list[str]


class InstallTokenList(Struct):
    items: list[InstallToken]


class InstallTokenRequest(Struct):
    """Makes a token good for `uses_allowed` machines until `lifetime_seconds` from now."""

    name: Annotated[str, Meta(max_length=128)] = ""
    uses_allowed: Annotated[int, Meta(ge=1, le=1000)] = 1
    lifetime_seconds: Annotated[int, Meta(ge=60, le=30 * 86400)] = 3600


class NewInstallToken(Struct):
    """`secret` is told here only. `command` is the one line that installs the agent with it."""

    token: InstallToken
    secret: str
    command: str
