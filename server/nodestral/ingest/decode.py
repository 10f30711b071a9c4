"""From JSON bytes to a report that can be stored. Whatever is wrong becomes a 4xx problem here, before any SQL.

msgspec refuses NaN, infinities, lone surrogates, numbers out of range and wrong types. Checked beside it: depth, keys
that stand twice, NUL characters, times from the future. Text that could hide or reorder other text is made harmless.
"""

import re

import msgspec

from nodestral.kit.problems import Invalid, Problem
from nodestral.kit.text import printable_all
from nodestral.protocol import Report

DEPTH_MAX = 32
# How far a node's clock may be ahead.
AHEAD_MAX_SECONDS = 86_400

_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def malformed(detail: str) -> Problem:
    return Invalid(detail, code="malformed-report")


def decode(raw: bytes, now: float) -> Report:
    """Raises Problem (422). now: Unix seconds of the server."""
    if is_deep(raw):
        raise malformed(f"The report nests deeper than {DEPTH_MAX}.")
    try:
        text = raw.decode()
        tree = _decode(raw)
        if b"\\u" in raw or not text.isprintable():
            tree = _cleaned(raw, tree)
        elif _encode(tree).count(b":") != raw.count(b":"):
            # The colons are counted where none can hide in an escape: a key that stands twice loses one.
            raise malformed("A key stands twice in one object.")
        report: Report = msgspec.convert(tree, Report)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `")
        fields = [{"path": path.rstrip("`").removeprefix("$.") or "$", "message": problem}]
        raise Invalid("The report is not as it must be.", code="malformed-report", errors=fields) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise malformed("The report is not JSON.") from None
    _check_times(report, now)
    return report


def _check_times(report: Report, now: float) -> None:
    latest = now + AHEAD_MAX_SECONDS
    if report.sent_at > latest or any(sample.at > latest for sample in report.samples):
        raise Invalid("The node's clock is more than a day ahead of the server's.", code="clock-ahead")


def is_deep(raw: bytes) -> bool:
    """Whether brackets nest deeper than DEPTH_MAX. Pairs are taken out from the inside, one level a round."""
    brackets = raw.translate(None, _NOT_BRACKETS)
    for _ in range(DEPTH_MAX):
        shorter = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(shorter) == len(brackets):
            break
        brackets = shorter
    if not brackets:
        return False
    # Brackets inside strings may be in the way: look again without them.
    depth = deepest = 0
    for token in _TOKENS.findall(raw):
        if token in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth)
        elif token in (b"]", b"}"):
            depth -= 1
    return deepest > DEPTH_MAX


def _cleaned(raw: bytes, tree: object) -> object:
    """The rare, slow way: text with escapes, control or invisible characters."""
    plain = _encode(tree)
    if b"\\u0000" in plain and _has_nul(tree):
        raise malformed("A text holds a NUL character.")
    _refuse_repeated_keys(raw)
    return printable_all(tree)


def _has_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_has_nul(name) or _has_nul(inner) for name, inner in value.items())
    return isinstance(value, list) and any(_has_nul(inner) for inner in value)


def _refuse_repeated_keys(raw: bytes) -> None:
    """Count the colons outside of strings in the report and in its decoded form."""
    if _colons(raw) != _colons(_encode(_decode(raw))):
        raise malformed("A key stands twice in one object.")


def _colons(raw: bytes) -> int:
    return re.sub(rb'"(?:[^"\\]|\\.)*"', b"", raw, flags=re.DOTALL).count(b":")
