"""Section `containers`: what container engines run here. Environments and labels never travel."""

from typing import Annotated

from msgspec import Meta, Struct

from nodestral.protocol.kinds import Count, Key, PastTime, Short, Text


class PublishedPort(Struct):
    protocol: Short
    container_port: Annotated[int, Meta(ge=0, le=65535)]
    host_address: Short | None = None
    host_port: Annotated[int, Meta(ge=0, le=65535)] | None = None


class ContainerMount(Struct):
    """type: bind, volume, tmpfs … source: a path of the node or a volume's name."""

    type: Short
    destination: Text
    source: Text = ""
    read_only: bool = False


class ContainerNetwork(Struct):
    name: Short
    address: Short | None = None


class ContainerItem(Struct):
    """A container. Key: its full id."""

    key: Key
    name: Short
    image: Text
    state: Short
    health: Short | None = None
    ports: Annotated[list[PublishedPort], Meta(max_length=256)] = []
    created_at: PastTime | None = None
    started_at: PastTime | None = None
    exit_code: Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)] | None = None
    compose_project: Short | None = None
    compose_service: Short | None = None
    runtime: Short | None = None
    image_digest: Short | None = None
    restart_policy: Short | None = None
    restarts_total: Count | None = None
    finished_at: PastTime | None = None
    mounts: Annotated[list[ContainerMount], Meta(max_length=256)] = []
    networks: Annotated[list[ContainerNetwork], Meta(max_length=64)] = []
    # Who runs the engine: root, or the user of a rootless one.
    user: Short | None = None
