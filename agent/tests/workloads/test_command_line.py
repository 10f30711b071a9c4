"""Of a command its program is told, and never an argument."""

from __future__ import annotations

import pytest

from nodestral_agent.managers.screen import session_name
from nodestral_agent.workloads.command_line import first_program, program_of, short


@pytest.mark.parametrize(
    ("argv", "program"),
    [
        (["/usr/sbin/nginx", "-g", "daemon off;"], "/usr/sbin/nginx"),
        (["/usr/bin/python3", "-u", "/srv/app.py", "--password=hunter2"], "/usr/bin/python3 /srv/app.py"),
        (["python3", "-m", "http.server", "80"], "python3 -m http.server"),
        (["node", "server.js"], "node server.js"),
        (["node", "hunter2"], "node"),
        (["java", "-Dkey=hunter2", "-jar", "/srv/app.jar"], "java -jar /srv/app.jar"),
        (["bash", "-c", "curl -u bob:hunter2 x"], "bash"),
        (["perl", "-e", "hunter2.pl"], "perl"),
        (["node /srv/app.js"], "node /srv/app.js"),  # a title over the command line
        (["nginx: master process /usr/sbin/nginx"], ""),
        (["app?token=hunter2"], ""),
        (["\x1b[2J"], ""),
        ([""], ""),
        ([], ""),
    ],
)
def test_the_program_of_a_process(argv: list[str], program: str) -> None:
    assert program_of(argv) == program


@pytest.mark.parametrize(
    ("line", "program"),
    [
        ("/usr/bin/certbot -q renew", "/usr/bin/certbot"),
        ("test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }", "run-parts"),
        ("[ -x /opt/clean ] && if [ ! -d /run ]; then /opt/clean; fi", "/opt/clean"),
        ("! test -e /x && ! /opt/clean", "/opt/clean"),
        ("PGPASSWORD=hunter2 nice -n 10 /srv/backup --password=hunter2 | gzip >/x", "/srv/backup"),
        ("flock -n /run/lock /usr/bin/python3 /srv/job.py hunter2", "/usr/bin/python3 /srv/job.py"),
        ("sudo -u bob /srv/job hunter2", "/srv/job"),
        ("cd /srv && ./job.sh hunter2", "./job.sh"),
        ("curl https://bob:hunter2@example.test/", "curl"),
        ('echo "it\'s 5" && /srv/job', "echo"),
        ("/srv/job 'no end hunter2", "/srv/job"),
        ("$(cat /secret/hunter2) x", "cat"),
        ("A=1 B=2", ""),
        ("", ""),
    ],
)
def test_the_program_of_a_line_of_shell(line: str, program: str) -> None:
    assert first_program(line) == program


def test_without_folders() -> None:
    assert short("/usr/bin/python3 /srv/app.py") == "python3 app.py"


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["SCREEN", "-dmS", "notes", "sleep", "9"], "notes"),
        (["SCREEN", "-S", "notes"], "notes"),
        (["SCREEN"], ""),
        (["SCREEN", "--S", "x"], ""),
        (["SCREEN", "-S"], ""),
    ],
)
def test_the_name_of_a_screen(arguments: list[str], name: str) -> None:
    assert session_name(arguments) == name
