"""What the command line does to accounts and tokens: through the same services as the API, without a session."""

import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import NamedTuple

import psycopg

from nodestral.accounts import directory, service
from nodestral.accounts.passwords import Passwords
from nodestral.cli.failure import Failure
from nodestral.kit.database import Connection
from nodestral.kit.problems import Problem

FIRST_EMAIL = "admin@localhost"
FIRST_NAME = "Admin"
# No letter or digit that is read as another one.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


# What a command does with the address of the database.
Work = Callable[[str], Coroutine[None, None, None]]


class FirstAdmin(NamedTuple):
    """password: None when there already were people, because then it is nobody's to know."""

    email: str
    password: str | None


def new_password() -> str:
    """Five groups of four, 99 bits: short enough to be typed once."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(5))


@asynccontextmanager
async def transaction(dsn: str) -> AsyncIterator[Connection]:
    """One connection, one transaction. Domain errors become sentences (Failure)."""
    try:
        async with await psycopg.AsyncConnection.connect(dsn, connect_timeout=10) as connection:
            yield connection
    except Problem as problem:
        raise Failure(problem.detail) from None
    except ValueError as error:
        raise Failure(str(error)) from None
    except psycopg.errors.UndefinedTable:
        raise Failure("The database has no schema yet. Run: nodestral migrate") from None
    except psycopg.OperationalError as error:
        raise Failure(f"The database cannot be used: {error}") from None


async def ensure_first_admin(dsn: str) -> FirstAdmin:
    """Make the first person if there is none."""
    async with transaction(dsn) as connection:
        if there := await directory.members(connection):
            return FirstAdmin(there[0].email, None)
        password = new_password()
        await service.create_user(connection, Passwords(), email=FIRST_EMAIL, name=FIRST_NAME, password=password)
        return FirstAdmin(FIRST_EMAIL, password)


async def organization_id(connection: Connection, name: str | None) -> str:
    """The organization of that name; without one, the only one there is. Raises Failure."""
    found = await directory.organizations(connection)
    wanted = [each for each in found if name is None or each.name == name]
    if len(wanted) == 1:
        return wanted[0].id
    if not found:
        raise Failure("There is no organization yet. Add a person first: nodestral user add EMAIL")
    names = ", ".join(each.name for each in found)
    if name is None:
        raise Failure(f"There are several organizations ({names}). Choose one with --organization.")
    raise Failure(f"There is no organization {name}. There are: {names}")
