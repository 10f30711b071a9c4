"""Asks a container engine: the Docker Engine API, which Podman speaks too, over a Unix socket or as DOCKER_HOST says.

GETs alone, and a bounded number of them: /version, /containers/json, /images/json and, for at most 256 containers,
/containers/ID/json.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import Any

from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads import container_groups, engine_answers

# The newest version of the API whose answers are known here; 1.24 is the oldest with all that is read.
NEWEST, OLDEST = (1, 51), (1, 24)
INSPECT_MAX = 256
INSPECT_SECONDS = 10.0
LIST_MAX = 32 << 20
ID = re.compile(r"^[0-9a-f]{12,64}$")
ADDRESS = re.compile(r"^tcp://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$")
USERS_FOLDER = "/run/user"
USERS_MAX = 64
SYSTEM = ("/var/run/docker.sock", "/run/podman/podman.sock")


@dataclass(frozen=True)
class Engine:
    """Where an engine may listen: a socket's path or tcp://HOST:PORT.

    uid: who runs it, None when that is not known. expected: it was named, or is everybody's to look for; a closed
    folder of another user says nothing about an engine in it. trouble: why it cannot be asked at all.
    """

    socket: str
    uid: int | None = 0
    expected: bool = True
    trouble: str = ""


def sockets(host: Host) -> list[Engine]:
    """Where engines listen, by their own conventions. DOCKER_HOST takes the place of Docker's system socket."""
    own = os.environ.get("XDG_RUNTIME_DIR") or f"{USERS_FOLDER}/{host.uid()}"
    told = os.environ.get("DOCKER_HOST", "")
    found = [named(host, told) if told else Engine(SYSTEM[0]), Engine(SYSTEM[1])]
    found += [Engine(f"{own}/{name}", host.uid()) for name in ("docker.sock", "podman/podman.sock")]
    try:
        others = [name for name in host.names(USERS_FOLDER) if name.isdigit()][:USERS_MAX]
    except (Unavailable, CollectorError):
        others = []
    for user in others:
        folder = f"{USERS_FOLDER}/{user}"
        found += [Engine(f"{folder}/{name}", int(user), False) for name in ("docker.sock", "podman/podman.sock")]
    return list({engine.socket: engine for engine in reversed(found)}.values())[::-1]


def named(host: Host, told: str) -> Engine:
    """What DOCKER_HOST names."""
    if told.startswith("unix:///"):
        path = told[len("unix://") :]
        return Engine(path, owner(host, path))
    if ADDRESS.match(told) and not os.environ.get("DOCKER_TLS_VERIFY") and not os.environ.get("DOCKER_TLS"):
        return Engine(told, None)
    scheme = told.partition("://")[0] if "://" in told else "an address of no known kind"
    trouble = f"DOCKER_HOST asks for {'TLS' if scheme in ('tcp', 'https') else scheme}, which is not supported"
    return Engine("DOCKER_HOST", None, trouble=trouble)


def owner(host: Host, path: str) -> int | None:
    """Whose a socket is: who runs the engine behind it."""
    try:
        return host.owner(path)
    except (Unavailable, CollectorError):
        return None


def asked(host: Host, engine: Engine, path: str) -> Any:
    """The JSON of an answer."""
    if engine.trouble:
        raise CollectorError(engine.trouble)
    try:
        return json.loads(host.http_get(engine.socket, path, limit=LIST_MAX))
    except (ValueError, RecursionError):
        raise CollectorError(f"answered {path} with something that is not JSON", engine.socket) from None
    except Denied:
        if engine.expected:
            raise
        raise Unavailable(f"{engine.socket} is another user's") from None


def spoken(version: Any) -> tuple[str, str]:
    """The engine's name and the prefix for its API: the newest version that both sides know."""
    if not isinstance(version, dict):
        raise CollectorError("answered /version with something else")
    offered = numbers(version.get("ApiVersion")) or NEWEST
    major, minor = max(min(offered, NEWEST), numbers(version.get("MinAPIVersion")) or OLDEST)
    components = version.get("Components")
    names = [part.get("Name") for part in components if isinstance(part, dict)] if isinstance(components, list) else []
    return ("podman" if "Podman Engine" in names else "docker"), f"/v{major}.{minor}"


def numbers(text: Any) -> tuple[int, int] | None:
    """`1.41` as numbers that compare rightly."""
    matched = re.match(r"^(\d{1,3})\.(\d{1,3})$", text) if isinstance(text, str) else None
    return (int(matched[1]), int(matched[2])) if matched else None


def containers(host: Host, engine: Engine) -> tuple[list[dict[str, Any]], int]:
    """All containers of an engine, running or not, and how many of them were not inspected."""
    prefix, listing = listed(host, engine)
    until = host.monotonic() + INSPECT_SECONDS
    known = engine_answers.digests(images(host, engine, prefix)) if listing else {}
    user = None if engine.uid is None else container_groups.user(host, engine.uid)
    items = [{**item, "user": user} for item in summarized(listing, known)]
    # Those that run are worth more than old ones.
    items.sort(key=lambda item: item["state"] != "running")
    left = len(items)
    for item in items[:INSPECT_MAX]:
        if host.monotonic() < until:
            left -= 1
            inspect(host, engine, f"{prefix}/containers/{item['key']}/json", item)
    return items, left


def listed(host: Host, engine: Engine) -> tuple[str, list[tuple[str, dict[str, Any]]]]:
    """The prefix of the engine's API, and its containers as it lists them, each with the engine's name."""
    runtime, prefix = spoken(asked(host, engine, "/version"))
    answer = asked(host, engine, f"{prefix}/containers/json?all=1")
    if not isinstance(answer, list):
        raise CollectorError("answered /containers/json with something that is not a list", engine.socket)
    return prefix, [(runtime, one) for one in answer if isinstance(one, dict) and ID.match(str(one.get("Id")))]


def summarized(listing: list[tuple[str, dict[str, Any]]], known: dict[str, list[str]]) -> list[dict[str, Any]]:
    return [engine_answers.summarized(one, runtime, known) for runtime, one in listing]


def images(host: Host, engine: Engine, prefix: str) -> Any:
    """/images/json; nothing where it is refused: an image is then known by its id."""
    try:
        return asked(host, engine, f"{prefix}/images/json")
    except (Unavailable, CollectorError):
        return None


def inspect(host: Host, engine: Engine, path: str, item: dict[str, Any]) -> None:
    """Add what only an inspection tells."""
    try:
        answer = asked(host, engine, path)
    except (Unavailable, CollectorError):
        return  # it has been removed meanwhile
    if isinstance(answer, dict):
        engine_answers.inspected(answer, item)


def published(host: Host) -> dict[str, str]:
    """The container by `PROTOCOL/ADDRESS/PORT` of what it publishes here; nothing where no engine answers."""
    found = {}
    for engine in sockets(host):
        if engine.socket.startswith("tcp://"):
            continue  # whose ports these are, this machine's or another's, cannot be told
        try:
            items = summarized(listed(host, engine)[1], {})
        except (Unavailable, CollectorError):
            continue
        for item in items:
            for port in item["ports"]:
                six = "6" if ":" in (port["host_address"] or "") else ""
                found[f"{port['protocol']}{six}/{port['host_address']}/{port['host_port']}"] = item["key"]
    return found
