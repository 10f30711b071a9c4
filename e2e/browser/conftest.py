"""A server, a browser and a signed-in person for every test here; a page that misbehaved fails its test at the end."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.browser import chromium, fleet, machine, scenery, server
from e2e.browser.watch import Watch

DESKTOP = {"width": 1400, "height": 900}
PHONE = {"width": 360, "height": 740}

# Patience for a busy computer; a test that promises a time says its own.
expect.set_options(timeout=15_000)

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        reason = "there is no Chromium: sudo apt-get install -y chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with chromium.opened(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def reachable_folder() -> Iterator[Path]:
    """Where unprivileged accounts reach as well, such as the stores'; pytest's folders are its user's alone."""
    folder = Path(tempfile.mkdtemp(prefix="nodestral-browser-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def running_server(reachable_folder: Path) -> Iterator[server.Server]:
    folder = reachable_folder / "server"
    folder.mkdir(mode=0o755)
    with server.running(folder) as running:
        yield running


@pytest.fixture(scope="session")
def api(running_server: server.Server) -> server.Api:
    return running_server.api()


@pytest.fixture(scope="session")
def session_state(browser: Browser, api: server.Api) -> Any:
    """The cookies of a signed-in owner."""
    context = browser.new_context(base_url=api.url)
    sign_in(context, api.url)
    state = context.storage_state()
    context.close()
    return state


def sign_in(context: BrowserContext, url: str) -> None:
    answer = context.request.post(
        f"{url}/api/v1/session",
        data={"email": server.EMAIL, "password": server.PASSWORD},
        headers={"Origin": url},
    )
    assert answer.ok, f"sign-in: {answer.status} {answer.text()}"


@pytest.fixture
def open_page(browser: Browser, api: server.Api, session_state: Any) -> Iterator[OpenPage]:
    """Opens pages of the dashboard: open_page("/nodes", scheme="dark", size=PHONE). watched=False: it may misbehave."""
    watches: list[Watch] = []
    contexts: list[BrowserContext] = []

    def opened(
        path: str | None = None,
        *,
        scheme: Any = "light",
        size: dict[str, int] | None = None,
        signed_in: bool = True,
        watched: bool = True,
        url: str = "",
    ) -> Page:
        context = browser.new_context(
            base_url=url or api.url,
            color_scheme=scheme,
            viewport=size or DESKTOP,  # type: ignore[arg-type]  # Playwright's own TypedDict
            storage_state=session_state if signed_in else None,
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        page = context.new_page()
        watch = Watch(page)
        watch.begin()
        if watched:
            watches.append(watch)
        contexts.append(context)
        if path is not None:
            page.goto(path)
        return page

    yield opened
    try:
        for watch in watches:
            watch.check()
    finally:
        for context in contexts:
            context.close()


@pytest.fixture(scope="session")
def install_token(browser: Browser, api: server.Api, session_state: Any) -> str:
    """Good for as many machines as the tests make."""
    context = browser.new_context(base_url=api.url, storage_state=session_state)
    answer = context.request.post(
        "/api/v1/install-tokens",
        data={"name": "browser tests", "uses_allowed": 100, "lifetime_seconds": 3600},
        headers={"Origin": api.url},
    )
    assert answer.ok, f"install token: {answer.status} {answer.text()}"
    secret: str = answer.json()["secret"]
    context.close()
    return secret


@pytest.fixture(scope="session")
def web_1(api: server.Api, install_token: str) -> Iterator[machine.Machine]:
    """A machine as many are: an hour of samples with a gap, services, ports, containers, and a part that is hidden.

    It goes on reporting as long as the tests run.
    """
    made = machine.Machine(api.url, install_token, "web-1")
    scenery.report_an_hour(made, until=time.time())
    with scenery.reporting_on([made]):
        yield made
    made.close()


@pytest.fixture(scope="session")
def small_fleet(api: server.Api, install_token: str, web_1: machine.Machine) -> Iterator[int]:
    """A dozen machines beside web-1, all of them online but one; answers how many there are."""
    made: list[machine.Machine] = []

    def make(hostname: str) -> machine.Machine:
        made.append(machine.Machine(api.url, install_token, hostname))
        return made[-1]

    with scenery.reporting_on(scenery.small_fleet(make, time.time())):
        yield len(made) + len([web_1])
    for each in made:
        each.close()


@pytest.fixture
def new_machine(
    api: server.Api, install_token: str, running_server: server.Server
) -> Iterator[Callable[[str], machine.Machine]]:
    """Makes machines that are gone after the test."""
    made: list[machine.Machine] = []

    def make(hostname: str) -> machine.Machine:
        made.append(machine.Machine(api.url, install_token, hostname))
        return made[-1]

    yield make
    for each in made:
        each.close()
    fleet.remove(running_server.dsn, [each.node_id for each in made])
