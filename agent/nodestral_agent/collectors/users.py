"""Who can come in, and how: accounts, what they may become, their keys, their last login, and sshd's settings.

Sources: /etc/passwd, /etc/group and /etc/shells; sudoers, doas.conf and /etc/shadow where they are open, which they are
not to an ordinary user; the files of authorised keys, of which type, fingerprint, comment and the names of options are
told; lastlog, wtmp and their successors; sshd_config with all that it includes, or for root `sshd -T`. Hashes of
passwords never leave the machine; private keys are never opened. What is closed is null, and the grant for it is named.

Permission: none for accounts, keys in open homes and sshd's configuration. sudoers and /etc/shadow are for root; what
is closed is null, with the grant.
"""

from __future__ import annotations

import os
from typing import Any

from nodestral_agent.accounts import keys, sshd
from nodestral_agent.accounts.logins import last_logins
from nodestral_agent.accounts.passwd import Account, Groups, Shells, accounts
from nodestral_agent.accounts.shadow import Passwords
from nodestral_agent.accounts.sudo import Rules
from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.report import Collected, coverage

SECTION = "users"
# Grants for so many accounts are spelt out.
GRANTS_MAX = 4


def collect(host: Host) -> Collected:
    """Every account of the machine's own files, and sshd."""
    people = accounts(host)
    if not people:
        raise CollectorError("holds no account", "/etc/passwd")
    groups, shells = Groups(host), Shells(host)
    rules, passwords = Rules(host, system_ids(host)), Passwords(host)
    missing, grants = rules.missing + passwords.missing, list(rules.grants)
    server, patterns = ssh_server(host, missing, grants)
    closed: list[Account] = []
    items = []
    for account in people:
        item = described(account, groups.of(account), rules, passwords)
        item["can_log_in"] = shells.let_in(account.shell)
        if item["can_log_in"] and patterns is not None:
            try:
                item["authorized_keys"] = keys.authorized(host, account, patterns)
            except CollectorError:
                closed.append(account)
        items.append(item)
    tell_closed(closed, patterns or [], missing, grants)
    logins, unread = last_logins(host, people, architecture(host))
    missing.extend(f"{path} is closed: last logins are not seen." for path in unread)
    grants.extend(f"setfacl -m u:nodestral-agent:r {path}" for path in unread)
    gauges = {f"user/{name}": {"last_login_at": at} for name, at in logins.items()}
    told = coverage("partial", " ".join(missing), "; ".join(grants)) if missing else coverage("full")
    return Collected(items + server, told, gauges)


def described(account: Account, groups: list[str], rules: Rules, passwords: Passwords) -> dict[str, Any]:
    """One account. Keys are null until they were looked for: of those who cannot log in they are not."""
    sudo, sudo_by = rules.of(account, groups)
    return {
        "kind": "user",
        "key": f"user/{account.name}",
        "name": account.name,
        "uid": account.uid,
        "gid": account.gid,
        "home": account.home,
        "shell": account.shell,
        "can_log_in": False,
        "groups": groups,
        "sudo": sudo,
        "sudo_by": sudo_by,
        "password": passwords.of(account),
        "authorized_keys": None,
    }


def ssh_server(host: Host, missing: list[str], grants: list[str]) -> tuple[list[dict[str, Any]], list[str] | None]:
    """sshd's item, if it is here, and where keys are looked for: None where that is not known, or nobody looks."""
    if not sshd.installed(host):
        return [], None
    try:
        settings = sshd.read(host)
    except Unavailable:
        settings = sshd.Settings()
    except CollectorError as error:
        missing.append(f"sshd's settings are not seen ({error}).")
        if isinstance(error, Denied):
            grants.append(f"setfacl -m u:nodestral-agent:r {sshd.CONFIGURATION}")
        return [], None
    blocks, source = settings.matches, "file"
    if host.uid() == 0:
        try:
            settings, source = sshd.effective(host), "effective"
        except (Unavailable, CollectorError):
            pass  # it is not running, or its host keys are not made: what the files say must do
    if settings.closed:
        missing.append(f"{', '.join(settings.closed)}: closed, so not all of sshd's settings are known.")
        grants.append(f"setfacl -m u:nodestral-agent:rX {' '.join(settings.closed)}")
    named = settings.values.get("authorizedkeysfile")
    patterns = named.split() if named else sshd.KEY_FILES
    command = settings.values.get("authorizedkeyscommand", "none")
    if command.lower() != "none":
        missing.append(f"sshd asks {command} for keys too, which are not seen.")
    defaults = {} if source == "effective" else sshd.known_defaults(host)
    return [sshd.item(settings, source, defaults, blocks)], patterns


def tell_closed(closed: list[Account], patterns: list[str], missing: list[str], grants: list[str]) -> None:
    """Whose keys are not seen, and what would open them: the way to the file, and the file."""
    if not closed:
        return
    names = ", ".join(account.name for account in closed[:GRANTS_MAX])
    more = f" and {len(closed) - GRANTS_MAX} more" if len(closed) > GRANTS_MAX else ""
    missing.append(f"The authorised keys of {names}{more} are closed.")
    for account in closed[:GRANTS_MAX]:
        path = next(iter(keys.places(account, patterns)), "")
        # The service's own sandbox hides /root, whatever its permissions are.
        if path.startswith(account.home) and not path.startswith("/root/"):
            folder = path.rpartition("/")[0]
            grants.append(
                f"setfacl -m u:nodestral-agent:x {account.home} {folder} && setfacl -m u:nodestral-agent:r {path}"
            )


def system_ids(host: Host) -> list[str]:
    """ID and ID_LIKE of os-release(5)."""
    for path in ("/etc/os-release", "/usr/lib/os-release"):
        try:
            lines = [line.partition("=") for line in host.text(path, 64 << 10).splitlines()]
        except (Unavailable, CollectorError):
            continue
        values = {name: value.strip("\"'") for name, _, value in lines}
        return [values.get("ID", ""), *values.get("ID_LIKE", "").split()]
    return []


def architecture(host: Host) -> str:
    """The machine's, as uname -m has it."""
    try:
        return host.text("/proc/sys/kernel/arch", 256).strip()
    except (Unavailable, CollectorError):
        return os.uname().machine
