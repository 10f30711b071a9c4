"""Asks a container engine over its Unix socket: the Docker Engine API, which Podman speaks too.

Three GETs and no other: /version, /containers/json and, for a bounded number of containers, /containers/ID/json.
"""

from __future__ import annotations

import calendar
import json
import os
import re
import time
from dataclasses import dataclass
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host

# The newest version of the API whose answers are known here; 1.24 is the oldest with all that is read.
NEWEST, OLDEST = (1, 51), (1, 24)
INSPECT_MAX = 256
INSPECT_SECONDS = 10.0
LIST_MAX = 32 << 20
HEALTH = re.compile(r"\((?:health: )?(healthy|unhealthy|starting)\)")
EXITED = re.compile(r"^Exited \((-?\d+)\)")
ID = re.compile(r"^[0-9a-f]{12,64}$")


@dataclass(frozen=True)
class Engine:
    """A socket at which an engine may listen."""

    socket: str


def sockets(host: Host) -> list[Engine]:
    """Where engines listen, by their own conventions. DOCKER_HOST takes the place of Docker's system socket."""
    runtime = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{host.uid()}"
    named = os.environ.get("DOCKER_HOST", "")
    first = named[7:] if named.startswith("unix:///") else "/var/run/docker.sock"
    paths = [first, "/run/podman/podman.sock", f"{runtime}/docker.sock", f"{runtime}/podman/podman.sock"]
    return [Engine(path) for path in dict.fromkeys(paths)]


def asked(host: Host, engine: Engine, path: str) -> Any:
    """The JSON of an answer."""
    try:
        return json.loads(host.http_get(engine.socket, path, limit=LIST_MAX))
    except (ValueError, RecursionError):
        raise CollectorError(f"answered {path} with something that is not JSON", engine.socket) from None


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


def containers(host: Host, engine: Engine) -> list[dict[str, Any]]:
    """All containers of an engine, running or not, as they are reported."""
    prefix, items = listed(host, engine)
    until = host.monotonic() + INSPECT_SECONDS
    for item in items[:INSPECT_MAX]:
        if host.monotonic() < until:
            add_inspected(host, engine, f"{prefix}/containers/{item['key']}/json", item)
    return items


def listed(host: Host, engine: Engine) -> tuple[str, list[dict[str, Any]]]:
    """The prefix of the engine's API, and its containers without what only an inspection tells."""
    runtime, prefix = spoken(asked(host, engine, "/version"))
    answer = asked(host, engine, f"{prefix}/containers/json?all=1")
    if not isinstance(answer, list):
        raise CollectorError("answered /containers/json with something that is not a list", engine.socket)
    known = [one for one in answer if isinstance(one, dict) and ID.match(str(one.get("Id")))]
    return prefix, [summarized(one, runtime) for one in known]


def published(host: Host) -> dict[str, str]:
    """The container by `PROTOCOL/ADDRESS/PORT` of what it publishes here; nothing where no engine answers."""
    found = {}
    for engine in sockets(host):
        try:
            _, items = listed(host, engine)
        except (Unavailable, CollectorError):
            continue
        for item in items:
            for port in item["ports"]:
                six = "6" if ":" in (port["host_address"] or "") else ""
                found[f"{port['protocol']}{six}/{port['host_address']}/{port['host_port']}"] = item["key"]
    return found


def summarized(summary: dict[str, Any], runtime: str) -> dict[str, Any]:
    """One entry of /containers/json."""
    labels = summary.get("Labels")
    labels = labels if isinstance(labels, dict) else {}
    status = str(summary.get("Status") or "")
    health, exited = HEALTH.search(status), EXITED.match(status)
    names = summary.get("Names")
    name = str(names[0]).lstrip("/") if isinstance(names, list) and names else summary["Id"][:12]
    return {
        "key": summary["Id"],
        "name": name,
        "image": str(summary.get("Image") or summary.get("ImageID") or ""),
        "state": str(summary.get("State") or "unknown"),
        "health": health[1] if health else None,
        "ports": ports(summary.get("Ports")),
        "created_at": whole_seconds(summary.get("Created")),
        "started_at": None,
        "exit_code": int(exited[1]) if exited else None,
        "compose_project": label(labels, "com.docker.compose.project"),
        "compose_service": label(labels, "com.docker.compose.service"),
        "runtime": runtime,
    }


def label(labels: dict[str, Any], name: str) -> str | None:
    value = labels.get(name)
    return value if isinstance(value, str) else None


def whole_seconds(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and 0 < value < 4_102_444_800 else None


def ports(told: Any) -> list[dict[str, Any]]:
    """Published and exposed ports in a fixed order; the engine's own order changes from call to call."""
    found = []
    for port in told if isinstance(told, list) else []:
        if not isinstance(port, dict) or not is_port(port.get("PrivatePort")):
            continue
        public = port.get("PublicPort")
        found.append(
            {
                "protocol": str(port.get("Type") or "tcp"),
                "container_port": port["PrivatePort"],
                "host_address": str(port["IP"]) if port.get("IP") else None,
                "host_port": public if is_port(public) and public else None,
            }
        )
    found.sort(
        key=lambda port: (port["container_port"], port["protocol"], str(port["host_address"]), port["host_port"] or 0)
    )
    return found[:256]


def is_port(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 65535


def add_inspected(host: Host, engine: Engine, path: str, item: dict[str, Any]) -> None:
    """What only the inspection tells. It holds the container's environment too, of which nothing is kept."""
    try:
        answer = asked(host, engine, path)
    except (Unavailable, CollectorError):
        return  # it has been removed meanwhile
    state = answer.get("State") if isinstance(answer, dict) else None
    if not isinstance(state, dict):
        return
    item["started_at"] = unix_seconds(state.get("StartedAt"))
    health = state.get("Health")
    if isinstance(health, dict) and health.get("Status") in ("healthy", "unhealthy", "starting"):
        item["health"] = health["Status"]
    code = state.get("ExitCode")
    if item["state"] in ("exited", "dead") and isinstance(code, int) and abs(code) < 2**31:
        item["exit_code"] = code


def unix_seconds(text: Any) -> float | None:
    """`2026-11-24T21:39:35.123456789Z`; year 1 means never. Podman writes an offset instead of the Z."""
    if not isinstance(text, str):
        return None
    matched = re.match(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|([+-])(\d\d):(\d\d))$", text)
    if not matched or matched[1] < "1970":
        return None
    try:
        seconds = calendar.timegm(time.strptime(matched[1], "%Y-%m-%dT%H:%M:%S"))
    except ValueError:
        return None
    offset = int(matched[3] or 0) * 3600 + int(matched[4] or 0) * 60
    return float(seconds + offset if matched[2] == "-" else seconds - offset)
