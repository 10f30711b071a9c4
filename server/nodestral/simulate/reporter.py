"""Reports of one simulated node, numbered and chained as the protocol wants, kept until they are acknowledged."""

import gzip
import hashlib
import random
from collections import deque

import msgspec

from nodestral import __version__
from nodestral.protocol import (
    AgentInfo,
    EnrollRequest,
    Report,
    ReportAnswer,
    Sample,
    Section,
    Sections,
)
from nodestral.simulate import sections
from nodestral.simulate.machine import Machine
from nodestral.simulate.sections import SECTIONS

# The wire's own bound on samples in one report.
SAMPLES_MAX = 120
# What a real agent keeps is bounded too; a simulated one forgets the oldest.
SPOOL_MAX = 500
LEVEL = 1
_encoder = msgspec.json.Encoder()
_canonical = msgspec.json.Encoder(order="sorted")
_answer = msgspec.json.Decoder(ReportAnswer)


class Pending:
    """A report that is not acknowledged yet. digest: of the bytes that were sent last, for the chain."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.digest = ""


class Reporter:
    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.node_id: str | None = None
        self.spool: deque[Pending] = deque()
        self.dropped = 0
        self.refused = 0
        self._prev: str | None = None
        self._acknowledged: dict[str, str] = {}
        self._needed: set[str] = set()
        self.new_epoch()

    def new_epoch(self) -> None:
        """As at each start of an agent's process."""
        self._epoch = random.SystemRandom().randrange(1, 2**53)
        self._seq = 0

    def enrollment(self) -> bytes:
        who = self.machine.who
        return _encoder.encode(
            EnrollRequest(
                secret_sha256=hashlib.sha256(who.token.encode()).hexdigest(),
                hostname=who.hostname,
                agent_version=__version__,
                os_name=who.system[1],
            )
        )

    def add(self, samples: list[Sample], *, with_sections: bool) -> None:
        """Queue a report. with_sections: a scan has just been made."""
        self._seq += 1
        report = Report(
            epoch=self._epoch,
            seq=self._seq,
            sent_at=samples[-1].at,
            node_id=self.node_id,
            agent=AgentInfo(
                __version__, "3.11.2", "nodestral-agent", "system",
                spooled_reports=len(self.spool), dropped_reports=self.dropped, refused_reports=self.refused,
            ),
            samples=samples,
            sections=self._sections(samples[-1].at) if with_sections else Sections(),
            coverage=sections.coverage(self.machine) if with_sections else {},
        )  # fmt: skip
        self.spool.append(Pending(report))
        if len(self.spool) > SPOOL_MAX:
            self.spool.popleft()
            self.dropped += 1

    def _sections(self, now: float) -> Sections:
        found = Sections()
        for name in SECTIONS:
            items = sections.items(self.machine, name)
            digest = hashlib.sha256(_canonical.encode(items)).hexdigest()[:32]
            is_new = name in self._needed or self._acknowledged.get(name) != digest
            gauges = sections.gauges(self.machine, name, now)
            setattr(found, name, Section(digest, items if is_new else None, gauges))
        return found

    def next_body(self, now: float) -> bytes:
        """The oldest report that is not acknowledged, as it is sent: packed."""
        pending = self.spool[0]
        pending.report.prev = self._prev
        pending.report.sent_at = round(now, 3)
        raw = _encoder.encode(pending.report)
        pending.digest = hashlib.sha256(raw).hexdigest()
        return gzip.compress(raw, LEVEL, mtime=0)

    def acknowledged(self, body: bytes) -> ReportAnswer:
        """The oldest report has been stored. Raises msgspec.ValidationError if the answer is none."""
        answer = _answer.decode(body)
        pending = self.spool.popleft()
        self._prev = pending.digest
        for name in SECTIONS:
            section = getattr(pending.report.sections, name)
            if section is not None:
                self._acknowledged[name] = section.hash
        self._needed = set(answer.need)
        return answer

    def set_aside(self) -> None:
        """The oldest report is refused for good."""
        self.spool.popleft()
        self.refused += 1
