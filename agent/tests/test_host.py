"""The door to the machine: files that are absent, closed, endless or pipes; programs that hang, shout or fail."""

from __future__ import annotations

import os
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from agent.tests.machine import FakeMachine

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host


def test_reads_below_its_root(machine: FakeMachine) -> None:
    machine.write("/etc/hostname", b"web\xff\n")
    host = machine.host()
    assert host.text("/etc/hostname") == "web\ufffd\n"
    assert host.names("/etc") == ["hostname"]
    with pytest.raises(Unavailable):
        host.read("/etc/nothing")
    with pytest.raises(Unavailable):
        host.names("/etc/hostname/below")


@pytest.mark.parametrize("path", ["etc/passwd", "/../etc/passwd", "/etc/../../passwd", "/etc/.."])
def test_does_not_climb_out(machine: FakeMachine, path: str) -> None:
    with pytest.raises(CollectorError):
        machine.host().read(path)


def test_a_pipe_without_a_writer_does_not_hang(machine: FakeMachine) -> None:
    os.mkfifo(machine.root / "pipe")
    begun = time.monotonic()
    assert machine.host().read("/pipe") == b""
    assert time.monotonic() - begun < 1


def test_an_endless_file_is_an_error() -> None:
    with pytest.raises(CollectorError, match="larger than"):
        Host("/").read("/dev/zero", limit=100_000)


def test_what_is_closed_to_this_user_is_denied(machine: FakeMachine) -> None:
    secret = machine.write("/secret", "x")
    secret.chmod(0)
    if os.geteuid() == 0:
        # To root nothing is closed; somebody else must look.
        machine.root.chmod(0o755)
        process = os.fork()
        if process == 0:
            status = 1
            try:
                os.chroot(machine.root)
                os.setuid(65534)
                Host("/").read("/secret")
            except Denied:
                status = 0
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
        return
    with pytest.raises(Denied):
        machine.host().read("/secret")


def test_names_of_users(machine: FakeMachine) -> None:
    machine.write(
        "/etc/passwd", "root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\nbroken\na:x:one:1\nopenclaw:x:1001:1001::/:\n"
    )
    host = machine.host()
    assert (host.user_name(0), host.user_name(1001), host.user_name(7)) == ("root", "openclaw", None)
    assert FakeMachine(machine.root / "empty").host().user_name(0) is None


def open_files() -> set[str]:
    """Descriptors of this process."""
    return {path.name for path in Path("/proc/self/fd").iterdir()}


class TestPrograms:
    """Programs of the machine."""

    def test_says_what_it_said(self) -> None:
        assert Host("/").run(["echo", "a b", "$HOME"]) == b"a b $HOME\n"

    def test_has_a_plain_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NODESTRAL_INSTALL_TOKEN", "nst_install_secret")
        monkeypatch.setenv("LD_PRELOAD", "")
        said = Host("/").run(["env"]).decode().splitlines()
        assert "LC_ALL=C" in said
        assert not [line for line in said if line.startswith(("NODESTRAL", "LD_"))]

    def test_has_no_input(self) -> None:
        assert Host("/").run(["cat"]) == b""

    @pytest.mark.parametrize("argv", [["no-such-program"], ["/nowhere/at/all"]])
    def test_is_not_there(self, argv: list[str]) -> None:
        with pytest.raises(Unavailable):
            Host("/").run(argv)

    def test_a_fake_machine_has_only_its_own(self, machine: FakeMachine) -> None:
        with pytest.raises(Unavailable):
            machine.host().run(["echo"])
        machine.write("/usr/bin/tool", "#!/bin/sh\necho mine\n").chmod(0o755)
        assert machine.host().run(["tool"]) == b"mine\n"

    def test_fails(self) -> None:
        with pytest.raises(CollectorError, match="status 1"):
            Host("/").run(["false"])

    def test_says_too_much(self) -> None:
        with pytest.raises(CollectorError, match="more than 100000 bytes"):
            Host("/").run(["yes"], limit=100_000)

    def test_is_killed_with_all_that_it_started(self, tmp_path: Path) -> None:
        witness = tmp_path / "witness"
        script = f"(sleep 1; touch {witness}) & sleep 30"
        begun = time.monotonic()
        with pytest.raises(CollectorError, match="too long"):
            Host("/").run(["sh", "-c", script], seconds=0.3)
        assert time.monotonic() - begun < 2
        time.sleep(1.2)
        assert not witness.exists()

    def test_leaves_nothing_behind(self) -> None:
        before = open_files()
        for _ in range(5):
            Host("/").run(["true"])
        assert open_files() == before
        children = Path(f"/proc/self/task/{os.getpid()}/children")
        assert children.read_text(encoding="ascii").strip() == ""


class Engine(BaseHTTPRequestHandler):
    """A container engine that answers by path."""

    def address_string(self) -> str:
        return "unix"

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        if self.path == "/slow":
            time.sleep(1)
        status = {"/denied": 403, "/missing": 404}.get(self.path, 200)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(b"x" * 100_000 if self.path == "/large" else b"[]")


def test_a_unix_socket(tmp_path: Path) -> None:
    address = str(tmp_path / "s")
    with socketserver.ThreadingUnixStreamServer(address, Engine) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        host = Host("/")
        assert host.http_get(address, "/ok") == b"[]"
        with pytest.raises(Denied):
            host.http_get(address, "/denied")
        with pytest.raises(CollectorError, match="404"):
            host.http_get(address, "/missing")
        with pytest.raises(CollectorError, match="more than"):
            host.http_get(address, "/large", limit=50_000)
        with pytest.raises(CollectorError, match="did not answer"):
            host.http_get(address, "/slow", seconds=0.2)
        with pytest.raises(CollectorError, match="not a path"):
            host.http_get(address, "/a\r\nX: y")
        server.shutdown()
    with pytest.raises(Unavailable):
        host.http_get(address, "/ok")
    with pytest.raises(Unavailable):
        host.http_get(str(tmp_path / "none"), "/ok")


def test_a_large_output_is_streamed_in_small_pieces() -> None:
    host = Host("/")
    sizes = [len(piece) for piece in host.streamed(["head", "-c", "50000000", "/dev/zero"])]
    assert sum(sizes) == 50_000_000
    assert max(sizes) <= 2 << 20
    with pytest.raises(CollectorError, match="more than"):
        list(host.streamed(["head", "-c", "50000000", "/dev/zero"], limit=10_000_000))
    with pytest.raises(CollectorError, match="ended with status"):
        list(host.streamed(["head", "-c", "1", "/nonexistent"]))
    with pytest.raises(Unavailable):
        list(host.streamed(["no-such-program"]))


def test_a_program_may_end_as_its_manual_says() -> None:
    host = Host("/")
    assert host.run(["sh", "-c", "echo x; exit 100"], ended=range(101)) == b"x\n"
    with pytest.raises(CollectorError, match="ended with status 100"):
        host.run(["sh", "-c", "exit 100"])
