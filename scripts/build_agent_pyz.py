"""Builds the agent's .pyz: a zip that Python runs, the same bytes for the same source on every machine.

Only the source files of the package go in, sorted, with one fixed time and mode. It is for downloading: the installer
unpacks it once (`nodestral-agent.pyz unpack DIR`), because running from a zip costs time and memory at each start.
"""

import argparse
import hashlib
import stat
import zipfile
from pathlib import Path

AGENT = Path(__file__).resolve().parent.parent / "agent"
SHEBANG = b"#!/usr/bin/env -S python3 -I -S -B\n"
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the zip format knows no earlier time
LARGEST_BYTES = 1 << 20


def sources() -> list[Path]:
    """The files that the agent consists of."""
    package = sorted((AGENT / "nodestral_agent").rglob("*.py"))
    return [AGENT / "__main__.py", *package]


def build(target: Path) -> str:
    """Write the file and its checksum; the SHA-256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        file.write(SHEBANG)
        with zipfile.ZipFile(file, "w") as archive:
            for source in sources():
                entry = zipfile.ZipInfo(source.relative_to(AGENT).as_posix(), EARLIEST)
                entry.external_attr = (stat.S_IFREG | 0o644) << 16
                entry.create_system = 3
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, source.read_bytes(), compresslevel=9)
    target.chmod(0o755)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    target.with_name(f"{target.name}.sha256").write_text(f"{digest}  {target.name}\n")
    return digest


def main() -> None:
    """`--output FILE` (default build/nodestral-agent.pyz)."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--output", type=Path, default=AGENT.parent / "build" / "nodestral-agent.pyz")
    target = parser.parse_args().output
    digest = build(target)
    size = target.stat().st_size
    print(f"{target}: {size} bytes, sha256 {digest}")
    if size > LARGEST_BYTES:
        raise SystemExit(f"the file is larger than {LARGEST_BYTES} bytes")


if __name__ == "__main__":
    main()
