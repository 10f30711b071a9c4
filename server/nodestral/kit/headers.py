"""Security headers on every answer. Scripts, styles, images and connections come from this server alone.

Neither scripts nor styles may stand inline: the dashboard's all stand in files, and what it sets on elements it sets
through the document, which no policy forbids.
"""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
HTTPS_HEADERS = HEADERS | {"strict-transport-security": "max-age=31536000"}


async def add(message: Message, scope: Scope) -> None:
    """Litestar's before_send hook. Answers to agents stay short: no browser reads them."""
    if message["type"] != "http.response.start" or scope["path"].startswith("/agent/"):
        return
    headers = MutableScopeHeaders.from_message(message)
    wanted = HTTPS_HEADERS if scope["litestar_app"].state.settings.over_https else HEADERS
    for name, value in wanted.items():
        headers.setdefault(name, value)
    if scope["path"].startswith("/api/"):
        headers.setdefault("cache-control", "no-store")
