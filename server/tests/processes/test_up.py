"""`nodestral up` as somebody meets it: start, sign in, see this machine, stop, start again."""

import http.client
import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from server.tests.processes.api import free_port
from server.tests.strangers import User

# The first of them may have to build the dashboard.
pytestmark = [pytest.mark.usefixtures("bundle"), pytest.mark.timeout(600)]
SECOND_START_SECONDS = 5


def cpu_seconds(pid: int) -> float:
    """What a process and its ended children have used: fields 14 to 17 of /proc/PID/stat, in ticks (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


class Up:
    """One run of `nodestral up`, started and ready."""

    def __init__(self, user: User, port: int, *arguments: str) -> None:
        self.port = port
        started = time.monotonic()
        self.process = user.popen(user.nodestral, "up", "--port", str(port), *arguments)
        self.lines: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if "Ctrl-C stops everything" in line:
                self.seconds = time.monotonic() - started
                self.cpu_seconds = cpu_seconds(self.process.pid)
                return
        self.process.communicate()
        raise AssertionError("".join(self.lines))

    @property
    def text(self) -> str:
        return "".join(self.lines)

    @property
    def password(self) -> str:
        found = re.search(r"Password +(\S+)$", self.text, re.MULTILINE)
        assert found, self.text
        return found[1]

    def stop(self) -> str:
        """Ctrl-C; the rest of what it says."""
        self.process.send_signal(signal.SIGINT)
        rest, _ = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, rest
        return rest

    def call(self, method: str, path: str, cookie: str = "", body: Any = None) -> tuple[int, str, Any]:
        """(status, cookie, decoded body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": "application/json", "Cookie": cookie}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
        return answer.status, cookie, json.loads(content) if "json" in answer.headers.get_content_type() else content

    def sign_in(self, password: str) -> str:
        """The session's cookie."""
        asked = {"email": "admin@localhost", "password": password}
        status, cookie, answer = self.call("POST", "/api/v1/session", body=asked)
        assert status == 201, answer
        return cookie

    def wait_for_this_machine(self, cookie: str, after: float = 0.0) -> dict[str, Any]:
        deadline = time.monotonic() + 45
        while time.monotonic() < deadline:
            _, _, page = self.call("GET", "/api/v1/nodes", cookie)
            found: list[dict[str, Any]] = page["items"]
            if found and found[0]["status"] == "online" and found[0]["last_seen_at"] > after:
                assert len(found) == 1
                return found[0]
            time.sleep(0.2)
        raise AssertionError(page)


def command_lines_of(folder: Path) -> dict[int, str]:
    """Every process that names the folder in its arguments, by its number."""
    found = {}
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = each.read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in words:
            found[int(each.parent.name)] = words.replace(b"\0", b" ").decode(errors="replace")
    return found


def processes_of(folder: Path) -> list[str]:
    return list(command_lines_of(folder).values())


@pytest.fixture
def started() -> Iterator[list[Up]]:
    """What a test starts and, failing, does not stop."""
    runs: list[Up] = []
    yield runs
    for each in runs:
        if each.process.poll() is None:
            each.process.terminate()
            each.process.communicate(timeout=60)


def test_the_whole_product_with_one_command(data_dir: Path, me: User, started: list[Up]) -> None:
    words = ("--data-dir", str(data_dir))
    first = Up(me, free_port(), *words)
    started.append(first)
    password = first.password
    cookie = first.sign_in(password)
    node = first.wait_for_this_machine(cookie)
    assert node["hostname"] == socket.gethostname()
    status, _, page = first.call("GET", "/")
    assert (status, b'<div id="root">' in page) == (200, True)
    assert "stopped" in first.stop()
    assert processes_of(data_dir) == []

    second = Up(me, first.port, *words)
    started.append(second)
    assert password not in second.text
    assert second.cpu_seconds < SECOND_START_SECONDS / 2
    # On a machine that is busy with other things the clock would measure those.
    if os.getloadavg()[0] < (os.cpu_count() or 1):
        assert second.seconds < SECOND_START_SECONDS
    # The session of before is still good: nobody has to sign in again.
    again = second.wait_for_this_machine(cookie, after=node["last_seen_at"])
    assert again["id"] == node["id"]
    second.stop()

    # Another port is the same machine, and its agent follows.
    third = Up(me, free_port(), *words)
    started.append(third)
    moved = third.wait_for_this_machine(third.sign_in(password), after=again["last_seen_at"])
    assert moved["id"] == node["id"]
    third.stop()
    assert processes_of(data_dir) == []


def test_it_comes_back_after_kill_9(data_dir: Path, me: User, started: list[Up]) -> None:
    first = Up(me, free_port(), "--data-dir", str(data_dir))
    started.append(first)
    node = first.wait_for_this_machine(first.sign_in(first.password))
    first.process.kill()
    first.process.communicate()
    second = Up(me, first.port, "--data-dir", str(data_dir))
    started.append(second)
    found = second.wait_for_this_machine(second.sign_in(first.password), after=node["last_seen_at"])
    assert found["id"] == node["id"]
    second.stop()
    assert processes_of(data_dir) == []


def test_it_starts_an_agent_that_died_again(data_dir: Path, me: User, started: list[Up]) -> None:
    run = Up(me, free_port(), "--data-dir", str(data_dir))
    started.append(run)
    cookie = run.sign_in(run.password)
    node = run.wait_for_this_machine(cookie)
    program = str(data_dir / "agent" / "program")
    agents = [pid for pid, words in command_lines_of(data_dir).items() if program in words and " run " in words]
    assert len(agents) == 1
    if os.geteuid() == 0:
        assert Path(f"/proc/{agents[0]}").stat().st_uid != 0
    os.kill(agents[0], signal.SIGKILL)
    assert run.wait_for_this_machine(cookie, after=node["last_seen_at"])["id"] == node["id"]
    run.stop()


def test_it_starts_databases_that_died_again(data_dir: Path, me: User, started: list[Up]) -> None:
    run = Up(me, free_port(), "--data-dir", str(data_dir))
    started.append(run)
    cookie = run.sign_in(run.password)
    node = run.wait_for_this_machine(cookie)
    for name in ("postgres", "valkey-server"):
        (pid,) = (pid for pid in command_lines_of(data_dir) if Path(f"/proc/{pid}/comm").read_text().strip() == name)
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while run.call("GET", "/readyz")[0] != 200:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert run.wait_for_this_machine(cookie, after=node["last_seen_at"])["id"] == node["id"]
    run.stop()
    assert processes_of(data_dir) == []


def test_a_second_one_on_the_same_folder_says_so(data_dir: Path, me: User, started: list[Up]) -> None:
    run = Up(me, free_port(), "--data-dir", str(data_dir), "--no-agent")
    started.append(run)
    other = me.popen(me.nodestral, "up", "--port", str(free_port()), "--data-dir", str(data_dir))
    said, _ = other.communicate(timeout=30)
    assert other.returncode == 1
    assert f"already runs on {data_dir} (process {run.process.pid})" in said
    assert "Traceback" not in said
    assert run.call("GET", "/readyz")[0] == 200
    run.stop()


def test_a_taken_port_says_which_one_is_free(data_dir: Path, me: User) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = me.popen(me.nodestral, "up", "--port", str(port), "--data-dir", str(data_dir))
        said, _ = run.communicate(timeout=30)
    assert run.returncode == 1
    assert re.search(rf"Port {port} on 127.0.0.1 is taken.*--port \d+, or NODESTRAL_PORT=\d+", said)
    assert not (data_dir / "postgres").exists()


def test_people_are_made_while_it_runs_and_while_it_does_not(data_dir: Path, me: User, started: list[Up]) -> None:
    words = ("--data-dir", str(data_dir))
    run = Up(me, free_port(), *words, "--no-agent")
    started.append(run)
    added = _command(me, "user", "password", "admin@localhost", "--generate", *words)
    run.sign_in(added.rpartition("Password: ")[2].strip())
    secret = _command(me, "token", "create", "--quiet", *words).strip()
    assert secret.startswith("nst_install_")
    assert "active\t0/1" in _command(me, "token", "list", *words)
    run.stop()
    assert "bob@example.org is now viewer" in _command(
        me, "user", "add", "bob@example.org", "--role", "viewer", "--generate", *words
    )
    assert "bob@example.org\tviewer\tHome" in _command(me, "user", "list", *words)
    assert processes_of(data_dir) == []


def _command(user: User, *words: str) -> str:
    run = user.popen(user.nodestral, *words)
    said, _ = run.communicate(timeout=60)
    assert run.returncode == 0, said
    return said


def test_an_ordinary_user_needs_nothing(nobody: User, started: list[Up]) -> None:
    run = Up(nobody, free_port())
    started.append(run)
    home = Path(nobody.environment["HOME"])
    assert str(home / ".local/share/nodestral") in run.text
    run.wait_for_this_machine(run.sign_in(run.password))
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in command_lines_of(home)}
    assert owners == {nobody.uid}
    run.stop()
    assert processes_of(home) == []
