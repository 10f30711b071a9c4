"""Where engines are looked for, how they are asked, and that nothing secret is kept of what they answer."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from agent.tests.collectors.recorded import CASES, RecordedHost, load

from nodestral_agent.collectors import containers
from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads import engines
from nodestral_agent.workloads.engine_answers import digest, policy, unix_seconds

RECORDED = CASES / "containers" / "docker-recorded.json"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DOCKER_HOST", "XDG_RUNTIME_DIR", "DOCKER_TLS_VERIFY", "DOCKER_TLS"):
        monkeypatch.delenv(name, raising=False)


def test_everybody_s_and_each_user_s_sockets(tmp_path: Path) -> None:
    host = RecordedHost(
        {"files": {"/run/user/1000/bus": "", "/run/user/1001/bus": ""}, "host": {"uid": 1000}}, tmp_path
    )
    found = {engine.socket: (engine.uid, engine.expected) for engine in engines.sockets(host)}
    assert found == {
        "/var/run/docker.sock": (0, True),
        "/run/podman/podman.sock": (0, True),
        "/run/user/1000/docker.sock": (1000, True),
        "/run/user/1000/podman/podman.sock": (1000, True),
        "/run/user/1001/docker.sock": (1001, False),
        "/run/user/1001/podman/podman.sock": (1001, False),
    }


@pytest.mark.parametrize(
    ("told", "socket_asked", "trouble"),
    [
        ("unix:///srv/docker.sock", "/srv/docker.sock", ""),
        ("tcp://127.0.0.1:2375", "tcp://127.0.0.1:2375", ""),
        ("tcp://[::1]:2375", "tcp://[::1]:2375", ""),
        ("tcp://build host:2375", "DOCKER_HOST", "TLS"),
        ("ssh://root@build", "DOCKER_HOST", "ssh"),
        ("https://build:2376", "DOCKER_HOST", "TLS"),
        ("build", "DOCKER_HOST", "no known kind"),
    ],
)
def test_docker_host(
    told: str, socket_asked: str, trouble: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", told)
    first = engines.sockets(RecordedHost({}, tmp_path))[0]
    assert first.socket == socket_asked
    assert trouble in first.trouble
    assert bool(first.trouble) == bool(trouble)


def test_tls_is_told_as_not_supported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:2376")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    with pytest.raises(CollectorError, match="DOCKER_HOST asks for TLS, which is not supported"):
        containers.collect(RecordedHost({}, tmp_path))


@pytest.fixture
def tcp_engine() -> Iterator[str]:
    """A server at a port of the loopback that answers as the recorded engine does."""
    answers = load(RECORDED)["engines"]["/var/run/docker.sock"]
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                path = connection.recv(4096).split(b" ")[1].decode()
                body = json.dumps(answers.get(path)).encode()
                connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + body)

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_an_engine_over_tcp(tcp_engine: str, tmp_path: Path) -> None:
    items, left = engines.containers(Host(str(tmp_path)), engines.Engine(tcp_engine, None))
    assert {item["name"] for item in items} >= {"shop-web-1", "crasher"}
    assert left == 0
    assert engines.published(Host(str(tmp_path))) == {}


def test_nobody_listens_at_a_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unavailable):
        engines.containers(Host(str(tmp_path)), engines.Engine(f"tcp://127.0.0.1:{port}", None))
    with pytest.raises(CollectorError):
        engines.containers(Host(str(tmp_path)), engines.Engine("tcp://127.0.0.1:99999", None))


def test_no_environment_command_or_label_is_kept(tmp_path: Path) -> None:
    case = load(RECORDED)
    for path, answer in case["engines"]["/var/run/docker.sock"].items():
        if path.endswith("/json") and "/containers/" in path:
            answer["Config"] = {"Env": ["PASSWORD=hunter2"], "Cmd": ["--password=hunter2"], "Labels": {"a": "hunter2"}}
            answer["HostConfig"]["Binds"] = ["hunter2"]
    text = json.dumps(containers.collect(RecordedHost(case, tmp_path)).items)
    assert "hunter2" in json.dumps(case)
    assert "topsecret" in json.dumps(case), "a label of the recorded container"
    assert "hunter2" not in text
    assert "topsecret" not in text


def test_more_than_are_inspected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "INSPECT_MAX", 2)
    found = containers.collect(RecordedHost(load(RECORDED), tmp_path))
    assert found.coverage["level"] == "partial"
    assert "4 containers are listed without details" in found.coverage["reason"]
    assert len(found.items) == 6


def test_words() -> None:
    assert policy({"Name": ""}) == "no"
    assert policy({"Name": "on-failure", "MaximumRetryCount": 0}) == "on-failure"
    assert policy({}) is None
    assert digest("nginx@sha256:" + "a" * 64, "x", ["nginx@sha256:" + "a" * 64]) == "sha256:" + "a" * 64
    assert digest("x", "not a digest", []) is None
    assert unix_seconds("9999-12-31T23:59:59Z") is None
    assert unix_seconds("2026-02-30T00:00:00Z") is None
