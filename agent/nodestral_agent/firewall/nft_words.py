"""Values of nft's JSON in nft's own words: libnftables-json(5). Whatever is not known becomes "?"."""

from __future__ import annotations

from typing import Any

# An element of a set is data; so many are shown, the others counted.
ELEMENTS_MAX = 24
DEPTH_MAX = 6


def words(value: Any, depth: int = 0) -> str:
    """An address, a prefix, a range, a set, a concatenation."""
    if isinstance(value, bool) or value is None or depth > DEPTH_MAX:
        return "?"
    if isinstance(value, (str, int, float)):
        return str(value)
    if isinstance(value, list):
        return ", ".join(elements(value, depth))
    if not isinstance(value, dict) or len(value) != 1:
        return "?"
    return composed(*next(iter(value.items())), depth + 1)


def composed(kind: str, inner: Any, depth: int) -> str:
    """What consists of several parts."""
    told = "?"
    if kind == "prefix" and isinstance(inner, dict):
        told = f"{words(inner.get('addr'), depth)}/{words(inner.get('len'), depth)}"
    elif kind == "range" and isinstance(inner, list) and len(inner) == 2:
        told = "-".join(words(end, depth) for end in inner)
    elif kind == "set" and isinstance(inner, list):
        told = f"{{ {', '.join(elements(inner, depth))} }}"
    elif kind == "concat" and isinstance(inner, list):
        told = " . ".join(words(part, depth) for part in inner[:8])
    elif kind == "elem" and isinstance(inner, dict):
        told = words(inner.get("val"), depth)
    return told


def elements(values: list[Any], depth: int) -> list[str]:
    """The first of them, and how many more there are."""
    shown = [words(value, depth + 1) for value in values[:ELEMENTS_MAX]]
    more = len(values) - len(shown)
    return [*shown, f"and {more} more"] if more > 0 else shown
