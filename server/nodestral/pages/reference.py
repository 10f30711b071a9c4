"""/docs: the API reference, written on the server from the OpenAPI document. It needs no script and loads nothing from
elsewhere; /docs/openapi.json is the document itself.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from litestar import HttpMethod, Request, Response, route
from litestar.types import ControllerRouterHandler

from nodestral.kit import policy
from nodestral.pages import reference_html, reference_style

HEADERS = {"cache-control": "no-cache"}


def routes(make: Callable[[], dict[str, Any]] | None = None) -> Sequence[ControllerRouterHandler]:
    """make: the document, if it is not the application's own."""
    made: dict[str, bytes] = {}

    def document(request: Request[Any, Any, Any]) -> dict[str, Any]:
        return make() if make else request.app.openapi_schema.to_schema()

    def page(request: Request[Any, Any, Any]) -> Response[bytes]:
        if "page" not in made:
            made["page"] = reference_html.page(document(request)).encode()
        return Response(made["page"], headers=HEADERS, media_type="text/html")

    def style() -> Response[bytes]:
        return Response(reference_style.CSS.encode(), headers=HEADERS, media_type="text/css")

    def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
        if "document" not in made:
            made["document"] = msgspec.json.format(msgspec.json.encode(document(request)))
        return Response(made["document"], headers=HEADERS, media_type="application/json")

    handlers: tuple[tuple[str, Callable[..., Response[bytes]]], ...] = (
        ("/docs", page),
        ("/docs/style.css", style),
        ("/docs/openapi.json", openapi),
    )
    return [
        route(
            path,
            http_method=[HttpMethod.GET, HttpMethod.HEAD],
            opt=policy.PUBLIC,
            include_in_schema=False,
            # The document takes a moment to make, the first time.
            sync_to_thread=True,
        )(handler)
        for path, handler in handlers
    ]
