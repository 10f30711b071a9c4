"""/docs shows every operation and type, loads nothing from elsewhere, and needs no script."""

import re

import httpx
import pytest
from litestar.testing import TestClient

from nodestral import pages
from nodestral.app import create_app
from nodestral.pages.reference_html import page
from nodestral.settings import Settings


@pytest.fixture
def client() -> httpx.Client:
    return TestClient(create_app(Settings(), dsn="postgresql://nobody@127.0.0.1:1/none", routes=pages.routes()))


def test_every_operation_and_type_of_the_document_is_there(client: httpx.Client) -> None:
    html = client.get("/docs").text
    document = client.get("/docs/openapi.json").json()
    for path, item in document["paths"].items():
        assert f"<code>{path}</code>" in html
        assert len(re.findall(rf"<code>{re.escape(path)}</code>", html)) >= len(item)
    for name in document["components"]["schemas"]:
        assert f"<h3>{name}</h3>" in html


def test_every_link_inside_leads_somewhere(client: httpx.Client) -> None:
    html = client.get("/docs").text
    anchors = set(re.findall(r'id="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= anchors


def test_it_needs_nothing_from_elsewhere_and_no_script(client: httpx.Client) -> None:
    html = client.get("/docs").text
    assert "<script" not in html
    assert "style=" not in html
    assert re.findall(r'(?:src|href)="(?:https?:)?//', html) == []
    assert client.get("/docs/style.css").headers["content-type"].startswith("text/css")


def test_what_the_document_says_is_never_markup() -> None:
    evil = "<img src=x onerror=alert(1)>"
    html = page(
        {
            "info": {"title": evil, "version": evil, "description": evil},
            "paths": {
                f"/{evil}": {
                    "get": {
                        "summary": evil,
                        "tags": [evil],
                        "parameters": [{"name": evil, "in": evil, "schema": {"enum": [evil]}}],
                        "responses": {evil: {"description": evil, "content": {evil: {"schema": {"const": evil}}}}},
                    }
                }
            },
            "components": {"schemas": {evil: {"properties": {evil: {"type": evil, "description": evil}}}}},
        }
    )
    assert "<img" not in html
