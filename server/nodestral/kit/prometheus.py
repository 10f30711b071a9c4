"""/metrics for Prometheus. Closed by default: with a token configured it wants that token; without one only a program
on this very machine may ask, and not through a proxy.
"""

import hmac
import ipaddress

from litestar import Response, get
from litestar.datastructures import State
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from nodestral.kit import policy
from nodestral.kit.policy import AnyConnection, Principal
from nodestral.kit.problems import Unauthenticated

WAITING = Gauge("nodestral_reports_waiting", "Reports that wait for their commit.")
STREAMS = Gauge("nodestral_event_streams", "Open event streams.")
# A proxy on this machine connects from loopback too; these headers give it away.
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


async def authenticate(connection: AnyConnection) -> Principal:
    """Raises Unauthenticated."""
    wanted: str = connection.app.state.settings.metrics_token
    principal = Principal("metrics", "", "prometheus")
    if wanted:
        scheme, _, given = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), wanted.encode()):
            return principal
    elif _is_local(connection):
        return principal
    raise Unauthenticated("Metrics are for the monitoring of this server only.")


def _is_local(connection: AnyConnection) -> bool:
    if connection.client is None or any(name in connection.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(connection.client.host).is_loopback
    except ValueError:
        return False


@get("/metrics", opt=policy.METRICS, include_in_schema=False)
async def metrics(state: State) -> Response[bytes]:
    WAITING.set(state.commits.waiting)
    STREAMS.set(state.streams.open)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
