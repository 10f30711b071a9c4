"""A home directory of an ordinary user, and a server on loopback that serves the installer as the API does.

The scripts and the agent are the real ones, run by a real shell. Only the server's side of enrolment is played here, so
that it can refuse, send damaged files and look at the running processes at the very moment of the request.
"""

import hashlib
import http.server
import json
import os
import pwd
import shutil
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOKEN = "nst_install_" + "T0ken_of-the-test" * 2
TokenSightings = list[str]


def sightings(secret: str) -> TokenSightings:
    """Name every process whose arguments or environment show the secret."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        for kind in ("cmdline", "environ"):
            try:
                if secret.encode() in (folder / kind).read_bytes():
                    found.append(f"{kind} of {(folder / 'comm').read_text().strip()}")
            except OSError:
                continue
    return found


@dataclass
class Server:
    """What the server serves and how it answers; `requests` holds (method and path) of all that it was asked."""

    url: str
    files: dict[str, bytes]
    accepted: set[str]
    requests: list[str] = field(default_factory=list)
    nodes: dict[str, str] = field(default_factory=dict)
    seen_at_enrolment: TokenSightings = field(default_factory=list)

    def enrolments(self) -> int:
        return self.requests.count("POST /agent/v1/enroll")


def handler_of(server: Server) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the name that the library gave it
            pass

        def answer(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            server.requests.append(f"GET {self.path}")
            body = server.files.get(self.path)
            self.answer(404 if body is None else 200, body or b"", "application/octet-stream")

        def do_POST(self) -> None:
            server.requests.append(f"POST {self.path}")
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path != "/agent/v1/enroll":
                self.answer(503, b"{}", "application/problem+json")
                return
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            server.seen_at_enrolment = sightings(TOKEN)
            if token not in server.accepted:
                problem = {
                    "type": "urn:nodestral:problem:bad_install_token",
                    "title": "Unknown install token",
                    "status": 401,
                    "detail": "This install token is not valid.",
                    "code": "bad_install_token",
                }
                self.answer(401, json.dumps(problem).encode(), "application/problem+json")
                return
            secret = json.loads(body)["secret_sha256"]
            node = server.nodes.setdefault(secret, f"node-{len(server.nodes) + 1}")
            settings = {"interval_seconds": 30, "scan_interval_seconds": 300}
            self.answer(201, json.dumps({"node_id": node, "settings": settings}).encode(), "application/json")

    return Handler


@pytest.fixture(scope="session")
def agent_file() -> bytes:
    subprocess.run(["scripts/agent-pyz"], cwd=ROOT, check=True)
    return (ROOT / "build/nodestral-agent.pyz").read_bytes()


Serve = Callable[[ssl.SSLContext | None], Server]


@pytest.fixture
def serve(agent_file: bytes) -> Iterator[Serve]:
    running: list[http.server.ThreadingHTTPServer] = []

    def start(tls: ssl.SSLContext | None) -> Server:
        listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
        if tls is not None:
            listener.socket = tls.wrap_socket(listener.socket, server_side=True, do_handshake_on_connect=False)
        url = f"{'http' if tls is None else 'https'}://127.0.0.1:{listener.server_address[1]}"
        script = (ROOT / "install/install.sh").read_text().replace("@NODESTRAL_SERVER_URL@", url)
        checksum = f"{hashlib.sha256(agent_file).hexdigest()}  nodestral-agent.pyz\n"
        files = {
            "/install.sh": script.encode(),
            "/uninstall.sh": (ROOT / "install/uninstall.sh").read_bytes(),
            "/install/nodestral-agent.pyz": agent_file,
            "/install/nodestral-agent.pyz.sha256": checksum.encode(),
        }
        server = Server(url, files, {TOKEN})
        listener.RequestHandlerClass = handler_of(server)
        threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        running.append(listener)
        return server

    yield start
    for listener in running:
        listener.shutdown()
        listener.server_close()


@pytest.fixture
def server(serve: Serve) -> Server:
    return serve(None)


@dataclass
class User:
    """An ordinary user with a home of its own; the tests' user, or `nobody` when the tests run as root."""

    home: Path
    uid: int
    shell: tuple[str, ...] = ("sh",)
    path: str = "/usr/local/bin:/usr/bin:/bin"

    def command(self, *arguments: str) -> list[str]:
        if os.getuid() == self.uid:
            return list(arguments)
        return ["setpriv", f"--reuid={self.uid}", f"--regid={self.uid}", "--clear-groups", *arguments]

    def environment(self, **more: str) -> dict[str, str]:
        return {"HOME": str(self.home), "PATH": self.path, "LC_ALL": "C.UTF-8", **more}

    def run(self, script: bytes, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Do as `curl … | sh -s ARGUMENTS` does: the script comes in by standard input."""
        return subprocess.run(
            self.command(*self.shell, "-s", "--", *arguments),
            input=script.decode(),
            capture_output=True,
            text=True,
            env=self.environment(**environment),
            cwd=self.home,
            timeout=60,
            check=False,
        )

    def install(self, server: Server, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run(server.files["/install.sh"], "--no-service", *arguments, **environment)

    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.home)) for path in self.home.rglob("*"))


@pytest.fixture
def user() -> Iterator[User]:
    uid = os.getuid() or pwd.getpwnam("nobody").pw_uid
    home = Path(tempfile.mkdtemp(prefix="nodestral-home-"))
    os.chown(home, uid, -1)
    try:
        yield User(home, uid)
    finally:
        shutil.rmtree(home)


@pytest.fixture
def serve_two(serve: Serve) -> tuple[Server, Server]:
    return serve(None), serve(None)
