"""/api/v1/events: what happens in the caller's organization, as it happens."""

import psycopg
from litestar import get
from litestar.datastructures import State
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery
from litestar.response import Stream

from nodestral.events.schemas import EventBatch
from nodestral.events.stream import Streams
from nodestral.kit import policy
from nodestral.kit.edge import GivenCaller
from nodestral.kit.problems import Unauthenticated, Unavailable

MEDIA_TYPE = "text/event-stream"


@get(
    "/api/v1/events",
    tags=["events"],
    operation_id="streamEvents",
    opt=policy.VIEWER,
    responses={
        200: ResponseSpec(
            EventBatch, generate_examples=False, description="Event stream; each message's data is one of these."
        )
    },
)
async def stream_events(caller: GivenCaller, state: State, node_id: FromQuery[str | None] = None) -> Stream:
    """node_id: also send this node's whole samples. Of another organization's node nothing is ever sent."""
    streams: Streams = state.streams
    if streams.is_full:
        raise Unavailable("Too many pages are open.", code="busy")
    watched = await state.may_watch(caller.organization_id, node_id) if node_id else None

    async def still_allowed() -> bool:
        try:
            await state.sessions.by_digest(caller.session_sha256)
        except (Unauthenticated, psycopg.Error):
            # A session that cannot be asked for is not believed either; the page comes again.
            return False
        return True

    return Stream(
        streams.events(caller.organization_id, watched, still_allowed),
        media_type=MEDIA_TYPE,
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )
