"""The resident process from outside: a real agent on this machine, a real server, real trouble."""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import msgspec
import pytest
import trustme
from agent.tests.conftest import Agents
from agent.tests.machine import FakeMachine
from agent.tests.server import NODE_ID, Server

from nodestral.protocol import Report
from nodestral_agent.delivery import chance
from nodestral_agent.loop import INTERVAL_BOUNDS, bounded, new_epoch
from nodestral_agent.spool import Spool


def said(process: subprocess.Popen[str]) -> str:
    """End the agent; its journal."""
    process.send_signal(signal.SIGTERM)
    return process.communicate(timeout=30)[1]


@pytest.fixture
def quick(server: Server) -> Server:
    """A server that wants reports as often as agents allow."""
    server.ledger.interval_seconds = 5
    return server


def test_reports_what_the_protocol_wants_in_an_unbroken_chain(agents: Agents, quick: Server) -> None:
    agents.enroll(quick)
    process = agents.start()
    reports = quick.ledger.wait(3)
    journal = said(process)
    for report in reports:
        decoded = msgspec.convert(report, Report)
        assert decoded.node_id == NODE_ID
        assert len(decoded.samples) == 1
    # News of a scan may have made one more meanwhile.
    assert [report["seq"] for report in reports] == list(range(1, len(reports) + 1))
    assert len({report["epoch"] for report in reports}) == 1
    assert [report["prev"] for report in reports] == [None, *quick.ledger.digests[: len(reports) - 1]]
    assert quick.ledger.connections == 2, "one to enrol, one to report"
    assert "connected to the server" in journal
    assert journal.count("\n") == 3, journal


def test_the_chain_goes_on_after_a_restart(agents: Agents, quick: Server) -> None:
    agents.enroll(quick)
    for _ in range(2):
        process = agents.start()
        quick.ledger.wait(quick.ledger.total() + 1)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    agents.start()
    reports = quick.ledger.wait(quick.ledger.total() + 1)
    # Also when the one before was told to stop before its answer came: the report is sent again as it was.
    assert [report["prev"] for report in reports] == [None, *quick.ledger.digests[: len(reports) - 1]]
    assert (agents.state / "chain").read_text(encoding="ascii") in quick.ledger.digests


def test_sections_travel_in_full_once_and_then_by_their_hash(agents: Agents, quick: Server) -> None:
    quick.ledger.scan_interval_seconds = 10
    agents.enroll(quick)
    agents.start()
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        with_system = [report for report in list(quick.ledger.reports) if "system" in report["sections"]]
        if len(with_system) >= 2:
            break
        time.sleep(0.1)
    first, second = (report["sections"]["system"] for report in with_system[:2])
    assert first["items"][0]["key"] == "system"
    assert second == {"hash": first["hash"]}
    assert with_system[0]["coverage"]["system"]["level"] == "full"


def test_what_the_server_needs_comes_with_the_next_report(agents: Agents, quick: Server) -> None:
    agents.enroll(quick)
    agents.start()
    deadline = time.monotonic() + 20
    while not any("items" in report["sections"].get("system", {}) for report in list(quick.ledger.reports)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    before = quick.ledger.total()
    quick.ledger.need = ["system"]
    reports = quick.ledger.wait(before + 3)[before:]
    assert any("items" in report["sections"].get("system", {}) for report in reports[1:])
    # A server that never has enough does not make the agent run.
    begun = time.monotonic()
    quick.ledger.wait(quick.ledger.total() + 4)
    assert time.monotonic() - begun > 6


def test_offline_reports_wait_on_disk_and_come_in_order_with_their_own_times(agents: Agents, quick: Server) -> None:
    agents.enroll(quick)
    process = agents.start()
    quick.ledger.wait(1)
    quick.stop()
    deadline = time.monotonic() + 30
    while Spool.peek(str(agents.state / "spool")).count < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert "PROBLEM" in agents.call("doctor").stdout
    quick.start()
    came_back = time.time()
    reports = quick.ledger.wait(quick.ledger.total() + 3, seconds=90)
    while list((agents.state / "spool").glob("0*")):
        assert time.monotonic() < deadline + 90
        time.sleep(0.02)
    journal = said(process)
    seqs = [report["seq"] for report in reports]
    assert seqs == list(range(1, len(seqs) + 1))
    times = [report["samples"][0]["at"] for report in reports]
    assert times == sorted(times)
    assert times[1] < came_back - 4, "the time of a sample is when it was taken, not when it was sent"
    assert [report["prev"] for report in reports[1:]] == quick.ledger.digests[: len(reports) - 1]
    assert journal.count("reports are kept on disk") == 1, journal
    assert re.search(r"connected to the server; \d reports waited", journal)


@pytest.mark.parametrize("status", [401, 403])
def test_a_node_that_was_removed_keeps_its_reports(agents: Agents, quick: Server, status: int) -> None:
    agents.enroll(quick)
    quick.ledger.always = (status, "unknown-node", None)
    process = agents.start()
    deadline = time.monotonic() + 20
    while not list((agents.state / "spool").glob("0*")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert "enrol this machine again" in said(process)
    assert not list((agents.state / "spool" / "refused").iterdir())


def test_a_report_that_is_refused_for_good_is_set_aside_and_the_next_one_goes(agents: Agents, quick: Server) -> None:
    agents.enroll(quick)
    quick.ledger.plan = [(422, "malformed-report", None)]
    process = agents.start()
    report = quick.ledger.wait(1)[0]
    assert report["seq"] == 2
    assert report["agent"]["refused_reports"] == 1
    assert "refused for good" in said(process)
    assert "refused   1 reports" in agents.call("status").stdout
    assert "WARNING  refused" in agents.call("doctor").stdout


def test_a_section_that_the_server_does_not_take_costs_only_itself(agents: Agents, quick: Server) -> None:
    agents.enroll(quick)
    quick.ledger.distaste = "ports"
    process = agents.start()
    deadline = time.monotonic() + 30
    full: set[str] = set()
    while not {"system", "services", "containers"} <= full:
        assert time.monotonic() < deadline
        time.sleep(0.05)
        for report in list(quick.ledger.reports):
            full |= {name for name, part in report["sections"].items() if "items" in part}
    # It is not tried again and again: with all the others once, and alone once.
    reports = quick.ledger.wait(quick.ledger.total() + 2)
    assert "does not take what was found for ports" in said(process)
    assert reports[-1]["agent"]["refused_reports"] == 2
    assert all(report["samples"] for report in reports), "a bad section cost a sample"
    assert "ports" not in full


def reporting(listener: socket.socket) -> socket.socket:
    """The connection by which a report comes: a scan knocks at every listener for its certificate, ours too."""
    while True:
        connection, _ = listener.accept()
        connection.settimeout(20)
        if connection.recv(4) == b"POST":
            return connection
        connection.close()


@pytest.mark.parametrize("what", ["idle", "silent server", "dripping server"])
def test_sigterm_ends_it_within_a_second(agents: Agents, server: Server, what: str) -> None:
    agents.enroll(server)
    if what == "idle":
        process = agents.start()
        server.ledger.wait(1)
        time.sleep(0.3)
        waiting = 0
    else:
        port = server.port
        server.stop()
        with socket.create_server(("127.0.0.1", port)) as silent:
            silent.settimeout(20)
            process = agents.start()
            connection = reporting(silent)
            if what == "dripping server":
                connection.sendall(b"HTTP/1.1 200")
            time.sleep(0.3)
            waiting = 1
            begun = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0
            assert time.monotonic() - begun < 1
            connection.close()
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert time.monotonic() - begun < 1
    assert len(list((agents.state / "spool").glob("0*"))) == waiting, "the report under way is kept"


def test_a_full_disk_stops_no_report(agents: Agents, quick: Server) -> None:
    agents.enroll(quick)
    # Not one byte can be written to a file from here on.
    command = ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *agents.command("run")]
    process = subprocess.Popen(command, env=agents.environment, stderr=subprocess.PIPE, text=True)
    agents.started.append(process)
    reports = quick.ledger.wait(3)
    assert [report["prev"] for report in reports] == [None, *quick.ledger.digests[: len(reports) - 1]]
    quick.stop()
    time.sleep(8)
    quick.start()
    reports = quick.ledger.wait(5, seconds=60)
    assert [report["seq"] for report in reports] == list(range(1, len(reports) + 1)), "they waited in memory"
    assert reports[-1]["agent"]["dropped_reports"] == 0
    told = [report["coverage"]["system"] for report in reports if report["coverage"]]
    assert told
    assert all(each["level"] == "error" and "could not be kept" in each["reason"] for each in told)
    assert "dropped" not in said(process)


def test_a_kernel_that_writes_nonsense_ends_nothing(agents: Agents, quick: Server, machine: FakeMachine) -> None:
    agents.enroll(quick)
    machine.write("/proc/stat", "cpu  one two three four\n")
    process = agents.start("--root", str(machine.root))
    reports = quick.ledger.wait(2)
    assert [report["samples"] for report in reports] == [[], []]
    assert said(process).count("no sample") == 1


def test_two_agents_do_not_share_a_state(agents: Agents, server: Server) -> None:
    agents.enroll(server)
    agents.start()
    server.ledger.wait(1)
    second = agents.call("run")
    assert second.returncode == 2
    assert "Another agent is running" in second.stderr


def test_over_https_with_the_authority_of_the_company(
    agents: Agents, tls_server: Server, authority: tuple[trustme.CA, Path]
) -> None:
    agents.enroll(tls_server, NODESTRAL_CA_FILE=str(authority[1]))
    agents.start()
    report = tls_server.ledger.wait(1)[0]
    assert report["agent"]["plain_http"] is False


def test_systemd_is_told(agents: Agents, server: Server, tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    agents.enroll(server)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.settimeout(20)
        process = agents.start(NOTIFY_SOCKET=address, WATCHDOG_USEC="400000")
        heard = [manager.recv(64) for _ in range(6)]
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        while heard[-1] != b"STOPPING=1":
            heard.append(manager.recv(64))
    assert heard[0] == b"READY=1"
    assert heard.count(b"WATCHDOG=1") >= 4


def test_sighup_scans_at_once(agents: Agents, quick: Server) -> None:
    agents.enroll(quick)
    process = agents.start()
    deadline = time.monotonic() + 20
    while not [report for report in list(quick.ledger.reports) if report["coverage"]]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 20
    while len([report for report in list(quick.ledger.reports) if report["coverage"]]) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_token_is_in_no_command_line(agents: Agents, server: Server) -> None:
    agents.enroll(server)
    process = agents.start()
    server.ledger.wait(1)
    token = json.loads((agents.state / "config.json").read_bytes())["node_token"]
    for name in ("cmdline", "environ"):
        assert token not in Path(f"/proc/{process.pid}/{name}").read_text(encoding="utf-8")
    assert f"Bearer {token}" == server.ledger.tokens[-1]
    assert hashlib.sha256(token.encode()).hexdigest() == server.ledger.enrolled[0]["secret_sha256"]


def test_the_process_that_stays_is_small(
    agents: Agents, tls_server: Server, authority: tuple[trustme.CA, Path]
) -> None:
    """A coarse guard: what is private to the process, which depends on the agent and not on the kernel's page cache."""
    agents.enroll(tls_server, "--ca-file", str(authority[1]))
    process = agents.start()
    tls_server.ledger.wait(1)
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    anonymous_kib = int(status.split("RssAnon:")[1].split()[0])
    assert anonymous_kib < 8 << 10


@pytest.mark.parametrize(
    ("asked", "kept"),
    [(60, 60), (0, 5), (-1, 5), (10**9, 3600), (7.5, 7.5), (True, 30), ("60", 30), (None, 30), ([], 30)],
)
def test_the_agent_keeps_to_its_own_bounds(asked: object, kept: float) -> None:
    assert bounded(asked, INTERVAL_BOUNDS, 30) == kept


def test_chance_and_epochs() -> None:
    assert all(0 <= chance() <= 1 for _ in range(1000))
    epochs = {new_epoch() for _ in range(1000)}
    assert len(epochs) == 1000
    assert all(1 <= epoch < 2**53 for epoch in epochs)


def test_the_agent_does_not_need_its_working_folder(agents: Agents, server: Server, tmp_path: Path) -> None:
    agents.enroll(server)
    folder = tmp_path / "gone"
    folder.mkdir()
    here = Path.cwd()
    os.chdir(folder)
    try:
        folder.rmdir()
        agents.start()
        server.ledger.wait(1)
    finally:
        os.chdir(here)
