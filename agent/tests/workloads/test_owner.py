"""From a control group's path to its unit, user and container."""

from __future__ import annotations

import pytest

from nodestral_agent.workloads.owner import Owner, chosen, owner_of

ID = "3f1c" * 16
MANAGER = "/user.slice/user-1000.slice/user@1000.service"
PATHS = {
    "/": Owner(),
    "/init.scope": Owner("init.scope", "system"),
    "/system.slice/nginx.service": Owner("nginx.service", "system"),
    "/system.slice/system-getty.slice/getty@tty1.service": Owner("getty@tty1.service", "system"),
    "/system.slice/__odd.service": Owner("_odd.service", "system"),
    "/system.slice/_cpu.service": Owner("cpu.service", "system"),
    "/system.slice/x\\x2dy.service/inner/deep.service": Owner("x\\x2dy.service", "system"),
    "/user.slice/user-1000.slice/session-4.scope": Owner("session-4.scope", "system", 1000),
    MANAGER: Owner("user@1000.service", "system", 1000),
    f"{MANAGER}/init.scope": Owner("init.scope", "user", 1000),
    f"{MANAGER}/app.slice/claw.service": Owner("claw.service", "user", 1000),
    f"{MANAGER}/app.slice/app-a.slice/claw@1.service": Owner("claw@1.service", "user", 1000),
    f"{MANAGER}/app.slice": Owner("user@1000.service", "system", 1000),
    # A user may name a slice after somebody else; the user of the manager stays.
    f"{MANAGER}/user-0.slice/root.service": Owner("root.service", "user", 1000),
    f"{MANAGER}/app.slice/user@0.service": Owner("user@0.service", "user", 1000),
    f"/system.slice/docker-{ID}.scope": Owner(f"docker-{ID}.scope", "system", None, ID, "docker"),
    f"/docker/{ID}": Owner(None, None, None, ID, "docker"),
    f"/machine.slice/libpod-{ID}.scope/container": Owner(f"libpod-{ID}.scope", "system", None, ID, "libpod"),
    f"/machine.slice/libpod-conmon-{ID}.scope": Owner(f"libpod-conmon-{ID}.scope", "system"),
    f"{MANAGER}/user.slice/libpod-{ID}.scope": Owner(f"libpod-{ID}.scope", "user", 1000, ID, "libpod"),
    f"/kubepods.slice/kubepods-pod1.slice/cri-containerd-{ID}.scope": Owner(
        f"cri-containerd-{ID}.scope", "system", None, ID, "cri-containerd"
    ),
    f"/kubepods/besteffort/pod1/{ID}": Owner(None, None, None, ID, "cri"),
    # Other systems, in a container or outside of the agent's own.
    "/lxc.payload.web/system.slice/nginx.service": Owner(),
    "/lxc.payload.web/user.slice/user-1000.slice/user@1000.service/app.slice/claw.service": Owner(),
    f"/docker/{ID}/system.slice/nginx.service": Owner(None, None, None, ID, "docker"),
    "/machine.slice/machine-web.scope/payload/system.slice/nginx.service": Owner("machine-web.scope", "system"),
    "/../../system.slice/ssh.service": Owner(),
}


@pytest.mark.parametrize("path", PATHS)
def test_path(path: str) -> None:
    assert owner_of(path) == PATHS[path]


def test_the_first_hierarchy_that_knows_is_taken() -> None:
    assert chosen(["/", "/system.slice/a.service", "/system.slice/b.service"]).unit == "a.service"
    assert chosen([]) == Owner()
