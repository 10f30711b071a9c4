"""What a report consists of and how its strings are made safe. Pure: no file, no clock, no socket.

The server's protocol types are the authority for every name and bound here.
"""

from __future__ import annotations

from nodestral_agent.codec import encode, sha256_hex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COUNT_MAX = 2**53 - 1
ITEMS_MAX = 10_000
SHORT_MAX = 256
TEXT_MAX = 4096
KEY_MAX = 512
# Fields that may be longer than a short string, by their name on the wire.
LONG_FIELDS = {
    "activates": TEXT_MAX,
    "comment": TEXT_MAX,
    "description": TEXT_MAX,
    "destination": TEXT_MAX,
    "device": TEXT_MAX,
    "home": TEXT_MAX,
    "image": TEXT_MAX,
    "issuer": TEXT_MAX,
    "key": KEY_MAX,
    "last_log": TEXT_MAX,
    "mount": TEXT_MAX,
    "newer_path": TEXT_MAX,
    "path": TEXT_MAX,
    "renewal_reason": TEXT_MAX,
    "schedule": TEXT_MAX,
    "subject": TEXT_MAX,
    "shell": TEXT_MAX,
    "source": TEXT_MAX,
    "text": TEXT_MAX,
    "unit_path": TEXT_MAX,
}
# Spaces that break a line; everything else that is not printable becomes U+FFFD.
BLANKS = "\t\n\v\f\r\x85\u2028\u2029"


class Collected:
    """What one collector hands back.

    items: objects of the section, each with its "key", in the protocol's fields; coverage: see `coverage`;
    gauges: {item key: {name: number}} for values that move on their own; watch: what the sampler shall look at until
    the next scan (containers), which is not sent.
    """

    def __init__(
        self,
        items: list[dict[str, Any]],
        coverage: dict[str, Any],
        gauges: dict[str, dict[str, float]] | None = None,
        watch: list[dict[str, Any]] | None = None,
    ) -> None:
        self.items = items
        self.coverage = coverage
        self.gauges = gauges or {}
        self.watch = watch or []


def coverage(level: str, reason: str = "", grant: str = "") -> dict[str, Any]:
    """Coverage of one section. Level: full, partial, denied, absent or error."""
    return {"level": level, "reason": clean(reason, TEXT_MAX), "grant": clean(grant, TEXT_MAX)}


def clean(text: str, limit: int = SHORT_MAX) -> str:
    """At most `limit` characters in which nothing can hide or reorder text.

    Control characters, bidirectional overrides, zero-width characters and surrogates become U+FFFD, line breaks and
    tabs become spaces. Any space character that is not the ordinary one is replaced by it.
    """
    text = text[:limit]
    if text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if character in BLANKS or character.isspace():
        return " "
    return "\ufffd"


def tidy(value: Any, field: str = "") -> Any:
    """The same JSON value with every string cleaned to its field's limit and every number within the wire's bounds."""
    if isinstance(value, str):
        return clean(value, LONG_FIELDS.get(field, SHORT_MAX))
    if isinstance(value, dict):
        return {clean(str(name), KEY_MAX): tidy(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [tidy(inner, field) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-COUNT_MAX, min(value, COUNT_MAX))
    return value


def item_key(item: dict[str, Any]) -> str:
    """The item's name within its section."""
    return str(item["key"])


def section_hash(items: list[dict[str, Any]]) -> str:
    """First 32 hexadecimal digits of SHA-256 over the canonical JSON of the items sorted by key."""
    return sha256_hex(encode(sorted(items, key=item_key)))[:32]


def section(items: list[dict[str, Any]], gauges: dict[str, dict[str, float]] | None = None) -> dict[str, Any]:
    """A section as it travels in full: `{hash, items, gauges}`, items sorted, cleaned, one for each key."""
    by_key = {item["key"]: item for item in (tidy(item) for item in items)}
    kept = sorted(by_key.values(), key=item_key)[:ITEMS_MAX]
    built: dict[str, Any] = {"hash": section_hash(kept), "items": kept}
    if gauges:
        tidied = tidy(gauges)
        known = {item["key"] for item in kept}
        built["gauges"] = {key: values for key, values in sorted(tidied.items()) if key in known}
    return built


def built(
    number: tuple[int, int], previous: str | None, at: float, content: dict[str, Any], sections: dict[str, bytes]
) -> bytes:
    """A report as it travels, however often: the same bytes, so that the server's chain of digests holds.

    number: epoch and seq; previous: SHA-256 of the report before it; at: Unix seconds, when it is made; sections: by
    name, as JSON. It begins with its number, so that a spooled report can be told without decoding it.
    """
    joined = b",".join(encode(name) + b":" + section for name, section in sorted(sections.items()))
    stamp = encode({"prev": previous, "sent_at": round(at, 3)})[1:-1]
    return b'{"epoch":%d,"seq":%d,%s,"sections":{%s},%s' % (*number, stamp, joined, encode(content)[1:])


def numbered(report: bytes) -> tuple[int, int]:
    """Epoch and seq of what `built` made. ValueError for anything else."""
    words = report[:80].split(b",", 2)
    if len(words) != 3 or not words[0].startswith(b'{"epoch":') or not words[1].startswith(b'"seq":'):
        raise ValueError("not a report")
    return int(words[0][9:]), int(words[1][6:])


def made_at(report: bytes) -> int:
    """The Unix second in which `built` made it, as told in it; 0 for anything else."""
    _, found, rest = report[:250].partition(b'"sent_at":')
    digits = rest.split(b".", 1)[0].split(b",", 1)[0]
    return int(digits) if found and digits.isdigit() else 0
