"""Brings reports to the server in order, each until it is answered, and keeps them while there is no answer.

A report is offered once. It is sent at once when nothing waits before it, else it goes to the spool and is sent in its
turn, the same bytes with the same epoch and seq, so that an answer that was lost makes no second one on the server.
Each names the one before it by its digest; one that was refused or dropped leaves a break in that chain.
"""

from __future__ import annotations

import os

from nodestral_agent.codec import sha256_hex
from nodestral_agent.errors import Refused, Unreachable
from nodestral_agent.report import numbered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from nodestral_agent.host import Host
    from nodestral_agent.spool import Spool
    from nodestral_agent.state import State
    from nodestral_agent.transport import Transport

PATH = "/agent/v1/reports"
# After a failure: the first pause, and the longest; each lasts half to all of it by chance.
PAUSE_SECONDS = 4.0
LONGEST_PAUSE_SECONDS = 60.0
# A server that knows this node no longer needs a person; asking often helps nobody.
LOCKED_OUT_PAUSE_SECONDS = 300.0
RETRY_AFTER_MAX_SECONDS = 900.0
# Any server gets as long as this to answer.
PATIENCE_SECONDS = 10.0


def chance() -> float:
    """A random number from 0 to 1. `random` would cost the resident process 1 MB."""
    return int.from_bytes(os.urandom(4), "big") / 0xFFFFFFFF


class Delivery:
    """One node's way to one server."""

    def __init__(
        self, host: Host, state: State, spool: Spool, transport: Transport, token: str, say: Callable[[str], None]
    ) -> None:
        self._host = host
        self._state = state
        self._transport = transport
        self._token = token
        self._say = say
        self.previous = state.chain()
        self._pause = PAUSE_SECONDS
        self._trouble = "not tried yet"
        self.spool = spool
        self.next_try = 0.0
        # Whether the server is being waited for: then, and only then, may a signal break in.
        self.waiting = False

    def wait_at_most(self, seconds: float) -> None:
        """No sample is taken while an answer is waited for, so the wait must not be longer than the interval."""
        self._transport.patience_seconds = max(PATIENCE_SECONDS, seconds)

    def offer(self, report: bytes) -> dict[str, Any] | None:
        """Deliver a new report, or keep it. The server's answer when it came at once."""
        if self.spool.count or self._host.monotonic() < self.next_try:
            self._keep(report)
            return None
        try:
            answer = self._send(report)
        except Unreachable as error:
            self._keep(report)
            self._failed(str(error), error.retry_after_seconds)
        except Refused as error:
            if self._locked_out(error):
                self._keep(report)
            else:
                self._set_aside(report, error)
        except BaseException:
            # Told to stop in the middle: whether it arrived is unknown, so it is sent again by the next process.
            self._keep(report)
            raise
        else:
            self._link(report)
            return answer
        return None

    def _keep(self, report: bytes) -> None:
        self.spool.save(report)
        self._link(report)

    def _link(self, report: bytes) -> None:
        # The next one names this one: it has been delivered, or it will be before the next.
        self.previous = sha256_hex(report)
        self._state.save_chain(self.previous)

    def replay(self) -> dict[str, Any] | None:
        """Deliver the oldest waiting report, if its time has come. The server's answer when it came."""
        if not self.spool.count or self._host.monotonic() < self.next_try:
            return None
        report = self.spool.oldest()
        if report is None:
            return None
        try:
            answer = self._send(report)
        except Unreachable as error:
            self._failed(str(error), error.retry_after_seconds)
            return None
        except Refused as error:
            if not self._locked_out(error):
                self._set_aside(report, error)
                self.spool.remove()
            return None
        self.spool.remove()
        return answer

    def _send(self, report: bytes) -> dict[str, Any]:
        seq = numbered(report)[1]
        self.waiting = True
        try:
            answer = self._transport.post(PATH, self._token, report)
        finally:
            self.waiting = False
        ack = answer.get("ack") if isinstance(answer, dict) else None
        if not isinstance(ack, int) or ack < seq:
            raise Unreachable("the server answered without acknowledging the report")
        if self._trouble:
            waiting = f"; {self.spool.count} reports waited" if self.spool.count else ""
            self._say(f"connected to the server{waiting}")
            self._trouble = ""
        self._pause = PAUSE_SECONDS
        self.next_try = 0.0
        found: dict[str, Any] = answer
        return found

    def _failed(self, why: str, retry_after_seconds: float | None) -> None:
        self._note(why)
        pause = self._pause * (0.5 + 0.5 * chance())
        if retry_after_seconds is not None:
            # Everybody is told the same number; nobody should come back at the same moment.
            pause = min(retry_after_seconds, RETRY_AFTER_MAX_SECONDS) + pause
        self.next_try = self._host.monotonic() + pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)

    def _locked_out(self, error: Refused) -> bool:
        if error.status not in (401, 403):
            return False
        self._note(f"{error}. Reports are kept; enrol this machine again if it was removed")
        self.next_try = self._host.monotonic() + LOCKED_OUT_PAUSE_SECONDS * (0.5 + 0.5 * chance())
        return True

    def _set_aside(self, report: bytes, error: Refused) -> None:
        self._say(f"a report was refused for good and set aside: {error}")
        self.spool.set_aside(report, str(error))

    def _note(self, why: str) -> None:
        # One line when it begins or changes, none for each try.
        if why != self._trouble:
            self._say(f"reports are kept on disk: {why}")
        self._trouble = why
