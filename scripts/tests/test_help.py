"""`./dev help` and `nodestral --help` name every command that there is."""

import os
import subprocess
from pathlib import Path

from click.testing import CliRunner

from nodestral import cli

ROOT = Path(__file__).parents[2]


def test_dev_help_lists_every_script() -> None:
    lines = subprocess.run(["./dev", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    listed = {line.split()[0]: line for line in lines if line.startswith("  ")}
    scripts = {path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and os.access(path, os.X_OK)}
    assert set(listed) == scripts
    assert all(len(line.split()) > 2 for line in listed.values())


def test_a_command_that_does_not_exist_is_told() -> None:
    for word in ("nonsense", "../dev", "tests"):
        run = subprocess.run(["./dev", word], cwd=ROOT, check=False, capture_output=True, text=True)
        assert run.returncode == 2
        assert "./dev help" in run.stderr


def test_nodestral_help_names_the_commands() -> None:
    text = CliRunner().invoke(cli.group, ["--help"]).output
    for name, entry in cli.COMMANDS.items():
        assert any(line.strip("│ ").startswith(f"{name} ") and entry.help[:20] in line for line in text.splitlines())
