"""From nothing to a live node: the dialog, the line it shows, the real agent, its real data."""

import re
import socket
import time
from pathlib import Path

from playwright.sync_api import Page, expect

from e2e.browser import pictures
from e2e.browser.agent import RealAgent
from e2e.browser.charts import chart
from e2e.browser.conftest import OpenPage
from e2e.browser.server import REPORT_SECONDS, SCAN_SECONDS

SEEN_MILLISECONDS = (SCAN_SECONDS + REPORT_SECONDS + 15) * 1000
LIVE_MILLISECONDS = REPORT_SECONDS * 1000 + 2000


def test_this_machine_is_added_by_the_line_and_seen_live(open_page: OpenPage, reachable_folder: Path) -> None:
    page = open_page("/nodes")
    page.get_by_role("link", name="Add a server").first.click()
    page.get_by_role("button", name="Make the line").click()
    line = page.get_by_role("dialog").locator("code").inner_text()
    assert re.fullmatch(r"curl -sfL http://127\.0\.0\.1:\d+/install\.sh \| sh -s nst_install_[A-Za-z0-9_-]+", line), (
        line
    )
    pictures.take(page, "add-server")
    agent = RealAgent(reachable_folder / "home", line)
    agent.start()
    # Something real to be found: a port that was not there before.
    listener = socket.create_server(("127.0.0.1", 0))
    number = listener.getsockname()[1]
    try:
        expect(page.get_by_role("dialog")).to_contain_text("is online", timeout=SEEN_MILLISECONDS)
        pictures.take(page, "add-server-online")
        page.get_by_role("dialog").get_by_role("link", name="Open").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(socket.gethostname())
        page.get_by_role("link", name=re.compile("^Ports")).click()
        expect(page.get_by_role("table")).to_contain_text("127.0.0.1", timeout=SEEN_MILLISECONDS)
        page.get_by_label("Search ports").fill(str(number))
        expect(page.get_by_role("table").get_by_text(str(number), exact=True)).to_be_visible(timeout=SEEN_MILLISECONDS)
        page.get_by_role("link", name="Overview").click()
        summary = chart(page, "CPU").locator("p").first
        expect(summary).to_contain_text("user: last", timeout=SEEN_MILLISECONDS)
        # Every report moves the line: the words of the chart change within its interval and two seconds.
        for _ in range(2):
            before = summary.text_content() or ""
            deadline = time.monotonic() + LIVE_MILLISECONDS / 1000
            while (summary.text_content() or "").split("user:")[1:] == before.split("user:")[1:]:
                assert time.monotonic() < deadline, "no new reading came to the chart in time"
                page.wait_for_timeout(100)
        pictures.take(page, "node-real")
        remove(page, socket.gethostname())
    finally:
        listener.close()
        agent.stop()


def remove(page: Page, name: str) -> None:
    """As its owner would: the name is asked for, and nothing else will do."""
    page.get_by_role("button", name="Actions on this node").click()
    page.get_by_role("menuitem", name="Remove…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("something else")
    expect(dialog.get_by_role("button", name="Remove node")).to_be_disabled()
    dialog.get_by_role("textbox").fill(name)
    pictures.take(page, "node-remove")
    dialog.get_by_role("button", name="Remove node").click()
    expect(page).to_have_url(re.compile("/nodes$"))
    expect(page.get_by_role("link", name=name, exact=True)).to_be_hidden()
