"""When each account came in last: lastlog(8), wtmp of utmp(5), and the SQLite databases that follow them.

    /var/log/lastlog              a record for each uid, at uid times its size
    /var/log/wtmp                 a record for each login and logout, the newest at the end
    /var/lib/lastlog/lastlog2.db  lastlog2(8), table Lastlog2: seconds
    /var/lib/wtmpdb/wtmp.db       wtmpdb(8), table wtmp: microseconds

Times are 32 bits wide in these records on x86, POWER, s390 and RISC-V, 64 bits on 64-bit ARM and LoongArch: see
__WORDSIZE_TIME64_COMPAT32 of the C library. All of them are readable for everybody unless somebody closed them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from functools import partial

from nodestral_agent.accounts.passwd import Account
from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host

LASTLOG, WTMP = "/var/log/lastlog", "/var/log/wtmp"
LASTLOG2, WTMPDB = "/var/lib/lastlog/lastlog2.db", "/var/lib/wtmpdb/wtmp.db"
LASTLOG2_QUERY = "SELECT Name, Time FROM Lastlog2 LIMIT 20000"
WTMPDB_QUERY = "SELECT User, max(Login) FROM wtmp WHERE Type = 3 GROUP BY User LIMIT 20000"
WIDE = ("aarch64", "loongarch64")
# ll_time, ll_line, ll_host
LASTLOG_RECORD = {False: struct.Struct("=i32s256s"), True: struct.Struct("=q32s256s")}
# ut_type, ut_pid, ut_line, ut_id, ut_user, ut_host, ut_exit, ut_session, tv_sec, tv_usec, ut_addr_v6, unused
WTMP_RECORD = {
    False: struct.Struct("=hxxi32s4s32s256shhiii16s20s"),
    True: struct.Struct("=hxxi32s4s32s256shhqqq16s20s4x"),
}
USER_PROCESS = 7
# The newest logins; an older wtmp is rotated away in any case.
WTMP_MAX = 4 << 20
LATEST = 4_102_444_800


def last_logins(host: Host, accounts: list[Account], architecture: str) -> tuple[dict[str, float], list[str]]:
    """{name: Unix seconds}, and the files that are closed."""
    wide = architecture in WIDE
    found: dict[str, float] = {}
    closed = []
    uids = {account.uid: account.name for account in reversed(accounts)}
    readers: list[tuple[str, Callable[[], Iterator[tuple[str, float]]]]] = [
        (LASTLOG, partial(lastlog, host, uids, wide)),
        (WTMP, partial(wtmp, host, wide)),
        (LASTLOG2, partial(rows, host, LASTLOG2, LASTLOG2_QUERY, 1)),
        (WTMPDB, partial(rows, host, WTMPDB, WTMPDB_QUERY, 10**6)),
    ]
    for path, read in readers:
        try:
            for name, at in read():
                if 0 < at < LATEST:
                    found[name] = max(found.get(name, 0.0), float(at))
        except Denied:
            closed.append(path)
        except (Unavailable, CollectorError):
            continue
    names = {account.name for account in accounts}
    return {name: at for name, at in found.items() if name in names}, closed


def lastlog(host: Host, uids: dict[int, str], wide: bool) -> Iterator[tuple[str, float]]:
    """The record of each account. The file is sparse and may look huge: it is read only where an account is."""
    record = LASTLOG_RECORD[wide]
    size = host.stat(LASTLOG).st_size
    for uid, name in uids.items():
        if (uid + 1) * record.size <= size:
            data = host.part(LASTLOG, uid * record.size, record.size)
            if len(data) == record.size:
                yield name, record.unpack(data)[0]


def wtmp(host: Host, wide: bool) -> Iterator[tuple[str, float]]:
    """Every login that is still in the file."""
    record = WTMP_RECORD[wide]
    size = host.stat(WTMP).st_size // record.size * record.size
    start = max(0, size - WTMP_MAX // record.size * record.size)
    data = host.part(WTMP, start, size - start)
    for fields in record.iter_unpack(data[: len(data) // record.size * record.size]):
        if fields[0] == USER_PROCESS:
            yield fields[4].partition(b"\0")[0].decode("utf-8", "replace"), fields[9]


def rows(host: Host, path: str, query: str, unit: int) -> Iterator[tuple[str, float]]:
    """Names and times of one of the databases."""
    for name, at in host.rows(path, query):
        if isinstance(name, str) and isinstance(at, int):
            yield name, at / unit
