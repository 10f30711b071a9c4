"""The built dashboard. Files under assets/ carry a hash in their names and are kept by browsers for good; the others
are asked for again each time. An address that is none of the files is a page of the application: it gets index.html.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from litestar import HttpMethod, Request, Response, route
from litestar.types import ControllerRouterHandler

from nodestral.kit import policy
from nodestral.kit.problems import NotFound

INDEX = "index.html"
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
# The build puts these beside a file; the first that the browser takes is sent.
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
# Only known types are ever served, whatever the machine's own table of types says.
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain",
}
# These belong to the API: an unknown address below them is a mistake of a program, not a page.
NOT_PAGES = ("api", "agent", "mcp", "install", "docs")
NOT_BUILT = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Nodestral</title><h1>The dashboard is not built</h1>"
    "<p>This server runs from a checkout whose dashboard has not been built yet. <code>./dev up</code> builds it.</p>"
    '<p>The API works: <a href="/docs">API reference</a>.</p>'
)


class File(NamedTuple):
    """One file, whole. bodies: by content encoding; "" is the plain one."""

    media_type: str
    cache_control: str
    etag: str
    bodies: dict[str, bytes]


def read_files(folder: Path) -> dict[str, File]:
    """Every servable file of the build by its address without the leading slash. Hidden files are no part of it."""
    files: dict[str, File] = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        media_type = TYPES.get(path.suffix)
        if media_type is None or any(part.startswith(".") for part in parts) or not path.is_file():
            continue
        plain = path.read_bytes()
        bodies = {"": plain}
        for encoding, suffix in ENCODINGS:
            beside = path.with_name(path.name + suffix)
            if beside.is_file():
                bodies[encoding] = beside.read_bytes()
        cache = FOR_GOOD if parts[0] == "assets" else ASK_AGAIN
        files["/".join(parts)] = File(media_type, cache, hashlib.sha256(plain).hexdigest()[:32], bodies)
    return files


def accepted(header: str) -> set[str]:
    """The encodings that an Accept-Encoding header takes (RFC 9110, 12.5.3); q=0 refuses one."""
    names = set()
    for part in header.lower().split(","):
        name, _, parameter = part.partition(";")
        if parameter.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            names.add(name.strip())
    return names


def answer(file: File, request: Request[Any, Any, Any]) -> Response[bytes]:
    takes = accepted(request.headers.get("accept-encoding", ""))
    encoding = next((name for name, _ in ENCODINGS if name in takes and name in file.bodies), "")
    etag = f'"{file.etag}{"-" + encoding if encoding else ""}"'
    headers = {"cache-control": file.cache_control, "etag": etag, "vary": "accept-encoding"}
    if etag in (each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")):
        return Response(b"", status_code=304, headers=headers, media_type=file.media_type)
    if encoding:
        headers["content-encoding"] = encoding
    return Response(file.bodies[encoding], headers=headers, media_type=file.media_type)


def routes(folder: Path) -> Sequence[ControllerRouterHandler]:
    files = read_files(folder)

    @route(
        ["/", "/{path:path}"],
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        opt=policy.PUBLIC | {policy.PACKED: True},
        include_in_schema=False,
        sync_to_thread=False,
        name="dashboard",
    )
    def page(request: Request[Any, Any, Any]) -> Response[bytes]:
        name = request.scope["path"].lstrip("/")
        if name in files:
            return answer(files[name], request)
        first, _, _ = name.partition("/")
        # What looks like a file and is none must not come as a page: a browser would keep it as that file.
        if first in NOT_PAGES or first == "assets" or Path(name).suffix in TYPES:
            raise NotFound("There is nothing here.")
        if INDEX not in files:
            return Response(NOT_BUILT.encode(), status_code=503, media_type=TYPES[".html"])
        return answer(files[INDEX], request)

    return (page,)
