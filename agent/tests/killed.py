"""The process that test_delivery_killed.py kills: offers numbered reports as fast as it can, through the real delivery.

Arguments: state folder, server URL, first payload, how, and how many reports at most. It prints "PAYLOAD" for each
report that it handed over for good (acknowledged or spooled). How: "right" as the product does it; "torn" leaves
the end of a spool file as a kill left it; "renumbered" gives a spooled report a new seq when it is sent again.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from nodestral_agent import address, delivery
from nodestral_agent.delivery import Delivery
from nodestral_agent.host import Host
from nodestral_agent.loop import new_epoch
from nodestral_agent.report import built, numbered
from nodestral_agent.segment import HEAD, Segment
from nodestral_agent.spool import Spool
from nodestral_agent.state import State
from nodestral_agent.transport import Transport


def slowly(handle: int, data: Any, at: int, /) -> int:
    """A write in many pieces, so that a kill is likely to hit it."""
    return os_pwrite(handle, data[:48], at)


def believing(segment: Segment, repair: bool, last: bool) -> None:
    """What the spool must not do: take whatever stands in the file for reports."""
    segment.first = HEAD
    segment.end = Path(segment.path).stat().st_size
    segment.count = 1 if segment.end > HEAD else 0


class Renumbering(Spool):
    """What a replay must not do."""

    last = 1_000_000

    def oldest(self) -> bytes | None:
        report = super().oldest()
        if report is None:
            return None
        epoch, seq = numbered(report)
        type(self).last += 1
        return report.replace(b'"seq":%d,' % seq, b'"seq":%d,' % self.last).replace(b"%d" % epoch, b"%d" % EPOCH)


EPOCH = new_epoch()
os_pwrite = os.pwrite


def main() -> None:
    """Until killed, or until all is delivered when no more reports are wanted."""
    folder, url, first, how, most = sys.argv[1:6]
    delivery.PAUSE_SECONDS = 0.002
    delivery.LONGEST_PAUSE_SECONDS = 0.01
    # Reports are torn in every way of running, and the right one must cope.
    os.pwrite = slowly
    if how == "torn":
        Segment.load = believing  # type: ignore[assignment,method-assign]
    state = State(folder)
    state.prepare()
    if not state.lock():
        raise SystemExit("another one runs")
    spool = (Renumbering if how == "renumbered" else Spool)(state.path("spool"))
    transport = Transport(address.parse(url), None, "killed")
    way = Delivery(Host(), state, spool, transport, "nst_node_x", lambda _: None)
    payload = int(first)
    last = payload + int(most)
    seq = 0
    # Larger than a block and hard to compress, so that writing takes long enough to be interrupted.
    padding = os.urandom(48 << 10).hex()
    os.write(1, b"ready\n")
    while payload < last or spool.count:
        if payload < last:
            seq += 1
            way.offer(built((EPOCH, seq), way.previous, 2e9, {"payload": payload, "padding": padding}, {}))
            os.write(1, b"%d\n" % payload)
            payload += 1
        way.replay()


main()
