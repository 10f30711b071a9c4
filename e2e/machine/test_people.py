"""Who can come in, as the machine's own tools tell it: getent, id, passwd, ssh-keygen, sudo, lastlog, sshd."""

import json
import shlex
from collections.abc import Callable
from typing import Any

import pytest

from e2e.machine import host, workloads
from e2e.machine.fleet import Fleet, Member
from e2e.machine.machine import Machine
from e2e.machine.server import SEEN_WITHIN_SECONDS
from nodestral.inventory.schemas import SeenSshServer, SeenUser

pytestmark = [pytest.mark.machine, pytest.mark.timeout(600)]

KEYS = "~/.ssh/authorized_keys"
# What the agent's program finds when root runs it, which no agent does: it must be right all the same.
AS_ROOT = """
import json, sys
sys.path.insert(0, "/opt/nodestral/current")
from nodestral_agent.collectors import users
from nodestral_agent.host import Host
print(json.dumps({item["key"]: item for item in users.collect(Host()).items}))
"""


def people(fleet: Fleet, member: Member) -> dict[str, SeenUser]:
    users = fleet.api.users(fleet.node_ids[member.name]).values()
    return {user.name: user for user in users if isinstance(user, SeenUser)}


def wait_for_user(
    fleet: Fleet, member: Member, name: str, is_so: Callable[[SeenUser], bool] = lambda _: True
) -> SeenUser:
    """The account, once it is told and is so."""

    def look() -> SeenUser | None:
        user = people(fleet, member).get(name)
        return user if user and is_so(user) else None

    return host.wait_for(f"{member.name}: user {name}", look, within_seconds=SEEN_WITHIN_SECONDS, every_seconds=1)


def passwd(machine: Machine) -> dict[str, list[str]]:
    lines = machine.run("getent passwd").stdout.splitlines()
    return {fields[0]: fields for fields in (line.split(":") for line in lines)}


def as_root(machine: Machine) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(machine.run("python3 -I -S -B -", stdin=AS_ROOT).stdout)
    return found


def test_every_account_is_listed_as_getent_and_id_tell_it(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        machine = fleet.machines[member.name]
        wait_for_user(fleet, member, workloads.USER)
        seen, truth = people(fleet, member), passwd(machine)
        assert sorted(seen) == sorted(truth)
        for name, (_, _, uid, gid, _, home, shell) in truth.items():
            user = seen[name]
            assert (user.uid, user.gid, user.home, user.shell) == (int(uid), int(gid), home, shell)
            assert user.can_log_in == (not shell.endswith(("nologin", "false", "sync")))
            assert user.groups == machine.run(f"id --groups --name {shlex.quote(name)}").stdout.split()
            assert user.password is None  # neither agent may look into /etc/shadow
        assert (seen["root"].sudo, seen["root"].sudo_by) == (True, "uid 0")
        assert seen[workloads.USER].sudo is None  # sudoers is closed, and no default tells of this user

    fleet.on_each_member(check)


def test_keys_are_seen_by_their_owner_only(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        machine = fleet.machines[member.name]
        try:
            told = machine.run(
                f"""
                mkdir --mode=0700 ~/.ssh && cd ~/.ssh
                ssh-keygen -q -t ed25519 -N '' -C first -f one && ssh-keygen -q -t rsa -b 2048 -N '' -C second -f two
                (cat one.pub; printf 'from="192.0.2.0/24",no-pty '; cat two.pub) >{KEYS} && chmod 0600 {KEYS}
                ssh-keygen -l -f {KEYS}
                """,
                user=workloads.USER,
            ).stdout
            truth = {line.split()[1] for line in told.splitlines()}
            assert len(truth) == 2
            if member.scope == "user":
                keys = wait_for_user(
                    fleet, member, workloads.USER, lambda user: len(user.authorized_keys or []) == 2
                ).authorized_keys
                assert keys is not None
                assert {key.fingerprint for key in keys} == truth
                assert {(key.type, key.comment, *key.options) for key in keys} == {
                    ("ssh-ed25519", "first"),
                    ("ssh-rsa", "second", "from", "no-pty"),
                }
            else:
                # Before there was a folder for keys, it was seen that there were none.
                wait_for_user(fleet, member, workloads.USER, lambda user: user.authorized_keys is None)
                found = as_root(machine)[f"user/{workloads.USER}"]["authorized_keys"]
                assert {key["fingerprint"] for key in found} == truth
        finally:
            machine.run("rm -rf ~/.ssh", user=workloads.USER)

    fleet.on_each_member(check)


def test_who_may_become_root(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        machine = fleet.machines[member.name]
        machine.run("useradd --create-home --shell /bin/bash --groups sudo ann")
        try:
            machine.run("echo 'bob ALL=(root) /usr/bin/true' >/etc/sudoers.d/bob && useradd --shell /bin/sh bob")
            ann = wait_for_user(fleet, member, "ann")
            assert (ann.sudo, ann.sudo_by) == (True, "group sudo, by the distribution's default")
            assert wait_for_user(fleet, member, "bob").sudo is None
            if member.scope == "system":
                found = as_root(machine)
                for name in ("ann", "bob", workloads.USER, "daemon"):
                    allowed = "may run" in machine.run(f"sudo --list --other-user={name}", check=False).stdout
                    assert found[f"user/{name}"]["sudo"] == allowed, name
                assert found["user/bob"]["sudo_by"] == "sudo, some commands only: bob"
        finally:
            machine.run("userdel --remove ann; userdel bob; rm -f /etc/sudoers.d/bob", check=False)

    fleet.on_each_member(check)


def test_passwords_and_logins_are_those_that_root_is_told(fleet: Fleet) -> None:
    words = {"P": "set", "L": "locked", "LK": "locked", "NP": "none"}

    def check(member: Member) -> None:
        if member.scope != "system":
            return
        machine = fleet.machines[member.name]
        machine.run("echo 'openclaw:correct horse' | chpasswd")
        try:
            found = as_root(machine)
            truth = (line.split() for line in machine.run("passwd --status --all").stdout.splitlines())
            assert {f"user/{name}": words[state] for name, state, *_ in truth} == {
                key: item["password"] for key, item in found.items() if item["kind"] == "user"
            }
            assert found["user/openclaw"]["password"] == "set"
        finally:
            machine.run("passwd --lock openclaw")
        if machine.run("command -v lastlog", check=False).returncode == 0:
            machine.run("touch /var/log/lastlog && lastlog --set --user openclaw")
            now = float(machine.run("date +%s").stdout)
            last = host.wait_for(
                f"{member.name}: the login of openclaw",
                lambda: people(fleet, member)["openclaw"].last_login_at,
                within_seconds=SEEN_WITHIN_SECONDS,
                every_seconds=1,
            )
            assert abs(last - now) < 60
            machine.run("lastlog --clear --user openclaw")

    fleet.on_each_member(check)


def test_what_sshd_lets_in(fleet: Fleet) -> None:
    def check(member: Member) -> None:
        machine = fleet.machines[member.name]
        lines = (line.partition(" ") for line in machine.run("/usr/sbin/sshd -T").stdout.splitlines())
        truth = {name: value for name, _, value in lines}
        wait_for_user(fleet, member, workloads.USER)
        server = fleet.api.users(fleet.node_ids[member.name])["sshd"]
        assert isinstance(server, SeenSshServer)
        root_login = truth["permitrootlogin"].replace("without-password", "prohibit-password")
        assert (server.source, server.ports) == ("file", [22])
        assert server.permit_root_login == root_login
        assert server.password_authentication == truth["passwordauthentication"]
        assert server.keyboard_interactive_authentication == truth["kbdinteractiveauthentication"]
        assert server.pubkey_authentication == truth["pubkeyauthentication"]
        assert server.permit_empty_passwords == truth["permitemptypasswords"]
        if member.scope == "system":
            assert as_root(machine)["sshd"] | {"source": "file"} == {
                **{name: getattr(server, name) for name in server.__struct_fields__ if name != "seen_from"},
                "kind": "sshd",
                "matches": [],
            }

    fleet.on_each_member(check)
