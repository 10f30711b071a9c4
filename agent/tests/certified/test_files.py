"""Which files are opened on a machine full of certificates and keys: none that holds a private key."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from agent.tests.collectors.recorded import CASES, RecordedHost, load

from nodestral_agent.certified import files, grants
from nodestral_agent.collectors import certificates
from nodestral_agent.host import Host

WATCHED: list[list[str]] = []
MACHINES = sorted((CASES / "certificates").glob("*.json"))


def hook(event: str, arguments: tuple[Any, ...]) -> None:
    """Notes every file that this process opens, by whatever way."""
    if WATCHED and event == "open" and isinstance(arguments[0], (str, bytes)):
        WATCHED[-1].append(os.fsdecode(arguments[0]))


sys.addaudithook(hook)


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The paths that were opened during the test."""
    WATCHED.append([])
    yield WATCHED[-1]
    WATCHED.clear()


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.stem)
def test_no_file_of_a_key_is_opened(path: Path, tmp_path: Path, opened: list[str]) -> None:
    case = load(path)
    # A key lies wherever a configuration says so. (Beside HAProxy's it would make of one with a key one without.)
    for name in list(case["files"]):
        if (
            not name.endswith(("combined.pem", "listed.pem"))
            and isinstance(case["files"][name], dict)
            and "pem" in case["files"][name]
        ):
            case["files"].setdefault(f"{name.rpartition('.')[0]}.key", "a private key\n")
    host = RecordedHost(case, tmp_path)
    opened.clear()
    certificates.collect(host)
    inside = [one.removeprefix(str(tmp_path)) for one in opened if one.startswith(str(tmp_path))]
    assert [one for one in inside if one.endswith((".key", "acme.json")) or "privkey" in one or "both" in one] == (
        ["/etc/apache2/extra/both.conf"] if path.stem == "apache" else []
    )
    assert "combined.pem" not in "".join(inside)
    assert any(one.startswith(("/proc/", "/etc/")) for one in inside), "control: opening is watched"


def test_control_a_read_key_would_be_noticed(tmp_path: Path, opened: list[str]) -> None:
    (tmp_path / "own.key").write_text("a private key\n")
    Host(str(tmp_path)).text("/own.key")
    assert [one for one in opened if one.endswith("own.key")]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/letsencrypt/live/x/privkey.pem",
        "/etc/letsencrypt/archive/x/privkey12.pem",
        "/etc/ssl/private/x.pem",
        "/etc/nginx/server.key",
        "/etc/nginx/server.key.pem",
        "/etc/nginx/server-key.pem",
        "/etc/nginx/key.pem",
        "/etc/nginx/KEY_1.pem",
        "/etc/nginx/private.pem",
        "/etc/letsencrypt/keys/0001.pem",
        "/data/acme.json",
        "/data/acme-letsencrypt.json",
    ],
)
def test_a_name_that_says_key_is_one(path: str, tmp_path: Path) -> None:
    assert files.is_key(RecordedHost({"files": {path: ""}}, tmp_path), path, set())


@pytest.mark.parametrize(
    "path",
    ["/etc/nginx/keycloak.example.org.crt", "/etc/ssl/certs/monkey.pem", "/etc/ssl/turkey/chain.pem", "/a/b.crt"],
)
def test_other_names_are_none(path: str, tmp_path: Path) -> None:
    assert not files.is_key(RecordedHost({"files": {path: ""}}, tmp_path), path, set())


def test_links_are_judged_by_what_they_lead_to(tmp_path: Path) -> None:
    links = {
        "/etc/dovecot/private/dovecot.pem": {"link": "/etc/ssl/certs/snakeoil.pem"},
        "/etc/nginx/a.pem": {"link": "b.pem"},
        "/etc/nginx/b.pem": {"link": "../ssl/private/c.pem"},
        "/etc/nginx/d.pem": {"link": "d.pem"},
        "/etc/nginx/e.pem": {"link": "named.pem"},
    }
    host = RecordedHost({"files": {**links, "/etc/ssl/private/c.pem": "", "/etc/ssl/certs/snakeoil.pem": ""}}, tmp_path)
    told = {path: files.is_key(host, path, {"/etc/nginx/named.pem"}) for path in links}
    assert list(told.values()) == [False, True, True, False, True]


def machine(tmp_path: Path, config: str, **more: Any) -> RecordedHost:
    """A machine with an nginx of this configuration."""
    return RecordedHost({"files": {"/etc/nginx/nginx.conf": config, **more.pop("files", {})}, **more}, tmp_path)


def test_a_file_with_a_key_that_nobody_tells_of_is_thrown_away(tmp_path: Path) -> None:
    inside = (CASES / "x509" / "chain.pem").read_text() + "-----BEGIN PRIVATE " + "KEY-----\nsecret\n"
    host = machine(tmp_path, "ssl_certificate /srv/x.pem;", files={"/srv/x.pem": inside})
    found = files.files(host)
    assert found.items == []
    assert list(found.with_keys) == ["/srv/x.pem"]


def test_a_self_made_certificate_of_the_machine_is_no_authority_of_its_store(tmp_path: Path) -> None:
    folder = "/etc/ssl/certs"
    host = RecordedHost(
        {"files": {f"{folder}/own.crt": {"pem": ["self-made"]}, f"{folder}/root.crt": {"pem": ["root"]}}}, tmp_path
    )
    assert [item["path"] for item in files.files(host).items] == [f"{folder}/own.crt"]


def test_includes_that_run_wild_have_an_end(tmp_path: Path) -> None:
    wild = {f"/etc/nginx/d{number}/x.conf": "include /etc/nginx/*/*; include /**/*/*/*;" for number in range(40)}
    host = machine(
        tmp_path, "include */*.conf; ssl_certificate /srv/x.pem;", files={**wild, "/srv/x.pem": {"pem": ["root"]}}
    )
    assert [item["path"] for item in files.files(host).items] == ["/srv/x.pem"]


@pytest.mark.parametrize(
    "text", ["{" * 5000, "}" * 5000, '"' * 4999, "\\" * 999, "a;" * 100_000, "include " * 9, "\0;\0{"]
)
def test_configurations_that_make_no_sense_are_survived(text: str, tmp_path: Path) -> None:
    places = [
        "nginx/nginx.conf",
        "apache2/apache2.conf",
        "postfix/main.cf",
        "postfix/master.cf",
        "dovecot/dovecot.conf",
    ]
    places += ["haproxy/haproxy.cfg", "traefik/traefik.yml", "caddy/Caddyfile", "postgresql/15/main/postgresql.conf"]
    places += ["letsencrypt/renewal/x.conf"]
    assert files.files(RecordedHost({"files": {f"/etc/{place}": text for place in places}}, tmp_path)).items == []


def test_the_grant_is_what_is_lacking(tmp_path: Path) -> None:
    passwd = "nodestral-agent:x:990:990::/:/bin/false\n"
    paths = {
        "/srv/open/a.pem": "",
        "/srv/closed/deep/b.pem": "",
        "/etc/passwd": passwd,
        "/srv/list/x": "",
        "/etc/letsencrypt/x": "",
    }
    host = RecordedHost({"files": paths, "closed": ["/srv/closed", "/etc/letsencrypt/live"]}, tmp_path)
    wanted = ["/srv/closed/deep/b.pem", "/srv/open/a.pem", "/srv/list", "/etc/letsencrypt/live/x y/fullchain.pem"]
    assert grants.grant(host, wanted) == (
        "setfacl -m u:nodestral-agent:x /srv/closed /etc/letsencrypt/live /etc/letsencrypt/archive"
        " && setfacl -m u:nodestral-agent:rx /srv/list && setfacl -m u:nodestral-agent:r /srv/open/a.pem"
    )


def test_a_hostile_path_stays_one_word_of_the_grant(tmp_path: Path) -> None:
    host = RecordedHost({"files": {"/srv/a 'b/c.pem": ""}}, tmp_path)
    assert grants.grant(host, ["/srv/a 'b/c.pem"]).endswith(" '/srv/a '\"'\"'b/c.pem'")


def test_the_cases_hold_no_key() -> None:
    for path in MACHINES:
        assert "PRIVATE KEY" not in json.dumps(load(path))
