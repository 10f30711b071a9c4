"""What the server's tests share: the real application on a real socket, people, nodes, and reports to send."""

import asyncio
import contextlib
import copy
import hashlib
import json
import secrets
import socket
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

import httpx
import psycopg
import uvicorn
from argon2 import PasswordHasher

from nodestral.accounts import repository as accounts
from nodestral.accounts.passwords import Passwords
from nodestral.accounts.schemas import Role
from nodestral.accounts.service import create_user
from nodestral.app import create_app
from nodestral.kit import ids
from nodestral.nodes import tokens
from nodestral.nodes.schemas import InstallTokenRequest
from nodestral.settings import Settings

JSON = {"content-type": "application/json"}
# Cheap on purpose: what these tests look at is not the cost of a hash.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse battery"


class Person(NamedTuple):
    user_id: str
    organization_id: str
    email: str
    cookies: dict[str, str]


class Node(NamedTuple):
    id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return JSON | {"authorization": f"Bearer {self.token}"}


class World:
    """A running server with its database."""

    def __init__(self, base_url: str, dsn: str, valkey_url: str, app: Any) -> None:
        self.base_url = base_url
        self.dsn = dsn
        self.valkey_url = valkey_url
        self.app = app
        self.http = httpx.AsyncClient(base_url=base_url, timeout=20)

    async def database(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(self.dsn, autocommit=True)

    async def value(self, query: str, *values: Any) -> Any:
        """The one value that a query answers."""
        async with await self.database() as connection:
            row = await (await connection.execute(query, values)).fetchone()
        return None if row is None else row[0]

    async def person(self, email: str = "ann@example.org", organization: str = "Home", role: Role = "owner") -> Person:
        """Somebody who is signed in."""
        async with await self.database() as connection, connection.transaction():
            user_id, organization_id = await create_user(
                connection,
                Passwords(CHEAP),
                email=email,
                name=email,
                password=PASSWORD,
                organization=organization,
                role=role,
            )
            secret = ids.new_secret("nst_session_")
            await accounts.open_session(connection, ids.digest(secret), user_id, organization_id, 3600)
        return Person(user_id, organization_id, email, {"cookie": f"nodestral={secret}"})

    async def install_token(self, person: Person, **asked: Any) -> str:
        async with await self.database() as connection:
            _, secret = await tokens.create(
                connection, person.organization_id, InstallTokenRequest(**asked), created_by=person.user_id
            )
        return secret

    async def node(self, person: Person, hostname: str = "box") -> Node:
        """A machine that has just been enrolled."""
        secret = await self.install_token(person)
        token = new_node_token()
        answer = await self.enroll(secret, token, hostname)
        assert answer.status_code == 201, answer.text
        return Node(answer.json()["node_id"], token)

    async def enroll(self, secret: str, token: str, hostname: str = "box") -> httpx.Response:
        body = {"secret_sha256": hashlib.sha256(token.encode()).hexdigest(), "hostname": hostname}
        return await self.http.post("/agent/v1/enroll", json=body, headers={"authorization": f"Bearer {secret}"})

    async def send(self, node: Node, report: Any, **headers: str) -> httpx.Response:
        body = report if isinstance(report, bytes) else json.dumps(report).encode()
        return await self.http.post("/agent/v1/reports", content=body, headers=node.headers | headers)

    async def get(self, person: Person, path: str, **parameters: Any) -> Any:
        answer = await self.http.get(path, params=parameters, headers=person.cookies)
        assert answer.status_code == 200, answer.text
        return answer.json()


class Quiet(NamedTuple):
    """A world that many tests share, and a node in it of which nothing is stored yet."""

    world: World
    node: Node

    async def stored(self) -> int:
        """How many samples there are of the node."""
        found: int = await self.world.value(
            "SELECT count(*) FROM samples s JOIN nodes n ON n.number = s.node WHERE n.id = %s", self.node.id
        )
        return found


def new_node_token() -> str:
    return "nst_node_" + secrets.token_urlsafe(32)


def a_sample(at: float | None = None, **changes: Any) -> dict[str, Any]:
    sample: dict[str, Any] = {
        "at": time.time() if at is None else at,
        "interval_seconds": 30,
        "uptime_seconds": 1000.5,
        "cpu": {
            "user_percent": 10,
            "system_percent": 5,
            "iowait_percent": 1,
            "steal_percent": 0,
            "idle_percent": 84,
        },
        "load": {"one": 0.5, "five": 0.25, "fifteen": 0.125},
        "memory": {
            "total_bytes": 4_000_000_000,
            "used_bytes": 1_000_000_000,
            "available_bytes": 3_000_000_000,
            "cached_bytes": 500_000_000,
            "buffers_bytes": 100_000_000,
        },
        "swap": {"total_bytes": 1_000_000, "used_bytes": 250_000},
        "processes": {"total": 100, "running": 1, "blocked": 0},
        "cores_busy_percent": [20, 12],
        "mounts": [
            {
                "mount": "/",
                "device": "/dev/vda1",
                "filesystem": "ext4",
                "total_bytes": 100_000,
                "used_bytes": 60_000,
                "available_bytes": 20_000,
                "inodes_total": 1000,
                "inodes_used": 100,
            }
        ],
        "disks": [
            {
                "device": "vda",
                "read_bytes_per_second": 100,
                "write_bytes_per_second": 200,
                "reads_per_second": 1,
                "writes_per_second": 2,
                "busy_percent": 3,
            }
        ],
        "nics": [a_nic("eth0", 1000), a_nic("lo", 50_000)],
    }
    return sample | changes


def a_nic(name: str, rate: float) -> dict[str, Any]:
    return {
        "nic": name,
        "receive_bytes_per_second": rate,
        "transmit_bytes_per_second": rate / 2,
        "receive_errors_per_second": 0,
        "transmit_errors_per_second": 0,
        "receive_bytes_total": 1,
        "transmit_bytes_total": 2,
    }


def a_report(seq: int = 1, epoch: int = 77, **changes: Any) -> dict[str, Any]:
    report: dict[str, Any] = {
        "epoch": epoch,
        "seq": seq,
        "sent_at": time.time(),
        "agent": {"version": "0.1.0", "python": "3.11.2", "user": "nodestral", "scope": "system"},
        "samples": [a_sample()],
    }
    return copy.deepcopy(report | changes)


def a_service(unit: str, **changes: Any) -> dict[str, Any]:
    service: dict[str, Any] = {
        "key": f"system/{unit}",
        "scope": "system",
        "unit": unit,
        "state": "active",
        "source": "both",
    }
    return service | changes


def a_section(*items: dict[str, Any], gauges: dict[str, Any] | None = None) -> dict[str, Any]:
    """A section in full, its hash as agents make it."""
    ordered = sorted(items, key=lambda item: str(item["key"]))
    text = json.dumps(ordered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    section: dict[str, Any] = {"hash": hashlib.sha256(text.encode()).hexdigest()[:32], "items": list(items)}
    return section | ({"gauges": gauges} if gauges else {})


@contextlib.asynccontextmanager
async def running(dsn: str, valkey_url: str, routes: Sequence[Any] = (), **settings: Any) -> AsyncIterator[World]:
    """One server process's worth of the application, on a free port of loopback. routes: served beside its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    values: dict[str, Any] = {"listen_port": port, "commit_delay_milliseconds": 5} | settings
    app = create_app(Settings(**values), dsn=dsn, valkey_url=valkey_url, routes=routes)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            lifespan="on",
            timeout_graceful_shutdown=5,
            access_log=False,
            # The application itself decides which proxies it believes.
            proxy_headers=False,
        )
    )
    task = asyncio.create_task(server._serve([listener]))
    while not server.started:
        if task.done():
            await task
        await asyncio.sleep(0.005)
    world = World(f"http://127.0.0.1:{port}", dsn, valkey_url, app)
    try:
        yield world
    finally:
        await world.http.aclose()
        app.state.streams.stop()
        server.should_exit = True
        await task
        listener.close()


def seconds_ago(seconds: float) -> float:
    return time.time() - seconds
