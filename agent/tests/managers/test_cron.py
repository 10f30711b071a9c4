"""Tables of cron: what is an entry, and which files count."""

from __future__ import annotations

from pathlib import Path

import pytest
from agent.tests.managers.processes import Processes

from nodestral_agent.managers import anacron, cron


@pytest.mark.parametrize(
    ("line", "user", "entry"),
    [
        ("17 * * * * root cd / && run-parts /etc/cron.hourly", None, ("17 * * * *", "root")),
        ("17 *\t* * * root true", None, ("17 * * * *", "root")),
        ("@daily root /bin/true", None, ("@daily", "root")),
        ("0 9-17/2 * jan,jul mon-fri /bin/true", "ann", ("0 9-17/2 * jan,jul mon-fri", "ann")),
        ("@reboot /bin/true", "ann", ("@reboot", "ann")),
    ],
)
def test_an_entry(line: str, user: str | None, entry: tuple[str, str]) -> None:
    (found,) = cron.entries(f"# comment\n\n{line}\n", user)
    assert (found.number, (found.schedule, found.user)) == (1, entry)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "# 17 * * * * root true",
        "PATH=/usr/bin",
        "MAILTO = root",
        "17 * * * *",
        "17 * * * * root",
        "@often root true",
        "not a line of a table",
        "my secret password is here now root true",
        "* * * * \x1b[2J root true",
        "17 * * * * ro\x07ot true",
    ],
)
def test_no_entry(line: str) -> None:
    assert cron.entries(line, None) == []


def test_a_table_without_end() -> None:
    assert len(cron.entries("* * * * * root true\n" * 5000, None)) == cron.ENTRIES_MAX


@pytest.mark.parametrize(
    ("name", "strict", "counts"),
    [
        ("certbot", True, True),
        ("e2scrub_all", True, True),
        ("backup.sh", True, False),
        ("backup.sh", False, True),
        (".placeholder", False, False),
        ("backup~", False, False),
        ("backup.rpmsave", False, False),
        ("backup.dpkg-old", False, False),
    ],
)
def test_which_files_count(name: str, strict: bool, counts: bool) -> None:
    assert cron.counts(name, strict=strict) is counts


@pytest.mark.parametrize(
    ("text", "at"), [("20261124\n", 1795478400.0), ("", None), ("2026-11-24", None), ("99999999", None)]
)
def test_the_day_of_a_job(text: str, at: float | None) -> None:
    assert anacron.last_day(text) == at


@pytest.mark.parametrize(("is_roots", "state"), [(True, "active"), (False, "inactive")])
def test_who_acts_upon_the_tables_is_root(is_roots: bool, state: str, tmp_path: Path) -> None:
    machine = Processes()
    machine.files["/etc/crontab"] = "17 * * * * root true\n"
    machine.add(70, ["/usr/sbin/cron"], group="0::/system.slice/cron.service\n")
    if is_roots:
        del machine.owners["/proc/70"]
    assert machine.seen_by(cron, tmp_path)["cron:system/etc/crontab/1"]["state"] == state
