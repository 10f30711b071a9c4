"""`nodestral serve`: the API and the dashboard alone, in one or several processes, on databases that run elsewhere."""

import ctypes
import functools
import os
import signal
import socket
import sys

import rich_click as click
from litestar import Litestar
from uvicorn.supervisors import Multiprocess

from nodestral.cli import http_server, listener, options
from nodestral.cli.failure import Failure
from nodestral.embedded.child import PR_SET_PDEATHSIG
from nodestral.settings import Settings


@click.command()
@options.listen_options
@options.config_option
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="How many processes serve.")
def command(host: str | None, port: int | None, config: str | None, workers: int) -> None:
    """Run the API and the dashboard alone. DATABASE_URL and REDIS_URL name the databases.

    The schema must be up to date: run `nodestral migrate` first.
    """
    settings = options.load_settings(config, listen_host=host, listen_port=port)
    missing = [
        name for name, url in (("DATABASE_URL", settings.database_url), ("REDIS_URL", settings.redis_url)) if not url
    ]
    if missing:
        raise Failure(
            f"serve needs databases that run already: set {' and '.join(missing)}. (nodestral up brings its own.)"
        )
    with listener.listen(settings) as sock:
        click.echo(f"Nodestral listens on {listener.local_address(settings, sock)}")
        if workers == 1:
            http_server.set_up_logs(settings)
            http_server.run(make_app(settings), settings, sock)
        else:
            _serve_in_processes(settings, workers, sock)


def make_app(settings: Settings) -> Litestar:
    return http_server.make_app(settings, settings.database_url, settings.redis_url)


def make_worker_app(settings: Settings, parent: int) -> Litestar:
    """In a worker process: end with the parent, whatever ended it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(1)
    http_server.set_up_logs(settings)
    return make_app(settings)


def _serve_in_processes(settings: Settings, workers: int, sock: socket.socket) -> None:
    factory = functools.partial(make_worker_app, settings, os.getpid())
    config = http_server.configuration(factory, settings, workers=workers)
    Multiprocess(config, sockets=[sock]).run()
