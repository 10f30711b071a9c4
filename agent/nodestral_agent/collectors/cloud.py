"""Where the machine stands: provider, region, zone, instance, addresses; or whose hardware it is.

Sources: the firmware's fields in /sys/class/dmi/id (/proc/device-tree/model on boards), what cloud-init has learnt at
boot (/run/cloud-init/instance-data.json), and the metadata service of the very provider that the firmware names. No
other machine is asked anything over the network. The service gets one second for an answer and two for all, once a day
and after each boot; user data, keys and credentials are never asked for.

Permission: none.
"""

from __future__ import annotations

import ipaddress
import json

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.providers import Provider, of_firmware
from nodestral_agent.providers.dmi import FOLDER, Dmi, dmi, value
from nodestral_agent.providers.metadata import Answers
from nodestral_agent.report import Collected, coverage
from nodestral_agent.workloads.addresses import addresses
from nodestral_agent.workloads.sockets import address_class
from nodestral_agent.workloads.virtualization import by_cpu, by_firmware

SECTION = "cloud"
BOARD = "/proc/device-tree/model"
CLOUD_INIT = "/run/cloud-init/instance-data.json"
CLOUD_INIT_MAX = 4 << 20
# Types of cases in the SMBIOS specification, 7.4.1, that stand at home or on a desk.
AT_HOME = frozenset(
    {"3", "4", "5", "6", "7", "8", "9", "10", "13", "14", "15", "16", "24", "30", "31", "32", "33", "35", "36"}
)
# What makers leave in a field that they did not fill in.
NO_WORDS = frozenset(
    {"", "to be filled by o.e.m.", "system manufacturer", "system product name", "default string", "none"}
)
FIELDS = ("region", "zone", "instance_id", "instance_type")
RETRY_SECONDS = 3600


def stamp(host: Host) -> str:
    """Boot, firmware, addresses and cloud-init's file. What the service did not tell is asked for again every hour."""
    parts = [text(host, "/proc/sys/kernel/random/boot_id"), str(dmi(host)), str(addresses(host))]
    try:
        parts.append(str(host.stat(CLOUD_INIT).st_mtime_ns))
    except (Unavailable, CollectorError):
        parts.append("")
    if any(item.get("kind") == "cloud" and not item.get("instance_id") for item in host.before(SECTION)):
        parts.append(str(int(host.now() // RETRY_SECONDS)))
    return "\n".join(parts)


def collect(host: Host) -> Collected:
    """The one item. Unavailable where no firmware says anything, as in most containers on boards."""
    firmware = dmi(host)
    provider = of_firmware(firmware)
    product = named(firmware) or text(host, BOARD).strip("\0 \n")
    if not product and provider is None:
        host.names(FOLDER)  # says whether it is closed
        raise Unavailable("the firmware does not say what machine this is")
    values: dict[str, str] = {}
    sources, trouble = ["firmware"], ""
    if provider is not None:
        values, sources, trouble = asked(host, provider)
    public, private = own_addresses(host, values)
    item = {
        "key": "cloud",
        "kind": "cloud" if provider else kind(host, firmware),
        "source": "both" if len(sources) > 1 else sources[0],
        "provider": provider.NAME if provider else None,
        **{field: values.get(field) for field in FIELDS},
        "product": product or None,
        "public_addresses": public,
        "private_addresses": private,
    }
    if provider and trouble:
        reason = f"{provider.NAME}'s metadata service did not tell everything ({trouble})."
        return Collected([item], coverage("partial", reason))
    return Collected([item], coverage("full"))


def asked(host: Host, provider: Provider) -> tuple[dict[str, str], list[str], str]:
    """Values by field, what told them, and why some are missing: cloud-init first, then the service for the rest."""
    values, sources = from_cloud_init(host, provider), ["firmware"]
    if values:
        sources.append("cloud-init")
    if all(values.get(field) for field in ("region", "instance_id", "instance_type")):
        return values, sources, ""
    answers = Answers(host, provider.SERVICE)
    told = placed(provider, answers.values)
    if told:
        sources.append("metadata")
    return {**values, **told}, sources, answers.trouble


def placed(provider: Provider, values: dict[str, str]) -> dict[str, str]:
    """The values as people know them, where the provider has a way of its own to write them."""
    own = getattr(provider, "placed", None)
    made: dict[str, str] = own(values) if own else values
    return made


def from_cloud_init(host: Host, provider: Provider) -> dict[str, str]:
    """What cloud-init keeps for everybody, if it found the provider that the firmware names. Secrets are not in it."""
    try:
        data = json.loads(host.read(CLOUD_INIT, CLOUD_INIT_MAX))
        told = data["v1"]
        if told.get("cloud_name") not in provider.CLOUD_INIT:
            return {}
        metadata = (data.get("ds") or {}).get("meta_data") or {}
        found = {
            "region": told.get("region"),
            "zone": told.get("availability_zone"),
            "instance_id": told.get("instance_id"),
            "instance_type": metadata.get("instance-type"),
        }
    except (Unavailable, CollectorError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return placed(provider, {name: told for name, told in found.items() if isinstance(told, str) and told})


def own_addresses(host: Host, values: dict[str, str]) -> tuple[list[str], list[str]]:
    """Public and private ones: those of the interfaces, and those that the provider translates to them."""
    found = dict.fromkeys(
        [*addresses(host), *filter(None, (clean(values.get(name)) for name in ("public", "private")))]
    )
    by_class: dict[str, list[str]] = {"public": [], "private": []}
    for address in found:
        by_class.get(address_class(address), []).append(address)
    return by_class["public"][:64], by_class["private"][:64]


def clean(told: str | None) -> str | None:
    """An address that a service told; some write a prefix length behind it."""
    try:
        return str(ipaddress.ip_address((told or "").partition("/")[0]))
    except ValueError:
        return None


def kind(host: Host, firmware: Dmi) -> str:
    """What the machine is when no provider is known."""
    if by_firmware(firmware) or by_cpu(host):
        return "virtual"
    return "home" if value(host, "chassis_type") in AT_HOME or not named(firmware) else "metal"


def named(firmware: Dmi) -> str:
    """Maker and model, as far as the maker has filled them in."""
    words = [word for word in (firmware.vendor, firmware.product) if word.lower() not in NO_WORDS]
    return " ".join(dict.fromkeys(words))


def text(host: Host, path: str) -> str:
    """A small file's text; empty where there is none."""
    try:
        return host.text(path, 4096).strip()
    except (Unavailable, CollectorError):
        return ""
