"""`nodestral up`: everything on one machine, for as long as it runs in the foreground."""

import asyncio
import os
import shutil
import signal
import socket
import sys
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

import msgspec
import rich_click as click

from nodestral import __version__
from nodestral.accounts import directory
from nodestral.cli import http_server, listener, local_agent, options, people, stores
from nodestral.cli.local_agent import AgentFailed, LocalAgent
from nodestral.cli.people import FirstAdmin
from nodestral.cli.progress import Progress
from nodestral.embedded import folders
from nodestral.embedded.account import service_account
from nodestral.embedded.errors import EmbeddedError
from nodestral.embedded.postgres import ACCOUNT
from nodestral.kit.problems import NotFound
from nodestral.migrations import migrate
from nodestral.nodes import repository as nodes
from nodestral.nodes import tokens
from nodestral.nodes.schemas import InstallTokenRequest
from nodestral.settings import Settings

TOKEN_LIFETIME_SECONDS = 600


@click.command()
@options.listen_options
@options.data_dir_option
@options.config_option
@click.option("--agent/--no-agent", "with_agent", default=True, help="Run an agent on this machine.", show_default=True)
def command(host: str | None, port: int | None, data_dir: str | None, config: str | None, with_agent: bool) -> None:
    """Run everything on this machine: PostgreSQL, Valkey, the API with the dashboard, and an agent.

    Nothing needs to be installed or prepared. Ctrl-C stops everything; the next start goes on where this one was.
    """
    settings = options.load_settings(config, listen_host=host, listen_port=port, data_dir=data_dir)
    http_server.set_up_logs(settings)
    progress = Progress()
    # Until the server takes the signals over, each of them ends the start the way Ctrl-C does.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        with ExitStack() as stack:
            _run(settings, progress, stack, with_agent=with_agent)
            # Signals that come while the databases shut down are late: the end is under way.
            for number in http_server.STOP_SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            progress.plain()
            progress.plain("  stopping …")
    except KeyboardInterrupt:
        progress.plain("  interrupted")
        raise SystemExit(130) from None
    progress.plain("  stopped")


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's form
    raise KeyboardInterrupt


def _run(settings: Settings, progress: Progress, stack: ExitStack, *, with_agent: bool) -> None:
    data_dir = folders.open_data_folder(Path(settings.data_dir), service_account(ACCOUNT, Path(settings.data_dir)))
    stack.enter_context(folders.lock(data_dir, "nodestral"))
    sock = stack.enter_context(listener.listen(settings))
    settings = msgspec.structs.replace(settings, data_dir=str(data_dir), listen_port=sock.getsockname()[1])
    progress.plain(f"Nodestral {__version__}")
    progress.line("data", str(data_dir))
    found = stack.enter_context(stores.opened(settings, progress))
    with progress.step("schema", "bringing it up to date", "up to date"):
        migrate(found.dsn)
    admin = asyncio.run(people.ensure_first_admin(found.dsn))
    with progress.step("API", "starting", "ready"):
        app = http_server.make_app(settings, found.dsn, found.valkey_url)

    async def beside() -> None:
        agent = await _started_agent(settings, sock, found.dsn, progress, data_dir) if with_agent else None
        _welcome(settings, admin, progress)
        async with asyncio.TaskGroup() as group:
            group.create_task(found.look_after())
            if agent:
                group.create_task(agent.run())

    http_server.run(app, settings, sock, beside)


async def _started_agent(
    settings: Settings, sock: socket.socket, dsn: str, progress: Progress, data_dir: Path
) -> LocalAgent | None:
    """The agent, enrolled and ready to run. Without one everything else works, so its trouble is only told."""
    if not local_agent.AGENT.exists():
        progress.line("agent", "none: it is not part of this build")
        return None

    async def is_known(node_id: str) -> bool:
        async with people.transaction(dsn) as connection:
            organization = (await directory.organizations(connection))[0].id
            try:
                await nodes.find(connection, organization, node_id)
            except NotFound:
                return False
            return True

    async def make_token() -> str:
        asked = InstallTokenRequest(name="This machine", lifetime_seconds=TOKEN_LIFETIME_SECONDS, uses_allowed=1)
        async with people.transaction(dsn) as connection:
            organization = (await directory.organizations(connection))[0].id
            _, secret = await tokens.create(connection, organization, asked, created_by=None)
        return secret

    try:
        with progress.step("agent", "starting", "runs on this machine"):
            agent = LocalAgent(data_dir, listener.local_address(settings, sock))
            await local_agent.enrolled(agent, is_known, make_token)
    except (AgentFailed, EmbeddedError) as error:
        progress.line("agent", f"does not run: {error}")
        return None
    return agent


def _welcome(settings: Settings, admin: FirstAdmin, progress: Progress) -> None:
    progress.plain()
    progress.line("Open", settings.url)
    progress.line("Sign in", admin.email)
    reset = f"{_own_name()} user password {admin.email}{_data_dir_words(settings)}"
    if admin.password:
        progress.line("Password", admin.password)
        progress.line("", "It is shown only now. To set another:")
        progress.line("", reset)
    else:
        progress.line("", f"Password lost? {reset}")
    progress.plain()
    progress.plain("  Ctrl-C stops everything; the next start goes on where this one was.")


def _own_name() -> str:
    """How this command can be typed here."""
    own = Path(sys.argv[0]).resolve()
    found = shutil.which("nodestral")
    if found and Path(found).resolve() == own:
        return "nodestral"
    with_dots = os.path.relpath(own)
    return str(own) if with_dots.startswith("..") else with_dots


def _data_dir_words(settings: Settings) -> str:
    return "" if settings.data_dir == Settings().data_dir else f" --data-dir {settings.data_dir}"
