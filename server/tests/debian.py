"""Debian's own PostgreSQL and Redis as the stores of the tests: over TCP and with passwords, as people run them."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import redis
from psycopg import sql

from nodestral.embedded import child
from nodestral.embedded.account import Account, service_account
from nodestral.embedded.postgres import ACCOUNT, STOP_STEPS
from nodestral.embedded.postgres_files import DATABASE, ROLE

PASSWORD = "only-for-these-tests"
SUPERUSER = "postgres"
REDIS_STEPS = ((signal.SIGTERM, 10.0),)
READY_SECONDS = 60.0


class DebianStores(NamedTuple):
    superuser_url: str
    url: str
    valkey_url: str


def _programs() -> Path:
    """The newest PostgreSQL that Debian's packages have installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    assert found, "Debian's PostgreSQL is not installed: apt-get install postgresql"
    return found[-1].parent


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def debian_stores() -> Iterator[DebianStores]:
    folder = Path(tempfile.mkdtemp(prefix="nst-", dir="/tmp"))
    folder.chmod(0o711)
    account = service_account(ACCOUNT, folder)
    own = folder / "own"
    own.mkdir(mode=0o700)
    if account:
        os.chown(own, account.uid, account.gid)
    try:
        with _postgres(own, account) as (superuser_url, url), _redis(own, account) as redis_url:
            yield DebianStores(superuser_url, url, redis_url)
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def _postgres(folder: Path, account: Account | None) -> Iterator[tuple[str, str]]:
    bin_dir, data, port = _programs(), folder / "postgres", _free_port()
    secret = folder / "password"
    secret.write_text(PASSWORD)
    if account:
        os.chown(secret, account.uid, account.gid)
    initdb: list[str | Path] = [
        bin_dir / "initdb",
        "-D",
        data,
        "-U",
        SUPERUSER,
        "-A",
        "scram-sha-256",
        "--pwfile",
        secret,
        "-E",
        "UTF8",
    ]
    spawned = child.spawn(
        [*initdb, "--locale=C.UTF-8"], account=account, death_signal=signal.SIGKILL, output=subprocess.DEVNULL
    )
    assert spawned.wait() == 0
    process = child.spawn(
        [bin_dir / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder, "-F"],
        account=account,
        death_signal=signal.SIGINT,
        output=subprocess.DEVNULL,
    )
    try:
        superuser_url = f"postgresql://{SUPERUSER}:{PASSWORD}@127.0.0.1:{port}/postgres?connect_timeout=5"
        with _connected(superuser_url) as connection:
            role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, sql.Literal(PASSWORD)))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
        yield superuser_url, f"postgresql://{ROLE}:{PASSWORD}@127.0.0.1:{port}/{DATABASE}?connect_timeout=5"
    finally:
        child.stop(process, STOP_STEPS)


def _connected(url: str) -> psycopg.Connection[tuple[object, ...]]:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@contextlib.contextmanager
def _redis(folder: Path, account: Account | None) -> Iterator[str]:
    program = shutil.which("redis-server", path="/usr/bin")
    assert program, "Debian's Redis is not installed: apt-get install redis-server"
    port = _free_port()
    process = child.spawn(
        [
            program, "--port", str(port), "--bind", "127.0.0.1", "--requirepass", PASSWORD, "--save", "",
            "--dir", folder,
        ],
        account=account,
        death_signal=signal.SIGTERM,
        output=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"redis://:{PASSWORD}@127.0.0.1:{port}/0"
    try:
        deadline = time.monotonic() + READY_SECONDS
        with redis.Redis.from_url(url) as client:
            while True:
                try:
                    client.ping()
                    break
                except redis.ConnectionError:
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
        yield url
    finally:
        child.stop(process, REDIS_STEPS)
