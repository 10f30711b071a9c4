"""What the answers of a container engine say of a container. Pure.

The Docker Engine API and Podman's likeness of it. An inspection holds the container's environment, its command and its
labels as well, of which nothing is kept but two labels of Compose.
"""

from __future__ import annotations

import calendar
import re
import time
from typing import Any

HEALTH = re.compile(r"\((?:health: )?(healthy|unhealthy|starting)\)")
EXITED = re.compile(r"^Exited \((-?\d+)\)")
DIGEST = re.compile(r"^[a-z0-9+._-]{1,32}:[0-9a-f]{32,128}$")
ENDED = ("exited", "dead", "restarting", "stopped")
PROJECT = ("com.docker.compose.project", "io.podman.compose.project")
SERVICE = ("com.docker.compose.service", "io.podman.compose.service")
PORTS_MAX = MOUNTS_MAX = 256
NETWORKS_MAX = 64


def plain(container_id: str) -> dict[str, Any]:
    """A container of which only the id is known."""
    return {
        "key": container_id,
        "name": container_id[:12],
        "image": "",
        "image_digest": None,
        "state": "unknown",
        "health": None,
        "ports": [],
        "mounts": [],
        "networks": [],
        "created_at": None,
        "started_at": None,
        "finished_at": None,
        "exit_code": None,
        "restart_policy": None,
        "restarts_total": None,
        "compose_project": None,
        "compose_service": None,
        "runtime": None,
        "user": None,
    }


def digests(images: Any) -> dict[str, list[str]]:
    """By image id, `REPOSITORY@DIGEST` as registries know it: /images/json."""
    found = {}
    for image in images if isinstance(images, list) else []:
        told = image.get("RepoDigests") if isinstance(image, dict) else None
        if isinstance(told, list):
            found[str(image.get("Id"))] = sorted(str(one) for one in told)
    return found


def summarized(summary: dict[str, Any], runtime: str, known: dict[str, list[str]]) -> dict[str, Any]:
    """One entry of /containers/json. `known`: see `digests`."""
    labels = entries(summary, "Labels")
    status = str(summary.get("Status") or "")
    health, exited = HEALTH.search(status), EXITED.match(status)
    names = summary.get("Names")
    item = plain(summary["Id"])
    if isinstance(names, list) and names:
        item["name"] = str(names[0]).lstrip("/")
    image_id = str(summary.get("ImageID") or "")
    image = str(summary.get("Image") or image_id)
    item.update(
        image=image,
        image_digest=digest(image, image_id, known.get(image_id, [])),
        state=str(summary.get("State") or "unknown"),
        health=health[1] if health else None,
        ports=ports(summary.get("Ports")),
        mounts=mounts(summary.get("Mounts")),
        created_at=whole_seconds(summary.get("Created")),
        exit_code=int(exited[1]) if exited and abs(int(exited[1])) < 2**31 else None,
        compose_project=label(labels, PROJECT),
        compose_service=label(labels, SERVICE),
        runtime=runtime,
    )
    item["networks"] = networks(entries(summary, "NetworkSettings").get("Networks"))
    return item


def inspected(answer: dict[str, Any], item: dict[str, Any]) -> None:
    """Add what only /containers/ID/json tells."""
    state, settings = entries(answer, "State"), entries(answer, "HostConfig")
    if not state:
        return
    item["started_at"] = unix_seconds(state.get("StartedAt"))
    item["finished_at"] = unix_seconds(state.get("FinishedAt"))
    health = entries(state, "Health").get("Status")
    if health in ("healthy", "unhealthy", "starting"):
        item["health"] = health
    if item["state"] in ENDED and is_whole(state.get("ExitCode"), -(2**31), 2**31):
        item["exit_code"] = state["ExitCode"]
    if is_whole(answer.get("RestartCount"), 0, 2**53):
        item["restarts_total"] = answer["RestartCount"]
    item["restart_policy"] = policy(entries(settings, "RestartPolicy"))
    if "Mounts" in answer:
        temporary = [{"Type": "tmpfs", "Destination": place, "RW": True} for place in entries(settings, "Tmpfs")]
        told = answer["Mounts"] if isinstance(answer["Mounts"], list) else []
        item["mounts"] = mounts([*told, *temporary])
    told_networks = entries(answer, "NetworkSettings").get("Networks")
    if told_networks:
        item["networks"] = networks(told_networks)
    mode = settings.get("NetworkMode")
    # Podman names no network where a container uses the node's or another container's.
    if not item["networks"] and isinstance(mode, str) and mode.partition(":")[0] in ("host", "none", "container"):
        item["networks"] = [{"name": mode.partition(":")[0], "address": None}]


def entries(value: Any, name: str) -> dict[str, Any]:
    """An object inside an object; empty when it is anything else."""
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def label(labels: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((labels[name] for name in names if isinstance(labels.get(name), str)), None)


def whole_seconds(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and 0 < value < 4_102_444_800 else None


def is_whole(value: Any, least: int, limit: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value < limit


def digest(image: str, image_id: str, known: list[str]) -> str | None:
    """The digest under which the image's repository has it; the image's own id where it came from none."""
    # `nginx@sha256:…` and `host:5000/nginx:1.27` name the repositories nginx and host:5000/nginx.
    path, slash, last = image.partition("@")[0].rpartition("/")
    repository = f"{path}{slash}{last.partition(':')[0]}"
    best = next((one for one in known if one.rpartition("@")[0] == repository), next(iter(known), ""))
    found = best.rpartition("@")[2] or image_id
    if found and ":" not in found:
        found = f"sha256:{found}"  # older Podman leaves the algorithm out
    return found if DIGEST.match(found) else None


def policy(told: dict[str, Any]) -> str | None:
    """`no`, `always`, `unless-stopped`, `on-failure` or `on-failure:3`."""
    name, retries = told.get("Name"), told.get("MaximumRetryCount")
    if not isinstance(name, str):
        return None
    return f"{name}:{retries}" if name == "on-failure" and is_whole(retries, 1, 2**31) else name or "no"


def ports(told: Any) -> list[dict[str, Any]]:
    """Published and exposed ports in a fixed order; the engine's own order changes from call to call."""
    found = []
    for port in told if isinstance(told, list) else []:
        if not isinstance(port, dict) or not is_whole(port.get("PrivatePort"), 0, 65536):
            continue
        public = port.get("PublicPort")
        found.append(
            {
                "protocol": str(port.get("Type") or "tcp"),
                "container_port": port["PrivatePort"],
                "host_address": str(port["IP"]) if port.get("IP") else None,
                "host_port": public if is_whole(public, 1, 65536) else None,
            }
        )
    found.sort(
        key=lambda port: (port["container_port"], port["protocol"], str(port["host_address"]), port["host_port"] or 0)
    )
    return found[:PORTS_MAX]


def mounts(told: Any) -> list[dict[str, Any]]:
    """Where data of the node or of volumes appears in the container, by place. Never what is in it."""
    found = {}
    for mount in told if isinstance(told, list) else []:
        if isinstance(mount, dict) and isinstance(mount.get("Destination"), str):
            kind = str(mount.get("Type") or "bind")
            source = mount.get("Name") if kind == "volume" else mount.get("Source")
            found[mount["Destination"]] = {
                "type": kind,
                "destination": mount["Destination"],
                "source": source if isinstance(source, str) and kind != "tmpfs" else "",
                "read_only": mount.get("RW") is False,
            }
    return [found[place] for place in sorted(found)][:MOUNTS_MAX]


def networks(told: Any) -> list[dict[str, Any]]:
    """The networks that the container is in, each with its address there."""
    found = []
    for name in sorted(told) if isinstance(told, dict) else ():
        settings = entries(told, name)
        address = settings.get("IPAddress") or settings.get("GlobalIPv6Address")
        found.append({"name": name, "address": address if isinstance(address, str) and address else None})
    return found[:NETWORKS_MAX]


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
    found = float(seconds + offset if matched[2] == "-" else seconds - offset)
    return found if 0 <= found < 4_102_444_800 else None
