"""Machines as single files: what was recorded of one, or written by hand, and what each collector must make of it.

A case is a JSON object:
    about          one sentence
    files          path to text, to {"link": target}, to {"program": text} for what may be executed, or to
                   {"pem": [names of files in cases/x509]}
    later          files that are different after a pause of the collector
    commands       what programs printed, by name and scope: systemctl-system, systemctl-user-1000, and
                   systemctl-system-sockets for socket units; nft in JSON, nft-text; iptables-legacy-save-TABLE;
                   journalctl-UNIT and journalctl-user-1000-UNIT
    nftables_tables  pairs of family and name, as the kernel itself tells them
    engines        by socket: the answers by path, or "denied"
    socket_groups  the control group's path by the inode number of a socket
    six_only       whether an IPv6 socket is for IPv6 alone, by its inode number
    served         by protocol/address/port/server name: what a handshake there meets: names of files in cases/x509,
                   "plain" or "refused"; "silent" where nothing is told
    times          modification times of files and folders, in Unix seconds
    closed         paths that the agent may not look into
    owners         user id by path; 0 where none is told
    ages           seconds since a file was written, by path
    modes          st_mode by path
    before         by section: items that the last scan found
    host           uid: the agent's own; booted_at; monotonic: seconds since then; now
    owners         the user id by path, where it is not 0
    expected       by section: the coverage's level, items, gauges
"""

from __future__ import annotations

import json
import os
import ssl
from pathlib import Path
from stat import S_IFREG, ST_MODE, ST_MTIME, ST_UID
from typing import Any

from agent.tests.collectors.record import command_name

from nodestral_agent.endpoint import Served, Target
from nodestral_agent.errors import CollectorError, Denied, Unavailable
from nodestral_agent.host import Host

# Whole hours, so that ages are easy to see.
NOW = 1_795_560_000.7
CASES = Path(__file__).resolve().parents[1] / "cases"


def pem(name: str) -> str:
    """The certificates of a file of cases/x509."""
    return (CASES / "x509" / f"{name}.pem").read_text(encoding="ascii")


def chain(names: list[str]) -> list[bytes]:
    """All certificates of such files in DER."""
    blocks = "".join(pem(name) for name in names).split("-----END CERTIFICATE-----")[:-1]
    return [ssl.PEM_cert_to_DER_cert(f"{block.strip()}\n-----END CERTIFICATE-----") for block in blocks]


class RecordedHost(Host):
    """A case laid out below a folder."""

    def __init__(self, case: dict[str, Any], root: Path) -> None:
        super().__init__(str(root))
        self.case = case
        self.lay_out(case.get("files", {}))
        for path, at in case.get("times", {}).items():
            os.utime(f"{root}{path}", (at, at))

    def lay_out(self, files: dict[str, Any]) -> None:
        """Write files of the machine."""
        for path, content in files.items():
            target = Path(self.root, path.lstrip("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, dict) and "pem" in content:
                target.write_text("".join(pem(name) for name in content["pem"]))
            elif isinstance(content, dict) and "program" in content:
                target.write_text(content["program"])
                target.chmod(0o755)
            elif isinstance(content, dict):
                target.symlink_to(content["link"])
            else:
                target.write_bytes(content.encode("utf-8", "surrogateescape"))

    def path(self, path: str) -> str:
        for closed in self.case.get("closed", []):
            if path == closed or path.startswith(f"{closed}/"):
                raise Denied("Permission denied", path)
        return super().path(path)

    def run(
        self,
        argv: list[str],
        seconds: float = 10,  # noqa: ARG002 # the host's own signature
        limit: int = 8 << 20,  # noqa: ARG002
        environment: dict[str, str] | None = None,  # noqa: ARG002
        ended: range = range(1),  # noqa: ARG002
    ) -> bytes:
        name = command_name(argv)
        try:
            text: str = self.case.get("commands", {})[name]
        except KeyError:
            raise Unavailable(f"{name} is not installed") from None
        return text.encode("utf-8", "surrogateescape")

    def has_program(self, name: str) -> bool:
        return any(known == name or known.startswith(f"{name}-") for known in self.case.get("commands", {}))

    def nftables_tables(self) -> list[tuple[str, str]]:
        return [(family, name) for family, name in self.case.get("nftables_tables", [])]

    def http_get(self, socket_path: str, path: str, seconds: float = 5, limit: int = 8 << 20) -> bytes:  # noqa: ARG002
        answers = self.case.get("engines", {}).get(socket_path)
        if answers == "denied":
            raise Denied("Permission denied", socket_path)
        if answers is None:
            raise Unavailable(socket_path)
        if path not in answers:
            raise CollectorError(f"answered {path} with 404", socket_path)
        return json.dumps(answers[path]).encode()

    def socket_groups(self) -> dict[int, int]:
        groups: dict[str, str] = self.case.get("socket_groups", {})
        return {int(inode): self.stat(path).st_ino for inode, path in groups.items()}

    def six_only_sockets(self) -> dict[int, bool]:
        told: dict[str, bool] = self.case.get("six_only", {})
        return {int(inode): value for inode, value in told.items()}

    def handshakes(self, targets: list[Target], seconds: float = 8) -> dict[Target, Served]:  # noqa: ARG002
        answers = self.case.get("served", {})
        met = {target: answers.get("/".join(str(part) for part in target), "silent") for target in targets}
        return {
            target: Served(answer, []) if isinstance(answer, str) else Served("tls", chain(answer))
            for target, answer in met.items()
        }

    def file(self, path: str, limit: int) -> tuple[bytes, os.stat_result]:
        data, stat = super().file(path, limit)
        fields = list(stat[:10])
        fields[ST_MODE] = self.case.get("modes", {}).get(path, S_IFREG | 0o640)
        fields[ST_UID] = self.case.get("owners", {}).get(path, 0)
        fields[ST_MTIME] = int(NOW) - self.case.get("ages", {}).get(path, 0)
        return data, os.stat_result(fields)

    def owner(self, path: str) -> int:
        self.stat(path)  # what is not there has no owner
        owner: int = self.case.get("owners", {}).get(path, 0)
        return owner

    def pause(self, seconds: float) -> None:  # noqa: ARG002
        """Time passes: what the case holds for later takes the place of what was."""
        self.lay_out(self.case.get("later", {}))

    def before(self, section: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.case.get("before", {}).get(section, [])
        return items

    def now(self) -> float:
        at: float = self.case.get("host", {}).get("now", NOW)
        return at

    def monotonic(self) -> float:
        seconds: float = self.case.get("host", {}).get("monotonic", super().monotonic())
        return seconds

    def uid(self) -> int:
        uid: int = self.case.get("host", {}).get("uid", 990)
        return uid

    def booted_at(self) -> float:
        at: float = self.case.get("host", {}).get("booted_at", 0)
        return at


def case_files() -> list[Path]:
    """Every case there is."""
    return sorted(path for path in CASES.glob("*/*.json") if path.parent.name != "providers")


def load(path: Path) -> dict[str, Any]:
    """A case."""
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return case
