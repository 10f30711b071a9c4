"""What we write into PostgreSQL's data folder: its settings and who may come in.

`nodestral.conf` is written anew at each start; `local.conf` belongs to the person who runs it and wins.
"""

import os
from collections.abc import Sequence
from pathlib import Path

SUPERUSER = "postgres"
ROLE = "nodestral"
DATABASE = "nodestral"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def settings(sockets: Path) -> str:
    """A small server that shares its machine: an eighth of the memory at most, never more than 512 MB."""
    megabytes = _memory_bytes() // 2**20
    buffers = max(32, min(512, megabytes // 8))
    # A list of names, each of which may be quoted: a comma in the path is then no separator.
    socket_list = '"' + str(sockets).replace('"', '""') + '"'
    return f"""\
# Written by Nodestral at each start. Put your own settings into local.conf, beside this file.
listen_addresses = ''
unix_socket_directories = {_quoted(socket_list)}
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = {buffers}MB
effective_cache_size = {max(64, megabytes // 2)}MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 1GB
min_wal_size = 80MB
wal_compression = pglz
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_checkpoints = off
"""


LAST_LINES = "\ninclude_if_exists = 'nodestral.conf'\ninclude_if_exists = 'local.conf'\n"


def host_access() -> str:
    """Sockets only, and only for accounts whose identity the kernel vouches for; nothing over TCP, no trust."""
    return "# Written by Nodestral at each start.\nlocal all all peer map=nodestral\n"


def identities(accounts: Sequence[str]) -> str:
    """accounts: the operating system's users that may become the two roles."""
    lines = ["# Written by Nodestral at each start."]
    for account in dict.fromkeys(accounts):
        name = '"' + account.replace('"', '""') + '"'
        lines += [f"nodestral {name} {role}" for role in (SUPERUSER, ROLE)]
    return "\n".join(lines) + "\n"
