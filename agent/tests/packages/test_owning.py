"""Whose a file is: by each manager's own records, at a cost that every scan can afford."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from agent.tests.machine import FakeMachine

from nodestral_agent.host import Host
from nodestral_agent.packages import dpkg_files, owning

INFO = dpkg_files.FOLDER


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path / "root")


def test_dpkg(machine: FakeMachine) -> None:
    machine.write(f"{INFO}/nginx.list", "/.\n/usr\n/usr/sbin\n/usr/sbin/nginx\n/lib/systemd/system/nginx.service\n")
    machine.write(f"{INFO}/libc6:amd64.list", "/.\n/usr/lib/x86_64-linux-gnu/libc.so.6\n/bin/ldd\n")
    machine.write(f"{INFO}/nginx.md5sums", "/usr/sbin/nginx-debug\n")
    asked = {
        "/usr/sbin/nginx": "nginx",
        # The same files on the other side of a merged /usr.
        "/usr/lib/systemd/system/nginx.service": "nginx",
        "/lib/x86_64-linux-gnu/libc.so.6": "libc6",
        "/usr/bin/ldd": "libc6",
        "/usr/sbin/nginx-debug": None,
        "/opt/own/program": None,
        "/usr/sbin/ngin": None,
        "relative": None,
        "/with\nnewline": None,
    }
    found = owning.owners(machine.host(), list(asked))
    assert found == {path: name for path, name in asked.items() if name}


def test_a_diverted_file_belongs_to_whom_it_was_taken_from(machine: FakeMachine) -> None:
    machine.write(f"{INFO}/dash.list", "/bin/sh\n")
    machine.write(f"{INFO}/other.list", "/bin/sh\n")
    machine.write(dpkg_files.DIVERSIONS, "/bin/sh\n/bin/sh.distrib\nother\n")
    found = owning.owners(machine.host(), ["/bin/sh", "/bin/sh.distrib"])
    assert found == {"/bin/sh": "other", "/bin/sh.distrib": "dash"}


def test_apk(machine: FakeMachine) -> None:
    machine.write(
        "/lib/apk/db/installed",
        "P:nginx\nV:1\nF:usr/sbin\nR:nginx\na:0:0:755\nF:\nR:top\n\nP:redis\nF:usr/bin\nR:redis-server\n\n",
    )
    found = owning.owners(machine.host(), ["/usr/sbin/nginx", "/usr/bin/redis-server", "/top", "/usr/bin/nginx"])
    assert found == {"/usr/sbin/nginx": "nginx", "/usr/bin/redis-server": "redis", "/top": "nginx"}


def test_pacman(machine: FakeMachine) -> None:
    machine.write(
        "/var/lib/pacman/local/gnome-shell-1:46.2-1/files", "%FILES%\nusr/\nusr/bin/gnome-shell\n\n%BACKUP%\n"
    )
    machine.write("/var/lib/pacman/local/half-1-1/desc", "%NAME%\nhalf\n")
    assert owning.owners(machine.host(), ["/usr/bin/gnome-shell", "/usr/bin/half"]) == {
        "/usr/bin/gnome-shell": "gnome-shell"
    }


def test_rpm_is_asked_once_for_all(machine: FakeMachine) -> None:
    """The program answers as rpm does: with all files of each package found, and with a status that counts the rest."""
    machine.write("/var/lib/rpm/rpmdb.sqlite", "")
    for path in ("/usr/sbin/nginx", "/usr/bin/redis-server", "/opt/own"):
        machine.write(path, "")
    script = f"""#!/bin/sh
printf '%s ' "$@" >>{machine.root}/asked
printf 'nginx-core\\t/usr/sbin/nginx\\nnginx-core\\t/usr/share/x\\nfile /opt/own is not owned by any package\\n'
printf 'redis\\t/usr/bin/redis-server\\n'
exit 1
"""
    machine.write("/usr/bin/rpm", script).chmod(0o755)
    found = owning.owners(machine.host(), ["/usr/sbin/nginx", "/usr/bin/redis-server", "/opt/own", "/usr/bin/gone"])
    assert found == {"/usr/sbin/nginx": "nginx-core", "/usr/bin/redis-server": "redis"}
    asked = (machine.root / "asked").read_text()
    assert asked.startswith("--dbpath /var/lib/rpm -qf ")
    assert asked.endswith(" /opt/own /usr/bin/redis-server /usr/sbin/nginx ")


def test_a_snap_is_told_by_its_path(machine: FakeMachine) -> None:
    assert owning.owners(machine.host(), ["/snap/lxd/30131/bin/lxd"]) == {"/snap/lxd/30131/bin/lxd": "lxd"}


def test_nothing_that_cannot_be_read_is_an_error(machine: FakeMachine) -> None:
    assert owning.owners(machine.host(), ["/usr/sbin/nginx"]) == {}
    machine.write(f"{INFO}/broken.list", b"\xff\xfe\0\n" * 100)
    machine.write("/lib/apk/db/installed", b"\xff\xfe\0\n" * 100)
    assert owning.owners(machine.host(), ["/usr/sbin/nginx"]) == {}


def test_answers_are_kept_until_something_is_installed(machine: FakeMachine, tmp_path: Path) -> None:
    listed = machine.write(f"{INFO}/nginx.list", "/usr/sbin/nginx\n")
    memory = tmp_path / "memory"
    memory.mkdir()
    host = Host(str(machine.root), str(memory))
    asked = ["/usr/sbin/nginx", "/opt/own"]
    assert owning.owners(host, asked) == {"/usr/sbin/nginx": "nginx"}
    # Written in place, which dpkg never does: the folder has not changed, so that it is not looked into again.
    listed.write_text("/usr/sbin/other\n")
    assert owning.owners(host, asked) == {"/usr/sbin/nginx": "nginx"}
    assert owning.owners(host, ["/usr/sbin/other"]) == {"/usr/sbin/other": "nginx"}
    machine.write(f"{INFO}/own.list", "/opt/own\n")
    assert owning.owners(host, asked) == {"/opt/own": "own"}
    assert [path.name for path in memory.iterdir()] == ["owners.last"]


def test_a_damaged_memory_is_forgotten(machine: FakeMachine, tmp_path: Path) -> None:
    machine.write(f"{INFO}/nginx.list", "/usr/sbin/nginx\n")
    (tmp_path / "owners.last").write_text('{"stamp": 3, "owners": [')
    assert owning.owners(Host(str(machine.root), str(tmp_path)), ["/usr/sbin/nginx"]) == {"/usr/sbin/nginx": "nginx"}


def test_fifteen_hundred_packages_cost_a_fifth_of_a_second_at_most(machine: FakeMachine) -> None:
    for number in range(1500):
        rest = "".join(f"/usr/share/doc/package-{number}/file-{line}.gz\n" for line in range(150))
        programs = f"/usr/bin\n/usr/bin/program-{number}\n" if number % 3 == 0 else ""
        machine.write(f"{INFO}/package-{number}.list", f"/.\n/usr\n{programs}{rest}")
    asked = [f"/usr/bin/program-{number}" for number in range(0, 450, 3)]
    host = machine.host()
    begun = time.process_time()
    found = owning.owners(host, asked)
    assert time.process_time() - begun < 0.2
    assert len(found) == 150


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="this computer has no dpkg")
def test_this_computer_says_the_same_as_dpkg() -> None:
    programs = sorted(entry.path for entry in os.scandir("/usr/bin") if entry.is_file(follow_symlinks=False))[:150]
    found = owning.owners(Host(), programs)
    answer = subprocess.run(["dpkg-query", "-S", *programs], capture_output=True, text=True, check=False).stdout
    told = {}
    for line in answer.splitlines():
        names, _, path = line.rpartition(": ")
        if not names.startswith("diversion"):
            told[path] = names.split(", ")[0].partition(":")[0]
    assert {path: found.get(path) for path in told} == told
