"""Writes files so that a crash at any moment leaves either the old content or the new, never a part."""

from __future__ import annotations

import os

TEMPORARY = ".new"


def write(path: str, data: bytes, durable: bool = True, mode: int = 0o600) -> None:
    """Replace the file, with `mode`. `durable`: it survives a power cut too, not only a kill."""
    try:
        _write(path + TEMPORARY, data, durable, mode)
        os.rename(path + TEMPORARY, path)
    except OSError:
        remove(path + TEMPORARY)
        raise
    if durable:
        sync_folder(os.path.dirname(path))


def _write(path: str, data: bytes, durable: bool, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        if durable:
            os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(path: str) -> None:
    """Make the folder's entries survive a power cut."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(path: str) -> bytes:
    """The whole file. OSError as usual."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        pieces: list[bytes] = []
        while True:
            piece = os.read(handle, 1 << 16)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
    finally:
        os.close(handle)


def remove(path: str) -> None:
    """Remove the file if it is there and may be removed."""
    try:
        os.unlink(path)
    except OSError:
        pass
