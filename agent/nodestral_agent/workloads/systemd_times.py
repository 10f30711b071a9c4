"""Times as systemd writes them in the C locale with TZ=UTC: systemd.time(7). Pure.

`--timestamp=unix` would be plainer, but systemd before 251 does not know it; and strptime costs more than all the rest
of reading a hundred services.
"""

from __future__ import annotations

# Seconds of each unit that format_timespan() of systemd writes.
UNITS = {
    "y": 31_557_600,
    "month": 2_629_800,
    "w": 604_800,
    "d": 86_400,
    "h": 3600,
    "min": 60,
    "s": 1,
    "ms": 1e-3,
    "us": 1e-6,
    "μs": 1e-6,
}


def unix_seconds(text: str) -> float | None:
    """`Tue 2026-11-24 21:39:35 UTC`. Nothing for `n/a`, empty and any other form."""
    date, clock = text[4:14], text[15:23]
    digits = date.replace("-", "") + clock.replace(":", "")
    if len(text) != 27 or text[23:] != " UTC" or len(digits) != 14 or not (digits.isascii() and digits.isdigit()):
        return None
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    seconds = int(digits[8:10]) * 3600 + int(digits[10:12]) * 60 + int(digits[12:])
    return float(days(year, month, day) * 86_400 + seconds)


def days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01: years that begin in March put the leap day at their end."""
    if month <= 2:
        year, month = year - 1, month + 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 719_469


def span_seconds(text: str) -> float | None:
    """`3h 55min 36.057354s`; nothing for `infinity`, `0` and any other form."""
    total = 0.0
    for word in text.split():
        amount = word.rstrip("abcdefghijklmnopqrstuvwxyzμ")
        unit = word[len(amount) :]
        if unit not in UNITS or not amount.replace(".", "", 1).isascii() or not amount.replace(".", "", 1).isdigit():
            return None
        total += float(amount) * UNITS[unit]
    return total or None
