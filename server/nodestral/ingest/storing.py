"""One transaction that stores a batch of reports, at most one of each node, and tells what to answer each."""

from collections.abc import Sequence
from typing import NamedTuple

from nodestral.events.schemas import NodeStatus
from nodestral.ingest import repository
from nodestral.ingest.repository import Incoming
from nodestral.inventory import service as inventory
from nodestral.kit.database import Connection
from nodestral.protocol import SectionName
from nodestral.samples import partitions
from nodestral.samples.store import NodeSample, PostgresStore


class Stored(NamedTuple):
    """What became of one report. known False: its token is no longer good, nothing was stored."""

    known: bool
    duplicate: bool
    need: list[SectionName]
    changed: list[str]
    status_before: NodeStatus


UNKNOWN = Stored(known=False, duplicate=False, need=[], changed=[], status_before="online")
DUPLICATE = Stored(known=True, duplicate=True, need=[], changed=[], status_before="online")


def _kept_samples(batch: Sequence[Incoming], oldest_day: int) -> list[NodeSample]:
    """Samples that are older than the retention would be dropped at once; they are not stored at all."""
    return [
        NodeSample(incoming.node.number, sample)
        for incoming in batch
        for sample in incoming.report.samples
        if partitions.day_of(sample.at) >= oldest_day
    ]


async def store(
    connection: Connection, samples: PostgresStore, batch: Sequence[Incoming], *, oldest_day: int
) -> list[Stored]:
    """In the order of the batch. The caller commits, and only then answers."""
    await samples.make_days({partitions.day_of(each.sample.at) for each in _kept_samples(batch, oldest_day)})
    async with connection.transaction():
        fresh = await repository.advance_marks(connection, batch)
        old = [incoming for incoming in batch if incoming.node.number not in fresh]
        known = await repository.still_nodes(connection, old) if old else set()
        new = [incoming for incoming in batch if incoming.node.number in fresh]
        before: dict[int, NodeStatus] = {}
        outcomes: dict[int, inventory.Outcome] = {}
        if new:
            await samples.append(connection, _kept_samples(new, oldest_day))
            before = await repository.update_states(connection, fresh)
            scans = [
                inventory.Scan(each.node.number, each.report, min(each.report.sent_at, each.received_at))
                for each in new
                if inventory.has_inventory(each.report)
            ]
            outcomes = await inventory.store(connection, scans) if scans else {}
    return [_told(incoming.node.number, fresh, known, before, outcomes) for incoming in batch]


def _told(
    number: int,
    fresh: set[int],
    known: set[int],
    before: dict[int, NodeStatus],
    outcomes: dict[int, inventory.Outcome],
) -> Stored:
    if number not in fresh:
        return DUPLICATE if number in known else UNKNOWN
    outcome = outcomes.get(number)
    return Stored(
        known=True,
        duplicate=False,
        need=outcome.need if outcome else [],
        changed=outcome.changed if outcome else [],
        status_before=before.get(number, "online"),
    )
