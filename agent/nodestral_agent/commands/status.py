"""`status`: which node this is, and what waits to be sent. Reads the state folder only."""

from __future__ import annotations

import json
from typing import Any

from nodestral_agent import address
from nodestral_agent.commands.options import parser, state_of
from nodestral_agent.spool import Spool
from nodestral_agent.state import State


def main(arguments: list[str]) -> int:
    """0 when enrolled; with --json 0 always, because the answer itself tells."""
    made = parser("status", "Say which node this is and what waits to be sent.")
    made.add_argument("--json", action="store_true", help="for programs: one JSON object")
    options = made.parse_args(arguments)
    state = state_of(options)
    if options.json:
        print(json.dumps(found(state) if state.enrolled() else {"enrolled": False, "state": state.folder}))
        return 0
    status = found(state)
    print(f"node      {status['node_id']}")
    print(f"server    {status['server']}{'' if status['encrypted'] else '  (not encrypted)'}")
    print(f"state     {status['state']}")
    print(f"agent     {'running' if status['running'] else 'not running'}")
    print(f"waiting   {status['spooled_reports']} reports, {status['spooled_bytes']} bytes")
    print(f"refused   {status['refused_reports']} reports")
    print(f"dropped   {status['dropped_reports']} reports")
    return 0


def found(state: State) -> dict[str, Any]:
    """All that the state folder tells. Misuse when this machine is not enrolled."""
    config = state.config()
    spool = Spool.peek(state.path("spool"))
    return {
        "enrolled": True,
        "node_id": config.node_id,
        "server": config.server_url,
        "encrypted": address.parse(config.server_url, config.allow_plain_http).secure,
        "state": state.folder,
        "running": not state.lock(),
        "spooled_reports": spool.count,
        "spooled_bytes": spool.bytes,
        "refused_reports": spool.refused,
        "dropped_reports": spool.dropped,
    }
