"""`status`: which node this is, and what waits to be sent. Reads the state folder only.

With --json, for programs: {"enrolled": bool, "server": URL or null, "node_id": id or null}; it is no error then that
this machine is not enrolled.
"""

from __future__ import annotations

import json

from nodestral_agent import address
from nodestral_agent.commands.options import parser, state_of
from nodestral_agent.spool import Spool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nodestral_agent.state import State


def main(arguments: list[str]) -> int:
    """0 when enrolled."""
    made = parser("status", "Say which node this is and what waits to be sent.")
    made.add_argument("--json", action="store_true", help="for programs")
    options = made.parse_args(arguments)
    state = state_of(options)
    if options.json:
        print(_for_programs(state))
        return 0
    config = state.config()
    exposed = address.parse(config.server_url, config.allow_plain_http).exposed
    spool = Spool.peek(state.path("spool"))
    print(f"node      {config.node_id}")
    print(f"server    {config.server_url}{'  (not encrypted)' if exposed else ''}")
    print(f"state     {state.folder}")
    print(f"agent     {'not running' if state.lock() else 'running'}")
    print(f"waiting   {spool.count} reports, {spool.size_bytes} bytes")
    print(f"refused   {spool.refused} reports")
    print(f"thinned   {spool.thinned} reports")
    print(f"dropped   {spool.dropped} reports")
    return 0


def _for_programs(state: State) -> str:
    config = state.config() if state.enrolled() else None
    return json.dumps(
        {
            "enrolled": config is not None,
            "server": config.server_url if config else None,
            "node_id": config.node_id if config else None,
        }
    )
