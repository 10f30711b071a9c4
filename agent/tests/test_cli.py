"""The command line as a person and an installer meet it, through real processes and a real server."""

from __future__ import annotations

import hashlib
import json
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import trustme
from agent.tests.conftest import Agents
from agent.tests.server import NODE_ID, Server

from nodestral.protocol import EnrollRequest, Report
from nodestral_agent import __version__

BUILD = Path(__file__).resolve().parents[2] / "scripts" / "build_agent_pyz.py"


def test_says_its_version(agents: Agents) -> None:
    for word in ("version", "--version"):
        assert agents.call(word).stdout == f"nodestral-agent {__version__}\n"


@pytest.mark.parametrize("words", [[], ["--help"], ["help"]])
def test_lists_its_commands(agents: Agents, words: list[str]) -> None:
    done = agents.call(*words)
    assert done.returncode == 0
    for command in ("enroll", "run", "report", "doctor", "status", "unpack", "version"):
        assert f"  {command} " in done.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["dance"], "There is no command 'dance'."),
        (["run"], "This machine is not enrolled"),
        (["run", "--fast"], "'--fast' is not understood."),
        (["status"], "This machine is not enrolled"),
        (["enroll", "--server", "http://nodestral.example"], "--allow-plain-http"),
        (["enroll", "--server", "nodestral.example"], "must begin with https://"),
        (["enroll", "--server", "https://x.invalid", "--token-file", "/nowhere"], "/nowhere cannot be read"),
        (["enroll", "--server", "https://x.invalid"], "No install token was given."),
    ],
)
def test_a_mistake_is_answered_with_one_sentence(agents: Agents, words: list[str], sentence: str) -> None:
    done = agents.call(*words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


class TestEnroll:
    """From an install token to a node."""

    @pytest.mark.parametrize("way", ["input", "dash", "file", "environment"])
    def test_takes_the_token_in_each_way(self, agents: Agents, server: Server, tmp_path: Path, way: str) -> None:
        token = "nst_install_abc"
        file = tmp_path / "token"
        file.write_text(f"{token}\n", encoding="ascii")
        words = {"dash": ["--token-file", "-"], "file": ["--token-file", str(file)]}.get(way, [])
        text = f"{token}\n" if way in {"input", "dash"} else ""
        environment = {"NODESTRAL_INSTALL_TOKEN": token} if way == "environment" else {}
        done = agents.call("enroll", "--server", server.url, *words, text=text, **environment)
        assert done.stdout == f"enrolled as {NODE_ID} at {server.url}\n", done.stderr
        assert server.ledger.tokens == [f"Bearer {token}"]

    def test_sends_the_hash_of_a_token_that_only_this_machine_knows(self, agents: Agents, server: Server) -> None:
        agents.enroll(server, "--name", "web \x1b[31m1")
        request = msgspec.convert(server.ledger.enrolled[0], EnrollRequest)
        config = json.loads((agents.state / "config.json").read_bytes())
        assert request.secret_sha256 == hashlib.sha256(config["node_token"].encode()).hexdigest()
        assert config["node_token"].startswith("nst_node_")
        assert len(config["node_token"]) == len("nst_node_") + 43
        assert request.hostname == "web \ufffd[31m1"
        assert config["node_token"] not in json.dumps(server.ledger.enrolled)
        assert stat.S_IMODE((agents.state / "config.json").stat().st_mode) == 0o600

    def test_a_lost_answer_makes_no_second_node(self, agents: Agents, server: Server) -> None:
        server.ledger.plan = ["ok", "ok"]
        server.ledger.plan = [(503, "no-database", None), "ok"]
        failed = agents.call("enroll", "--server", server.url, text="nst_install_x\n")
        assert failed.returncode == 1
        assert "503" in failed.stderr
        pending = json.loads((agents.state / "enrolling.json").read_bytes())["node_token"]
        agents.enroll(server)
        assert json.loads((agents.state / "config.json").read_bytes())["node_token"] == pending
        assert not (agents.state / "enrolling.json").exists()

    def test_a_second_time_changes_nothing_unless_forced(self, agents: Agents, server: Server) -> None:
        agents.enroll(server)
        before = (agents.state / "config.json").read_bytes()
        again = agents.call("enroll", "--server", server.url)
        assert (again.returncode, again.stdout) == (0, f"already enrolled as {NODE_ID} at {server.url}\n")
        other = agents.call("enroll", "--server", "https://other.example")
        assert other.returncode == 2
        assert "--force" in other.stderr
        assert (agents.state / "config.json").read_bytes() == before
        agents.enroll(server, "--force")
        assert (agents.state / "config.json").read_bytes() != before

    def test_a_server_that_moved_keeps_its_node(self, agents: Agents, server: Server) -> None:
        agents.enroll(server)
        before = json.loads((agents.state / "config.json").read_bytes())
        moved = agents.call("enroll", "--moved", "--server", "http://127.0.0.1:1")
        assert (moved.returncode, moved.stdout) == (0, f"{NODE_ID} reports to http://127.0.0.1:1 from now on\n")
        after = json.loads((agents.state / "config.json").read_bytes())
        assert after == {**before, "server_url": "http://127.0.0.1:1"}

    def test_only_a_node_can_follow_a_server(self, agents: Agents) -> None:
        moved = agents.call("enroll", "--moved", "--server", "https://nodes.example.org")
        assert moved.returncode == 2
        assert "not enrolled" in moved.stderr

    def test_a_bad_token_says_where_to_get_a_good_one(self, agents: Agents, server: Server) -> None:
        server.ledger.plan = [(401, "bad-token", None)]
        done = agents.call("enroll", "--server", server.url, text="nst_install_x\n")
        assert done.returncode == 2
        assert "The dashboard makes a new one" in done.stderr
        assert not (agents.state / "config.json").exists()

    def test_over_https(self, agents: Agents, tls_server: Server, authority: tuple[trustme.CA, Path]) -> None:
        distrusted = agents.call("enroll", "--server", tls_server.url, text="nst_install_x\n")
        assert distrusted.returncode == 1
        assert "no trusted TLS connection" in distrusted.stderr
        agents.enroll(tls_server, "--ca-file", str(authority[1]))
        assert agents.call("doctor").returncode == 0


class TestReport:
    """`report --print`."""

    def test_is_what_the_protocol_wants_and_sends_nothing(self, agents: Agents, server: Server) -> None:
        agents.enroll(server)
        done = agents.call("report", "--print")
        assert done.returncode == 0, done.stderr
        report = msgspec.json.decode(done.stdout, type=Report)
        assert report.node_id == NODE_ID
        assert len(report.samples) == 1
        assert server.ledger.total() == 0
        pretty = agents.call("report", "--print", "--pretty").stdout
        assert pretty.count("\n") > 50
        assert json.loads(pretty).keys() == json.loads(done.stdout).keys()

    def test_works_before_enrolment(self, agents: Agents) -> None:
        assert msgspec.json.decode(agents.call("report", "--print").stdout, type=Report).node_id is None


class TestDoctor:
    """`doctor` and `status`."""

    def test_all_is_well(self, agents: Agents, server: Server) -> None:
        agents.enroll(server)
        done = agents.call("doctor")
        assert done.returncode == 0, done.stdout
        assert "answers and knows this node" in done.stdout
        assert "no agent is running" in done.stdout
        assert server.ledger.total() == 0

    def test_not_enrolled(self, agents: Agents) -> None:
        done = agents.call("doctor")
        assert done.returncode == 1
        assert "not enrolled" in done.stdout

    @pytest.mark.parametrize("trouble", ["down", "unknown", "full"])
    def test_reports_cannot_be_delivered(self, agents: Agents, server: Server, trouble: str) -> None:
        agents.enroll(server)
        if trouble == "down":
            server.stop()
        else:
            server.ledger.always = {"unknown": (401, "bad-token", None), "full": (503, "no-database", 5)}[trouble]
        done = agents.call("doctor")
        assert done.returncode == 1
        assert "PROBLEM  server" in done.stdout

    def test_plain_http_is_shown(self, agents: Agents, server: Server) -> None:
        agents.enroll(server)
        config = json.loads((agents.state / "config.json").read_bytes())
        config.update(server_url="http://nodestral.invalid", allow_plain_http=True)
        (agents.state / "config.json").write_text(json.dumps(config), encoding="ascii")
        assert "anybody on the way can read token and reports" in agents.call("doctor").stdout
        assert "(not encrypted)" in agents.call("status").stdout

    def test_status(self, agents: Agents, server: Server) -> None:
        agents.enroll(server)
        said = agents.call("status").stdout
        assert NODE_ID in said
        assert "waiting   0 reports" in said
        assert "not running" in said


def test_status_for_programs(agents: Agents, server: Server) -> None:
    before = agents.call("status", "--json")
    assert before.returncode == 0
    assert json.loads(before.stdout) == {"enrolled": False, "server": None, "node_id": None}
    agents.enroll(server)
    after = json.loads(agents.call("status", "--json").stdout)
    assert after == {"enrolled": True, "server": server.url, "node_id": NODE_ID}


def test_no_command_shows_the_node_token(agents: Agents, server: Server) -> None:
    agents.enroll(server)
    token = json.loads((agents.state / "config.json").read_bytes())["node_token"]
    for words in (
        ["status"],
        ["status", "--json"],
        ["doctor"],
        ["report", "--print"],
        ["enroll", "--server", server.url],
    ):
        done = agents.call(*words)
        assert token not in done.stdout + done.stderr


@pytest.fixture(scope="module")
def pyz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file, built."""
    target = tmp_path_factory.mktemp("pyz") / "nodestral-agent.pyz"
    subprocess.run([sys.executable, str(BUILD), "--output", str(target)], check=True, capture_output=True)
    return target


class TestPyz:
    """The one file for downloading, and the folder it becomes."""

    def test_is_small_and_the_same_each_time(self, pyz: Path, tmp_path: Path) -> None:
        assert pyz.stat().st_size < 1 << 20
        again = tmp_path / "again.pyz"
        subprocess.run([sys.executable, str(BUILD), "--output", str(again)], check=True, capture_output=True)
        assert again.read_bytes() == pyz.read_bytes()
        digest, name = pyz.with_name(f"{pyz.name}.sha256").read_text(encoding="ascii").split()
        assert (digest, name) == (hashlib.sha256(pyz.read_bytes()).hexdigest(), pyz.name)

    def test_runs_unpacks_once_and_runs_from_there(self, pyz: Path, tmp_path: Path) -> None:
        start = [sys.executable, "-I", "-S", "-B"]
        said = subprocess.run([*start, str(pyz), "--version"], check=True, capture_output=True, text=True)
        assert said.stdout == f"nodestral-agent {__version__}\n"
        folder = tmp_path / "lib" / "1.0"
        subprocess.run([*start, str(pyz), "unpack", str(folder)], check=True, capture_output=True)
        for level in ("", ".opt-2"):
            assert list(folder.glob(f"nodestral_agent/__pycache__/loop.cpython-*{level}.pyc"))
        said = subprocess.run([*start, "-OO", str(folder), "--version"], check=True, capture_output=True, text=True)
        assert said.stdout == f"nodestral-agent {__version__}\n"
        again = subprocess.run([*start, str(pyz), "unpack", str(folder)], check=False, capture_output=True, text=True)
        assert again.returncode == 2
        assert "exists already" in again.stderr
        assert [path.name for path in folder.parent.iterdir()] == ["1.0"]

    def test_the_unpacked_byte_code_is_used(self, pyz: Path, tmp_path: Path) -> None:
        folder = tmp_path / "agent"
        command = [sys.executable, "-I", "-S", "-B"]
        subprocess.run([*command, str(pyz), "unpack", str(folder)], check=True, capture_output=True)
        done = subprocess.run(
            [*command, "-OO", "-v", str(folder), "--version"], check=True, capture_output=True, text=True
        )
        assert "errors.cpython" in done.stderr
        assert "opt-2.pyc matches" in done.stderr
        assert "wrote" not in done.stderr
