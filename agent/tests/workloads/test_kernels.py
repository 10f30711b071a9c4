"""Kernels: which one is newer, which ones are of a kind, which ones are installed."""

from __future__ import annotations

import pytest
from agent.tests.machine import FakeMachine

from nodestral_agent.workloads import kernels
from nodestral_agent.workloads.reboot import reboot

ASCENDING = [
    ["6.1.0-rc7-amd64", "6.1.0-9-amd64", "6.1.0-18-amd64", "6.10.0-1-amd64"],
    ["5.15.0-91-generic", "5.15.0-101-generic", "6.8.0-31-generic"],
    ["5.14.0-70.13.1.el9_0.x86_64", "5.14.0-362.8.1.el9_3.x86_64", "5.14.0-362.18.1.el9_3.x86_64"],
    ["6.7.4-arch1-1", "6.7.4-arch1-2", "6.7.10-arch1-1"],
]


@pytest.mark.parametrize("releases", ASCENDING, ids=lambda releases: releases[0])
def test_order(releases: list[str]) -> None:
    assert all(kernels.order(old) < kernels.order(new) for old, new in zip(releases, releases[1:]))
    assert len({kernels.flavour(release) for release in releases}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("6.1.0-18-amd64", "6.1.0-18-cloud-amd64"),
        ("5.15.0-91-generic", "5.15.0-91-lowlatency"),
        ("6.6.20+rpt-rpi-v8", "6.6.20+rpt-rpi-v7"),
        ("5.14.0-1.el9.x86_64", "5.14.0-1.el9.x86_64+debug"),
    ],
)
def test_another_kind_does_not_start_next(one: str, other: str) -> None:
    assert kernels.flavour(one) != kernels.flavour(other)


def with_kernels(machine: FakeMachine, *paths: str) -> FakeMachine:
    for path in paths:
        machine.write(path, "")
    return machine


def test_debian(machine: FakeMachine) -> None:
    boot = ["/boot/vmlinuz-6.1.0-9-amd64", "/boot/vmlinuz-6.1.0-18-amd64", "/boot/vmlinuz-6.9.0-1-cloud-amd64"]
    left = "/lib/modules/6.1.0-99-amd64/updates/dkms/x.ko"  # of a kernel that was removed
    host = with_kernels(machine, *boot, left).host()
    told = reboot(host, "6.1.0-9-amd64", "kvm")
    assert (told.required, told.reasons, told.kernel_installed) == (True, ["kernel 6.1.0-18-amd64"], "6.1.0-18-amd64")
    assert reboot(host, "6.1.0-18-amd64", "kvm").required is False


def test_alpine_and_arch(machine: FakeMachine) -> None:
    alpine = with_kernels(machine, "/boot/vmlinuz-lts", "/lib/modules/6.6.31-0-lts/modules.dep").host()
    assert reboot(alpine, "6.6.30-0-lts", "none").required is True
    arch = with_kernels(machine, "/usr/lib/modules/6.7.10-arch1-1/vmlinuz").host()
    assert reboot(arch, "6.7.4-arch1-1", "none").kernel_installed == "6.7.10-arch1-1"


@pytest.mark.parametrize(
    ("files", "running"),
    [
        ({"/proc/version": "Linux version 6.1.0-18-amd64 (x) #1 SMP Debian 6.1.76-1 (2024-02-01)\n"}, "6.1.0-18-amd64"),
        ({"/proc/version_signature": "Ubuntu 6.1.76-1-amd64 6.1.131\n"}, "6.1.0-18-amd64"),
    ],
)
def test_a_new_build_of_the_same_release(files: dict[str, str], running: str, machine: FakeMachine) -> None:
    with_kernels(machine, f"/boot/vmlinuz-{running}")
    for path, text in files.items():
        machine.write(path, text)
    package = f"Package: linux-image-{running}\nStatus: install ok installed\nVersion: %s\n"
    machine.write("/var/lib/dpkg/status", package % "6.1.76-1")
    assert reboot(machine.host(), running, "kvm").required is False
    machine.write("/var/lib/dpkg/status", package % "6.1.90-1")
    assert reboot(machine.host(), running, "kvm").reasons == [f"kernel {running} (6.1.90-1)"]


def test_what_cannot_be_told_is_null(machine: FakeMachine) -> None:
    assert reboot(machine.host(), "6.1.0-18-amd64", "kvm").required is None


def test_a_container_has_no_kernel_but_may_ask_for_a_restart(machine: FakeMachine) -> None:
    host = with_kernels(machine, "/boot/vmlinuz-6.1.0-18-amd64").host()
    told = reboot(host, "6.1.0-9-amd64", "lxc")
    assert (told.required, told.kernel_installed) == (False, None)
    machine.write("/run/reboot-required", "*** System restart required ***\n")
    machine.write("/run/reboot-required.pkgs", "libc6\nlinux-base\nlibc6\n")
    told = reboot(host, "6.1.0-9-amd64", "lxc")
    assert (told.required, told.reasons) == (True, ["libc6", "linux-base"])
