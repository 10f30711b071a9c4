"""Who is there, across organizations: for the command line on the server's own machine only. No route calls it."""

from typing import NamedTuple

from psycopg.rows import class_row

from nodestral.kit.database import Connection


class OrganizationRow(NamedTuple):
    id: str
    name: str


class MemberRow(NamedTuple):
    email: str
    name: str
    role: str
    organization: str


async def organizations(connection: Connection) -> list[OrganizationRow]:
    """The oldest first."""
    cursor = connection.cursor(row_factory=class_row(OrganizationRow))
    await cursor.execute("SELECT id, name FROM organizations ORDER BY created_at, id")
    return await cursor.fetchall()


async def members(connection: Connection) -> list[MemberRow]:
    """Every person once for each organization, in the order in which the people were made."""
    cursor = connection.cursor(row_factory=class_row(MemberRow))
    await cursor.execute(
        "SELECT u.email, u.name, m.role, o.name AS organization FROM users u "
        "JOIN members m ON m.user_id = u.id JOIN organizations o ON o.id = m.organization_id "
        "ORDER BY u.created_at, u.id, o.created_at"
    )
    return await cursor.fetchall()
