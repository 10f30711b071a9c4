"""What is installed on simulated nodes: the same on all of one role and one system, as in a fleet that is kept well."""

import random
from collections.abc import Sequence
from functools import lru_cache

from nodestral.protocol import PackageItem, PendingUpdate, UpdateItem, UpdateSource

# Of a unit or a program; also in which package it comes.
PACKAGE_OF = {
    "ssh": "openssh-server", "cron": "cron", "systemd-journald": "systemd", "systemd-timesyncd": "systemd-timesyncd",
    "unattended-upgrades": "unattended-upgrades", "fail2ban": "fail2ban", "nginx": "nginx", "docker": "docker-ce",
    "containerd": "containerd.io", "php8.2-fpm": "php8.2-fpm", "certbot.timer": "certbot",
    "postgresql@15-main": "postgresql-15", "pgbouncer": "pgbouncer", "redis-server": "redis-server",
    "node_exporter": "prometheus-node-exporter", "postfix@-": "postfix", "dovecot": "dovecot-core", "rspamd": "rspamd",
    "syncthing": "syncthing", "wg-quick@wg0": "wireguard-tools",
}  # fmt: skip
EVERYWHERE = (
    "adduser apparmor apt base-files base-passwd bash bsdutils bzip2 ca-certificates coreutils curl dash dbus debconf "
    "debianutils diffutils dirmngr dpkg e2fsprogs file findutils gawk gettext-base git gnupg gpgv grep gzip hostname "
    "htop init iproute2 iptables iputils-ping jq kmod less libacl1 libapparmor1 libattr1 libaudit1 libblkid1 libbpf1 "
    "libbz2-1.0 libc-bin libc6 libcap2 libcurl4 libdb5.3 libelf1 libexpat1 libffi8 libgcc-s1 libgcrypt20 libgmp10 "
    "libgnutls30 libgssapi-krb5-2 libicu72 libjson-c5 libkeyutils1 libkmod2 libkrb5-3 libldap-2.5-0 liblz4-1 liblzma5 "
    "libmount1 libncursesw6 libnettle8 libnftables1 libnghttp2-14 libpam-modules libpam0g libpcre2-8-0 libpsl5 "
    "libpython3.11 libreadline8 libsasl2-2 libseccomp2 libselinux1 libsqlite3-0 libssh2-1 libssl3 libstdc++6 "
    "libsystemd0 libtinfo6 libudev1 libunistring2 libuuid1 libxml2 libzstd1 linux-base locales login logrotate "
    "lsb-release mawk mount nano ncurses-base netbase nftables openssl passwd perl-base procps psmisc python3 "
    "python3-apt python3-minimal rsync rsyslog screen sed sudo sysvinit-utils tar tmux tzdata ucf udev util-linux "
    "vim-tiny wget whiptail xz-utils zlib1g zstd"
)
OF_ROLE = {
    "web": "nginx nginx-common php8.2-fpm php8.2-cli php8.2-common php8.2-mysql php8.2-xml python3-certbot certbot",
    "db": "postgresql-15 postgresql-client-15 postgresql-common pgbouncer redis-server redis-tools libpq5 libllvm14",
    "app": "docker-ce docker-ce-cli docker-compose-plugin containerd.io libip4tc2 pigz",
    "agent": "nodejs npm libnode108 build-essential python3-venv",
    "worker": "prometheus-node-exporter python3-celery python3-kombu python3-redis libvips42",
    "mail": "postfix dovecot-core dovecot-imapd rspamd certbot opendkim libmilter1.0.1",
    "home": "docker-ce docker-ce-cli containerd.io syncthing wireguard-tools smartmontools",
}
# What of that only Debian's family has, and what stands in its place elsewhere.
DEBIAN_ONLY = frozenset(
    ("adduser", "apt", "base-files", "base-passwd", "debconf", "debianutils", "dpkg", "libc-bin", "libc6",
     "lsb-release", "python3-apt", "ucf")
)  # fmt: skip
RPM_INSTEAD = ("dnf", "fedora-release", "glibc", "rpm", "rpm-libs", "setup", "shadow-utils", "yum-utils")
DPKG_SYSTEMS = frozenset({"debian", "ubuntu"})


def manager_of(os_id: str) -> str:
    return "dpkg" if os_id in DPKG_SYSTEMS else "rpm"


@lru_cache(maxsize=256)
def packages(os_id: str, os_version: str, role: str) -> tuple[PackageItem, ...]:
    """The same tuple for all nodes of a system and a role."""
    manager = manager_of(os_id)
    architecture = "amd64" if manager == "dpkg" else "x86_64"
    names = dict.fromkeys([*EVERYWHERE.split(), "openssh-server", "cron", "fail2ban", *OF_ROLE[role].split()])
    if manager == "rpm":
        names = dict.fromkeys([*(name for name in names if name not in DEBIAN_ONLY), *RPM_INSTEAD])
    return tuple(
        PackageItem(
            f"{manager}/{name}/{architecture}", manager, name, _version(name, os_id, os_version), architecture,
            source=name.split("-", maxsplit=1)[0], size_bytes=1024 * random.Random(name).randrange(40, 60_000),  # noqa: S311
            held=name == "docker-ce",
        )
        for name in sorted(names)
    )  # fmt: skip


def _version(name: str, os_id: str, os_version: str) -> str:
    chance = random.Random(f"{name} {os_id} {os_version}")  # noqa: S311 - a picture, not a secret
    upstream = f"{chance.randrange(1, 12)}.{chance.randrange(30)}.{chance.randrange(12)}"
    tails = {
        "debian": f"-{chance.randrange(1, 6)}+deb{os_version}u{chance.randrange(1, 4)}",
        "ubuntu": f"-{chance.randrange(1, 6)}ubuntu{chance.randrange(1, 4)}",
        "rocky": f"-{chance.randrange(1, 40)}.el{os_version[:1]}",
        "fedora": f"-{chance.randrange(1, 9)}.fc{os_version}",
    }
    return upstream + tails[os_id]


def updates(installed: Sequence[PackageItem], os_id: str, seed: int) -> list[UpdateItem]:
    """None on a third of the nodes, some on the others; the more, the less is installed by itself."""
    chance = random.Random(seed)  # noqa: S311 - a picture, not a secret
    manager = manager_of(os_id)
    automatic = chance.choice(["security", "security", "security", "all", "off"])
    by = "unattended-upgrades" if manager == "dpkg" else "dnf-automatic"
    most = {"security": 9, "all": 2, "off": 24}[automatic]
    chosen = chance.sample(list(installed), 0 if chance.random() < 0.33 else chance.randrange(1, most + 1))
    return [
        UpdateSource(f"manager/{manager}", manager, automatic, None if automatic == "off" else by),
        *(_update(each, is_security=automatic != "security" and chance.random() < 0.3, os_id=os_id) for each in chosen),
    ]


def _update(installed: PackageItem, *, is_security: bool, os_id: str) -> PendingUpdate:
    return PendingUpdate(
        installed.key, installed.manager, installed.name, f"{installed.version[:-1]}{int(installed.version[-1]) + 1}",
        installed.version, installed.architecture, security=is_security,
        origin=f"{os_id}-security" if is_security else f"{os_id}-updates", held=installed.held,
    )  # fmt: skip
