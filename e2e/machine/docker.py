"""Docker from Debian's docker.io, started by hand on this computer but in a network namespace of the tests' own.

It keeps its data, its socket, its bridge (198.51.100.0/24, TEST-NET-2) and its firewall rules apart from any Docker
that may run here. The one image is made on the spot from Debian's static busybox, so nothing is pulled from anywhere.
"""

import io
import os
import shutil
import signal
import subprocess
import tarfile
from pathlib import Path

from e2e.machine import cgroups, host
from e2e.machine.errors import HarnessError, LateError
from e2e.machine.network import Namespace

IMAGE = "shop/storefront:1.4"


class Docker:
    """`socket` is what DOCKER_HOST names, without its unix:// in front."""

    def __init__(self, folder: Path, namespace: Namespace) -> None:
        self.namespace = namespace
        self.socket = folder / "docker.sock"
        self._folder = folder
        self._log = folder / "dockerd.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._folder.mkdir(parents=True)
        daemon: list[str | Path] = [
            "dockerd",
            f"--host=unix://{self.socket}",
            f"--data-root={self._folder / 'data'}",
            f"--exec-root={self._folder / 'run'}",
            f"--pidfile={self._folder / 'dockerd.pid'}",
            "--bip=198.51.100.1/24",
            # All containers below one control group, to be found again at the end.
            f"--cgroup-parent=/{self.namespace.name}",
            "--exec-opt=native.cgroupdriver=cgroupfs",
        ]
        groups = cgroups.create(self.namespace.name)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(part) for part in cgroups.enter(groups, self.namespace.enter(*daemon))],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PATH": host.SEARCH_PATH},
                start_new_session=True,
            )
        try:
            host.wait_for("dockerd", self._answers, within_seconds=60)
        except LateError as error:
            raise LateError(f"{error}; its log ends with:\n{self._log_end()}") from error

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise HarnessError(f"dockerd did not start:\n{self._log_end()}")
        return self.cli("version", check=False).returncode == 0

    def _log_end(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])

    def cli(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return host.run("docker", *arguments, check=check, env={"DOCKER_HOST": f"unix://{self.socket}"})

    def import_image(self) -> None:
        """Make IMAGE with `docker import`: a file system of one program and one page."""
        busybox = shutil.which("busybox", path=host.SEARCH_PATH)
        if busybox is None:
            raise HarnessError("busybox is gone")
        archive = self._folder / "image.tar"
        with tarfile.open(archive, "w") as image:
            image.add(busybox, "bin/busybox")
            page = b"<h1>Storefront</h1>\n"
            entry = tarfile.TarInfo("www/index.html")
            entry.size = len(page)
            image.addfile(entry, io.BytesIO(page))
        self.cli("import", str(archive), IMAGE)

    def serve_page(self, name: str, host_port: int, *options: str) -> str:
        """Run a container that serves the page on host_port of the namespace; its full id."""
        web_server = ["/bin/busybox", "httpd", "-f", "-p", "80", "-h", "/www"]
        return self.cli(
            "run", "--detach", f"--name={name}", f"--publish={host_port}:80", *options, IMAGE, *web_server
        ).stdout.strip()

    def stop(self) -> None:
        """Stop the containers and the daemon; right at any point of its life."""
        if self._process is not None:
            if containers := self.cli("ps", "--all", "--quiet", check=False).stdout.split():
                self.cli("rm", "--force", *containers, check=False)
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(timeout=10)
            self._process = None
        cgroups.destroy(self.namespace.name)
        shutil.rmtree(self._folder, ignore_errors=True)
