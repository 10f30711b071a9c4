"""Where reports may go."""

from __future__ import annotations

import pytest

from nodestral_agent.address import parse
from nodestral_agent.errors import Misuse


@pytest.mark.parametrize(
    ("url", "host", "port", "base", "authority"),
    [
        ("https://nodestral.example", "nodestral.example", 443, "", "nodestral.example"),
        ("https://Nodestral.Example:8443/base/", "nodestral.example", 8443, "/base", "nodestral.example:8443"),
        ("https://[2001:db8::1]:8443", "2001:db8::1", 8443, "", "[2001:db8::1]:8443"),
        ("http://127.0.0.1:8000", "127.0.0.1", 8000, "", "127.0.0.1:8000"),
        ("http://localhost", "localhost", 80, "", "localhost"),
        ("http://[::1]:80", "::1", 80, "", "[::1]"),
    ],
)
def test_understands(url: str, host: str, port: int, base: str, authority: str) -> None:
    address = parse(url)
    assert (address.host, address.port, address.base, address.authority) == (host, port, base, authority)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nodestral.example",
        "ftp://nodestral.example",
        "https://",
        "https://user@nodestral.example",
        "https://nodestral.example:0",
        "https://nodestral.example:99999",
        "https://nodestral.example:x",
        "https://nodestral.example/?a",
        "https://nodestral.example/a b",
        "https://nodestral.example/\r\nX: y",
        "https://nödestral.example",
    ],
)
def test_refuses_what_is_no_server(url: str) -> None:
    with pytest.raises(Misuse):
        parse(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://nodestral.example",
        "http://192.168.1.2",
        "http://127.evil.example",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
    ],
)
def test_plain_http_leaves_the_machine_only_when_allowed(url: str) -> None:
    with pytest.raises(Misuse, match="--allow-plain-http"):
        parse(url)
    assert parse(url, allow_plain_http=True).exposed


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8600", "http://localhost:8600", "http://[::1]:8600", "https://a.example"]
)
def test_what_stays_on_this_machine_is_not_exposed(url: str) -> None:
    assert not parse(url).exposed
