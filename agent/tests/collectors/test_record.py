"""A recorded machine is to the collectors what the machine was."""

from __future__ import annotations

from pathlib import Path

from agent.tests.collectors.record import RecordingHost
from agent.tests.collectors.recorded import RecordedHost

from nodestral_agent.collectors import system
from nodestral_agent.host import Host


def test_what_is_recorded_is_found_again(tmp_path: Path) -> None:
    recording = RecordingHost()
    assert system.collect(recording).items == system.collect(Host()).items
    assert system.collect(RecordedHost(recording.case, tmp_path)).items == system.collect(Host()).items
