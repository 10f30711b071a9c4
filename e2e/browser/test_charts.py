"""The charts under the hand: brush, pan, reset, one cursor over all; and nothing is wider than a phone."""

import re

import pytest
from playwright.sync_api import FloatRect, Page, expect

from e2e.browser import layout
from e2e.browser.charts import chart
from e2e.browser.conftest import PHONE, OpenPage
from e2e.browser.machine import Machine


def plot_of(page: Page, title: str) -> FloatRect:
    box = chart(page, title).locator(".u-over").bounding_box()
    assert box is not None
    return box


def test_brush_zooms_pan_moves_and_a_double_click_resets(open_page: OpenPage, web_1: Machine) -> None:
    page = open_page(f"/nodes/{web_1.node_id}")
    expect(page.locator(".u-over").first).to_be_visible()
    box = plot_of(page, "CPU")
    y = box["y"] + 40
    page.mouse.move(box["x"] + 100, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 250, y, steps=6)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"from=\d+&to=\d+"))
    zoomed = page.url
    axis = chart(page, "CPU").locator(".u-axis").first.bounding_box()
    assert axis is not None
    page.mouse.move(axis["x"] + 100, axis["y"] + 8)
    page.mouse.down()
    page.mouse.move(axis["x"] + 180, axis["y"] + 8, steps=6)
    page.mouse.up()
    expect(page).not_to_have_url(zoomed)
    assert width_of(page.url) == pytest.approx(width_of(zoomed), abs=2)
    page.mouse.dblclick(box["x"] + 200, y)
    expect(page).not_to_have_url(re.compile("from="))
    page.go_back()
    expect(page).to_have_url(re.compile("from="))


def width_of(url: str) -> int:
    found = re.search(r"from=(\d+)&to=(\d+)", url)
    assert found is not None
    return int(found[2]) - int(found[1])


def test_one_cursor_stands_on_all_charts(open_page: OpenPage, web_1: Machine) -> None:
    page = open_page(f"/nodes/{web_1.node_id}")
    expect(page.locator(".u-over").nth(1)).to_be_visible()
    box = plot_of(page, "CPU")
    page.mouse.move(box["x"] + 300, box["y"] + 50)
    moment = re.compile(r"^\d\d:\d\d:\d\d$")
    expect(chart(page, "Memory").get_by_text(moment)).to_be_visible()
    here = chart(page, "CPU").get_by_text(moment).inner_text()
    assert chart(page, "Memory").get_by_text(moment).inner_text() == here


def test_a_gap_is_told_and_no_line_runs_across_it(open_page: OpenPage, web_1: Machine) -> None:
    page = open_page(f"/nodes/{web_1.node_id}")
    region = chart(page, "CPU")
    expect(region.locator(".u-over")).to_be_visible()
    expect(region.locator("p").first).to_contain_text(re.compile("No samples from|gaps without samples"))


@pytest.mark.parametrize("tab", ["overview", "services", "ports", "containers", "coverage"])
@pytest.mark.parametrize("size", [PHONE, {"width": 700, "height": 450}], ids=["360 px", "200 % zoom"])
def test_nothing_is_wider_than_the_window(open_page: OpenPage, web_1: Machine, tab: str, size: dict[str, int]) -> None:
    page = open_page(f"/nodes/{web_1.node_id}?tab={tab}", size=size)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    layout.assert_fits(page)
