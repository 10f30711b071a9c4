"""Whether the process lives (/healthz), and whether it can serve (/readyz: PostgreSQL answers; Valkey is told of)."""

from typing import Any

import psycopg
import psycopg_pool
from litestar import Response, get
from litestar.datastructures import State

from nodestral.kit import policy
from nodestral.kit.valkey import attempt


@get("/healthz", opt=policy.PUBLIC, include_in_schema=False, sync_to_thread=False)
def live() -> dict[str, str]:
    return {"status": "ok"}


@get("/readyz", opt=policy.PUBLIC, include_in_schema=False)
async def ready(state: State) -> Response[dict[str, Any]]:
    """503 while PostgreSQL cannot serve. Without Valkey only liveness is lost, and a proxy that took all processes out
    of service for it would lose the reports too: that is told with 200.
    """
    postgresql = await _postgresql_answers(state)
    valkey = bool(await attempt(state.valkey.ping()))
    words = {True: "ok", False: "unreachable"}
    body = {"postgresql": words[postgresql], "valkey": words[valkey]}
    return Response(body, status_code=200 if postgresql else 503)


async def _postgresql_answers(state: State) -> bool:
    try:
        async with state.pool.connection(timeout=2) as connection:
            await connection.execute("SELECT 1 FROM alembic_version")
    except (psycopg.Error, psycopg_pool.PoolTimeout):
        return False
    return True
