"""SQL of accounts. Sessions and people are found by their own secrets or ids; all else within an organization."""

from typing import NamedTuple

from psycopg.rows import scalar_row

from nodestral.kit.database import Connection


class SessionRow(NamedTuple):
    """A session that has not expired, with the person and the organization."""

    user_id: str
    email: str
    user_name: str
    organization_id: str
    organization_name: str
    role: str
    expires_at: float


async def credentials(connection: Connection, email: str) -> tuple[str, str] | None:
    """(user id, password hash) of that address."""
    cursor = await connection.execute("SELECT id, password_hash FROM users WHERE lower(email) = lower(%s)", (email,))
    row = await cursor.fetchone()
    return None if row is None else (row[0], row[1])


async def first_organization(connection: Connection, user_id: str) -> str | None:
    cursor = connection.cursor(row_factory=scalar_row)
    await cursor.execute(
        "SELECT organization_id FROM members WHERE user_id = %s ORDER BY created_at, organization_id LIMIT 1",
        (user_id,),
    )
    return await cursor.fetchone()


async def open_session(
    connection: Connection, secret_sha256: bytes, user_id: str, organization_id: str, lifetime_seconds: int
) -> None:
    await connection.execute("DELETE FROM sessions WHERE expires_at < now()")
    await connection.execute(
        "INSERT INTO sessions (secret_sha256, user_id, organization_id, expires_at) "
        "VALUES (%s, %s, %s, now() + make_interval(secs => %s))",
        (secret_sha256, user_id, organization_id, lifetime_seconds),
    )


async def session(connection: Connection, secret_sha256: bytes) -> SessionRow | None:
    cursor = await connection.execute(
        """
        SELECT u.id, u.email, u.name, o.id, o.name, m.role, extract(epoch FROM s.expires_at)::float8
        FROM sessions s
        JOIN users u ON u.id = s.user_id
        JOIN members m ON m.user_id = s.user_id AND m.organization_id = s.organization_id
        JOIN organizations o ON o.id = s.organization_id
        WHERE s.secret_sha256 = %s AND s.expires_at > now()
        """,
        (secret_sha256,),
    )
    row = await cursor.fetchone()
    return None if row is None else SessionRow(*row)


async def close_session(connection: Connection, secret_sha256: bytes) -> None:
    await connection.execute("DELETE FROM sessions WHERE secret_sha256 = %s", (secret_sha256,))


async def close_sessions_of(connection: Connection, user_id: str) -> None:
    await connection.execute("DELETE FROM sessions WHERE user_id = %s", (user_id,))


async def set_password_hash(connection: Connection, user_id: str, password_hash: str) -> None:
    await connection.execute("UPDATE users SET password_hash = %s WHERE id = %s", (password_hash, user_id))


async def add_user(connection: Connection, user_id: str, email: str, name: str, password_hash: str) -> None:
    await connection.execute(
        "INSERT INTO users (id, email, name, password_hash) VALUES (%s, %s, %s, %s)",
        (user_id, email, name, password_hash),
    )


async def organization_named(connection: Connection, name: str) -> str | None:
    cursor = connection.cursor(row_factory=scalar_row)
    await cursor.execute("SELECT id FROM organizations WHERE name = %s ORDER BY created_at LIMIT 1", (name,))
    return await cursor.fetchone()


async def add_organization(connection: Connection, organization_id: str, name: str) -> None:
    await connection.execute("INSERT INTO organizations (id, name) VALUES (%s, %s)", (organization_id, name))


async def add_member(connection: Connection, organization_id: str, user_id: str, role: str) -> None:
    await connection.execute(
        "INSERT INTO members (organization_id, user_id, role) VALUES (%s, %s, %s)", (organization_id, user_id, role)
    )


async def count_users(connection: Connection) -> int:
    cursor = connection.cursor(row_factory=scalar_row)
    await cursor.execute("SELECT count(*) FROM users")
    found = await cursor.fetchone()
    return int(found or 0)
