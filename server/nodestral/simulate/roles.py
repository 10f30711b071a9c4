"""What simulated nodes are for: their services, ports, containers and how busy that makes them."""

from typing import Literal, NamedTuple


class Service(NamedTuple):
    """unit: without ".service". user: who runs it. ports: (protocol, address, number)."""

    unit: str
    description: str
    process: str
    user: str = "root"
    scope: Literal["system", "user"] = "system"
    ports: tuple[tuple[str, str, int], ...] = ()
    memory_mib: int = 20


class Container(NamedTuple):
    name: str
    image: str
    ports: tuple[tuple[int, int], ...] = ()
    project: str | None = None


class Role(NamedTuple):
    """busy, memory, traffic: their means over a day; day: how much of busy and traffic follows the sun."""

    name: str
    busy_percent: float
    memory_share: float
    traffic_bytes: float
    day: float
    disk_share: float
    grows_bytes_per_day: float
    services: tuple[Service, ...]
    containers: tuple[Container, ...] = ()
    smallest_size: int = 0


MIB = 2**20
ANY, LOCAL = "0.0.0.0", "127.0.0.1"  # noqa: S104 - what a simulated service listens on
EVERYWHERE = (
    Service("ssh", "OpenBSD Secure Shell server", "sshd", ports=(("tcp", ANY, 22), ("tcp6", "::", 22)), memory_mib=9),
    Service("cron", "Regular background program processing daemon", "cron", memory_mib=3),
    Service("systemd-journald", "Journal Service", "systemd-journal", memory_mib=32),
    Service("systemd-timesyncd", "Network Time Synchronization", "systemd-timesyn", "systemd-timesync", memory_mib=7),
    Service("unattended-upgrades", "Unattended Upgrades Shutdown", "unattended-upgr", memory_mib=21),
    Service("fail2ban", "Fail2Ban Service", "fail2ban-server", memory_mib=34),
)
NGINX = Service(
    "nginx", "A high performance web server and a reverse proxy server", "nginx",
    ports=(("tcp", ANY, 80), ("tcp", ANY, 443), ("tcp6", "::", 80), ("tcp6", "::", 443)), memory_mib=28,
)  # fmt: skip
DOCKER = Service("docker", "Docker Application Container Engine", "dockerd", memory_mib=96)
ROLES = (
    Role(
        "web", 14, 0.42, 900_000, 0.8, 0.34, 60 * MIB,
        (
            *EVERYWHERE, NGINX,
            Service("php8.2-fpm", "The PHP 8.2 FastCGI Process Manager", "php-fpm8.2", "www-data", memory_mib=180),
            Service("certbot.timer", "Run certbot twice daily", "", memory_mib=0),
        ),
    ),
    Role(
        "db", 22, 0.71, 350_000, 0.6, 0.55, 900 * MIB,
        (
            *EVERYWHERE,
            Service("postgresql@15-main", "PostgreSQL Cluster 15-main", "postgres", "postgres",
                    ports=(("tcp", LOCAL, 5432), ("tcp", "10.0.0.5", 5432)), memory_mib=1400),
            Service("pgbouncer", "connection pooler for PostgreSQL", "pgbouncer", "postgres",
                    ports=(("tcp", "10.0.0.5", 6432),), memory_mib=14),
            Service("redis-server", "Advanced key-value store", "redis-server", "redis",
                    ports=(("tcp", LOCAL, 6379),), memory_mib=210),
        ),
        smallest_size=3,
    ),
    Role(
        "app", 31, 0.6, 1_400_000, 0.7, 0.47, 350 * MIB,
        (*EVERYWHERE, DOCKER, Service("containerd", "containerd container runtime", "containerd", memory_mib=48)),
        (
            Container("shop-web-1", "ghcr.io/example/shop:2.14.1", ((8080, 80),), "shop"),
            Container("shop-worker-1", "ghcr.io/example/shop:2.14.1", (), "shop"),
            Container("shop-db-1", "postgres:17", (), "shop"),
            Container("shop-cache-1", "valkey/valkey:9", (), "shop"),
            Container("traefik", "traefik:v3.5", ((80, 80), (443, 443))),
        ),
        smallest_size=2,
    ),
    Role(
        "agent", 9, 0.5, 90_000, 0.3, 0.41, 120 * MIB,
        (
            *EVERYWHERE,
            Service("openclaw-gateway", "OpenClaw Gateway", "node", "openclaw", "user",
                    (("tcp", LOCAL, 18789),), 420),
            Service("ollama", "Ollama Service", "ollama", "ollama", ports=(("tcp", LOCAL, 11434),), memory_mib=900),
        ),
        smallest_size=1,
    ),
    Role(
        "worker", 48, 0.55, 260_000, 0.35, 0.3, 40 * MIB,
        (
            *EVERYWHERE,
            *(Service(f"celery@{n}", f"Celery worker {n}", "celery", "app", memory_mib=190) for n in (1, 2, 3)),
            Service("node_exporter", "Prometheus exporter for machine metrics", "node_exporter", "prometheus",
                    ports=(("tcp6", "::", 9100),), memory_mib=18),
        ),
        smallest_size=1,
    ),
    Role(
        "mail", 6, 0.38, 60_000, 0.5, 0.62, 500 * MIB,
        (
            *EVERYWHERE,
            Service("postfix@-", "Postfix Mail Transport Agent (instance -)", "master",
                    ports=(("tcp", ANY, 25), ("tcp", ANY, 587)), memory_mib=12),
            Service("dovecot", "Dovecot IMAP/POP3 email server", "dovecot",
                    ports=(("tcp", ANY, 143), ("tcp", ANY, 993)), memory_mib=26),
            Service("rspamd", "rapid spam filtering system", "rspamd", "_rspamd",
                    ports=(("tcp", LOCAL, 11332),), memory_mib=240),
        ),
    ),
    Role(
        "home", 5, 0.45, 40_000, 0.4, 0.58, 700 * MIB,
        (
            *EVERYWHERE, DOCKER,
            Service("syncthing", "Syncthing - Open Source Continuous File Synchronization", "syncthing", "ada", "user",
                    (("tcp", LOCAL, 8384), ("tcp6", "::", 22000)), 85),
            Service("wg-quick@wg0", "WireGuard via wg-quick for wg0", "", ports=(("udp", ANY, 51820),), memory_mib=0),
        ),
        (
            Container("homeassistant", "ghcr.io/home-assistant/home-assistant:2026.11", ((8123, 8123),)),
            Container("jellyfin", "jellyfin/jellyfin:10.11", ((8096, 8096),), "media"),
        ),
        smallest_size=1,
    ),
)  # fmt: skip
