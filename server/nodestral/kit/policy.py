"""Who may call what. Every route names its policy in `opt`; a route without one is closed to everybody.

One guard on the whole application asks for it. How a kind of credential is checked is told by the domain that owns it
(`Authenticators`); kinds are disjoint: a node's token is worth nothing to a person's route, nor the other way round.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Literal, NamedTuple

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from nodestral.kit.problems import Forbidden

Kind = Literal["public", "user", "node", "install", "metrics"]
Role = Literal["owner", "admin", "operator", "viewer"]
RANK: dict[str, int] = {"viewer": 0, "operator": 1, "admin": 2, "owner": 3}
AnyConnection = ASGIConnection[Any, Any, Any, Any]


class Policy(NamedTuple):
    kind: Kind
    role: Role = "viewer"


PUBLIC = {"policy": Policy("public")}
# Beside a policy: what this route sends was packed when it was built, and a second time would make it unreadable.
PACKED = "packed"
VIEWER = {"policy": Policy("user", "viewer")}
OPERATOR = {"policy": Policy("user", "operator")}
ADMIN = {"policy": Policy("user", "admin")}
# Of the one route of nodes, which checks its token itself and remembers it between reports.
NODE = {"policy": Policy("node")}
INSTALL = {"policy": Policy("install")}
METRICS = {"policy": Policy("metrics")}


class Principal(NamedTuple):
    """Who calls, once the credential has been checked."""

    kind: Kind
    organization_id: str
    subject: str
    role: Role = "viewer"
    session_sha256: bytes = b""
    expires_at: float = 0.0


Authenticator = Callable[[AnyConnection], Awaitable[Principal]]


async def guard(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """Let through only who the route's policy names. Raises Unauthenticated or Forbidden."""
    policy = handler.opt.get("policy")
    if not isinstance(policy, Policy):
        raise Forbidden("Nobody may do this.")
    if policy.kind == "public":
        return
    authenticators: dict[Kind, Authenticator] = connection.app.state.authenticators
    principal = await authenticators[policy.kind](connection)
    if principal.kind != policy.kind:
        raise Forbidden("This credential is for something else.")
    if policy.kind == "user" and RANK[principal.role] < RANK[policy.role]:
        raise Forbidden(f"This needs the role {policy.role}.")
    connection.scope["principal"] = principal  # type: ignore[typeddict-unknown-key]


def principal_of(scope: Any) -> Principal:
    """The caller of a guarded route."""
    found = scope["principal"]
    assert isinstance(found, Principal)  # noqa: S101 - the guard has put it there, or the route was not reached
    return found
