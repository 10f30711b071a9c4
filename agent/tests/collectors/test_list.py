"""The list of collectors and their folder agree, and each tells what its documentation is made of."""

from __future__ import annotations

import inspect
from pathlib import Path

from nodestral_agent import collectors
from nodestral_agent.collectors import COLLECTORS, darwin

# The type of collectors is no collector.
OTHERS = {"__init__", "kind"}


def test_list_and_folder_agree() -> None:
    folder = Path(collectors.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - OTHERS
    assert sorted(files) == sorted(collector.SECTION for collector in COLLECTORS)


def test_a_collector_is_called_like_its_section() -> None:
    for collector in COLLECTORS:
        assert getattr(collector, "__name__", "").rpartition(".")[2] == collector.SECTION


def test_a_collector_says_what_it_reads_from_where_and_with_which_permission() -> None:
    for collector in (*COLLECTORS, *darwin.COLLECTORS):
        paragraphs = (inspect.getdoc(collector) or "").split("\n\n")
        assert len(paragraphs) >= 3, f"{collector.SECTION}: what, from where, with which permission"
        assert paragraphs[-1].startswith("Permission: "), collector.SECTION
