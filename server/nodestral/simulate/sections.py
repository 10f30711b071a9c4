"""A simulated node's inventory, section by section, and what its agent may not see of it."""

from collections.abc import Callable, Sequence
from typing import Any, get_args

from nodestral.protocol import Coverage, PackageItem, SectionName
from nodestral.simulate import access, certificates, place, software, workloads
from nodestral.simulate.machine import Machine

SECTIONS: tuple[SectionName, ...] = get_args(SectionName)
# One agent in so many was installed by an ordinary user, without helpers.
UNHELPED = 4
INDEX_SECONDS = 24 * 3600.0
HELPER = "curl -sfL https://nodestral.example.com/install.sh | sh -s -- --enable firewall"


def is_helped(machine: Machine) -> bool:
    return machine.who.seed % UNHELPED != 0


def _packages(machine: Machine) -> Sequence[PackageItem]:
    os_id, _, os_version, _ = machine.who.system
    return software.packages(os_id, os_version, machine.who.role.name)


TOLD: dict[SectionName, Callable[[Machine], Sequence[Any]]] = {
    "system": lambda machine: [machine.system()],
    "services": workloads.services,
    "ports": workloads.ports,
    "containers": workloads.containers,
    "certificates": lambda machine: certificates.certificates(machine.who, machine.born_at),
    "packages": _packages,
    "updates": lambda machine: software.updates(_packages(machine), machine.who.system[0], machine.who.seed),
    "firewall": lambda machine: access.firewall(machine.who) if is_helped(machine) else [],
    "users": lambda machine: access.users(machine.who),
    "cloud": lambda machine: place.cloud(machine.who),
    "monitoring": lambda machine: place.monitoring(machine.who),
}


def items(machine: Machine, name: SectionName) -> list[Any]:
    """In the order of their keys."""
    return sorted(TOLD[name](machine), key=lambda item: item.key)


def gauges(machine: Machine, name: SectionName, now: float) -> dict[str, dict[str, float]] | None:
    """now: Unix seconds."""
    if name == "services":
        return workloads.service_gauges(machine, now)
    if name == "updates":
        manager = software.manager_of(machine.who.system[0])
        refreshed = (now - machine.phase) // INDEX_SECONDS * INDEX_SECONDS + machine.phase
        return {f"manager/{manager}": {"index_refreshed_at": refreshed}}
    if name == "firewall" and is_helped(machine):
        return access.firewall_gauges(access.firewall(machine.who), (now - machine.boot_at) * 3)
    if name == "users":
        return {"user/ada": {"last_login_at": now - machine.who.seed % 900_000}}
    return None


def coverage(machine: Machine) -> dict[str, Coverage]:
    told: dict[str, Coverage] = dict.fromkeys(SECTIONS, Coverage("full", duration_seconds=0.2))
    if not machine.who.role.containers:
        told["containers"] = Coverage("absent", "There is no container engine on this machine.")
    if not certificates.certificates(machine.who, machine.born_at):
        told["certificates"] = Coverage("absent", "No configuration names a certificate, and no port serves one.")
    if not place.monitoring(machine.who):
        told["monitoring"] = Coverage("absent", "No other agent was found.")
    if not is_helped(machine):
        told["firewall"] = Coverage("denied", "The kernel tells its rules only to those with CAP_NET_ADMIN.", HELPER)
    return told
