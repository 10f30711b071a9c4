"""Certificates on real machines, in files and as they are served; `openssl x509` and `s_client` are the judges."""

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from e2e.machine import host
from e2e.machine.errors import LateError
from e2e.machine.fleet import MEMBERS, Fleet, Member, install
from e2e.machine.machine import Machine
from e2e.machine.server import SEEN_WITHIN_SECONDS
from nodestral.inventory.schemas import Certificate

pytestmark = [pytest.mark.machine, pytest.mark.timeout(900)]

FOLDER = "/etc/nodestral-test"
WEB = f"{FOLDER}/web.pem"
NGINX = f"""
server {{ listen 443 ssl; server_name www.example.test example.test; ssl_certificate {WEB};
          ssl_certificate_key {FOLDER}/web.key; }}
server {{ listen 443 ssl; server_name shop.example.test; ssl_certificate {FOLDER}/shop.pem;
          ssl_certificate_key {FOLDER}/shop.key; }}
server {{ listen 8443 ssl; server_name closed.example.test; ssl_certificate {FOLDER}/closed/closed.pem;
          ssl_certificate_key {FOLDER}/closed/closed.key; }}
"""
# Dovecot's settings have other names since 2.4.
DOVECOT_CERTIFICATE = {"bullseye": "ssl_cert = <", "bookworm": "ssl_cert = <", "trixie": "ssl_server_cert_file = "}
DOVECOT_KEY = {"bullseye": "ssl_key = <", "bookworm": "ssl_key = <", "trixie": "ssl_server_key_file = "}
DOVECOT_FILE = "/etc/dovecot/conf.d/99-nodestral-test.conf"


@dataclass(frozen=True)
class Told:
    """A certificate as openssl tells it."""

    fingerprint: str
    serial: str
    subject: str
    issuer: str
    not_after: str


def make(machine: Machine, path: str, kind: str, *names: str) -> None:
    """A new self-signed certificate for these names, and its key beside it."""
    alternative = ",".join(f"DNS:{name}" for name in names)
    key = path.removesuffix(".pem") + ".key"
    machine.run(
        f"openssl req -x509 -nodes -days 90 -newkey {kind} -keyout {key} -out {path} "
        f"-subj '/O=Nodestral & Söhne/CN={names[0]}' -utf8 -addext subjectAltName={alternative} 2>/dev/null "
        f"&& chmod 600 {key} && chmod 644 {path}"
    )


def told_of(machine: Machine, source: str) -> Told:
    """What `openssl x509` says of the certificate that this shell command prints."""
    shown = machine.run(
        f"{source} 2>/dev/null | openssl x509 -noout -fingerprint -sha256 -serial -subject -issuer -enddate "
        "-nameopt RFC2253,utf8,-esc_msb"
    ).stdout
    values = dict(line.split("=", 1) for line in shown.splitlines())
    fingerprint = next(value for name, value in values.items() if "ingerprint" in name).replace(":", "").lower()
    at = machine.run(f"date --date={shlex.quote(values['notAfter'])} +%s").stdout.strip()
    return Told(fingerprint, values["serial"], values["subject"], values["issuer"], at)


def assert_same(item: Certificate, told: Told) -> None:
    own = Told(item.fingerprint_sha256, item.serial, item.subject, item.issuer, f"{item.not_after_at:.0f}")
    assert own == told


def client(port: int, *words: str) -> str:
    """`openssl s_client` to a port of the machine."""
    return f"openssl s_client -connect 127.0.0.1:{port} {' '.join(words)} </dev/null"


# The key of what is served, and how openssl sees the same.
SERVED = {
    "served:tls/0.0.0.0/443/": client(443, "-noservername"),
    "served:tls/0.0.0.0/443/www.example.test": client(443, "-servername", "www.example.test"),
    "served:tls/0.0.0.0/443/example.test": client(443, "-servername", "example.test"),
    "served:tls/0.0.0.0/443/shop.example.test": client(443, "-servername", "shop.example.test"),
    "served:tls/0.0.0.0/8443/closed.example.test": client(8443, "-servername", "closed.example.test"),
    "served:smtp/0.0.0.0/25/": client(25, "-starttls", "smtp"),
    "served:imap/0.0.0.0/143/": client(143, "-starttls", "imap"),
    "served:tls/0.0.0.0/993/": client(993),
}


def set_up(machine: Machine, release: str) -> None:
    """nginx with three names, Postfix and Dovecot with one more, all with certificates that were made just now."""
    machine.run(f"mkdir -p -m 755 {FOLDER} && mkdir -m 700 {FOLDER}/closed")
    make(machine, WEB, "rsa:2048", "www.example.test", "example.test")
    make(machine, f"{FOLDER}/shop.pem", "ec -pkeyopt ec_paramgen_curve:P-384", "shop.example.test")
    make(machine, f"{FOLDER}/closed/closed.pem", "ed25519", "closed.example.test")
    make(machine, f"{FOLDER}/mail.pem", "ec -pkeyopt ec_paramgen_curve:P-256", "mail.example.test")
    machine.run("cat > /etc/nginx/conf.d/nodestral-test.conf && systemctl reload nginx", stdin=NGINX)
    machine.run(
        "cp /etc/postfix/main.cf /etc/postfix/main.cf.nodestral-test"
        f" && postconf -e smtpd_tls_cert_file={FOLDER}/mail.pem smtpd_tls_key_file={FOLDER}/mail.key"
        " smtpd_tls_security_level=may inet_protocols=ipv4 && systemctl start postfix"
    )
    lines = f"{DOVECOT_CERTIFICATE[release]}{FOLDER}/mail.pem\n{DOVECOT_KEY[release]}{FOLDER}/mail.key\n"
    machine.run(f"cat > {DOVECOT_FILE} && systemctl start dovecot", stdin=lines)


def take_down(machine: Machine) -> None:
    """As it was before."""
    machine.run(
        f"""
        systemctl stop postfix dovecot dovecot.socket
        mv /etc/postfix/main.cf.nodestral-test /etc/postfix/main.cf
        rm -rf {FOLDER} {DOVECOT_FILE} /etc/nginx/conf.d/nodestral-test.conf
        systemctl reload nginx
        """,
        check=False,
    )


@pytest.fixture(scope="module")
def serving(fleet: Fleet) -> Iterator[Fleet]:
    """The fleet whose machines all serve TLS."""

    def each(act: Callable[[Machine, Member], None]) -> None:
        fleet.on_each_member(lambda member: act(fleet.machines[member.name], member))

    try:
        each(lambda machine, member: set_up(machine, member.release))
        yield fleet
    finally:
        each(lambda machine, _: take_down(machine))


def certificates(fleet: Fleet, member: Member) -> dict[str, Certificate]:
    return fleet.api.certificates(fleet.node_ids[member.name])


def wait_for(fleet: Fleet, member: Member, what: str, is_so: Callable[[dict[str, Certificate]], bool]) -> None:
    """Until the dashboard's certificates of a machine are so."""
    try:
        host.wait_for(
            f"{member.name}: {what}",
            lambda: is_so(certificates(fleet, member)),
            # Six machines at once on a busy computer.
            within_seconds=2 * SEEN_WITHIN_SECONDS,
            every_seconds=1,
        )
    except LateError as error:
        node = fleet.api.node(fleet.node_ids[member.name])
        coverage = [one for one in node.coverage if one.section == "certificates"]
        raise LateError(f"{error}; what is told: {coverage} {certificates(fleet, member)}") from error


def test_what_is_served_is_what_a_client_gets(serving: Fleet) -> None:
    def check(member: Member) -> None:
        machine = serving.machines[member.name]
        wait_for(serving, member, "all that is served", lambda found: found.keys() >= SERVED.keys())
        found = certificates(serving, member)
        for key, command in SERVED.items():
            assert_same(found[key], told_of(machine, command))
            assert found[key].self_signed
        web, closed = found["served:tls/0.0.0.0/443/"], found["served:tls/0.0.0.0/8443/closed.example.test"]
        assert (web.key_type, web.key_bits, web.names) == ("RSA", 2048, ["www.example.test", "example.test"])
        shop = found["served:tls/0.0.0.0/443/shop.example.test"]
        assert (shop.key_type, shop.key_bits, shop.key_curve) == ("EC", 384, "P-384")
        assert closed.key_type == "Ed25519"
        assert web.unit == "nginx.service"
        assert not [key for key in found if "/18789/" in key or "/22/" in key], "what speaks no TLS is not listed"

    serving.on_each_member(check)


def test_files_are_what_openssl_reads_in_them(serving: Fleet) -> None:
    def check(member: Member) -> None:
        machine = serving.machines[member.name]
        users = {WEB: ["nginx"], f"{FOLDER}/shop.pem": ["nginx"], f"{FOLDER}/mail.pem": ["dovecot", "postfix"]}
        wait_for(serving, member, "files", lambda found: found.keys() >= {f"file:{path}" for path in users})
        found = certificates(serving, member)
        for path, used_by in users.items():
            assert_same(found[f"file:{path}"], told_of(machine, f"cat {path}"))
            assert found[f"file:{path}"].used_by == used_by
        assert f"file:{FOLDER}/closed/closed.pem" not in found
        coverage = next(
            one for one in serving.api.node(serving.node_ids[member.name]).coverage if one.section == "certificates"
        )
        assert coverage.level == "partial"
        assert f"{FOLDER}/closed/closed.pem" in coverage.reason
        account = "openclaw" if member.scope == "user" else "nodestral-agent"
        assert f"setfacl -m u:{account}:x" in coverage.grant
        assert f"{FOLDER}/closed" in coverage.grant

    serving.on_each_member(check)


def test_renewed_and_not_reloaded_is_told_until_it_is_reloaded(serving: Fleet) -> None:
    key = "served:tls/0.0.0.0/443/www.example.test"

    def check(member: Member) -> None:
        machine = serving.machines[member.name]
        wait_for(serving, member, key, lambda found: key in found and found[key].newer_path is None)
        before = certificates(serving, member)[key].fingerprint_sha256
        make(machine, WEB, "rsa:2048", "www.example.test", "example.test")
        wait_for(serving, member, "a newer file", lambda found: found[key].newer_path == WEB)
        assert certificates(serving, member)[key].fingerprint_sha256 == before, "it serves the old one"

        machine.run("systemctl reload nginx")
        wait_for(
            serving,
            member,
            "the new one served",
            lambda found: found[key].newer_path is None and found[key].fingerprint_sha256 != before,
        )
        assert_same(certificates(serving, member)[key], told_of(machine, f"cat {WEB}"))

    serving.on_each_member(check)


def test_with_the_helper_closed_files_are_read_and_keys_are_not(fleet: Fleet) -> None:
    machine = fleet.new_machine("sealed", "trixie")
    try:
        # Where certbot keeps its own, as it keeps them.
        live, archive = "/etc/letsencrypt/live/a.example.test", "/etc/letsencrypt/archive/a.example.test"
        machine.run(f"mkdir -p {live} {archive} && chmod 700 /etc/letsencrypt/live /etc/letsencrypt/archive")
        make(machine, f"{archive}/fullchain1.pem", "rsa:2048", "a.example.test")
        machine.run(
            f"mv {archive}/fullchain1.key {archive}/privkey1.pem && ln -s ../../archive/a.example.test/fullchain1.pem"
            f" {live}/fullchain.pem && ln -s ../../archive/a.example.test/privkey1.pem {live}/privkey.pem"
            # A file's time of access tells whether somebody opened it.
            f" && touch -a -d '2001-01-01' {archive}/privkey1.pem"
        )
        install(machine, fleet.api.new_install_token("sealed").secret, options="--enable=certificates")
        node_id = fleet.wait_for_node("sealed")
        key = f"file:{live}/fullchain.pem"
        host.wait_for(
            "the closed file",
            lambda: key in fleet.api.certificates(node_id),
            within_seconds=SEEN_WITHIN_SECONDS + 60,
            every_seconds=1,
        )
        item = fleet.api.certificates(node_id)[key]
        assert_same(item, told_of(machine, f"cat {archive}/fullchain1.pem"))
        assert item.renewed_by == "certbot"
        long_ago = machine.run("date -d 2001-01-01 +%s").stdout
        accessed = f"stat --format=%X {archive}/privkey1.pem"
        assert machine.run(accessed).stdout == long_ago
        assert machine.run(f"cat {archive}/privkey1.pem >/dev/null && {accessed}").stdout != long_ago, "control"
    finally:
        fleet.remove_machine("sealed")


def test_control_every_release_is_among_the_members() -> None:
    assert {member.release for member in MEMBERS} == DOVECOT_KEY.keys()
