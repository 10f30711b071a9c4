"""Which program starts and keeps the services: told by files that each leaves for it, and by the first process."""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads.virtualization import exists

# By a file that is there only while the system has been started by it: sd_booted(3), openrc(8), runit(8).
RUNNING = (
    ("/run/systemd/system", "systemd"),
    ("/run/openrc/softlevel", "openrc"),
    ("/run/runit", "runit"),
    ("/run/s6-rc", "s6"),
    ("/run/s6/services", "s6"),
    ("/run/dinitctl", "dinit"),
)
# By the name of the first process.
FIRST = {
    "systemd": "systemd",
    "openrc-init": "openrc",
    "runit": "runit",
    "runit-init": "runit",
    "s6-svscan": "s6",
    "dinit": "dinit",
    "init": "sysvinit",
    "busybox": "busybox",
    "tini": "tini",
    "dumb-init": "dumb-init",
}


def init_system(host: Host) -> str | None:
    """systemd, openrc, runit, s6, dinit, busybox, sysvinit …; None where the first process is none of them."""
    for path, name in RUNNING:
        if exists(host, path):
            return name
    try:
        _, _, rest = host.text("/proc/1/stat").partition("(")
        found = FIRST.get(rest.rpartition(")")[0])
    except (Unavailable, CollectorError):
        return None
    if found == "sysvinit" and program(host).endswith("busybox"):
        return "busybox"
    return found


def program(host: Host) -> str:
    """Where /sbin/init points; empty when it is a program of its own."""
    try:
        return host.link("/sbin/init")
    except (Unavailable, CollectorError):
        return ""
