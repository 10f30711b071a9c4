"""`status`: which node this is, and what waits to be sent. Reads the state folder only."""

from __future__ import annotations

from nodestral_agent import address
from nodestral_agent.commands.options import parser, state_of
from nodestral_agent.spool import Spool


def main(arguments: list[str]) -> int:
    """0 when enrolled."""
    options = parser("status", "Say which node this is and what waits to be sent.").parse_args(arguments)
    state = state_of(options)
    config = state.config()
    secure = address.parse(config.server_url, config.allow_plain_http).secure
    spool = Spool.peek(state.path("spool"))
    print(f"node      {config.node_id}")
    print(f"server    {config.server_url}{'' if secure else '  (not encrypted)'}")
    print(f"state     {state.folder}")
    print(f"agent     {'not running' if state.lock() else 'running'}")
    print(f"waiting   {spool.count} reports, {spool.bytes} bytes")
    print(f"refused   {spool.refused} reports")
    print(f"dropped   {spool.dropped} reports")
    return 0
