"""From the cells that were changed in a book to changes of the author's files, and from faults back to cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from standoff.errors import Fault, Faults, suggestion
from standoff.scenario import Amendment, Manuscript, PlainWords, Revision
from standoff.sheets.book import Book, CellPlace, Grid, same
from standoff.sheets.tables import (
    ATTRIBUTE,
    FILE,
    FORMS,
    IN_THE_FILE,
    ONE_WAY,
    Column,
    Entry,
    Form,
    at,
    attributes_in,
    columns_of,
    entries,
    line_of,
    pieces_of,
)


@dataclass(frozen=True, slots=True)
class Told:
    """A change of a file with the cell that asks for it and how it is told; `cells` are those of a new row."""

    change: Amendment
    place: CellPlace
    words: str
    cells: dict[str, CellPlace] = field(default_factory=dict)


@dataclass(frozen=True)
class Merge:
    """What a book asks for: the changes, and what they come to in the author's files."""

    told: tuple[Told, ...]
    revision: Revision
    left: tuple[str, ...]

    def faults(self) -> tuple[Fault, ...]:
        """What would be wrong afterwards, each at its cell where a cell is at fault."""
        return tuple(self._at_cell(fault) for fault in self.revision.faults())

    def _at_cell(self, fault: Fault) -> Fault:
        if fault.location is None:
            return fault
        found = self.revision.at(fault.location)
        if found is None:
            return fault
        number, inner, offset = found
        told = self.told[number]
        place = told.place
        if told.cells:
            columns = [".".join(map(str, inner[:length])) for length in range(len(inner), 0, -1)]
            place = next((told.cells[name] for name in columns if name in told.cells), place)
        column = offset + 1 if place.text[offset : offset + 1] else 1
        return replace(fault, location=replace(place, column=column))


def merge(book: Book, manuscript: Manuscript) -> Merge:
    """What a book asks of a scenario; raises Faults SD702 to SD705 with every cell that cannot be taken."""
    faults: list[Fault] = []
    told: list[Told] = []
    left = []
    for form in FORMS:
        base, grid = book.base.get(form.title), book.grids.get(form.title)
        if base is None:
            continue
        if grid is None:
            left.append(form.title)
            continue
        told += _Comparison(form, manuscript, base, grid, faults).changes()
    if faults:
        raise Faults(faults)
    # Items are taken out of lists at last and from behind, so that the numbers of items stay what they are.
    kinds = {"set": 0, "add": 1, "remove": 2}
    numbers = {id(one): [-part if isinstance(part, int) else 0 for part in one.change.path] for one in told}
    told.sort(key=lambda one: (kinds[one.change.kind], numbers[id(one)] if one.change.kind == "remove" else []))
    return Merge(tuple(told), manuscript.revised([one.change for one in told]), tuple(left))


class _Comparison:
    """One table of a book beside what it was made of and what the scenario says now."""

    def __init__(self, form: Form, manuscript: Manuscript, base: Grid, grid: Grid, faults: list[Fault]) -> None:
        self.form, self.manuscript, self.grid, self.faults = form, manuscript, grid, faults
        named = {head.name: None for one in (base, grid) for head in one.heads if head.name.startswith(ATTRIBUTE)}
        attributes = dict.fromkeys(attributes_in(form, manuscript.source.data))
        attributes |= dict.fromkeys(name.removeprefix(ATTRIBUTE) for name in named)
        self.columns = columns_of(form, tuple(attributes))
        self.now = {entry.key: entry for entry in entries(form, manuscript, self.columns)}
        self.base = self._keyed(base, told=False)
        self.book = self._keyed(grid, told=True)
        self.of = base

    def _keyed(self, grid: Grid, *, told: bool) -> dict[tuple[str, ...], int]:
        """The rows of a table by what identifies them; faults SD702 and SD704 are `told` of the author's own."""
        known = {column.head.name for column in self.columns} | {FILE}
        found: dict[tuple[str, ...], int] = {}
        seen: set[str] = set()
        for number, head in enumerate(grid.heads):
            if told and (head.name not in known or head.name in seen):
                hint, expected = suggestion(head.name, sorted(known), what="columns")
                twice = "stands there twice" if head.name in seen else "is not one of this table"
                place = grid.place(-1, number, head.name)
                self.faults.append(Fault("SD702", place, f"the column '{head.name}' {twice}", expected, hint))
            seen.add(head.name)
        missing = [column.head.name for column in self.form.own if grid.column(column.head.name) is None]
        if missing:
            if told:
                found_ = f"the column '{missing[0]}' is missing from '{grid.title}'"
                self.faults.append(Fault("SD702", grid.place(-1, 0, ""), found_))
            return {}
        for number, row in enumerate(grid.rows):
            key = tuple(row[grid.column(column.head.name) or 0].strip() for column in self.form.own)
            if told and not all(key):
                self.faults.append(Fault("SD704", grid.place(number, key.index("")), "a row without its name"))
            elif told and key in found:
                first = grid.place(found[key], 0).where
                hint = f"the other is {first}"
                self.faults.append(
                    Fault("SD704", grid.place(number, 0), f"'{' '.join(key)}' is there twice", hint=hint)
                )
            else:
                found[key] = number
        return found

    def changes(self) -> Iterator[Told]:
        """The changes that this table asks for."""
        if self.faults:
            return
        for key, number in self.book.items():
            if key in self.base:
                yield from self._changed(key, number)
            elif key in self.now:
                cells = self._cells(self.grid, number)
                if all(same(self.now[key].cells[name], text) for name, text in cells):
                    continue  # it was taken over before
                self._conflict(self.grid.place(number, 0), f"'{' '.join(key)}' is in the scenario by now")
            else:
                yield self._new(key, number)
        for key, number in self.base.items():
            if key not in self.book and (entry := self.now.get(key)) is not None:
                if any(not same(entry.cells[name], was) for name, was in self._cells(self.of, number)):
                    self._conflict(
                        self.grid.place(-1, 0, " ".join(key)), f"the removed '{' '.join(key)}' was changed there"
                    )
                    continue
                yield Told(Amendment("remove", entry.path), self.grid.place(-1, 0, ""), f"- {self._named(key)}")

    def _cells(self, grid: Grid, number: int) -> Iterator[tuple[str, str]]:
        for column in self.columns:
            at_ = grid.column(column.head.name)
            if at_ is not None:
                yield column.head.name, grid.rows[number][at_]

    def _named(self, key: tuple[str, ...]) -> str:
        return f"{self.form.title} {' '.join(key)}"

    def _conflict(self, place: CellPlace, found: str) -> None:
        hint = "write the sheet anew from the scenario, and make the change there"
        self.faults.append(Fault("SD705", place, f"{found}, since the sheet was written", hint=hint))

    def _changed(self, key: tuple[str, ...], number: int) -> Iterator[Told]:
        before = dict(self._cells(self.of, self.base[key]))
        after = dict(self._cells(self.grid, number))
        entry = self.now.get(key)
        asked: list[tuple[Column, CellPlace]] = []
        for column in self.columns:
            name = column.head.name
            if column.own or name not in after or same(after[name], before.get(name, "")):
                continue
            place = self.grid.place(number, self.grid.column(name) or 0)
            if entry is None:
                self._conflict(place, f"'{' '.join(key)}' is no more in the scenario")
            elif same(entry.cells[name], after[name]):
                continue
            elif not same(entry.cells[name], before.get(name, "")):
                self._conflict(place, f"'{name}' of '{' '.join(key)}' was changed to '{entry.cells[name][:60]}'")
            elif name == ONE_WAY:
                hint = "delete the row, and add one"
                self.faults.append(Fault("SD706", place, "a route cannot be turned into a one-way route", hint=hint))
            elif IN_THE_FILE in (before.get(name), after[name]):
                hint = "change it in the file"
                self.faults.append(Fault("SD706", place, f"'{name}' has no room in a cell", hint=hint))
            else:
                asked.append((column, place))
        paired = set()
        for column, place in asked:
            if entry is None or (column.form == "pair" and column.keys[:1] in paired):
                continue
            paired.add(column.keys[:1])
            yield self._cell(entry, column, place, after)

    def _cell(self, entry: Entry, column: Column, place: CellPlace, after: dict[str, str]) -> Told:
        """The change of one cell of a row that is there."""
        name = column.head.name
        old = at(self.manuscript.source.data, entry.path)
        old = {"prior": old} if isinstance(old, str) else old
        path = (*entry.path, *column.keys)
        if column.form == "pair":
            path = (*entry.path, column.keys[0])
            pair = [(after.get(one, "").strip(), entry.cells.get(one, "")) for one in self._pair(column)]
            value: Any = [PlainWords(was if same(was, text) else text) for text, was in pair if text]
        else:
            value = value_of(column, after[name], at(old, column.keys))
        words = f"{self._named(entry.key)}: {name} {_brief(entry.cells[name])} → {_brief(after[name])}"
        order = tuple(str(one.keys[0]) for one in self.columns if one.keys)
        if value in ("", [], None):
            return Told(Amendment("remove", path), place, words)
        return Told(Amendment("set", path, value, order), place, words)

    def _pair(self, column: Column) -> list[str]:
        return [one.head.name for one in self.columns if one.keys[:1] == column.keys[:1]]

    def _new(self, key: tuple[str, ...], number: int) -> Told:
        """The change that a new row asks for."""
        entry: dict[str, Any] = {}
        cells: dict[str, CellPlace] = {}
        for column in self.columns:
            at_ = self.grid.column(column.head.name)
            text = "" if at_ is None else self.grid.rows[number][at_].strip()
            if not text or not column.keys or at_ is None:
                continue
            cells[".".join(map(str, column.keys))] = self.grid.place(number, at_)
            value = value_of(column, text, None)
            if isinstance(column.keys[-1], int):
                entry.setdefault(str(column.keys[0]), []).append(value)
            elif len(column.keys) > 1:
                entry.setdefault(str(column.keys[0]), {})[str(column.keys[1])] = value
            else:
                entry[str(column.keys[0])] = value
        at_ = self.grid.column(FILE)
        file = "" if at_ is None else self.grid.rows[number][at_].strip()
        own = [one.shown for one in self.manuscript.files if not one.kept]
        if file and file not in own:
            hint, expected = suggestion(file, own, what="files")
            found = f"'{file}' is no file of the scenario"
            self.faults.append(Fault("SD706", self.grid.place(number, at_ or 0), found, expected, hint))
        if entry.pop(ONE_WAY, "") == "true":
            entry = dict(zip(("from", "to"), entry.pop("between"), strict=True)) | entry
        place = self.grid.place(number, 0)
        words = f"+ {self._named(key)}"
        if self.form.title == "ties":
            change = Amendment("add", ("ties", key[0]), entry, file=file or None)
        elif self.form.listed:
            change = Amendment("add", (self.form.title,), entry, file=file or None)
        else:
            change = Amendment("set", (self.form.title, key[0]), entry, file=file or None)
        return Told(change, place, words, cells)


def value_of(column: Column, text: str, old: Any) -> Any:
    """What a cell asks its key to say; `old` is what it says now, whose pieces stay where they are the same."""
    if column.form == "list":
        return [item.strip() for item in text.replace("\n", ";").split(";") if item.strip()]
    if column.form != "evidence":
        stripped = text.replace("\r\n", "\n").strip()
        return stripped if column.form == "text" else PlainWords(stripped)
    pieces = _pieces(text, pieces_of(old))
    return pieces[0] if len(pieces) == 1 and not isinstance(old, list) else pieces


def _pieces(text: str, old: Sequence[Any]) -> list[Any]:
    """Pieces of evidence, a line each; one that is there already keeps what no line shows."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    left = {line_of(piece): piece for piece in old}
    by_locator = {str(at(piece, ("from",)) if isinstance(piece, dict) else piece): piece for piece in old}
    found: list[Any] = []
    for line in lines:
        locator, _, says = line.partition(": ")
        known = by_locator.get(locator)
        if line in left:
            found.append(left[line])
        elif isinstance(known, dict):
            kept = {str(key): value for key, value in known.items() if key != "says"}
            found.append({**kept, "says": says} if says else kept)
        else:
            found.append({"from": locator, "says": says} if says else locator)
    return found


def _brief(text: str) -> str:
    short = " ".join(text.split())
    return "nothing" if not short else short if len(short) <= 60 else short[:59] + "…"
