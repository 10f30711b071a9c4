"""What open pages are told after a commit."""

from collections import defaultdict
from collections.abc import Sequence

from nodestral.events.channels import Publisher
from nodestral.events.schemas import EventBatch, InventoryChanged, NodeSeen, NodeStatusChanged
from nodestral.ingest.repository import Incoming
from nodestral.ingest.storing import Stored
from nodestral.protocol import Report, Sample


def newest(report: Report) -> Sample | None:
    return max(report.samples, key=lambda sample: sample.at, default=None)


def tell(publisher: Publisher, told: Sequence[tuple[Incoming, Stored]]) -> None:
    batches: defaultdict[str, EventBatch] = defaultdict(EventBatch)
    samples: defaultdict[str, list[NodeSeen]] = defaultdict(list)
    for incoming, stored in told:
        node, seen_at = incoming.node, incoming.received_at
        batch = batches[node.organization_id]
        batch.seen.append(NodeSeen(node.id, seen_at, latest=incoming.latest))
        if node.id in publisher.watched:
            whole = NodeSeen(node.id, seen_at, latest=incoming.latest, sample=newest(incoming.report))
            samples[node.organization_id].append(whole)
        if stored.status_before != "online":
            batch.status.append(NodeStatusChanged(node.id, "online", seen_at))
        if stored.changed:
            batch.inventory.append(InventoryChanged(node.id, stored.changed))
    for organization_id, batch in batches.items():
        publisher.publish(organization_id, batch, samples[organization_id])
