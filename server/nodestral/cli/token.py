"""`nodestral token`: install tokens, as the dashboard's "Add a server" makes them."""

import asyncio
import time

import rich_click as click

from nodestral.cli import options, people, stores
from nodestral.nodes import tokens
from nodestral.nodes.schemas import InstallTokenRequest
from nodestral.settings import Settings

organization_option = click.option(
    "--organization", default=None, help="Whose nodes. Needed only if there are several."
)


@click.group(name="token")
def command() -> None:
    """Make, list and revoke install tokens."""


@command.command("create")
@click.option("--name", default="command line", show_default=True, help="What it is for.")
@click.option(
    "--hours",
    type=click.FloatRange(min=0.02, max=24 * 365),
    default=1.0,
    show_default=True,
    help="How long it can be used.",
)
@click.option(
    "--uses", type=click.IntRange(1, 100_000), default=1, show_default=True, help="How many machines it admits."
)
@click.option("--quiet", is_flag=True, help="Print the token alone.")
@organization_option
@options.data_dir_option
@options.config_option
def create(
    name: str, hours: float, uses: int, quiet: bool, organization: str | None, data_dir: str | None, config: str | None
) -> None:
    """Make an install token. It is printed once and kept nowhere."""
    settings = options.load_settings(config, data_dir=data_dir)

    async def work(dsn: str) -> None:
        asked = InstallTokenRequest(name=name, lifetime_seconds=round(hours * 3600), uses_allowed=uses)
        async with people.transaction(dsn) as connection:
            owner = await people.organization_id(connection, organization)
            token, secret = await tokens.create(connection, owner, asked, created_by=None)
        if quiet:
            click.echo(secret)
            return
        click.echo(f"{token.id}: {uses} use{'s' if uses > 1 else ''}, for {hours:g} h")
        click.echo(secret)
        click.echo(tokens.command(settings.url, secret))

    _with_database(settings, work)


@command.command("list")
@organization_option
@options.data_dir_option
@options.config_option
def listed(organization: str | None, data_dir: str | None, config: str | None) -> None:
    """List install tokens. Their secrets are known to nobody any more."""

    async def work(dsn: str) -> None:
        async with people.transaction(dsn) as connection:
            found = await tokens.listed(connection, await people.organization_id(connection, organization))
        for token in found:
            until = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(token.expires_at))
            click.echo(
                f"{token.id}\t{token.state}\t{token.uses}/{token.uses_allowed}\t{until}\t{token.prefix}…\t{token.name}"
            )

    _with_database(options.load_settings(config, data_dir=data_dir), work)


@command.command("revoke")
@click.argument("token_id")
@organization_option
@options.data_dir_option
@options.config_option
def revoke(token_id: str, organization: str | None, data_dir: str | None, config: str | None) -> None:
    """Revoke an install token: no machine can use it any more. Nodes that it admitted stay."""

    async def work(dsn: str) -> None:
        async with people.transaction(dsn) as connection:
            await tokens.revoke(connection, await people.organization_id(connection, organization), token_id)
        click.echo(f"{token_id} is revoked.")

    _with_database(options.load_settings(config, data_dir=data_dir), work)


def _with_database(settings: Settings, work: people.Work) -> None:
    with stores.database(settings) as dsn:
        asyncio.run(work(dsn))
