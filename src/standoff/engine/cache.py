"""Machine code kept on disk between processes, so that only the first run waits for LLVM.

A file is named by what it was made from, carries the SHA-256 of its content, and is written whole or not
at all. Where no folder can be written, code is simply made again. `STANDOFF_CACHE` names another folder;
an empty value turns the cache off.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

_KEPT = 256
_KEPT_KERNELS = 3


def folder() -> Path | None:
    """Where the code is kept, or None if nowhere."""
    named = os.environ.get("STANDOFF_CACHE")
    if named is not None:
        return Path(named) if named else None
    cache = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(cache) if cache else Path.home() / ".cache") / "standoff"
    except RuntimeError:
        return None


def kernel_folder(digest: str) -> Path | None:
    """Where numba keeps the kernel that was compiled from sources with this digest; kernels of older ones go."""
    place = folder()
    if place is None:
        return None
    mine = place / f"kernel-{digest[:16]}"
    if not mine.exists():
        try:
            mine.mkdir(mode=0o700, parents=True, exist_ok=True)
            kernels = sorted(place.glob("kernel-*"), key=lambda path: path.stat().st_mtime)
            for old in kernels[:-_KEPT_KERNELS]:
                shutil.rmtree(old, ignore_errors=True)
        except OSError:
            return None
    return mine


def forget(place: Path) -> None:
    """Drop a folder of kernels."""
    shutil.rmtree(place, ignore_errors=True)


def recall(key: str) -> bytes | None:
    """The code kept under a key, or None if there is none or it was damaged."""
    place = folder()
    if place is None:
        return None
    try:
        file = place / f"{key}.code"
        content = file.read_bytes()
    except OSError:
        return None
    with contextlib.suppress(OSError):
        os.utime(file)  # what is used stays when others go
    checksum, code = content[:32], content[32:]
    return code if hashlib.sha256(code).digest() == checksum else None


def keep(key: str, code: bytes) -> None:
    """Keep code under a key; of more than 256 files those not used for longest go."""
    place = folder()
    if place is None:
        return
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place)
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(code).digest() + code)
        Path(name).replace(place / f"{key}.code")
        files = sorted(place.glob("*.code"), key=lambda path: path.stat().st_mtime)
        for old in files[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        # A cache that cannot be written costs time, never a result.
        return
