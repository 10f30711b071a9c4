"""Makes a booted test machine as full as a busy server: 1,500 packages, 100 services, and Debian's node_exporter.

The packages are entries of dpkg's status file, whose form deb-control(5) and dpkg's own files tell; the services are
real units that run.
"""

import subprocess
from pathlib import Path

from e2e.machine import host
from e2e.machine.machine import Machine

EXPORTER = "prometheus-node-exporter"
EXPORTER_UNIT = "bench-node-exporter.service"
_EXPORTER_PORT = 9100
EXPORTER_URL = f"http://127.0.0.1:{_EXPORTER_PORT}/metrics"


def add_packages(machine: Machine, wanted: int) -> int:
    """Until so many are installed. Returns how many there are."""
    status = machine.tree / "var/lib/dpkg/status"
    present = status.read_text().count("\nStatus: install ok installed\n")
    with status.open("a") as file:
        for number in range(present, wanted):
            name = f"libbench{number}-dev"
            file.write(
                f"Package: {name}\nStatus: install ok installed\nPriority: optional\nSection: libdevel\n"
                f"Installed-Size: {number % 9000 + 12}\nMaintainer: Bench <bench@nodestral.test>\nArchitecture: amd64\n"
                f"Source: libbench{number}\nVersion: 1.{number}.0-{number % 7 + 1}+deb12u{number % 3}\n"
                f"Depends: libc6 (>= 2.36)\nDescription: package {number} of a full machine\n Nothing is in it.\n\n"
            )
    return max(present, wanted)


def add_services(machine: Machine, wanted: int) -> int:
    """Until the system's manager has so many. Returns how many there are."""
    listing = "systemctl list-units --type=service --all --plain --no-legend"
    present = len(machine.run(listing).stdout.splitlines())
    names = [f"bench-{number}.service" for number in range(max(0, wanted - present))]
    for number, name in enumerate(names):
        unit = machine.tree / "etc/systemd/system" / name
        unit.write_text(
            f"[Unit]\nDescription=Service {number} of a full machine\n[Service]\nExecStart=sleep infinity\n"
        )
    machine.run(f"systemctl daemon-reload && systemctl start {' '.join(names)}")
    return len(machine.run(listing).stdout.splitlines())


def start_exporter(machine: Machine, folder: Path) -> str:
    """Start it as a service of the machine. Returns its version."""
    program = "usr/bin/prometheus-node-exporter"
    folder.mkdir(parents=True, exist_ok=True)
    # apt-get leaves the file where it runs.
    subprocess.run(
        ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", EXPORTER],
        cwd=folder,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    package = next(folder.glob(f"{EXPORTER}_*.deb"))
    host.run("dpkg-deb", "--extract", package, folder / "exporter")
    (machine.tree / program).write_bytes((folder / "exporter" / program).read_bytes())
    (machine.tree / program).chmod(0o755)
    (machine.tree / "etc/systemd/system" / EXPORTER_UNIT).write_text(
        f"[Service]\nExecStart=/{program} --web.listen-address=127.0.0.1:{_EXPORTER_PORT}\nDynamicUser=yes\n"
    )
    machine.run(f"systemctl daemon-reload && systemctl start {EXPORTER_UNIT}")
    return host.run("dpkg-deb", "--field", package, "Version").stdout.strip()


def scrape(machine: Machine) -> None:
    """As Prometheus does, within the machine's own network."""
    host.run(*machine.namespace.enter("curl", "--silent", "--fail", "--output", "/dev/null", EXPORTER_URL))
