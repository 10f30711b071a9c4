"""The golden example reports: what the agent makes of each fake machine, at fixed times and with fixed numbers.

The server's tests accept each of them; the agent's test makes them anew and compares. `./dev examples` writes them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from agent.tests.machine import CASES, FakeHost

from nodestral_agent.commands.report import first_report

EXAMPLES = Path(__file__).resolve().parents[2] / "contract" / "examples"
NODE_ID = "node_0123456789abcdef"
MYSELF = {
    "version": "0.1.0",
    "python": "3.11.2",
    "user": "nodestral-agent",
    "scope": "system",
    "plain_http": False,
    "spooled_reports": 0,
    "refused_reports": 0,
    "dropped_reports": 0,
    "thinned_reports": 0,
}
# By machine: seconds between the two readings, and the sizes that statvfs would tell:
# fragment, blocks, free, available, files, free files.
MACHINES: dict[str, tuple[float, dict[str, tuple[int, int, int, int, int, int]]]] = {
    "vps": (
        30.0,
        {
            "/": (4096, 5_000_000, 3_100_000, 2_840_000, 1_280_000, 1_201_345),
            "/boot/efi": (512, 250_000, 238_000, 238_000, 0, 0),
        },
    ),
    "docker-host": (
        10.0,
        {
            "/": (4096, 50_000_000, 9_000_000, 9_000_000, 100_000_000, 98_800_000),
            "/boot": (1024, 1_000_000, 700_000, 650_000, 65_536, 65_200),
            "/srv/media files": (4096, 900_000_000, 100_000_000, 99_000_000, 0, 0),
            "/tank": (131_072, 7_000_000, 6_000_000, 6_000_000, 900_000_000, 899_000_000),
        },
    ),
    "container": (10.0, {"/": (131_072, 65_536, 60_000, 60_000, 7_000_000, 6_990_000)}),
}

# What the kernel would tell of who made a socket, by its inode number.
OPENCLAW = "/user.slice/user-1001.slice/user@1001.service/app.slice/openclaw.service"
SOCKETS = {
    "vps": {
        20001: "/system.slice/ssh.service",
        20002: "/system.slice/nginx.service",
        20003: OPENCLAW,
        20004: "/system.slice/ssh.service",
        20005: "/system.slice/nginx.service",
    }
}


def example(name: str) -> str:
    """The report of one machine as it stands in contract/examples."""
    seconds, spaces = MACHINES[name]
    folder = CASES / "machines" / name
    host = FakeHost(folder / "before")
    host.spaces = spaces
    host.sockets = SOCKETS.get(name, {})
    report = first_report(
        host,
        NODE_ID,
        MYSELF,
        None,
        4_503_599_627_370_495,
        lambda: host.turn_to(folder / "after", seconds),
    )
    return json.dumps(json.loads(report), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write all."""
    EXAMPLES.mkdir(parents=True, exist_ok=True)
    for name in MACHINES:
        (EXAMPLES / f"{name}.json").write_text(example(name), encoding="utf-8")
        sys.stdout.write(f"{EXAMPLES / name}.json\n")


if __name__ == "__main__":
    main()
