"""The dashboard's files as a browser gets them, through the whole application."""

import gzip
from pathlib import Path

import httpx
import pytest
from litestar.testing import TestClient

from nodestral import pages
from nodestral.app import create_app
from nodestral.settings import Settings

SCRIPT = "export const numbers = [" + ", ".join(str(number) for number in range(2000)) + "];\n"
UNREACHABLE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A build such as `./dev up` makes: a page, a script, and the script compressed beside it."""
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<!doctype html><title>Nodestral</title>")
    script = web / "assets" / "index-1a2b3c.js"
    script.write_text(SCRIPT)
    script.with_name("index-1a2b3c.js.gz").write_bytes(gzip.compress(SCRIPT.encode(), mtime=0))
    (web / ".vite").mkdir()
    (web / ".vite" / "manifest.json").write_text("{}")
    return web


@pytest.fixture
def browser(folder: Path) -> TestClient:  # type: ignore[type-arg]  # the application's type says nothing here
    # The pages need no database; not entering the client leaves the stores alone.
    return TestClient(create_app(Settings(), dsn=UNREACHABLE, routes=pages.routes(folder.parent)))


@pytest.mark.parametrize("takes", ["gzip", "identity", "gzip;q=0", "br, gzip"])
def test_a_script_arrives_as_it_was_built(browser: httpx.Client, takes: str) -> None:
    answer = browser.get("/assets/index-1a2b3c.js", headers={"accept-encoding": takes})

    assert answer.text == SCRIPT
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]


def test_a_compressed_file_is_sent_as_it_lies_there(browser: httpx.Client, folder: Path) -> None:
    answer = browser.get("/assets/index-1a2b3c.js", headers={"accept-encoding": "gzip"})

    lies_there = (folder / "assets" / "index-1a2b3c.js.gz").stat().st_size
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == lies_there


@pytest.mark.parametrize("address", ["/", "/nodes/nod_1", "/settings/install-tokens"])
def test_a_page_of_the_application_gets_the_page(browser: httpx.Client, address: str) -> None:
    answer = browser.get(address)

    assert answer.status_code == 200
    assert "<title>Nodestral</title>" in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "address",
    [
        "/assets/gone-1.js",
        "/.vite/manifest.json",
        "/api/v1/none",
        "/assets/%2e%2e/index.html.gz",
        "/%2e%2e/%2e%2e/etc/passwd.txt",
        "/install/other.pyz",
    ],
)
def test_what_is_no_file_of_the_build_is_not_found(browser: httpx.Client, address: str) -> None:
    answer = browser.get(address)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unchanged_file_is_not_sent_again(browser: httpx.Client) -> None:
    first = browser.get("/assets/index-1a2b3c.js")

    again = browser.get("/assets/index-1a2b3c.js", headers={"if-none-match": first.headers["etag"]})

    assert again.status_code == 304
    assert again.content == b""
