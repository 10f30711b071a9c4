"""What the installer refuses, and that a refusal leaves the home directory as it was."""

import hashlib
import ssl
import subprocess
from pathlib import Path

import pytest

from install.tests.conftest import ROOT, TOKEN, Serve, Server, User


def refused(user: User, run: subprocess.CompletedProcess[str], *words: str) -> None:
    assert run.returncode != 0, run.stdout
    for word in words:
        assert word in run.stderr
    assert user.files() == []


def test_a_refused_token_leaves_nothing(user: User, server: Server) -> None:
    refused(user, user.install(server, "nst_install_unknown"), "could not be enrolled")
    assert server.enrolments() == 1


@pytest.mark.parametrize("token", ["", "hello", "nst_node_abc", "nst_install_", "nst_install_a;b", "nst_install_a b"])
def test_what_is_no_install_token_is_never_sent(user: User, server: Server, token: str) -> None:
    refused(user, user.install(server, token))
    assert server.requests == []


def test_a_wrong_checksum_runs_nothing(user: User, server: Server) -> None:
    server.files["/install/nodestral-agent.pyz"] += b"\n"
    refused(user, user.install(server, TOKEN), "damaged")
    assert server.enrolments() == 0


@pytest.mark.parametrize("checksum", [b"", b"<html>sign in</html>", b"0" * 63, b"Z" * 64, b"0" * 65])
def test_what_is_no_checksum_is_refused(user: User, server: Server, checksum: bytes) -> None:
    server.files["/install/nodestral-agent.pyz.sha256"] = checksum
    refused(user, user.install(server, TOKEN), "no checksum")


def test_a_huge_download_is_refused_though_its_checksum_fits(user: User, server: Server) -> None:
    huge = bytes(9 << 20)
    server.files["/install/nodestral-agent.pyz"] = huge
    server.files["/install/nodestral-agent.pyz.sha256"] = hashlib.sha256(huge).hexdigest().encode()
    refused(user, user.install(server, TOKEN))


def test_a_missing_agent_is_told(user: User, server: Server) -> None:
    del server.files["/install/nodestral-agent.pyz"]
    refused(user, user.install(server, TOKEN), "could not be downloaded")


@pytest.mark.parametrize("option", ["--enable=firewall", "--disable=firewall,certificates"])
def test_helpers_are_for_root_alone(user: User, server: Server, option: str) -> None:
    refused(user, user.install(server, TOKEN, option), "for root")
    assert server.requests == []


@pytest.mark.parametrize("helper", ["all", "firewall,root", "../x", "firewall;id"])
def test_an_unknown_helper_is_refused(user: User, server: Server, helper: str) -> None:
    refused(user, user.install(server, TOKEN, "--enable", helper), "there is no helper", "firewall certificates")
    assert server.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.1",
        "http://127.0.0.1.example.net",
        "http://localhost.example.net:80",
        "http://127.0.0.1@192.0.2.1",
        "http://[::1].example.net",
        "ftp://127.0.0.1",
        "https://",
        "https://-o/x",
        "https://host/$(touch${IFS}x)",
    ],
)
def test_an_address_without_encryption_or_sense_is_refused(user: User, server: Server, url: str) -> None:
    refused(user, user.install(server, TOKEN, "--server", url))
    assert server.requests == []


def test_plain_http_elsewhere_needs_its_switch(user: User, server: Server) -> None:
    """The control of the test above: with the switch, the same address would be used."""
    run = user.install(server, TOKEN, "--server", "http://192.0.2.1", "--allow-plain-http", "--dry-run")
    assert run.returncode == 0
    assert "not encrypted" in run.stdout


def test_no_cut_of_the_script_does_anything(user: User, server: Server) -> None:
    script = server.files["/install.sh"]
    whole = script.rindex(b'main "$@"')
    cuts = {*range(0, whole, len(script) // 25), *range(whole, whole + len(b'main "$@'))}
    for cut in sorted(cuts):
        user.run(script[:cut], "--no-service", TOKEN)
        assert user.files() == [], f"cut after {cut} bytes"
    assert server.requests == []
    assert user.run(script[: whole + len(b'main "$@"')], "--no-service", TOKEN).returncode == 0
    assert user.files() != []


@pytest.fixture
def authority(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """Make a certificate for 127.0.0.1 that no machine trusts, and the server's side of it."""
    key, certificate = tmp_path / "key.pem", tmp_path / "ca.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
            ),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context


def test_an_untrusted_certificate_is_refused_until_its_authority_is_named(
    user: User, serve: Serve, authority: tuple[Path, ssl.SSLContext]
) -> None:
    certificate, context = authority
    server = serve(context)
    refused(user, user.install(server, TOKEN), "could not be downloaded")
    trusted = user.home / "ca.pem"
    trusted.write_bytes(certificate.read_bytes())
    run = user.install(server, TOKEN, "--ca-file", "ca.pem")
    assert run.returncode == 0, run.stderr
    assert len(server.nodes) == 1


def test_the_units_in_the_installer_are_those_beside_it() -> None:
    subprocess.run(["scripts/units", "--check"], cwd=ROOT, check=True)
