"""Whoever keeps services running on a machine: one file for each, all of one shape (see `kind`)."""

from nodestral_agent.managers import systemd
from nodestral_agent.managers.kind import Manager

# In the order of their words: a manager may leave out what an earlier one has told.
MANAGERS: tuple[Manager, ...] = (systemd,)
