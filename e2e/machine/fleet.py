"""A fleet for tests to look at: the server, and for each Debian release a machine with an agent for the whole machine
and a machine with a user's own agent, all installed by the one-liner as a newcomer would.

`fleet` (in fixtures.py) is the running one. Its machines are shared by all tests: leave them as they were found.
"""

import platform
import socket
import ssl
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from e2e.machine import host, workloads
from e2e.machine.api import Api
from e2e.machine.certificates import Authority
from e2e.machine.docker import Docker
from e2e.machine.errors import HarnessError, LateError
from e2e.machine.host_agent import HostAgent
from e2e.machine.machine import Machine
from e2e.machine.network import HUB_ADDRESS, Network
from e2e.machine.relay import Relay
from e2e.machine.roots import ensure_root
from e2e.machine.server import EMAIL, REPORT_SECONDS, SCAN_SECONDS, Server

SERVER_NAME = "nodestral.test"  # RFC 6761: never a name of the real world
URL = f"https://{SERVER_NAME}"

Scope = Literal["system", "user"]


@dataclass(frozen=True)
class Member:
    """A machine of the standing fleet. Its agent runs for the whole machine (system) or as the user openclaw (user)."""

    name: str
    release: str
    scope: Scope

    @property
    def installing_user(self) -> str:
        return "root" if self.scope == "system" else workloads.USER


MEMBERS = [
    Member("mail-1", "bullseye", "system"),
    Member("mail-2", "bullseye", "user"),
    Member("web-1", "bookworm", "system"),
    Member("web-2", "bookworm", "user"),
    Member("claw-1", "trixie", "system"),
    Member("claw-2", "trixie", "user"),
]


class Fleet:
    """`machines` and `node_ids` go by the machine's name; `docker_node_id` is this computer with its Docker.

    A browser on this computer reaches `URL` at `local_port` of loopback (Chromium: --host-resolver-rules="MAP …").
    """

    def __init__(
        self,
        folder: Path,
        say: Callable[[str], None],
        report_seconds: int = REPORT_SECONDS,
        scan_seconds: int = SCAN_SECONDS,
    ) -> None:
        self.folder = folder
        self.network = Network(folder.name)
        self.authority = Authority(folder / "authority.pem")
        self.server = Server(folder / "server", URL, report_seconds, scan_seconds)
        self.machines: dict[str, Machine] = {}
        self.node_ids: dict[str, str] = {}
        self.docker_node_id = ""
        self._say = say
        self._started = ExitStack()

    def start(self) -> None:
        """The network, the server behind TLS, and an administrator signed in; no machine yet."""
        self._started.callback(self.network.destroy)
        self.network.create()
        self.docker = Docker(self.folder / "docker", self.network.join("docker"))
        self.host_agent = HostAgent(self.folder / "agent", self.docker, self.authority.certificate)
        self._started.callback(self.server.stop)
        self.server.start()
        tls = self.authority.server_context(SERVER_NAME, HUB_ADDRESS, "127.0.0.1")
        self._offer(self.network.listen(443), tls)
        local = socket.create_server(("127.0.0.1", 0))
        self.local_port: int = local.getsockname()[1]
        self._offer(local, tls)
        self.api = Api(URL, self.local_port, self.authority.certificate, EMAIL, self.server.password)
        self._started.callback(self.api.close)

    def offer_without_encryption(self, port: int) -> None:
        """Offer the server on this port of the hub too, as a careless owner would."""
        self._offer(self.network.listen(port), None)

    def _offer(self, listener: socket.socket, tls: ssl.SSLContext | None) -> None:
        relay = Relay(listener, self.server.port, tls)
        self._started.callback(relay.stop)
        relay.start()

    def populate(self) -> None:
        """Boot the standing members all at once and install the agent on each by the one-liner."""
        made = [self._make_machine(member.name, member.release) for member in MEMBERS]
        token = self.api.new_install_token("fleet", uses_allowed=len(MEMBERS))
        with ThreadPoolExecutor(max_workers=len(MEMBERS)) as workers:
            list(workers.map(self._bring_up, made))
            list(workers.map(lambda member: self._install_member(member, token.secret), MEMBERS))
        self._populate_docker()
        for member in MEMBERS:
            self.node_ids[member.name] = self.wait_for_node(member.name)

    def _populate_docker(self) -> None:
        self._started.callback(self.docker.stop)
        self.docker.start()
        self.docker.import_image()
        self.docker.serve_page("storefront", 8080, "--label=com.docker.compose.project=shop")
        self.host_agent.enroll(self.api.new_install_token("docker").secret)
        self._started.callback(self.host_agent.stop)
        self.host_agent.start()
        # This computer itself may have no services: it need not run systemd.
        self.docker_node_id = self.wait_for_node(platform.node(), self.api.containers)
        self._say("docker: agent started")

    def new_machine(self, name: str, release: str) -> Machine:
        """One more machine, booted, with openclaw's service, trusting the server; without an agent."""
        machine = self._make_machine(name, release)
        self._bring_up(machine)
        return machine

    def on_each_member(self, check: Callable[[Member], None]) -> None:
        """Call it for all members at the same time. Raises ExceptionGroup with what went wrong, by member."""
        with ThreadPoolExecutor(max_workers=len(MEMBERS)) as workers:
            calls = {member: workers.submit(check, member) for member in MEMBERS}
        failures = []
        for member, call in calls.items():
            if failure := call.exception():
                failure.add_note(f"on {member.name}: {member.release}, agent of {member.scope}")
                failures.append(failure)
        if failures:
            raise BaseExceptionGroup(f"{len(failures)} of {len(MEMBERS)} machines", failures)

    def remove_machine(self, name: str) -> None:
        """Stop it and take its nodes out of the dashboard."""
        machine = self.machines.pop(name)
        machine.stop()
        self.network.leave(machine.namespace)
        for node in self.api.nodes():
            if node.hostname == name:
                self.api.remove_node(node.id)

    def _make_machine(self, name: str, release: str) -> Machine:
        root = ensure_root(release, self._say)
        machine = Machine(name, root, self.folder / name, self.network.join(name))
        self._started.callback(machine.stop)
        self.machines[name] = machine
        return machine

    def _bring_up(self, machine: Machine) -> None:
        machine.lay_out()
        with (machine.tree / "etc/hosts").open("a") as hosts:
            hosts.write(f"{HUB_ADDRESS} {SERVER_NAME}\n")
        trusted = machine.tree / "usr/local/share/ca-certificates/nodestral-test-authority.crt"
        trusted.write_bytes(self.authority.certificate.read_bytes())
        machine.boot()
        machine.wait_booted()
        machine.run("update-ca-certificates")
        workloads.start_user_service(machine)
        self._say(f"{machine.name}: booted")

    def _install_member(self, member: Member, secret: str) -> None:
        install(self.machines[member.name], secret, user=member.installing_user)
        self._say(f"{member.name}: agent installed")

    def wait_for_node(
        self,
        hostname: str,
        inventory: Callable[[str], Mapping[str, object]] | None = None,
        *,
        within_seconds: float = 60,
    ) -> str:
        """The id of the node that calls itself so, once it has told its services (or another inventory)."""
        told = inventory or self.api.services

        def find() -> str | None:
            for node in self.api.nodes():
                if node.hostname == hostname and node.status == "online" and told(node.id):
                    return node.id
            return None

        try:
            return host.wait_for(f"{hostname} in the dashboard", find, within_seconds=within_seconds, every_seconds=0.5)
        except LateError as error:
            machine = self.machines.get(hostname)
            log = machine.run("journalctl --no-pager --lines=30").stdout if machine else self.host_agent.log_end()
            raise LateError(f"{error}; the log there ends with:\n{log}") from error

    def stop(self) -> None:
        """Whatever was started, last first; right at any point of its life."""
        self._started.close()


def install(machine: Machine, secret: str, *, user: str = "root", options: str = "", url: str = URL) -> str:
    """Install the agent by the line that the dashboard shows. Returns what it printed; raises CommandError."""
    output = machine.run(f"curl -sfL {url}/install.sh | sh -s {secret} {options}", user=user).stdout
    # Had curl failed, the shell would have run an empty script with success.
    if not output:
        raise HarnessError(f"{machine.name}: there is no installer at {url}")
    return output


def uninstall(machine: Machine, *, user: str = "root", url: str = URL) -> str:
    return machine.run(f"curl -sfL {url}/uninstall.sh | sh", user=user).stdout
