"""Section `monitoring`: other programs that watch this machine."""

from msgspec import Struct

from nodestral.protocol.kinds import Key, Short


class MonitoringItem(Struct):
    """Key: its name. evidence: what gave it away: process, unit, package or port."""

    key: Key
    name: Short
    running: bool
    evidence: Short
    version: Short | None = None
    unit: Short | None = None
    port: Short | None = None
