"""Section `users`: who can come in, and how."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from nodestral.protocol.kinds import Count, Key, Short, Text


class AuthorizedKey(Struct):
    """fingerprint: `SHA256:…` as ssh-keygen writes it. options: their names (from, command, cert-authority …)."""

    type: Short
    fingerprint: Short
    comment: Short | None = None
    options: Annotated[list[Short], Meta(max_length=32)] = []


class UserAccount(Struct, tag_field="kind", tag="user"):
    """An account. Key: `user/NAME`. Gauge: last_login_at.

    can_log_in: has a shell that lets one in. sudo: may become root by sudo, doas or a group that the sudoers name;
    null where that cannot be read. sudo_by: the rule. password: set, locked, none; null where it cannot be read.
    authorized_keys: null where they cannot be read, and of those who cannot log in.
    """

    key: Key
    name: Short
    uid: Count
    gid: Count
    home: Text
    shell: Text
    can_log_in: bool
    groups: Annotated[list[Short], Meta(max_length=256)] = []
    sudo: bool | None = None
    sudo_by: Short | None = None
    password: Literal["set", "locked", "none"] | None = None
    authorized_keys: Annotated[list[AuthorizedKey], Meta(max_length=256)] | None = None


class SshMatch(Struct):
    """A Match block: what is different for some connections. condition: as written (`Group sftp`)."""

    condition: Short
    permit_root_login: Short | None = None
    password_authentication: Short | None = None
    keyboard_interactive_authentication: Short | None = None
    pubkey_authentication: Short | None = None
    permit_empty_passwords: Short | None = None


class SshServer(Struct, tag_field="kind", tag="sshd"):
    """What sshd lets in. Key: `sshd`. Values as in sshd_config; null where they cannot be told.

    source: `effective` when sshd itself said so, `file` when read from its configuration files.
    """

    key: Key
    source: Short
    ports: Annotated[list[Count], Meta(max_length=64)] = []
    permit_root_login: Short | None = None
    password_authentication: Short | None = None
    keyboard_interactive_authentication: Short | None = None
    pubkey_authentication: Short | None = None
    permit_empty_passwords: Short | None = None
    matches: Annotated[list[SshMatch], Meta(max_length=64)] = []


UserItem = UserAccount | SshServer
