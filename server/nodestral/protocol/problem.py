"""How every refusal is told."""

from typing import Any

from msgspec import Struct


class ProblemDocument(Struct):
    """RFC 9457. `type` is `urn:nodestral:problem:CODE`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, Any]] = []
