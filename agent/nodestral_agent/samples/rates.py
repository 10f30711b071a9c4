"""From two readings of a counter to a rate. A counter that went backwards started again: that gives 0, never less."""

from __future__ import annotations

RATE_MAX = 1e15


def rate(before: int, after: int, seconds: float) -> float:
    """Units a second, rounded to what a chart can show."""
    if after <= before or seconds <= 0:
        return 0.0
    return min(round((after - before) / seconds, 2), RATE_MAX)


def percent(part: float, whole: float) -> float:
    """Part of whole, held between 0 and 100."""
    if whole <= 0 or part <= 0:
        return 0.0
    return min(round(100.0 * part / whole, 2), 100.0)
