"""Section `updates`: what could be updated, and who keeps watch over it."""

from msgspec import Struct

from nodestral.protocol.kinds import Key, Percent, Short, Text


class PendingUpdate(Struct, tag_field="kind", tag="update"):
    """Key: `MANAGER/NAME/ARCHITECTURE`, as in `packages`. security: null where the manager cannot tell.

    origin: the repository. held: it is not installed because the package is held. phased_percent: the share of machines
    that get it so far; apt may wait with it on this one.
    """

    key: Key
    manager: Short
    name: Short
    candidate_version: Short
    installed_version: Short | None = None
    architecture: Short = ""
    security: bool | None = None
    origin: Text | None = None
    held: bool = False
    phased_percent: Percent | None = None


class UpdateSource(Struct, tag_field="kind", tag="manager"):
    """A package manager of this machine. Key: `manager/MANAGER`. Gauge: index_refreshed_at.

    automatic: whether updates are installed by themselves: all, security, download, off; null where it is not told.
    automatic_by: unattended-upgrades, dnf-automatic …
    """

    key: Key
    manager: Short
    automatic: Short | None = None
    automatic_by: Short | None = None


UpdateItem = PendingUpdate | UpdateSource
