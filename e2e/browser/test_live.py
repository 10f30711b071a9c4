"""Live: what a node reports is on an open page within two seconds, through whichever API process the page came."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import expect

from e2e.browser.charts import chart
from e2e.browser.conftest import OpenPage
from e2e.browser.machine import Machine, sample
from e2e.browser.server import Api, Server

LIVE_MILLISECONDS = 2000


def test_a_reading_is_on_the_open_page_within_two_seconds(
    open_page: OpenPage, new_machine: Callable[[str], Machine]
) -> None:
    machine = new_machine("live-1")
    machine.report(sample(time.time() - 20, user=11))
    page = open_page(f"/nodes/{machine.node_id}")
    legend = chart(page, "CPU").get_by_role("button", name=re.compile("^user"))
    expect(legend).to_contain_text("11%")
    for share in (42, 73):
        machine.report(sample(time.time(), user=share))
        expect(legend).to_contain_text(f"{share}%", timeout=LIVE_MILLISECONDS)


def test_two_api_processes_serve_one_page(
    open_page: OpenPage, new_machine: Callable[[str], Machine], running_server: Server
) -> None:
    machine = new_machine("two-apis")
    machine.report(sample(time.time() - 20, user=11))
    other = running_server.api()
    try:
        page = open_page(f"/nodes/{machine.node_id}", url=other.url)
        legend = chart(page, "CPU").get_by_role("button", name=re.compile("^user"))
        expect(legend).to_contain_text("11%")
        # The machine still speaks to the first process; the page is fed by the second.
        machine.report(sample(time.time(), user=64))
        expect(legend).to_contain_text("64%", timeout=LIVE_MILLISECONDS)
    finally:
        page.close()
        other.stop()


def test_a_lost_connection_is_told_and_what_was_missed_is_caught_up(
    open_page: OpenPage, new_machine: Callable[[str], Machine], running_server: Server
) -> None:
    machine = new_machine("lost-1")
    machine.report(sample(time.time() - 20, user=11))
    other: Api = running_server.api()
    page = open_page(f"/nodes/{machine.node_id}", url=other.url)
    legend = chart(page, "CPU").get_by_role("button", name=re.compile("^user"))
    expect(legend).to_contain_text("11%")
    other.stop()
    expect(page.get_by_text(re.compile("connection lost", re.IGNORECASE))).to_be_visible(timeout=10_000)
    # The page stays readable, and what it misses meanwhile is not lost.
    expect(legend).to_contain_text("11%")
    machine.report(sample(time.time(), user=57))
    other.start()
    try:
        expect(page.get_by_text(re.compile("connection lost", re.IGNORECASE))).to_be_hidden(timeout=20_000)
        expect(legend).to_contain_text("57%", timeout=10_000)
    finally:
        page.close()
        other.stop()
