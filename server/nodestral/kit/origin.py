"""Refuse state-changing requests that another site made the browser send.

Browsers tell where a request comes from in Sec-Fetch-Site and Origin; programs send neither. Reports and enrolment
carry a bearer token, which no browser adds by itself, so they are not asked.
"""

from urllib.parse import urlsplit

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from nodestral.kit.problems import MEDIA_TYPE, Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# The dashboard's own paths; agents use /agent/.
GUARDED_PREFIX = "/api/"


def header(scope: Scope, name: bytes) -> str:
    """The first header of that name (in lower case), or nothing."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return ""


def is_foreign(scope: Scope, public_origin: str) -> bool:
    site = header(scope, b"sec-fetch-site")
    if site and site not in ("same-origin", "none"):
        return True
    origin = header(scope, b"origin")
    if not origin or origin == public_origin:
        return False
    # A dashboard opened under another name of this server, such as 127.0.0.1 for localhost, is still its own site.
    return not (site == "same-origin" or urlsplit(origin).netloc == header(scope, b"host"))


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def middleware(public_origin: str) -> type:
    """An ASGI middleware that knows the server's own origin."""

    class OriginCheck:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            if (
                scope["type"] == ScopeType.HTTP
                and scope["method"] not in SAFE_METHODS
                and scope["path"].startswith(GUARDED_PREFIX)
                and is_foreign(scope, public_origin)
            ):
                await refuse(send)
                return
            await self.app(scope, receive, send)

    return OriginCheck


async def refuse(send: Send) -> None:
    problem = Forbidden("This request came from another site.", code="foreign-origin")
    await send(
        {
            "type": "http.response.start",
            "status": problem.status,
            "headers": [(b"content-type", MEDIA_TYPE.encode())],
        }
    )
    await send({"type": "http.response.body", "body": problem.document(), "more_body": False})
