"""The list of collectors and their folder agree."""

from __future__ import annotations

from pathlib import Path

from nodestral_agent import collectors
from nodestral_agent.collectors import COLLECTORS

# The type of collectors is no collector.
OTHERS = {"__init__", "kind"}


def test_list_and_folder_agree() -> None:
    folder = Path(collectors.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - OTHERS
    assert sorted(files) == sorted(collector.SECTION for collector in COLLECTORS)


def test_a_collector_is_called_like_its_section() -> None:
    for collector in COLLECTORS:
        assert getattr(collector, "__name__", "").rpartition(".")[2] == collector.SECTION
