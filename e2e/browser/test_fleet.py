"""Ten thousand nodes: the fleet page stays smooth while one scrolls through them, and finds any of them."""

import os
from collections.abc import Iterator
from statistics import median

import pytest
from playwright.sync_api import CDPSession, expect

from e2e.browser import fleet, pictures
from e2e.browser.conftest import OpenPage
from e2e.browser.server import Server

COUNT = 10_000
# One frame at 60 a second is 16.7 ms. The page's own work for one must fit well within it; it is measured in the
# thread's own time, so it is the same on a busy computer. The frames themselves are painted without a graphics card
# here, so that they come at half that pace is all that can be asked.
MOST_WORK_MILLISECONDS = 14.0
MOST_MEDIAN_MILLISECONDS = 34.0
FRAMES = 150
ROW_PIXELS = 36
MEASURE = """
async ([frames, pixels]) => {
  const scroller = document.querySelector("[role=table]").parentElement;
  const times = [];
  let last = performance.now();
  for (let frame = 0; frame < frames; frame += 1) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - last);
    last = now;
    scroller.scrollTop += pixels;
  }
  return { times, top: scroller.scrollTop, height: scroller.scrollHeight };
}
"""


def work_seconds(session: CDPSession) -> float:
    """What the page's main thread has worked so far, in its own time."""
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


@pytest.fixture
def many(running_server: Server) -> Iterator[None]:
    made = fleet.make(running_server.dsn, COUNT)
    yield
    fleet.remove(running_server.dsn, made)


@pytest.mark.usefixtures("many")
def test_ten_thousand_nodes_scroll_smoothly(open_page: OpenPage) -> None:
    page = open_page("/nodes?tag=%5B%22many%22%5D")
    expect(page.get_by_role("link", name="node-00001")).to_be_visible()
    pictures.take(page, "fleet-10000")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = work_seconds(session)
    measured = page.evaluate(MEASURE, [FRAMES, ROW_PIXELS])
    work = (work_seconds(session) - before) / FRAMES * 1000
    assert measured["top"] >= FRAMES * ROW_PIXELS * 0.9, "the table did not scroll"
    assert measured["height"] > COUNT * 30, "the table does not hold ten thousand rows"
    assert work <= MOST_WORK_MILLISECONDS, f"a frame costs the page {work:.1f} ms"
    usual = median(measured["times"])
    # With other work waiting for every core, frames tell about that work and not about the page.
    if os.getloadavg()[0] <= 2 * (os.cpu_count() or 1):
        assert usual <= MOST_MEDIAN_MILLISECONDS, f"half of the frames took longer than {usual:.1f} ms"
    # Rows that are scrolled to are filled in, not left as bones.
    expect(page.get_by_role("link", name="node-").first).to_be_visible()


@pytest.mark.usefixtures("many")
def test_one_of_ten_thousand_is_found_by_typing(open_page: OpenPage) -> None:
    page = open_page("/nodes")
    page.get_by_role("searchbox").first.fill("node-07777")
    expect(page.get_by_role("link", name="node-07777")).to_be_visible()
    expect(page.get_by_role("link", name="node-00001")).to_be_hidden()
