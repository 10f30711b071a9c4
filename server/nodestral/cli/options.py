"""Options that several commands share, and the settings that they give."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
import rich_click as click

from nodestral import settings
from nodestral.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def config_option(command: Command) -> Command:
    return click.option(
        "--config", metavar="FILE", help="A TOML file with settings. [env: NODESTRAL_CONFIG]", default=None
    )(command)


def data_dir_option(command: Command) -> Command:
    return click.option(
        "--data-dir",
        metavar="FOLDER",
        help="Where the embedded databases are. [env: NODESTRAL_DATA_DIR; default: /var/lib/nodestral as root, "
        "else ~/.local/share/nodestral]",
        default=None,
    )(command)


def listen_options(command: Command) -> Command:
    host = click.option(
        "--host", metavar="ADDRESS", help="Listen on this address. [env: NODESTRAL_HOST; default: 127.0.0.1]"
    )
    port = click.option(
        "--port",
        type=click.IntRange(0, 65535),
        help="Listen on this port; 0 takes a free one. [env: NODESTRAL_PORT; default: 8600]",
    )
    return host(port(command))


def load_settings(config: str | None, **given: Any) -> Settings:
    """The settings, with those options over them that were given. Raises SettingsError."""
    found = settings.load(config)
    chosen = {name: value for name, value in given.items() if value is not None}
    if not chosen:
        return found
    try:
        # Through convert once more, so that the bounds hold for options as well.
        return msgspec.convert({**msgspec.structs.asdict(found), **chosen}, Settings)
    except msgspec.ValidationError as error:
        raise settings.SettingsError(str(error)) from None
