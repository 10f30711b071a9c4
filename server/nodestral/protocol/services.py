"""Section `services`: what keeps running, and what runs by a timetable."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from nodestral.protocol.kinds import Count, Key, PastTime, Short, Text


class ServiceItem(Struct):
    """A service, timer or timetable entry.

    Key: `system/UNIT` or `user:NAME/UNIT` for systemd; other managers put theirs before it, as in
    `cron:system/etc/cron.d/certbot/1` or `supervisord:system/worker`.

    manager: systemd, openrc, runit, s6, sysvinit, supervisord, pm2, cron, anacron, screen, tmux, launchd, or `session`
    for a daemon that lives in a user's session. `source` tells how it was found: by the manager's own answer, by the
    walk of the control groups, or by both. A field is null where the source could not tell it.

    Gauges: memory_bytes, cpu_seconds, tasks; of timers last_run_at and next_run_at.
    """

    key: Key
    scope: Literal["system", "user"]
    unit: Short
    state: Short
    source: Literal["systemd", "cgroup", "both", "manager", "process", "file"]
    sub_state: Short | None = None
    description: Text | None = None
    user: Short | None = None
    enabled: Short | None = None
    since_at: PastTime | None = None
    restarts_total: Count | None = None
    main_pid: Count | None = None
    main_process: Short | None = None
    # How the main process ended last (`1`, `SIGKILL`), and the manager's verdict when that is not `success`.
    exit_code: Short | None = None
    result: Short | None = None
    manager: Short = "systemd"
    kind: Literal["service", "timer", "timetable"] = "service"
    # The file that defines it, and the package that the file belongs to.
    unit_path: Text | None = None
    package: Short | None = None
    # Of timers and timetables: when, as written, and what it starts.
    schedule: Text | None = None
    activates: Text | None = None
    # The last lines that a failed one logged, oldest first; null where the journal may not be read.
    last_log: Annotated[list[Text], Meta(max_length=20)] | None = None
