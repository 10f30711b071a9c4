"""The tabs of a node: details, the ways between them, search, and what is said where something cannot be seen."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.browser import accessibility, inventory, layout, pictures, software
from e2e.browser.conftest import PHONE, OpenPage
from e2e.browser.machine import Machine, sample, section, service, system
from nodestral.protocol import Sections

# By tab: the row that is opened, and what its details tell.
DETAILS = {
    "services": ("backup.service", "repository is already locked"),
    "ports": ("18789", "mail.example.net"),
    "containers": ("web", "volume shop_uploads"),
    "certificates": ("mail.example.net", "answered with 404"),
    "packages": ("openssl", "3.0.17-1~deb12u3"),
    "updates": ("postgresql-15", "Debian-Security"),
    "firewall": ("jump blocked", "As written"),
    "users": ("anna", "SHA256:"),
}


@pytest.mark.parametrize("tab", DETAILS)
def test_a_row_opens_its_details(open_page: OpenPage, web_1: Machine, tab: str) -> None:
    name, told = DETAILS[tab]
    page = open_page(f"/nodes/{web_1.node_id}?tab={tab}&q={name}")
    page.get_by_role("table").get_by_role("link", name=name, exact=True).first.click()
    details = page.get_by_role("dialog")
    expect(details).to_contain_text(told)
    assert accessibility.serious_violations(page) == []
    pictures.take(page, f"detail-{tab}-light")
    # The address names the item: whoever is sent it sees the same, on a phone as well.
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # Playwright's own TypedDict
    page.reload()
    expect(details).to_contain_text(told)
    layout.assert_fits(page)
    pictures.take(page, f"detail-{tab}-phone")
    details.get_by_role("button", name="Close").click()
    expect(details).to_be_hidden()
    expect(page).not_to_have_url(re.compile("item="))


def test_one_thing_leads_to_the_next(open_page: OpenPage, web_1: Machine) -> None:
    """Service → port → certificate → service → package."""
    page = open_page(f"/nodes/{web_1.node_id}?tab=services&q=nginx")
    page.get_by_role("table").get_by_role("link", name="nginx.service").click()
    details = page.get_by_role("dialog")
    details.get_by_role("link", name="tcp 0.0.0.0, port 443").click()
    expect(details.get_by_role("heading", level=2)).to_have_text("tcp port 443")
    details.get_by_role("link", name=re.compile("^shop.example.net")).click()
    expect(details.get_by_role("heading", level=2)).to_have_text("shop.example.net")
    details.get_by_role("link", name="nginx.service").click()
    expect(details.get_by_role("heading", level=2)).to_have_text("nginx.service")
    details.get_by_role("link", name="nginx", exact=True).click()
    expect(page.get_by_role("table")).to_contain_text("1.22.1-9+deb12u2")
    page.go_back()
    expect(details.get_by_role("heading", level=2)).to_have_text("nginx.service")


def test_a_package_is_found_among_thousands(open_page: OpenPage, web_1: Machine) -> None:
    page = open_page(f"/nodes/{web_1.node_id}?tab=packages")
    count = f"{len(software.packages()):,}"
    expect(page.get_by_text(f"{count} packages", exact=True)).to_be_visible()
    page.get_by_label("Search packages").fill("nginx deb12u2")
    expect(page.get_by_text(re.compile(rf"^\d+ of {count} packages$"))).to_be_visible()
    expect(page.get_by_role("table").get_by_role("link", name="nginx", exact=True)).to_be_visible()
    expect(page.get_by_role("table").get_by_role("link", name="acl", exact=True)).to_be_hidden()
    page.get_by_label("Search packages").fill("no such package")
    expect(page.get_by_text("No packages match")).to_be_visible()
    page.get_by_role("button", name=f"Show all {count}").click()
    expect(page.get_by_role("table").get_by_role("link", name="acl", exact=True)).to_be_visible()


def test_what_wants_somebody_leads_there(open_page: OpenPage, web_1: Machine) -> None:
    page = open_page(f"/nodes/{web_1.node_id}")
    page.get_by_role("link", name="3 security updates to install").click()
    expect(page.get_by_text("3 of 6 updates")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="1 certificate expired").click()
    expect(page.get_by_role("table").get_by_role("link", name="old.example.net")).to_be_visible()
    expect(page.get_by_text("1 of 6 certificates")).to_be_visible()


def test_the_tabs_of_a_phone_can_all_be_reached(open_page: OpenPage, web_1: Machine) -> None:
    page = open_page(f"/nodes/{web_1.node_id}?tab=users", size=PHONE)
    strip = page.get_by_role("navigation", name="Parts of this node")
    expect(strip.get_by_role("link", name="Users")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="All parts of this node").click()
    expect(page.get_by_role("menuitem")).to_have_count(10)
    pictures.take(page, "node-tabs-phone")
    assert accessibility.serious_violations(page) == []
    page.get_by_role("menuitem", name="Services").click()
    expect(page).to_have_url(re.compile("tab=services"))
    expect(strip.get_by_role("link", name="Services")).to_be_in_viewport(ratio=1)


def test_details_and_chains_by_keyboard_alone(open_page: OpenPage, web_1: Machine) -> None:
    page = open_page(f"/nodes/{web_1.node_id}?tab=firewall")
    expect(page.get_by_role("table")).to_contain_text("jump blocked")
    docker = page.get_by_role("button", name=re.compile("^DOCKER"))
    expect(docker).to_have_attribute("aria-expanded", "false")
    docker.focus()
    page.keyboard.press("Enter")
    expect(docker).to_have_attribute("aria-expanded", "true")
    rule = page.get_by_role("table").get_by_role("link", name="drop", exact=True)
    rule.focus()
    page.keyboard.press("Enter")
    details = page.get_by_role("dialog")
    expect(details).to_contain_text("ct state invalid drop")
    assert page.evaluate("document.activeElement.closest('[role=dialog]') !== null"), "focus stayed behind the details"
    page.keyboard.press("Escape")
    expect(details).to_be_hidden()
    expect(rule).to_be_focused()


@pytest.fixture
def ordinary(new_machine: Callable[[str], Machine]) -> Machine:
    """What an agent of an ordinary user sees: something denied, something absent, something that failed."""
    machine = new_machine("home-1")
    machine.report(
        sample(time.time()),
        sections=Sections(
            system=section([system("home-1")]),
            services=section([service("ssh.service")]),
            ports=section([]),
            **{name: section([]) for name in ("containers", "certificates", "packages", "firewall", "users", "cloud")},
            updates=section(software.updates()[:1]),
        ),
        **inventory.of_an_ordinary_user(),
    )
    return machine


STATES = {
    "services": "The journal may not be read.",
    "ports": "No ports",
    "containers": "No containers here",
    "certificates": "Could not be read",
    "packages": "No packages",
    "updates": "everything is up to date",
    "firewall": "Not visible to the agent",
    "users": "Not visible to the agent",
    "coverage": inventory.FIREWALL_GRANT,
}


def test_what_is_hidden_absent_or_failed_says_so(open_page: OpenPage, ordinary: Machine) -> None:
    page = open_page(f"/nodes/{ordinary.node_id}")
    strip = page.get_by_role("navigation", name="Parts of this node")
    for tab, words in STATES.items():
        strip.get_by_role("link", name=re.compile(f"^{tab}", re.IGNORECASE)).click()
        expect(page.locator("main")).to_contain_text(words)
        pictures.take(page, f"node-{tab}-ordinary")
    strip.get_by_role("link", name="Firewall").click()
    # The grant stands where it is missed; where a part is seen, a line leads to it.
    expect(page.get_by_text(inventory.FIREWALL_GRANT)).to_be_visible()
    page.get_by_role("button", name="Copy").click()
    assert page.evaluate("navigator.clipboard.readText()") == inventory.FIREWALL_GRANT
    strip.get_by_role("link", name="Services").click()
    page.get_by_role("link", name="How to see all").click()
    expect(page.get_by_text("sudo usermod -aG systemd-journal anna")).to_be_visible()


def broken(page: Page, machine: Machine, section_name: str) -> None:
    page.route(
        re.compile(f"/api/v1/nodes/{machine.node_id}/{section_name}$"),
        lambda route: route.fulfill(
            status=503, content_type="application/problem+json", body='{"title": "Busy", "detail": "Too much to do."}'
        ),
    )


def test_a_section_that_cannot_be_loaded(open_page: OpenPage, web_1: Machine) -> None:
    page = open_page()
    broken(page, web_1, "certificates")
    page.goto(f"/nodes/{web_1.node_id}?tab=certificates")
    expect(page.get_by_text("Certificates could not be loaded")).to_be_visible(timeout=60_000)
    pictures.take(page, "node-certificates-broken")
    page.unroute_all()
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("table")).to_contain_text("shop.example.net")


def test_a_section_that_is_on_its_way(open_page: OpenPage, web_1: Machine) -> None:
    page = open_page()
    page.route(re.compile(f"/api/v1/nodes/{web_1.node_id}/packages$"), lambda _: None)
    page.goto(f"/nodes/{web_1.node_id}?tab=packages")
    expect(page.get_by_role("table", name=re.compile("^Packages"))).to_have_attribute("aria-rowcount", "9")
    pictures.take(page, "node-packages-loading")
    page.unroute_all(behavior="ignoreErrors")
