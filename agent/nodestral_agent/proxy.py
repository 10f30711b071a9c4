"""A way to the server through an HTTP proxy: CONNECT (RFC 9110, 9.3.6), and TLS with the server itself inside it.

So a proxy sees the server's name and how much is said, and nothing of what. It is taken from HTTPS_PROXY when this
machine is enrolled, because a service has no such variable; NO_PROXY is minded then. A plain-HTTP server is never
reached through one: it would read the node's token.
"""

from __future__ import annotations

import binascii

from nodestral_agent.errors import Misuse, Unreachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nodestral_agent.stream import Socket

HEAD_MAX = 16 << 10


class Proxy:
    """Parts of http://user:password@proxy.example:3128."""

    def __init__(self, host: str, port: int, credentials: str) -> None:
        self.host = host
        self.port = port
        self._credentials = credentials

    def tunnel(self, socket: Socket, host: str, port: int) -> None:
        """Ask for a connection to the server. `socket` leads to the proxy, and to the server afterwards.

        Unreachable, with the proxy's own words, when it does not make one; OSError when the connection breaks.
        """
        authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        words = f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n"
        if self._credentials:
            encoded = binascii.b2a_base64(self._credentials.encode(), newline=False).decode("ascii")
            words += f"Proxy-Authorization: Basic {encoded}\r\n"
        socket.sendall(f"{words}\r\n".encode("ascii"))
        head = b""
        # One byte at a time at the end of the head would be slow and anything more might be the server's: but the
        # server of TLS says nothing before it is spoken to.
        while b"\r\n\r\n" not in head:
            piece = socket.recv(4096)
            head += piece
            if not piece or len(head) > HEAD_MAX:
                raise Unreachable(f"the proxy {self.host} port {self.port} does not speak HTTP")
        line = head.split(b"\r\n", 1)[0].decode("latin-1")
        status = line.split(" ")[1:2]
        if not line.startswith("HTTP/1.") or status != ["200"]:
            told = "".join(letter if letter.isprintable() else "?" for letter in line[:100])
            raise Unreachable(f"the proxy {self.host} port {self.port} does not let through: {told}")


def parse(url: str) -> Proxy:
    """A proxy's URL; without a scheme it is http. Misuse when it makes no sense."""
    scheme, found, rest = url.partition("://")
    if not found:
        scheme, rest = "http", url
    if scheme.lower() != "http":
        raise Misuse(f"Only proxies that are spoken to by plain HTTP can be used, not {scheme}://")
    rest = rest.partition("/")[0]
    credentials, _, authority = rest.rpartition("@")
    host, _, port = authority.rpartition(":") if not authority.endswith("]") else (authority, "", "")
    if not host:
        host, port = port, ""
    host = host.strip("[]")
    port = port or "3128"
    if not host or not host.isascii() or not host.isprintable() or " " in host:
        raise Misuse("The proxy's URL has no usable host.")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Misuse("The proxy's URL has no usable port.")
    return Proxy(host, int(port), unquoted(credentials))


def unquoted(text: str) -> str:
    """RFC 3986, 2.1: a user's name or password may hold any character as %XX."""
    first, *rest = text.split("%")
    raw = first.encode()
    for piece in rest:
        try:
            raw += bytes.fromhex(piece[:2]) + piece[2:].encode()
        except ValueError:
            raw += b"%" + piece.encode()
    return raw.decode("utf-8", "replace")


def chosen(environment: dict[str, str], host: str, secure: bool) -> str | None:
    """The proxy's URL for a server, by the variables that curl and others know; None when it is reached directly."""
    url = environment.get("HTTPS_PROXY") or environment.get("https_proxy")
    if not secure or not url or exempt(environment.get("NO_PROXY") or environment.get("no_proxy") or "", host):
        return None
    return url


def exempt(listed: str, host: str) -> bool:
    """Whether a list such as `localhost,.example.org` names the host, one of its domains, or everything (*)."""
    if host in ("localhost", "::1") or host.startswith("127."):
        return True
    for word in listed.replace(" ", ",").lower().split(","):
        name = word.lstrip(".")
        if word == "*" or (name and (host == name or host.endswith(f".{name}"))):
            return True
    return False
