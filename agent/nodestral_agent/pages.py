"""Gives back to the kernel what the process only borrows: clean pages of programs and libraries in its mappings.

More than half of a resident Python with OpenSSL is such pages, most of them needed once, at the start or in a
handshake. They lie in the kernel's page cache whether the process maps them or not; one that is needed again is mapped
again without a read from the disk. So `let_go` before a long wait leaves resident what is really the process's own.

Source: /proc/self/smaps (proc(5)) tells for each mapping how much of it was written to. Only mappings that nobody may
write to and nobody has written to are let go (madvise(2), MADV_DONTNEED): relocated tables keep their contents. It is
called through `_ctypes`, without `ctypes` around it (0.5 MB). That is private, so it stays in this module; where it has
another shape, or there is no such file, nothing is let go and nothing else is different.
"""

from __future__ import annotations

from nodestral_agent import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

MAPPINGS = "/proc/self/smaps"
DONTNEED = 4  # <asm-generic/mman-common.h>, the same number on every architecture


def let_go() -> int:
    """Unmap the clean pages of files; how many mappings they were in. Costs half a millisecond."""
    if _advise is None:
        return 0
    try:
        text = files.read(MAPPINGS)
    except OSError:
        return 0
    clean = unwritten(text)
    # The interpreter's own mappings come first in the file and are let go last: these lines run in it.
    for start, size in reversed(clean):
        _advise(start, size)
    return len(clean)


def unwritten(text: bytes) -> list[tuple[int, int]]:
    """Address and size of each mapping of a file in which every page is still the file's."""
    found: list[tuple[int, int]] = []
    at = 0
    while True:
        # VmFlags is the last line of each mapping.
        last = text.find(b"\nVmFlags:", at)
        if last < 0:
            return found
        words = text[at : text.find(b"\n", at)].split(None, 5)
        if len(words) == 6 and words[5].startswith(b"/") and words[1] in (b"r--p", b"r-xp"):
            written, resident = _kilobytes(text, b"\nAnonymous:", at, last), _kilobytes(text, b"\nRss:", at, last)
            if written == 0 and resident > 0:
                start, _, end = words[0].partition(b"-")
                found.append((int(start, 16), int(end, 16) - int(start, 16)))
        at = text.find(b"\n", last + 1) + 1


def _kilobytes(text: bytes, name: bytes, start: int, end: int) -> int:
    at = text.find(name, start, end)
    # A kernel that does not tell is taken for one in which everything was written.
    return int(text[at + len(name) : text.find(b" kB", at)]) if at >= 0 else 1


def _by_c_module() -> Callable[[int, int], object]:
    import _ctypes  # noqa: PLC0415 # private: where it is missing, nothing is let go

    simple: Any = _ctypes._SimpleCData  # noqa: SLF001 # see the module's head

    class Word(simple):  # type: ignore[misc]
        _type_ = "L"

    call: Any = _ctypes.call_cdeclfunction
    itself: Any = None
    madvise = _ctypes.dlsym(_ctypes.dlopen(itself, 0), "madvise")

    def advise(start: int, size: int) -> object:
        return call(madvise, (Word(start), Word(size), DONTNEED))

    return advise


_advise: Callable[[int, int], object] | None
try:
    _advise = _by_c_module()
except (ImportError, AttributeError, OSError, TypeError):
    _advise = None
