"""The application: every route, the one guard, and what lives as long as the process.

`create_app(settings, dsn, valkey_url)` is called by the command line once the databases are up; the contract is written
from the same routes.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.openapi import OpenAPIConfig
from litestar.types import ControllerRouterHandler

from nodestral import __version__
from nodestral.kit import database, headers, health, origin, policy, problems, valkey
from nodestral.settings import Settings

ROUTES: tuple[ControllerRouterHandler, ...] = (
    health.live,
    health.ready,
)
BODY_LIMIT_BYTES = 256 * 1024


@asynccontextmanager
async def lifespan(app: Litestar) -> AsyncIterator[None]:
    pool: database.Pool = app.state.pool
    await pool.open(wait=False)
    try:
        yield
    finally:
        await pool.close()
        await app.state.valkey.aclose()


def create_app(
    settings: Settings,
    *,
    dsn: str | None = None,
    valkey_url: str | None = None,
    routes: Sequence[ControllerRouterHandler] = (),
) -> Litestar:
    """The server. dsn, valkey_url: where the stores are when the settings name none. routes: pages and files to serve
    beside the API; each needs a policy like any other (`opt=policy.PUBLIC`).
    """
    state: dict[str, Any] = {
        "settings": settings,
        "pool": database.make_pool(dsn or settings.database_url, size=settings.database_pool_size),
        "valkey": valkey.make_client(valkey_url or settings.redis_url or "redis://127.0.0.1:1"),
        "authenticators": {},
    }
    return Litestar(
        [*ROUTES, *routes],
        state=State(state),
        guards=[policy.guard],
        middleware=[origin.middleware(origin.origin_of(settings.url))],
        exception_handlers={Exception: problems.handle},
        before_send=[headers.add],
        lifespan=[lifespan],
        openapi_config=OpenAPIConfig(title="Nodestral", version=__version__, render_plugins=()),
        request_max_body_size=BODY_LIMIT_BYTES,
        logging_config=None,
        debug=False,
    )
