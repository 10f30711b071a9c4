"""Passwords as argon2id. One hash takes a core for a moment and 64 MiB, so few run at a time and few may wait."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from nodestral.kit.problems import Unavailable

THREADS = 2
WAITING_MAX = 20

# Of a password that nobody has: an unknown address costs the caller as much time as a known one.
NOBODY_S_HASH = "$argon2id$v=19$m=65536,t=3,p=4$QhsFcYHhvQD2SuWHLFc6hg$HlTeF5vH8HDF7D783WAoYo73PyS5Hq4IxYih7UnAnAw"


class Passwords:
    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        self._running = 0

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is the one of the hash; without a hash it takes as long and is False."""
        if self._running >= WAITING_MAX:
            raise Unavailable("Too many people sign in just now.", code="busy", retry_after_seconds=2)
        self._running += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._verify, password_hash or NOBODY_S_HASH, password)
        finally:
            self._running -= 1

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            matched = self._hasher.verify(password_hash, password)
        except (Argon2Error, InvalidHashError):
            return False
        return matched and password_hash != NOBODY_S_HASH

    def hash(self, password: str) -> str:
        """Blocking; for the command line and other places that may wait."""
        return self._hasher.hash(password)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
