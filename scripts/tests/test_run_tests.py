"""The counts that a whole run closes with: nothing that failed, was skipped or never ran may be lost on the way."""

from pathlib import Path

import pytest

from scripts import run_tests
from scripts.run_tests import Count, Part

VITEST = """
\x1b[2m Test Files \x1b[22m \x1b[31m1 failed\x1b[39m | 2 passed (3)
\x1b[2m      Tests \x1b[22m \x1b[31m1 failed\x1b[39m | 41 passed | 2 skipped (44)
"""


def suite(tmp_path: Path, text: str) -> tuple[str, ...]:
    (tmp_path / "test_it.py").write_text("import pytest\n" + text)
    return run_tests.pytest_of(str(tmp_path), "--rootdir", str(tmp_path), "-c", "/dev/null")


@pytest.fixture(autouse=True)
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    monkeypatch.setattr(run_tests, "RESULTS", folder)
    monkeypatch.setattr(run_tests, "IN_CI", False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # these suites need none, and loading takes a second


def test_vitest_is_counted_by_tests_not_by_files() -> None:
    assert run_tests.counted_by_vitest(VITEST) == Count(passed=41, failed=1, skipped=2)
    assert run_tests.counted_by_vitest("no tests here") == Count()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("def test_a(): pass\ndef test_b(): pass", Count(passed=2)),
        ("def test_a(): pass\ndef test_b(): assert 0", Count(passed=1, failed=1)),
        ("def test_a(): pass\ndef test_b(missing): pass", Count(passed=1, failed=1)),
        ("def test_a(): pass\n@pytest.mark.skip\ndef test_b(): pass", Count(passed=1, skipped=1)),
        ("import nothing_of_this_name", Count(failed=1)),
        ("", Count(failed=1)),
    ],
    ids=["passes", "fails", "fixture is missing", "skips", "cannot be imported", "has no test"],
)
def test_pytest_is_counted(tmp_path: Path, text: str, count: Count) -> None:
    assert run_tests.run_part(Part("this", (suite(tmp_path, text),))) == count


def test_a_command_that_dies_is_a_failure_and_ends_its_part(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    part = Part("this", (("true",), ("sh", "-c", "kill -9 $$"), ("touch", str(mark))))
    assert run_tests.run_part(part) == Count(passed=1, failed=1)
    assert not mark.exists()


def test_a_part_that_hangs_is_ended() -> None:
    part = Part("this", (("sh", "-c", "sleep 60 & sleep 60"),), limit_seconds=1)
    assert run_tests.run_part(part) == Count(failed=1)


@pytest.mark.parametrize(("in_ci", "status"), [(False, 0), (True, 1)])
def test_ci_allows_no_skip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], in_ci: bool, status: int
) -> None:
    skips = suite(tmp_path, "def test_a(): pass\n@pytest.mark.skip\ndef test_b(): pass")
    monkeypatch.setattr(run_tests, "IN_CI", in_ci)
    monkeypatch.setattr(run_tests, "PARTS", (Part("this", (skips,)),))
    monkeypatch.setattr("sys.argv", ["run_tests"])
    assert run_tests.main() == status
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 0 failed, 1 skipped"


@pytest.mark.parametrize("in_ci", [False, True])
def test_what_is_missing_is_named_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], in_ci: bool
) -> None:
    part = Part("this", (("true",),), {"no-such-program": "no-such-package"})
    monkeypatch.setattr(run_tests, "IN_CI", in_ci)
    monkeypatch.setattr(run_tests, "PARTS", (part,))
    monkeypatch.setattr(run_tests, "install", lambda _: None)
    monkeypatch.setattr("sys.argv", ["run_tests"])
    assert run_tests.main() == (1 if in_ci else 0)
    assert "apt-get install -y no-such-package" in capsys.readouterr().out
