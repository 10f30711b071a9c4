"""The server's time. Domains take it from here, so that a test can set it."""

import time


class Clock:
    def now(self) -> float:
        """Unix seconds, UTC."""
        return time.time()
