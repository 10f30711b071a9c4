"""Keeps time for all nodes: each enrolls once, then reports at its own moment of every interval over a connection that
stays open. What cannot be delivered is kept and sent in order, as a real agent does.
"""

import asyncio
import random
import resource
import time
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from nodestral.protocol import EnrollAnswer, ReportAnswer
from nodestral.simulate.connection import Answer, Connection, server
from nodestral.simulate.identity import identity
from nodestral.simulate.machine import Machine
from nodestral.simulate.measure import Measure
from nodestral.simulate.reporter import SAMPLES_MAX, Pending, Reporter

# More nodes than this share connections: the machine that simulates has only so many ports.
CONNECTIONS_MAX = 10_000
ENROLLING_AT_ONCE = 20
BACKLOG_STEP_SECONDS = 60.0
SCAN_EVERY_SECONDS = 300.0
FOR_EVER_SECONDS = 10.0 * 365 * 86_400
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
REFUSED_FOR_GOOD = frozenset({400, 403, 404, 405, 409, 413, 415, 422})


class Plan(NamedTuple):
    """interval_seconds: None takes what the server asks for. seconds: None runs until cancelled."""

    url: str
    install_token: str
    nodes: int
    interval_seconds: float | None = None
    seconds: float | None = None
    backlog_seconds: float = 0.0


class Unwelcome(Exception):
    """The server takes no such node; the message is its own."""


# Told of each acknowledged report: the node's id, the report, the answer.
OnAcknowledged = Callable[[str, Pending, ReportAnswer], None]


def nothing(node_id: str, pending: Pending, answer: ReportAnswer) -> None:
    pass


async def run(
    plan: Plan,
    measure: Measure,
    *,
    say: Callable[[str], None] = lambda _: None,
    on_acknowledged: OnAcknowledged = nothing,
) -> None:
    """Raises Unwelcome when the server refuses the install token, OSError when it cannot be reached at first."""
    _raise_file_limit()
    target = server(plan.url)
    connections = [Connection(target) for _ in range(min(plan.nodes, CONNECTIONS_MAX))]
    gate = asyncio.Semaphore(ENROLLING_AT_ONCE)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_tell(measure, say))]
            for number in range(plan.nodes):
                connection = connections[number % len(connections)]
                node = Node(number, plan, connection, gate, measure, on_acknowledged)
                tasks.append(group.create_task(node.run()))
            await asyncio.sleep(plan.seconds if plan.seconds is not None else FOR_EVER_SECONDS)
            for task in tasks:
                task.cancel()
    except BaseExceptionGroup as errors:
        # The first node that failed has told the reason for all.
        raise errors.exceptions[0] from None
    finally:
        for connection in connections:
            connection.close()


async def _tell(measure: Measure, say: Callable[[str], None]) -> None:
    while True:
        await asyncio.sleep(5)
        say(measure.line())


def _raise_file_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Node:
    def __init__(
        self,
        number: int,
        plan: Plan,
        connection: Connection,
        gate: asyncio.Semaphore,
        measure: Measure,
        on_acknowledged: OnAcknowledged,
    ) -> None:
        self._plan = plan
        self._connection = connection
        self._gate = gate
        self._measure = measure
        self._on_acknowledged = on_acknowledged
        self._now = time.time()
        self._machine = Machine(identity(number, plan.install_token), self._now - plan.backlog_seconds)
        self._reporter = Reporter(self._machine)
        self._interval = plan.interval_seconds or 30.0
        self._pause = FIRST_PAUSE_SECONDS
        self._scan_due = 0.0

    async def run(self) -> None:
        async with self._gate:
            await self._enroll()
            self._measure.enrolled += 1
            if self._plan.backlog_seconds:
                self._look_back()
                await self._deliver()
        due = time.monotonic() + random.random() * self._interval  # noqa: S311
        while True:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due = max(due + self._interval, time.monotonic())
            if self._observe():
                await self._deliver()

    async def _enroll(self) -> None:
        while True:
            answer = await self._ask("/agent/v1/enroll", self._plan.install_token, self._reporter.enrollment())
            if answer is not None and answer.status == 201:
                enrolled = msgspec.json.decode(answer.body, type=EnrollAnswer)
                self._reporter.node_id = enrolled.node_id
                self._interval = self._plan.interval_seconds or enrolled.settings.interval_seconds
                return
            if answer is not None and 400 <= answer.status < 500 and answer.status not in (408, 429):
                raise Unwelcome(_detail(answer))
            await self._wait(answer)

    def _look_back(self) -> None:
        """The past, a sample a minute, as an agent that was offline would bring it."""
        end = time.time()
        at = end - self._plan.backlog_seconds
        samples = []
        while at < end - BACKLOG_STEP_SECONDS:
            if self._machine.live(at):
                samples.append(self._machine.sample(at, BACKLOG_STEP_SECONDS))
            if len(samples) == SAMPLES_MAX:
                self._reporter.add(samples, with_sections=False)
                samples = []
            at += BACKLOG_STEP_SECONDS
        if samples:
            self._reporter.add(samples, with_sections=False)

    def _observe(self) -> bool:
        """Take a sample and queue it. False while the machine is off."""
        now = time.time()
        was_off = bool(self._machine.off_until)
        if not self._machine.live(now):
            return False
        if was_off:
            self._reporter.new_epoch()
            self._scan_due = 0.0
        is_scan = now >= self._scan_due
        if is_scan:
            self._scan_due = now + SCAN_EVERY_SECONDS
        self._reporter.add([self._machine.sample(now, self._interval)], with_sections=is_scan)
        return True

    async def _deliver(self) -> None:
        """Send what is queued, in order. What cannot be sent now waits for the next time."""
        reporter = self._reporter
        while reporter.spool:
            answer = await self._ask(
                "/agent/v1/reports", self._machine.who.token, reporter.next_body(time.time()), packed=True
            )
            if answer is None or answer.status in (408, 429) or answer.status >= 500:
                await self._wait(answer)
                continue
            self._pause = FIRST_PAUSE_SECONDS
            if answer.status == 200:
                pending = reporter.spool[0]
                stored = reporter.acknowledged(answer.body)
                self._measure.acknowledged += 1
                self._measure.samples += len(pending.report.samples)
                self._measure.duplicates += stored.duplicate
                if stored.need:
                    self._scan_due = 0.0
                self._on_acknowledged(reporter.node_id or "", pending, stored)
            elif answer.status in REFUSED_FOR_GOOD:
                reporter.set_aside()
            else:
                raise Unwelcome(_detail(answer))

    async def _ask(self, path: str, token: str, body: bytes, *, packed: bool = False) -> Answer | None:
        started = time.monotonic()
        try:
            answer = await self._connection.request(path, token, body, packed=packed)
        except (OSError, TimeoutError):
            self._measure.lost_connections += 1
            return None
        self._measure.answered(answer.status, time.monotonic() - started)
        return answer

    async def _wait(self, answer: Answer | None) -> None:
        asked = answer.retry_after_seconds if answer is not None else 0.0
        await asyncio.sleep(max(asked, self._pause) * random.uniform(0.7, 1.3))  # noqa: S311
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)


def _detail(answer: Answer) -> str:
    try:
        return str(msgspec.json.decode(answer.body)["detail"])
    except (msgspec.DecodeError, KeyError, TypeError):
        return f"The server answered {answer.status}."
