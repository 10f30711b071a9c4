"""Whose token is it? Answers are remembered, so that a report costs no look-up.

A remembered answer only lets a report in to be read: that the node still exists and still has this token is asked again
in the transaction that stores the report. So a removed node is refused at once, in every process.
"""

from collections import OrderedDict
from typing import NamedTuple, TypeVar

from nodestral.kit import ids
from nodestral.kit.clock import Clock
from nodestral.kit.database import Pool
from nodestral.kit.problems import Unauthenticated

TOKEN_PREFIX = "nst_node_"  # noqa: S105 - it tells what a secret is for
TOKEN_MAX_LENGTH = 128
REMEMBERED_SECONDS = 300.0
REMEMBERED_MAX = 200_000
# Unknown tokens are remembered too, so that a wrong agent does not cost a look-up each time.
UNKNOWN_SECONDS = 3.0
UNKNOWN_MAX = 10_000
V = TypeVar("V")


class NodeCredential(NamedTuple):
    number: int
    id: str
    organization_id: str
    token_sha256: bytes


class Credentials:
    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._known: OrderedDict[bytes, tuple[float, NodeCredential]] = OrderedDict()
        self._unknown: OrderedDict[bytes, float] = OrderedDict()

    async def check(self, authorization: str) -> NodeCredential:
        """authorization: the header's value. Raises Unauthenticated."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.startswith(TOKEN_PREFIX) or len(token) > TOKEN_MAX_LENGTH:
            raise Unauthenticated("A node token is needed.", code="bad-token")
        digest = ids.digest(token)
        now = self._clock.now()
        known = self._known.get(digest)
        if known and known[0] > now:
            return known[1]
        if self._unknown.get(digest, 0) > now:
            raise self._refusal()
        return await self._look_up(digest, now)

    def forget(self, credential: NodeCredential) -> None:
        self._known.pop(credential.token_sha256, None)

    async def _look_up(self, digest: bytes, now: float) -> NodeCredential:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT number, id, organization_id FROM nodes WHERE token_sha256 = %s AND removed_at IS NULL",
                (digest,),
            )
            row = await cursor.fetchone()
        if row is None:
            _remember(self._unknown, digest, now + UNKNOWN_SECONDS, UNKNOWN_MAX)
            raise self._refusal()
        credential = NodeCredential(row[0], row[1], row[2], digest)
        _remember(self._known, digest, (now + REMEMBERED_SECONDS, credential), REMEMBERED_MAX)
        return credential

    @staticmethod
    def _refusal() -> Unauthenticated:
        return Unauthenticated("This node token is not known or its node was removed.", code="bad-token")


def _remember(memory: OrderedDict[bytes, V], key: bytes, value: V, limit: int) -> None:
    while len(memory) >= limit:
        memory.popitem(last=False)
    memory[key] = value
