"""Bare daemons: what somebody has started in a session and left running, which nothing starts again.

A process of a user's session without a terminal that has been handed over to init or to the user's manager, or that
listens. Sources: /proc and control groups; needs no privilege, but who listens is seen of one's own processes only.
"""

from __future__ import annotations

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.managers.kind import Findings, Machine
from nodestral_agent.workloads import holders, sockets
from nodestral_agent.workloads.command_line import program_of, short
from nodestral_agent.workloads.owner import SESSION, Owner
from nodestral_agent.workloads.process_table import Entry
from nodestral_agent.workloads.service_item import SYSTEMD, service_item

MANAGER = "session"
# Somebody at work starts many programs that end soon.
LONG_SECONDS = 60.0
# What accompanies a session or a desktop, and what another manager tells of.
COMPANIONS = frozenset(
    {
        *("(sd-pam)", "systemd", "login", "agetty", "su", "sudo", "cron", "crond", "CRON", "tmux: server", "screen"),
        *("ssh-agent", "gpg-agent", "scdaemon", "dbus-daemon", "dbus-launch", "dbus-broker", "dbus-broker-lau"),
        *("pulseaudio", "pipewire", "wireplumber", "pipewire-pulse", "gnome-keyring-d", "dconf-service", "Xorg"),
        *("xdg-permission-", "xdg-document-po", "xdg-desktop-por", "at-spi-bus-laun", "at-spi2-registr"),
    }
)
APP = ("app-", "init.scope")
PREFIXES = ("sshd", "gvfs", "gdm", "PM2 v")


def look(machine: Machine, found: Findings) -> None:
    """Every such process that no other manager has told of."""
    known = {item["main_pid"] for item in found.items.values()}
    kept = {item["main_pid"] for item in found.items.values() if item["manager"] != SYSTEMD}
    managers = {1, *(entry.pid for entry in machine.table.named("systemd"))}
    listening: set[int] | None = None
    for entry in sorted(machine.table.entries.values(), key=lambda one: (one.started_ticks, one.pid)):
        if entry.terminal or entry.pid in known or entry.name in COMPANIONS or entry.name.startswith(PREFIXES):
            continue
        owner = machine.table.owner(entry.pid)
        if owner.container_id or not by_hand(owner):
            continue
        if machine.table.age_seconds(entry) < LONG_SECONDS or kept.intersection(machine.table.ancestors(entry.pid)):
            continue
        if entry.parent not in managers:
            listening = inodes(machine) if listening is None else listening
            if not holders.holds(machine.host, entry.pid, listening):
                continue
        add(machine, entry, found)


def by_hand(owner: Owner) -> bool:
    """Whether somebody started it: in a session, or in a scope of his own manager's, where newer tmux puts windows.

    Scopes of that manager whose names begin with `app-` are those of a desktop's programs.
    """
    unit = owner.unit or ""
    return bool(SESSION.match(unit)) or (owner.scope == "user" and unit.endswith(".scope") and not unit.startswith(APP))


def add(machine: Machine, entry: Entry, found: Findings) -> None:
    """One daemon. Of several with the same name the later ones get a number."""
    user = machine.table.user(entry.pid)
    name = short(program_of(machine.table.arguments(entry.pid))) or machine.table.program_name(entry)
    item = service_item("user", found.numbered(MANAGER, user, name), user, MANAGER)
    item.update(machine.run_of(entry))
    item["description"] = "Started by hand in a session: nothing starts it again when it ends or the machine restarts."
    found.add(item)


def inodes(machine: Machine) -> set[int]:
    """The sockets that listen."""
    try:
        return {socket.inode for socket in sockets.listening(machine.host) if socket.inode}
    except (Unavailable, CollectorError):
        return set()
