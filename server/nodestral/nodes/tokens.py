"""Install tokens: secrets that let machines become nodes, a limited number of them for a limited time."""

from typing import NamedTuple

from nodestral.kit import ids
from nodestral.kit.database import Connection
from nodestral.kit.problems import Forbidden, NotFound, Unauthenticated
from nodestral.nodes.schemas import InstallToken, InstallTokenRequest, TokenState

SECRET_PREFIX = "nst_install_"  # noqa: S105 - it tells what a secret is for
SHOWN_CHARACTERS = len(SECRET_PREFIX) + 6

COLUMNS = """
    t.id, t.name, t.prefix, t.revoked_at IS NOT NULL AS revoked, t.expires_at <= now() AS expired,
    extract(epoch FROM t.created_at)::float8 AS created_at, coalesce(u.name, '') AS created_by,
    extract(epoch FROM t.expires_at)::float8 AS expires_at, t.uses_allowed, t.uses,
    coalesce((SELECT array_agg(n.id ORDER BY n.number) FROM nodes n
              WHERE n.install_token_id = t.id AND n.removed_at IS NULL), '{}') AS node_ids
"""


class TokenRow(NamedTuple):
    id: str
    name: str
    prefix: str
    revoked: bool
    expired: bool
    created_at: float
    created_by: str
    expires_at: float
    uses_allowed: int
    uses: int
    node_ids: list[str]


def _state(row: TokenRow) -> TokenState:
    if row.revoked:
        return "revoked"
    if row.uses >= row.uses_allowed:
        return "used up"
    return "expired" if row.expired else "active"


def _as_token(row: TokenRow) -> InstallToken:
    return InstallToken(
        id=row.id,
        name=row.name,
        prefix=row.prefix,
        state=_state(row),
        created_at=row.created_at,
        created_by=row.created_by,
        expires_at=row.expires_at,
        uses_allowed=row.uses_allowed,
        uses=row.uses,
        node_ids=row.node_ids,
    )


async def listed(connection: Connection, organization_id: str) -> list[InstallToken]:
    cursor = await connection.execute(
        f"SELECT {COLUMNS} FROM install_tokens t LEFT JOIN users u ON u.id = t.created_by "  # noqa: S608 - a constant
        "WHERE t.organization_id = %s ORDER BY t.created_at DESC, t.id LIMIT 500",
        (organization_id,),
    )
    return [_as_token(TokenRow(*row)) for row in await cursor.fetchall()]


async def create(
    connection: Connection, organization_id: str, asked: InstallTokenRequest, *, created_by: str | None
) -> tuple[InstallToken, str]:
    """(the token, its secret, which is kept nowhere). created_by: a user's id, or None for the command line."""
    token_id = ids.new_id("token")
    secret = ids.new_secret(SECRET_PREFIX)
    await connection.execute(
        "INSERT INTO install_tokens (id, organization_id, secret_sha256, prefix, name, created_by, expires_at, "
        "uses_allowed) VALUES (%s, %s, %s, %s, %s, %s, now() + make_interval(secs => %s), %s)",
        (
            token_id,
            organization_id,
            ids.digest(secret),
            secret[:SHOWN_CHARACTERS],
            asked.name,
            created_by,
            asked.lifetime_seconds,
            asked.uses_allowed,
        ),
    )
    cursor = await connection.execute(
        f"SELECT {COLUMNS} FROM install_tokens t LEFT JOIN users u ON u.id = t.created_by "  # noqa: S608 - a constant
        "WHERE t.organization_id = %s AND t.id = %s",
        (organization_id, token_id),
    )
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - it was inserted above, in this transaction
    return _as_token(TokenRow(*row)), secret


async def revoke(connection: Connection, organization_id: str, token_id: str) -> None:
    """Raises NotFound. To revoke a token again changes nothing."""
    cursor = await connection.execute(
        "UPDATE install_tokens SET revoked_at = coalesce(revoked_at, now()) WHERE organization_id = %s AND id = %s",
        (organization_id, token_id),
    )
    if cursor.rowcount == 0:
        raise NotFound("There is no such install token.")


class Presented(NamedTuple):
    """An install token that somebody presents."""

    id: str
    organization_id: str


async def find(connection: Connection, secret: str) -> Presented:
    """The token of this secret, good or spent. Raises Unauthenticated."""
    cursor = await connection.execute(
        "SELECT id, organization_id FROM install_tokens WHERE secret_sha256 = %s", (ids.digest(secret),)
    )
    row = await cursor.fetchone()
    if row is None:
        raise Unauthenticated("This install token is not known.", code="bad-token")
    return Presented(*row)


async def use(connection: Connection, token: Presented) -> None:
    """Count one use. Raises Forbidden when the token is expired, revoked or used up."""
    cursor = await connection.execute(
        "UPDATE install_tokens SET uses = uses + 1 WHERE organization_id = %s AND id = %s AND revoked_at IS NULL "
        "AND expires_at > now() AND uses < uses_allowed",
        (token.organization_id, token.id),
    )
    if cursor.rowcount == 0:
        raise Forbidden("This install token is expired, used up or revoked. Make a new one.", code="token-spent")


def command(url: str, secret: str) -> str:
    """The one line that installs the agent."""
    return f"curl -sfL {url}/install.sh | sh -s {secret}"
