"""supervisord's configuration, and which process is which program."""

from __future__ import annotations

import pytest

from nodestral_agent.managers import supervisord

TEXT = """
; a comment
[program:worker]
command=/usr/bin/python3 -m worker   ; not this
user = www-data
environment=KEY="hunter2",
    OTHER="x"

[program:many]
command=/bin/sleep 10
numprocs=2
process_name=%(program_name)s_%(process_num)02d
autostart=false

[program:]
[group:all]
programs=worker,many
"""


def test_programs() -> None:
    worker, first, second = supervisord.programs("/etc/x.conf", TEXT)
    assert (worker.name, worker.command, worker.user) == ("worker", ["/usr/bin/python3", "-m", "worker"], "www-data")
    assert (first.name, second.name) == ("many:many_00", "many:many_01")
    assert (worker.starts, first.starts) == (True, False)


@pytest.mark.parametrize(
    "text", ["[", "]", "=\n=", "  x", "[program:x]\ncommand='", "[program:x]\nnumprocs=-1", "\x1b["]
)
def test_garbage(text: str) -> None:
    assert len(supervisord.programs("/x", text)) <= 1


@pytest.mark.parametrize(
    ("arguments", "command", "is_it"),
    [
        (["/usr/bin/python3", "-m", "worker"], ["/usr/bin/python3", "-m", "worker"], True),
        (["/usr/bin/python3", "/srv/app", "--all"], ["/srv/app", "--all"], True),
        (["/usr/bin/sleep", "10"], ["sleep", "10"], True),
        (["/bin/sleep", "10"], ["sleep", "11"], False),
        (["app", "--port", "81"], ["app", "--port", "%(ENV_PORT)s"], True),
        (["/bin/other"], ["app"], False),
        ([], ["app"], False),
        (["app"], [], False),
    ],
)
def test_whose_process(arguments: list[str], command: list[str], is_it: bool) -> None:
    assert supervisord.is_of(arguments, command) is is_it


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (["python3", "supervisord", "-n", "-c", "/etc/a.conf"], "/etc/a.conf"),
        (["supervisord", "--configuration=/etc/a.conf"], "/etc/a.conf"),
        (["supervisord", "-c/etc/a.conf"], "/etc/a.conf"),
        (["supervisord", "-c", "a.conf"], ""),
        (["supervisord", "-c", "/etc/../root/a.conf"], ""),
        (["supervisord"], ""),
    ],
)
def test_which_configuration(arguments: list[str], path: str) -> None:
    assert supervisord.option(arguments) == path
