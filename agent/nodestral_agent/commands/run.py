"""`run`: what the service runs. Its options are read by hand, because argparse would stay in memory."""

from __future__ import annotations

import os
import sys

from nodestral_agent import __version__, program
from nodestral_agent import address as addresses
from nodestral_agent.delivery import Delivery
from nodestral_agent.errors import Misuse
from nodestral_agent.hosts import this_host
from nodestral_agent.inventory import Inventory
from nodestral_agent.loop import Loop, about
from nodestral_agent.spool import Spool
from nodestral_agent.state import State, folder_from
from nodestral_agent.transport import Transport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

USAGE = "usage: nodestral-agent run [--state DIR] [--root DIR]"


def say(line: str) -> None:
    """A line in the journal, for a change of state only."""
    sys.stderr.write(f"nodestral-agent: {line}\n")
    sys.stderr.flush()


def main(arguments: list[str]) -> int:
    """Runs until SIGTERM."""
    options = {"--state": "", "--root": "/"}
    words = list(arguments)
    while words:
        word = words.pop(0)
        if word in ("-h", "--help"):
            print(USAGE)
            return 0
        name, gap, value = word.partition("=")
        if name not in options or not (gap or words):
            raise Misuse(f"'{word}' is not understood. {USAGE}")
        options[name] = value if gap else words.pop(0)
    if not program.is_small():
        program.become_small("run", *arguments)
    os.umask(0o077)
    state = State(options["--state"] or folder_from(dict(os.environ), os.geteuid()))
    config = state.config()
    state.prepare()
    if not state.lock():
        raise Misuse(f"Another agent is running on {state.folder}. Stop it first, or give this one another --state.")
    address = addresses.parse(config.server_url, config.allow_plain_http)
    host = this_host(options["--root"])
    spool = Spool(state.path("spool"))
    transport = Transport(
        address,
        os.environ.get("NODESTRAL_CA_FILE") or config.ca_file,
        f"nodestral-agent/{__version__}",
        config.proxy_url,
    )
    delivery = Delivery(host, state, spool, transport, config.node_token, say)
    myself = about(host.user_name(os.geteuid()) or str(os.geteuid()), os.geteuid(), address.exposed)

    def about_now() -> dict[str, Any]:
        return {
            **myself,
            "spooled_reports": spool.count,
            "refused_reports": spool.refused,
            "dropped_reports": spool.dropped,
            "thinned_reports": spool.thinned,
        }

    say(f"version {__version__} reports to {config.server_url} as node {config.node_id}")
    if address.exposed:
        say("the connection is not encrypted (--allow-plain-http)")
    Loop(
        host,
        delivery,
        Inventory(state.path("sections"), host.root, config.server_url, say),
        about_now,
        config.node_id,
        config.settings,
        say,
    ).run()
    say("stopped")
    return 0
