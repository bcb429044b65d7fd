"""What takes long to make, kept on disk between processes: machine code, and what the files of a scenario came to.

A file is named by what it was made from, carries the SHA-256 of its content, and is written whole or not
at all. Where no folder can be written, it is simply made again. `STANDOFF_CACHE` names another folder;
an empty value turns the cache off.

What is kept here is run, or believed: machine code, and the tables, faults and texts that stand for a scenario's
files. So it must be ours: a folder or a file that belongs to somebody else, or that others may write, is not used. It
holds whole texts of scenarios, so files are readable by this user alone. The digest is no guard against others (they
can make one too), but against flipped bits.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path

_KEPT = 16384
_TIDIED_EVERY = 128
"""After one in so many files that are kept, by its key, those that are too many go: looking at all takes 25 ms."""
_MOST_BYTES = 512 * 2**20
"""What all files together may take."""
LARGEST = _MOST_BYTES // 8
"""What one may take; larger ones are not kept."""
_WHOLE, _UNFINISHED = ".code", ".part"
"""How the name of a file ends once it is written, and meanwhile."""
_HOUR = 3600.0


def folder() -> Path | None:
    """Where things are kept, or None if nowhere."""
    named = os.environ.get("STANDOFF_CACHE")
    if named is not None:
        return Path(named) if named else None
    cache = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(cache) if cache else Path.home() / ".cache") / "standoff"
    except RuntimeError:
        return None


def is_ours(path: Path) -> bool:
    """Whether a file or folder belongs to this user, and nobody else may write it; a link is never ours."""
    if not hasattr(os, "getuid"):
        return True
    about = path.lstat()
    return about.st_uid == os.getuid() and not about.st_mode & 0o022 and not stat.S_ISLNK(about.st_mode)


def usable_folder() -> Path | None:
    """Where things are kept, made if it is not there; None if nowhere, or if it is not ours, which is said once."""
    place = folder()
    if place is None:
        return None
    place = place.absolute()
    if not place.exists():
        # The folder itself, whatever the umask; what is above it is none of ours.
        place.parent.mkdir(parents=True, exist_ok=True)
        place.mkdir(mode=0o700, exist_ok=True)
    place = place.resolve()
    if is_ours(place):
        return place
    # A worker process, which knows its parent's program by this name, leaves it to the parent to say so.
    if place not in _refused and "__mp_main__" not in sys.modules:
        found = f"{place} belongs to somebody else, or others may write it: nothing is kept there"
        warnings.warn(f"{found}. Make it yours alone (chmod 700), or set STANDOFF_CACHE.", UserWarning, stacklevel=2)
    _refused.add(place)
    return None


_refused: set[Path] = set()


def read(path: Path) -> bytes | None:
    """The content of a file of ours behind its checksum; None if there is none, it is not ours, or it is damaged."""
    try:
        content = path.read_bytes() if is_ours(path) else b""
    except OSError:
        return None
    checksum, code = content[:32], content[32:]
    return code if hashlib.sha256(code).digest() == checksum else None


def write(path: Path, code: bytes) -> None:
    """Write a file with its checksum, whole or not at all, for this user alone; raises OSError."""
    handle, name = tempfile.mkstemp(prefix="standoff-", suffix=_UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(code).digest() + code)
        Path(name).replace(path)
    except BaseException:
        # Whatever interrupts it, a key pressed too.
        Path(name).unlink(missing_ok=True)
        raise


def recall(key: str) -> bytes | None:
    """What is kept under a key, or None if there is nothing that can be used."""
    try:
        place = usable_folder()
    except OSError:
        return None
    if place is None:
        return None
    code = read(place / f"{key}{_WHOLE}")
    if code is not None:
        # The file counts as new, so that what is used often outlives what was made once.
        with suppress(OSError):
            os.utime(place / f"{key}{_WHOLE}")
    return code


def keep(key: str, content: bytes) -> None:
    """Keep something under a key; of too many files, or too large ones, those go in time that were used long ago."""
    if len(content) > LARGEST:
        return
    try:
        place = usable_folder()
        if place is None:
            return
        write(place / f"{key}{_WHOLE}", content)
        if hashlib.sha256(key.encode()).digest()[0] % _TIDIED_EVERY == 0:
            _tidy(place)
    except OSError:
        # A cache that cannot be written costs time, never a result.
        return


def _tidy(place: Path) -> None:
    files: dict[str, list[tuple[os.DirEntry[str], os.stat_result]]] = {_WHOLE: [], _UNFINISHED: []}
    with os.scandir(place) as entries:
        for entry in entries:
            kind, about = Path(entry.name).suffix, _about(entry)
            if kind in files and about is not None:
                files[kind].append((entry, about))
    files[_WHOLE].sort(key=lambda file: file[1].st_mtime, reverse=True)
    size = 0
    for number, (entry, about) in enumerate(files[_WHOLE]):
        size += about.st_size
        if number >= _KEPT or size > _MOST_BYTES:
            Path(entry).unlink(missing_ok=True)
    # What a process left that was killed while it wrote.
    for entry, about in files[_UNFINISHED]:
        if time.time() - about.st_mtime > _HOUR and is_ours(Path(entry)):
            Path(entry).unlink(missing_ok=True)


def _about(entry: os.DirEntry[str]) -> os.stat_result | None:
    # Another process may have removed it since.
    try:
        return entry.stat()
    except OSError:
        return None
