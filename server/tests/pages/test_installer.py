"""/install.sh carries the address of this server, and nothing that a stranger puts into a header."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from litestar.testing import TestClient

from nodestral import pages
from nodestral.app import create_app
from nodestral.pages.installer import server_url
from nodestral.settings import Settings

ROOT = Path(__file__).parents[3]
UNREACHABLE = "postgresql://nobody@127.0.0.1:1/none"
AGENT = b"#!/usr/bin/env python3\nagent"
OWN = "http://127.0.0.1:8600"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    for name in ("install.sh", "uninstall.sh"):
        (tmp_path / "install").mkdir(exist_ok=True)
        shutil.copy(ROOT / "install" / name, tmp_path / "install" / name)
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "nodestral-agent.pyz").write_bytes(AGENT)
    return tmp_path


def _client(bundle: Path, settings: Settings) -> httpx.Client:
    return TestClient(create_app(settings, dsn=UNREACHABLE, routes=pages.routes(bundle)))


def test_the_script_names_the_server_it_was_asked_from(bundle: Path) -> None:
    answer = _client(bundle, Settings()).get("/install.sh", headers={"host": "nodes.example.org:8600"})
    assert "served_by='http://nodes.example.org:8600'" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert subprocess.run(["sh", "-n"], input=answer.content, check=False).returncode == 0


def test_the_public_address_wins_over_the_header(bundle: Path) -> None:
    settings = Settings(public_url="https://nodes.example.org")
    answer = _client(bundle, settings).get("/install.sh", headers={"host": "evil.example"})
    assert "served_by='https://nodes.example.org'" in answer.text
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    "host",
    [
        "", "a'b", 'a"b', "a b", "a;b", "a`id`", "$(id)", "a\nb", "a\n", "user@host", "a/b", "a\\b", "-a", ".a", "a:b",
        "a:123456", "[::1", "[::1]:", "ä", "a%20b", "x" * 300,
    ],
)  # fmt: skip
def test_a_strange_host_header_gives_way_to_the_listener(host: str) -> None:
    assert server_url(Settings(), host) == OWN


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8600", "[::1]:8600", "a-b.example.org", "10.0.0.7:80"])
def test_a_plain_host_header_is_taken(host: str) -> None:
    assert server_url(Settings(), host) == f"http://{host}"


def test_a_public_address_that_would_not_be_safe_in_a_script_is_not_written_into_one() -> None:
    assert server_url(Settings(public_url="https://nodes.example.org/a'b"), "localhost") == OWN


def test_the_agent_and_its_checksum_belong_together(bundle: Path) -> None:
    client = _client(bundle, Settings())
    agent = client.get("/install/nodestral-agent.pyz")
    checksum = client.get("/install/nodestral-agent.pyz.sha256")
    assert agent.content == AGENT
    assert checksum.text == f"{hashlib.sha256(AGENT).hexdigest()}  nodestral-agent.pyz\n"
    assert client.head("/install/nodestral-agent.pyz").status_code == 200


def test_a_build_without_them_says_so(tmp_path: Path) -> None:
    client = _client(tmp_path, Settings())
    assert client.get("/install.sh").status_code == 404
    page = client.get("/")
    assert page.status_code == 503
    assert "./dev up" in page.text
