"""Where scenarios and their parts lie, and which files one was read from; nothing here reads YAML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

BUNDLED = Path(__file__).resolve().parents[2] / "scenarios"
"""Where the bundled scenarios lie; their theatres are in `theatres` below it."""

MAXIMUM_BYTES = 4_000_000
"""The largest file that is read."""

_VERSIONED = re.compile(r"([a-z][a-z0-9_-]*)-v([1-9][0-9]{0,5})")
_FOLDER_NAME = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read: the path by which it was asked for, where that led, and the digest of what it held."""

    path: str
    resolved: str
    digest: str

    @classmethod
    def of(cls, path: Path, resolved: Path, content: bytes) -> ReadFile:
        """The file with this content."""
        return cls(str(path), str(resolved), hashlib.blake2b(content, digest_size=16).hexdigest())


def unchanged(files: Iterable[ReadFile]) -> dict[str, bytes] | None:
    """What these files hold, by their paths, if each is what it was when it was read; None if not."""
    texts: dict[str, bytes] = {}
    for file in files:
        path = Path(file.path)
        try:
            texts[file.path] = _content(path) if path.is_file() else b""
            if ReadFile.of(path, path.resolve(), texts[file.path]) != file:
                return None
        except (OSError, ValueError, RuntimeError):
            return None
    return texts


def _content(path: Path) -> bytes:
    # No more than a file that was read before can hold: what has grown since is another file, however large it is.
    with path.open("rb") as file:
        return file.read(MAXIMUM_BYTES + 1)


def versions(folder: Path, name: str, file: str) -> list[Path]:
    """The folders of a bundled thing called `name`, or `name-v3`, that hold `file`; the newest version first.

    A folder whose name has no version comes after those that have one.
    """
    if not _FOLDER_NAME.fullmatch(name) or not folder.is_dir():
        return []
    found: list[tuple[int, Path]] = []
    for entry in folder.iterdir():
        match = _VERSIONED.fullmatch(entry.name)
        known = {entry.name, match[1]} if match else {entry.name}
        if name in known and (entry / file).is_file():
            found.append((int(match[2]) if match else 0, entry))
    return [entry for _, entry in sorted(found, reverse=True)]


def scenario_files(folder: Path) -> list[Path]:
    """The YAML files in a folder, by name."""
    return sorted(entry for end in ("yaml", "yml") for entry in folder.glob(f"*.{end}") if entry.is_file())
