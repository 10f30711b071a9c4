"""One installed package as every reader of a database tells it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any


def package(
    manager: str,
    name: str,
    version: str,
    architecture: str = "",
    source: str = "",
    size_bytes: int | None = None,
    held: bool = False,
) -> dict[str, Any]:
    """The item, without the fields that say nothing: ten thousand packages have to fit into one report."""
    made: dict[str, Any] = {
        "key": f"{manager}/{name}/{architecture}",
        "manager": manager,
        "name": name,
        "version": version,
        "architecture": architecture,
    }
    if source and source != name:
        made["source"] = source
    if size_bytes is not None:
        made["size_bytes"] = size_bytes
    if held:
        made["held"] = True
    return made


def side_by_side(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same items, with the version in the key of those of which several versions are installed."""
    seen: dict[str, int] = {}
    for item in items:
        seen[item["key"]] = seen.get(item["key"], 0) + 1
    for item in items:
        if seen[item["key"]] > 1:
            item["key"] += f"/{item['version']}"
    return items


def whole(text: str, unit: int = 1) -> int | None:
    """A count of `unit` bytes each as bytes; None where it is not a number."""
    text = text.strip()
    return int(text) * unit if len(text) < 16 and text.isascii() and text.isdigit() else None


class Patterns:
    """Names and shell patterns of packages, as locks and pins are written."""

    def __init__(self, words: list[str]) -> None:
        self.names = {word for word in words if not any(character in word for character in "*?[")}
        self.globs = [word for word in words if word not in self.names]

    def __contains__(self, name: str) -> bool:
        return name in self.names or any(fnmatchcase(name, glob) for glob in self.globs)

    def __bool__(self) -> bool:
        return bool(self.names or self.globs)
