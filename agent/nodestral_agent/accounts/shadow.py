"""Whether accounts have passwords: passwd(5) and, for root alone, shadow(5). Of a hash only its presence counts."""

from __future__ import annotations

from nodestral_agent.accounts.passwd import Account
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

SHADOW = "/etc/shadow"


class Passwords:
    """missing: a sentence when /etc/shadow is closed. No grant opens it: who reads it can try to guess passwords."""

    def __init__(self, host: Host) -> None:
        self.missing: list[str] = []
        self.states: dict[str, str] = {}
        try:
            lines = host.text(SHADOW, 16 << 20).split("\n")
        except Unavailable:
            return
        except CollectorError:
            self.missing.append("Whether passwords are set is told by /etc/shadow alone, which the agent is kept from.")
            return
        for line in lines:
            fields = line.split(":")
            if len(fields) >= 2:
                self.states.setdefault(fields[0], state(fields[1]))

    def of(self, account: Account) -> str | None:
        """set, locked or none, as `passwd -S` tells P, L and NP; None where it cannot be told."""
        elsewhere = account.password == "x"  # noqa: S105 # what stands there instead of a password
        return self.states.get(account.name) if elsewhere else state(account.password)


def state(field: str) -> str:
    """`!` and `*` begin what no password fits; an empty field asks for none."""
    return "none" if not field else "locked" if field[0] in "!*" else "set"
