"""`enroll`: makes this machine a node of a server, once.

The node's own token is made here and its hash is all that the server gets with the install token. Repeating an
enrolment whose answer was lost makes no second node, because the token is written down before it is used.
"""

from __future__ import annotations

import base64
import os
import secrets
import sys

from nodestral_agent import __version__, address, proxy
from nodestral_agent.codec import encode, sha256_hex
from nodestral_agent.commands.options import parser, state_of
from nodestral_agent.errors import CollectorError, Misuse, Refused, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.hosts import this_host
from nodestral_agent.report import clean
from nodestral_agent.state import Config
from nodestral_agent.transport import Transport

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from nodestral_agent.address import Address
    from nodestral_agent.state import State

TOKEN_MAX = 512
STANDARD_INPUT = "-"


def main(arguments: list[str]) -> int:
    """Prints the node's id."""
    options = _options(arguments)
    where = address.parse(options.server, options.allow_plain_http)
    os.umask(0o077)
    state = state_of(options)
    if options.moved:
        return _move(state, options)
    if state.enrolled() and not options.force:
        config = state.config()
        if config.server_url.rstrip("/") != options.server.rstrip("/"):
            raise Misuse(
                f"This machine already reports to {config.server_url}. Add --moved if that server has a new address, "
                "or --force to make this machine a new node."
            )
        print(f"already enrolled as {config.node_id} at {config.server_url}")
        return 0
    install_token = _install_token(options.token_file)
    state.prepare()
    if not state.lock():
        raise Misuse(f"An agent is running on {state.folder}. Stop it first.")
    if options.force:
        state.forget_node()
    node_token = state.pending_token() or _new_token()
    state.save_pending_token(node_token)
    ca_file = os.path.abspath(options.ca_file) if options.ca_file else None
    proxy_url = _proxy_url(where)
    transport = Transport(where, ca_file, f"nodestral-agent/{__version__}", proxy_url)
    node_id, settings = _asked(transport, install_token, _hints(this_host(), options.name, node_token))
    config = Config(
        {
            "server_url": options.server.rstrip("/"),
            "node_id": node_id,
            "node_token": node_token,
            "allow_plain_http": options.allow_plain_http,
            "ca_file": ca_file,
            "proxy_url": proxy_url,
            "settings": settings,
        }
    )
    state.save_config(config)
    print(f"enrolled as {node_id} at {config.server_url}")
    return 0


def _move(state: State, options: argparse.Namespace) -> int:
    """The same node reports to another address. Its token is for that server, so whoever says this must mean it."""
    config = state.config()
    if not state.lock():
        raise Misuse(f"An agent is running on {state.folder}. Stop it first.")
    config.server_url = options.server.rstrip("/")
    config.allow_plain_http = options.allow_plain_http
    config.proxy_url = _proxy_url(address.parse(options.server, options.allow_plain_http))
    if options.ca_file:
        config.ca_file = os.path.abspath(options.ca_file)
    state.save_config(config)
    print(f"{config.node_id} reports to {config.server_url} from now on")
    return 0


def _proxy_url(where: Address) -> str | None:
    """The proxy of this environment. Misuse when it cannot be used: better now than in a service's journal."""
    url = proxy.chosen(dict(os.environ), where.host, where.secure)
    if url:
        proxy.parse(url)
    return url


def _options(arguments: list[str]) -> argparse.Namespace:
    made = parser(
        "enroll",
        "Make this machine a node. The install token comes by --token-file, "
        "the environment (NODESTRAL_INSTALL_TOKEN) or standard input, never as an argument.",
    )
    made.add_argument("--server", required=True, metavar="URL", help="the server, https://HOST[:PORT]")
    made.add_argument("--token-file", metavar="FILE", help="file that holds the install token; - is standard input")
    made.add_argument("--name", help="how the node is called (default: its host name)")
    made.add_argument(
        "--ca-file",
        default=os.environ.get("NODESTRAL_CA_FILE"),
        metavar="FILE",
        help="trust the authorities in this PEM file alone (default: NODESTRAL_CA_FILE)",
    )
    made.add_argument("--allow-plain-http", action="store_true", help="accept a server that is not encrypted")
    made.add_argument(
        "--force", action="store_true", help="give up the node that this machine is, and become a new one"
    )
    made.add_argument(
        "--moved", action="store_true", help="the server has another address now; stay the node that this machine is"
    )
    return made.parse_args(arguments)


def _install_token(token_file: str | None) -> str:
    token = os.environ.pop("NODESTRAL_INSTALL_TOKEN", "")
    from_input = token_file == STANDARD_INPUT
    if token_file and not from_input:
        try:
            with open(token_file, encoding="ascii", errors="replace") as file:
                token = file.read(TOKEN_MAX)
        except OSError as error:
            raise Misuse(f"The token file {token_file} cannot be read: {error.strerror}.") from None
    elif from_input or not token:
        if sys.stdin.isatty():
            print("Install token: ", end="", file=sys.stderr, flush=True)
        token = sys.stdin.readline(TOKEN_MAX)
    token = token.strip()
    if not token:
        raise Misuse("No install token was given. The dashboard makes one: Add a server.")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise Misuse("The install token has a character that has no place in it. Copy it again.")
    return token


def _new_token() -> str:
    return "nst_node_" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def _hints(host: Host, name: str | None, node_token: str) -> dict[str, object]:
    """For people, never proof of anything."""
    hints: dict[str, object] = {
        "secret_sha256": sha256_hex(node_token.encode()),
        "hostname": clean(name or os.uname().nodename or "unnamed"),
        "agent_version": __version__,
        "os_name": "",
    }
    for line in _quietly(host, "/etc/os-release").splitlines():
        if line.startswith("PRETTY_NAME="):
            hints["os_name"] = clean(line[12:].strip().strip("\"'"))
    machine_id = _quietly(host, "/etc/machine-id").strip()
    if machine_id:
        # machine-id(5): not to be shown to others as it is.
        hints["machine_id_sha256"] = sha256_hex(b"nodestral " + machine_id.encode())
    return hints


def _quietly(host: Host, path: str) -> str:
    try:
        return host.text(path)
    except (Unavailable, CollectorError):
        return ""


def _asked(transport: Transport, install_token: str, hints: dict[str, object]) -> tuple[str, object]:
    try:
        answer = transport.post("/agent/v1/enroll", install_token, encode(hints))
    except Refused as error:
        if error.status in (401, 403):
            raise Misuse(
                f"The server does not accept this install token: {error.detail} The dashboard makes a new one."
            ) from None
        raise
    finally:
        transport.close()
    node_id = answer.get("node_id") if isinstance(answer, dict) else None
    if not isinstance(node_id, str) or not node_id or clean(node_id) != node_id:
        raise Misuse("The server's answer names no node. Is this the address of a Nodestral server?")
    return node_id, answer.get("settings")
