"""PostgreSQL and Valkey for a command: the ones that the settings name, or the embedded ones."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from nodestral.cli.progress import Progress
from nodestral.embedded.errors import AlreadyRunning
from nodestral.embedded.postgres import running_url, start_postgres
from nodestral.embedded.valkey import start_valkey
from nodestral.settings import Settings


class Stores(NamedTuple):
    dsn: str
    valkey_url: str


@contextmanager
def opened(settings: Settings, progress: Progress) -> Iterator[Stores]:
    """Both stores, for as long as the context lasts. Raises EmbeddedError."""
    folder = Path(settings.data_dir)
    with ExitStack() as stack:
        dsn, valkey_url = settings.database_url, settings.redis_url
        if dsn:
            progress.line("PostgreSQL", "yours (DATABASE_URL)")
        else:
            with progress.step("PostgreSQL", "starting", "ready"):
                postgres = start_postgres(folder)
                stack.callback(postgres.stop)
            dsn = postgres.url
        if valkey_url:
            progress.line("Valkey", "yours (REDIS_URL)")
        else:
            with progress.step("Valkey", "starting", "ready"):
                valkey = start_valkey(folder)
                stack.callback(valkey.stop)
            valkey_url = valkey.url
        yield Stores(dsn, valkey_url)


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The address of the database alone: the one that runs now, or the embedded one started for the time being."""
    if settings.database_url:
        yield settings.database_url
        return
    folder = Path(settings.data_dir)
    try:
        postgres = start_postgres(folder)
    except AlreadyRunning:
        url = running_url(folder)
        if url is None:
            raise
        yield url
        return
    try:
        yield postgres.url
    finally:
        postgres.stop()
