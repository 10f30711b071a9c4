"""Reads from a control group's path to which unit, user and container it belongs. Pure.

The rules are systemd's own (src/basic/cgroup-util.c): slices are skipped, the first other part is the unit; below
`user@UID.service` the same holds once more for the user's own manager.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

UNIT = re.compile(r"^[^/]+\.(service|scope|socket|mount|swap|automount|timer|path|target|device)$")
SESSION = re.compile(r"^session-[^/]+\.scope$")
MANAGER = re.compile(r"^user@(\d+)\.service$")
USER_SLICE = re.compile(r"^user-(\d+)\.slice$")
# docker-ID.scope, libpod-ID.scope, cri-containerd-ID.scope, crio-ID.scope; a bare ID with the cgroupfs driver
CONTAINER = re.compile(r"^(?:(?P<engine>[a-z]+(?:-[a-z]+)*)-)?(?P<id>[0-9a-f]{64})(?:\.scope)?$")


@dataclass(frozen=True)
class Owner:
    """What a control group belongs to. `scope`: whose manager has the unit. `uid`: the user of a user's slice."""

    unit: str | None = None
    scope: str | None = None
    uid: int | None = None
    container_id: str | None = None
    engine: str | None = None


def unescaped(name: str) -> str:
    """systemd puts `_` before names that the kernel keeps for itself or that begin with `_` or `.`."""
    return name.removeprefix("_")


def owner_of(path: str) -> Owner:
    """The owner of `/system.slice/nginx.service` and the like. `/` has none."""
    parts = [part for part in path.split("/") if part]
    uid: int | None = None
    unit, scope, container_id, engine = None, None, None, None
    for part in parts:
        name = unescaped(part)
        if unit is None or (scope == "user" and unit == ""):
            if matched := USER_SLICE.match(name):
                uid = uid if scope == "user" else int(matched[1])
            elif name.endswith(".slice"):
                pass
            elif scope is None and (matched := MANAGER.match(name)):
                uid, unit, scope = int(matched[1]), "", "user"
            elif UNIT.match(name):
                unit, scope = name, scope or "system"
        matched = CONTAINER.match(name)
        # conmon only watches its container.
        if matched and matched["engine"] != "libpod-conmon":
            container_id, engine = matched["id"], matched["engine"] or parent_engine(path)
    if scope == "user" and not unit:
        # The manager itself, or something that it has put into a slice without a unit.
        unit, scope = f"user@{uid}.service", "system"
    return Owner(unit or None, scope, uid, container_id, engine)


def parent_engine(path: str) -> str | None:
    """The engine that the cgroupfs driver names in a part of its own."""
    parts = path.split("/")
    for part, engine in (("docker", "docker"), ("libpod_parent", "libpod"), ("kubepods", "cri")):
        if part in parts:
            return engine
    return None


def chosen(paths: list[str]) -> Owner:
    """The owner told by the first of these paths that tells one."""
    for path in paths:
        owner = owner_of(path)
        if owner.unit or owner.container_id:
            return owner
    return Owner()
