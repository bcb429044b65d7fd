"""The tables of a scenario: who, where, what binds them, which numbers, what is asked; and the keys of each column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from standoff.errors import visible
from standoff.scenario import Manuscript, json_schema
from standoff.sheets.book import Book, Grid, Head

IN_THE_FILE = "(see the file)"
"""Stands for what has no room in a cell."""
FILE = "file"
ONE_WAY = "one-way"
"""The column of routes that are open from the first place to the second only."""
ATTRIBUTE = "attributes."
"""The beginning of the heads of attributes: `attributes.oil`."""
Way = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: the keys it stands for within its entry, and in which form.

    `text` is one text; a `value` may be a number or a truth; a `list` has `;` between its items, `evidence` a line for
    each piece; `pair` is one of two values of a list. The columns that identify a row are its `own`.
    """

    head: Head
    keys: Way
    form: Literal["text", "value", "list", "evidence", "pair"] = "text"
    own: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What a table shows: a section, the class of its entries, and the columns that identify a row."""

    title: str
    part: str
    own: tuple[Column, ...]
    pairs: Mapping[str, tuple[Column, Column]]
    skips: frozenset[str] = frozenset()
    listed: bool = False


def _degrees(name: str, at: int, most: float) -> Column:
    about = f"{name.capitalize()} in degrees (WGS 84), north and east positive."
    return Column(Head(name, about, number=True, low=-most, high=most, wide=10), ("at", at), "pair")


def _named(about: str, *, wide: int = 22) -> tuple[Column, ...]:
    return (Column(Head("id", about, wide=wide), (), own=True),)


_NAME = "The name that rules and questions use: small letters, digits and _. A new row is a new one."
FORMS: tuple[Form, ...] = (
    Form("actors", "Actor", _named(_NAME), {}),
    Form("places", "Place", _named(_NAME), {"at": (_degrees("latitude", 0, 90.0), _degrees("longitude", 1, 180.0))}),
    Form(
        "routes",
        "Route",
        tuple(
            Column(
                Head(name, "One of the two places that it joins.", refers="places", wide=18), ("between", i), own=True
            )
            for i, name in enumerate(("from", "to"))
        ),
        {},
        frozenset({"between", "from", "to"}),
        listed=True,
    ),
    Form(
        "ties",
        "Tie",
        (
            Column(
                Head("tie", "What sort of tie.", ("patron", "alliance", "rivalry", "restraint"), wide=12), (), own=True
            ),
            Column(Head("from", "The actor from which it goes.", refers="actors"), ("from",), own=True),
            Column(Head("to", "The actor to which it goes.", refers="actors"), ("to",), own=True),
        ),
        {},
        frozenset({"from", "to"}),
        listed=True,
    ),
    Form("parameters", "Parameter", _named(_NAME, wide=26), {}),
    Form("questions", "Question", _named("Its name: small letters, digits, _ and -.", wide=30), {}),
)
_REFERS = {("actors", "patron"): "actors"}
_LAST = ("about", "evidence")
_WIDE = {"about": 60, "evidence": 44, "ask": 50, "when": 44, "prior": 34, "name": 24, "title": 34, "aliases": 30}


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a table as the scenario has it: where its entry is, and what its cells say."""

    key: tuple[str, ...]
    path: Way
    cells: dict[str, str]
    file: str


def columns_of(form: Form, attributes: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of a table: from the language's own schema, so that a new key of it is a new column."""
    model = _schema()["$defs"][form.part]
    keys: dict[str, Any] = model.get("anyOf", [model])[-1]["properties"]
    found = list(form.own)
    if form.title == "routes":
        found.append(Column(Head(ONE_WAY, "true: open in this direction only.", ("true",), wide=9), (ONE_WAY,)))
    for key in [*(key for key in keys if key not in _LAST), *_LAST]:
        said = keys.get(key)
        if said is None or key in form.skips:
            continue
        if key in form.pairs:
            found += form.pairs[key]
        elif key == "attributes":
            found += [
                Column(
                    Head(ATTRIBUTE + name, "A fixed fact that expressions read.", wide=12),
                    ("attributes", name),
                    "value",
                )
                for name in attributes
            ]
        elif key == "evidence":
            about = "One line each: a paragraph of a source (`source#p3`) or assumption; behind `: ` what it says."
            found.append(Column(Head(key, about, wide=_WIDE[key]), (key,), "evidence"))
        elif (column := _column(form, key, said)) is not None:
            found.append(column)
    return tuple(found)


@cache
def _schema() -> dict[str, Any]:
    return json_schema()


def _column(form: Form, key: str, said: Mapping[str, Any]) -> Column | None:
    """The column of one key, None for what has no room in a cell."""
    options = [one for one in said.get("anyOf", [said]) if one.get("type") != "null"]
    kinds = {kind for one in options for kind in _kinds(one)}
    about = str(said.get("description", ""))
    head = Head(key, about, refers=_REFERS.get((form.title, key), ""), wide=_WIDE.get(key, 14))
    if options and all(one.get("type") == "array" and one.get("items", {}).get("type") == "string" for one in options):
        about += " Several are separated by a semicolon."
        return Column(Head(key, about, wide=head.wide), (key,), "list")
    if not kinds or not kinds <= {"string", "number", "integer", "boolean"}:
        return None
    choices = tuple(map(str, next((one["enum"] for one in options if "enum" in one), ())))
    return Column(
        Head(key, about, choices, head.refers, number=kinds <= {"number", "integer"}, wide=head.wide),
        (key,),
        "text" if kinds == {"string"} else "value",
    )


def _kinds(option: Mapping[str, Any]) -> list[str]:
    kind = option.get("type", "other")
    return kind if isinstance(kind, list) else [kind]


def entries(form: Form, manuscript: Manuscript, columns: tuple[Column, ...]) -> Iterator[Entry]:
    """The rows of a table as the scenario has them now."""
    for path, entry, tie in _parts(form, manuscript.source.data):
        cells = {column.head.name: _cell(column, entry) for column in columns if column.keys}
        if tie is not None:
            cells["tie"] = tie
        elif not form.listed:
            cells["id"] = str(path[-1])
        key = tuple(cells[column.head.name] for column in form.own)
        holder = manuscript.holder(path)
        yield Entry(key, path, cells, "" if holder is None else holder.shown)


def _parts(form: Form, data: Mapping[str, Any]) -> Iterator[tuple[Way, Any, str | None]]:
    section = data.get(form.title)
    if form.title == "ties":
        for tie, items in section.items() if isinstance(section, Mapping) else ():
            for number, item in enumerate(items) if isinstance(items, list) else ():
                yield ("ties", str(tie), number), item, str(tie)
    elif form.listed:
        for number, item in enumerate(section) if isinstance(section, list) else ():
            yield (form.title, number), _both_ways(item), None
    else:
        for name, entry in section.items() if isinstance(section, Mapping) else ():
            short = form.title == "parameters" and isinstance(entry, str)
            yield (form.title, str(name)), {"prior": entry} if short else entry, None


def _both_ways(route: Any) -> Any:
    """A route as a row shows it: also `from` and `to` are its two places, with a mark that it is open one way only."""
    if at(route, ("from",)) is None:
        return route
    return {**route, "between": [at(route, ("from",)), at(route, ("to",))], ONE_WAY: "true"}


def at(entry: Any, keys: Way) -> Any:
    """What an entry has at some keys, None where it has nothing."""
    for key in keys:
        if isinstance(entry, Mapping) and isinstance(key, str):
            entry = entry.get(key)
        elif isinstance(entry, list) and isinstance(key, int) and key < len(entry):
            entry = entry[key]
        else:
            return None
    return entry


def _cell(column: Column, entry: Any) -> str:
    value = at(entry, column.keys)
    if value is None:
        return ""
    if column.form == "evidence":
        lines = [line_of(piece) for piece in pieces_of(value)]
        return IN_THE_FILE if None in lines else "\n".join(filter(None, lines))
    if column.form == "list":
        items = value if isinstance(value, list) else [value]
        whole = all(isinstance(item, str) and ";" not in item for item in items)
        return visible("; ".join(items)) if whole else IN_THE_FILE
    return visible(str(value).strip()) if isinstance(value, str) else IN_THE_FILE


def pieces_of(value: Any) -> list[Any]:
    """The pieces of evidence of an entry."""
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def line_of(piece: Any) -> str | None:
    """A piece of evidence as one line: its locator, and what it says there; None for what is none."""
    if isinstance(piece, str):
        return " ".join(piece.split())
    locator, says = at(piece, ("from",)), at(piece, ("says",))
    if not isinstance(locator, str) or not isinstance(says, str | None):
        return None
    return " ".join(f"{locator}: {says}".split()) if says else str(locator)


def book_of(manuscript: Manuscript) -> Book:
    """The tables of a scenario as a book."""
    grids = {}
    for form in FORMS:
        columns = columns_of(form, attributes_in(form, manuscript.source.data))
        found = list(entries(form, manuscript, columns))
        told = Head(FILE, "The file in which it is written. For a new row: where it shall go.", fixed=True, wide=30)
        heads = (*(column.head for column in columns), told)
        rows = [[*(entry.cells[column.head.name] for column in columns), entry.file] for entry in found]
        used = [i for i, head in enumerate(heads) if _wanted(head, i, form, rows)]
        kept = [[row[i] for i in used] for row in rows]
        grids[form.title] = Grid(form.title, tuple(heads[i] for i in used), kept)
    facts = {"scenario": str(manuscript.path), "title": str(manuscript.source.data.get("title", ""))}
    return Book(guide_of(manuscript, grids), grids, facts, grids)


_RARELY = frozenset({"type", "answer", "date", "levels", "says", "from", "number", "first"})


def _wanted(head: Head, at_: int, form: Form, rows: list[list[str]]) -> bool:
    """Questions have many keys, of which most use few: those that nobody uses are left out."""
    return form.title != "questions" or head.name not in _RARELY or any(row[at_] for row in rows)


def attributes_in(form: Form, data: Mapping[str, Any]) -> tuple[str, ...]:
    """The attributes that the entries of a table have, in the order in which they come up."""
    found: dict[str, None] = {}
    for _, entry, _ in _parts(form, data):
        attributes = at(entry, ("attributes",))
        found |= dict.fromkeys(map(str, attributes)) if isinstance(attributes, Mapping) else {}
    return tuple(found)


def guide_of(manuscript: Manuscript, grids: Mapping[str, Grid]) -> list[str]:
    """What the first sheet says: what may be changed, and how it comes back."""
    data = manuscript.source.data
    return [
        str(data.get("title", "A scenario")),
        f"Made from {manuscript.shown} by: standoff sheet. When you are done: standoff merge THIS-FILE",
        "",
        "You may change any cell, add rows (at the end or between) and delete rows. Blank cells say nothing.",
        "Do not change the heads. 'file' says where an entry is written; for a new row it says where it shall go.",
        "An id is a name that rules use. A changed id is a row less and a row more: rename in the file instead.",
        "Write numbers with a point, dates as 2017-05-31, true or false. Formulas are refused: paste their values.",
        "A prior is a number, or a distribution such as lognormal(median=0.02, sigma=0.5) or uniform(1, 5).",
        "A new attribute of actors or places: a new column called attributes.NAME.",
        f"'{IN_THE_FILE}' stands for what has no room in a cell; change it in the file.",
        "Only cells that differ from what was written here are taken over; comments and order in the files stay.",
        "",
        *(f"{grid.title}: {len(grid.rows)} rows" for grid in grids.values()),
        "",
        *(
            f"{grid.title} · {head.name}: {head.about}"
            for grid in grids.values()
            for head in grid.heads
            if head.about and not head.name.startswith(ATTRIBUTE)
        ),
    ]
