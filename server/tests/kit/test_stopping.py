"""A stop ends the loops of the process even when one of them misses the first word of it."""

import asyncio

import pytest

from nodestral.app import _end

pytestmark = pytest.mark.anyio


async def test_a_loop_that_lost_its_cancellation_is_told_again() -> None:
    heard = 0

    async def deaf_once() -> None:
        nonlocal heard
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                heard += 1
                if heard > 1:
                    raise

    task = asyncio.create_task(deaf_once())
    await asyncio.sleep(0)
    await asyncio.wait_for(_end([task]), 10)
    assert task.cancelled()
    assert heard == 2
