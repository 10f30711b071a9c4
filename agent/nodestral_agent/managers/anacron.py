"""anacron: jobs that are made up for when the machine was off. /etc/anacrontab and the day of each job's last run."""

from __future__ import annotations

from nodestral_agent.managers.cron import SETTING, WORDS, activated
from nodestral_agent.managers.kind import Findings, Machine
from nodestral_agent.workloads.service_item import service_item
from nodestral_agent.workloads.systemd_times import days

MANAGER = "anacron"
TABLE, SPOOL = "/etc/anacrontab", "/var/spool/anacron"
PROGRAMS = ("/usr/sbin/anacron", "/usr/bin/anacron")
DAY_SECONDS = 86_400


def look(machine: Machine, found: Findings) -> None:
    """The jobs of anacrontab(5): period, delay in minutes, name, command."""
    is_here = any(map(machine.has, PROGRAMS))
    for line in machine.text(TABLE).splitlines():
        fields = line.split(None, 3)
        if len(fields) < 4 or line.lstrip().startswith("#") or SETTING.match(line.strip()):
            continue
        every = period(fields[0])
        if not every or not fields[1].isdigit() or "/" in fields[2]:
            continue
        item = service_item("system", fields[2], "root", MANAGER, source="file", kind="timetable")
        item.update(state="active" if is_here else "inactive", sub_state="waiting" if is_here else "no anacron here")
        item.update(schedule=every, activates=activated(fields[3]), unit_path=TABLE)
        at = last_day(machine.text(f"{SPOOL}/{fields[2]}"))
        found.add(item, {"last_run_at": at} if at else None)


def period(word: str) -> str:
    """`1` and `7` are days; `@monthly` stands for itself. "" for anything else."""
    if word in WORDS:
        return word
    if not (word.isascii() and word.isdigit()):
        return ""
    return "every day" if int(word) == 1 else f"every {int(word)} days"


def last_day(text: str) -> float | None:
    """`20261124`: the beginning of that day, as far as UTC tells it."""
    digits = text.strip()
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    return float(days(year, month, day) * DAY_SECONDS) if 1 <= month <= 12 and 1 <= day <= 31 else None
