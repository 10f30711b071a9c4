"""What is on the machine: one file for each section. The list is explicit; a test proves that the folder agrees."""

from __future__ import annotations

from nodestral_agent.collectors import (
    certificates,
    cloud,
    containers,
    firewall,
    monitoring,
    packages,
    ports,
    services,
    system,
    updates,
    users,
)
from nodestral_agent.collectors.kind import Collector

COLLECTORS: tuple[Collector, ...] = (
    system,
    services,
    ports,
    containers,
    certificates,
    packages,
    updates,
    firewall,
    users,
    cloud,
    monitoring,
)
