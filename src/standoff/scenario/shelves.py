"""The bundled scenarios by shelf: those of a theatre, the gallery, and the classroom models; where each lies.

A folder of the bundled scenarios with a main file is a scenario: one of a theatre where it builds on one (`theatre:`),
else one of the gallery. A file in the folder `classroom` is a classroom model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from standoff.errors import UsageError, suggestion
from standoff.scenario.reading.folders import BUNDLED, scenario_files, versions

Shelf = Literal["theatre", "gallery", "classroom"]

MAIN_FILE = "scenario.yaml"
"""The main file of a scenario that is a folder."""

_CLASSROOM = BUNDLED / "classroom"


@dataclass(frozen=True, slots=True)
class Entry:
    """A bundled scenario as a list shows it, by what its main file says."""

    name: str
    shelf: Shelf
    theatre: str
    title: str
    teaches: str
    starts: str
    ends: str


def bundled(shelf: Shelf | None = None) -> tuple[str, ...]:
    """The names of the bundled scenarios, or of those on one shelf: `theatre`, `gallery` or `classroom`.

    Those of a theatre have their version in the name. Raises UsageError where there is no such shelf.
    """
    if shelf is None:
        return tuple(sorted(_files()))
    if shelf not in get_args(Shelf):
        hint, known = suggestion(str(shelf), get_args(Shelf), what="shelves")
        raise UsageError("  ".join(part for part in (f"there is no shelf '{shelf}'", hint, known) if part))
    return tuple(entry.name for entry in catalogue() if entry.shelf == shelf)


def catalogue() -> tuple[Entry, ...]:
    """The bundled scenarios, shelf by shelf; of each, its main file alone is read."""
    entries = [entry_of(name, path, _shown(path)) for name, path in sorted(_files().items())]
    order = get_args(Shelf)
    return tuple(sorted(entries, key=lambda entry: order.index(entry.shelf)))


def entry_of(name: str, path: Path, shown: str) -> Entry:
    """A scenario in a line, by what its main file says; raises Faults SD1xx."""
    # Here, so that a scenario that is kept is there without a parser.
    from standoff.scenario.reading.yaml_reader import parse_yaml, read_content

    said = parse_yaml(read_content(path, shown), shown)
    theatre = _text(said, "theatre")
    shelf: Shelf = "classroom" if path.parent == _CLASSROOM else "theatre" if theatre else "gallery"
    return Entry(name, shelf, theatre, *(_text(said, key) for key in ("title", "teaches", "starts", "ends")))


def located(name: str) -> tuple[str, Path, str] | None:
    """The name, the main file and its name in messages, of a bundled scenario; a bare name means the newest version."""
    if Path(name).name != name:
        return None  # a path: no folder need be looked at
    for folder in versions(BUNDLED, name, MAIN_FILE):
        return folder.name, folder / MAIN_FILE, f"{folder.name}/{MAIN_FILE}"
    path = _files().get(name)
    return None if path is None else (name, path, _shown(path))


def _files() -> dict[str, Path]:
    """The main files of all bundled scenarios, by their names."""
    return dict([*_folders(), *((path.stem, path) for path in scenario_files(_CLASSROOM))])


def theatre_file(name: str) -> tuple[str, Path]:
    """The name with its version, and the file, of a bundled theatre; a bare name means the newest version.

    Raises UsageError where there is no such theatre.
    """
    folders = versions(BUNDLED / "theatres", name, "theatre.yaml")
    if not folders:
        known = sorted(one.name for one in (BUNDLED / "theatres").iterdir() if one.is_dir())
        hint, expected = suggestion(name, known, what="theatres")
        raise UsageError("; ".join(part for part in (f"there is no theatre '{name}'", hint, expected) if part))
    return folders[0].name, folders[0] / "theatre.yaml"


def _folders() -> Iterator[tuple[str, Path]]:
    if BUNDLED.is_dir():
        yield from ((one.name, one / MAIN_FILE) for one in BUNDLED.iterdir() if (one / MAIN_FILE).is_file())


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _text(said: dict[str, Any], key: str) -> str:
    value = said.get(key)
    return " ".join(str(value).split()) if isinstance(value, str) else ""
