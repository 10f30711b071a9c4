"""The application: every route, the one guard, and what lives as long as the process.

`create_app(settings, dsn=…, valkey_url=…)` is called by the command line once the databases are up; the contract is
written from the same routes.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog
from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.types import ControllerRouterHandler

from nodestral import __version__
from nodestral.accounts import routes as accounts_routes
from nodestral.accounts.passwords import Passwords
from nodestral.accounts.service import Sessions
from nodestral.events import routes as events_routes
from nodestral.events.channels import Publisher
from nodestral.events.stream import Streams
from nodestral.ingest import routes as ingest_routes
from nodestral.ingest import telling
from nodestral.ingest.commits import Commits
from nodestral.ingest.credentials import Credentials
from nodestral.inventory import routes as inventory_routes
from nodestral.kit import client, database, edge, headers, health, lag, origin, policy, problems, signals, valkey
from nodestral.kit import prometheus as prometheus_routes
from nodestral.kit.clock import Clock
from nodestral.kit.ratelimit import RateLimit
from nodestral.nodes import enrolment, repository
from nodestral.nodes import routes as nodes_routes
from nodestral.nodes.watch import Watch
from nodestral.samples import routes as samples_routes
from nodestral.samples.store import PostgresStore
from nodestral.settings import Settings

ROUTES: tuple[ControllerRouterHandler, ...] = (
    accounts_routes.sign_in,
    accounts_routes.get_session,
    accounts_routes.sign_out,
    nodes_routes.list_nodes,
    nodes_routes.get_sparklines,
    nodes_routes.get_node,
    nodes_routes.change_node,
    nodes_routes.remove_node,
    samples_routes.get_samples,
    *inventory_routes.SECTION_ROUTES,
    nodes_routes.list_tokens,
    nodes_routes.create_token,
    nodes_routes.revoke_token,
    events_routes.stream_events,
    enrolment.enroll_node,
    ingest_routes.reports,
    health.live,
    health.ready,
    prometheus_routes.metrics,
)
BODY_LIMIT_BYTES = 256 * 1024
log = structlog.get_logger()
# Reports carry their own compression, and a stream must not be held back by a compressor.
UNCOMPRESSED = ["^/agent/", "^/api/v1/events"]
OPENAPI = OpenAPIConfig(title="Nodestral", version=__version__, render_plugins=())


def _state(settings: Settings, dsn: str, valkey_url: str) -> dict[str, Any]:
    clock = Clock()
    pool = database.make_pool(dsn, size=settings.database_pool_size)
    passwords = Passwords()
    store = valkey.make_client(valkey_url)
    publisher = Publisher(store)
    samples = PostgresStore(pool)
    commits = Commits(dsn, settings, samples, clock, lambda told: telling.tell(publisher, told))
    credentials = Credentials(pool, clock)

    async def may_watch(organization_id: str, node_id: str) -> str:
        async with pool.connection() as connection:
            return (await repository.find(connection, organization_id, node_id)).id

    return {
        "settings": settings,
        "clock": clock,
        "pool": pool,
        "valkey": store,
        "passwords": passwords,
        "sessions": Sessions(pool, passwords, clock, settings.session_lifetime_seconds),
        "rate_limit": RateLimit(store, clock),
        "trusted_proxies": client.networks(settings.trusted_proxies),
        "publisher": publisher,
        "streams": Streams(store),
        "samples": samples,
        "commits": commits,
        "reports": ingest_routes.ReportEndpoint(credentials, commits, enrolment.agent_settings(settings)),
        "watch": Watch(pool, samples, publisher, clock, settings),
        "may_watch": may_watch,
        "authenticators": {
            "user": accounts_routes.authenticate,
            "install": enrolment.authenticate,
            "metrics": prometheus_routes.authenticate,
        },
    }


async def _keep(run: Callable[[], Awaitable[None]]) -> None:
    """Run a loop of the process; one that fails is told of and starts again, since nothing works without it."""
    while True:
        try:
            await run()
        except Exception:
            log.exception("a loop of the server failed and starts again", loop=getattr(run, "__qualname__", ""))
            await asyncio.sleep(1)


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel until they are done: asyncio.wait_for (Python 3.11) loses a cancellation that comes together with what it
    waits for, and a stop that asked only once would then wait for ever.
    """
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=1.0)


@asynccontextmanager
async def lifespan(app: Litestar) -> AsyncIterator[None]:
    state = app.state
    await state.pool.open(wait=False)
    work = (
        state.commits.run,
        state.publisher.run,
        state.publisher.watch_pages,
        state.watch.run,
        lag.measure,
    )
    tasks = [asyncio.create_task(_keep(each)) for each in work]
    try:
        with signals.before_exit(state.streams.stop):
            yield
    finally:
        state.streams.stop()
        await _end(tasks)
        state.passwords.close()
        await state.pool.close()
        await state.valkey.aclose()


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
    state = _state(settings, dsn or settings.database_url, valkey_url or settings.redis_url or "redis://127.0.0.1:1")
    return Litestar(
        [*ROUTES, *routes],
        state=State(state),
        guards=[policy.guard],
        dependencies={
            "work": Provide(edge.provide_work),
            "caller": Provide(edge.provide_caller),
            "node": Provide(nodes_routes.provide_node),
        },
        middleware=[origin.middleware(origin.origin_of(settings.url))],
        exception_handlers={Exception: problems.handle},
        before_send=[headers.add],
        lifespan=[lifespan],
        openapi_config=OPENAPI,
        request_max_body_size=BODY_LIMIT_BYTES,
        compression_config=CompressionConfig(
            backend="gzip",
            minimum_size=1000,
            gzip_compress_level=1,
            exclude=UNCOMPRESSED,
            exclude_opt_key=policy.PACKED,
        ),
        logging_config=None,
        debug=False,
    )
