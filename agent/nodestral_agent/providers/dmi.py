"""What the firmware says about the machine: /sys/class/dmi/id, readable for everybody but for serial numbers."""

from __future__ import annotations

from dataclasses import dataclass

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

FOLDER = "/sys/class/dmi/id"
FIELDS = {
    "vendor": "sys_vendor",
    "product": "product_name",
    "asset_tag": "chassis_asset_tag",
    "bios_vendor": "bios_vendor",
    "bios_version": "bios_version",
    "board_vendor": "board_vendor",
}


@dataclass(frozen=True)
class Dmi:
    """Empty where the firmware does not say."""

    vendor: str = ""
    product: str = ""
    asset_tag: str = ""
    bios_vendor: str = ""
    bios_version: str = ""
    board_vendor: str = ""


def dmi(host: Host) -> Dmi:
    """All fields that can be read."""
    return Dmi(**{field: value(host, file) for field, file in FIELDS.items()})


def value(host: Host, file: str) -> str:
    """One field without the spaces around it."""
    try:
        return host.text(f"{FOLDER}/{file}", 4096).strip()
    except (Unavailable, CollectorError):
        return ""
