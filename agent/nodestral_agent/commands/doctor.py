"""`doctor`: what this agent can and cannot see and send, why, and the smallest grant that would help.

It runs the same scan and the same connection as the service, so it should run as the same user.
"""

from __future__ import annotations

import os
import sys

from nodestral_agent import __version__, address, proxy
from nodestral_agent.commands.options import parser, state_of
from nodestral_agent.errors import AgentError, Misuse, Refused
from nodestral_agent.host import Host
from nodestral_agent.hosts import collectors_of, this_host
from nodestral_agent.scan import scan
from nodestral_agent.spool import Spool
from nodestral_agent.state import State
from nodestral_agent.transport import Transport


def main(arguments: list[str]) -> int:
    """1 when reports cannot be delivered."""
    options = parser("doctor", "Say what can and cannot be seen and sent here, and why.").parse_args(arguments)
    state = state_of(options)
    host = this_host(server=state.config().server_url if state.enrolled() else "")
    uid = os.geteuid()
    version = ".".join(str(part) for part in sys.version_info[:3])
    print(f"nodestral-agent {__version__}, Python {version}, as {host.user_name(uid) or uid}")
    print()
    well = _connection(state)
    print()
    _sections(host)
    return 0 if well else 1


def _line(mark: str, subject: str, text: str) -> None:
    print(f"  {mark:<8} {subject:<12} {text}")


def _connection(state: State) -> bool:
    print("Delivery")
    try:
        config = state.config()
        where = address.parse(config.server_url, config.allow_plain_http)
    except Misuse as error:
        _line("PROBLEM", "enrolment", str(error))
        return False
    _line("ok", "node", f"{config.node_id}, state in {state.folder}")
    if where.exposed:
        _line("WARNING", "encryption", "not encrypted: anybody on the way can read token and reports")
    elif not where.secure:
        _line("ok", "encryption", "not encrypted, and need not be: the server is this machine itself")
    ca_file = os.environ.get("NODESTRAL_CA_FILE") or config.ca_file
    if ca_file:
        _line("ok", "authorities", f"only those in {ca_file}")
    if config.proxy_url:
        way = proxy.parse(config.proxy_url)
        _line("ok", "proxy", f"{way.host} port {way.port}")
    well = _reaches(
        Transport(where, ca_file, f"nodestral-agent/{__version__}", config.proxy_url),
        config.server_url,
        config.node_token,
    )
    _agent(state)
    spool = Spool.peek(state.path("spool"))
    _line("ok", "waiting", f"{spool.count} reports on disk ({spool.size_bytes >> 10} KiB)")
    for mark, count, what in (
        ("refused", spool.refused, "by the server for good"),
        ("thinned", spool.thinned, "left out between others because the spool was full"),
        ("dropped", spool.dropped, "because the spool was full"),
    ):
        if count:
            _line("WARNING", mark, f"{count} reports {what}; see {state.path('spool')}")
    return well


def _agent(state: State) -> None:
    if os.access(state.folder, os.W_OK) and state.lock():
        _line("WARNING", "service", "no agent is running on this state folder: nodestral-agent run")
    else:
        _line("ok", "service", "an agent is running")


def _reaches(transport: Transport, url: str, token: str) -> bool:
    """Sends an empty report, which a server that knows this node refuses for its form and stores nothing of."""
    try:
        transport.post("/agent/v1/reports", token, b"{}")
    except Refused as error:
        if error.status in (400, 422):
            _line("ok", "server", f"{url} answers and knows this node")
            return True
        _line("PROBLEM", "server", f"{error} Enrol this machine again if it was removed.")
    except AgentError as error:
        _line("PROBLEM", "server", f"{url}: {error}")
    else:
        _line("PROBLEM", "server", f"{url} accepts an empty report; it is no Nodestral server")
    finally:
        transport.close()
    return False


def _sections(host: Host) -> None:
    print("Sections")
    for name, section in scan(host, collectors_of(host)).items():
        coverage = section["coverage"]
        count = f"{len(section['items'])} found" if "items" in section else "nothing known"
        seconds = coverage.get("duration_seconds", 0.0)
        _line(
            coverage["level"],
            name,
            f"{count} in {seconds:.2f} s{': ' if coverage['reason'] else ''}{coverage['reason']}",
        )
        if coverage["grant"]:
            print(f"{'':24}to see more: {coverage['grant']}")
