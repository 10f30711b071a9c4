"""Fixed-window limits, counted in Valkey for all processes together; without Valkey each process counts for itself."""

from typing import cast

from nodestral.kit.clock import Clock
from nodestral.kit.problems import TooMany
from nodestral.kit.valkey import Client, attempt

LOCAL_KEYS_MAX = 10_000


class RateLimit:
    def __init__(self, valkey: Client, clock: Clock) -> None:
        self._valkey = valkey
        self._clock = clock
        self._local: dict[str, int] = {}

    async def hit(self, key: str, *, limit: int, window_seconds: int) -> None:
        """Count one use. Raises TooMany when it is beyond the limit of this window."""
        now = self._clock.now()
        window = int(now // window_seconds)
        name = f"nodestral:limit:{key}:{window}"
        async with self._valkey.pipeline(transaction=False) as pipe:
            pipe.incr(name)
            pipe.expire(name, window_seconds)
            answers = await attempt(pipe.execute())
        count = cast("int", answers[0]) if answers else self._count_locally(name)
        if count > limit:
            wait = int((window + 1) * window_seconds - now) + 1
            raise TooMany("Too many attempts; wait a little.", headers={"Retry-After": str(wait)})

    def _count_locally(self, name: str) -> int:
        if len(self._local) >= LOCAL_KEYS_MAX:
            self._local.clear()
        self._local[name] = self._local.get(name, 0) + 1
        return self._local[name]
