"""What `curl … | sh -s TOKEN` does for an ordinary user, in each shell and with each downloader that it may meet."""

import shutil
from pathlib import Path

import pytest

from install.tests.conftest import TOKEN, Server, User

LIBRARY = ".local/lib/nodestral-agent"


def installed(user: User) -> bool:
    return (user.home / ".local/bin/nodestral-agent").exists()


@pytest.mark.parametrize("shell", [("dash",), ("bash", "--posix"), ("bash",), ("busybox", "sh")], ids=" ".join)
def test_one_line_installs_and_enrolls(user: User, server: Server, shell: tuple[str, ...]) -> None:
    user.shell = shell
    run = user.install(server, TOKEN)
    assert run.returncode == 0, run.stderr
    assert server.enrolments() == 1
    assert len(server.nodes) == 1
    assert (user.home / LIBRARY / "current/__main__.py").exists()
    assert installed(user)


@pytest.mark.parametrize("downloader", ["curl", "wget"])
def test_either_downloader_is_enough(user: User, server: Server, downloader: str, tmp_path: Path) -> None:
    only = tmp_path / "bin"
    only.mkdir()
    for folder in ("/usr/bin", "/bin", "/usr/sbin"):
        for program in Path(folder).iterdir():
            target = only / program.name
            if program.name not in {"curl", "wget"} - {downloader} and not target.exists():
                target.symlink_to(program)
    for folder_of in (only, *list(only.parents)[:3]):
        folder_of.chmod(0o755)
    user.path = str(only)
    run = user.install(server, TOKEN)
    assert run.returncode == 0, run.stderr
    assert len(server.nodes) == 1


def test_running_again_keeps_the_node_and_needs_no_token(user: User, server: Server) -> None:
    assert user.install(server, TOKEN).returncode == 0
    before = user.files()
    for arguments in ((TOKEN,), ()):
        run = user.install(server, *arguments)
        assert run.returncode == 0, run.stderr
        assert user.files() == before
    assert server.enrolments() == 1


def test_another_token_or_server_is_not_taken_silently(user: User, serve_two: tuple[Server, Server]) -> None:
    first, second = serve_two
    other = TOKEN[:-1] + "x"
    first.accepted.add(other)
    assert user.install(first, TOKEN).returncode == 0
    by_token = user.install(first, other)
    by_server = user.install(second, TOKEN)
    for run in (by_token, by_server):
        assert run.returncode == 1
        assert "--enroll-again" in run.stderr
    assert (first.enrolments(), second.enrolments()) == (1, 0)
    assert user.install(second, TOKEN, "--enroll-again").returncode == 0
    assert len(second.nodes) == 1


def test_failing_to_enroll_again_keeps_the_old_node(user: User, server: Server) -> None:
    assert user.install(server, TOKEN).returncode == 0
    state = user.home / ".local/state/nodestral"
    before = {path.name: path.read_bytes() for path in state.iterdir() if path.is_file()}
    assert before
    run = user.install(server, TOKEN[:-1] + "x", "--enroll-again")
    assert run.returncode == 1
    assert {path.name: path.read_bytes() for path in state.iterdir() if path.is_file()} == before
    assert user.install(server, TOKEN).returncode == 0
    assert server.enrolments() == 2


def test_a_dry_run_changes_nothing(user: User, server: Server) -> None:
    run = user.install(server, TOKEN, "--dry-run")
    assert run.returncode == 0
    assert server.url in run.stdout
    assert user.files() == []
    assert server.requests == []


def test_uninstall_leaves_nothing(user: User, server: Server) -> None:
    kept = user.home / ".local/share"
    kept.mkdir(parents=True)
    for folder in (kept, kept.parent):
        shutil.chown(folder, user.uid)
    before = user.files()
    assert user.install(server, TOKEN).returncode == 0
    assert len(user.files()) > len(before) + 5
    run = user.run(server.files["/uninstall.sh"])
    assert run.returncode == 0, run.stderr
    assert user.files() == before
    assert "no Nodestral agent" in user.run(server.files["/uninstall.sh"]).stdout
