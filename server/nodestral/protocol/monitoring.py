"""Section `monitoring`: other programs that watch this machine."""

from typing import Annotated

from msgspec import Meta, Struct

from nodestral.protocol.kinds import Key, Short


class MonitoringItem(Struct):
    """Key: its name. evidence: what gave it away: process, unit or package.

    port: one that its own unit or container listens on. version: of its package.
    """

    key: Key
    name: Short
    running: bool
    evidence: Short
    version: Short | None = None
    unit: Short | None = None
    container_id: Short | None = None
    port: Annotated[int, Meta(ge=0, le=65535)] | None = None
