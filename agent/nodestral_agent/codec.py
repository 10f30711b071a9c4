"""JSON and SHA-256 by the interpreter's own C modules.

`json` brings `re` along and `hashlib` all of OpenSSL's names: together they cost 2.4 MB in the resident process. Their
C halves cost nothing. Those are private names, stable in shape for years but not promised, so this is the only module
that knows them; where one is missing the public module takes its place.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

# Deeper than anything that the protocol holds; a hostile answer must not exhaust the C stack.
DEEPEST = 32


def _c_codec() -> tuple[Callable[[object], bytes], Callable[[str], Any]]:
    import _json  # noqa: PLC0415 # private: where it is missing, the plain codec is taken

    make_encoder: Any = _json.make_encoder
    make_scanner: Any = _json.make_scanner

    def unknown(value: object) -> object:
        raise TypeError(f"{type(value).__name__} has no place in JSON")

    class Syntax:
        strict = True
        object_hook = None
        object_pairs_hook = None
        parse_float = float
        parse_int = int

        @staticmethod
        def parse_constant(name: str) -> float:
            raise ValueError(f"{name} is not JSON")

    encode_text: Any = _json.encode_basestring
    # markers, default, string encoder, indent, key separator, item separator, sort_keys, skipkeys, allow_nan
    encoder = make_encoder(None, unknown, encode_text, None, ":", ",", True, False, False)
    scanner = make_scanner(Syntax())

    def encode(value: object) -> bytes:
        return "".join(encoder(value, 0)).encode()

    def decode(text: str) -> Any:
        try:
            value, end = scanner(text, len(text) - len(text.lstrip(" \t\r\n")))
        except StopIteration:
            raise ValueError("not JSON") from None
        if text[end:].strip(" \t\r\n"):
            raise ValueError("something follows the JSON")
        return value

    return encode, decode


def _plain_codec() -> tuple[Callable[[object], bytes], Callable[[str], Any]]:
    import json  # noqa: PLC0415 # not loading it is what the other way saves

    def no_constant(name: str) -> float:
        raise ValueError(f"{name} is not JSON")

    def encode(value: object) -> bytes:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
        return text.encode()

    def decode(text: str) -> Any:
        return json.loads(text, parse_constant=no_constant)

    return encode, decode


def _sha256() -> Callable[[bytes], Any]:
    for name in ("_sha2", "_sha256", "hashlib"):
        try:
            found: Callable[[bytes], Any] = __import__(name).sha256
        except (ImportError, AttributeError):
            continue
        return found
    raise ImportError("this Python has no SHA-256")


try:
    _encode, _decode = _c_codec()
except (ImportError, AttributeError, TypeError):
    _encode, _decode = _plain_codec()
_digest = _sha256()


def encode(value: object) -> bytes:
    """JSON in UTF-8 with sorted keys and no spaces. ValueError for NaN, infinity and lone surrogates."""
    return _encode(value)


def decode(data: bytes) -> Any:
    """The value of a JSON document in UTF-8. ValueError when it is none, or is nested deeper than DEEPEST.

    Brackets inside strings count as well: the server's answers are short and have none.
    """
    text = data.decode("utf-8")
    depth = deepest = 0
    for character in text:
        if character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    if deepest > DEEPEST:
        raise ValueError("nested too deep")
    return _decode(text)


def sha256_hex(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal digits."""
    digest: str = _digest(data).hexdigest()
    return digest
