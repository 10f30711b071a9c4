"""Who and what comes in to simulated nodes: users, sshd, the firewall."""

import base64
import hashlib
import random
from collections.abc import Iterator

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
from nodestral.simulate.identity import Identity
from nodestral.simulate.roles import ANY

# People of the simulated company, each with the same key everywhere, and the accounts that every system brings.
PEOPLE = ("ada", "grace", "linus", "margaret")
SYSTEM_ACCOUNTS = ("daemon", "bin", "sys", "sync", "man", "mail", "www-data", "backup", "nobody", "sshd", "_apt")
INPUT, FORWARD, OUTPUT = "input", "forward", "output"


def users(who: Identity) -> list[UserItem]:
    chance = random.Random(who.seed)  # noqa: S311 - a picture, not a secret
    is_open = chance.random() < 0.08
    found: list[UserItem] = [
        SshServer(
            "sshd", "effective", [22], "yes" if is_open else "prohibit-password", "yes" if is_open else "no", "no",
            "yes", "no",
        ),
        UserAccount("user/root", "root", 0, 0, "/root", "/bin/bash", True, ["root"], True, None, "locked", []),
    ]  # fmt: skip
    for number, name in enumerate(PEOPLE):
        if name == "ada" or chance.random() < 0.6:
            found.append(_person(name, 1000 + number, may_root=name != "margaret"))
    owners = {service.user for service in who.role.services if service.scope == "user"} - set(PEOPLE)
    found += [_person(name, 1100 + number, may_root=False) for number, name in enumerate(sorted(owners))]
    found += [
        UserAccount(f"user/{name}", name, number, number, "/nonexistent", "/usr/sbin/nologin", False, [], False, None,
                    "locked")
        for number, name in enumerate(SYSTEM_ACCOUNTS, start=1)
    ]  # fmt: skip
    return found


def _person(name: str, number: int, *, may_root: bool) -> UserAccount:
    digest = base64.b64encode(hashlib.sha256(name.encode()).digest()).decode().rstrip("=")
    key = AuthorizedKey("ssh-ed25519", f"SHA256:{digest}", f"{name}@laptop")
    return UserAccount(
        f"user/{name}", name, number, number, f"/home/{name}", "/bin/bash", True, ["sudo"] if may_root else [],
        may_root, "%sudo" if may_root else None, "locked", [key],
    )  # fmt: skip


def firewall(who: Identity) -> list[FirewallItem]:
    """One nftables table that lets in what the role serves; and Docker's own chains where there is Docker."""
    found: list[FirewallItem] = [
        FirewallBackend("backend/nftables", "nftables", active=True, decides=True, version="1.0.6"),
        _chain(INPUT, "drop"),
        _chain(FORWARD, "drop"),
        _chain(OUTPUT, "accept"),
        *_input_rules(who),
    ]
    if who.role.containers:
        found += [_chain("DOCKER", None, family="ip", table="nat", owner="docker"), *_docker_rules(who)]
    return found


def _chain(
    name: str, policy: str | None, *, family: str = "inet", table: str = "filter", owner: str | None = None
) -> FirewallChain:
    hook, priority = (name, "filter") if policy else (None, None)
    key = f"nftables/{family}/{table}/{name}"
    return FirewallChain(key, "nftables", family, table, name, hook, priority, policy, owner)


def _input_rules(who: Identity) -> Iterator[FirewallRule]:
    yield _rule(INPUT, "accept", "ct state established,related accept", states="established,related")
    yield _rule(INPUT, "drop", "ct state invalid drop", states="invalid")
    yield _rule(INPUT, "accept", 'iifname "lo" accept', in_interface="lo")
    for service in who.role.services:
        for protocol, address, port in service.ports:
            if address in (ANY, "10.0.0.5"):
                source = "10.0.0.0/8" if address != ANY else None
                start = f"ip saddr {source} " if source else ""
                text = f'{start}{protocol} dport {port} accept comment "{service.unit}"'
                yield _rule(
                    INPUT, "accept", text, protocol=protocol, destination_ports=str(port), source=source,
                    comment=service.unit,
                )  # fmt: skip


def _docker_rules(who: Identity) -> Iterator[FirewallRule]:
    for number, container in enumerate(who.role.containers, start=2):
        for outside, inside in container.ports:
            to = f"172.18.0.{number}:{inside}"
            yield _rule(
                "DOCKER", f"dnat to {to}", f'iifname != "docker0" tcp dport {outside} dnat to {to}', family="ip",
                table="nat", protocol="tcp", destination_ports=str(outside), owner="docker",
            )  # fmt: skip


def _rule(
    chain: str, action: str, text: str, *, family: str = "inet", table: str = "filter", **parts: str | None
) -> FirewallRule:
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    key = f"nftables/{family}/{table}/{chain}/{digest}"
    hook = chain if chain == INPUT else None
    return FirewallRule(key, "nftables", family, table, chain, action, text, hook, **parts)


def firewall_gauges(items: list[FirewallItem], busy: float) -> dict[str, dict[str, float]]:
    """Each rule's place in its chain, and what has passed through it. busy: grows with the node's time and load."""
    gauges: dict[str, dict[str, float]] = {}
    places: dict[str, int] = {}
    for item in items:
        if isinstance(item, FirewallRule):
            place = places[item.chain] = places.get(item.chain, 0) + 1
            packets = float(int(busy / place**2))
            gauges[item.key] = {"position": float(place), "packets": packets, "bytes": packets * 640}
    return gauges
