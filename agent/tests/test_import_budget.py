"""What the resident process must not load: each of these costs memory for as long as the machine runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

AGENT = Path(__file__).resolve().parents[1]
FORBIDDEN = frozenset(
    [
        "argparse",
        "array",
        "asyncio",
        "ast",
        "base64",
        "calendar",
        "codeop",
        "collections",
        "concurrent",
        "configparser",
        "contextlib",
        "copy",
        "copyreg",
        "ctypes",
        "dataclasses",
        "datetime",
        "decimal",
        "dis",
        "email",
        "encodings.idna",
        "enum",
        "functools",
        "gettext",
        "hashlib",
        "heapq",
        "hmac",
        "http",
        "importlib.metadata",
        "inspect",
        "ipaddress",
        "json",
        "keyword",
        "linecache",
        "locale",
        "logging",
        "multiprocessing",
        "numbers",
        "opcode",
        "operator",
        "pathlib",
        "pickle",
        "pkgutil",
        "platform",
        "queue",
        "random",
        "re",
        "reprlib",
        "runpy",
        "secrets",
        "selectors",
        "shlex",
        "shutil",
        "signal",
        "site",
        "socket",
        "ssl",
        "statistics",
        "string",
        "stringprep",
        "struct",
        "subprocess",
        "tempfile",
        "textwrap",
        "threading",
        "token",
        "tokenize",
        "traceback",
        "types",
        "typing",
        "unicodedata",
        "urllib",
        "uuid",
        "warnings",
        "weakref",
        "zipfile",
    ]
)
# What `run` loads, up to its first report over TLS.
SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from nodestral_agent.cli import main
import nodestral_agent.commands.run, nodestral_agent.tls, nodestral_agent.samples.remote
from nodestral_agent import address, stream
from nodestral_agent.errors import AgentError, Unreachable
from nodestral_agent.host import Host
from nodestral_agent.samples.sampler import Sampler
from nodestral_agent.transport import Transport
sampler = Sampler(Host("/"))
sampler.take()
sampler.take()
try:
    Transport(address.parse("https://localhost:9"), None, "x").post("/", "t", b"{}")
except Unreachable:
    pass
try:
    main(["run", "--state", "/nonexistent"])
except SystemExit:
    pass
print("\\n".join(sorted(sys.modules)))
"""


def loaded(*flags: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-OO", *flags, "-c", SCRIPT, str(AGENT)],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return set(done.stdout.split())


def test_the_resident_process_stays_small() -> None:
    assert sorted(loaded() & FORBIDDEN) == []


@pytest.mark.parametrize("module", ["json", "typing", "ssl", "re"])
def test_control_the_list_notices(module: str) -> None:
    command = [sys.executable, "-I", "-S", "-c", f"import {module}, sys; print('\\n'.join(sys.modules))"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert module in set(done.stdout.split()) & FORBIDDEN
