"""Running containers by their control groups: where the groups lie, whose they are, and a name where one shows.

A group's name holds the container's id. Its name is in two places that everybody may read: Podman's monitor names it on
its command line, and Kubernetes' nodes keep a link to each container's log in /var/log/containers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from nodestral_agent.errors import CollectorError, Unavailable
from nodestral_agent.host import Host
from nodestral_agent.workloads import cgroups, processes
from nodestral_agent.workloads.owner import CONTAINER, owner_of, unescaped

ENGINES = {
    "docker": "docker",
    "libpod": "podman",
    "cri-containerd": "containerd",
    "crio": "cri-o",
    "nerdctl": "nerdctl",
}
LOG = re.compile(r"^([^_/]+)_([^_/]+)_(.+)-([0-9a-f]{64})\.log$")
NAME_OPTION, ID_OPTION = "-n", "-c"
# The controllers whose files a sample needs; on version 1 each has a tree of its own.
SAMPLED = ("cpuacct", "memory", "blkio")


@dataclass(frozen=True)
class Group:
    """`folders`: by tree (mount point), the outermost group of this container. `inner`: it runs inside another one."""

    container_id: str
    engine: str | None
    uid: int | None
    inner: bool
    folders: dict[str, str]
    pids: list[int]


def container_ids(path: str) -> list[str]:
    """The ids in a group's path, outer first: more than one where a container runs an engine of its own."""
    matches = [CONTAINER.match(unescaped(part)) for part in path.split("/")]
    found = [matched["id"] for matched in matches if matched and matched["engine"] != "libpod-conmon"]
    return list(dict.fromkeys(found))


def running(host: Host, tree: cgroups.Hierarchies) -> dict[str, Group]:
    """The containers in which a process is seen, by id."""
    folders: dict[str, dict[str, str]] = {}
    first: dict[str, str] = {}
    for mount in dict.fromkeys([*tree.units, *tree.controllers.values()]):
        for path, _ in cgroups.walk(host, mount):
            ids = container_ids(path)
            if ids:
                folders.setdefault(ids[-1], {}).setdefault(mount, f"{mount}{path}")
                first.setdefault(ids[-1], path)
    found = {}
    for container_id, path in first.items():
        places = folders[container_id]
        mount, folder = next(iter(places.items()))
        pids = cgroups.all_members(host, mount, folder[len(mount) :])
        if pids:
            owner = owner_of(path)
            inner = container_ids(path)[0] != container_id
            found[container_id] = Group(container_id, owner.engine, owner.uid, inner, places, pids)
    return found


def user(host: Host, uid: int | None) -> str:
    """Who runs an engine: root, unless its groups or its socket are a user's."""
    return "root" if not uid else host.user_name(uid) or str(uid)


def named(host: Host, groups: list[Group]) -> dict[str, str]:
    """Names by container id, as far as they show."""
    names = log_names(host) if groups else {}
    for group in groups:
        if group.container_id not in names and group.engine == "libpod":
            name = monitored_name(host, group)
            if name:
                names[group.container_id] = name
    return names


def log_names(host: Host) -> dict[str, str]:
    """`NAMESPACE/POD/CONTAINER` by id: the kubelet's links POD_NAMESPACE_CONTAINER-ID.log."""
    try:
        links = host.names("/var/log/containers")
    except (Unavailable, CollectorError):
        return {}
    matches = [matched for matched in map(LOG.match, links) if matched]
    return {matched[4]: f"{matched[2]}/{matched[1]}/{matched[3]}" for matched in matches}


def monitored_name(host: Host, group: Group) -> str:
    """The name on the command line of conmon(8), the parent of a container's first process; "" when it is not seen."""
    leader = processes.leader(host, group.pids)
    if leader is None:
        return ""
    try:
        words = host.text(f"/proc/{leader.parent}/cmdline").split("\0")
    except (Unavailable, CollectorError):
        return ""
    values = dict(zip(words, words[1:]))
    if words[0].rpartition("/")[2] != "conmon" or values.get(ID_OPTION) != group.container_id:
        return ""
    return values.get(NAME_OPTION, "")


def watched(tree: cgroups.Hierarchies, groups: dict[str, Group], names: dict[str, str]) -> list[dict[str, Any]]:
    """What the sampler needs, by name. What runs inside another container is part of that one's use already."""
    found = []
    version = 1 if "cpuacct" in tree.controllers else 2
    mounts = [tree.controllers.get(name, "") if version == 1 else tree.unified or "" for name in SAMPLED]
    for container_id, group in groups.items():
        folders = [group.folders.get(mount, "") for mount in mounts]
        if group.inner or not any(folders):
            continue
        members = folders[0] or next(iter(group.folders.values()))
        name = names.get(container_id, container_id[:12])
        found.append({"id": container_id, "name": name, "version": version, "folders": [*folders, members]})
    return sorted(found, key=lambda one: (one["name"], one["id"]))
