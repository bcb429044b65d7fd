"""The program itself as a digest: what was made by other code, or with other libraries, is made again."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
WITHOUT_CODE = ("__pycache__", "basemap", "libraries", "scenarios", "static")
"""Folders of the package that hold no source files."""
VERSIONED = ("__init__.py", "version.py", "_version.py")
"""Files of a library that say which version it is."""
CPUINFO = 8192
"""Bytes of Linux's description of its processors, of which there may be hundreds, that are read."""
LASTING = ("model name", "flags", "CPU part", "Features")


@cache
def sources() -> dict[str, bytes]:
    """The source files of the package, by their paths in it."""
    return {name: Path(entry.path).read_bytes() for name, entry in _below(PACKAGE, "")}


def _below(folder: Path, name: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        inside = sorted(entries, key=lambda entry: entry.name)
    for entry in inside:
        if entry.name.endswith(".py"):
            yield name + entry.name, entry
        elif entry.is_dir() and entry.name not in WITHOUT_CODE:
            yield from _below(Path(entry.path), f"{name}{entry.name}/")


Stamps = dict[str, tuple[int, int, int, int]]


def _stamps() -> Stamps:
    """Of each source file what changes when it is written: its inode, its size, and when it and its inode changed."""
    found: Stamps = {}
    for name, entry in _below(PACKAGE, ""):
        about = entry.stat()
        found[name] = about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns
    return found


@cache
def _at_first(libraries: tuple[str, ...]) -> tuple[Stamps, list[list[tuple[str, bytes]]]]:
    return _stamps(), [*map(_version, libraries)]


@cache
def made_with(*libraries: str) -> str:
    """Names this package's code, the Python that runs it, and the versions of some libraries."""
    _at_first(libraries)  # Before they are read: what changes in between is seen as a change.
    return _named(sources(), libraries)


def is_as_it_was(*libraries: str) -> bool:
    """Whether the code at work here, and that of some libraries, is what `made_with` names.

    A file is loaded when it is first needed, so one that was changed before, as by an upgrade, may be at work here.
    Files count as changed that were written since, whatever they hold: reading all takes longer than a small scenario.
    Where nothing was loaded since they were last found as they were, they are not looked at again.
    """
    made_with(*libraries)
    ours = ("standoff", *libraries)
    loaded = {name for name in list(sys.modules) if name.partition(".")[0] in ours}
    if loaded <= _found_as_named:
        return True
    if _at_first(libraries) != (_stamps(), [*map(_version, libraries)]):
        return False
    _found_as_named.update(loaded)
    return True


_found_as_named: set[str] = set()
"""Modules that were loaded before the files of all were found as they were."""


def _named(contents: dict[str, bytes], libraries: tuple[str, ...]) -> str:
    # The version is all there is to tell where a package is installed without its source files.
    from standoff import __version__

    total = hashlib.blake2b(f"{sys.version}\0{__version__}".encode(), digest_size=16)
    for name, content in contents.items():
        total.update(f"\0{name}\0{len(content)}\0".encode() + content)
    for library in libraries:
        for file, content in _version(library):
            total.update(f"\0{library}/{file}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


@cache
def machine() -> str:
    """Names the processor and the C library: some results of arithmetic depend on what they do."""
    import platform

    try:
        with Path("/proc/cpuinfo").open(encoding="ascii", errors="replace") as told:
            # Of the first core alone; what changes with time, such as its clock, is none of it.
            first = [line for line in told.read(CPUINFO).split("\n\n")[0].splitlines() if line.startswith(LASTING)]
    except OSError:
        first = [platform.processor()]
    name = "CS_GNU_LIBC_VERSION"
    library = os.confstr(name) if name in getattr(os, "confstr_names", ()) else None
    return "\n".join([platform.machine(), library or "", *first])


def _version(library: str) -> list[tuple[str, bytes]]:
    # Their files are read and not their metadata: looking those up takes longer than what is kept saves.
    spec = find_spec(library)
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent
    return [(name, (folder / name).read_bytes()) for name in VERSIONED if (folder / name).is_file()]
