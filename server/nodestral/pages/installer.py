"""/install.sh and /uninstall.sh with this server's own address filled in, and the agent that they download."""

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from litestar import HttpMethod, Request, Response, route
from litestar.types import ControllerRouterHandler

from nodestral.kit import policy
from nodestral.kit.problems import NotFound
from nodestral.settings import Settings

PLACEHOLDER = "@NODESTRAL_SERVER_URL@"
AGENT = "nodestral-agent.pyz"
# RFC 3986 host without percent-encoding and user information: nothing that means anything to a shell.
HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
URL = re.compile(rf"https?://{HOST.pattern}(?:/[A-Za-z0-9._~/-]*)?")
Content = Callable[[Request[Any, Any, Any]], bytes]


def server_url(settings: Settings, host_header: str) -> str:
    """The address that agents shall use: the public one if it is set, else the one under which we were asked.

    It is written into a shell script, so anything beyond host and port gives way to the listener's own address.
    """
    if settings.public_url and URL.fullmatch(settings.url):
        return settings.url
    if not settings.public_url and HOST.fullmatch(host_header):
        return f"http://{host_header}"
    return f"http://127.0.0.1:{settings.listen_port}"


def _script(path: Path) -> Content:
    text = path.read_text(encoding="utf-8")

    def content(request: Request[Any, Any, Any]) -> bytes:
        url = server_url(request.app.state.settings, request.headers.get("host", ""))
        return text.replace(PLACEHOLDER, url).encode()

    return content


def _fixed(body: bytes) -> Content:
    return lambda _: body


def _contents(bundle: Path) -> dict[str, tuple[Content, str]]:
    """By address: what to send, and as what."""
    found: dict[str, tuple[Content, str]] = {}
    for name in ("install.sh", "uninstall.sh"):
        if (bundle / "install" / name).is_file():
            found[f"/{name}"] = (_script(bundle / "install" / name), "text/x-shellscript")
    agent = bundle / "agent" / AGENT
    if agent.is_file():
        body = agent.read_bytes()
        checksum = f"{hashlib.sha256(body).hexdigest()}  {AGENT}\n".encode()
        found[f"/install/{AGENT}"] = (_fixed(body), "application/octet-stream")
        found[f"/install/{AGENT}.sha256"] = (_fixed(checksum), "text/plain")
    return found


def routes(bundle: Path) -> Sequence[ControllerRouterHandler]:
    contents = _contents(bundle)

    @route(
        ["/install.sh", "/uninstall.sh", f"/install/{AGENT}", f"/install/{AGENT}.sha256"],
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        opt=policy.PUBLIC,
        include_in_schema=False,
        sync_to_thread=False,
        name="installer",
    )
    def file(request: Request[Any, Any, Any]) -> Response[bytes]:
        found = contents.get(request.url.path)
        if found is None:
            raise NotFound("This server was started without the installer: it has not been built.")
        content, media_type = found
        # A copy kept on the way could hand the address of one host to another.
        return Response(content(request), headers={"cache-control": "no-store"}, media_type=media_type)

    return (file,)
