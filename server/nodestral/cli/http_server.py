"""uvicorn, set up for a fleet: connections outlive an agent's pause, and open streams don't hold up the end."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager

import structlog
import uvicorn
import uvloop
from litestar import Litestar

from nodestral import contract, pages
from nodestral.app import create_app
from nodestral.settings import Settings

# A new connection for each report would cost the server several times the report.
KEEP_ALIVE_EXTRA_SECONDS = 15
GRACEFUL_SHUTDOWN_SECONDS = 5
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def make_app(settings: Settings, dsn: str, valkey_url: str) -> Litestar:
    return create_app(settings, dsn=dsn, valkey_url=valkey_url, routes=pages.routes(document=contract.openapi))


def configuration(app: Litestar | Callable[[], Litestar], settings: Settings, *, workers: int = 1) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=not isinstance(app, Litestar),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=2048,
        timeout_keep_alive=max(75, settings.report_interval_seconds + KEEP_ALIVE_EXTRA_SECONDS),
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_SECONDS,
    )


class Server(uvicorn.Server):
    """Leaves signals to us, and tells when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.serving.set()


Beside = Callable[[], Coroutine[None, None, None]]


async def serve(app: Litestar, settings: Settings, listener: socket.socket, beside: Beside | None = None) -> None:
    """Serve until a signal asks for the end; a second one does not wait.

    beside: runs while it serves, then is cancelled.

    Raises RuntimeError when the application does not start.
    """
    server = Server(configuration(app, settings))
    loop = asyncio.get_running_loop()

    def end() -> None:
        server.force_exit = server.should_exit
        server.should_exit = True

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, end)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    serving = asyncio.create_task(server.serving.wait())
    companion: asyncio.Task[None] | None = None
    await asyncio.wait({running, serving}, return_when=asyncio.FIRST_COMPLETED)
    serving.cancel()
    if server.started and beside is not None:
        companion = asyncio.create_task(beside())
    try:
        await asyncio.wait({running, *([companion] if companion else [])}, return_when=asyncio.FIRST_COMPLETED)
        if companion and companion.done() and not companion.cancelled() and companion.exception():
            end()
        await running
    finally:
        if companion and not companion.done():
            companion.cancel()
        if companion:
            await asyncio.gather(companion, return_exceptions=True)
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)
    if companion and not companion.cancelled() and (error := companion.exception()):
        raise error.exceptions[0] if isinstance(error, ExceptionGroup) else error
    if not server.started:
        raise RuntimeError("The server did not start; its log says why.")


def run(app: Litestar, settings: Settings, listener: socket.socket, beside: Beside | None = None) -> None:
    """`serve`, on a loop of its own. Blocking."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(app, settings, listener, beside))


def _is_ours(record: logging.LogRecord) -> bool:
    """Whoever knocks with something else than HTTP (a scanner, an agent that looks for TLS) is no news to anybody."""
    return record.getMessage() != "Invalid HTTP request received."


def set_up_logs(settings: Settings) -> None:
    """One line an event on standard error; what libraries say goes the same way, warnings only."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[settings.log_level]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_ours)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
