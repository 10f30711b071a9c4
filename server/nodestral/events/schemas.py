"""What open pages are told as it happens (server-sent events on /api/v1/events).

Each message's data is an `EventBatch`: at most four a second. A page that lost its connection fetches again; nothing is
replayed.
"""

from typing import Literal

from msgspec import Struct

from nodestral.protocol import Sample
from nodestral.samples.schemas import LatestSample

# waiting: enrolled, no report yet. silent: no report for three intervals.
NodeStatus = Literal["online", "silent", "waiting"]


class NodeSeen(Struct):
    """A report of this node was committed. `sample`: the whole newest one, for a page of this node only."""

    node_id: str
    seen_at: float
    latest: LatestSample | None = None
    sample: Sample | None = None


class NodeStatusChanged(Struct):
    node_id: str
    status: NodeStatus
    at: float


class InventoryChanged(Struct):
    node_id: str
    sections: list[str]


class FleetChanged(Struct):
    """A node was enrolled, renamed or removed."""

    node_id: str
    change: Literal["enrolled", "changed", "removed"]
    token_id: str | None = None


class EventBatch(Struct):
    seen: list[NodeSeen] = []
    status: list[NodeStatusChanged] = []
    inventory: list[InventoryChanged] = []
    fleet: list[FleetChanged] = []
