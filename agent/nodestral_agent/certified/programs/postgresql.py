"""PostgreSQL: postgresql.conf of each cluster, and what it includes; ssl_cert_file is relative to the data."""

from __future__ import annotations

import re

from nodestral_agent.certified.configuration import Configuration, joined, unquoted

PROGRAM = "postgresql"
PLACES = (
    "/etc/postgresql/*/*/postgresql.conf",
    "/var/lib/pgsql/data/postgresql.conf",
    "/var/lib/pgsql/*/data/postgresql.conf",
    "/var/lib/postgres/data/postgresql.conf",
    "/var/lib/postgresql/data/postgresql.conf",
)
SETTING = re.compile(r"^\s*(\w+)\s*(?:=|\s)\s*('(?:[^']|'')*'|[^\s#']+)")
DEPTH_MAX = 10


def named(reader: Configuration) -> None:
    """Every cluster."""
    for place in PLACES:
        for path in reader.matching(place):
            values = {"data_directory": path.rpartition("/")[0]}
            walk(reader, path, values, 0)
            cluster(reader, values)


def walk(reader: Configuration, path: str, values: dict[str, str], depth: int) -> None:
    """The settings of one file; the last of a name counts."""
    folder = path.rpartition("/")[0]
    for line in reader.text(path).splitlines():
        found = SETTING.match(line)
        if not found:
            continue
        name, value = found[1].lower(), unquoted(found[2]).replace("''", "'")
        if depth < DEPTH_MAX and name in ("include", "include_if_exists"):
            walk(reader, joined(folder, value), values, depth + 1)
        elif depth < DEPTH_MAX and name == "include_dir":
            for inner in reader.matching(f"{joined(folder, value)}/*.conf"):
                walk(reader, inner, values, depth + 1)
        else:
            values[name] = value


def cluster(reader: Configuration, values: dict[str, str]) -> None:
    """The pair of one cluster; without ssl there is none."""
    if values.get("ssl", "off").lower() in ("on", "true", "yes", "1"):
        data = values["data_directory"]
        certificate = joined(data, values.get("ssl_cert_file", "server.crt"))
        reader.named.certificate(certificate, joined(data, values.get("ssl_key_file", "server.key")))
