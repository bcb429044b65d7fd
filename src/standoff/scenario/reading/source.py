"""The files of a scenario as one mapping: the main file, what it includes, its theatre, and a variant of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from standoff.errors import Fault, Faults, Location, suggestion
from standoff.scenario.reading.folders import BUNDLED, ReadFile, scenario_files, versions
from standoff.scenario.reading.geojson import ENDING, read_map, scenario_of
from standoff.scenario.reading.text import Page, Words, plain_value
from standoff.scenario.reading.yaml_reader import parse_what_can_be, read_content

__all__ = ["Page", "Source", "Words", "plain_value", "read", "read_what_can_be", "read_what_is_left"]

MAXIMUM_FILES = 200
"""Files that one scenario may consist of."""
_OF_LINES = ("SD102", "SD104", "SD105", "SD109")
"""Faults of single lines; where a whole file is missing, what it would have said is missed everywhere."""


Covered = tuple[str, str]
"""A key of one file, and the same key of another on which the first is laid."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the files of a scenario say, merged into one mapping: dicts (keys are Words), lists, Words and None.

    Every scalar is Words; `plain_value` gives the number or truth that plain words mean. `file` is the main
    file as the user named it, `files` are all files read, the main one first, and `texts` what they held. `shared`
    are the files of its theatre, as they are named in messages: other scenarios use what they hold as well.
    """

    data: dict[str, Any]
    file: str
    files: tuple[ReadFile, ...] = ()
    texts: Mapping[str, bytes] = field(repr=False, compare=False, default_factory=dict)
    shared: frozenset[str] = frozenset()
    faults: tuple[Fault, ...] = ()
    """What is wrong in the files as YAML, where the rest of them was read all the same."""
    mended: frozenset[tuple[str, int]] = frozenset()
    """The files and lines that were mended, or left out, to read the rest."""
    left_out: frozenset[tuple[str, int]] = frozenset()
    """Those of them that were left out."""
    covered: tuple[Covered, ...] = field(repr=False, compare=False, default=())
    """Keys that files have in common, first those of the lowest."""
    _keys: dict[int, dict[str, str]] = field(init=False, repr=False, compare=False, default_factory=dict)
    """The keys of mappings in which something was looked up, by the mapping's identity: they know their places."""

    @property
    def misses_files(self) -> bool:
        """Whether a whole file, or all, could not be read, so that what is left cannot be judged."""
        return bool(self.faults) and (not self.data or any(fault.code not in _OF_LINES for fault in self.faults))

    def locate(self, path: Iterable[str | int]) -> Location | None:
        """The place of the entry at a path: its key in a mapping; parts that are not in the data are passed over."""
        return self._walk(path)[0]

    def locate_value(self, path: Iterable[str | int]) -> Location | None:
        """The place of the value at a path, or of its entry where the value is a mapping, a list or nothing."""
        place, value = self._walk(path)
        return (value.location if isinstance(value, Words) else None) or place

    def _walk(self, path: Iterable[str | int]) -> tuple[Location | None, Any]:
        here: Any = self.data
        place = Location(self.file, 1, 1, "")
        for part in path:
            if isinstance(here, dict) and isinstance(part, str) and part in here:
                keys = self._keys.get(id(here))
                if keys is None:
                    keys = self._keys[id(here)] = {key: key for key in here}
                place = _place(keys[part]) or place
                here = here[part]
            elif isinstance(here, list) and isinstance(part, int) and part < len(here):
                here = here[part]
                place = _first_place(here) or place
        return place, here

    def variant(self, name: str) -> Source:
        """The source with one of its variants merged over it; raises Faults SD215 for a variant it does not have."""
        variants = self.data.get("variants")
        known = variants if isinstance(variants, dict) else {}
        if name not in known:
            hint, expected = suggestion(name, known, what="variants")
            expected = expected or "it has none; a variant is a partial scenario by its name under variants:"
            raise Faults([Fault("SD215", None, f"'{self.file}' has no variant '{name}'", expected, hint)])
        return self._under(known[name] if isinstance(known[name], dict) else {})

    def overlaid(self, over: Source) -> Source:
        """The source with a partial scenario merged over it, as a variant is."""
        return replace(self._under(over.data), files=(*self.files, *over.files), texts={**self.texts, **over.texts})

    def with_inject(self, name: str) -> Source:
        """The source with one of its injects switched on; raises Faults SD204 for an inject it does not have."""
        injects = self.data.get("injects")
        known = injects if isinstance(injects, dict) else {}
        if name not in known:
            hint, expected = suggestion(name, known, what="injects")
            raise Faults([Fault("SD204", None, f"'{self.file}' has no inject '{name}'", expected, hint)])
        return self._under({Words("injects"): {Words(name): {Words("on"): Words("true")}}})

    def _under(self, changes: dict[str, Any]) -> Source:
        kept = {key: value for key, value in changes.items() if key not in ("about", *NOT_IN_VARIANTS)}
        return replace(self, data=merge_scenarios(self.data, kept))


NOT_IN_VARIANTS = ("standoff", "theatre", "include", "variants")
"""The keys that a variant cannot have; its `about` is of itself and changes nothing."""


def _place(word: object) -> Location | None:
    return word.location if isinstance(word, Words) else None


def _first_place(value: Any) -> Location | None:
    if isinstance(value, dict | list):
        # The first key of a mapping, or the first item of a list.
        return next((place for item in value if (place := _first_place(item))), None)
    return _place(value)


def merge_scenarios(
    under: dict[str, Any], over: dict[str, Any], covered: list[Covered] | None = None
) -> dict[str, Any]:
    """Two partial scenarios as one; a parameter given as a number alone keeps the unit and evidence it had.

    The policy of a decision, and when it comes up, are replaced as a whole: one key says it all. `covered` gets the
    keys that both have.
    """
    one, other = under.get("parameters"), over.get("parameters")
    if isinstance(one, dict) and isinstance(other, dict):
        changes = {key: _spelt_out(one.get(key), value) for key, value in other.items()}
        one = {key: _given_up(value, other.get(key)) for key, value in one.items()}
        under, over = {**under, "parameters": one}, {**over, "parameters": changes}
    return merge(_making_room(under, over), over, covered)


def _spelt_out(under: Any, over: Any) -> Any:
    if isinstance(over, Words) and isinstance(under, dict):
        return {Words("prior", over.location, page=over.page): over}
    return over


def _given_up(under: Any, over: Any) -> Any:
    """What is left of a parameter under another that may be short: a new prior has no use for the old one's ends."""
    if isinstance(under, dict) and isinstance(over, Words):
        return {key: value for key, value in under.items() if key not in ("at_least", "at_most")}
    if isinstance(under, Words) and isinstance(over, dict):
        return {Words("prior", under.location, page=under.page): under}
    return under


def _making_room(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """A partial scenario without the parts of decisions and policies that another replaces as a whole.

    So it is in its variants as well.
    """
    left = dict(under)
    for section, make in (("decisions", _left_of_decision), ("policies", _left_of_policy), ("variants", _making_room)):
        one, other = under.get(section), over.get(section)
        if isinstance(one, dict) and isinstance(other, dict):
            both = {key for key, value in one.items() if isinstance(value, dict) and isinstance(other.get(key), dict)}
            left[section] = {key: make(value, other[key]) if key in both else value for key, value in one.items()}
    return left


def _left_of_decision(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in under.items() if key not in ("policy", "comes") or key not in over}


def _left_of_policy(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    choices, others = under.get("decisions"), over.get("decisions")
    if not isinstance(choices, dict) or not isinstance(others, dict):
        return under
    return {**under, "decisions": {key: value for key, value in choices.items() if key not in others}}


def merge(under: dict[str, Any], over: dict[str, Any], covered: list[Covered] | None = None) -> dict[str, Any]:
    """Two mappings as one: mappings key by key, anything else replaced by `over`; the order of `under` is kept."""
    merged: dict[str, Any] = {}
    keys = {key: key for key in over}
    for key, value in under.items():
        if key not in over:
            merged[key] = value
            continue
        if covered is not None:
            covered.append((keys[key], key))
        if isinstance(value, dict) and isinstance(over[key], dict):
            merged[keys[key]] = merge(value, over[key], covered)
        else:
            merged[keys[key]] = over[key]
    merged.update((key, value) for key, value in over.items() if key not in under)
    return merged


def read(path: Path, shown: str | None = None, *, texts: Mapping[str, bytes] | None = None) -> Source:
    """Reads a scenario file with all that it includes; raises Faults SD1xx. `shown` is its name in messages.

    `texts` are what files hold, by their paths, where that is known already.
    """
    source = read_what_can_be(path, shown, texts=texts)
    if source.faults:
        raise Faults(source.faults)
    return source


def read_what_can_be(path: Path, shown: str | None = None, *, texts: Mapping[str, bytes] | None = None) -> Source:
    """The same, with what is wrong as YAML told by the source; raises Faults where too little is left to judge."""
    source = read_what_is_left(path, shown, texts=texts)
    if source.misses_files:
        raise Faults(source.faults)
    return source


def read_what_is_left(path: Path, shown: str | None = None, *, texts: Mapping[str, bytes] | None = None) -> Source:
    """All that can be read, be it nothing, with what is wrong told by the source: for who looks for names alone."""
    name = str(path) if shown is None else shown
    reading = _Reading(dict(texts or {}))
    data = reading.file(path, name, root=path.resolve().parent)
    files, shared = tuple(reading.files.values()), frozenset(reading.shared)
    torn = frozenset(reading.mended), frozenset(reading.left_out)
    return Source(data, name, files, reading.texts, shared, tuple(reading.faults), *torn, tuple(reading.covered))


@dataclass(slots=True)
class _Reading:
    """The files that are being read: `open` is the chain from the main file to the present one."""

    texts: dict[str, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    files: dict[Path, ReadFile] = field(default_factory=dict)
    open: list[Path] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)
    mended: set[tuple[str, int]] = field(default_factory=set)
    left_out: set[tuple[str, int]] = field(default_factory=set)
    covered: list[Covered] = field(default_factory=list)

    def file(self, path: Path, shown: str, *, root: Path) -> dict[str, Any]:
        """One file with its theatre and includes merged under it; an empty mapping where it has faults."""
        resolved = path.resolve()
        self.files[resolved] = ReadFile(str(path), str(resolved), "")
        self.open.append(resolved)
        self.shown.append(shown)
        try:
            if str(path) not in self.texts:
                self.texts[str(path)] = read_content(path, shown)
            content = self.texts[str(path)]
            self.files[resolved] = ReadFile.of(path, resolved, content)
            is_map = len(self.open) > 1 and path.suffix == ENDING
            if is_map:
                own, told = scenario_of(read_map(content, shown), shown)
                self.faults.extend(told)
            else:
                read = parse_what_can_be(content, shown)
                own = read.data
                self.faults.extend(read.faults)
                self.mended.update((shown, line) for line in read.mended)
                self.left_out.update((shown, line) for line in read.left_out)
        except Faults as error:
            self.faults.extend(error.faults)
            own = {}
        asks = {key: _key_place(own, key) for key in ("theatre", "include")}
        under = self._theatre(own.pop("theatre", None), asks["theatre"])
        included = self._includes(own.pop("include", None), asks["include"], path, shown, root)
        under = merge_scenarios(under, included, self.covered)
        self.open.pop()
        return merge_scenarios(under, own, self.covered)

    def _theatre(self, name: Any, key: Location | None) -> dict[str, Any]:
        if name is None:
            return {}
        if not isinstance(name, Words):
            self._fault("SD203", _first_place(name) or key, "expected the name of a theatre")
            return {}
        folders = versions(BUNDLED / "theatres", name, "theatre.yaml")
        if not folders:
            known = _names(BUNDLED / "theatres")
            hint, expected = suggestion(name, known, what="theatres")
            self._fault("SD107", name.location, f"unknown theatre '{name}'", expected, hint, width=len(name))
            return {}
        before = len(self.shown)
        part = self._part(folders[0] / "theatre.yaml", f"{folders[0].name}/theatre.yaml", name, folders[0].resolve())
        self.shared.update(self.shown[before:])
        return part

    def _includes(self, asked: Any, key: Location | None, path: Path, shown: str, root: Path) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for item in asked if isinstance(asked, list) else [] if asked is None else [asked]:
            if not isinstance(item, Words):
                self._fault("SD203", _first_place(item) or key, "expected the name of a file to include")
                continue
            target = self._target(item, path, root)
            if target is None:
                continue
            part = self._part(target, str(Path(shown).parent / item), item, root)
            for entry, before in _both(merged, part):
                where = f"{before.file}:{before.line}" if before else "another included file"
                self._fault("SD111", _place(entry), f"'{entry}' is also defined in {where}", width=len(entry))
            merged = merge(merged, part)
        return merged

    def _target(self, item: Words, path: Path, root: Path) -> Path | None:
        try:
            target = path.parent / item
            inside = not Path(item).is_absolute() and target.resolve().is_relative_to(root)
        except (OSError, ValueError, RuntimeError):
            inside = False
        if not inside:
            expected = "a file in the folder of the main file, or below it"
            self._fault("SD106", item.location, f"'{item}' is outside the folder", expected, width=len(item))
            return None
        try:
            if str(target) in self.texts or target.is_file():
                return target
            # Beside the file asked for; what names a folder, as '.' does, has nothing beside it.
            near = [str(Path(item).parent / entry.name) for entry in scenario_files(target.parent)]
        except OSError as error:
            # A name that no file can have, or a folder that cannot be read.
            found = f"'{item[:60]}{'…' if len(item) > 60 else ''}' cannot be read: {error.strerror or error}"
            self._fault("SD107", item.location, found, width=len(item))
            return None
        found = f"'{item}' is a folder" if target.is_dir() else f"there is no file '{item}'"
        hint, _ = suggestion(item, near)
        cure = "name the files in it" if target.is_dir() else hint
        self._fault("SD107", item.location, found, None, cure, width=len(item))
        return None

    def _part(self, path: Path, shown: str, asked: Words, root: Path) -> dict[str, Any]:
        resolved = path.resolve()
        if resolved in self.open:
            self._fault("SD108", asked.location, f"'{asked}' includes itself", hint="leave it out", width=len(asked))
        elif resolved in self.files:
            self._fault("SD111", asked.location, f"'{asked}' is included twice", width=len(asked))
        elif len(self.files) >= MAXIMUM_FILES:
            self._fault("SD103", asked.location, f"more than {MAXIMUM_FILES} files in one scenario")
        else:
            return self.file(path, shown, root=root)
        return {}

    def _fault(
        self,
        code: str,
        where: Location | None,
        found: str,
        expected: str | None = None,
        hint: str | None = None,
        *,
        width: int = 1,
    ) -> None:
        self.faults.append(Fault(code, where, found, expected=expected, hint=hint, width=width))


def _names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []


_DEEP = ("begin", "ties", "variants")
"""Sections whose entries may come from several files, as long as no single value does."""


def _both(first: dict[str, Any], second: dict[str, Any]) -> Iterator[tuple[str, Location | None]]:
    """The keys in `second` whose entries `first` has too, with their place in `first`."""
    for section in second:
        if section not in first or section == "standoff":
            continue
        one, other = first[section], second[section]
        if isinstance(one, dict) and isinstance(other, dict):
            yield from _same(one, other, deep=section in _DEEP)
        else:
            yield section, _key_place(first, section)


def _same(one: dict[str, Any], other: dict[str, Any], *, deep: bool) -> Iterator[tuple[str, Location | None]]:
    own = {key: key for key in one}
    for key in other:
        if key not in one:
            continue
        if deep and isinstance(one[key], dict) and isinstance(other[key], dict):
            yield from _same(one[key], other[key], deep=True)
        else:
            yield key, _place(own[key])


def _key_place(mapping: dict[str, Any], key: str) -> Location | None:
    return next((_place(known) for known in mapping if known == key), None)
