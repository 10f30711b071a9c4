"""Who may become root: the rules of sudoers(5) and doas.conf(5), or where they are closed the distribution's own group.

sudo keeps /etc/sudoers from everybody but root. Then a member of the group that the distribution ships a rule for is
said to be allowed by that default, and of all others nothing is known.
"""

from __future__ import annotations

import re

from nodestral_agent.accounts.passwd import Account
from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host

SUDOERS, SUDOERS_FOLDER = "/etc/sudoers", "/etc/sudoers.d"
DOAS, DOAS_FOLDER = "/etc/doas.conf", "/etc/doas.d"
PROGRAMS = ("/usr/bin/sudo", "/bin/sudo", "/usr/local/bin/sudo", "/usr/bin/sudo-rs")
# The group that the package's own sudoers names, by ID or ID_LIKE of os-release.
DEFAULT_GROUPS = {
    "debian": ("sudo",),
    "ubuntu": ("sudo", "admin"),
    "fedora": ("wheel",),
    "rhel": ("wheel",),
    "centos": ("wheel",),
    "amzn": ("wheel",),
}
DEPTH_MAX = 8
GRANT = "setfacl -m u:nodestral-agent:r /etc/sudoers && setfacl -R -m u:nodestral-agent:rX /etc/sudoers.d"
INCLUDE = re.compile(r"[@#]include(dir)?\s+(.+)")
ALIAS = re.compile(r"(User|Runas|Host|Cmnd|Cmd)_Alias\s+(.+)")
# WHO HOST = [(RUNAS)] [TAGS] COMMANDS, with escaped signs inside of names
RULE = re.compile(r"((?:\\.|[^=])+?)=(.*)")
RUNAS = re.compile(r"\s*\(([^)]*)\)\s*(.*)")


class Rules:
    """Who may, as far as it can be told. missing: sentences; grants: commands."""

    def __init__(self, host: Host, system_ids: list[str]) -> None:
        self.host = host
        self.closed = False
        self.missing: list[str] = []
        self.grants: list[str] = []
        self.by_name: dict[str, str] = {}
        self.aliases: dict[str, list[str]] = {}
        self.defaults: tuple[str, ...] = ()
        self._sudo(system_ids)
        self._doas()

    def of(self, account: Account, groups: list[str]) -> tuple[bool | None, str | None]:
        """Whether the account may become root, and by what; None where that is not known."""
        if account.uid == 0:
            return True, "uid 0"
        names = [account.name, f"#{account.uid}", *(f"%{group}" for group in groups), f"%#{account.gid}", "ALL"]
        for name in names:
            if name in self.by_name:
                return True, self.by_name[name]
        for group in groups:
            if group in self.defaults:
                return True, f"group {group}, by the distribution's default"
        return (None, None) if self.closed else (False, None)

    def _sudo(self, system_ids: list[str]) -> None:
        if not any(exists(self.host, path) for path in (*PROGRAMS, SUDOERS)):
            return
        try:
            rules = [line for path in [SUDOERS] for line in self._lines(path, 0)]
        except Unavailable:
            return
        except CollectorError as error:
            self.closed = True
            self.missing.append(f"The rules of sudo are not seen ({error}).")
            self.grants.append(GRANT)
            self.defaults = next((DEFAULT_GROUPS[name] for name in system_ids if name in DEFAULT_GROUPS), ())
            return
        for kind, definition in (match.groups() for line in rules if (match := ALIAS.match(line))):
            if kind == "User":
                self._alias(definition)
        for line in rules:
            if not ALIAS.match(line) and not line.startswith("Defaults"):
                self._rule(line)

    def _lines(self, path: str, depth: int) -> list[str]:
        """The rules of a file with those of the files that it includes, each on one line."""
        if depth > DEPTH_MAX:
            raise CollectorError("is included too deeply", path)
        found = []
        text = re.sub(r"\\\n\s*", " ", self.host.text(path, 1 << 20))
        for raw in text.split("\n"):
            line = raw.strip()
            include = INCLUDE.fullmatch(line)
            if include:
                found.extend(self._included(include[2].strip().strip('"'), bool(include[1]), path, depth))
            elif line and not re.match(r"#(?!\d)", line):
                found.append(re.sub(r"\s#(?!\d).*", "", line))
        return found

    def _included(self, named: str, is_folder: bool, by: str, depth: int) -> list[str]:
        place = named if named.startswith("/") else f"{by.rpartition('/')[0]}/{named}"
        try:
            # Names with a dot or a tilde at their end are left alone, as sudo does.
            names = self.host.names(place) if is_folder else [""]
        except Unavailable:
            return []
        files = [f"{place}/{name}" for name in names if "." not in name and not name.endswith("~")]
        return [line for file in (files if is_folder else [place]) for line in self._lines(file, depth + 1)]

    def _alias(self, definition: str) -> None:
        for part in definition.split(":"):
            name, _, members = part.partition("=")
            self.aliases[name.strip()] = [member.strip() for member in members.split(",")]

    def _rule(self, line: str) -> None:
        """One rule; only what runs as root counts. The last word of the left side is the host."""
        matched = RULE.fullmatch(line)
        if not matched:
            return
        left = re.sub(r"\s+", " ", re.sub(r"\s*,\s*", ",", matched[1].strip()))
        who = left.rpartition(" ")[0].strip() or left
        runas = RUNAS.match(matched[2])
        users = (runas[1].partition(":")[0] if runas else "root").replace(" ", "").split(",")
        if not {"root", "ALL", "#0"} & set(users):
            return
        commands = [
            re.sub(r"^(?:[A-Z_]+:\s*)+", "", part.strip()) for part in (runas[2] if runas else matched[2]).split(",")
        ]
        how = "sudo" if "ALL" in commands else "sudo, some commands only"
        for name in self._people(who.split(","), 0):
            if name == "ALL" and how != "sudo":
                continue
            if how == "sudo" or name not in self.by_name:
                self.by_name[name] = f"{how}: {name}"

    def _people(self, names: list[str], depth: int) -> list[str]:
        found = []
        for raw in names:
            name = raw.strip().strip('"').replace("\\", "")
            if name in self.aliases and depth < DEPTH_MAX:
                found.extend(self._people(self.aliases[name], depth + 1))
            elif name and not name.startswith("!"):
                found.append(name)
        return found

    def _doas(self) -> None:
        """The last rule that matches counts in doas; a `deny` of somebody takes an earlier `permit` back."""
        try:
            names = [f"{DOAS_FOLDER}/{name}" for name in self.host.names(DOAS_FOLDER) if name.endswith(".conf")]
        except (Unavailable, CollectorError):
            names = []
        for path in [DOAS, *names]:
            try:
                lines = self.host.text(path, 1 << 20).splitlines()
            except Unavailable:
                continue
            except CollectorError as error:
                self.closed = True
                self.missing.append(f"The rules of doas are not seen ({error}).")
                if isinstance(error, Denied):
                    self.grants.append(f"setfacl -m u:nodestral-agent:r {path}")
                continue
            for line in lines:
                self._doas_rule(re.sub(r"\{[^}]*\}", "", line).partition("#")[0].split())

    def _doas_rule(self, words: list[str]) -> None:
        rest = [word for word in words[1:] if word not in ("nopass", "nolog", "persist", "keepenv", "setenv")]
        if words[:1] not in (["permit"], ["deny"]) or not rest:
            return
        name = rest[0].replace(":", "%", 1)
        if "as" in rest and rest[rest.index("as") + 1 : rest.index("as") + 2] != ["root"]:
            return
        if words[0] == "permit":
            how = "doas, some commands only" if "cmd" in rest else "doas"
            self.by_name.setdefault(name, f"{how}: {rest[0]}")
        elif self.by_name.get(name, "").startswith("doas") and "cmd" not in rest:
            del self.by_name[name]


def exists(host: Host, path: str) -> bool:
    """Whether the file is there; one that is hidden counts as there."""
    try:
        host.stat(path)
    except Unavailable:
        return False
    except CollectorError:
        return True
    return True
