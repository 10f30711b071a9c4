"""What came of it: how many reports, how fast they were answered, what was refused."""

import time
from collections import Counter


class Measure:
    def __init__(self) -> None:
        self.started = time.monotonic()
        self.enrolled = 0
        self.acknowledged = 0
        self.samples = 0
        self.duplicates = 0
        self.answers: Counter[int] = Counter()
        self.lost_connections = 0
        self._recent: list[float] = []
        self._all: list[float] = []
        self._shown_at = self.started
        self._shown = 0

    def answered(self, status: int, seconds: float) -> None:
        self.answers[status] += 1
        if status == 200:
            self._recent.append(seconds)

    def line(self) -> str:
        """Since the last line."""
        now = time.monotonic()
        rate = (self.acknowledged - self._shown) / max(0.001, now - self._shown_at)
        text = f"{now - self.started:7.1f} s  {self.acknowledged:8d} reports  {rate:7.1f}/s  {latency(self._recent)}"
        self._all += self._recent
        self._recent, self._shown_at, self._shown = [], now, self.acknowledged
        return text + self._trouble()

    def summary(self) -> str:
        self._all += self._recent
        self._recent = []
        seconds = time.monotonic() - self.started
        return (
            f"{self.enrolled} nodes, {self.acknowledged} reports with {self.samples} samples in {seconds:.1f} s "
            f"({self.acknowledged / max(0.001, seconds):.1f}/s), {latency(self._all)}{self._trouble()}"
        )

    def _trouble(self) -> str:
        words = [
            f"{count} answers {status}" for status, count in sorted(self.answers.items()) if status not in (200, 201)
        ]
        if self.duplicates:
            words.append(f"{self.duplicates} already stored")
        if self.lost_connections:
            words.append(f"{self.lost_connections} connections lost")
        return "  (" + ", ".join(words) + ")" if words else ""


def latency(seconds: list[float]) -> str:
    if not seconds:
        return "no answers"
    ordered = sorted(seconds)
    p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.99))
    return f"p50 {p50:.1f} ms  p99 {p99:.1f} ms  max {ordered[-1] * 1000:.1f} ms"
