"""The command `nodestral`. One file a command, loaded when it is asked for: the list below is all there is."""

import importlib
from typing import NamedTuple

import rich_click as click

from nodestral import __version__
from nodestral.cli.failure import Failure
from nodestral.embedded.errors import EmbeddedError
from nodestral.settings import SettingsError


class Entry(NamedTuple):
    """A command: its file in this folder, and the line that the list of commands shows."""

    module: str
    help: str


COMMANDS = {
    "up": Entry("up", "Run everything on this machine: databases, API, dashboard and an agent."),
    "serve": Entry("serve", "Run the API and the dashboard alone, on databases of your own."),
    "migrate": Entry("migrate", "Bring the database to this version's schema."),
    "user": Entry("user", "Add people, list them, set their passwords."),
    "token": Entry("token", "Make, list and revoke install tokens."),
    "simulate": Entry("simulate", "Drive a fleet of simulated nodes, for demonstrations and load."),
    "settings": Entry("settings", "List every setting with its default and environment variable."),
}


class Commands(click.RichGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = importlib.import_module(f"nodestral.cli.{entry.module}").command
        command.name = cmd_name
        command.short_help = entry.help
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nodestral")
def group() -> None:
    """Nodestral: one place for the services, certificates and resources of all your servers."""


def main() -> None:
    """What went wrong in an expected way is told in a sentence, without a traceback."""
    try:
        group(prog_name="nodestral")
    except (EmbeddedError, SettingsError, Failure) as error:
        click.echo(f"nodestral: {error}", err=True)
        raise SystemExit(1) from None
