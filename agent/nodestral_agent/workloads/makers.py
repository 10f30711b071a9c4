"""Which unit a socket was made in, told by the kernel's socket diagnosis and, for sockets of PID 1, by systemd."""

from __future__ import annotations

from nodestral_agent.host import Host
from nodestral_agent.workloads import cgroups, processes, socket_units
from nodestral_agent.workloads.owner import Owner, owner_of


class Makers:
    """The units of the machine's listening sockets. Walks the control groups once and asks systemd once at most."""

    def __init__(self, host: Host, inodes: set[int]) -> None:
        self.host = host
        self.mount = cgroups.hierarchies(host).unified or ""
        ids = {inode: group for inode, group in host.socket_groups().items() if inode in inodes} if self.mount else {}
        # The group's id is its directory's inode number, kernfs_node.id since Linux 5.5.
        paths = {group: path for path, group in cgroups.walk(host, self.mount)} if ids else {}
        self.paths = set(paths.values())
        self.by_inode = {inode: paths[group] for inode, group in ids.items() if group in paths}
        self._held: dict[str, tuple[str, str]] | None = None

    def maker(self, inode: int, key: str) -> tuple[Owner, processes.Process | None]:
        """The unit that made a socket and its main process, as far as they can be told. `key`: the port's."""
        path = self.by_inode.get(inode)
        if path is None:
            return Owner(), None
        owner = owner_of(path)
        if owner.scope == "system" and owner.unit and owner.unit.endswith((".socket", "init.scope")):
            return self._for_whom(owner, key)
        return owner, self._leader(path) if owner.unit and owner.unit.endswith(".service") else None

    def _for_whom(self, owner: Owner, key: str) -> tuple[Owner, processes.Process | None]:
        """The service that a socket of PID 1 is for; its socket unit as long as the service does not run."""
        if self._held is None:
            self._held = socket_units.held(self.host)
        if key not in self._held:
            return owner, None
        unit, service = self._held[key]
        for path in self.paths if service else ():
            if path.endswith(f"/{service}") and owner_of(path) == Owner(service, "system"):
                leader = self._leader(path)
                if leader:
                    return Owner(service, "system"), leader
        return Owner(unit, "system"), None

    def _leader(self, path: str) -> processes.Process | None:
        return processes.leader(self.host, cgroups.all_members(self.host, self.mount, path))
