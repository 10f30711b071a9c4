"""Every view in every state, photographed: light, dark, phone; full, empty, broken."""

import json
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.browser import accessibility, layout, pictures
from e2e.browser.conftest import DESKTOP, PHONE, OpenPage
from e2e.browser.machine import Machine, sample

LOOKS = {
    "light": {"scheme": "light", "size": DESKTOP},
    "dark": {"scheme": "dark", "size": DESKTOP},
    "phone": {"scheme": "light", "size": PHONE},
}
# What shows that a tab has everything it is to show.
TABS = {
    "overview": "Also watched by",
    "services": "backup.service",
    "ports": "nginx.service",
    "containers": "worker",
    "certificates": "expired 3 d ago",
    "packages": "1,5",
    "updates": "security updates are installed automatically",
    "firewall": "jump blocked",
    "users": "prohibit-password",
    "coverage": "1 of 11 sections",
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("tab", TABS)
def test_node(open_page: OpenPage, web_1: Machine, tab: str, look: str) -> None:
    page = open_page(f"/nodes/{web_1.node_id}?tab={tab}", **LOOKS[look])
    expect(page.get_by_role("heading", level=1)).to_have_text("web-1")
    expect(page.locator("main")).to_contain_text(TABS[tab])
    if tab == "overview":
        expect(page.locator(".u-over").nth(2)).to_be_visible()
    layout.assert_fits(page)
    pictures.take(page, f"node-{tab}-{look}")
    assert accessibility.serious_violations(page) == []


@pytest.mark.parametrize("look", LOOKS)
def test_fleet(open_page: OpenPage, small_fleet: int, look: str) -> None:
    page = open_page("/nodes", **LOOKS[look])
    expect(page.get_by_role("table")).to_contain_text("worker-2")
    expect(page.get_by_role("table")).to_have_attribute("aria-rowcount", str(small_fleet + 1))
    expect(page.get_by_role("table")).to_contain_text("silent", timeout=40_000)
    page.wait_for_timeout(1000)
    pictures.take(page, f"fleet-{look}")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    ("name", "path"), [("tokens", "/settings/install-tokens"), ("appearance", "/settings/appearance")]
)
def test_settings(open_page: OpenPage, name: str, path: str, look: str) -> None:
    page = open_page(path, **LOOKS[look])
    page.wait_for_timeout(800)
    pictures.take(page, f"{name}-{look}")


@pytest.mark.parametrize("look", LOOKS)
def test_sign_in(open_page: OpenPage, look: str) -> None:
    page = open_page("/sign-in", signed_in=False, **LOOKS[look])
    expect(page.get_by_label("Email")).to_be_visible()
    pictures.take(page, f"sign-in-{look}")


def test_a_node_that_has_not_reported_yet(open_page: OpenPage, new_machine: Callable[[str], Machine]) -> None:
    machine = new_machine("new-1")
    page = open_page(f"/nodes/{machine.node_id}")
    expect(page.get_by_text("The charts begin with the first report")).to_be_visible()
    pictures.take(page, "node-waiting")
    page.get_by_role("link", name="Services").click()
    expect(page.get_by_text("No services known yet")).to_be_visible()
    pictures.take(page, "node-services-empty")


def test_a_node_that_fell_silent(open_page: OpenPage, new_machine: Callable[[str], Machine]) -> None:
    machine = new_machine("silent-1")
    machine.report(sample(time.time() - 60), sample(time.time() - 30))
    page = open_page(f"/nodes/{machine.node_id}")
    expect(page.get_by_text(re.compile("Last seen .* ago; values are from"))).to_be_visible(timeout=40_000)
    pictures.take(page, "node-silent")


def test_what_does_not_exist(open_page: OpenPage) -> None:
    page = open_page("/nodes/no-such-node")
    expect(page.get_by_text("There is no such node")).to_be_visible()
    pictures.take(page, "node-missing")


def answer_with(page: Page, pattern: str, status: int, detail: str) -> None:
    """Stands in for a server in trouble, which a healthy one cannot be asked to be."""
    problem = {
        "type": "urn:nodestral:problem:test",
        "title": "Trouble",
        "status": status,
        "detail": detail,
        "code": "test",
    }

    def refuse(route: Route) -> None:
        route.fulfill(status=status, content_type="application/problem+json", body=json.dumps(problem))

    page.route(re.compile(pattern), refuse)


def test_a_server_in_trouble(open_page: OpenPage, web_1: Machine) -> None:
    page = open_page()
    answer_with(page, f"/api/v1/nodes/{web_1.node_id}$", 503, "The database does not answer.")
    page.goto(f"/nodes/{web_1.node_id}")
    expect(page.get_by_text(re.compile("The database does not answer"))).to_be_visible(timeout=15_000)
    pictures.take(page, "node-broken")
    page.unroute_all()
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("web-1")


def test_no_permission(open_page: OpenPage, web_1: Machine) -> None:
    page = open_page()
    answer_with(page, f"/api/v1/nodes/{web_1.node_id}$", 403, "Your role may not see this.")
    page.goto(f"/nodes/{web_1.node_id}")
    expect(page.get_by_text("You have no permission to see this")).to_be_visible()
    pictures.take(page, "node-denied")


def test_a_slow_server(open_page: OpenPage, web_1: Machine) -> None:
    page = open_page()
    page.route(re.compile(f"/api/v1/nodes/{web_1.node_id}$"), lambda _: None)
    page.goto(f"/nodes/{web_1.node_id}")
    expect(page.get_by_role("status", name="The node is loading")).to_be_visible()
    pictures.take(page, "node-loading")
    page.unroute_all(behavior="ignoreErrors")
