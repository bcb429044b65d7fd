"""The outline of a file: its sections, and in them what each declares."""

from __future__ import annotations

import bisect

from lsprotocol.types import DocumentSymbol, SymbolKind

from standoff.editor.meaning import kind_of, short
from standoff.editor.page import Page
from standoff.editor.pointing import settled
from standoff.scenario import Index, Use

_KINDS = {
    "actor": SymbolKind.Class, "place": SymbolKind.Object, "state": SymbolKind.Variable,
    "parameter": SymbolKind.Constant, "rule": SymbolKind.Event, "define": SymbolKind.Function,
    "question": SymbolKind.Boolean, "kind": SymbolKind.Enum, "group": SymbolKind.Array,
}  # fmt: skip


def outline(page: Page, file: str, index: Index) -> list[DocumentSymbol]:
    """What a file declares, section by section; `file` is its name in messages."""
    declared = [use for use in index.uses if use.place.file == file and use.defines and len(use.path) == 2]
    there = [now for use in declared if (now := settled(page, use)) is not None]
    inside = sorted(there, key=lambda use: use.where)
    starts = [page.offset(use.place.line, use.place.column) for use in inside]
    ends = [*starts[1:], len(page.text)]
    found: dict[str, list[DocumentSymbol]] = {}
    for use, start, end in zip(inside, starts, ends, strict=True):
        found.setdefault(use.path[0], []).append(_symbol(page, use, index, start, _trimmed(page.text, start, end)))
    sections = []
    for section, children in found.items():
        first, last = children[0].range.start, children[-1].range.end
        whole = children[0].selection_range
        over = type(whole)(first, last)
        sections.append(DocumentSymbol(section, SymbolKind.Namespace, over, whole, children=children))
    return sections


def _symbol(page: Page, use: Use, index: Index, start: int, end: int) -> DocumentSymbol:
    kind = _KINDS.get(use.symbol.space, SymbolKind.Field)
    name = page.of(use.place, use.width)
    return DocumentSymbol(
        use.symbol.name, kind, page.range(start, max(end, start + use.width)), name,
        detail=short(index, use.symbol) or kind_of(use.symbol, index),
    )  # fmt: skip


def _trimmed(text: str, start: int, end: int) -> int:
    """The end of an entry, without the blank lines, the comments and the key of the section behind it."""
    lines = [0]
    kept = text[start:end]
    for line in kept.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    last = len(lines) - 1
    while last > 1:
        line = kept[lines[last - 1] : lines[last]]
        if line.strip() and line[0] in " -\t":
            break
        last -= 1
    return start + lines[bisect.bisect_left(lines, lines[last])]
