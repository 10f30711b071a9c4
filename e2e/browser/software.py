"""Packages and updates of the machine of the pictures."""

import hashlib
from collections.abc import Iterator
from typing import Any

from nodestral.protocol import PackageItem, PendingUpdate, UpdateItem, UpdateSource

WORDS = (
    "acl adduser apparmor apt attr audit base-files bash bind9 binutils bsdutils bzip2 ca-certificates cairo "
    "certbot chrony coreutils cpio cron curl cyrus dash dbus debconf debianutils dialog diffutils dirmngr "
    "docker dpkg e2fsprogs elfutils ethtool expat fail2ban file findutils fontconfig freetype gawk gcc gdbm "
    "gettext git glib gmp gnupg gnutls grep groff gzip hostname icu idn init iproute2 iptables iputils "
    "jansson json-c kbd keyutils klibc kmod krb5 ldap less locale logrotate lsb lsof lvm2 lz4 lzma make man- "
    "db mawk media mime mount nano ncurses netbase nettle newt nftables nghttp2 nginx node npth openssh "
    "openssl p11-kit pam parted passwd patch pciutils pcre perl php pipewire popt postgresql procps psl "
    "psmisc python readline redis reportbug rsync rsyslog rtmp sasl seccomp sed selinux sensible slang smart "
    "sqlite ssh2 strace sudo systemd tar tasksel tcl telnet time traceroute tzdata ucf udev unattended "
    "unistring usb util-linux uuid vim wget whiptail x11 xfs xml xz yaml zlib zstd "
)
STEMS = WORDS.split()
SHAPES = (
    "{0}", "lib{0}1", "lib{0}-common", "{0}-data", "python3-{0}", "lib{0}-perl", "lib{0}-dev", "{0}-doc", "{0}-utils",
    "golang-{0}",
)  # fmt: skip


def packages() -> list[PackageItem]:
    """About fifteen hundred, as on an ordinary server that has lived for some years."""
    return [*_packages_of_dpkg(), PackageItem("snap/core22", "snap", "core22", "20250923", size_bytes=77_000_000)]


def _packages_of_dpkg() -> Iterator[PackageItem]:
    known = {"nginx": "1.22.1-9+deb12u2", "openssh-server": "1:9.2p1-2+deb12u6", "postgresql-15": "15.13-0+deb12u1",
             "cron": "3.0pl1-162", "chrony": "4.3-2+deb12u1", "certbot": "2.1.0-4", "docker-ce": "5:28.4.0-1~debian.12",
             "openssl": "3.0.16-1~deb12u1", "linux-image-6.1.0-31-amd64": "6.1.128-1"}  # fmt: skip
    names = dict.fromkeys(shape.format(stem) for stem in STEMS for shape in SHAPES)
    for name in {**names, **known}:
        number = int(hashlib.sha256(name.encode()).hexdigest()[:6], 16)
        version = known.get(name, f"{number % 9}.{number % 31}.{number % 7}-{1 + number % 5}+deb12u{1 + number % 3}")
        yield PackageItem(
            f"dpkg/{name}/amd64", "dpkg", name, version, "amd64", source=name.removeprefix("lib").split("-")[0],
            size_bytes=1024 * (40 + number % 90_000 // 30), held=name in ("docker-ce", "libssl-dev"),
        )  # fmt: skip


def updates() -> list[UpdateItem]:
    def pending(name: str, installed: str, candidate: str, *, security: bool, **over: Any) -> PendingUpdate:
        origin = "Debian-Security:12/stable-security" if security else "Debian:12.12/stable"
        told: dict[str, Any] = {"origin": origin, **over}
        return PendingUpdate(
            f"dpkg/{name}/amd64", "dpkg", name, candidate, installed, "amd64", security=security, **told
        )

    return [
        UpdateSource("manager/dpkg", "dpkg", automatic="security", automatic_by="unattended-upgrades"),
        pending("openssl", "3.0.16-1~deb12u1", "3.0.17-1~deb12u3", security=True),
        pending("nginx", "1.22.1-9+deb12u2", "1.22.1-9+deb12u3", security=True),
        pending("postgresql-15", "15.13-0+deb12u1", "15.14-0+deb12u1", security=True),
        pending("tzdata", "2025b-0+deb12u1", "2025b-0+deb12u2", security=False),
        pending("curl", "7.88.1-10+deb12u12", "7.88.1-10+deb12u14", security=False),
        pending("docker-ce", "5:28.4.0-1~debian.12", "5:28.5.2-1~debian.12", security=False, held=True,
                origin="Docker:bookworm"),
    ]  # fmt: skip
