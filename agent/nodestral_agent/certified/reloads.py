"""Tells a certificate that was renewed on disk and is not served yet: its server was not reloaded."""

from __future__ import annotations

from typing import Any


def tell(served: list[dict[str, Any]], in_files: list[dict[str, Any]]) -> None:
    """Add to each served item the file with a newer certificate for the same names, and who renews what it serves."""
    by_names: dict[frozenset[str], list[dict[str, Any]]] = {}
    for item in in_files:
        by_names.setdefault(frozenset(item["names"]), []).append(item)
    for item in served:
        alike = [one for one in by_names.get(frozenset(item["names"]), []) if item["names"]]
        alike = own(item, alike)
        same = [one for one in alike if one["fingerprint_sha256"] == item["fingerprint_sha256"]]
        newer = [one for one in alike if one["not_before_at"] > item["not_before_at"]]
        if newer and not same:
            item["newer_path"] = max(newer, key=lambda one: (one["not_before_at"], one["path"]))["path"]
        renewing = next((one for one in [*same, *newer] if one.get("renewed_by")), None)
        if renewing:
            item.update({name: renewing[name] for name in ("renewed_by", "renewal_healthy", "renewal_reason")})


def own(item: dict[str, Any], alike: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the files for these names those that are of the item's own server, as far as the configurations tell."""
    unit = item["unit"] or ""
    mine = [one for one in alike if any(is_of(program, unit) for program in one["used_by"])]
    if mine or not unit.startswith(KNOWN):
        return mine or alike
    return [one for one in alike if not one["used_by"]]


# How the units of programs begin where they are called otherwise.
UNITS = {"apache": ("apache", "httpd")}
KNOWN = ("nginx", "apache", "httpd", "caddy", "postfix", "dovecot", "haproxy", "traefik", "postgresql")


def is_of(program: str, unit: str) -> bool:
    """Whether a unit is a program's: nginx.service, postfix@-.service, postgresql@15-main.service."""
    return unit.startswith(UNITS.get(program, (program,)))
