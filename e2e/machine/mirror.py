"""Where Debian packages come from: the archive that this computer's own apt uses, reached the way apt reaches it.

Reads apt's sources in both formats (one-line and deb822, see sources.list(5)) and apt's settings for proxies and
certificates. Nothing here knows the name of a host.
"""

import os
import platform
from collections.abc import Iterator
from pathlib import Path

from e2e.machine import host

SOURCES = Path("/etc/apt")


def mirror() -> str | None:
    """The address of a Debian archive, or None for debootstrap's own default.

    NODESTRAL_TEST_MIRROR overrides what apt says. On a computer that is not Debian, apt's archive holds no Debian.
    """
    if chosen := os.environ.get("NODESTRAL_TEST_MIRROR"):
        return chosen
    release = platform.freedesktop_os_release()
    if release.get("ID") != "debian":
        return None
    suite = release.get("VERSION_CODENAME", "")
    for uri, suites in sources(SOURCES):
        if suite in suites and uri.startswith(("http://", "https://", "file:/")):
            return uri
    return None


def sources(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Every binary source that apt has, as (address, suites)."""
    for path in [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]:
        if not path.is_file():
            continue
        text = path.read_text(errors="replace")
        if path.suffix == ".list":
            yield from _one_line_sources(text)
        elif path.suffix == ".sources":
            yield from _deb822_sources(text)


def _one_line_sources(text: str) -> Iterator[tuple[str, list[str]]]:
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words or words[0] != "deb":
            continue
        del words[0]
        if words and words[0].startswith("["):  # options, which may hold spaces: [ arch=amd64 signed-by=… ]
            while words and not words.pop(0).endswith("]"):
                pass
        if len(words) >= 2:
            yield words[0], [words[1]]


def _deb822_sources(text: str) -> Iterator[tuple[str, list[str]]]:
    for stanza in text.split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in stanza.splitlines():
            if line.startswith("#"):
                continue
            if line[:1].isspace():
                fields[name] = f"{fields.get(name, '')} {line.strip()}"
            elif ":" in line:
                name, _, value = line.partition(":")
                name = name.strip().lower()
                fields[name] = value.strip()
        if "deb" in fields.get("types", "").split() and fields.get("enabled", "yes").lower() not in {"no", "false"}:
            for uri in fields.get("uris", "").split():
                yield uri, fields.get("suites", "").split()


def download_environment(folder: Path) -> dict[str, str]:
    """Environment that lets debootstrap's downloader use apt's proxies and certificate authorities.

    Where the downloader takes a setting from a file only, that file is written into `folder`.
    """
    settings = dict(
        line.rstrip(";").split(" ", 1) for line in host.run("apt-config", "dump").stdout.splitlines() if " " in line
    )
    environment = {}
    for scheme in ("http", "https"):
        proxy = settings.get(f"Acquire::{scheme}::Proxy", "").strip('"')
        if proxy and proxy != "DIRECT":
            environment[f"{scheme}_proxy"] = proxy
    authorities = settings.get("Acquire::https::CaInfo", "").strip('"') or os.environ.get("SSL_CERT_FILE", "")
    if authorities:
        # wget, which debootstrap calls, takes a bundle from its own configuration file only.
        configuration = folder / "wgetrc"
        configuration.write_text(f"ca_certificate = {authorities}\n")
        environment["WGETRC"] = str(configuration)
    return environment
