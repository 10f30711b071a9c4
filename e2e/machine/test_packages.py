"""Packages and updates as the machine's own dpkg and apt tell them, by the system's agent and by an ordinary user's."""

import re
from collections.abc import Callable

import pytest

from e2e.machine import archive, host
from e2e.machine.fleet import MEMBERS, Fleet, Member
from e2e.machine.machine import Machine
from e2e.machine.server import SEEN_WITHIN_SECONDS
from nodestral.inventory.schemas import Package, SeenUpdate, SeenUpdateSource

pytestmark = [pytest.mark.machine, pytest.mark.timeout(600)]

QUERY = r"${db:Status-Status}\t${Package}\t${Version}\t${Architecture}\t${source:Package}\t${Installed-Size}\n"
UPGRADABLE = re.compile(r"(\S+?)/(\S+) (\S+) (\S+) \[upgradable from: (\S+)\]")
TIMER = "apt-daily-upgrade.timer"
PERIODIC = "/etc/apt/apt.conf.d/99nodestral-test"


def told(package: Package) -> tuple[str, str, str, str, int | None]:
    """What dpkg tells of a package too."""
    source = package.source or package.name
    return package.name, package.version, package.architecture, source, package.size_bytes


def installed(machine: Machine) -> set[tuple[str, str, str, str, int | None]]:
    """What dpkg itself has installed."""
    found = set()
    for line in machine.run(f"dpkg-query --show --showformat '{QUERY}'").stdout.splitlines():
        state, name, version, architecture, source, size = line.split("\t")
        if state == "installed":
            found.add((name, version, architecture, source, int(size) * 1024 if size else None))
    return found


def pending(fleet: Fleet, member: Member) -> dict[str, SeenUpdate]:
    """The updates in the API, by name."""
    items = fleet.api.updates(fleet.node_ids[member.name]).items
    return {item.name: item for item in items if isinstance(item, SeenUpdate)}


def manager(fleet: Fleet, member: Member) -> SeenUpdateSource:
    """dpkg itself in the section `updates`."""
    items = fleet.api.updates(fleet.node_ids[member.name]).items
    (found,) = (item for item in items if isinstance(item, SeenUpdateSource))
    return found


def wait(what: str, is_so: Callable[[], bool]) -> None:
    """Until a scan has seen it."""
    host.wait_for(what, is_so, within_seconds=SEEN_WITHIN_SECONDS, every_seconds=1)


def test_every_package_is_listed_as_dpkg_has_it(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        answer = fleet.api.packages(fleet.node_ids[member.name])
        assert answer.coverage is not None
        assert answer.coverage.level == "full"
        mine = {told(package) for package in answer.items if package.manager == "dpkg"}
        truth = installed(fleet.machines[member.name])
        assert len(truth) > 100
        assert mine == truth

    fleet.on_each_member(check)


def test_updates_are_what_apt_would_install(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        machine = fleet.machines[member.name]
        with archive.offered(machine):
            wait(f"{member.name}: an update", lambda: "shop-secure" in pending(fleet, member))
            mine = pending(fleet, member)
            listed = machine.run("LC_ALL=C apt list --upgradable 2>/dev/null").stdout
            truth = {name: versions for name, _, *versions in UPGRADABLE.findall(listed)}
            assert {"shop-plain", "shop-fixed-before", "shop-held"} <= set(truth)
            assert {
                name: [item.candidate_version, item.architecture, item.installed_version] for name, item in mine.items()
            } == truth
            assert {name for name, item in mine.items() if item.security} == {"shop-secure", "shop-fixed-before"}
            assert mine["shop-plain"].security is False
            assert mine["shop-secure"].origin == "Debian-Security:99/stable-security"
            assert {name for name, item in mine.items() if item.held} == {"shop-held"}
            held = {package.name for package in fleet.api.packages(fleet.node_ids[member.name]).items if package.held}
            assert held == {"shop-held", "shop-pinned"}

            # One is installed: it waits no more, and the others still do.
            machine.run("dpkg --install /srv/shop/security/shop-secure_*.deb")
            wait(f"{member.name}: one update less", lambda: "shop-secure" not in pending(fleet, member))
            assert "shop-plain" in pending(fleet, member)
        wait(f"{member.name}: no update", lambda: not any(name.startswith("shop") for name in pending(fleet, member)))

    fleet.on_each_member(check)


def test_unattended_upgrades_are_seen_on_and_off(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        machine = fleet.machines[member.name]
        wait(f"{member.name}: off", lambda: manager(fleet, member).automatic == "off")
        machine.run(f"echo 'APT::Periodic::Unattended-Upgrade \"1\";' >{PERIODIC} && systemctl --quiet enable {TIMER}")
        try:
            wait(f"{member.name}: on", lambda: manager(fleet, member).automatic == "all")
            assert manager(fleet, member).automatic_by == "unattended-upgrades"
            machine.run(f"echo 'APT::Periodic::Enable \"0\";' >>{PERIODIC}")
            wait(f"{member.name}: off again", lambda: manager(fleet, member).automatic == "off")
        finally:
            machine.run(f"rm {PERIODIC}; systemctl --quiet disable {TIMER}")

    fleet.on_each_member(check)


def test_the_age_of_the_index_is_told(fleet: Fleet) -> None:
    member = MEMBERS[0]
    machine = fleet.machines[member.name]
    refreshed_at = float(machine.run("stat --format %Y /var/lib/apt/lists").stdout)
    wait("the index's age", lambda: manager(fleet, member).index_refreshed_at is not None)
    seen = manager(fleet, member).index_refreshed_at
    assert seen is not None
    assert abs(seen - refreshed_at) < 2
    machine.run("touch --date '10 days ago' /var/lib/apt/lists")
    try:

        def is_old() -> bool:
            coverage = fleet.api.updates(fleet.node_ids[member.name]).coverage
            return coverage is not None and (coverage.level, coverage.grant) == ("partial", "apt-get update")

        wait("an old index", is_old)
    finally:
        machine.run(f"touch --date @{refreshed_at:.0f} /var/lib/apt/lists")
