"""Section `system`: what machine this is. One item."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from nodestral.protocol.kinds import Bytes, Count, PastTime, Short


class SystemItem(Struct):
    """The one item of section `system`; its key is "system"."""

    key: Literal["system"]
    hostname: Short
    os_id: Short
    os_name: Short
    os_version: Short
    kernel: Short
    architecture: Short
    cpu_model: Short
    cpu_count: Count
    memory_total_bytes: Bytes
    virtualization: Short
    boot_at: PastTime
    timezone: Short | None = None
    provider: Short | None = None
    addresses: Annotated[list[Short], Meta(max_length=64)] = []
    # The init system: systemd, openrc, runit, s6, sysvinit, launchd …
    init: Short | None = None
    # The newest installed kernel of the running one's kind; null where none is seen, and in containers.
    kernel_installed: Short | None = None
    # null where it cannot be told.
    reboot_required: bool | None = None
    # Packages or reasons, as the distribution's own marker names them, and a newer kernel.
    reboot_reasons: Annotated[list[Short], Meta(max_length=64)] = []
    # What the machine may use when it is a container itself; null: no limit, or not told.
    cpu_limit_cores: Annotated[float, Meta(ge=0, le=1e6)] | None = None
    memory_limit_bytes: Bytes | None = None
