"""The server's address: where reports go, and whether they may go there unencrypted."""

from __future__ import annotations

from nodestral_agent.errors import Misuse

LOOPBACK = frozenset({"localhost", "::1"})


class Address:
    """Parts of a server URL such as https://nodestral.example:8443/base."""

    def __init__(self, secure: bool, host: str, port: int, base: str) -> None:
        self.secure = secure
        self.host = host
        self.port = port
        self.base = base

    @property
    def authority(self) -> str:
        """Host and port as in the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether the server is on this machine, by its address alone; any other name could be made to lie."""
        numbers = self.host.split(".")
        in_127 = len(numbers) == 4 and numbers[0] == "127" and all(number.isdigit() for number in numbers)
        return self.host in LOOPBACK or in_127

    @property
    def exposed(self) -> bool:
        """Whether reports leave this machine unencrypted."""
        return not self.secure and not self.loopback


def parse(url: str, allow_plain_http: bool = False) -> Address:
    """Misuse, with what to do, for anything but an http(s) URL of a host, and for plain HTTP that is not allowed."""
    scheme, gap, rest = url.strip().partition("://")
    if not gap or scheme not in ("http", "https"):
        raise Misuse(f"The server's URL must begin with https:// (got {url!r}).")
    authority, slash, base = rest.partition("/")
    if not authority or not url.isascii() or any(character in rest for character in "@?# \\\"'<>\r\n\t"):
        raise Misuse(f"The server's URL must be of the form https://HOST or https://HOST:PORT (got {url!r}).")
    host, port = _host_and_port(authority, scheme, url)
    address = Address(scheme == "https", host, port, (slash + base).rstrip("/"))
    if address.exposed and not allow_plain_http:
        raise Misuse(
            f"{url} is not encrypted: anybody on the way could read the token and the reports. "
            "Use https://, or add --allow-plain-http to accept this."
        )
    return address


def _host_and_port(authority: str, scheme: str, url: str) -> tuple[str, int]:
    if authority.startswith("["):
        host, _, rest = authority[1:].partition("]")
        port = rest[1:] if rest.startswith(":") else ""
    else:
        host, _, port = authority.partition(":")
    port = port or ("443" if scheme == "https" else "80")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise Misuse(f"The server's URL has no usable host and port (got {url!r}).")
    return host.lower(), int(port)
