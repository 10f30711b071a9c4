"""Accounts and groups of the machine's own files: passwd(5), group(5), shells(5). Readable for everybody.

Accounts of a directory service (LDAP, sssd) are not in them and are not listed.
"""

from __future__ import annotations

from dataclasses import dataclass

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

ACCOUNTS_MAX = 20_000
# Programs that stand where a shell should and let nobody in.
CLOSED = frozenset({"nologin", "false", "true", "sync", "halt", "shutdown"})


@dataclass(frozen=True)
class Account:
    """A line of /etc/passwd. password: its second field, mostly `x` for "in /etc/shadow"."""

    name: str
    password: str
    uid: int
    gid: int
    home: str
    shell: str


def accounts(host: Host) -> list[Account]:
    """Every account, the first line of each name. Unavailable without /etc/passwd."""
    found: dict[str, Account] = {}
    for line in host.text("/etc/passwd", 16 << 20).split("\n"):
        fields = line.split(":")
        if len(fields) == 7 and fields[0] and fields[0][0] not in "#+-" and numbers(fields[2], fields[3]):
            name, password, uid, gid, _, home, shell = fields
            found.setdefault(name, Account(name, password, int(uid), int(gid), home, shell))
        if len(found) >= ACCOUNTS_MAX:
            break
    return list(found.values())


def numbers(*texts: str) -> bool:
    """Whether these are ids of the kernel: 32 bits."""
    return all(text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < 2**32 for text in texts)


class Groups:
    """The groups by name and number."""

    def __init__(self, host: Host) -> None:
        self.by_gid: dict[str, str] = {}
        self.by_member: dict[str, list[str]] = {}
        try:
            lines = host.text("/etc/group", 16 << 20).split("\n")
        except (Unavailable, CollectorError):
            lines = []
        for line in lines:
            fields = line.split(":")
            if len(fields) == 4 and fields[0]:
                self.by_gid.setdefault(fields[2], fields[0])
                for member in filter(None, fields[3].split(",")):
                    self.by_member.setdefault(member, []).append(fields[0])

    def of(self, account: Account) -> list[str]:
        """The account's groups by name, its primary one first."""
        primary = self.by_gid.get(str(account.gid))
        names = [*([primary] if primary else []), *self.by_member.get(account.name, [])]
        return list(dict.fromkeys(names))[:256]


class Shells:
    """Which shells let somebody in."""

    def __init__(self, host: Host) -> None:
        self.host = host
        try:
            lines = host.text("/etc/shells", 64 << 10).splitlines()
        except (Unavailable, CollectorError):
            lines = []
        self.known = {line.strip(): True for line in lines if line.startswith("/")}

    def let_in(self, shell: str) -> bool:
        """An empty field means /bin/sh. What /etc/shells does not list lets one in too, if it is there."""
        shell = shell or "/bin/sh"
        if shell.rpartition("/")[2] in CLOSED:
            return False
        if shell not in self.known:
            try:
                self.host.stat(shell)
                self.known[shell] = True
            except Unavailable:
                self.known[shell] = False
            except CollectorError:
                self.known[shell] = True  # hidden from the agent only
        return self.known[shell]
