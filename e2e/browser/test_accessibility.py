"""axe finds nothing serious, in light or dark (on the node page: test_views); and all can be reached by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.browser import accessibility
from e2e.browser.charts import chart
from e2e.browser.conftest import OpenPage
from e2e.browser.machine import Machine


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/nodes", "/settings/install-tokens", "/settings/appearance"])
def test_a_view_has_no_serious_violation(open_page: OpenPage, web_1: Machine, path: str, scheme: str) -> None:
    page = open_page(path, scheme=scheme)
    page.wait_for_timeout(800)
    assert accessibility.serious_violations(page) == []
    assert web_1.node_id


def test_the_sign_in_has_no_serious_violation(open_page: OpenPage) -> None:
    page = open_page("/sign-in", signed_in=False)
    expect(page.get_by_label("Email")).to_be_visible()
    assert accessibility.serious_violations(page) == []


def test_control_axe_sees_what_is_wrong(open_page: OpenPage) -> None:
    page = open_page("/sign-in", signed_in=False)
    expect(page.get_by_label("Email")).to_be_visible()
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<button></button>')")
    assert any("button-name" in line for line in accessibility.serious_violations(page))


def test_a_node_can_be_found_read_and_zoomed_by_keyboard_alone(open_page: OpenPage, web_1: Machine) -> None:
    page = open_page("/nodes?q=web-1")
    link = page.get_by_role("link", name="web-1", exact=True)
    expect(link).to_be_visible()
    press_until(page, "Tab", "document.activeElement?.textContent === 'web-1'")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(web_1.node_id))
    expect(page.get_by_role("heading", level=1)).to_have_text("web-1")
    press_until(page, "Tab", "document.activeElement?.getAttribute('aria-labelledby') !== null")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "focus on a chart cannot be seen"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    said = chart(page, "CPU").locator("[aria-live=polite]")
    expect(said).to_contain_text(re.compile(r"user \d"))
    page.keyboard.press("+")
    expect(page).to_have_url(re.compile(r"from=\d+&to=\d+"))
    page.keyboard.press("0")
    expect(page).not_to_have_url(re.compile("from="))


def press_until(page: Page, key: str, condition: str, most: int = 60) -> None:
    """Presses a key until the page says yes, as a person tabs along."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(condition):
            return
    raise AssertionError(f"{most} presses of {key} did not lead there: {condition}")
