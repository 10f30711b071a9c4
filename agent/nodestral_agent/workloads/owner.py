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
    names = [unescaped(part) for part in path.split("/") if part]
    unit, scope, uid = unit_of(names)
    container_id, engine = None, None
    for name in names:
        matched = CONTAINER.match(name)
        # conmon only watches its container.
        if matched and matched["engine"] != "libpod-conmon":
            container_id, engine = matched["id"], matched["engine"] or parent_engine(path)
    return Owner(unit, scope, uid, container_id, engine)


def unit_of(names: list[str]) -> tuple[str | None, str | None, int | None]:
    """Unit, scope and the user of the slice. What lies below something that is no systemd's is not this machine's.

    `/lxc.payload.web/system.slice/nginx.service` is a service of another system that runs in a container here.
    """
    uid: int | None = None
    scope = "system"
    for name in names:
        if scope == "system" and (matched := USER_SLICE.match(name)):
            uid = int(matched[1])
        elif name.endswith(".slice"):
            continue
        elif scope == "system" and (matched := MANAGER.match(name)):
            uid, scope = int(matched[1]), "user"
        elif UNIT.match(name):
            return name, scope, uid
        else:
            break
    if scope == "user":
        # The manager itself, or something that it has put into a slice without a unit.
        return f"user@{uid}.service", "system", uid
    return None, None, uid


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
