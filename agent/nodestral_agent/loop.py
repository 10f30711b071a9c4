"""The resident process: samples, scans and reports on time, until told to stop.

One thread, one poll. Schedules stand on the monotonic clock; the first phases are random, so that machines that start
together do not report together.
"""

from __future__ import annotations

import os
import select
import sys

from nodestral_agent import __version__, pages, signals
from nodestral_agent.delivery import chance
from nodestral_agent.errors import AgentError
from nodestral_agent.hosts import sampler_of
from nodestral_agent.notify import Notifier
from nodestral_agent.report import built

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, Callable

    from nodestral_agent.delivery import Delivery
    from nodestral_agent.host import Host
    from nodestral_agent.inventory import Inventory

# The agent's own bounds, whatever the server asks.
INTERVAL_SECONDS = 30.0
INTERVAL_BOUNDS = (5.0, 3600.0)
SCAN_SECONDS = 300.0
SCAN_BOUNDS = (10.0, 86_400.0)
# The second reading, from which the first rates come, and the first report.
FIRST_REPORT_SECONDS = 1.0
# News of a scan do not wait for the next report.
NEWS_SECONDS = 1.0
# Between two replayed reports, so that a long queue takes neither the server nor this machine for itself.
REPLAY_SECONDS = 0.05
# Memory is given back before a wait of at least this long, once after each report.
REST_SECONDS = 2.0
# 2020-01-01: a clock before it has not been set yet, and what it stamps would be refused.
EARLIEST_TIME = 1_577_836_800


class Stopped(BaseException):
    """Told to stop while the server was being waited for."""


def bounded(asked: object, bounds: tuple[float, float], otherwise: float) -> float:
    """A number of seconds that the server asked for, within the agent's own bounds."""
    if isinstance(asked, bool) or not isinstance(asked, (int, float)):
        return otherwise
    # NaN and infinity are not JSON, so the decoder has refused them already.
    return min(max(float(asked), bounds[0]), bounds[1])


class Loop:
    """One run of the agent."""

    def __init__(
        self,
        host: Host,
        delivery: Delivery,
        inventory: Inventory,
        about: Callable[[], dict[str, Any]],
        node_id: str,
        settings: object,
        say: Callable[[str], None],
    ) -> None:
        """`about`: the report's `agent` object as of now. `settings`: the server's wishes as of enrolment."""
        self._host = host
        self._delivery = delivery
        self._inventory = inventory
        self._about = about
        self._node_id = node_id
        self._say = say
        self._sampler = sampler_of(host)
        self._notifier = Notifier(os.environ)
        self._interval = INTERVAL_SECONDS
        self._scan_interval = SCAN_SECONDS
        self._epoch = new_epoch()
        self._seq = 0
        self._stopping = False
        self._clock_complained = False
        self._sample_trouble = ""
        now = host.monotonic()
        self._next_report = now + FIRST_REPORT_SECONDS + chance()
        self._next_scan = now
        self._next_replay = now
        self._next_haste = now
        self._scan_asked = False
        self._first = True
        self._rested = False
        self._adopt(settings)

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        reader, writer = os.pipe()
        for end in (reader, writer):
            os.set_blocking(end, False)
        signals.wake(writer, warn_on_full_buffer=False)
        signals.handle(signals.SIGTERM, self._on_stop)
        signals.handle(signals.SIGINT, self._on_stop)
        signals.handle(signals.SIGHUP, self._on_rescan)
        signals.handle(signals.SIGPIPE, signals.SIG_IGN)
        self._take_sample()
        self._notifier.ready()
        try:
            while not self._stopping:
                self._turn()
                self._wait(reader)
        except Stopped:
            pass
        finally:
            self._notifier.stopping()
            self._inventory.stop()

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        if self._delivery.waiting:
            raise Stopped

    def _on_rescan(self, _number: int, _frame: FrameType | None) -> None:
        self._scan_asked = True

    def _wait(self, reader: int) -> None:
        waiting = select.poll()
        waiting.register(reader, select.POLLIN)
        scan = self._inventory.descriptor
        if scan is not None:
            waiting.register(scan, select.POLLIN)
        due = min(self._next_report, self._next_scan)
        if self._delivery.spool.count:
            due = min(due, max(self._next_replay, self._delivery.next_try))
        left = due - self._host.monotonic()
        if scan is not None:
            left = min(left, 1.0)  # its deadline is looked at as well
        left = min(left, self._notifier.interval_seconds)
        if not self._rested and left >= REST_SECONDS:
            self._rested = True
            pages.let_go()
        waiting.poll(max(0.0, left) * 1000 + 1)
        try:
            os.read(reader, 512)
        except BlockingIOError:
            pass

    def _turn(self) -> None:
        self._notifier.alive()
        now = self._host.monotonic()
        if self._scan_asked or now >= self._next_scan:
            self._scan_asked = False
            # Begun again only when the last one ended, however short the interval is.
            self._inventory.start()
            self._next_scan = now + self._scan_interval * (0.95 + 0.1 * chance())
        if self._inventory.advance():
            self._sampler.watch(self._inventory.watched())
            if self._inventory.changed():
                self._hasten()
        if now >= self._next_report:
            # A first phase by chance, then the interval give or take a twentieth.
            share = chance() if self._first else 0.95 + 0.1 * chance()
            self._first = False
            self._next_report = now + max(INTERVAL_BOUNDS[0], self._interval * share)
            self._rested = False
            self._report()
        elif self._delivery.spool.count and now >= self._next_replay:
            self._next_replay = now + REPLAY_SECONDS
            self._heed(self._delivery.replay())

    def _hasten(self) -> None:
        self._next_report = min(self._next_report, self._host.monotonic() + NEWS_SECONDS * (0.5 + 0.5 * chance()))

    def _take_sample(self) -> dict[str, Any] | None:
        try:
            return self._sampler.take()
        except AgentError as error:
            trouble = f"no sample: {error}"
        except Exception as error:  # noqa: BLE001 # a kernel that writes what no reader expected must not end the agent
            trouble = f"no sample: {type(error).__name__}: {error}"
        if trouble != self._sample_trouble:
            self._say(trouble)
        self._sample_trouble = trouble
        return None

    def _report(self) -> None:
        sample = self._take_sample()
        if self._host.now() < EARLIEST_TIME:
            if not self._clock_complained:
                self._say("this machine's clock is before 2020; nothing is reported until it is set")
            self._clock_complained = True
            return
        sections, coverage = self._inventory.for_report()
        refused = self._delivery.spool.refused
        self._offer(sample, sections, coverage)
        if sections and self._delivery.spool.refused > refused:
            # Most likely for something that a collector found; that must not cost the sample.
            self._inventory.refused()
            self._offer(sample, {}, {})
        if self._inventory.more:
            self._hasten()

    def _offer(self, sample: dict[str, Any] | None, sections: dict[str, bytes], coverage: dict[str, Any]) -> None:
        self._seq += 1
        content = {
            "node_id": self._node_id,
            "agent": self._about(),
            "samples": [sample] if sample else [],
            "coverage": coverage,
        }
        number = (self._epoch, self._seq)
        report = built(number, self._delivery.previous, self._host.now(), content, sections)
        self._heed(self._delivery.offer(report))

    def _heed(self, answer: dict[str, Any] | None) -> None:
        if answer is None:
            return
        self._adopt(answer.get("settings"))
        need = answer.get("need")
        if isinstance(need, list) and self._inventory.needed([name for name in need if isinstance(name, str)]):
            # Once an interval at most, whatever a server keeps asking for.
            now = self._host.monotonic()
            if now >= self._next_haste:
                self._next_haste = now + self._interval
                self._hasten()

    def _adopt(self, settings: object) -> None:
        if not isinstance(settings, dict):
            return
        now = self._host.monotonic()
        interval = bounded(settings.get("interval_seconds"), INTERVAL_BOUNDS, self._interval)
        if interval != self._interval:
            self._interval = interval
            self._delivery.wait_at_most(interval)
            self._next_report = min(self._next_report, now + interval)
        scan_interval = bounded(settings.get("scan_interval_seconds"), SCAN_BOUNDS, self._scan_interval)
        if scan_interval != self._scan_interval:
            self._scan_interval = scan_interval
            self._next_scan = min(self._next_scan, now + scan_interval)


def new_epoch() -> int:
    """53 random bits, never 0: no two runs of any agent share one."""
    return (int.from_bytes(os.urandom(7), "big") >> 3) or 1


def about(user: str, uid: int, plain_http: bool) -> dict[str, Any]:
    """What a report says of the agent itself, without the spool's counts."""
    version = sys.version_info
    return {
        "version": __version__,
        "python": f"{version[0]}.{version[1]}.{version[2]}",
        "user": user,
        "scope": "system" if uid == 0 or os.environ.get("STATE_DIRECTORY") else "user",
        "plain_http": plain_http,
    }
