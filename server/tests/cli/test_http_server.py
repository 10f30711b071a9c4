"""What the server says on the terminal, and what it keeps to itself."""

import logging
from collections.abc import Iterator

import pytest

from nodestral.cli import http_server
from nodestral.settings import Settings


@pytest.fixture
def uvicorn_log(caplog: pytest.LogCaptureFixture) -> Iterator[logging.Logger]:
    logger = logging.getLogger("uvicorn.error")
    before = list(logger.filters)
    http_server.set_up_logs(Settings())
    yield logger
    logger.filters[:] = before


def test_who_speaks_no_http_is_no_news(uvicorn_log: logging.Logger, caplog: pytest.LogCaptureFixture) -> None:
    uvicorn_log.warning("Invalid HTTP request received.")
    uvicorn_log.warning("Something else is wrong.")  # control: the rest is told
    assert [record.getMessage() for record in caplog.records] == ["Something else is wrong."]
