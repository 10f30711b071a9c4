"""A machine becomes a node: it shows an install token and tells the SHA-256 of the secret that it made itself.

To ask again with the same secret answers the same node and uses up nothing, since the first answer may have been lost.
Host names and machine ids are hints for people, never proof.
"""

from typing import Any, NamedTuple

from litestar import Request, post
from litestar.datastructures import State
from litestar.params import JSONBody
from litestar.status_codes import HTTP_201_CREATED

from nodestral.events.channels import Publisher
from nodestral.events.schemas import EventBatch, FleetChanged
from nodestral.kit import ids, policy
from nodestral.kit.database import Connection
from nodestral.kit.edge import GivenCaller, GivenWork
from nodestral.kit.policy import AnyConnection, Principal
from nodestral.kit.problems import Conflict, Unauthenticated
from nodestral.kit.text import printable
from nodestral.nodes import tokens
from nodestral.protocol import AgentSettings, EnrollAnswer, EnrollRequest
from nodestral.settings import Settings


class Enrolled(NamedTuple):
    node_id: str
    is_new: bool


def bearer(connection: AnyConnection | Request[Any, Any, Any], prefix: str) -> str:
    """The bearer token of a request. Raises Unauthenticated if there is none of this kind."""
    scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.startswith(prefix):
        raise Unauthenticated("A token of the right kind is needed.", code="bad-token")
    return secret


async def authenticate(connection: AnyConnection) -> Principal:
    """The install token of a request, good or spent. Raises Unauthenticated."""
    secret = bearer(connection, tokens.SECRET_PREFIX)
    async with connection.app.state.pool.connection() as database:
        token = await tokens.find(database, secret)
    return Principal("install", token.organization_id, token.id)


async def enroll(connection: Connection, token: tokens.Presented, asked: EnrollRequest) -> Enrolled:
    """Raises Forbidden (spent token) or Conflict (the secret is another node's or a removed one's)."""
    secret_sha256 = bytes.fromhex(asked.secret_sha256)
    known = await _known(connection, token, secret_sha256)
    if known:
        return Enrolled(known, is_new=False)
    await tokens.use(connection, token)
    hostname = printable(asked.hostname).strip() or "unnamed"
    node_id = ids.new_id("node")
    cursor = await connection.execute(
        "INSERT INTO nodes (id, organization_id, token_sha256, install_token_id, name, hostname, os_name, "
        "machine_id_sha256) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) "
        "ON CONFLICT (token_sha256) DO NOTHING RETURNING number",
        (
            node_id,
            token.organization_id,
            secret_sha256,
            token.id,
            hostname[:128],
            hostname,
            printable(asked.os_name) or None,
            bytes.fromhex(asked.machine_id_sha256) if asked.machine_id_sha256 else None,
        ),
    )
    row = await cursor.fetchone()
    if row is None:
        raise Conflict("This node is being enrolled already; ask again.", code="enrolling")
    await connection.execute(
        "INSERT INTO node_state (node, agent_version) VALUES (%s, %s)", (row[0], printable(asked.agent_version))
    )
    return Enrolled(node_id, is_new=True)


async def _known(connection: Connection, token: tokens.Presented, secret_sha256: bytes) -> str | None:
    cursor = await connection.execute(
        "SELECT id FROM nodes WHERE organization_id = %s AND token_sha256 = %s AND removed_at IS NULL",
        (token.organization_id, secret_sha256),
    )
    row = await cursor.fetchone()
    if row:
        return str(row[0])
    # The answer does not tell whether the secret is another organization's or a removed node's.
    cursor = await connection.execute("SELECT 1 FROM nodes WHERE token_sha256 = %s", (secret_sha256,))
    if await cursor.fetchone():
        raise Conflict("This secret cannot be used again; the agent must make a new one.", code="secret-taken")
    return None


def agent_settings(settings: Settings) -> AgentSettings:
    return AgentSettings(
        interval_seconds=settings.report_interval_seconds, scan_interval_seconds=settings.scan_interval_seconds
    )


@post("/agent/v1/enroll", opt=policy.INSTALL, include_in_schema=False, status_code=HTTP_201_CREATED)
async def enroll_node(
    data: JSONBody[EnrollRequest], caller: GivenCaller, work: GivenWork, state: State
) -> EnrollAnswer:
    token = tokens.Presented(caller.subject, caller.organization_id)
    enrolled = await enroll(work.connection, token, data)
    if enrolled.is_new:

        async def tell() -> None:
            publisher: Publisher = state.publisher
            change = FleetChanged(enrolled.node_id, "enrolled", token_id=token.id)
            publisher.publish(token.organization_id, EventBatch(fleet=[change]))

        work.after_commit.append(tell)
    return EnrollAnswer(node_id=enrolled.node_id, settings=agent_settings(state.settings))
