"""Whoever keeps services running on a machine: one file for each, all of one shape (see `kind`)."""

from nodestral_agent.managers import (
    anacron,
    cron,
    openrc,
    pm2,
    runit,
    s6,
    screen,
    session,
    supervisord,
    systemd,
    sysvinit,
    tmux,
)
from nodestral_agent.managers.kind import Manager

# `session` comes last: it tells of what no other manager has told.
MANAGERS: tuple[Manager, ...] = (
    systemd,
    openrc,
    sysvinit,
    runit,
    s6,
    supervisord,
    pm2,
    cron,
    anacron,
    tmux,
    screen,
    session,
)
