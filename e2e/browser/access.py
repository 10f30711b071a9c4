"""Who and what comes in to the machine of the pictures: its firewall and its users."""

import hashlib
from typing import Any

from nodestral.protocol import (
    AuthorizedKey,
    FirewallBackend,
    FirewallChain,
    FirewallItem,
    FirewallRule,
    SshServer,
    UserAccount,
    UserItem,
)
from nodestral.protocol.users import SshMatch

RULES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("input", "accept", {"text": "ct state established,related accept", "states": "established,related"}),
    ("input", "drop", {"text": "ct state invalid drop", "states": "invalid"}),
    ("input", "accept", {"text": 'iifname "lo" accept', "in_interface": "lo"}),
    ("input", "accept", {"text": "icmp type echo-request limit rate 10/second accept", "protocol": "icmp"}),
    ("input", "accept", {
        "text": 'ip saddr 198.51.100.0/24 tcp dport 22 accept comment "office"', "protocol": "tcp",
        "source": "198.51.100.0/24", "destination_ports": "22", "comment": "office"}),
    ("input", "accept", {"text": "tcp dport { 80, 443 } accept", "protocol": "tcp", "destination_ports": "80,443"}),
    ("input", "jump blocked", {"text": "jump blocked"}),
    ("input", "log", {"text": 'limit rate 5/minute log prefix "dropped: "'}),
    ("forward", "jump DOCKER-USER", {"text": "jump DOCKER-USER"}),
    ("blocked", "reject", {
        "text": "ip saddr { 203.0.113.7, 203.0.113.91 } reject", "source": "203.0.113.7, 203.0.113.91"}),
)  # fmt: skip


def firewall() -> list[FirewallItem]:
    inet = {"backend": "nftables", "family": "inet", "table": "filter"}
    nat = {"backend": "iptables-nft", "family": "ip", "table": "nat"}
    made: list[FirewallItem] = [
        FirewallBackend("backend/nftables", "nftables", active=True, decides=True, version="1.0.6"),
        FirewallBackend("backend/iptables-nft", "iptables-nft", active=True, decides=True, version="1.8.9"),
        FirewallBackend("backend/ufw", "ufw", active=False, decides=False),
        _chain("input", hook="input", priority="filter", policy="drop", **inet),
        _chain("forward", hook="forward", priority="filter", policy="drop", **inet),
        _chain("output", hook="output", priority="filter", policy="accept", **inet),
        _chain("blocked", owner="fail2ban", **inet),
        _chain("PREROUTING", hook="prerouting", priority="dstnat", policy="accept", **nat),
        _chain("DOCKER", owner="docker", **nat),
        *(FirewallRule(key=rule_key(chain, more["text"]), chain=chain, action=action, **inet, **more)
          for chain, action, more in RULES),
    ]  # fmt: skip
    for number in range(14):
        inside, bridge = f"172.20.0.{number + 2}:80", f"br-{number:04x}"
        text = f"-A DOCKER ! -i {bridge} -p tcp -m tcp --dport {8080 + number} -j DNAT --to {inside}"
        made.append(
            FirewallRule(
                key=f"iptables-nft/ip/nat/DOCKER/{number}", chain="DOCKER", action=f"DNAT to {inside}",
                text=text, protocol="tcp", destination_ports=str(8080 + number), in_interface=f"! {bridge}",
                owner="docker", **nat,
            )
        )  # fmt: skip
    return made


def rule_key(chain: str, text: str) -> str:
    return f"nftables/inet/filter/{chain}/{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _chain(name: str, *, backend: str, family: str, table: str, **over: Any) -> FirewallChain:
    return FirewallChain(f"{backend}/{family}/{table}/{name}", backend, family, table, name, **over)


def firewall_gauges() -> dict[str, dict[str, float]]:
    gauges = {}
    for place, (chain, _, more) in enumerate(RULES):
        packets = float(4_812_007 // (place + 1) ** 3)
        gauges[rule_key(chain, more["text"])] = {"position": float(place), "packets": packets, "bytes": packets * 812}
    for number in range(14):
        gauges[f"iptables-nft/ip/nat/DOCKER/{number}"] = {"position": float(number), "packets": 31.0 * number}
    return gauges


def users() -> list[UserItem]:
    def account(name: str, number: int, **over: Any) -> UserAccount:
        shell = "/bin/bash" if over.get("can_log_in") else "/usr/sbin/nologin"
        told: dict[str, Any] = {"home": f"/home/{name}", "shell": shell, "can_log_in": False, "sudo": False}
        told.update(over)
        return UserAccount(f"user/{name}", name, number, number, **told)

    def ssh_key(of: str, kind: str = "ssh-ed25519") -> AuthorizedKey:
        return AuthorizedKey(kind, "SHA256:" + hashlib.sha256(of.encode()).hexdigest()[:43])

    quiet = ("daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "www-data", "backup", "list", "irc")
    return [
        SshServer(
            "sshd", "effective", [22], "prohibit-password", "yes", "no", "yes", "no",
            [SshMatch("Group sftp", password_authentication="no")],
        ),
        account("root", 0, home="/root", can_log_in=True, sudo=True, password="locked",
                authorized_keys=[ssh_key("root")], groups=["root"]),
        account("anna", 1000, can_log_in=True, sudo=True, sudo_by="group sudo", password="set",
                authorized_keys=[ssh_key("anna"), ssh_key("anna's old", "ssh-rsa")], groups=["sudo", "docker"]),
        account("deploy", 1001, can_log_in=True, password="locked",
                authorized_keys=[ssh_key("ci")], groups=["www-data"]),
        account("openclaw", 1002, can_log_in=True, sudo=None, groups=[]),
        *(
            account(name, number, home="/nonexistent", password="locked", authorized_keys=[])
            for number, name in enumerate(quiet, start=1)
        ),
    ]  # fmt: skip
