"""The scenarios that are open in an editor: which files are theirs, what is wrong in them, and all their names.

What is not saved counts. What cannot be read leaves the rest, and the names of the last text that was whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from standoff.errors import Fault, Faults
from standoff.scenario import Index, Source, checked, files_of, index_of, read, read_faults, read_what_is_left

MAIN_FILES = ("scenario.yaml", "scenario.yml")
MOST_FOLDERS_UP = 4
"""Folders above an included file in which its scenario is looked for."""
MOST_FILES_TRIED = 30
"""Files of one folder that are tried for being the one that includes it."""


@dataclass(slots=True)
class Project:
    """One scenario: its main file, the names that can be read in it now, and those of its last whole text."""

    main: Path
    index: Index | None = None
    whole: Index | None = None
    """The names when all that was written could be read; None as long as it never could."""
    source: Source | None = None
    faults: tuple[Fault, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict)
    told: set[Path] = field(default_factory=set)
    """The files of which the editor was told faults, so that it hears when there are none."""

    def look(self, texts: Mapping[str, bytes]) -> bool:
        """Reads the files and finds their names and their errors; whether there is more to look for."""
        self.source = source = read_what_is_left(self.main, texts=self._by_path(texts))
        # A file that includes others and is half written still holds them.
        self.files = {**(self.files if source.faults else {}), **files_of(source)}
        self.index = index_of(source)
        if self.index is not None and not self.index.lost:
            self.whole = self.index
        errors = read_faults(source)
        self.faults = errors or tuple(fault for fault in self.faults if fault.severity != "error")
        return not errors

    @property
    def names(self) -> tuple[Index, ...]:
        """The names: those that can be read now, then, where some cannot, those of the last whole text."""
        before = self.whole if self.whole is not self.index else None
        return tuple(one for one in (self.index, before) if one is not None)

    def look_closer(self) -> None:
        """Looks for what is only doubtful, and into claims, policies and variants."""
        if self.source is not None:
            self.faults = checked(self.source)

    def _by_path(self, texts: Mapping[str, bytes]) -> dict[str, bytes]:
        """The texts by the paths under which the files are read: one file may have several."""
        known = {file.resolved: file.path for file in self.source.files} if self.source is not None else {}
        found = dict(texts)
        for path, text in texts.items():
            found[known.get(os.path.realpath(path), path)] = text
        return found

    def holds(self, path: Path) -> bool:
        """Whether a file is one of the scenario's."""
        return any(_same(path, own) for own in (self.main, *self.files.values()))


class Projects:
    """All scenarios that are open, by their main files."""

    def __init__(self) -> None:
        self.open: dict[Path, bytes] = {}
        self.by_main: dict[Path, Project] = {}
        self.alone: set[Path] = set()
        """Files that no scenario includes; looked for again when a scenario is opened or saved."""

    def of(self, path: Path) -> Project | None:
        """The scenario to which a file belongs; None for what is no part of any."""
        text = self.open.get(path)
        if text is not None and is_main(text):
            return self.by_main.setdefault(path, Project(path))
        for project in self.by_main.values():
            if project.holds(path):
                return project
        main = next(_including(path), None) if path not in self.alone else None
        if main is None:
            self.alone.add(path)
            return None
        return self.by_main.setdefault(main, Project(main))

    def texts(self) -> dict[str, bytes]:
        """What the editor has, by path."""
        return {str(path): text for path, text in self.open.items()}


def is_main(text: bytes) -> bool:
    """Whether a text says that it is a scenario, and not a part of one."""
    return any(line.startswith((b"standoff:", b"'standoff':", b'"standoff":')) for line in text.splitlines())


def _including(path: Path) -> Iterator[Path]:
    """The scenarios in the folders above a file that include it."""
    for folder in list(path.parents)[:MOST_FOLDERS_UP]:
        try:
            found = sorted(file for end in ("yaml", "yml") for file in folder.glob(f"*.{end}"))
        except OSError:
            return
        mains = [folder / name for name in MAIN_FILES if (folder / name) in found]
        for main in [*mains, *(file for file in found if file not in mains)][:MOST_FILES_TRIED]:
            if main != path and _includes(main, path):
                yield main


def _includes(main: Path, path: Path) -> bool:
    try:
        text = main.read_bytes()
        if b"include" not in text or not is_main(text):
            return False
        return any(_same(path, Path(file.path)) for file in read(main).files)
    except (OSError, Faults):
        return False


def _same(one: Path, other: Path) -> bool:
    return one == other or os.path.realpath(one) == os.path.realpath(other)
