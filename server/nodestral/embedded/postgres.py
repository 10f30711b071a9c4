"""The embedded PostgreSQL: set up once, started as our child, ended with us.

It keeps its data in DATA/postgres, which is never overwritten: a folder that is not PostgreSQL's, or another version's,
ends the start with a sentence. An initialisation that was cut off leaves DATA/postgres.new, which the next one removes.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote

import psycopg
from psycopg import sql

from nodestral.embedded import child, folders, postgres_files, programs
from nodestral.embedded.account import Account, current_user, service_account
from nodestral.embedded.errors import AlreadyRunning, StartFailed, WrongData

ACCOUNT = "nodestral"
# PostgreSQL manual, "Shutting Down the Server": SIGINT is the fast shutdown, SIGQUIT the immediate one.
STOP_STEPS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0))
# After a crash it replays up to max_wal_size before it is ready.
READY_SECONDS = 300.0


class Postgres(NamedTuple):
    """A running embedded PostgreSQL. url: for the server, as its own role; superuser_url: for maintenance and tests."""

    url: str
    superuser_url: str
    process: subprocess.Popen[bytes]
    lock: IO[str]

    def stop(self) -> None:
        """Fast shutdown; returns when it is down."""
        child.stop(self.process, STOP_STEPS)
        self.lock.close()


def start_postgres(data_dir: Path, *, say: Callable[[str], None] = lambda _: None) -> Postgres:
    """Start PostgreSQL on DATA/postgres, initialising it first if there is none. Call it from the main thread.

    say: is told what takes time. Raises EmbeddedError.
    """
    account = service_account(ACCOUNT, data_dir)
    data_dir = folders.open_data_folder(data_dir, account)
    held = folders.lock(data_dir, "postgres")
    try:
        bin_dir = programs.postgres_programs(data_dir, account)
        cluster = data_dir / "postgres"
        _check_version(cluster, bin_dir)
        _end_leftover(cluster, account)
        if not cluster.exists():
            say("setting up PostgreSQL")
            _initialise(data_dir, cluster, bin_dir, account)
        sockets = folders.socket_folder(data_dir, account)
        # Their lock file may name a number that is another program's by now. The folder is ours, and we hold its lock.
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (sockets / name).unlink(missing_ok=True)
        _write_files(cluster, sockets, account)
        return _run(data_dir, cluster, bin_dir, sockets, account, held)
    except BaseException:
        held.close()
        raise


def _check_version(cluster: Path, bin_dir: Path) -> None:
    """Only data of the same major version may be opened."""
    if not cluster.exists():
        return
    try:
        found = (cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise WrongData(
            f"{cluster} is not a PostgreSQL data folder, so it was left alone. Move it away, then try again."
        ) from None
    answer = subprocess.run([bin_dir / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    ours = answer.split()[-1].partition(".")[0]
    if found != ours:
        raise WrongData(
            f"{cluster} was written by PostgreSQL {found}, and this version of Nodestral brings PostgreSQL {ours}. "
            f"The data was left alone. Save it with the version of Nodestral that wrote it (pg_dump), move the folder "
            f"away, start once, and restore; or run your own PostgreSQL {found} and set DATABASE_URL."
        )


def _end_leftover(cluster: Path, account: Account | None) -> None:
    """End a PostgreSQL that a killed run left on the folder. We hold the lock, so nobody of ours uses it."""
    pid_file = cluster / "postmaster.pid"
    try:
        first, _, rest = folders.read_owned(pid_file).partition("\n")
        pid = int(first)
    except (OSError, ValueError):
        return
    # It was told to stop by our death; give it that time before anything harsher.
    if not child.end_leftover(pid, "postgres", cluster, STOP_STEPS):
        raise AlreadyRunning(f"A PostgreSQL still runs on {cluster} (process {pid}) and could not be stopped.")
    # The number may be another program's by now, or a dead process that nobody has reaped; PostgreSQL would refuse to
    # start for either. It takes its parent's number for a leftover, and still checks that the memory named in the rest
    # of the file is in nobody's use. (Removing the file would remove that check.)
    if pid_file.exists():
        folders.write_owned(pid_file, f"{os.getpid()}\n{rest}", account)


def _initialise(data_dir: Path, cluster: Path, bin_dir: Path, account: Account | None) -> None:
    new = cluster.with_name("postgres.new")
    if new.exists():
        shutil.rmtree(new)
    folders.private_folder(new, account)
    log = folders.log_file(data_dir, "initdb")
    with log.open("wb") as output:
        process = child.spawn(
            [
                bin_dir / "initdb", "--pgdata", new, "--username", postgres_files.SUPERUSER, "--auth", "peer",
                "--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C",
                "--no-instructions",
            ],
            account=account,
            death_signal=signal.SIGKILL,
            output=output,
        )  # fmt: skip
        try:
            status = process.wait()
        finally:
            child.stop(process, ())
    if status != 0:
        raise StartFailed(f"PostgreSQL could not be set up in {cluster}:\n{folders.tail(log)}")
    conf = new / "postgresql.conf"
    folders.write_owned(conf, folders.read_owned(conf) + postgres_files.LAST_LINES, account)
    new.rename(cluster)


def _write_files(cluster: Path, sockets: Path, account: Account | None) -> None:
    names = [current_user(), *([account.name] if account else [])]
    texts = {
        "nodestral.conf": postgres_files.settings(sockets),
        "pg_hba.conf": postgres_files.host_access(),
        "pg_ident.conf": postgres_files.identities(names),
    }
    for name, text in texts.items():
        folders.write_owned(cluster / name, text, account)


def _run(
    data_dir: Path, cluster: Path, bin_dir: Path, sockets: Path, account: Account | None, held: IO[str]
) -> Postgres:
    log = folders.log_file(data_dir, "postgres")
    with log.open("wb") as output:
        process = child.spawn(
            [bin_dir / "postgres", "-D", cluster], account=account, death_signal=signal.SIGINT, output=output
        )
    running = Postgres(_url(sockets, postgres_files.ROLE), _url(sockets, postgres_files.SUPERUSER), process, held)
    try:
        _wait_until_ready(running, cluster, log)
        _ensure_database(running)
    except BaseException:
        running.stop()
        raise
    return running


def _url(sockets: Path, role: str) -> str:
    return f"postgresql://{role}@/{postgres_files.DATABASE}?host={quote(os.fsencode(sockets), safe='')}"


def _wait_until_ready(running: Postgres, cluster: Path, log: Path) -> None:
    """The eighth line of postmaster.pid is its state (miscadmin.h, LOCK_FILE_LINE_PM_STATUS)."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if running.process.poll() is not None:
            raise StartFailed(f"PostgreSQL did not start ({log}):\n{folders.tail(log)}")
        with contextlib.suppress(OSError, UnicodeDecodeError):
            lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            if len(lines) >= 8 and lines[0] == str(running.process.pid) and lines[7].strip() == "ready":
                return
        time.sleep(child.POLL_SECONDS)
    raise StartFailed(f"PostgreSQL was not ready within {READY_SECONDS:.0f} s ({log}):\n{folders.tail(log)}")


def _ensure_database(running: Postgres) -> None:
    """The server's role owns its database and is no superuser."""
    role, database = sql.Identifier(postgres_files.ROLE), sql.Identifier(postgres_files.DATABASE)
    try:
        psycopg.connect(running.url, connect_timeout=10).close()
    except psycopg.OperationalError:
        maintenance = running.superuser_url.replace(f"/{postgres_files.DATABASE}?", "/postgres?", 1)
        with psycopg.connect(maintenance, autocommit=True, connect_timeout=10) as connection:
            if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (postgres_files.ROLE,)).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(role))
            name = (postgres_files.DATABASE,)
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", name).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))


def running_url(data_dir: Path) -> str | None:
    """The address of the PostgreSQL that another process runs on DATA/postgres, or None.

    The fifth line of postmaster.pid is the folder of its socket (miscadmin.h, LOCK_FILE_LINE_SOCKET_DIR).
    """
    try:
        lines = (data_dir.resolve() / "postgres" / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    return _url(Path(lines[4]), postgres_files.ROLE) if len(lines) >= 8 and lines[7].strip() == "ready" else None
