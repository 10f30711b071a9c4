"""`python -m bench.agent [--seconds N] [--check]`: see the package. Root on Linux; the last line is one JSON object."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from bench.agent import furnish, measure
from e2e.machine import host, leftovers
from e2e.machine.errors import HarnessError
from e2e.machine.fleet import Fleet, install

ROOT = Path(__file__).resolve().parents[2]
NAME = "bench"
PACKAGES = 1500
SERVICES = 100
SCANS = 5
# What the product promises, by the key of the result.
BARS = {
    "rss_mb": 15.0,
    "pss_mb": 10.5,
    "scan_peak_rss_mb": 45.0,
    "cpu_ms_per_s": 1.0,
    "scan_seconds": 3.0,
    "wire_bytes_per_s": 120.0,
    "pyz_bytes": 1_000_000,
    "archive_bytes": 8_000_000,
}


def say(line: str) -> None:
    sys.stdout.write(f"bench: {line}\n")
    sys.stdout.flush()


def measured(folder: Path, seconds: float) -> dict[str, Any]:
    """Boot, install, watch, scan."""
    fleet = Fleet(folder, say, report_seconds=measure.REPORT_SECONDS, scan_seconds=measure.SCAN_SECONDS)
    try:
        say("starting the server")
        fleet.start()
        machine = fleet.new_machine(NAME, "bookworm")
        packages = furnish.add_packages(machine, PACKAGES)
        services = furnish.add_services(machine, SERVICES)
        version = furnish.start_exporter(machine, folder / "downloads")
        say(f"the machine has {packages} packages and {services} services; node_exporter {version} runs")
        install(machine, fleet.api.new_install_token(NAME).secret)
        fleet.wait_for_node(NAME)
        agent = measure.Service(machine, measure.AGENT_UNIT)
        exporter = measure.Service(machine, furnish.EXPORTER_UNIT)
        say("the agent is installed and reports over TLS; it gets a minute to come to rest")
        furnish.scrape(machine)
        time.sleep(min(60.0, seconds))
        span = measure.watch(machine, agent, exporter, seconds, say)
        scans = []
        for number in range(SCANS):
            scans.append(measure.one_scan(machine, agent))
            say(f"scan {number + 1}: {scans[-1].seconds:.2f} s, {scans[-1].peak_rss / measure.MB:.1f} MB at most")
            time.sleep(3)
        python = machine.run("python3 --version; uname -r").stdout.split("\n")
    finally:
        fleet.stop()
    return result(span, scans, {"packages": packages, "services": services, "exporter": version, "python": python[:2]})


def result(span: measure.Span, scans: list[measure.Scan], about: dict[str, Any]) -> dict[str, Any]:
    """The line that counts. MB are 10^6 bytes; _mib tells the same in 2^20, the unit in which peers were measured."""
    rss, exporter_rss = (measure.median_mb(seen, "rss") for seen in (span.agent, span.exporter))
    scan_cpu = sorted(scan.cpu_seconds for scan in scans)[len(scans) // 2]
    cpu = span.agent_cpu_ms_per_s + scan_cpu * 1000 / measure.SCAN_SECONDS
    archives = [path.stat().st_size for path in sorted((ROOT / "build").glob("nodestral-agent-*.tar.gz"))]
    return {
        "rss_mb": rss,
        "rss_mib": round(rss * 1e6 / 2**20, 2),
        "pss_mb": measure.median_mb(span.agent, "pss"),
        "anonymous_mb": measure.median_mb(span.agent, "anonymous"),
        "rss_highest_mb": round(max(one.rss for one in span.agent) / measure.MB, 2),
        "scan_peak_rss_mb": round(max(scan.peak_rss for scan in scans) / measure.MB, 1),
        "scan_seconds": round(max(scan.seconds for scan in scans), 2),
        "scan_cpu_ms": round(scan_cpu * 1000, 1),
        "cpu_ms_per_s": round(cpu, 3),
        "resident_cpu_ms_per_s": round(span.agent_cpu_ms_per_s, 3),
        "wire_bytes_per_s": round(span.wire_bytes_per_s, 1),
        "pyz_bytes": (ROOT / "build/nodestral-agent.pyz").stat().st_size,
        "archive_bytes": max(archives) if archives else None,
        "node_exporter_rss_mb": exporter_rss,
        "node_exporter_pss_mb": measure.median_mb(span.exporter, "pss"),
        "node_exporter_cpu_ms_per_s": round(span.exporter_cpu_ms_per_s, 3),
        "rss_ratio_to_node_exporter": round(rss / exporter_rss, 3),
        **about,
    }


def main() -> int:
    """With --check, 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="./dev bench agent", description="Measure what the agent costs.")
    parser.add_argument("--seconds", type=float, default=600, help="how long to watch it at rest (default 600)")
    parser.add_argument("--check", action="store_true", help="fail when a bar is missed")
    options = parser.parse_args()
    if reason := host.reason_to_leave_out():
        say(reason)
        return 1
    leftovers.remove_dead_runs()
    folder = leftovers.run_folder()
    try:
        found = measured(folder, options.seconds)
    except HarnessError as error:
        say(str(error))
        return 1
    finally:
        leftovers.remove_run(folder.name)
    missed = [name for name, bar in BARS.items() if found[name] is not None and found[name] > bar]
    say(f"missed: {', '.join(missed)}" if missed else "all bars are met")
    sys.stdout.write(json.dumps(found) + "\n")
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
