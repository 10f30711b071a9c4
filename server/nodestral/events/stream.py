"""Server-sent events to open pages: one subscription a page, its organization's channel and the node it looks at.

Messages of a quarter second go out together. The stream ends when its session does or the server stops; a page that
lost it fetches again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import structlog
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from nodestral.events.channels import announce_page, node_channel, organization_channel
from nodestral.events.schemas import EventBatch
from nodestral.kit.valkey import Client

GATHER_SECONDS = 0.25
HEARTBEAT_SECONDS = 15.0
# How often the session is asked for again, and the page announced.
RECHECK_SECONDS = 3.0
ANNOUNCE_SECONDS = 10.0
RECONNECT_SECONDS = 1.0
# An empty batch, because a page is not told of comments: by it the page knows that the connection is alive.
HEARTBEAT = b"data: {}\n\n"
# The browser comes again after this many milliseconds.
OPENING = b"retry: 2000\n\n"
STREAMS_MAX = 2000
log = structlog.get_logger()
decode = msgspec.json.Decoder(EventBatch).decode
encode = msgspec.json.Encoder().encode


def merge(batches: list[EventBatch]) -> EventBatch:
    """One batch; of several readings of one node the last counts (a whole sample before its summary)."""
    merged = EventBatch()
    seen: dict[str, Any] = {}
    for batch in batches:
        for each in batch.seen:
            known = seen.get(each.node_id)
            if known is None or each.sample is not None or each.seen_at > known.seen_at:
                seen[each.node_id] = each
        merged.status += batch.status
        merged.inventory += batch.inventory
        merged.fleet += batch.fleet
    merged.seen = list(seen.values())
    return merged


class Streams:
    def __init__(self, valkey: Client) -> None:
        self._valkey = valkey
        self._stopping = asyncio.Event()
        self._open = 0

    @property
    def open(self) -> int:
        return self._open

    @property
    def is_full(self) -> bool:
        return self._open >= STREAMS_MAX

    def stop(self) -> None:
        """End all streams; safe to call from a signal handler through the loop."""
        self._stopping.set()

    async def events(
        self, organization_id: str, node_id: str | None, still_allowed: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[bytes]:
        """The bytes of one stream. still_allowed: asked every few seconds; False ends it."""
        self._open += 1
        try:
            yield OPENING
            while not self._stopping.is_set():
                try:
                    async for piece in self._connected(organization_id, node_id, still_allowed):
                        yield piece
                except (RedisError, OSError):
                    # Without Valkey the page keeps its stream and hears nothing for a while.
                    yield HEARTBEAT
                    if await self._stopped_within(RECONNECT_SECONDS) or not await still_allowed():
                        return
                else:
                    return
        finally:
            self._open -= 1

    async def _connected(
        self, organization_id: str, node_id: str | None, still_allowed: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[bytes]:
        """Raises RedisError when Valkey goes away."""
        channels = [organization_channel(organization_id)] + ([node_channel(node_id)] if node_id else [])
        async with self._valkey.pubsub(ignore_subscribe_messages=True) as subscription:
            await subscription.subscribe(*channels)
            checked = sent = time.monotonic()
            announced = 0.0
            while not self._stopping.is_set():
                now = time.monotonic()
                if node_id and now - announced >= ANNOUNCE_SECONDS:
                    await announce_page(self._valkey, node_id)
                    announced = now
                if now - checked >= RECHECK_SECONDS:
                    if not await still_allowed():
                        return
                    checked = now
                gathered = await self._gather(subscription)
                if gathered:
                    yield b"data: " + encode(merge(gathered)) + b"\n\n"
                    sent = time.monotonic()
                elif now - sent >= HEARTBEAT_SECONDS:
                    yield HEARTBEAT
                    sent = now

    async def _gather(self, subscription: PubSub) -> list[EventBatch]:
        """What came within a quarter second of the first message; nothing if none came within one second."""
        first = await subscription.get_message(timeout=1.0)
        if first is None:
            return []
        gathered = [decode(first["data"])]
        until = time.monotonic() + GATHER_SECONDS
        while (left := until - time.monotonic()) > 0:
            message = await subscription.get_message(timeout=left)
            if message is not None:
                gathered.append(decode(message["data"]))
        return gathered

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True
