"""Strings that cannot deceive, hashes that stay, and the form of a report."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodestral_agent import codec
from nodestral_agent.report import built, clean, numbered, section, section_hash, tidy

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("nginx", "nginx"),
        ("Größe ✓ 日本", "Größe ✓ 日本"),
        ("a\tb\nc\r", "a b c "),
        ("a\x00b\x1b[31mc\x7f", "a\ufffdb\ufffd[31mc\ufffd"),
        ("abc\u202etxt.exe", "abc\ufffdtxt.exe"),
        ("zero\u200bwidth\ufeff", "zero\ufffdwidth\ufffd"),
        ("\ud800", "\ufffd"),
        ("a\u00a0b\u2003c", "a b c"),
        ("x" * 300, "x" * 256),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(st.characters(codec=None), max_size=400))
def test_whatever_the_machine_says_can_be_sent_and_read(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= 256
    assert all(character == "\ufffd" or character.isprintable() for character in cleaned)
    assert json.loads(codec.encode(cleaned)) == cleaned
    assert clean(cleaned) == cleaned


@given(JSON)
def test_tidy_makes_anything_sendable(value: object) -> None:
    tidied = tidy(value)
    assert json.loads(codec.encode(tidied)) == json.loads(json.dumps(tidied))


def test_fields_have_limits_of_their_own() -> None:
    tidied = tidy({"description": "x" * 9000, "name": "x" * 9000, "count": 2**80})
    assert (len(tidied["description"]), len(tidied["name"]), tidied["count"]) == (4096, 256, 2**53 - 1)


def test_the_hash_does_not_depend_on_order_but_on_every_value() -> None:
    one, two = {"key": "a", "x": 1, "y": None}, {"key": "b", "x": 2}
    assert section_hash([one, two]) == section_hash([two, dict(reversed(one.items()))])
    assert section_hash([one]) != section_hash([{**one, "y": 0}])
    assert section_hash([]) == "4f53cda18c2baa0c0354bb5f9a3ecbe5"


def test_a_section_has_each_key_once_and_gauges_only_of_its_items() -> None:
    built = section([{"key": "b"}, {"key": "a"}, {"key": "b", "x": 1}], {"a": {"m": 1.0}, "gone": {"m": 2.0}})
    assert [item["key"] for item in built["items"]] == ["a", "b"]
    assert built["gauges"] == {"a": {"m": 1.0}}


def test_a_report_is_made_once_and_can_be_told_without_decoding() -> None:
    report = built((7, 3), None, 1.23456, {"samples": []}, {"ports": b'{"hash":"x"}', "containers": b"{}"})
    assert numbered(report) == (7, 3)
    assert json.loads(report) == {
        "prev": None,
        "sent_at": 1.235,
        "epoch": 7,
        "seq": 3,
        "samples": [],
        "sections": {"containers": {}, "ports": {"hash": "x"}},
    }
    for damaged in (b"", b"{}", b'{"epoch":x,"seq":1,', b'{"epoch":1,"seq":'):
        with pytest.raises(ValueError):
            numbered(damaged)


@pytest.mark.parametrize("codec_of", [codec._c_codec, codec._plain_codec])
class TestCodec:
    """The C halves and the public module say the same."""

    @pytest.mark.parametrize("text", ["", "{", "[1,]", "NaN", "[Infinity]", '{"a":1}x', "nul", '"\x01"', "'a'", "1 2"])
    def test_refuses(self, codec_of: object, text: str) -> None:
        assert callable(codec_of)
        with pytest.raises(ValueError):
            codec_of()[1](text)

    def test_refuses_to_write_what_is_not_json(self, codec_of: object) -> None:
        assert callable(codec_of)
        encode = codec_of()[0]
        for value in (float("nan"), float("inf"), "\ud800"):
            with pytest.raises(ValueError):
                encode(value)
        with pytest.raises(TypeError):
            encode(b"")


@given(JSON)
def test_both_codecs_agree(value: object) -> None:
    value = tidy(value)
    (encode, decode), (plain_encode, plain_decode) = codec._c_codec(), codec._plain_codec()
    text = encode(value)
    assert text == plain_encode(value)
    assert decode(text.decode()) == plain_decode(text.decode()) == value


def test_depth_is_bounded_before_it_is_decoded() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(ValueError, match="deep"):
        codec.decode(deep)
    assert sys.getrecursionlimit() < 100_000
