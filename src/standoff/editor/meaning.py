"""What a name is, for readers: in a line, and in full with its evidence, its unit and its value at the start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from standoff.scenario import Index, Part, Symbol, Use, made_by, shortened

LONGEST_MADE = 60
"""Lines of what a word makes that are shown where the pointer rests."""
_SHOWN_STARTS = 12

_TOLD = {
    "state": ("of", "is", "unit", "at_least", "at_most", "half_life"),
    "parameter": ("of", "prior", "unit", "at_least", "at_most"),
    "define": ("of", "is", "unit"), "rule": ("for", "when", "rate", "at"), "question": ("ask", "at", "by", "forecast"),
    "group": ("of", "members"), "relation": ("of",), "zone": ("holder", "centre", "radius", "places"),
    "red line": ("of", "threshold"), "corridor": ("from", "to"), "decision": ("of", "comes"), "deal": ("parties",),
    "claim": ("says", "expect"), "source": ("title", "publisher", "date"), "actor": ("kind", "patron"),
    "place": ("kind", "at"), "inject": ("at", "between", "chance"), "policy": ("of",), "lever": ("of", "parameter"),
    "order": ("of", "for", "every"), "seat": ("plays",), "watch": ("of", "unit"), "record": ("at", "event"),
    "flow": ("into", "rate", "when", "unit"),
}  # fmt: skip
_MADE = {"rules": "rule", "define": "define", "parameters": "parameter", "groups": "group", "kinds": "kind"}


def entry_of(index: Index, use: Use) -> Any:
    """The part of the document that declares a name; None for what has no entry of its own."""
    here: Any = index.document
    for key in use.path:
        if isinstance(here, Part):
            here = getattr(here, key, getattr(here, f"{key}_", None))
        elif isinstance(here, Mapping):
            here = here.get(key)
        elif isinstance(here, tuple) and key.isdigit() and int(key) < len(here):
            here = here[int(key)]
        else:
            return None
    return here


def kind_of(symbol: Symbol, index: Index) -> str:
    """The word for what a name is the name of."""
    if symbol.space == "member":
        return symbol.owner
    if symbol.space == "attribute":
        return f"attribute of {symbol.owner}s"
    if symbol.space == "made":
        if symbol.name in index.expanded.state:
            return "state"
        return next((what for one, what in _MADE.items() if symbol.name in getattr(index.expanded, one)), "name")
    return symbol.space


def short(index: Index, symbol: Symbol) -> str:
    """What a name is, in a line."""
    told = f"{kind_of(symbol, index)}"
    for use in index.declared(symbol):
        entry = entry_of(index, use)
        text = getattr(entry, "name", None) or getattr(entry, "title", None) or getattr(entry, "about", None)
        if text is not None:
            return f"{told}: {shortened(str(text))}"
    return told


def in_full(index: Index, symbol: Symbol) -> str:
    """What a name is, as Markdown whose texts are only text."""
    lines = [f"**{symbol.name}** — {kind_of(symbol, index)}"]
    declared = list(index.declared(symbol))
    if symbol.space in ("level", "option"):
        lines.append(_levels(index, symbol))
    for use in declared[:1]:
        entry = entry_of(index, use)
        if symbol.space == "made":
            sections = (getattr(index.expanded, section) for section in ("state", *_MADE))
            entry = next((section[symbol.name] for section in sections if symbol.name in section), None)
            lines.append(f"made by the word at {plain(str(use.place))}")
        if isinstance(entry, Part):
            lines += _of_entry(symbol, entry)
    if symbol.space in ("state", "made"):
        lines += _starts(index, symbol.name)
    if symbol.space == "actor" and symbol.name in index.document.stances:
        lines.append("stances: " + plain(", ".join(index.document.stances[symbol.name].options)))
    made = made_by(index, symbol)
    if made is not None:
        every = made.splitlines()
        if len(every) > LONGEST_MADE:
            every[LONGEST_MADE:] = [f"# … and {len(every) - LONGEST_MADE} lines more"]
        lines.append("In plain state and rules:\n\n" + fenced("\n".join(every)))
    return "\n\n".join(line for line in lines if line)


def plain(text: str) -> str:
    """A text as Markdown that shows these very letters: nothing in it is a link, a picture or HTML."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>()#+-.!|~&" else letter for letter in text)


def fenced(text: str) -> str:
    """YAML as a block of code that nothing in it can close."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}yaml\n{text}\n{fence}"


def _of_entry(symbol: Symbol, entry: Part) -> Iterator[str]:
    for key in ("name", "title", "about"):
        text = getattr(entry, key, None)
        if text is not None and not (key == "title" and symbol.space == "source"):
            yield plain(" ".join(str(text).split()))
    written = entry.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
    told = [f"{key}: {plain(_value(written[key]))}" for key in _TOLD.get(symbol.space, ()) if key in written]
    if told:
        yield "  \n".join(told)
    attributes = written.get("attributes")
    if attributes:
        yield plain(_value(attributes))
    yield from _evidence(getattr(entry, "evidence", ()))


def _evidence(evidence: Iterable[Any]) -> Iterator[str]:
    lines = []
    for one in evidence:
        says = f": {plain(' '.join(str(one.says).split()))}" if one.says is not None else ""
        against = " (contradicts)" if one.contradicts else ""
        lines.append(f"- {plain(str(one.from_))}{against}{says}")
    if lines:
        yield "evidence:\n" + "\n".join(lines)


def _starts(index: Index, state: str) -> Iterator[str]:
    begin = index.expanded.begin.get(state)
    if begin is None:
        yield "starts at nothing written: 0, none, false or its first level"
    elif not isinstance(begin, Mapping):
        yield f"starts at {plain(str(begin))}"
    else:
        shown = [f"{name}: {_value(value)}" for name, value in list(begin.items())[:_SHOWN_STARTS]]
        more = f", … ({len(begin)} in all)" if len(begin) > _SHOWN_STARTS else ""
        yield f"starts at {plain(', '.join(shown))}{plain(more)}"


def _levels(index: Index, symbol: Symbol) -> str:
    for state, levels in index.known.levels.items():
        if symbol in levels.values():
            return f"of {plain(state)}: {plain(', '.join(levels))}"
    return ""


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_value(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    return " ".join(str(value).split())
