"""What the machine of the pictures has, section by section: a web server as many are, with a few things to see to."""

import hashlib
import time
from typing import Any

from e2e.browser import access, certificates, software
from e2e.browser.machine import container, port, section, service
from nodestral.protocol import (
    CloudItem,
    ContainerItem,
    ContainerMount,
    ContainerNetwork,
    Coverage,
    MonitoringItem,
    PortItem,
    PublishedPort,
    Section,
    Sections,
    ServiceItem,
    SystemItem,
)

ANYWHERE = "0.0.0.0"  # noqa: S104 - what a machine of the pictures listens on


def everything(item: SystemItem) -> Sections:
    """All eleven sections."""
    return Sections(
        system=section([item]),
        services=with_gauges(services(), service_gauges()),
        ports=section(ports()),
        containers=section(containers()),
        certificates=section(certificates.certificates(time.time())),
        packages=section(software.packages()),
        updates=with_gauges(software.updates(), {"manager/dpkg": {"index_refreshed_at": time.time() - 7 * 3600}}),
        firewall=with_gauges(access.firewall(), access.firewall_gauges()),
        users=with_gauges(access.users(), {"user/anna": {"last_login_at": time.time() - 5 * 3600}}),
        cloud=section([cloud()]),
        monitoring=section(monitoring()),
    )


def with_gauges(items: list[Any], gauges: dict[str, dict[str, float]]) -> Section[Any]:
    found = section(items)
    found.gauges = gauges
    return found


def services() -> list[ServiceItem]:
    from_package = {"nginx": "nginx", "ssh": "openssh-server", "cron": "cron", "postgresql": "postgresql-15",
                    "docker": "docker-ce", "chrony": "chrony"}  # fmt: skip
    return [
        *(
            service(f"{name}.service", package=package, unit_path=f"/usr/lib/systemd/system/{name}.service")
            for name, package in from_package.items()
        ),
        service(
            "backup.service", state="failed", sub_state="failed", exit_code="2", result="exit-code", main_pid=None,
            main_process=None,
            restarts_total=5, unit_path="/etc/systemd/system/backup.service",
            last_log=[
                "Starting backup.service - Nightly backup of the shop …",
                "repository sftp:backup-1:/srv/restic opened",
                "Fatal: unable to create lock in backend: repository is already locked by PID 3121 on web-1",
                "backup.service: Main process exited, code=exited, status=2/INVALIDARGUMENT",
                "backup.service: Failed with result 'exit-code'.",
            ],
        ),
        service(
            "backup.timer", kind="timer", sub_state="waiting", main_pid=None, main_process=None,
            schedule="OnCalendar=*-*-* 03:15:00", activates="backup.service", description="Nightly backup",
        ),
        service(
            "certbot.timer", kind="timer", sub_state="waiting", main_pid=None, main_process=None, package="certbot",
            schedule="OnCalendar=*-*-* 00,12:00:00", activates="certbot.service", description="Renews certificates",
        ),
        service("apt-daily.service", state="inactive", sub_state="dead", main_pid=None, since_at=None),
        service(
            "openclaw.service", scope="user", user="openclaw", key="user:openclaw/openclaw.service",
            unit_path="/home/openclaw/.config/systemd/user/openclaw.service",
        ),
        service(
            "cron.d/logrotate-shop", key="cron:system/etc/cron.d/logrotate-shop/1", manager="cron", kind="timetable",
            source="file", state="active", sub_state=None, main_pid=None, main_process=None, since_at=None,
            enabled=None, schedule="*/20 * * * *", activates="/usr/sbin/logrotate /etc/logrotate.shop.conf",
            unit_path="/etc/cron.d/logrotate-shop", description=None, restarts_total=None,
        ),
        service(
            "shop-mailer", key="supervisord:system/shop-mailer", manager="supervisord", source="manager",
            user="www-data", main_process="python3", enabled=None, description=None,
        ),
    ]  # fmt: skip


def service_gauges() -> dict[str, dict[str, float]]:
    now = time.time()
    used = {"nginx": (31, 412, 5), "ssh": (8, 3, 1), "cron": (3, 9, 1), "postgresql": (612, 9_802, 14),
            "docker": (104, 2_210, 22), "chrony": (4, 31, 1)}  # fmt: skip
    return {
        **{
            f"system/{name}.service": {
                "memory_bytes": mib * 2.0**20,
                "cpu_seconds": float(seconds),
                "tasks": float(tasks),
            }
            for name, (mib, seconds, tasks) in used.items()
        },
        "user:openclaw/openclaw.service": {"memory_bytes": 433.0 * 2**20, "cpu_seconds": 1_204.0, "tasks": 18.0},
        "system/backup.timer": {"last_run_at": now - 9 * 3600, "next_run_at": now + 15 * 3600},
        "system/certbot.timer": {"last_run_at": now - 4 * 3600, "next_run_at": now + 8 * 3600},
    }


def ports() -> list[PortItem]:
    return [
        port(22, "ssh.service", package="openssh-server"),
        port(80, "nginx.service", package="nginx"),
        port(443, "nginx.service", package="nginx"),
        port(
            443, "nginx.service", package="nginx", key="tcp6/::/443", protocol="tcp6", address="::", takes_ipv4=False
        ),
        port(
            5432, "postgresql.service", address="127.0.0.1", address_class="loopback", key="tcp/127.0.0.1/5432",
            package="postgresql-15",
        ),
        port(8080, None, container_id=_id("web"), process="docker-proxy"),
        port(18789, "openclaw.service", scope="user", user="openclaw"),
        port(9100, None, key="tcp6/::/9100", protocol="tcp6", address="::", takes_ipv4=True, process="node_exporter"),
        port(68, None, protocol="udp", key="udp/0.0.0.0/68", pid=None, process=None),
    ]  # fmt: skip


def containers() -> list[ContainerItem]:
    digest = "sha256:" + hashlib.sha256(b"shop").hexdigest()
    network = [ContainerNetwork("shop_default", "172.20.0.3")]
    more: dict[str, Any] = {
        "image_digest": digest, "restart_policy": "unless-stopped", "user": "root", "networks": network,
    }  # fmt: skip
    return [
        container(
            "web",
            ports=[PublishedPort("tcp", 80, ANYWHERE, 8080)],
            restarts_total=0,
            mounts=[
                ContainerMount("bind", "/etc/shop", "/srv/shop/config", read_only=True),
                ContainerMount("volume", "/var/lib/shop/uploads", "shop_uploads"),
                ContainerMount("tmpfs", "/tmp"),
            ],
            **more,
        ),
        container("worker", health="unhealthy", restarts_total=14, **more),
        container(
            "migrate", state="exited", health=None, exit_code=1, finished_at=time.time() - 7900, restart_policy="no"
        ),
    ]


def _id(name: str) -> str:
    return container(name).key


def cloud() -> CloudItem:
    return CloudItem(
        "cloud", "cloud", "both", "Hetzner", "fsn1", "fsn1-dc14", "48210977", "cpx31", "vServer",
        ["203.0.113.4", "2001:db8::4"], ["10.0.0.4"],
    )  # fmt: skip


def monitoring() -> list[MonitoringItem]:
    return [
        MonitoringItem("node_exporter", "node_exporter", running=True, evidence="unit", version="1.5.0", port=9100),
        MonitoringItem("netdata", "Netdata", running=False, evidence="package", version="1.37.1"),
    ]


FIREWALL_GRANT = "sudo systemctl enable --now nodestral-agent-firewall.timer"


def of_an_ordinary_user() -> dict[str, Coverage]:
    """What an agent that one user installed for himself may not see, and what is not there."""
    return {
        "system": Coverage("full", duration_seconds=0.1),
        "services": Coverage("partial", "The journal may not be read.", "sudo usermod -aG systemd-journal anna"),
        "ports": Coverage("full"),
        "containers": Coverage("absent", "There is no container engine on this machine."),
        "certificates": Coverage("error", "The scan of certificates took longer than 20 seconds."),
        "packages": Coverage("full"),
        "updates": Coverage("full"),
        "firewall": Coverage("denied", "The kernel tells its rules only to those with CAP_NET_ADMIN.", FIREWALL_GRANT),
        "users": Coverage(
            "denied", "This account may not read who can log in.", "sudo setfacl -m u:anna:r /etc/shadow"
        ),
        "cloud": Coverage("absent", "Nothing tells where this machine stands."),
        "monitoring": Coverage("full"),
    }
