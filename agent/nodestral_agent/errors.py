"""What can go wrong in the agent.

    AgentError
    ├── Unavailable              nothing of this kind is on this machine: said quietly, never an alarm
    ├── CollectorError           something is there and could not be read: what went wrong, and on which path
    │   ├── Denied               permission is missing: `grant` names the smallest one that would help
    │   └── HoldsKey             a file of certificates that holds a private key too: it is not read
    ├── Refused                  the server answered and did not accept: status, code, sentence
    ├── Unreachable              no answer from the server; `retry_after_seconds` where it said when to come back
    └── Misuse                   a command or a setting makes no sense: one sentence that says what to do

A collector raises; the scan catches once and turns it into coverage. The loop catches the transport's two.
"""

from __future__ import annotations


class AgentError(Exception):
    """Whatever the agent raises on purpose."""


class Unavailable(AgentError):
    """Nothing of this kind is on this machine."""


class CollectorError(AgentError):
    """Something is there and could not be read."""

    def __init__(self, what: str, path: str = "") -> None:
        super().__init__(f"{path}: {what}" if path else what)
        self.what = what
        self.path = path


class Denied(CollectorError):
    """Permission is missing. `grant` is the smallest one that would help, in words for a person ("" when unknown)."""

    def __init__(self, what: str, path: str = "", grant: str = "") -> None:
        super().__init__(what, path)
        self.grant = grant


class HoldsKey(CollectorError):
    """A private key begins here, or would: the file is not read on, and nothing of it is kept."""


class Refused(AgentError):
    """The server answered with a status that is not a success. `code` is the problem's stable name."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"the server answered {status} ({code}): {detail}")
        self.status = status
        self.code = code
        self.detail = detail


class Unreachable(AgentError):
    """There is no answer from the server: no connection, no trust, no time, or it asked to come back later."""

    def __init__(self, why: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(why)
        self.retry_after_seconds = retry_after_seconds


class Misuse(AgentError):
    """A command or a setting makes no sense."""
