"""apt's sources in both formats."""

from pathlib import Path

import pytest

from e2e.machine.mirror import mirror, sources


def test_sources_reads_both_formats_in_apts_order(tmp_path: Path) -> None:
    (tmp_path / "sources.list").write_text(
        "# deb http://commented.example/debian bookworm main\n"
        "deb [ arch=amd64 signed-by=/usr/share/keyrings/a.gpg ] http://one.example/debian bookworm main  # why\n"
        "deb-src http://source.example/debian bookworm main\n"
        "deb https://two.example/debian-security bookworm-security main\n"
        "nonsense\n"
    )
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (parts / "debian.sources").write_text(
        "# a comment\nTypes: deb deb-src\nURIs: http://three.example/debian\n http://four.example/debian\n"
        "Suites: bookworm bookworm-updates\nComponents: main\n\n"
        "Types: deb\nURIs: http://off.example/debian\nSuites: bookworm\nEnabled: no\n\n"
        "Types: deb-src\nURIs: http://source.example/debian\nSuites: bookworm\n"
    )
    (parts / "disabled.list.save").write_text("deb http://saved.example/debian bookworm main\n")

    assert list(sources(tmp_path)) == [
        ("http://one.example/debian", ["bookworm"]),
        ("https://two.example/debian-security", ["bookworm-security"]),
        ("http://three.example/debian", ["bookworm", "bookworm-updates"]),
        ("http://four.example/debian", ["bookworm", "bookworm-updates"]),
    ]


def test_a_chosen_mirror_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODESTRAL_TEST_MIRROR", "http://chosen.example/debian")
    assert mirror() == "http://chosen.example/debian"
