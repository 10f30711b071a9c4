"""PostgreSQL and Valkey for a command: the ones that the settings name, or the embedded ones."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import structlog

from nodestral.cli.failure import Failure
from nodestral.cli.progress import Progress
from nodestral.embedded.errors import AlreadyRunning
from nodestral.embedded.postgres import Postgres, running_url, start_postgres
from nodestral.embedded.valkey import Valkey, start_valkey
from nodestral.settings import Settings

LOOK_EVERY_SECONDS = 0.5
# A service that dies more often than this within the time is not started again.
DEATHS_MAX = 5
DEATHS_SECONDS = 300.0
log = structlog.get_logger()
Start = Callable[[], Postgres | Valkey]


class Embedded:
    """One embedded service, started again when it dies. Its address stays the same."""

    def __init__(self, name: str, start: Start) -> None:
        self.name = name
        self._start = start
        self._running = start()
        self._deaths: deque[float] = deque(maxlen=DEATHS_MAX)

    @property
    def url(self) -> str:
        return self._running.url

    def stop(self) -> None:
        self._running.stop()

    def look_after(self) -> None:
        """Start it again if it has died. Raises Failure if it dies too often, EmbeddedError if it does not start."""
        status = self._running.process.poll()
        if status is None:
            return
        now = time.monotonic()
        if len(self._deaths) == DEATHS_MAX and now - self._deaths[0] < DEATHS_SECONDS:
            raise Failure(f"{self.name} died {DEATHS_MAX + 1} times within {DEATHS_SECONDS:.0f} s; its log says why.")
        self._deaths.append(now)
        log.error("a database died and is started again", name=self.name, status=status)
        self._running.stop()
        self._running = self._start()


class Stores:
    """Where the two are, and those of them that are ours to look after."""

    def __init__(self, dsn: str, valkey_url: str, embedded: list[Embedded]) -> None:
        self.dsn = dsn
        self.valkey_url = valkey_url
        self._embedded = embedded

    async def look_after(self) -> None:
        """Until cancelled. It runs in the main thread, where children have to be started; meanwhile nothing else does,
        but without its stores the server could not do anything either.
        """
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            for each in self._embedded:
                each.look_after()


@contextmanager
def opened(settings: Settings, progress: Progress) -> Iterator[Stores]:
    """Both stores, for as long as the context lasts. Raises EmbeddedError."""
    folder = Path(settings.data_dir)
    embedded: list[Embedded] = []
    with ExitStack() as stack:

        def own(name: str, start: Start) -> str:
            with progress.step(name, "starting", "ready"):
                service = Embedded(name, start)
                stack.callback(service.stop)
            embedded.append(service)
            return service.url

        dsn, valkey_url = settings.database_url, settings.redis_url
        if dsn:
            progress.line("PostgreSQL", "yours (DATABASE_URL)")
        if valkey_url:
            progress.line("Valkey", "yours (REDIS_URL)")
        dsn = dsn or own("PostgreSQL", lambda: start_postgres(folder))
        valkey_url = valkey_url or own("Valkey", lambda: start_valkey(folder))
        yield Stores(dsn, valkey_url, embedded)


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
