"""An agent whose hours pass in seconds, or whose clock jumps: the process that test_days.py starts.

Arguments: a file with the seconds that the wall clock is off ("" for none), then the agent's own. All of it is the
product's code; only the bounds of its intervals are lower.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from nodestral_agent import delivery, loop, program
from nodestral_agent.commands.run import main
from nodestral_agent.host import Host

OFF_BY = sys.argv[1]


def jumping(_: Host) -> float:
    """The wall clock of a machine on which somebody sets it."""
    return time.time() + float(Path(OFF_BY).read_text(encoding="ascii"))


def small() -> bool:
    """Started as it is."""
    return True


if OFF_BY:
    Host.now = jumping  # type: ignore[assignment,method-assign]
else:
    loop.INTERVAL_BOUNDS = (0.01, 3600.0)
    loop.SCAN_BOUNDS = (1.0, 86_400.0)
    loop.FIRST_REPORT_SECONDS = 0.01
    loop.REST_SECONDS = 0.0
    delivery.PAUSE_SECONDS = 0.05
    delivery.LONGEST_PAUSE_SECONDS = 0.2
program.is_small = small
sys.exit(main(sys.argv[2:]))
