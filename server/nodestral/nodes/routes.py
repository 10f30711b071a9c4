"""/api/v1/nodes and /api/v1/install-tokens."""

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from nodestral.events.channels import Publisher
from nodestral.events.schemas import EventBatch, FleetChanged, NodeStatus
from nodestral.kit import policy
from nodestral.kit.database import Work
from nodestral.kit.edge import GivenCaller, GivenNode, GivenWork, NodeRef
from nodestral.kit.problems import Invalid
from nodestral.kit.text import printable
from nodestral.nodes import listing, repository, service, sparklines, tokens
from nodestral.nodes.schemas import (
    InstallTokenList,
    InstallTokenRequest,
    NewInstallToken,
    NodeChange,
    NodeDetail,
    NodePage,
    NodeSort,
    SortOrder,
    Sparklines,
)

PATH = "/api/v1/nodes"
TOKENS_PATH = "/api/v1/install-tokens"


async def provide_node(node_id: FromPath[str], caller: GivenCaller, work: GivenWork) -> NodeRef:
    """The node that the address names, if it is the caller's organization's. Raises NotFound."""
    return await repository.find(work.connection, caller.organization_id, node_id)


def _tell(work: Work, state: State, node: NodeRef, change: FleetChanged) -> None:
    async def tell() -> None:
        publisher: Publisher = state.publisher
        publisher.publish(node.organization_id, EventBatch(fleet=[change]))

    work.after_commit.append(tell)


@get(PATH, tags=["nodes"], operation_id="listNodes", opt=policy.VIEWER)
async def list_nodes(
    caller: GivenCaller,
    work: GivenWork,
    state: State,
    q: FromQuery[str | None] = None,
    status: FromQuery[list[NodeStatus] | None] = None,
    partly_seen: FromQuery[bool | None] = None,
    provider: FromQuery[list[str] | None] = None,
    os: FromQuery[list[str] | None] = None,
    tag: FromQuery[list[str] | None] = None,
    sort: FromQuery[NodeSort] = "name",
    order: FromQuery[SortOrder] = "ascending",
    offset: Annotated[int, QueryParameter(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 200,
) -> NodePage:
    wanted = listing.Filter(q, list(status or ()) or None, partly_seen, provider, os, tag)
    rows, total = await listing.page(
        work.connection, caller.organization_id, wanted, sort=sort, order=order, offset=offset, limit=limit
    )
    counts, facets = await listing.overview(work.connection, caller.organization_id)
    interval_seconds = state.settings.report_interval_seconds
    items = [service.summary(row, interval_seconds) for row in rows]
    return NodePage(items=items, total=total, offset=offset, counts=counts, facets=facets)


@get(f"{PATH}/sparklines", tags=["nodes"], operation_id="getSparklines", opt=policy.VIEWER)
async def get_sparklines(
    caller: GivenCaller, work: GivenWork, state: State, node_id: Annotated[list[str], QueryParameter(max_items=100)]
) -> Sparklines:
    return await sparklines.of_nodes(work.connection, caller.organization_id, node_id, now=state.clock.now())


@get(f"{PATH}/{{node_id:str}}", tags=["nodes"], operation_id="getNode", opt=policy.VIEWER)
async def get_node(node: GivenNode, work: GivenWork, state: State) -> NodeDetail:
    return await service.detail(work.connection, node, state.settings.report_interval_seconds)


@patch(f"{PATH}/{{node_id:str}}", tags=["nodes"], operation_id="changeNode", opt=policy.OPERATOR)
async def change_node(node: GivenNode, work: GivenWork, state: State, data: JSONBody[NodeChange]) -> NodeDetail:
    name = None if data.name is None else printable(data.name).strip()
    if name == "":
        raise Invalid("A name cannot be blank.", errors=[{"path": "name", "message": "It is blank."}])
    tags = None if data.tags is None else sorted({printable(tag).strip() for tag in data.tags} - {""})
    await repository.change(work.connection, node, name=name, tags=tags)
    _tell(work, state, node, FleetChanged(node.id, "changed"))
    return await service.detail(work.connection, node, state.settings.report_interval_seconds)


@delete(f"{PATH}/{{node_id:str}}", tags=["nodes"], operation_id="removeNode", opt=policy.ADMIN)
async def remove_node(node: GivenNode, work: GivenWork, state: State) -> None:
    await repository.remove(work.connection, node)
    _tell(work, state, node, FleetChanged(node.id, "removed"))


@get(TOKENS_PATH, tags=["install tokens"], operation_id="listInstallTokens", opt=policy.OPERATOR)
async def list_tokens(caller: GivenCaller, work: GivenWork) -> InstallTokenList:
    return InstallTokenList(await tokens.listed(work.connection, caller.organization_id))


@post(TOKENS_PATH, tags=["install tokens"], operation_id="createInstallToken", opt=policy.OPERATOR)
async def create_token(
    caller: GivenCaller, work: GivenWork, state: State, data: JSONBody[InstallTokenRequest]
) -> NewInstallToken:
    data.name = printable(data.name).strip()
    token, secret = await tokens.create(work.connection, caller.organization_id, data, created_by=caller.subject)
    return NewInstallToken(token=token, secret=secret, command=tokens.command(state.settings.url, secret))


@delete(
    f"{TOKENS_PATH}/{{token_id:str}}", tags=["install tokens"], operation_id="revokeInstallToken", opt=policy.OPERATOR
)
async def revoke_token(caller: GivenCaller, work: GivenWork, token_id: FromPath[str]) -> None:
    await tokens.revoke(work.connection, caller.organization_id, token_id)
