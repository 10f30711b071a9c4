"""A Debian system booted with systemd as PID 1 in a container of systemd-nspawn, from a cheap copy of a cached root.

The copy is an overlay: the root below is shared and never written. Commands run in the machine as its root, or as one
of its users in a login session of logind's, as if that user had signed in.
"""

import os
import shlex
import shutil
import signal
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from e2e.machine import cgroups, host
from e2e.machine.errors import CommandError, HarnessError, LateError
from e2e.machine.network import Namespace

_ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "TERM": "dumb",
}


@dataclass(frozen=True)
class UnitState:
    """A unit as its own systemd tells it (`systemctl show`). `since_at` is a Unix time in whole seconds."""

    active_state: str
    sub_state: str
    user: str
    main_pid: int
    since_at: float | None


class Machine:
    """`folder` holds the overlay and the console log; it is made by lay_out and removed at stop.

    `root` is the system as it was made, `upper` what is different on this machine, `tree` both together.
    """

    def __init__(self, name: str, root: Path, folder: Path, namespace: Namespace) -> None:
        self.name = name
        self.address = namespace.address
        self.namespace = namespace
        self.root = root
        self.tree = folder / "tree"
        self.upper = folder / "upper"
        self.console = folder / "console.log"
        self._folder = folder
        self._nspawn: subprocess.Popen[bytes] | None = None
        self._leader = 0

    def lay_out(self) -> None:
        """Mount the copy, with an identity of its own. Files may be put under `tree` before the boot."""
        work = self._folder / "work"
        for folder in (self.upper, work, self.tree):
            folder.mkdir(parents=True)
        layers = f"lowerdir={self.root},upperdir={self.upper},workdir={work}"
        host.run("mount", "-t", "overlay", "overlay", "-o", layers, self.tree)
        (self.tree / "etc/machine-id").write_text(f"{uuid.uuid4().hex}\n")
        (self.tree / "etc/hostname").write_text(f"{self.name}\n")
        (self.tree / "etc/hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {self.name}\n")

    def boot(self) -> None:
        """Start it; `wait_booted` tells when it is up."""
        groups = cgroups.create(self.namespace.name)
        command: list[str | Path] = [
            "systemd-nspawn",
            "--quiet",
            "--boot",
            "--register=no",
            "--keep-unit",
            # Its network is its own, so that it may have a firewall.
            "--capability=CAP_NET_ADMIN",
            "--suppress-sync=yes",
            "--resolv-conf=off",
            "--timezone=off",
            "--link-journal=no",
            f"--machine={self.name}",
            f"--network-namespace-path={self.namespace.path}",
            f"--directory={self.tree}",
        ]
        with self.console.open("wb") as console:
            self._nspawn = subprocess.Popen(
                [str(part) for part in cgroups.enter(groups, command)],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                env={"PATH": host.SEARCH_PATH, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
                start_new_session=True,
            )

    def wait_booted(self, within_seconds: float = 180) -> None:
        """Until its systemd has nothing left to start and no unit has failed."""
        try:
            self._leader = host.wait_for(f"{self.name}: systemd as PID 1", self._find_leader, within_seconds=60)
            state = host.wait_for(f"{self.name}: end of the boot", self._boot_outcome, within_seconds=within_seconds)
        except LateError as error:
            raise LateError(f"{error}; its console ends with:\n{self._console_end()}") from error
        if state != "running":
            failed = self.run("systemctl --failed --no-legend --plain", check=False).stdout
            raise HarnessError(f"{self.name} is {state}: {failed}\n{self._console_end()}")

    def reboot(self) -> None:
        """As its administrator would; back when it is up again."""
        if self._nspawn is None:
            raise HarnessError(f"{self.name} does not run")
        self.run("systemctl reboot", check=False)
        # With --keep-unit systemd-nspawn does not start the system again itself, but ends.
        self._nspawn.wait(timeout=60)
        self.boot()
        self.wait_booted()

    def _find_leader(self) -> int | None:
        if self._nspawn is None or self._nspawn.poll() is not None:
            raise HarnessError(f"{self.name} did not start:\n{self._console_end()}")
        pid = self._nspawn.pid
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            if _read(Path(f"/proc/{child}/comm")).strip() == "systemd":
                return int(child)
        return None

    def _boot_outcome(self) -> str | None:
        state = self.run("systemctl is-system-running", check=False).stdout.strip()
        return state if state in {"running", "degraded", "maintenance", "stopping"} else None

    def _console_end(self) -> str:
        return "\n".join(_read(self.console).splitlines()[-25:])

    def run(
        self,
        script: str,
        *,
        user: str = "root",
        check: bool = True,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        timeout_seconds: float = 120,
    ) -> subprocess.CompletedProcess[str]:
        """Run a line of shell in the machine. An ordinary user gets a session of logind's (PAM, XDG_RUNTIME_DIR)."""
        exports = "".join(f"export {name}={shlex.quote(value)}; " for name, value in (env or {}).items())
        shell = ["sh", "-c", exports + script]
        if user != "root":
            shell = ["su", "--login", user, "--command", exports + script]
        command: list[str | Path] = [
            *("nsenter", f"--target={self._leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"),
            *("env", "--ignore-environment", *(f"{name}={value}" for name, value in _ENVIRONMENT.items())),
            *shell,
        ]
        # Its systemd and logind refuse processes whose control group lies outside of the machine.
        inside = cgroups.enter(cgroups.of_process(self._leader), command)
        result = host.run(*inside, check=False, stdin=stdin, timeout_seconds=timeout_seconds)
        if check and result.returncode != 0:
            raise CommandError(f"{self.name}: {user}: {script}", result)
        return result

    def unit(self, unit: str, *, user: str = "") -> UnitState:
        """A unit of the system's manager, or of this user's own."""
        properties = "ActiveState,SubState,User,MainPID,ActiveEnterTimestamp,InactiveEnterTimestamp"
        scope = "--user" if user else "--system"
        shown = self.run(
            f"TZ=UTC systemctl {scope} show --property={properties} {shlex.quote(unit)}", user=user or "root"
        )
        values = dict(line.split("=", 1) for line in shown.stdout.splitlines() if "=" in line)
        running = values["ActiveState"] == "active"
        entered = values["ActiveEnterTimestamp" if running else "InactiveEnterTimestamp"]
        since = self.run(f"date --date={shlex.quote(entered)} +%s").stdout if entered else ""
        return UnitState(
            active_state=values["ActiveState"],
            sub_state=values["SubState"],
            user=values.get("User") or user or "root",
            main_pid=int(values.get("MainPID", 0)),
            since_at=float(since) if since else None,
        )

    def stop(self) -> None:
        """Kill it and remove its copy; right at any point of its life."""
        if self._nspawn is not None:
            for victim in (self._leader, self._nspawn.pid):
                if victim:
                    _kill(victim)
            self._nspawn.wait(timeout=30)
            self._nspawn = None
        cgroups.destroy(self.namespace.name)
        if self.tree.is_mount():
            host.run("umount", self.tree)
        shutil.rmtree(self._folder, ignore_errors=True)


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
