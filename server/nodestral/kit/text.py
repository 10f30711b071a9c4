"""Strings that came from outside, made safe to show: nothing in them can hide, reorder or end a line."""

from typing import Any

REPLACEMENT = "\ufffd"


def printable(text: str) -> str:
    """The same text; control characters, bidirectional overrides, zero-width characters and surrogates become U+FFFD,
    every kind of blank an ordinary space.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else " " if each.isspace() else REPLACEMENT for each in text)


def printable_all(value: Any) -> Any:
    """A decoded JSON value with every string in it, names too, made printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {printable(name): printable_all(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [printable_all(inner) for inner in value]
    return value
