"""Valkey (or Redis): liveness and rate limits, never truth. Every call has a short limit, and losing it never breaks a
report: callers use `attempt`, which tells failure by None.
"""

from collections.abc import Awaitable
from typing import TypeVar

import redis.asyncio as redis
import structlog
from redis.exceptions import RedisError

TIMEOUT_SECONDS = 1.0
Client = redis.Redis
T = TypeVar("T")
log = structlog.get_logger()


def make_client(url: str) -> Client:
    return redis.Redis.from_url(
        url,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        health_check_interval=15,
        protocol=3,
    )


class Gauge:
    """Whether the last call succeeded; a change is logged once, not at each call."""

    def __init__(self) -> None:
        self.up = True

    def note(self, *, up: bool) -> None:
        if up != self.up:
            self.up = up
            (log.info if up else log.warning)("Valkey answers again" if up else "Valkey cannot be reached")


gauge = Gauge()


async def attempt(call: Awaitable[T]) -> T | None:
    """The call's result, or None if Valkey cannot be reached now."""
    try:
        result = await call
    except (RedisError, OSError, TimeoutError):
        gauge.note(up=False)
        return None
    gauge.note(up=True)
    return result
