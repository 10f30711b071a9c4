"""Whether /proc keeps the processes of others from the agent: the mount options hidepid= and gid= of proc(5)."""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host

RESTART = "systemctl restart nodestral-agent"


def hidden(host: Host, pids: list[str]) -> bool:
    """True when the first process, which is always there and never the agent's own, is not shown or says nothing."""
    if pids and "1" not in pids:
        return True
    try:
        host.text("/proc/1/stat")
    except Denied:
        return True
    except (Unavailable, CollectorError):
        pass
    return False


def grant(host: Host) -> str:
    """The command that lets the agent see them: into the group that may, or such a group for the mount."""
    gid = mounted_for(host)
    if gid is None:
        return "mount -o remount,gid=$(id -g nodestral-agent) /proc"
    return f"usermod -aG {group_name(host, gid) or gid} nodestral-agent && {RESTART}"


def mounted_for(host: Host) -> str | None:
    """The gid= of the mount at /proc, or None without one."""
    try:
        lines = host.text("/proc/self/mountinfo").splitlines()
    except (Unavailable, CollectorError):
        return None
    for line in lines:
        front, _, back = line.partition(" - ")
        if front.split(" ")[4:5] == ["/proc"] and back.startswith("proc "):
            for option in back.rpartition(" ")[2].split(","):
                name, _, value = option.partition("=")
                if name == "gid" and value.isdigit() and value != "0":
                    return value
    return None


def group_name(host: Host, gid: str) -> str | None:
    """The group's name in /etc/group."""
    try:
        rows = [line.split(":") for line in host.text("/etc/group").splitlines()]
    except (Unavailable, CollectorError):
        return None
    return next((row[0] for row in rows if len(row) >= 3 and row[2] == gid), None)
