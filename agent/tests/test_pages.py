"""What is given back to the kernel: pages that are still the file's, and no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nodestral_agent.pages import unwritten

AGENT = Path(__file__).resolve().parents[1]


def mapping(mode: str, path: str, resident: int, anonymous: int) -> str:
    return (
        f"7f0000001000-7f0000005000 {mode} 00000000 fe:00 1234                 {path}\n"
        f"Size:                 16 kB\nRss:                  {resident} kB\nAnonymous:            {anonymous} kB\n"
        "VmFlags: rd ex mr mw me sd\n"
    )


@pytest.mark.parametrize(
    ("why", "text", "found"),
    [
        ("code of a library", mapping("r-xp", "/usr/lib/libcrypto.so.3", 16, 0), True),
        ("constants", mapping("r--p", "/usr/lib/with space.so", 16, 0), True),
        ("a table that was relocated", mapping("r--p", "/usr/lib/libcrypto.so.3", 16, 4), False),
        ("variables", mapping("rw-p", "/usr/lib/libcrypto.so.3", 16, 0), False),
        ("shared with others", mapping("r--s", "/usr/lib/gconv.cache", 16, 0), False),
        ("nothing resident", mapping("r-xp", "/usr/lib/libcrypto.so.3", 0, 0), False),
        ("the heap", mapping("r--p", "[heap]", 16, 0), False),
        ("no file", mapping("r--p", "", 16, 0), False),
        ("a kernel that does not tell", mapping("r--p", "/x", 16, 0).replace("Anonymous", "Other"), False),
    ],
)
def test_only_what_is_still_the_files_is_let_go(why: str, text: str, found: bool) -> None:
    around = mapping("rw-p", "[stack]", 8, 8)
    assert unwritten((around + text + around).encode()) == ([(0x7F0000001000, 0x4000)] if found else []), why


# Works with OpenSSL before and after, so that whatever was wrongly let go would show.
SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import _ssl, zlib
from nodestral_agent import pages
def work():
    context = _ssl._SSLContext(_ssl.PROTOCOL_TLS_CLIENT)
    context.set_default_verify_paths()
    assert zlib.decompress(zlib.compress(b"x" * 10000)) == b"x" * 10000
def resident():
    with open("/proc/self/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Rss:"))
if sys.argv[2] == "off":
    pages._advise = None
work()
before = resident()
for _ in range(50):
    gone = pages.let_go()
    after = resident()
    work()
print(gone, before, after)
"""


def tried(how: str) -> tuple[int, int, int]:
    # The system's own Python where there is one: that is what it is for.
    python = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
    done = subprocess.run(
        [python, "-I", "-S", "-B", "-c", SCRIPT, str(AGENT), how],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    gone, before, after = (int(word) for word in done.stdout.split())
    return gone, before, after


def test_memory_is_given_back_and_all_goes_on_working() -> None:
    gone, before, after = tried("on")
    assert gone > 5
    assert after < before - 1024


def test_control_without_it_nothing_is_given_back() -> None:
    gone, before, after = tried("off")
    assert gone == 0
    assert after >= before
