"""Another name for something, wherever it is meant: in the author's words and in the names that words make of it.

Nothing is replaced that was not found through the trees of expressions and the keys of the language, and the files are
read again as they would be: a name that would change what another means is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from standoff.errors import Faults, Location, UsageError, article
from standoff.scenario.index.symbols import MADE, Symbol, place_of
from standoff.scenario.index.table import Index, files_of, index_of
from standoff.scenario.preparing import read_faults
from standoff.scenario.reading.source import read
from standoff.scenario.schema import RESERVED, Document
from standoff.scenario.schema.scalars import LABEL, MARK, NAME

_LABELLED = ("source", "question", "claim", "watch", "variant")
_MARKED = ("record", "mechanism")
_MOST_ROUNDS = 4
"""How often made names can be made of made names."""

Where = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Edit:
    """A name that is replaced: where it stands, how long it was, and what stands there then."""

    place: Location
    width: int
    text: str


def renamed(found: Index, wanted: Mapping[Symbol, str]) -> tuple[Edit, ...]:
    """The edits that give things other names; raises UsageError where that cannot be done or would mean another.

    The files are those that the index was made of, with what was not saved.
    """
    for symbol, name in wanted.items():
        _refuse_form(found, symbol, name)
    if found.unread:
        raise UsageError(f"mend {found.unread[0]} first: names in what is no expression cannot be told")
    if found.lost:
        raise UsageError(f"mend {found.lost[0]} first: what cannot be read may mean the name as well")
    names = dict(wanted)
    for _ in range(_MOST_ROUNDS):
        edits = tuple(Edit(use.place, use.width, names[use.symbol]) for use in found.uses if use.symbol in names)
        after = _again(found, edits)
        more = _made(found, after, edits)
        if all(names.get(made) == new for made, new in more.items()):
            break
        names |= more
    _refuse_others(found, edits, names)
    _refuse_change(found, after, edits, names)
    return edits


def applied(text: str, edits: Iterable[Edit], file: str) -> str:
    """A file's text after some edits; `file` is its name in messages."""
    lines = re.split("(\r\n|[\n\r\u0085\u2028\u2029])", text)
    mine = [edit for edit in edits if edit.place.file == file]
    for edit in sorted(mine, key=lambda one: one.place.column, reverse=True):
        at, start = 2 * (edit.place.line - 1), edit.place.column - 1
        lines[at] = lines[at][:start] + edit.text + lines[at][start + edit.width :]
    return "".join(lines)


def _again(found: Index, edits: tuple[Edit, ...]) -> Index:
    """The index of the files as they would be; raises UsageError where they could not be read."""
    try:
        after = index_of(read(Path(found.source.files[0].path), found.source.file, texts=_texts(found, edits)))
    except Faults as error:
        raise UsageError(f"{error.faults[0].location}: {error.faults[0].found}") from None
    if after is None:
        raise UsageError("that would leave a scenario that cannot be read")
    return after


def _texts(found: Index, edits: tuple[Edit, ...]) -> dict[str, bytes]:
    texts = dict(found.source.texts)
    for shown, path in files_of(found.source).items():
        content = texts.get(str(path))
        if content is not None and any(edit.place.file == shown for edit in edits):
            mark = content[:3] if content[:3] == b"\xef\xbb\xbf" else b""
            texts[str(path)] = mark + applied(content[len(mark) :].decode("utf-8"), edits, shown).encode("utf-8")
    return texts


def _made(before: Index, after: Index, edits: tuple[Edit, ...]) -> dict[Symbol, str]:
    """What words make of the new name, by what they made of the old one: what stands at the same word, in its order."""
    moved = _Moved(edits)
    then = _at_words(after.expanded, moved=None)
    found = {}
    for section, names in _at_words(before.expanded, moved).items():
        for old, new in zip(names, then.get(section, ()), strict=False):
            symbol = before.known.find(old, "made")
            if symbol is not None and old != new:
                found[symbol] = new
    return found


def _at_words(expanded: Document, moved: _Moved | None) -> dict[tuple[str, Where], list[str]]:
    at: dict[tuple[str, Where], list[str]] = {}
    for section in MADE:
        for name in getattr(expanded, section):
            place = place_of(name)
            if place is not None:
                where = (place.file, place.line, place.column)
                at.setdefault((section, where if moved is None else moved.to(where)), []).append(str(name))
    return at


class _Moved:
    """Where places are after some edits: what stands behind a longer name in its line moves on."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self.lines: dict[tuple[str, int], list[Edit]] = {}
        for edit in edits:
            self.lines.setdefault((edit.place.file, edit.place.line), []).append(edit)

    def to(self, where: Where) -> Where:
        file, line, column = where
        before = [edit for edit in self.lines.get((file, line), ()) if edit.place.column < column]
        return (file, line, column + sum(len(edit.text) - edit.width for edit in before))


def _refuse_form(found: Index, symbol: Symbol, name: str) -> None:
    if symbol.space == "made":
        raise UsageError(f"'{symbol.name}' is made by a word: rename that word")
    pattern = LABEL if symbol.space in _LABELLED else MARK if symbol.space in _MARKED else NAME
    if pattern.fullmatch(name) is None or len(name) > 80:
        raise UsageError(f"'{name}' is not a name: small letters, digits and _, beginning with a letter")
    if name in RESERVED:
        raise UsageError(f"'{name}' already means something in expressions")
    hidden = next((use for use in found.hidden if use.symbol == symbol), None)
    if hidden is not None:
        raise UsageError(f"'{symbol.name}' stands at {hidden.place} in another way of writing: write it plainly first")
    if symbol.space == "variable" and not symbol.owner:
        raise UsageError(f"'{symbol.name}' is a word of the language")


def _refuse_others(found: Index, edits: tuple[Edit, ...], names: Mapping[Symbol, str]) -> None:
    for edit in edits:
        if edit.place.file in found.source.shared:
            raise UsageError(f"it is also meant in {edit.place}, a theatre that other scenarios build on")
    hidden = next((use for use in found.hidden if use.symbol in names), None)
    if hidden is not None:
        raise UsageError(f"'{hidden.symbol.name}' stands at {hidden.place} in another way of writing: mend it first")


def _refuse_change(before: Index, after: Index, edits: tuple[Edit, ...], names: Mapping[Symbol, str]) -> None:
    """Refuses a name by which anything would mean something else, or that brings faults."""
    moved = _Moved(edits)
    then = {use.where: use for use in after.uses}
    now: dict[Symbol, Symbol] = {}
    for use in before.uses:
        same = then.get(moved.to(use.where))
        expected = names.get(use.symbol, use.symbol.name)
        if same is None or same.symbol.name != expected or now.setdefault(use.symbol, same.symbol) != same.symbol:
            found = _new_fault(before, after) or f"the '{use.symbol.name}' at {use.place} would mean something else"
            raise UsageError(found)
    if len(set(now.values())) < len(now) or len(then) != len(before.uses):
        taken = next((other for other, count in Counter(now.values()).items() if count > 1), None)
        what = article(taken.space) if taken is not None else "something else"
        raise UsageError(_new_fault(before, after) or f"that is already the name of {what}")
    fault = _new_fault(before, after)
    if fault is not None:
        raise UsageError(fault)


def _new_fault(before: Index, after: Index) -> str | None:
    """The first fault that there was not before."""
    known = Counter(fault.code for fault in read_faults(before.source))
    for fault in read_faults(after.source):
        known[fault.code] -= 1
        if known[fault.code] < 0:
            return f"{fault.code} {fault.location}: {fault.found}"
    return None
