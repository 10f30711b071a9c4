"""Writes FILE.gz beside every file of the built dashboard that gets smaller: the server sends these as they are."""

import argparse
import gzip
from pathlib import Path

COMPRESSIBLE = {".html", ".js", ".css", ".svg", ".json", ".txt", ".webmanifest"}
# Below this the headers cost more than is saved.
SMALLEST_BYTES = 512


def compress(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.suffix not in COMPRESSIBLE or path.stat().st_size < SMALLEST_BYTES:
            continue
        # No name and no time inside: the same build gives the same bytes.
        packed = gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
        if len(packed) < path.stat().st_size:
            path.with_name(path.name + ".gz").write_bytes(packed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    compress(parser.parse_args().folder)


if __name__ == "__main__":
    main()
