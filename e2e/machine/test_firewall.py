"""The firewall of real machines: what nft and iptables themselves say is the judge.

The agent's own account sees nothing of it and names the line that grants it; that very line puts the helper there.
"""

import re
from collections.abc import Callable, Iterator

import pytest

from e2e.machine import host
from e2e.machine.changes import changed_files
from e2e.machine.fleet import Fleet, install, uninstall
from e2e.machine.machine import Machine
from e2e.machine.server import SEEN_WITHIN_SECONDS
from nodestral.inventory.schemas import FirewallList, SeenFirewallBackend, SeenFirewallRule

pytestmark = [pytest.mark.machine, pytest.mark.timeout(900)]

HELPER = "nodestral-helper-firewall.service"
RULES = """
flush ruleset
table inet shop {
  set office { type ipv4_addr; flags interval; elements = { 192.0.2.128/25 } }
  chain input {
    type filter hook input priority 0; policy accept;
    tcp dport { 22, 443 } counter accept comment "the door"
    ip saddr @office tcp dport 5432 accept
    tcp dport 25 drop
  }
}
"""
# What useradd and userdel keep of the state before.
_ACCOUNT_BACKUPS = {"etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-", "etc/subuid-", "etc/subgid-"}


@pytest.fixture(params=["bullseye", "bookworm", "trixie"])
def machine(fleet: Fleet, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A machine that nobody has touched; its nodes are gone from the dashboard afterwards."""
    name = f"wall-{request.param}"
    yield fleet.new_machine(name, request.param)
    fleet.remove_machine(name)


def wait_for(
    fleet: Fleet, node_id: str, what: str, is_so: Callable[[FirewallList], bool], seconds: float = SEEN_WITHIN_SECONDS
) -> FirewallList:
    def look() -> FirewallList | None:
        told = fleet.api.firewall(node_id)
        return told if is_so(told) else None

    return host.wait_for(what, look, within_seconds=seconds, every_seconds=1)


def rules(told: FirewallList) -> list[SeenFirewallRule]:
    return [item for item in told.items if isinstance(item, SeenFirewallRule)]


def backends(told: FirewallList) -> dict[str, SeenFirewallBackend]:
    return {item.name: item for item in told.items if isinstance(item, SeenFirewallBackend)}


def texts(told: FirewallList, backend: str) -> list[str]:
    """The rules of one firewall, chain by chain in their order, as their own tool writes them."""
    those = [rule for rule in rules(told) if rule.backend == backend]
    return [rule.text for rule in sorted(those, key=lambda rule: (rule.family, rule.table, rule.chain, rule.position))]


def nft_says(machine: Machine) -> list[str]:
    """Rules of the table of RULES, without counters: nft's own word."""
    listed = machine.run("nft --stateless list chain inet shop input").stdout
    return [line.strip() for line in listed.splitlines() if line.startswith("\t\t") and "hook" not in line]


def iptables_says(machine: Machine, program: str) -> list[str]:
    saved = machine.run(program).stdout
    return sorted(line for line in saved.splitlines() if line.startswith("-A "))


def helper_reads(machine: Machine) -> None:
    """As its timer would, and the agent looks at once."""
    machine.run(f"systemctl start {HELPER} && systemctl kill --signal=HUP --kill-who=main nodestral-agent.service")


def test_rules_are_seen_with_the_helper_and_only_with_it(fleet: Fleet, machine: Machine) -> None:
    machine.run("nft --file -", stdin=RULES)
    install(machine, fleet.api.new_install_token(machine.name).secret)
    node_id = fleet.wait_for_node(machine.name)
    installed = changed_files(machine)

    blind = wait_for(fleet, node_id, "the firewall's coverage", lambda told: told.coverage is not None)
    assert blind.coverage is not None
    assert blind.coverage.level in ("denied", "partial")
    assert "not visible" in blind.coverage.reason
    assert rules(blind) == []
    assert blind.coverage.grant.endswith("/install.sh | sh -s -- --enable=firewall")

    said = machine.run(blind.coverage.grant).stdout
    assert said.index("CAP_NET_ADMIN") < said.index("downloaded"), "what is granted is told before it is"
    seen = wait_for(fleet, node_id, "the rules of nft", lambda told: texts(told, "nftables") == nft_says(machine))
    by_text = {rule.text: rule for rule in rules(seen)}
    office = by_text["ip saddr @office tcp dport 5432 accept"]
    assert office.source == "@office { 192.0.2.128/25 }"
    assert (office.protocol, office.destination_ports, office.action) == ("tcp", "5432", "accept")
    door = by_text['tcp dport { 22, 443 } counter accept comment "the door"']
    assert door.comment == "the door"
    assert [name for name, each in backends(seen).items() if each.decides] == ["nftables"]

    machine.run("nft insert rule inet shop input tcp dport 21 drop")
    helper_reads(machine)
    more = wait_for(fleet, node_id, "another rule", lambda told: texts(told, "nftables") == nft_says(machine))
    kept = {item.key for item in seen.items} & {item.key for item in more.items}
    assert {office.key, door.key} <= kept, "a rule before them changes no key"

    machine.run(
        "ufw allow 22/tcp && ufw allow from 10.0.0.0/8 to any port 5432 comment 'the database' && ufw --force enable"
    )
    helper_reads(machine)
    walled = wait_for(
        fleet,
        node_id,
        "ufw's rules",
        lambda told: (
            sorted(texts(told, "iptables-nft"))
            == sorted(iptables_says(machine, "iptables-save") + iptables_says(machine, "ip6tables-save"))
        ),
    )
    assert {rule.owner for rule in rules(walled) if "ufw-" in rule.text} == {"ufw"}
    ufw = backends(walled)["ufw"]
    assert (ufw.active, ufw.decides) == (True, True)
    machine.run("ufw --force disable && nft flush ruleset")

    machine.run(blind.coverage.grant.replace("--enable", "--disable"))
    again = wait_for(fleet, node_id, "blindness", lambda told: rules(told) == [])
    assert again.coverage is not None
    assert again.coverage.grant == blind.coverage.grant
    after = changed_files(machine)
    left = {path for path in installed.keys() | after.keys() if installed.get(path) != after.get(path)}
    left = {path for path in left if not re.match(r"(var/lib/nodestral-agent|etc/ufw)/", path)}
    assert left <= _ACCOUNT_BACKUPS
    nothing_of_the_helper(machine)


def test_the_old_tables_take_one_line_more(fleet: Fleet, machine: Machine) -> None:
    machine.run("iptables-legacy -A INPUT -p tcp --dport 23 -m comment --comment 'no telnet' -j DROP")
    install(machine, fleet.api.new_install_token(machine.name).secret, options="--enable=firewall")
    node_id = fleet.wait_for_node(machine.name)
    blind = wait_for(
        fleet,
        node_id,
        "the old tables' names",
        lambda told: told.coverage is not None and "legacy" in told.coverage.reason,
    )
    assert blind.coverage is not None
    assert blind.coverage.level == "partial"
    assert "(filter)" in blind.coverage.reason

    machine.run(blind.coverage.grant)
    machine.run("systemctl kill --signal=HUP --kill-who=main nodestral-agent.service")
    seen = wait_for(
        fleet,
        node_id,
        "the old tables' rules",
        lambda told: texts(told, "iptables-legacy") == iptables_says(machine, "iptables-legacy-save"),
    )
    assert seen.coverage is not None
    assert seen.coverage.level == "full"

    uninstall(machine)
    nothing_of_the_helper(machine)
    assert "nodestral" not in machine.run("cat /etc/passwd /etc/group").stdout


def nothing_of_the_helper(machine: Machine) -> None:
    assert "nodestral-firewall" not in machine.run("cat /etc/passwd /etc/group").stdout
    assert machine.run("ls /run/nodestral-collect", check=False).stdout == ""
    units = machine.run("systemctl list-units --all --plain --no-legend 'nodestral-helper*'").stdout
    files = machine.run(
        "ls -d /etc/systemd/system/nodestral-helper* /etc/systemd/system/*/nodestral-helper*", check=False
    )
    assert (units, files.stdout) == ("", "")
