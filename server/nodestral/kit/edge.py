"""What route handlers are given: the caller, the unit of work, the node that the address names (within the caller's
organization; `nodes` provides it, so that every route about a node asks in the same way).
"""

from collections.abc import AsyncGenerator
from typing import Any, NamedTuple

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from nodestral.kit.database import Work, unit_of_work
from nodestral.kit.policy import Principal, principal_of


class NodeRef(NamedTuple):
    """A node that the caller may see. number: its key in telemetry tables."""

    number: int
    id: str
    organization_id: str


GivenWork = NamedDependency[SkipValidation[Work]]
GivenCaller = NamedDependency[SkipValidation[Principal]]
GivenNode = NamedDependency[SkipValidation[NodeRef]]


async def provide_work(state: State) -> AsyncGenerator[Work, None]:
    async with unit_of_work(state.pool) as work:
        yield work


async def provide_caller(request: Request[Any, Any, Any]) -> Principal:
    return principal_of(request.scope)
