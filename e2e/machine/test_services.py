"""What the inventory says of services and ports, beside what the machine's own tools say.

Judges: `systemctl show`, `systemctl list-timers`, `dpkg-query`, `supervisorctl` and `ss` on the machines, as seen by an
agent of the system and by an ordinary user's.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import msgspec
import pytest

from e2e.machine import host, workloads
from e2e.machine.fleet import Fleet, Member
from e2e.machine.machine import Machine
from e2e.machine.server import SEEN_WITHIN_SECONDS
from nodestral.inventory.schemas import Port, Service

pytestmark = [pytest.mark.machine, pytest.mark.timeout(900)]

Seen = TypeVar("Seen")
USER = workloads.USER
# A daemon in a session counts as one after a minute.
DAEMON_SECONDS = SEEN_WITHIN_SECONDS + 90
SECRET = "hunter2"

# A line of `systemctl list-timers`: NEXT LEFT LAST PASSED UNIT ACTIVATES
TIMER = re.compile(
    r"^(?:\w{3} (?P<next>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC|-|n/a) .*?(?P<unit>\S+\.timer) +(?P<for>\S+)"
)
# It lives long enough for the journal to tell whose line it was.
BROKEN = """[Service]
ExecStart=/bin/sh -c "echo the reason is here; sleep 1; exit 3"
"""
NIGHTLY = """[Timer]
OnCalendar=*-*-* 03:00:00
OnBootSec=40days
Unit=e2e-nightly.service
"""
PROGRAM = f"""[program:e2e-worker]
command=/usr/bin/python3 -m http.server 18971 --bind 127.0.0.1
directory=/srv
user={USER}
environment=KEY="{SECRET}"
"""


class Looker:
    """A member of the fleet with what the API says of it."""

    def __init__(self, fleet: Fleet, member: Member) -> None:
        self.member = member
        self.machine: Machine = fleet.machines[member.name]
        self._api = fleet.api
        self._node_id = fleet.node_ids[member.name]

    def services(self) -> dict[str, Service]:
        return self._api.services(self._node_id)

    def ports(self) -> dict[str, Port]:
        return self._api.ports(self._node_id)

    def grant(self) -> str:
        node = self._api.node(self._node_id)
        return next(told.grant for told in node.coverage if told.section == "services")

    def wait(self, what: str, look: Callable[[], Seen | None], *, within_seconds: float = SEEN_WITHIN_SECONDS) -> Seen:
        return host.wait_for(f"{self.member.name}: {what}", look, within_seconds=within_seconds, every_seconds=1)

    def service(self, key: str, state: str, *, within_seconds: float = SEEN_WITHIN_SECONDS) -> Service:
        """The service once the API shows it in this state."""

        def look() -> Service | None:
            service = self.services().get(key)
            return service if service is not None and service.state == state else None

        return self.wait(f"{key} {state}", look, within_seconds=within_seconds)


def alike(looker: Looker, differences: Callable[[], list[str]]) -> None:
    """Wait until there are none: machines go on while they are looked at."""
    last: list[list[str]] = [[]]

    def look() -> bool:
        last[0] = differences()
        return not last[0]

    try:
        looker.wait("the same as the machine says", look)
    except Exception as error:
        error.add_note("\n".join(last[0]))
        raise


def shown(machine: Machine, pattern: str, properties: str) -> dict[str, dict[str, str]]:
    """`systemctl show` of all units of a pattern, by name."""
    text = machine.run(f"TZ=UTC systemctl --all show --property=Id,{properties} '{pattern}'").stdout
    blocks = (dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in text.split("\n\n"))
    return {block["Id"]: block for block in blocks if "Id" in block}


def test_every_service_is_as_systemd_has_it(fleet: Fleet) -> None:
    properties = "ActiveState,SubState,MainPID,NRestarts,UnitFileState,FragmentPath,Description"

    def check(member: Member) -> None:
        looker = Looker(fleet, member)

        def differences() -> list[str]:
            units = shown(looker.machine, "*.service", properties)
            found = looker.services()
            told = {each.unit: each for each in found.values() if each.key == f"system/{each.unit}"}
            wrong = [
                f"{each.unit}: {each} against {units.get(each.unit)}"
                for each in told.values()
                if each.kind == "service" and not is_as_shown(each, units.get(each.unit, {}))
            ]
            running = {name for name, unit in units.items() if unit["SubState"] == "running"}
            return wrong + [f"{name} runs and is not listed" for name in sorted(running - set(told))]

        alike(looker, differences)
        assert {"system/nginx.service", "system/ssh.service"} <= set(looker.services())

    fleet.on_each_member(check)


def is_as_shown(service: Service, unit: dict[str, str]) -> bool:
    told = {
        "ActiveState": service.state,
        "SubState": service.sub_state or "",
        "MainPID": str(service.main_pid or 0),
        "NRestarts": str(service.restarts_total),
        "UnitFileState": service.enabled or "",
        "FragmentPath": service.unit_path or "",
        "Description": service.description or "",
    }
    return all(unit.get(name) == value for name, value in told.items())


def test_a_service_tells_its_package_and_what_it_uses(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        looker = Looker(fleet, member)
        for unit in ("nginx.service", "ssh.service"):
            owner = looker.machine.run(f"dpkg-query --search '*/lib/systemd/system/{unit}'").stdout.partition(":")[0]
            service = looker.service(f"system/{unit}", "active")
            assert service.package == owner
            assert service.source == "both"
            usage = looker.machine.run(f"systemctl show --property=CPUUsageNSec --value {unit}").stdout.strip()
            if usage.isdigit():
                assert service.cpu_seconds is not None
                assert abs(service.cpu_seconds - int(usage) / 1e9) < 30

    fleet.on_each_member(check)


def test_timers_are_as_list_timers_has_them(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        looker = Looker(fleet, member)
        machine = looker.machine
        folder = "/etc/systemd/system"
        machine.run(f"cat >{folder}/e2e-nightly.timer", stdin=NIGHTLY)
        machine.run(f"printf '[Service]\\nExecStart=/bin/true\\n' >{folder}/e2e-nightly.service")
        try:
            machine.run("systemctl daemon-reload && systemctl start e2e-nightly.timer")
            nightly = looker.service("system/e2e-nightly.timer", "active")
            assert (nightly.kind, nightly.activates) == ("timer", "e2e-nightly.service")
            assert nightly.schedule is not None
            assert nightly.schedule.startswith("*-*-* 03:00:00; OnBootSec=1month")

            def differences() -> list[str]:
                listed = machine.run("TZ=UTC systemctl list-timers --all --no-legend --no-pager").stdout
                found = [matched for matched in map(TIMER.match, listed.splitlines()) if matched]
                told = {each.unit: each for each in looker.services().values() if each.kind == "timer"}
                assert any(matched["unit"] == "e2e-nightly.timer" for matched in found), listed
                wrong = []
                for matched in found:
                    timer = told.get(matched["unit"])
                    if timer is None:
                        if matched["next"]:
                            wrong.append(f"{matched['unit']} is not listed")
                        continue
                    coming = datetime.fromisoformat(f"{matched['next']}+00:00").timestamp() if matched["next"] else None
                    if timer.activates != matched["for"] or not is_near(timer.next_run_at, coming):
                        wrong.append(f"{timer} against {matched[0]}")
                return wrong

            alike(looker, differences)
        finally:
            machine.run(f"systemctl stop e2e-nightly.timer; rm {folder}/e2e-nightly.*; systemctl daemon-reload")

    fleet.on_each_member(check)


def is_near(told: float | None, truth: float | None) -> bool:
    return told == truth or (told is not None and truth is not None and abs(told - truth) <= 2)


def test_a_failed_service_shows_why_where_the_journal_may_be_read(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        looker = Looker(fleet, member)
        machine = looker.machine
        account = "nodestral-agent" if member.scope == "system" else USER
        agent = "systemctl restart nodestral-agent"
        machine.run("cat >/etc/systemd/system/e2e-broken.service", stdin=BROKEN)
        try:
            machine.run("systemctl daemon-reload && systemctl start e2e-broken")
            broken = looker.service("system/e2e-broken.service", "failed")
            assert (broken.exit_code, broken.result, broken.last_log) == ("3", "exit-code", None)
            grant = f"usermod -aG systemd-journal {account}"
            looker.wait("the grant", lambda: grant in looker.grant())
            if member.scope == "user":  # one's groups are those of the session, which would have to be a new one
                return
            machine.run(f"{grant} && {agent}")
            try:
                told = looker.wait("the last words", lambda: looker.services()["system/e2e-broken.service"].last_log)
                assert any(each.endswith("the reason is here") for each in told)
            finally:
                machine.run(f"gpasswd --delete {account} systemd-journal && {agent}")
        finally:
            machine.run(
                "rm /etc/systemd/system/e2e-broken.service; systemctl daemon-reload; systemctl reset-failed e2e-broken",
                check=False,
            )

    fleet.on_each_member(check)


def test_a_users_failed_service_shows_why_to_his_own_agent(fleet: Fleet) -> None:
    folder = "~/.config/systemd/user"

    def check(member: Member) -> None:
        if member.scope != "user":
            return
        looker = Looker(fleet, member)
        looker.machine.run(f"cat >{folder}/e2e-broken.service", user=USER, stdin=BROKEN)
        try:
            looker.machine.run("systemctl --user daemon-reload && systemctl --user start e2e-broken", user=USER)
            broken = looker.service(f"user:{USER}/e2e-broken.service", "failed")
            assert broken.last_log is not None
            assert any(each.endswith("the reason is here") for each in broken.last_log)
        finally:
            looker.machine.run(
                f"rm {folder}/e2e-broken.service; systemctl --user daemon-reload; systemctl --user reset-failed",
                user=USER,
                check=False,
            )

    fleet.on_each_member(check)


def test_a_program_of_supervisord(fleet: Fleet) -> None:
    file = "/etc/supervisor/conf.d/e2e.conf"
    key = "supervisord:system/e2e-worker"

    def check(member: Member) -> None:
        looker = Looker(fleet, member)
        machine = looker.machine
        machine.run(f"cat >{file}", stdin=PROGRAM)
        try:
            machine.run("systemctl restart supervisor")
            worker = looker.service(key, "active")
            assert str(worker.main_pid) == machine.run("supervisorctl pid e2e-worker").stdout.strip()
            assert (worker.manager, worker.user, worker.unit_path) == ("supervisord", USER, file)
            assert worker.activates == "/usr/bin/python3 -m http.server"

            def owner() -> tuple[str | None, str | None] | None:
                port = looker.ports().get("tcp/127.0.0.1/18971")
                return (port.manager, port.unit) if port else None

            # Whose process it is may look behind the socket; everybody else is told its control group.
            by_user = member.scope == "user"
            expected = ("supervisord", "e2e-worker") if by_user else ("systemd", "supervisor.service")
            looker.wait("the port", lambda: owner() == expected)
            machine.run("supervisorctl stop e2e-worker")
            assert looker.service(key, "inactive").main_pid is None
        finally:
            machine.run(f"rm {file}; systemctl stop supervisor")
        looker.wait("no supervisord", lambda: key not in looker.services())

    fleet.on_each_member(check)


def test_an_entry_of_cron_without_its_arguments(fleet: Fleet) -> None:
    line = f"7 3 * * 1-5 root KEY={SECRET} nice /usr/local/bin/e2e-job --password={SECRET}\n"

    def check(member: Member) -> None:
        looker = Looker(fleet, member)
        machine = looker.machine
        machine.run("cat >/etc/cron.d/e2e-job", stdin=line)
        try:
            machine.run("systemctl start cron")
            entry = looker.service("cron:system/etc/cron.d/e2e-job/1", "active")
            assert (entry.kind, entry.user, entry.schedule) == ("timetable", "root", "7 3 * * 1-5")
            assert entry.activates == "/usr/local/bin/e2e-job"
            assert SECRET not in msgspec.json.encode(looker.services()).decode()
            machine.run("systemctl stop cron")
            looker.service("cron:system/etc/cron.d/e2e-job/1", "inactive")
        finally:
            machine.run("rm /etc/cron.d/e2e-job; systemctl stop cron")

    fleet.on_each_member(check)


def test_what_a_user_left_running(fleet: Fleet) -> None:
    daemon = "python3 -m http.server 18972 --bind 127.0.0.1"

    def check(member: Member) -> None:
        looker = Looker(fleet, member)
        machine = looker.machine
        machine.run(
            f"tmux -L e2e new-session -d -s bot 'sleep 9000'; setsid --fork {daemon} >/dev/null 2>&1", user=USER
        )
        try:
            tmux = looker.service(f"tmux:user:{USER}/bot", "active", within_seconds=DAEMON_SECONDS)
            assert str(tmux.main_pid) in machine.run("pgrep --full 'tmux -L e2e'").stdout.split()
            assert (tmux.user, tmux.main_process) == (USER, "sleep")
            key = f"session:user:{USER}/python3 -m http.server"
            bare = looker.service(key, "active", within_seconds=DAEMON_SECONDS)
            assert str(bare.main_pid) == machine.run(f"pgrep --full '^{daemon}'").stdout.strip()

            def owner() -> tuple[str | None, str | None, str | None]:
                port = looker.ports()["tcp/127.0.0.1/18972"]
                return port.manager, (port.unit or "").partition("-")[0], port.user

            by_user = member.scope == "user"
            expected = ("session", "python3 ", USER) if by_user else ("systemd", "session", USER)
            looker.wait(f"the port's owner {expected}", lambda: owner() == expected)
        finally:
            machine.run(f"tmux -L e2e kill-server; pkill --full '^{daemon}'", user=USER, check=False)
        looker.wait("their end", lambda: not {f"tmux:user:{USER}/bot", key} & set(looker.services()))

    fleet.on_each_member(check)


def test_ports_are_as_ss_has_them(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        looker = Looker(fleet, member)

        def differences() -> list[str]:
            truth = listened(looker.machine.run("ss -Hlntup").stdout)
            ports = looker.ports()
            wrong = [f"{key} is in one only" for key in sorted(set(truth) ^ set(ports))]
            for key in set(truth) & set(ports):
                pids, takes_ipv4 = truth[key]
                if ports[key].takes_ipv4 != takes_ipv4 or ports[key].pid not in pids:
                    wrong.append(f"{ports[key]} against {truth[key]}")
            return wrong

        alike(looker, differences)
        ports = looker.ports()
        assert {"tcp/0.0.0.0/22", "tcp6/::/22", "tcp/0.0.0.0/80"} <= set(ports)
        assert ports["tcp/0.0.0.0/22"].package == "openssh-server"

    fleet.on_each_member(check)


def listened(text: str) -> dict[str, tuple[set[int], bool | None]]:
    """`ss -Hlntup` by the key of a port: process ids, and whether a socket of IPv6 takes IPv4 (`*` does)."""
    found = {}
    for line in text.splitlines():
        protocol, _, _, _, local, *rest = line.split()
        address, _, port = local.rpartition(":")
        address = address.partition("%")[0]
        six = address == "*" or address.startswith("[")
        plain = "::" if address == "*" else address.strip("[]")
        pids = {int(digits) for digits in re.findall(r"pid=(\d+)", " ".join(rest))}
        found[f"{protocol}{'6' if six else ''}/{plain}/{port}"] = (pids, address == "*" if six else None)
    return found
