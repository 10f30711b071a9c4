"""Which listeners are asked, how often, and by which names. What a scan learned is remembered by the next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from agent.tests.collectors.recorded import NOW, RecordedHost

from nodestral_agent.collectors import certificates
from nodestral_agent.endpoint import Served, Target

LINE = "0: 00000000:{:04X} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 {} 1\n"


class Scans:
    """A machine that is scanned again and again, with what its agent keeps."""

    def __init__(self, folder: Path, **case: Any) -> None:
        self.folder = folder
        self.case: dict[str, Any] = {"files": {}, "served": {}, **case}
        self.at = NOW
        self.items: list[dict[str, Any]] = []
        self.asked: list[Target] = []
        (folder / "memory").mkdir()
        self._count = 0

    def listen(self, **inodes: int) -> None:
        """TCP listeners: p443=1 is port 443 with this inode number."""
        self.case["files"]["/proc/net/tcp"] = "".join(LINE.format(int(port[1:]), ino) for port, ino in inodes.items())

    def scan(self, minutes: float = 5) -> list[str]:
        """What one more scan asks, so many minutes later."""
        self.at += minutes * 60
        self._count += 1
        scans = self
        before = self.items

        class Scanned(RecordedHost):
            def now(self) -> float:
                return scans.at

            def before(self, section: str) -> list[dict[str, Any]]:
                return before if section == "certificates" else []

            def handshakes(self, targets: list[Target], seconds: float = 8) -> dict[Target, Served]:
                scans.asked += targets
                return super().handshakes(targets, seconds)

        host = Scanned(self.case, self.folder / f"scan-{self._count}")
        host.memory = str(self.folder / "memory")
        self.asked = []
        self.items = certificates.collect(host).items
        return ["/".join(str(part) for part in target) for target in self.asked]

    @property
    def keys(self) -> list[str]:
        """What the last scan found."""
        return sorted(item["key"] for item in self.items)


@pytest.fixture
def scans(tmp_path: Path) -> Scans:
    return Scans(tmp_path)


WEB, PLAIN, MAIL = "tls/127.0.0.1/443/", "tls/127.0.0.1/8080/", "smtp/127.0.0.1/25/"


def test_what_speaks_no_tls_is_asked_once_a_day_or_when_it_is_another(scans: Scans) -> None:
    scans.case["served"] = {WEB: ["chain"], PLAIN: "plain"}
    scans.listen(p443=1, p8080=2)
    assert scans.scan() == [WEB, PLAIN]
    assert scans.scan() == [WEB]
    scans.listen(p443=1, p8080=3)
    assert scans.scan() == [WEB, PLAIN], "its process is another"
    assert scans.scan() == [WEB]
    assert scans.scan(minutes=24 * 60) == [WEB, PLAIN]


def test_who_spoke_tls_and_is_silent_is_asked_again(scans: Scans) -> None:
    scans.case["served"] = {WEB: ["chain"]}
    scans.listen(p443=1)
    scans.scan()
    scans.case["served"] = {}
    before = scans.items
    with pytest.raises(Exception, match="no certificate"):
        scans.scan()
    scans.items = before
    scans.case["served"] = {WEB: ["chain"]}
    assert scans.scan() == [WEB]
    assert scans.keys == ["served:tls/0.0.0.0/443/"]


def test_mail_servers_are_asked_once_an_hour_and_stay_known(scans: Scans) -> None:
    scans.case["served"] = {MAIL: ["mail"]}
    scans.listen(p25=1)
    assert scans.scan() == [MAIL]
    for _ in range(11):
        assert scans.scan() == []
        assert scans.keys == ["served:smtp/0.0.0.0/25/"]
    assert scans.scan() == [MAIL]
    assert scans.scan() == []
    scans.listen(p25=9)
    assert scans.scan() == [MAIL], "it was started anew"


def test_a_renewed_certificate_makes_the_mail_server_asked_until_it_serves_it(scans: Scans) -> None:
    config = "smtpd_tls_cert_file=/srv/x.pem\nsmtpd_tls_key_file=/srv/x.key\n"
    scans.case["files"] |= {"/etc/postfix/main.cf": config, "/srv/x.pem": {"pem": ["shop-old"]}}
    scans.case["served"] = {MAIL: ["shop-old"]}
    scans.listen(p25=1)
    assert scans.scan() == [MAIL]
    assert scans.scan() == []
    scans.case["files"]["/srv/x.pem"] = {"pem": ["shop-new"]}
    for _ in range(3):
        assert scans.scan() == [MAIL]
        assert [item.get("newer_path") for item in scans.items] == [None, "/srv/x.pem"]
    scans.case["served"] = {MAIL: ["shop-new"]}
    assert scans.scan() == [MAIL]
    assert [item.get("newer_path") for item in scans.items] == [None, None]
    assert scans.scan() == []


def test_broken_notes_are_as_good_as_none(scans: Scans) -> None:
    scans.case["served"] = {PLAIN: "plain", WEB: ["chain"]}
    scans.listen(p443=1, p8080=2)
    for text in (
        "",
        "[]",
        "7",
        '{"tls/0.0.0.0/8080": 3}',
        '{"tls/0.0.0.0/8080": [2, 0]}',
        '{"tls/0.0.0.0/8080": [2, null, 1, 1]}',
    ):
        (scans.folder / "memory" / "certificates.listeners").write_text(text)
        assert scans.scan() == [WEB, PLAIN], text


def test_names_are_asked_where_they_are_served_and_no_more_than_allowed(scans: Scans) -> None:
    names = " ".join(f"n{number}.test" for number in range(200))
    scans.case["files"]["/etc/nginx/nginx.conf"] = (
        f"server {{ listen 443 ssl; server_name {names}; ssl_certificate /x; }}\n"
        "server { listen 8443 ssl; server_name other.test bad_n\xe4me -; ssl_certificate /x; }\n"
        "server { listen 8080; server_name plain.test; }"
    )
    scans.case["served"] = {WEB: ["chain"], "tls/127.0.0.1/8443/": ["root"], PLAIN: "plain"}
    scans.listen(p443=1, p8443=2, p8080=3)
    asked = scans.scan()
    assert asked[:3] == [WEB, "tls/127.0.0.1/8443/", PLAIN]
    assert "tls/127.0.0.1/8443/other.test" in asked
    assert len(asked) == len(set(asked)) == 64
    assert not [target for target in asked if "plain.test" in target or "n\xe4me" in target]
    assert not [target for target in asked[3:] if "/8443/n" in target]


def test_who_is_not_asked_is_told(scans: Scans, tmp_path: Path) -> None:
    names = " ".join(f"n{number}.test" for number in range(100))
    config = f"server {{ listen 443 ssl; server_name {names}; ssl_certificate /x; }}"
    files = {"/etc/nginx/nginx.conf": config, "/proc/net/tcp": LINE.format(443, 1)}
    told = certificates.collect(RecordedHost({"files": files, "served": {WEB: ["chain"]}}, tmp_path / "m")).coverage
    assert told["level"] == "partial"
    assert told["reason"].startswith("37 more server names were not asked for")
