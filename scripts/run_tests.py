"""Runs the parts of the test suite one after another, says how long each took, and adds up what they counted.

A part names the programs that it needs and the Debian packages that bring them. Root on Debian or Ubuntu gets what is
missing; anybody else is told, and the part is left out. With CI=true nothing may be left out: a skip fails the run.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "test-results"
PYTHON = str(ROOT / ".venv/bin/python")
# Debian puts programs for administrators where an ordinary PATH does not look.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"])
IN_CI = os.environ.get("CI") == "true"


def is_ubuntu() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "ID=ubuntu" in release.read_text(encoding="utf-8").splitlines()


@dataclass(frozen=True)
class Part:
    """`needs` maps programs to the Debian packages that bring them.

    A program may be a path with * in it, and `a|b` means that either will do. `uses` are programs without which some
    of its tests are left out: root gets them installed, nobody is asked for them.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    needs: dict[str, str] = field(default_factory=dict)
    uses: dict[str, str] = field(default_factory=dict)
    root_only: bool = False
    limit_seconds: float = 1200


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: "Count") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def pytest_of(folder: str, *arguments: str) -> tuple[str, ...]:
    return (PYTHON, "-m", "pytest", folder, "-q", "--durations=3", "--durations-min=5", *arguments)


# Once more on PostgreSQL and Redis as Debian has them: what depends on the stores.
ON_DEBIANS_STORES = [
    f"--ignore=server/tests/{name}"
    for name in (
        *("embedded", "kit", "pages", "simulate"),
        *(f"processes/{program}.py" for program in ("test_up", "test_outages", "test_package")),
    )
]
CHROMIUM = {"chromium|chromium-browser|google-chrome": "chromium-browser" if is_ubuntu() else "chromium"}
PARTS = (
    Part("check", (("scripts/check",), pytest_of("scripts/tests"))),
    Part(
        "agent",
        (pytest_of("agent/tests"),),
        needs={"openssl": "openssl"},
        uses={"nft": "nftables", "iptables": "iptables", "ssh-keygen": "openssh-client"},
    ),
    Part(
        "server",
        (
            ("scripts/bundle",),
            pytest_of("server/tests"),
            ("env", "NODESTRAL_TEST_STORES=debian", *pytest_of("server/tests", *ON_DEBIANS_STORES)),
        ),
        {"/usr/lib/postgresql/*/bin/initdb": "postgresql", "redis-server": "redis-server", "ss": "iproute2"},
    ),
    Part("web", (("scripts/web", "test"),)),
    Part(
        "install",
        (pytest_of("install/tests"),),
        {
            "bash": "bash",
            "busybox": "busybox-static",
            "curl": "curl",
            "dash": "dash",
            "openssl": "openssl",
            "setpriv": "util-linux",
            "systemd-analyze": "systemd",
            "wget": "wget",
        },
    ),
    Part("browser", (("scripts/bundle",), pytest_of("e2e/browser")), CHROMIUM),
    Part(
        "machine",
        (("scripts/bundle",), (PYTHON, "-m", "e2e.machine.prepare"), pytest_of("e2e/machine")),
        {
            "busybox": "busybox-static",
            **CHROMIUM,
            "curl": "curl",
            "debootstrap": "debootstrap",
            "dockerd": "docker.io",
            "ip": "iproute2",
            "iptables": "iptables",
            "mount": "mount",
            "nsenter": "util-linux",
            "openssl": "openssl",
            "systemd-nspawn": "systemd-container",
            "/usr/share/keyrings/debian-archive-keyring.gpg": "debian-archive-keyring",
        },
        root_only=True,
        limit_seconds=2400,
    ),
)
GROUPS = {"unit": ("agent", "web"), "integration": ("server", "install")}


def say(line: str) -> None:
    sys.stdout.write(f"test: {line}\n")
    sys.stdout.flush()


def is_there(program: str) -> bool:
    if "|" in program:
        return any(is_there(each) for each in program.split("|"))
    if "/" in program:
        return any(Path("/").glob(program.lstrip("/")))
    return shutil.which(program, path=SEARCH_PATH) is not None


def missing_packages(parts: list[Part]) -> list[str]:
    return sorted({package for part in parts for program, package in part.needs.items() if not is_there(program)})


def useful_packages(parts: list[Part]) -> list[str]:
    return sorted({package for part in parts for program, package in part.uses.items() if not is_there(program)})


def install(packages: list[str]) -> None:
    """Best effort: what could not be installed is told by the part that lacks it."""
    if not packages or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    if subprocess.run(["scripts/apt", *packages], cwd=ROOT, check=False).returncode != 0:
        # One package that this release does not have must not cost the others.
        for package in packages:
            subprocess.run(["scripts/apt", package], cwd=ROOT, check=False)


def reason_to_leave_out(part: Part) -> str | None:
    if part.root_only and os.geteuid() != 0:
        return "it boots real systems, which only root may do"
    if missing := missing_packages([part]):
        return f"programs are missing: sudo apt-get install -y {' '.join(missing)}"
    return None


def run(command: tuple[str, ...], limit_seconds: float) -> tuple[int, str]:
    """Run one command in a process group of its own, show its output as it comes, and give status and output."""
    environment = {**os.environ, "PATH": SEARCH_PATH, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        signal.signal(signal.SIGALRM, lambda *_: os.killpg(process.pid, signal.SIGKILL))
        signal.alarm(int(limit_seconds))
        output = bytearray()
        try:
            # By what has come, not by lines: a line of dots takes minutes.
            while process.stdout and (some := os.read(process.stdout.fileno(), 65536)):
                sys.stdout.buffer.write(some)
                sys.stdout.buffer.flush()
                output += some
            return process.wait(), output.decode(errors="replace")
        except BaseException:
            # Ctrl-C reached only this process: the part has its own group, so that it can be ended whole.
            os.killpg(process.pid, signal.SIGTERM)
            raise
        finally:
            signal.alarm(0)


def counted_by_pytest(report: Path) -> Count | None:
    if not report.exists():
        return None
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 # written by our own pytest a moment ago
    if suite is None:
        return None
    total, skipped = int(suite.get("tests", "0")), int(suite.get("skipped", "0"))
    failed = int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
    return Count(total - failed - skipped, failed, skipped)


def counted_by_vitest(output: str) -> Count:
    """Vitest closes with, for example, ` Tests  1 failed | 41 passed | 2 skipped (44)`."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", output)
    line = next((line for line in reversed(plain.splitlines()) if re.match(r"\s*Tests\s+\d", line)), "")
    found = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|skipped|todo)", line)}
    return Count(found.get("passed", 0), found.get("failed", 0), found.get("skipped", 0) + found.get("todo", 0))


def run_part(part: Part) -> Count:
    total = Count()
    for number, command in enumerate(part.commands):
        report = RESULTS / f"{part.name}-{number}.xml"
        is_pytest = "pytest" in command
        status, output = run((*command, f"--junitxml={report}") if is_pytest else command, part.limit_seconds)
        if is_pytest:
            count = counted_by_pytest(report) or Count()
            if count.passed + count.failed + count.skipped == 0:
                say(f"{part.name}: no test was executed")
                count.failed += 1
        elif command == ("scripts/web", "test"):
            count = counted_by_vitest(output)
        else:
            count = Count(passed=1 if status == 0 else 0)
        if status != 0 and count.failed == 0:
            count.failed = 1
        total.add(count)
        if status != 0:
            break
    return total


def chosen(words: list[str]) -> list[Part]:
    names = [name for word in words for name in GROUPS.get(word, (word,))]
    known = [part.name for part in PARTS]
    if unknown := [name for name in names if name not in known]:
        say(f"there is no part {' '.join(unknown)}; the parts are {' '.join([*known, *GROUPS])}")
        raise SystemExit(2)
    return [part for part in PARTS if not names or part.name in names]


def main() -> int:
    parts = chosen(sys.argv[1:])
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir()
    possible = [part for part in parts if not part.root_only or os.geteuid() == 0]
    install(missing_packages(possible) + useful_packages(possible))
    total = Count()
    lines = []
    for part in parts:
        started = time.monotonic()
        if reason := reason_to_leave_out(part):
            say(f"{part.name}: left out, because {reason}")
            count = Count(failed=1) if IN_CI else Count(skipped=1)
        else:
            say(f"{part.name}: begins")
            count = run_part(part)
        total.add(count)
        lines.append(f"{part.name:<8} {count}, {time.monotonic() - started:.0f} s")
        say(lines[-1])
    say("all parts")
    for line in lines:
        say(f"  {line}")
    not_allowed = IN_CI and total.skipped > 0
    if not_allowed:
        say("with CI=true nothing may be left out, so the skips above are failures")
    sys.stdout.write(f"{total}\n")
    return 1 if total.failed or not_allowed else 0


if __name__ == "__main__":
    sys.exit(main())
