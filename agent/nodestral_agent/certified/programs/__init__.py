"""Programs that serve TLS: one file for each, which follows its configuration to the certificates that it names."""

from __future__ import annotations

from typing import Protocol

from nodestral_agent.certified.configuration import Configuration
from nodestral_agent.certified.programs import apache, caddy, dovecot, haproxy, nginx, postfix, postgresql, traefik


class Program(Protocol):
    """A module of this package."""

    PROGRAM: str

    def named(self, reader: Configuration) -> None:
        """Put what the configuration names into `reader.named`; nothing where the program is not installed."""


PROGRAMS: tuple[Program, ...] = (nginx, apache, caddy, postfix, dovecot, haproxy, traefik, postgresql)
