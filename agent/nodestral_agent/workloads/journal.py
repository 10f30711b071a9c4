"""The last lines that a failed unit logged: journalctl(1), where the journal may be read."""

from __future__ import annotations

import re

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads import systemctl

LINES_MAX = 20
LINE_MAX = 400
OUTPUT_MAX = 1 << 20
SECONDS = 3.0
FOLDERS = ("/var/log/journal", "/run/log/journal")
ACCOUNT = "nodestral-agent"
# People log passwords by mistake. What looks like one is left out; this is a courtesy, not a promise.
SECRET = re.compile(
    r"(?i)\b([\w-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|authorization)[\w-]*[\"']?\s*[=:]\s*)"
    r"(?:bearer\s+|basic\s+)?[^\s,;]+"
)
USERINFO = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/@]+@")


def readable(host: Host) -> bool:
    """Whether the system's journal may be read: every journal of this machine lies in a folder of its own."""
    for folder in FOLDERS:
        try:
            machines = host.names(folder)
        except (Unavailable, CollectorError):
            continue
        for machine in machines:
            try:
                host.read(f"{folder}/{machine}/system.journal", 0)
            except Denied:
                continue
            except CollectorError:
                return True  # it could be opened, and is larger than nothing
            except Unavailable:
                continue
            else:
                return True
    return False


def grant(host: Host) -> str:
    """What lets this agent's account read the journal."""
    return f"usermod -aG systemd-journal {host.user_name(host.uid()) or ACCOUNT}"


def last_lines(host: Host, unit: str) -> list[str] | None:
    """What a unit of the system logged last, oldest first; None where that cannot be told."""
    return asked(host, [*ARGV, f"--unit={unit}"], {})


def last_lines_of_user(host: Host, unit: str, uid: int, own_uid: int) -> list[str] | None:
    """The same for a unit of a user's manager, asked as that user."""
    return asked(host, *systemctl.as_user(uid, own_uid, [*ARGV, "--user", f"--unit={unit}"]))


ARGV = ["journalctl", "--quiet", "--no-pager", "--no-hostname", "--output=short-iso", f"--lines={LINES_MAX}"]


def asked(host: Host, argv: list[str], environment: dict[str, str]) -> list[str] | None:
    """The lines that journalctl prints."""
    try:
        answer = host.run(argv, SECONDS, OUTPUT_MAX, environment)
    except (Unavailable, CollectorError):
        return None
    lines = answer.decode("utf-8", "replace").splitlines()
    # Boots are told apart by lines of their own.
    return [without_secrets(line)[:LINE_MAX] for line in lines if line and not line.startswith("-- ")][-LINES_MAX:]


def without_secrets(line: str) -> str:
    """The line without what looks like a password."""
    return USERINFO.sub(r"\1…@", SECRET.sub(r"\1…", line))
