"""Telling every API process what happened, through Valkey's pub/sub: one channel an organization, one a watched node.

What is lost while Valkey is away is lost for open pages only; they fetch again. A whole sample is only sent for nodes
that somebody looks at: pages write the ids of theirs into a sorted set with the time until which it holds.
"""

import asyncio
import time
from collections.abc import Iterable
from typing import cast

import msgspec

from nodestral.events.schemas import EventBatch, NodeSeen
from nodestral.kit.valkey import Client, attempt

WATCHED = "nodestral:watched"
WATCH_SECONDS = 30
WATCHED_REFRESH_SECONDS = 1.0
# Batches waiting for Valkey; beyond that the oldest liveness is worth nothing any more.
WAITING_MAX = 200
encode = msgspec.json.Encoder().encode


def organization_channel(organization_id: str) -> str:
    return f"nodestral:events:{organization_id}"


def node_channel(node_id: str) -> str:
    return f"nodestral:sample:{node_id}"


class Publisher:
    """Publishes in the background, so that nobody waits for Valkey."""

    def __init__(self, valkey: Client) -> None:
        self._valkey = valkey
        self._waiting: asyncio.Queue[list[tuple[str, bytes]]] = asyncio.Queue(WAITING_MAX)
        self.watched: frozenset[str] = frozenset()

    def publish(self, organization_id: str, batch: EventBatch, samples: Iterable[NodeSeen] = ()) -> None:
        """samples: readings with the whole sample, for the pages of just these nodes."""
        messages = [(organization_channel(organization_id), encode(batch))]
        messages += [(node_channel(seen.node_id), encode(EventBatch(seen=[seen]))) for seen in samples]
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(messages)

    async def run(self) -> None:
        """Send what waits, until cancelled."""
        while True:
            messages = await self._waiting.get()
            while not self._waiting.empty():
                messages += self._waiting.get_nowait()
            async with self._valkey.pipeline(transaction=False) as pipe:
                for channel, message in messages:
                    pipe.publish(channel, message)
                await attempt(pipe.execute())

    async def watch_pages(self) -> None:
        """Keep `watched` fresh, until cancelled."""
        while True:
            found = await attempt(self._valkey.zrangebyscore(WATCHED, time.time(), "+inf"))
            names = cast("list[bytes]", found or [])
            self.watched = frozenset(name.decode() for name in names)
            await asyncio.sleep(WATCHED_REFRESH_SECONDS)


async def announce_page(valkey: Client, node_id: str) -> None:
    """Say that a page of this node is open, for the next WATCH_SECONDS."""
    now = time.time()
    async with valkey.pipeline(transaction=False) as pipe:
        pipe.zremrangebyscore(WATCHED, "-inf", now)
        pipe.zadd(WATCHED, {node_id: now + WATCH_SECONDS})
        await attempt(pipe.execute())
