"""The way of a newcomer, in a real browser: sign in, take the line from the dialog, run it on a machine, watch it.

The machine is a booted Debian with nginx, sshd and a service that the ordinary user openclaw runs.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.browser import chromium, pictures
from e2e.browser.charts import chart
from e2e.machine import workloads
from e2e.machine.fleet import SERVER_NAME, URL, Fleet
from e2e.machine.machine import Machine
from e2e.machine.server import EMAIL, REPORT_SECONDS, SEEN_WITHIN_SECONDS

pytestmark = [pytest.mark.machine, pytest.mark.timeout(600)]

NAME = "newcomer"
SEEN_MILLISECONDS = SEEN_WITHIN_SECONDS * 1000
INSTALLED_MILLISECONDS = 60_000


@pytest.fixture
def page(fleet: Fleet) -> Iterator[Page]:
    path = chromium.find()
    assert path is not None, "there is no Chromium: sudo apt-get install -y chromium"
    # The server's name leads to this computer's loopback; its certificate is of the tests' own authority.
    there = f"--host-resolver-rules=MAP {SERVER_NAME} 127.0.0.1:{fleet.local_port}"
    with chromium.opened(path, [there]) as browser:
        context = browser.new_context(
            base_url=URL, ignore_https_errors=True, viewport={"width": 1400, "height": 900}, reduced_motion="reduce"
        )
        yield context.new_page()


@pytest.fixture
def machine(fleet: Fleet) -> Iterator[Machine]:
    yield fleet.new_machine(NAME, "trixie")
    fleet.remove_machine(NAME)


def row(page: Page, text: str) -> Locator:
    return page.get_by_role("row").filter(has_text=text)


def test_a_newcomer_adds_a_machine_and_watches_its_services(fleet: Fleet, page: Page, machine: Machine) -> None:
    page.goto("/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").first.fill(fleet.server.password)
    page.keyboard.press("Enter")

    page.get_by_role("link", name="Add a server").first.click()
    page.get_by_role("button", name="Make the line").click()
    dialog = page.get_by_role("dialog")
    line = dialog.locator("code").inner_text()
    assert re.fullmatch(rf"curl -sfL {URL}/install\.sh \| sh -s nst_install_[A-Za-z0-9_-]+", line), line
    machine.run(line)

    expect(dialog).to_contain_text("is online", timeout=INSTALLED_MILLISECONDS)
    dialog.get_by_role("link", name="Open").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    page.get_by_role("link", name=re.compile("^Services")).click()
    for unit, runs_for in (
        ("nginx.service", "system"),
        ("ssh.service", "system"),
        (workloads.USER_UNIT, f"user {workloads.USER}"),
    ):
        expect(row(page, unit)).to_contain_text("running", timeout=SEEN_MILLISECONDS)
        expect(row(page, unit)).to_contain_text(runs_for)
    pictures.take(page, "machine-services")

    machine.run("systemctl stop nginx")
    expect(row(page, "nginx.service")).not_to_contain_text("running", timeout=SEEN_MILLISECONDS)
    machine.run("systemctl start nginx")
    expect(row(page, "nginx.service")).to_contain_text("running", timeout=SEEN_MILLISECONDS)

    page.get_by_role("link", name=re.compile("^Ports")).click()
    page.get_by_label("Search ports").fill("nginx")
    expect(row(page, "nginx.service").first).to_contain_text("80", timeout=SEEN_MILLISECONDS)
    pictures.take(page, "machine-ports")

    page.get_by_role("link", name="Overview").click()
    summary = chart(page, "CPU").locator("p").first
    expect(summary).to_contain_text("user: last", timeout=SEEN_MILLISECONDS)
    before = summary.inner_text()
    expect(summary).not_to_have_text(before, timeout=(2 * REPORT_SECONDS + 2) * 1000)
