"""What is on a Mac: one file for each section, as for Linux beside this folder."""

from __future__ import annotations

from nodestral_agent.collectors import containers
from nodestral_agent.collectors.darwin import cloud, firewall, packages, ports, services, system, updates, users
from nodestral_agent.collectors.kind import Collector

# Container engines are asked over their sockets here as there.
COLLECTORS: tuple[Collector, ...] = (
    system,
    services,
    ports,
    containers,
    packages,
    updates,
    firewall,
    users,
    cloud,
)
