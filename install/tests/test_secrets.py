"""Where the install token and the node's credential may be seen: nowhere, and by the agent alone."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from install.tests.conftest import ROOT, TOKEN, Server, User


def holding(user: User, secret: str) -> list[str]:
    files = [path for path in user.home.rglob("*") if path.is_file() and not path.is_symlink()]
    return [str(path.relative_to(user.home)) for path in files if secret.encode() in path.read_bytes()]


def test_no_running_program_shows_the_token(user: User, server: Server) -> None:
    token_file = user.home / "token"
    token_file.write_text(TOKEN + "\n")
    token_file.chmod(0o644)
    assert user.install(server, "--token-file", "token").returncode == 0
    assert server.seen_at_enrolment == []


def test_a_token_from_the_environment_is_not_handed_on(user: User, server: Server) -> None:
    assert user.install(server, NODESTRAL_INSTALL_TOKEN=TOKEN).returncode == 0
    # The shell's own start environment cannot be changed from inside; nothing that it started may have it.
    assert set(server.seen_at_enrolment) <= {f"environ of {name}" for name in ("sh", "dash", "bash")}


def test_the_search_for_the_token_finds_one_in_an_argument(user: User, server: Server) -> None:
    """The control of the two tests above: `sh -s TOKEN` shows it, in the shell's own arguments and nowhere else."""
    assert user.install(server, TOKEN).returncode == 0
    assert server.seen_at_enrolment
    assert set(server.seen_at_enrolment) <= {f"cmdline of {name}" for name in ("sh", "dash", "bash")}


def test_a_token_from_standard_input(user: User, server: Server) -> None:
    script = user.home / "install.sh"
    script.write_bytes(server.files["/install.sh"])
    script.chmod(0o644)
    run = subprocess.run(
        user.command("sh", str(script), "--no-service", "--token-file", "-"),
        input=TOKEN + "\n",
        text=True,
        capture_output=True,
        env=user.environment(),
        cwd=user.home,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert len(server.nodes) == 1


def test_no_file_keeps_the_token_and_one_private_file_keeps_the_credential(user: User, server: Server) -> None:
    assert user.install(server, TOKEN).returncode == 0
    assert holding(user, TOKEN) == []
    kept = holding(user, "nst_node_")
    in_state = [path for path in kept if path.startswith(".local/state/")]
    assert in_state
    for path in in_state:
        assert (user.home / path).stat().st_mode & 0o077 == 0
    assert (user.home / ".local/state/nodestral").stat().st_mode & 0o077 == 0


def test_uninstall_ends_a_running_agent(user: User, server: Server) -> None:
    assert user.install(server, TOKEN).returncode == 0
    command = user.command(str(user.home / ".local/bin/nodestral-agent"), "run")
    agent = subprocess.Popen(command, env=user.environment(), stderr=subprocess.PIPE, start_new_session=True)
    try:
        time.sleep(1)
        assert agent.poll() is None
        run = user.run(server.files["/uninstall.sh"])
        assert run.returncode == 0, run.stderr
        assert agent.wait(timeout=10) in {0, -signal.SIGTERM}
        assert user.files() == []
    finally:
        if agent.poll() is None:
            os.killpg(agent.pid, signal.SIGKILL)
            agent.wait()
        assert agent.stderr is not None
        agent.stderr.close()


@pytest.mark.parametrize(
    ("unit", "worst"),
    [
        ("nodestral-agent", 2.0),
        ("nodestral-agent-user", 6.0),
        ("nodestral-helper-firewall", 2.0),
        ("nodestral-helper-certificates", 2.0),
    ],
)
def test_the_units_are_as_closed_as_promised(unit: str, worst: float, tmp_path: Path) -> None:
    """systemd's own measure: 0 is closed, 10 is open. A user's unit has a user without its saying so."""
    filled = tmp_path / f"{unit}.service"
    text = (ROOT / f"install/{unit}.service").read_text().replace("@PYTHON@", "/usr/bin/python3")
    filled.write_text(text if "User=" in text else text.replace("[Service]", "[Service]\nUser=somebody"))
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(filled)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    # What it does not understand it leaves out, and tells so.
    assert run.stderr == ""
    verdict = run.stdout.splitlines()[-1]
    assert float(verdict.split(":")[1].split()[0]) <= worst
