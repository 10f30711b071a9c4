"""What the tabs of a node count."""

from nodestral.inventory.counting import count
from nodestral.protocol import (
    CertificateItem,
    FirewallBackend,
    FirewallChain,
    FirewallRule,
    PackageItem,
    PendingUpdate,
    SshServer,
    UpdateSource,
    UserAccount,
)


def _certificate(key: str, fingerprint: str) -> CertificateItem:
    return CertificateItem(key, "file", fingerprint * 64, "CN=a", "CN=b", "1", 0, 1)


def test_what_is_told_along_is_not_counted() -> None:
    assert count([UpdateSource("manager/dpkg", "dpkg"), PendingUpdate("dpkg/a/amd64", "dpkg", "a", "2")]) == 1
    backend = FirewallBackend("backend/nftables", "nftables", active=True, decides=True)
    chain = FirewallChain("nftables/inet/filter/input", "nftables", "inet", "filter", "input")
    rule = FirewallRule(f"{chain.key}/1", "nftables", "inet", "filter", "input", "accept", "accept")
    assert count([backend, chain, rule]) == 1
    assert count([SshServer("sshd", "file"), UserAccount("user/a", "a", 1, 1, "/", "/bin/sh", can_log_in=True)]) == 1


def test_a_certificate_counts_once_wherever_it_is() -> None:
    assert count([_certificate("file:/a", "a"), _certificate("file:/b", "a"), _certificate("file:/c", "c")]) == 2


def test_everything_else_counts_as_it_is() -> None:
    assert count([]) == 0
    assert count([UpdateSource("manager/dpkg", "dpkg")]) == 0
    assert count([PackageItem(f"dpkg/{name}/amd64", "dpkg", name, "1") for name in "abc"]) == 3
