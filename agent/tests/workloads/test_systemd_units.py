"""Timers, spans of time and measurements as systemd writes them."""

from __future__ import annotations

import pytest

from nodestral_agent.workloads import systemctl, systemd_units
from nodestral_agent.workloads.systemd_times import span_seconds

NOW, SINCE_BOOT = 1_795_560_000.4, 7200.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3h 55min 36.057354s", 14136.057354),
        ("1month 2d", 2_629_800 + 172_800),
        ("500ms", 0.5),
        ("1w", 604_800.0),
        ("0", None),
        ("infinity", None),
        ("", None),
        ("1 h", None),
        ("h", None),
        ("1.2.3s", None),
    ],
)
def test_a_span(text: str, seconds: float | None) -> None:
    assert span_seconds(text) == seconds


def test_a_timer_with_several_conditions() -> None:
    text = (
        "TimersCalendar={ OnCalendar=Mon *-*-* 00:00:00 ; next_elapse=(null) }\n"
        "TimersCalendar={ OnCalendar=*-*-* 06,18:00:00 ; next_elapse=Tue 2026-11-24 18:00:00 UTC }\n"
        "TimersMonotonic={ OnBootUSec=15min ; next_elapse=3h 55min 36.057354s }\n"
        "Id=certbot.timer\nUnit=certbot.service\nActiveState=active\nSubState=waiting\nUnitFileState=enabled\n"
    )
    (properties,) = systemctl.parsed(text)
    item = systemd_units.item(properties, None)
    assert item["key"] == "system/certbot.timer"
    assert item["kind"] == "timer"
    assert item["schedule"] == "*-*-* 06,18:00:00; Mon *-*-* 00:00:00; OnBootSec=15min"
    assert item["activates"] == "certbot.service"


@pytest.mark.parametrize(
    ("properties", "gauges"),
    [
        ({}, {}),
        ({"LastTriggerUSec": "n/a", "NextElapseUSecRealtime": "", "NextElapseUSecMonotonic": "infinity"}, {}),
        ({"LastTriggerUSec": "Tue 2026-11-24 21:39:35 UTC"}, {"last_run_at": 1795556375.0}),
        ({"NextElapseUSecMonotonic": "2h 1min"}, {"next_run_at": 1_795_560_060.0}),
        ({"NextElapseUSecMonotonic": "1h"}, {}),  # it has passed, and nothing is planned
        (
            {"NextElapseUSecRealtime": "Tue 2026-11-24 21:39:35 UTC", "NextElapseUSecMonotonic": "9h"},
            {"next_run_at": 1795556375.0},
        ),
    ],
)
def test_when_a_timer_runs(properties: dict[str, str], gauges: dict[str, float]) -> None:
    assert systemd_units.timer_gauges(properties, NOW, SINCE_BOOT) == gauges


def test_measurements() -> None:
    properties = {"MemoryCurrent": "4096", "CPUUsageNSec": "14785000", "TasksCurrent": "[not set]"}
    assert systemd_units.gauges(properties) == {"memory_bytes": 4096, "cpu_seconds": 0.0}
    assert systemd_units.gauges({"MemoryCurrent": "18446744073709551615", "TasksCurrent": "7"}) == {"tasks": 7}


@pytest.mark.parametrize(("told", "result"), [("success", None), ("", None), ("oom-kill", "oom-kill")])
def test_the_verdict_of_its_manager(told: str, result: str | None) -> None:
    assert systemd_units.item({"Id": "a.service", "Result": told}, None)["result"] == result


def test_a_script_is_what_defines_its_service() -> None:
    properties = {"Id": "a.service", "FragmentPath": "/run/systemd/generator.late/a.service"}
    assert systemd_units.item(properties, None)["unit_path"] == "/run/systemd/generator.late/a.service"
    properties["SourcePath"] = "/etc/init.d/a"
    assert systemd_units.item(properties, None)["unit_path"] == "/etc/init.d/a"
