"""Bounds that the fields of the wire share. Every string and list has an upper bound: a report is hostile input."""

from typing import Annotated

from msgspec import Meta

# 2020-01-01: a clock before it is wrong. One more than a day ahead of the server's is refused as it arrives.
EARLIEST_TIME = 1_577_836_800
LATEST_TIME = 4_102_444_800

Time = Annotated[float, Meta(ge=EARLIEST_TIME, le=LATEST_TIME)]
# Something that happened on the node, by the node's own clock and memory: it may be from long ago.
PastTime = Annotated[float, Meta(ge=0, le=LATEST_TIME)]
Percent = Annotated[float, Meta(ge=0, le=100)]
Rate = Annotated[float, Meta(ge=0, le=1e15)]
Load = Annotated[float, Meta(ge=0, le=1e6)]
Seconds = Annotated[float, Meta(ge=0, le=1e10)]
# JavaScript and bigint both hold 2^53 exactly.
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Bytes = Count
Short = Annotated[str, Meta(max_length=256)]
Text = Annotated[str, Meta(max_length=4096)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}\\Z")]
SectionHash = Annotated[str, Meta(pattern="^[0-9a-f]{32}\\Z")]
Key = Annotated[str, Meta(min_length=1, max_length=512)]
