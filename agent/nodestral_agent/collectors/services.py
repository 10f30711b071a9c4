"""What keeps running and what runs by a timetable, whoever keeps it so.

systemd's services and timers, of the system and of each user: one `systemctl show` for the system, the walk of the
control groups for users, a user's manager where it may be asked (the agent's own user; all users when it runs as root),
enabled unit files in readable homes, and `journalctl` for the last 20 lines of a service that has failed. A manager is
asked for everything again when its list of units, a timer, a main process or a folder of unit files has changed, and at
least every hour.

Beside it, from configuration and /proc: OpenRC, System V init, runit, s6, supervisord, pm2, cron and anacron, sessions
of tmux and screen, and bare daemons that somebody left running in a session. Of a command line or a line of a crontab
only the program is told, never its arguments. The package is that of the unit's file.

Permission: none. The journal of failed services, crontabs of users, and why a user's service failed are told as
coverage, with the grant for each.
"""

from __future__ import annotations

from typing import Any

from nodestral_agent.errors import Unavailable
from nodestral_agent.host import Host
from nodestral_agent.managers import MANAGERS
from nodestral_agent.managers.kind import Findings, Machine
from nodestral_agent.packages import owning
from nodestral_agent.report import Collected, coverage

SECTION = "services"


def collect(host: Host) -> Collected:
    """All services worth listing; `partial` where some of them, or something about them, cannot be seen."""
    found = Findings()
    machine = Machine(host)
    for manager in MANAGERS:
        manager.look(machine, found)
    if not found.items and not found.missing:
        raise Unavailable("nothing keeps services running here")
    name_packages(host, found)
    return Collected(list(found.items.values()), told(found), found.gauges)


def name_packages(host: Host, found: Findings) -> None:
    """The package that each unit's file belongs to. What lies in a home directory belongs to none."""
    paths = {item["unit_path"] for item in found.items.values() if item["unit_path"]}
    owners = owning.owners(host, [path for path in paths if not path.startswith("/home/")])
    for item in found.items.values():
        item["package"] = owners.get(item["unit_path"] or "")


def told(found: Findings) -> dict[str, Any]:
    """The coverage that these findings have."""
    if not found.missing:
        return coverage("full")
    return coverage("partial", " ".join(found.missing), "; ".join(found.grants))
