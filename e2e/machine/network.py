"""A network of the tests' own: one hub namespace with a bridge, and a namespace for each machine on it.

Addresses are 192.0.2.0/24 (TEST-NET-1, RFC 5737). There is no route to anywhere else, neither from the machines nor
from this computer to them: whatever a machine sends stays among the namespaces made here. Needs root.
"""

import ctypes
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from e2e.machine import host
from e2e.machine.errors import HarnessError

HUB_ADDRESS = "192.0.2.1"
_CLONE_NEWNET = 0x40000000  # linux/sched.h

Made = TypeVar("Made")


@dataclass(frozen=True)
class Namespace:
    """A network namespace on the hub's bridge; its one interface is eth0."""

    name: str
    address: str

    @property
    def path(self) -> Path:
        return Path("/run/netns") / self.name

    def enter(self, *command: str | Path) -> list[str | Path]:
        """The command that runs this command in the namespace, all else being this computer's own."""
        return ["nsenter", f"--net={self.path}", *command]


class Network:
    """`name` tells this run's namespaces from those of another run at the same time; the addresses are the same."""

    def __init__(self, name: str) -> None:
        self.hub = Namespace(f"{name}-hub", HUB_ADDRESS)
        self._name = name
        self._joined: list[Namespace] = []
        self._next_number = 11

    def create(self) -> None:
        host.run("ip", "netns", "add", self.hub.name)
        for words in (
            "link set lo up",
            "link add bridge type bridge",
            f"addr add {HUB_ADDRESS}/24 dev bridge",
            "link set bridge up",
        ):
            host.run("ip", "-netns", self.hub.name, *words.split())

    def join(self, name: str) -> Namespace:
        """A new namespace with an address that no other has had."""
        member = Namespace(f"{self._name}-{name}", f"192.0.2.{self._next_number}")
        self._next_number += 1
        host.run("ip", "netns", "add", member.name)
        self._joined.append(member)
        on_hub = _port_of(member.address)
        for netns, words in (
            (self.hub.name, f"link add {on_hub} type veth peer name eth0 netns {member.name}"),
            (self.hub.name, f"link set {on_hub} master bridge up"),
            (member.name, "link set lo up"),
            (member.name, f"addr add {member.address}/24 dev eth0"),
            (member.name, "link set eth0 up"),
        ):
            host.run("ip", "-netns", netns, *words.split())
        return member

    def leave(self, member: Namespace) -> None:
        self._joined.remove(member)
        host.run("ip", "netns", "delete", member.name)

    def cut(self, address: str) -> None:
        """Pull the cable of the machine with this address, at the bridge: the machine itself is not told."""
        host.run("ip", "-netns", self.hub.name, "link", "set", _port_of(address), "nomaster")

    def mend(self, address: str) -> None:
        host.run("ip", "-netns", self.hub.name, "link", "set", _port_of(address), "master", "bridge")

    def listen(self, port: int) -> socket.socket:
        """A socket that listens on the hub's address, for use here: a socket stays in the namespace it was made in."""
        return in_namespace(self.hub, lambda: socket.create_server((HUB_ADDRESS, port)))

    def destroy(self) -> None:
        for namespace in [*self._joined, self.hub]:
            host.run("ip", "netns", "delete", namespace.name, check=False)
        self._joined.clear()


def _port_of(address: str) -> str:
    return f"to{address.rpartition('.')[2]}"


def in_namespace(namespace: Namespace, make: Callable[[], Made]) -> Made:
    """Call `make` in a thread that has entered the namespace, and give back what it made."""
    outcome: list[Made] = []
    trouble: list[BaseException] = []

    def enter_and_make() -> None:
        try:
            _set_namespace(namespace.path)
            outcome.append(make())
        except BaseException as error:  # noqa: BLE001  handed to the caller's thread below
            trouble.append(error)

    # setns(2) changes the calling thread only; the thread ends and takes the change with it.
    thread = threading.Thread(target=enter_and_make)
    thread.start()
    thread.join()
    if trouble:
        raise HarnessError(f"in the network namespace {namespace.name}: {trouble[0]}") from trouble[0]
    return outcome[0]


def _set_namespace(path: Path) -> None:
    # os.setns came with Python 3.12; the tests run on 3.11 too.
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if libc.setns(descriptor, _CLONE_NEWNET) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(path))
    finally:
        os.close(descriptor)
