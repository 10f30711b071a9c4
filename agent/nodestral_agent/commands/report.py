"""`report --print`: exactly the JSON that a running agent would send next, with all sections in full."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from nodestral_agent import address
from nodestral_agent.codec import encode
from nodestral_agent.collectors import containers
from nodestral_agent.commands.options import parser, state_of
from nodestral_agent.host import Host
from nodestral_agent.hosts import collectors_of, this_host
from nodestral_agent.loop import about, new_epoch
from nodestral_agent.report import built
from nodestral_agent.samples.sampler import Sampler
from nodestral_agent.scan import scan

BETWEEN_READINGS_SECONDS = 1.0


def main(arguments: list[str]) -> int:
    """Sends nothing."""
    made = parser("report", "Show what would be sent. Nothing is sent.")
    made.add_argument("--print", action="store_true", required=True, help="print the report")
    made.add_argument("--pretty", action="store_true", help="on many lines")
    made.add_argument("--root", default="/", help="look at the machine below this folder")
    options = made.parse_args(arguments)
    state = state_of(options)
    node_id, plain_http, previous, server = None, False, None, ""
    if state.enrolled():
        config = state.config()
        node_id, server = config.node_id, config.server_url
        plain_http = address.parse(config.server_url, config.allow_plain_http).exposed
        previous = state.chain()
    host = this_host(options.root, server=server)
    uid = os.geteuid()
    myself = about(host.user_name(uid) or str(uid), uid, plain_http)
    text = first_report(host, node_id, myself, previous, new_epoch())
    if options.pretty:
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False).encode()
    sys.stdout.buffer.write(text + b"\n")
    return 0


def wait() -> None:
    """Between the two readings that rates need."""
    time.sleep(BETWEEN_READINGS_SECONDS)


def first_report(
    host: Host,
    node_id: str | None,
    myself: dict[str, Any],
    previous: str | None,
    epoch: int,
    pause: Callable[[], None] = wait,
) -> bytes:
    """A first report of this machine, as it would be sent."""
    sampler = Sampler(host)
    # Those whose findings the sampler needs are asked beforehand.
    first = scan(host, tuple(collector for collector in collectors_of(host) if collector is containers))
    sampler.watch(first.get(containers.SECTION, {}).get("watch", []))
    sampler.take()
    pause()
    sample = sampler.take()
    sections = scan(host, collectors_of(host))
    content = {
        "node_id": node_id,
        "agent": myself,
        "samples": [sample] if sample else [],
        "coverage": {name: section["coverage"] for name, section in sections.items()},
    }
    travelling = {
        name: encode({part: section[part] for part in ("hash", "gauges", "items") if part in section})
        for name, section in sections.items()
        if "hash" in section
    }
    return built((epoch, 1), previous, host.now(), content, travelling)
