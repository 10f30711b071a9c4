"""Records this machine as a case: all that the collectors read of it, and nothing else.

    python3 -m agent.tests.collectors.record >agent/tests/cases/recorded/NAME.json

On a machine without a checkout it runs as a file, beside a copy of the package. Run it as the user whose view the case
is to show. Then write the sentence `about`, and have NODESTRAL_WRITE_CASES=1 pytest fill in what is expected.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR
from typing import Any

from nodestral_agent.collectors import COLLECTORS
from nodestral_agent.errors import CollectorError, Denied
from nodestral_agent.host import Host
from nodestral_agent.scan import collected
from nodestral_agent.workloads import cgroups

# Stands for a directory of which nothing was read.
KEPT = ".kept"
# Larger folders are not listed in a case: what counts in them is read besides.
NAMES_MAX = 100
INSPECTION = re.compile(r"/containers/[0-9a-f]+/json$")


def command_name(argv: list[str]) -> str:
    """What a command is called in a case: its program, and what tells it from others of the same program."""
    uid = argv[1].partition("=")[2] if argv[0] == "setpriv" else ""
    asked = argv[argv.index("--") + 1 :] if uid else argv
    words = [asked[0], *(word[2:] for word in asked if word in ("--user", "--system"))]
    units = [word.partition("=")[2] for word in asked if word.startswith("--unit=")]
    if asked[0] == "nft" and "-j" not in asked:
        words.append("text")
    if "-t" in asked:
        words.append(asked[-1])
    return "-".join([*words, *filter(None, [uid]), *units, *(["sockets"] if asked[-1] == "*.socket" else [])])


class RecordingHost(Host):
    """The real machine, with its answers written down."""

    def __init__(self) -> None:
        super().__init__()
        self.case: dict[str, Any] = {
            "about": "",
            "host": {
                "uid": self.uid(),
                "booted_at": round(self.booted_at(), 3),
                "monotonic": round(self.monotonic(), 3),
                "now": round(self.now(), 3),
            },
            "closed": [],
            "owners": {},
            "commands": {},
            "engines": {},
            "socket_groups": {},
            "six_only": {},
            "files": {},
            "expected": {collector.SECTION: {} for collector in COLLECTORS},
        }

    @contextmanager
    def watched(self, path: str) -> Iterator[None]:
        """What is denied belongs to the case too."""
        try:
            yield
        except Denied:
            self.case["closed"].append(path)
            raise

    def read(self, path: str, limit: int = 4 << 20) -> bytes:
        with self.watched(path):
            try:
                data = super().read(path, limit)
            except Denied:
                raise
            except CollectorError:
                self.case["files"].setdefault(path, "")  # it could be opened
                raise
        self.case["files"][path] = data.decode("utf-8", "surrogateescape")
        return data

    def link(self, path: str) -> str:
        with self.watched(path):
            target = super().link(path)
        if target.startswith("socket:") or "/fd/" not in path:
            self.case["files"][path] = {"link": target}
        return target

    def names(self, path: str) -> list[str]:
        with self.watched(path):
            found = super().names(path)
        if not path.startswith(("/proc", "/sys")) and len(found) <= NAMES_MAX:
            for name in found:
                inner = f"{path}/{name}"
                self.case["files"].setdefault(f"{inner}/{KEPT}" if Path(inner).is_dir() else inner, "")
        return found

    def folders(self, path: str) -> list[tuple[str, int]]:
        found = super().folders(path)
        self.case["files"].update({f"{path}/{name}/{KEPT}": "" for name, _ in found})
        return found

    def stat(self, path: str) -> os.stat_result:
        found = super().stat(path)
        if S_ISDIR(found.st_mode):
            self.case["files"][f"{path}/{KEPT}"] = ""
        else:
            known = self.case["files"].get(path)
            self.case["files"][path] = known or ({"program": ""} if found.st_mode & 0o111 else "")
        return found

    def owner(self, path: str) -> int:
        uid = super().owner(path)
        if uid:
            self.case["owners"][path] = uid
        return uid

    def run(
        self,
        argv: list[str],
        seconds: float = 10,
        limit: int = 8 << 20,
        environment: dict[str, str] | None = None,
        ended: range = range(1),
    ) -> bytes:
        output = super().run(argv, seconds, limit, environment, ended)
        self.case["commands"][command_name(argv)] = output.decode()
        return output

    def has_program(self, name: str) -> bool:
        has = super().has_program(name)
        if has:
            self.case["commands"].setdefault(name, "")
        return has

    def nftables_tables(self) -> list[tuple[str, str]]:
        tables = super().nftables_tables()
        self.case["nftables_tables"] = tables
        return tables

    def http_get(self, socket_path: str, path: str, seconds: float = 5, limit: int = 8 << 20) -> bytes:
        try:
            body = super().http_get(socket_path, path, seconds, limit)
        except Denied:
            self.case["engines"][socket_path] = "denied"
            raise
        answer = json.loads(body)
        if INSPECTION.search(path):
            answer = without_secrets(answer)
        self.case["engines"].setdefault(socket_path, {})[path] = answer
        return body

    def socket_groups(self) -> dict[int, int]:
        groups = super().socket_groups()
        mount = cgroups.hierarchies(self).unified or ""
        paths = {inode: f"{mount}{path}" for path, inode in cgroups.walk(self, mount)}
        self.case["socket_groups"] = {
            str(inode): paths[group] for inode, group in sorted(groups.items()) if group in paths
        }
        return groups

    def six_only_sockets(self) -> dict[int, bool]:
        told = super().six_only_sockets()
        self.case["six_only"] = {str(inode): value for inode, value in sorted(told.items())}
        return told


def without_secrets(answer: dict[str, Any]) -> dict[str, Any]:
    """What the collector reads of an inspection. The rest holds the environment, commands and their output."""
    settings = answer.get("HostConfig", {})
    kept = {name: answer.get(name) for name in ("State", "RestartCount", "Mounts")}
    if kept["State"] and kept["State"].get("Health"):
        kept["State"]["Health"].pop("Log", None)
    kept["NetworkSettings"] = {"Networks": answer.get("NetworkSettings", {}).get("Networks")}
    kept["HostConfig"] = {name: settings.get(name) for name in ("RestartPolicy", "Tmpfs", "NetworkMode")}
    return kept


def main() -> None:
    """Print the case."""
    host = RecordingHost()
    for collector in COLLECTORS:
        collected(collector, host)
    # A directory of which something was read needs no placeholder.
    files = host.case["files"]
    full = {path.rpartition("/")[0] for path in files if not path.endswith(f"/{KEPT}")}
    host.case["files"] = {path: files[path] for path in sorted(files) if path.removesuffix(f"/{KEPT}") not in full}
    host.case["closed"] = sorted(set(host.case["closed"]))
    sys.stdout.write(json.dumps(host.case, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
