"""The files of a scenario as their author wrote them, and what changes of them come to: looked at, checked, written."""

from __future__ import annotations

import copy
import difflib
import itertools
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from standoff.errors import Fault, Faults, Location, UsageError
from standoff.scenario.editing.changing import with_item, with_value, without
from standoff.scenario.editing.nodes import Path as Way
from standoff.scenario.editing.nodes import Tree, is_nothing
from standoff.scenario.loading import find
from standoff.scenario.reading.folders import BUNDLED, unchanged
from standoff.scenario.reading.geojson import ENDING, scenario_of
from standoff.scenario.reading.source import Source, read
from standoff.scenario.reading.yaml_reader import parse_what_can_be, parse_yaml

MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Amendment:
    """A value to set at a path (`set`), an entry to take away (`remove`), or an item more for a list (`add`).

    `value` is a text, a list or a mapping of texts; `order` are the keys that the entry may have; `file` is where
    something new goes, by the name of the file in messages.
    """

    kind: Literal["set", "remove", "add"]
    path: Way
    value: Any = None
    order: tuple[str, ...] = ()
    file: str | None = None


@dataclass(frozen=True, slots=True)
class OwnFile:
    """One file of a scenario: its name in messages, its path, what it says, and whether it came with the package.

    `entries` is what a GeoJSON file says, which another program writes: its entries are changed in the author's files.
    """

    shown: str
    path: Path
    text: str
    bundled: bool
    entries: Mapping[str, Any] | None = None

    @property
    def kept(self) -> bool:
        """Whether it stays as it is, so that changes of it are laid over it."""
        return self.bundled or self.entries is not None

    def says(self, tree: Tree, path: Way) -> bool:
        """Whether it has the words at a path; `tree` are its nodes as they are now."""
        if self.entries is None:
            return _has(tree, path)
        here: Any = self.entries
        for part in path:
            there = part in here if isinstance(here, dict) else isinstance(here, list) and part in range(len(here))
            if not there:
                return False
            here = here[part]
        return True


@dataclass(frozen=True)
class Manuscript:
    """A scenario as its author's files; the main file first, those of a theatre last."""

    path: Path
    shown: str
    source: Source
    files: tuple[OwnFile, ...]
    _trees: dict[str, Tree] = field(init=False, repr=False, compare=False, default_factory=dict)

    @classmethod
    def of(cls, name_or_path: str | Path) -> Manuscript:
        """The files of a scenario; raises UsageError where there is none, and Faults where a file cannot be read."""
        _, path, shown = find(name_or_path)
        source = read(path, shown)
        files = []
        for number, one in enumerate(source.files):
            resolved = Path(one.resolved)
            bundled = resolved.is_relative_to(BUNDLED)
            theatre = bundled and resolved.is_relative_to(BUNDLED / "theatres")
            name = str(resolved.relative_to(BUNDLED / "theatres")) if theatre else one.path
            text = source.texts[one.path].decode("utf-8")
            of_map = _entries_of(text, name) if number and Path(one.path).suffix == ENDING else None
            files.append(OwnFile(shown if number == 0 else name, Path(one.path), text, bundled, of_map))
        main_bundled = files[0].bundled
        # What lies in a theatre or in GeoJSON gives way to whatever the author's own files say.
        files.sort(key=lambda one: one.kept and not main_bundled)
        return cls(path, shown, source, tuple(files))

    def tree(self, file: OwnFile) -> Tree:
        """The nodes of a file."""
        if file.shown not in self._trees:
            self._trees[file.shown] = _tree_of(file, file.text.removeprefix(MARK))
        return self._trees[file.shown]

    def holder(self, path: Way) -> OwnFile | None:
        """The file whose words at a path count, None where no file has it."""
        return next((file for file in self.files if file.says(self.tree(file), path)), None)

    @property
    def errors(self) -> tuple[Fault, ...]:
        """What is wrong in it as it is."""
        return _errors(self.source)

    def revised(self, changes: Sequence[Amendment]) -> Revision:
        """What these changes come to, one after the other; raises UsageError with the cure where one is impossible.

        A change of a theatre becomes an entry of the main file that is merged over it; a bundled scenario is refused.
        """
        if changes and self.files[0].bundled:
            raise UsageError(
                f"'{self.shown}' is bundled with Standoff and stays as it is; copy its folder "
                f"({self.files[0].path.parent}) and name the copy: --into FOLDER"
            )
        texts = {file.shown: file.text.removeprefix(MARK) for file in self.files}
        placed = [self._placed(texts, change) for change in changes]
        changed = {file: texts[file.shown] for file in self.files if texts[file.shown] != file.text.removeprefix(MARK)}
        gone = [change.path for change in changes if change.kind == "remove"]
        return Revision(self, changed, tuple((name, _after_removals(path, gone)) for name, path in placed))

    def _placed(self, texts: dict[str, str], change: Amendment) -> tuple[str, Way]:
        """Carry a change out in `texts`; returns in which file, and at which path there."""
        name, path = self._target(texts, change), change.path
        tree = Tree(texts[name])
        before = parse_yaml(texts[name].encode("utf-8"), name)
        value, short = change.value, tree.find(path[:2]) if path[:1] == ("parameters",) and len(path) == 3 else None
        if isinstance(short, yaml.ScalarNode) and not is_nothing(short) and change.kind == "set":
            # A parameter given by its prior alone.
            value = value if path[2] == "prior" else {"prior": before["parameters"][path[1]], str(path[2]): value}
            path = path[:2]
        where: Way = path
        try:
            if change.kind == "add":
                texts[name] = with_item(texts[name], path, value)
                added: Any = Tree(texts[name]).find(path)
                where = (*path, len(added.value) - 1)
            elif change.kind == "set":
                texts[name] = with_value(texts[name], path, value, order=change.order)
            else:
                texts[name] = without(texts[name], path)
            after = parse_yaml(texts[name].encode("utf-8"), name)
        except (yaml.YAMLError, Faults, ValueError):
            after = {}
        if _comparable(after) != _comparable(_expected(before, path, value, change.kind)):
            at = self.source.locate(change.path)
            raise UsageError(
                f"{at or name}: the way in which '{named_at(path)}' is written there cannot be kept; "
                "change it in the file by hand"
            )
        return name, where

    def _target(self, texts: Mapping[str, str], change: Amendment) -> str:
        """The file in which a change is made."""
        trees = [(file, _tree_of(file, texts[file.shown])) for file in self.files]
        named = next((file for file in self.files if file.shown == change.file and not file.kept), None)
        for length in range(len(change.path), 0, -1):
            path = change.path[:length]
            holders = [file for file, tree in trees if file.says(tree, path)]
            if not holders:
                continue
            own = [file for file in holders if not file.kept]
            whole = length == len(change.path)
            if change.kind == "remove" and whole and len(holders) > len(own):
                cure = "" if holders[-1].bundled else "; take it out of that file"
                raise UsageError(f"'{named_at(path)}' comes from {holders[-1].shown}; it cannot be taken away{cure}")
            if not own and (change.kind == "add" or any(isinstance(part, int) for part in change.path)):
                found = f"the list '{named_at(path)}' comes from {holders[-1].shown}"
                raise UsageError(f"{found}; write the whole list in your file")
            if own and length == 1 and not whole:
                # A new entry: where its author wishes, else beside the last of its section.
                return (named or own[-1]).shown
            if own:
                return own[0].shown
            if length > 1:
                break
        return (named or self.files[0]).shown


@dataclass(frozen=True)
class Revision:
    """Files with changes that are not written yet; `places` says in which file, and where there, each change went."""

    of: Manuscript
    texts: Mapping[OwnFile, str]
    places: tuple[tuple[str, Way], ...]

    def diff(self) -> str:
        """The changed lines, as `diff -u` shows them."""
        parts: list[str] = []
        for file, text in self.texts.items():
            old, new = file.text.removeprefix(MARK).splitlines(True), text.splitlines(True)
            lines = difflib.unified_diff(old, new, file.shown, file.shown, n=1)
            parts += [line if line.endswith("\n") else line + "\n" for line in lines]
        return "".join(parts)

    def faults(self) -> tuple[Fault, ...]:
        """What would be wrong afterwards and is not now."""
        if not self.texts:
            return ()
        texts = {str(file.path): file.text.encode("utf-8") for file in self.of.files}
        texts |= {str(file.path): text.encode("utf-8") for file, text in self.texts.items()}
        try:
            after = _errors(read(self.of.path, self.of.shown, texts=texts))
        except Faults as error:
            after = error.faults
        # Looking at a scenario with all its variants may take long: the old one is looked at only to compare.
        known = {(fault.code, fault.found) for fault in self.of.errors} if after else set()
        return tuple(fault for fault in after if (fault.code, fault.found) not in known)

    def at(self, place: Location) -> tuple[int, Way, int] | None:
        """Which change a place of the changed files belongs to, the keys within it, and how far into its text.

        None where it belongs to none. The places are those of faults: a line and a column from 1.
        """
        file = next((file for file in self.texts if file.shown == place.file), None)
        if file is None:
            return None
        tree = Tree(self.texts[file])
        offset = tree.offset(place.line, place.column)
        for number, (name, path) in enumerate(self.places):
            inner = tree.inside(path, offset) if name == file.shown else None
            if inner is not None:
                return (number, *inner)
        return None

    def write(self) -> None:
        """Write the files, each as a whole or not at all; raises UsageError if one has changed since it was read."""
        if unchanged(self.of.source.files) is None:
            raise UsageError(f"'{self.of.shown}' was changed meanwhile; nothing is written: do it again")
        made: list[tuple[Path, Path]] = []
        try:
            for file, text in self.texts.items():
                path = file.path.resolve()
                beside = path.with_name(f".{path.name}.{os.getpid()}.part")
                made.append((beside, path))
                mark = MARK if file.text.startswith(MARK) else ""
                beside.write_bytes((mark + text).encode("utf-8"))
                shutil.copymode(path, beside)
            for beside, path in made:
                beside.replace(path)
        finally:
            for beside, _ in made:
                beside.unlink(missing_ok=True)


def _tree_of(file: OwnFile, text: str) -> Tree:
    """The nodes of a file, as its text is now; GeoJSON, which may be large and is never written, has none."""
    return Tree(text if file.entries is None else "")


def _entries_of(text: str, shown: str) -> Mapping[str, Any]:
    return scenario_of(parse_what_can_be(text.encode("utf-8"), shown, foreign=True).data, shown)[0]


def named_at(path: Way) -> str:
    """A path as messages name it."""
    return ".".join(map(str, path))


def _after_removals(path: Way, gone: Sequence[Way]) -> Way:
    """Where a new item of a list is once others were taken away before it."""
    last = path[-1]
    if not isinstance(last, int):
        return path
    before = sum(one[:-1] == path[:-1] and isinstance(one[-1], int) and one[-1] < last for one in gone)
    return (*path[:-1], last - before)


def _has(tree: Tree, path: Way) -> bool:
    nodes, depth = tree.walk(path)
    if depth == len(path):
        return True
    short = path[:1] == ("parameters",) and path[2:] == ("prior",) and depth == 2
    return short and isinstance(nodes[-1], yaml.ScalarNode) and not is_nothing(nodes[-1])


def _errors(source: Source) -> tuple[Fault, ...]:
    from standoff.scenario.preparing import checked

    return tuple(fault for fault in checked(source) if fault.severity == "error")


def _expected(data: dict[str, Any], path: Way, value: Any, kind: str) -> dict[str, Any]:
    """What a file should say after a change."""
    data = copy.deepcopy(data)
    here: Any = data
    above: list[tuple[Any, Any]] = []
    for part, following in itertools.pairwise(path):
        if isinstance(here, dict) and here.get(part) is None:
            here[part] = [] if isinstance(following, int) else {}
        above.append((here, part))
        here = here[part]
    last: Any = path[-1]
    if kind == "add":
        there = here.get(last)
        here[last] = [*(there if isinstance(there, list) else []), value]
    elif kind == "set":
        here[last] = value
    else:
        del here[last]
        for outer, part in reversed(above):
            if outer[part]:
                break
            del outer[part]
    return data


def _comparable(value: Any) -> Any:
    """Data without what a change may alter: the order of keys, and a line end behind a text."""
    if isinstance(value, Mapping):
        return {str(key): _comparable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_comparable(one) for one in value]
    return value if value is None else str(value).removesuffix("\n")
