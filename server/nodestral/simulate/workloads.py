"""What runs on a simulated node at the moment: services, timers, ports, containers."""

import hashlib
from typing import Literal

from nodestral.protocol import (
    ContainerItem,
    ContainerMount,
    ContainerNetwork,
    PortItem,
    PublishedPort,
    ServiceItem,
)
from nodestral.simulate.machine import Machine, Running, name_of
from nodestral.simulate.roles import ANY, Container, Service
from nodestral.simulate.software import PACKAGE_OF

TIMER_SECONDS = 12 * 3600.0


def services(machine: Machine) -> list[ServiceItem]:
    return [_service(machine, each, machine.running[name_of(each)]) for each in machine.who.role.services]


def _service(machine: Machine, service: Service, running: Running) -> ServiceItem:
    is_timer = service.unit.endswith(".timer")
    unit = service.unit if is_timer else service.unit + ".service"
    is_down = running.failed_until > machine.last
    has_process = bool(service.process) and not is_down
    is_user = service.scope == "user"
    folder = f"/home/{service.user}/.config/systemd/user" if is_user else "/usr/lib/systemd/system"
    working = "running" if service.process else ("waiting" if is_timer else "exited")
    return ServiceItem(
        key=f"user:{service.user}/{unit}" if is_user else f"system/{unit}",
        scope=service.scope,
        unit=unit,
        state="failed" if is_down else "active",
        source="cgroup" if is_user else "both",
        sub_state="failed" if is_down else working,
        description=service.description,
        user=service.user,
        enabled="enabled",
        since_at=round(running.since),
        restarts_total=running.restarts,
        main_pid=running.pid if has_process else None,
        main_process=service.process if has_process else None,
        exit_code="1" if is_down else None,
        result="exit-code" if is_down else None,
        kind="timer" if is_timer else "service",
        unit_path=f"{folder}/{unit}",
        package=PACKAGE_OF.get(service.unit),
        schedule="OnCalendar=*-*-* 00,12:00:00" if is_timer else None,
        activates=unit.replace(".timer", ".service") if is_timer else None,
        last_log=_last_words(unit) if is_down else None,
    )


def _last_words(unit: str) -> list[str]:
    return [
        f"{unit}: cannot allocate memory",
        f"{unit}: Main process exited, code=exited, status=1/FAILURE",
        f"{unit}: Failed with result 'exit-code'.",
    ]


def service_gauges(machine: Machine, now: float) -> dict[str, dict[str, float]]:
    gauges: dict[str, dict[str, float]] = {}
    for item, service in zip(services(machine), machine.who.role.services, strict=True):
        if item.kind == "timer":
            last = now // TIMER_SECONDS * TIMER_SECONDS
            gauges[item.key] = {"last_run_at": last, "next_run_at": last + TIMER_SECONDS}
        elif item.main_pid is not None:
            age = max(0.0, now - machine.running[name_of(service)].since)
            gauges[item.key] = {
                "memory_bytes": float(int(service.memory_mib * 2**20 * (1 + machine.noise / 8))),
                "cpu_seconds": round(age * service.memory_mib / 40_000, 1),
                "tasks": float(1 + service.memory_mib // 40),
            }
    return gauges


def ports(machine: Machine) -> list[PortItem]:
    found = []
    for service in machine.who.role.services:
        running = machine.running[name_of(service)]
        if running.failed_until > machine.last:
            continue
        for protocol, address, port in service.ports:
            found.append(
                PortItem(
                    key=f"{protocol}/{address}/{port}",
                    protocol=protocol,  # type: ignore[arg-type]  # the roles name these four only
                    address=address,
                    port=port,
                    address_class=_address_class(address),
                    pid=running.pid if service.process else None,
                    process=service.process or None,
                    unit=service.unit + ".service",
                    scope=service.scope,
                    user=service.user,
                    manager="systemd",
                    package=PACKAGE_OF.get(service.unit),
                    takes_ipv4=False if protocol.endswith("6") else None,
                )
            )
    for container in machine.who.role.containers:
        found += [_published(machine, container, port) for port, _ in container.ports]
    return found


def _published(machine: Machine, container: Container, port: int) -> PortItem:
    return PortItem(
        key=f"tcp/{ANY}/{port}",
        protocol="tcp",
        address=ANY,
        port=port,
        address_class="any",
        process="docker-proxy",
        unit="docker.service",
        scope="system",
        user="root",
        container_id=machine.container_id(container),
        manager="systemd",
        package="docker-ce",
    )


def containers(machine: Machine) -> list[ContainerItem]:
    return [
        _container(machine, each, machine.running[name_of(each)], number)
        for number, each in enumerate(machine.who.role.containers, start=2)
    ]


def _container(machine: Machine, container: Container, running: Running, number: int) -> ContainerItem:
    is_down = running.failed_until > machine.last
    network = f"{container.project}_default" if container.project else "bridge"
    return ContainerItem(
        key=machine.container_id(container),
        name=container.name,
        image=container.image,
        state="exited" if is_down else "running",
        health=None if container.project is None else ("unhealthy" if is_down else "healthy"),
        ports=[PublishedPort("tcp", inner, ANY, outer) for outer, inner in container.ports],
        created_at=round(machine.filled_at),
        started_at=round(running.since),
        exit_code=137 if is_down else None,
        compose_project=container.project,
        compose_service=container.name.split("-")[1] if container.project and "-" in container.name else None,
        runtime="docker",
        image_digest="sha256:" + hashlib.sha256(container.image.encode()).hexdigest(),
        restart_policy="unless-stopped",
        restarts_total=running.restarts,
        finished_at=round(running.since) if is_down else None,
        mounts=[ContainerMount("volume", "/data", f"{container.name}_data")],
        networks=[ContainerNetwork(network, None if is_down else f"172.18.0.{number}")],
        user="root",
    )


def _address_class(address: str) -> Literal["any", "loopback", "private"]:
    if address in (ANY, "::"):
        return "any"
    return "loopback" if address.startswith("127.") else "private"
