"""`nodestral user`: people. The first one can only be made here, on the server's own machine."""

import asyncio
from typing import get_args

import rich_click as click

from nodestral.accounts import directory, service
from nodestral.accounts.passwords import Passwords
from nodestral.accounts.schemas import Role
from nodestral.cli import options, people, stores
from nodestral.settings import Settings


@click.group(name="user")
def command() -> None:
    """Add people, list them, set their passwords."""


def _password(generate: bool) -> tuple[str, bool]:
    """(the password, whether it was generated). It never is an argument: those are seen by everybody on the machine."""
    if generate:
        return people.new_password(), True
    return click.prompt("Password", hide_input=True, confirmation_prompt=True, type=str), False


@command.command("add")
@click.argument("email")
@click.option("--name", default="", help="How the person is called.")
@click.option("--role", type=click.Choice(get_args(Role)), default="owner", show_default=True)
@click.option("--organization", default="Home", show_default=True, help="Made if there is none of that name.")
@click.option("--generate", is_flag=True, help="Make a password and print it, instead of asking for one.")
@options.data_dir_option
@options.config_option
def add(
    email: str, name: str, role: Role, organization: str, generate: bool, data_dir: str | None, config: str | None
) -> None:
    """Add a person."""
    settings = options.load_settings(config, data_dir=data_dir)
    password, generated = _password(generate)

    async def work(dsn: str) -> None:
        async with people.transaction(dsn) as connection:
            await service.create_user(
                connection, Passwords(), email=email, name=name, password=password, organization=organization, role=role
            )

    _with_database(settings, work)
    click.echo(f"{email} is now {role} of {organization}.")
    if generated:
        click.echo(f"Password: {password}")


@command.command("password")
@click.argument("email")
@click.option("--generate", is_flag=True, help="Make a password and print it, instead of asking for one.")
@options.data_dir_option
@options.config_option
def password(email: str, generate: bool, data_dir: str | None, config: str | None) -> None:
    """Set a person's password, and end all of that person's sessions."""
    settings = options.load_settings(config, data_dir=data_dir)
    chosen, generated = _password(generate)

    async def work(dsn: str) -> None:
        async with people.transaction(dsn) as connection:
            await service.set_password(connection, Passwords(), email=email, password=chosen)

    _with_database(settings, work)
    click.echo(f"The password of {email} is set; all sessions of that person have ended.")
    if generated:
        click.echo(f"Password: {chosen}")


@command.command("list")
@options.data_dir_option
@options.config_option
def listed(data_dir: str | None, config: str | None) -> None:
    """List all people with their roles."""

    async def work(dsn: str) -> None:
        async with people.transaction(dsn) as connection:
            for each in await directory.members(connection):
                click.echo(f"{each.email}\t{each.role}\t{each.organization}\t{each.name}")

    _with_database(options.load_settings(config, data_dir=data_dir), work)


def _with_database(settings: Settings, work: people.Work) -> None:
    with stores.database(settings) as dsn:
        asyncio.run(work(dsn))
