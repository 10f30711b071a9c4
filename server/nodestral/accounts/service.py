"""Signing in and out, and the people that the command line makes. A session is an opaque secret in a cookie; PostgreSQL
keeps its SHA-256, and each process remembers for a few seconds what it looked up.
"""

import psycopg

from nodestral import __version__
from nodestral.accounts import repository
from nodestral.accounts.passwords import Passwords
from nodestral.accounts.repository import SessionRow
from nodestral.accounts.schemas import Organization, Role, Session, SignIn, User
from nodestral.kit import ids
from nodestral.kit.clock import Clock
from nodestral.kit.database import Connection, Pool
from nodestral.kit.problems import Conflict, NotFound, Unauthenticated

# The end of a session is effective in every process within this time.
REMEMBERED_SECONDS = 3.0
REMEMBERED_MAX = 10_000
PASSWORD_MIN_LENGTH = 8


def as_session(row: SessionRow) -> Session:
    role: Role = row.role  # type: ignore[assignment]  # the table's check allows these four only
    return Session(
        user=User(id=row.user_id, email=row.email, name=row.user_name),
        organization=Organization(id=row.organization_id, name=row.organization_name, role=role),
        expires_at=row.expires_at,
        server_version=__version__,
    )


class Sessions:
    def __init__(self, pool: Pool, passwords: Passwords, clock: Clock, lifetime_seconds: int) -> None:
        self._pool = pool
        self._passwords = passwords
        self._clock = clock
        self._lifetime_seconds = lifetime_seconds
        self._remembered: dict[bytes, tuple[float, SessionRow]] = {}

    async def open(self, asked: SignIn) -> tuple[str, Session]:
        """(the cookie's secret, the session). Raises Unauthenticated, in the same words whatever was wrong."""
        wrong = Unauthenticated("The address or the password is not right.", code="wrong-credentials")
        async with self._pool.connection() as connection:
            found = None if "\0" in asked.email else await repository.credentials(connection, asked.email)
        # No connection is held while the hash is worked out.
        if not await self._passwords.matches(found[1] if found else None, asked.password) or found is None:
            raise wrong
        secret = ids.new_secret("nst_session_")
        secret_sha256 = ids.digest(secret)
        async with self._pool.connection() as connection:
            organization_id = await repository.first_organization(connection, found[0])
            if organization_id is None:
                raise wrong
            await repository.open_session(connection, secret_sha256, found[0], organization_id, self._lifetime_seconds)
            row = await repository.session(connection, secret_sha256)
        if row is None:
            raise wrong
        return secret, as_session(row)

    async def find(self, secret: str) -> tuple[bytes, SessionRow]:
        """The session of a cookie. Raises Unauthenticated."""
        secret_sha256 = ids.digest(secret)
        return secret_sha256, await self.by_digest(secret_sha256)

    async def by_digest(self, secret_sha256: bytes) -> SessionRow:
        now = self._clock.now()
        known = self._remembered.get(secret_sha256)
        if known and known[0] > now and known[1].expires_at > now:
            return known[1]
        self._remembered.pop(secret_sha256, None)
        async with self._pool.connection() as connection:
            row = await repository.session(connection, secret_sha256)
        if row is None:
            raise Unauthenticated("Sign in first.")
        if len(self._remembered) >= REMEMBERED_MAX:
            self._remembered.clear()
        self._remembered[secret_sha256] = (now + REMEMBERED_SECONDS, row)
        return row

    async def close(self, connection: Connection, secret_sha256: bytes) -> None:
        self._remembered.pop(secret_sha256, None)
        await repository.close_session(connection, secret_sha256)


async def create_user(
    connection: Connection,
    passwords: Passwords,
    *,
    email: str,
    name: str,
    password: str,
    organization: str = "Home",
    role: Role = "owner",
) -> tuple[str, str]:
    """(user id, organization id). The organization of that name is made if there is none. Raises Conflict, ValueError.

    For the command line only: no route makes the first person.
    """
    if "@" not in email or not 3 <= len(email) <= 254:
        raise ValueError("This is not an e-mail address.")
    if len(password) < PASSWORD_MIN_LENGTH:
        raise ValueError(f"A password has at least {PASSWORD_MIN_LENGTH} characters.")
    user_id = ids.new_id("user")
    try:
        await repository.add_user(connection, user_id, email, name or email, passwords.hash(password))
    except psycopg.errors.UniqueViolation:
        raise Conflict(f"There is already a user {email}.", code="user-exists") from None
    organization_id = await repository.organization_named(connection, organization)
    if organization_id is None:
        organization_id = ids.new_id("org")
        await repository.add_organization(connection, organization_id, organization)
    await repository.add_member(connection, organization_id, user_id, role)
    return user_id, organization_id


async def set_password(connection: Connection, passwords: Passwords, *, email: str, password: str) -> None:
    """Change a password and end all sessions of that person. Raises NotFound, ValueError."""
    if len(password) < PASSWORD_MIN_LENGTH:
        raise ValueError(f"A password has at least {PASSWORD_MIN_LENGTH} characters.")
    found = await repository.credentials(connection, email)
    if found is None:
        raise NotFound(f"There is no user {email}.")
    await repository.set_password_hash(connection, found[0], passwords.hash(password))
    await repository.close_sessions_of(connection, found[0])
