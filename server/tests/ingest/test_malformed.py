"""Every malformed, oversized or strange report gets a 4xx problem document, never a 5xx, and stores nothing."""

import asyncio
import gzip
import json
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from server.tests.world import Person, Quiet, World, a_report, a_sample, a_section, a_service

from nodestral.ingest.decode import is_deep

pytestmark = pytest.mark.anyio
PLAIN = json.dumps(a_report())


def changed(change: Callable[[dict[str, Any]], object], **report: Any) -> bytes:
    changed_report = a_report(**report)
    change(changed_report)
    return json.dumps(changed_report).encode()


def replaced(old: str, new: str) -> bytes:
    assert old in PLAIN
    return PLAIN.replace(old, new, 1).encode("utf-8", "surrogatepass")


def with_text(text: str) -> bytes:
    """A report with this JSON text for the agent's version."""
    return replaced('"0.1.0"', text)


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "not JSON": b"{",
    "not UTF-8": replaced('"0.1.0"', '"\udcff"'),
    "a list": b"[]",
    "null": b"null",
    "text behind it": PLAIN.encode() + b"x",
    "two documents": PLAIN.encode() * 2,
    "no epoch": replaced('"epoch"', '"epoche"'),
    "seq 0": replaced('"seq": 1', '"seq": 0'),
    "seq negative": replaced('"seq": 1', '"seq": -1'),
    "seq a float": replaced('"seq": 1', '"seq": 1.5'),
    "seq a text": replaced('"seq": 1', '"seq": "1"'),
    "seq beyond 2^53": replaced('"seq": 1', f'"seq": {2**53}'),
    "seq beyond bigint": replaced('"seq": 1', f'"seq": {2**63}'),
    "seq of 5000 digits": replaced('"seq": 1', '"seq": ' + "9" * 5000),
    "NaN": replaced('"user_percent": 10', '"user_percent": NaN'),
    "Infinity": replaced('"user_percent": 10', '"user_percent": Infinity'),
    "-Infinity": replaced('"user_percent": 10', '"user_percent": -Infinity'),
    "1e999": replaced('"user_percent": 10', '"user_percent": 1e999'),
    "above 100 percent": replaced('"user_percent": 10', '"user_percent": 100.5'),
    "a rate beyond belief": replaced('"receive_bytes_per_second": 1000', '"receive_bytes_per_second": 1e300'),
    "bytes beyond bigint": replaced('"total_bytes": 4000000000', f'"total_bytes": {2**64}'),
    "bytes as true": replaced('"total_bytes": 4000000000', '"total_bytes": true'),
    "NUL escaped": with_text('"a\\u0000b"'),
    "NUL raw": with_text('"a\0b"'),
    "lone surrogate": with_text('"\\ud800"'),
    "lone low surrogate": with_text('"\\udc00x"'),
    "raw surrogate": with_text('"\ud800"'),
    "raw control character": with_text('"a\nb"'),
    "a text too long": with_text(json.dumps("x" * 257)),
    "a key twice": replaced('"seq": 1', '"seq": 1, "seq": 2'),
    "a key twice, once escaped": replaced('"seq": 1', '"seq": 1, "s\\u0065q": 2'),
    "an unknown key twice": replaced('"seq": 1', '"seq": 1, "x": {"a:": 1, "a:": 2}'),
    "time before 2020": changed(lambda report: report.update(sent_at=1_000_000_000)),
    "time 1e20": changed(lambda report: report.update(sent_at=1e20)),
    "time as text": changed(lambda report: report.update(sent_at="2026-01-01T00:00:00Z")),
    "clock two days ahead": changed(lambda report: report.update(sent_at=time.time() + 2 * 86400)),
    "sample two days ahead": changed(lambda report: report["samples"][0].update(at=time.time() + 2 * 86400)),
    "too many samples": changed(lambda report: report.update(samples=[a_sample()] * 121)),
    "prev not hexadecimal": changed(lambda report: report.update(prev="g" * 64)),
    "prev with a line feed": changed(lambda report: report.update(prev="a" * 64 + "\n")),
    "prev too short": changed(lambda report: report.update(prev="a" * 63)),
    "a hash with a line feed": changed(lambda r: r.update(sections={"services": {"hash": "a" * 32 + "\n"}})),
    "a hash in capitals": changed(lambda report: report.update(sections={"services": {"hash": "A" * 32}})),
    "an unknown state of coverage": changed(lambda report: report.update(coverage={"services": {"level": "most"}})),
    "an item without key": changed(
        lambda report: report.update(
            sections={"services": {"hash": "a" * 32, "items": [{**a_service("a"), "key": ""}]}}
        )
    ),
    "a port 65536": changed(
        lambda report: report.update(
            sections={
                "ports": a_section(
                    {
                        "key": "tcp/0.0.0.0/65536",
                        "protocol": "tcp",
                        "address": "0.0.0.0",  # noqa: S104 - it is data
                        "port": 65536,
                        "address_class": "any",
                    }
                )
            }
        )
    ),
    "a gauge of NaN": replaced(
        '"samples"', '"sections": {"services": {"hash": "%s", "gauges": {"a": {"b": NaN}}}}, "samples"' % ("a" * 32)
    ),
    "a gauge of text": replaced(
        '"samples"', '"sections": {"services": {"hash": "%s", "gauges": {"a": {"b": "c"}}}}, "samples"' % ("a" * 32)
    ),
    "deep in an unknown field": replaced('"seq"', '"x": ' + "[" * 33 + "]" * 33 + ', "seq"'),
    "very deep": b"[" * 100_000,
    "very deep in an unknown field": replaced('"seq"', '"x": ' + "[" * 100_000 + "]" * 100_000 + ', "seq"'),
    "deep objects": replaced('"seq"', '"x": ' + '{"a":' * 40 + "1" + "}" * 40 + ', "seq"'),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_a_malformed_report_is_refused_and_stores_nothing(quiet: Quiet, body: bytes) -> None:
    answer = await quiet.world.send(quiet.node, body)

    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["type"] == f"urn:nodestral:problem:{problem['code']}"
    assert await quiet.stored() == 0


PACKED = gzip.compress(PLAIN.encode())
WRAPPED: dict[str, tuple[bytes, dict[str, str], int]] = {
    "no gzip at all": (PLAIN.encode(), {"content-encoding": "gzip"}, 400),
    "cut off": (PACKED[:-9], {"content-encoding": "gzip"}, 400),
    "damaged": (PACKED[:40] + b"\xff" * 40 + PACKED[80:], {"content-encoding": "gzip"}, 400),
    "wrong checksum": (PACKED[:-8] + b"\0" * 8, {"content-encoding": "gzip"}, 400),
    "something behind it": (PACKED + b"x", {"content-encoding": "gzip"}, 400),
    "two members": (PACKED * 2, {"content-encoding": "gzip"}, 400),
    "zlib instead": (zlib.compress(PLAIN.encode()), {"content-encoding": "gzip"}, 400),
    "packed twice": (gzip.compress(PACKED), {"content-encoding": "gzip"}, 422),
    "deflate": (zlib.compress(PLAIN.encode()), {"content-encoding": "deflate"}, 415),
    "two encodings": (gzip.compress(PACKED), {"content-encoding": "gzip, gzip"}, 415),
    "brotli": (PLAIN.encode(), {"content-encoding": "br"}, 415),
    "a form": (PLAIN.encode(), {"content-type": "application/x-www-form-urlencoded"}, 415),
    "too large": (b" " * (1024 * 1024 + 1) + PLAIN.encode(), {}, 413),
    "100 MiB of blanks": (gzip.compress(b" " * 100 * 1024 * 1024, 9), {"content-encoding": "gzip"}, 413),
    "packed 500 to 1": (gzip.compress(b" " * 4 * 1024 * 1024, 9), {"content-encoding": "gzip"}, 413),
}


@pytest.mark.parametrize(("body", "headers", "status"), WRAPPED.values(), ids=WRAPPED.keys())
async def test_a_badly_wrapped_report_is_refused(
    quiet: Quiet, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = await quiet.world.send(quiet.node, body, **headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert await quiet.stored() == 0


async def test_another_method_is_refused(quiet: Quiet) -> None:
    answer = await quiet.world.http.get("/agent/v1/reports", headers=quiet.node.headers)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_the_control_is_stored(quiet: Quiet) -> None:
    """What all these bodies were made from is a good report."""
    assert (await quiet.world.send(quiet.node, PLAIN.encode())).status_code == 200
    assert await quiet.stored() == 1


async def test_unknown_fields_and_odd_but_right_json_are_taken(quiet: Quiet) -> None:
    report = json.dumps(a_report(future={"a": [[]], "b:": ":"}, coverage={"weather": {"level": "full"}}), indent=3)
    report = report.replace("0.1.0", "\\u0030.1.0").replace('"seq"', '"s\\u0065q"')
    answer = await quiet.world.send(quiet.node, report.encode())
    assert answer.status_code == 200, answer.text


def test_depth_is_counted_without_the_brackets_in_strings() -> None:
    assert not is_deep(json.dumps({"a": "[" * 100, "b": '\\"{[' * 50}).encode())
    assert not is_deep(b"[" * 32 + b"]" * 32)
    assert is_deep(b"[" * 33 + b"]" * 33)
    assert is_deep(b'["]' + b'"' + b",[" * 33)


async def test_a_bad_report_does_not_fail_the_others_of_its_batch(world: World, ann: Person) -> None:
    """A report that PostgreSQL cannot take: it passes all checks, and its value is too large for the column."""
    good, bad = await world.node(ann, "good"), await world.node(ann, "bad")
    store = world.app.state.commits._samples
    told = store.append

    async def append(connection: Any, batch: Any) -> None:
        numbers = {each.number for each in batch}
        await told(connection, batch)
        if bad_number in numbers:
            await connection.execute("SELECT 1/0")

    bad_number = await world.value("SELECT number FROM nodes WHERE id = %s", bad.id)
    store.append = append
    world.app.state.commits._delay_seconds = 0.2

    answers = await asyncio.gather(world.send(good, a_report()), world.send(bad, a_report()))

    assert [answer.status_code for answer in answers] == [200, 422]
    assert await world.value("SELECT count(*) FROM samples") == 1
