"""How late the event loop runs what is due: a blocked loop shows here first."""

import asyncio
import time

from prometheus_client import Gauge

LAG_SECONDS = Gauge("nodestral_loop_lag_seconds", "How late the event loop ran its last timer.")
PERIOD_SECONDS = 0.5


async def measure() -> None:
    """Until cancelled."""
    while True:
        due = time.perf_counter() + PERIOD_SECONDS
        await asyncio.sleep(PERIOD_SECONDS)
        LAG_SECONDS.set(max(0.0, time.perf_counter() - due))
