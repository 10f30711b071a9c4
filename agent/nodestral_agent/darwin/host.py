"""The door to a machine with macOS: as on Linux, except for what only a program of the system tells."""

from __future__ import annotations

from nodestral_agent.darwin import sysctl
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

PROGRAM_SECONDS = 10.0


class DarwinHost(Host):
    """One Mac."""

    SYSTEM = "darwin"

    def lines(self, *argv: str, seconds: float = PROGRAM_SECONDS) -> list[str]:
        """What a program prints, line by line; foreign bytes as U+FFFD."""
        return self.run(list(argv), seconds).decode("utf-8", "replace").splitlines()

    def booted_at(self) -> float:
        """When the machine started, Unix seconds. Source: sysctl kern.boottime."""
        at = sysctl.boot_seconds(sysctl.read(self, "kern.boottime").get("kern.boottime", ""))
        if at is None:
            raise CollectorError("does not tell when the machine started", "kern.boottime")
        return at

    def _passwd(self) -> dict[int, str]:
        # Directory services hold the accounts of people; /etc/passwd has the system's own only.
        names = super()._passwd()
        try:
            told = self.lines("dscl", ".", "-list", "/Users", "UniqueID")
        except (Unavailable, CollectorError):
            return names
        for line in told:
            name, _, uid = line.rpartition(" ")
            if name.strip() and uid.isdigit():
                names.setdefault(int(uid), name.strip())
        return names
