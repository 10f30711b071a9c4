"""Services of supervisors that hold one process each, as runit and s6 do: the folder of services, and the processes.

The supervisor of a service is called with the service's name; its child is the service. Its own state is in a folder
that is root's, so which service is down is told by there being no child.
"""

from __future__ import annotations

from nodestral_agent.workloads.process_table import Entry, Table

LOGGERS = frozenset({"svlogd", "s6-log", "multilog", "tinylog"})


def service_name(table: Table, supervisor: Entry) -> str:
    """The name after the supervisor's own on its command line: `runsv nginx`, `s6-supervise nginx/log`."""
    arguments = table.arguments(supervisor.pid)
    return arguments[1].rstrip("/") if len(arguments) > 1 else ""


def main_child(table: Table, supervisor: Entry) -> Entry | None:
    """The service's own process: not the one that keeps its log, which the same supervisor may have started."""
    children = table.started_by(supervisor.pid)
    return next((child for child in children if child.name not in LOGGERS), None)
