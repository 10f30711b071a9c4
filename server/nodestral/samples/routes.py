"""/api/v1/nodes/{node_id}/samples."""

import math
from typing import Annotated

from litestar import get
from litestar.datastructures import State
from litestar.params import FromQuery, QueryParameter

from nodestral.kit import policy
from nodestral.kit.edge import GivenNode, GivenWork
from nodestral.kit.problems import Invalid
from nodestral.protocol import EARLIEST_TIME, LATEST_TIME
from nodestral.samples.schemas import SampleRange, SeriesOf

RANGE_MAX_SECONDS = 400 * 86_400


@get("/api/v1/nodes/{node_id:str}/samples", tags=["samples"], operation_id="getSamples", opt=policy.VIEWER)
async def get_samples(
    node: GivenNode,
    work: GivenWork,
    state: State,
    from_at: FromQuery[float],
    to_at: FromQuery[float],
    points: Annotated[int, QueryParameter(ge=10, le=2000)] = 600,
    of: FromQuery[SeriesOf] = "all",
) -> SampleRange:
    if not all(math.isfinite(at) and EARLIEST_TIME <= at <= LATEST_TIME for at in (from_at, to_at)):
        raise Invalid("from_at and to_at are Unix seconds.", errors=[{"path": "from_at", "message": "Out of range."}])
    if not from_at < to_at <= from_at + RANGE_MAX_SECONDS:
        raise Invalid("to_at comes after from_at, by 400 days at most.", errors=[{"path": "to_at", "message": "Bad."}])
    found: SampleRange = await state.samples.range(work.connection, node, from_at, to_at, points, of)
    return found
