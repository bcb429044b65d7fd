"""What can be written at a place: keys, names of the right kind, levels, and the words of expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal, get_args, get_origin

from lsprotocol.types import CompletionItem, CompletionItemKind

from standoff.editor.meaning import short
from standoff.editor.place import Path, Place
from standoff.scenario import (
    FUNCTIONS,
    PLOVER,
    Document,
    Index,
    PriorKind,
    Symbol,
    Words,
    fields,
    forms_at,
    is_part,
    meanings_of_keys,
)

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*$")
_OF_STATE = re.compile(r"([a-z][a-z0-9_]*)\s*(?:\[[^\[\]]*\])?\s*(?:==|!=|(?<![<>=!+*-])=)\s*$")
_EVENT_MARKS = ("by", "on", "at", "size")
_ENTITIES: tuple[fields.Space, ...] = ("actor", "place", "member")
_VALUES: tuple[fields.Space, ...] = ("state", "parameter", "define", "made", *_ENTITIES)
_PRIORS = [word for word in get_args(PriorKind) if word != "fixed"]
_KINDS = {
    "state": CompletionItemKind.Variable, "made": CompletionItemKind.Variable, "parameter": CompletionItemKind.Constant,
    "define": CompletionItemKind.Function, "rule": CompletionItemKind.Event, "level": CompletionItemKind.EnumMember,
    "option": CompletionItemKind.EnumMember, "kind": CompletionItemKind.Class, "group": CompletionItemKind.Class,
    "attribute": CompletionItemKind.Field, "source": CompletionItemKind.Reference,
}  # fmt: skip


def completions(place: Place, index: Index | None) -> list[CompletionItem]:
    """All that can be written there, in the order in which it is declared."""
    path = place.path[2:] if place.path[:1] == ("variants",) and len(place.path) > 1 else place.path
    if place.key and index is not None and _open_bracket(place.before)[0] is not None:
        # A key such as `resolve[blue]`, or an expression where a key could be.
        return list(_expression(path, place.before, index))
    if place.key and not (path[-1:] == (0,) and _NAME.sub("", place.before)):
        return list(_keys(path, index))
    return list(_values(path, place.before, index))


# -- keys --------------------------------------------------------------------------------------------------------------


def _keys(path: Path, index: Index | None) -> Iterator[CompletionItem]:
    forms = forms_at(Document, path)
    for model in forms:
        if is_part(model):
            told = meanings_of_keys(model.__name__)
            for key in model.written_keys():
                yield CompletionItem(
                    key, kind=CompletionItemKind.Property, detail=_first_line(told.get(key, "")),
                    documentation=told.get(key), insert_text=f"{key}: ", sort_text=f"0{key}",
                )  # fmt: skip
    what = _held(path)
    if index is not None and path == ("begin",):
        yield from _names(index, ("state", "made"), after=": ")
    elif index is not None and path[:1] == ("begin",) and len(path) > 1:
        kinds = index.known.indices_of(str(path[1]))
        if len(path) - 2 < len(kinds):
            yield from _of_kind(index, kinds[len(path) - 2], after=": ")
            yield CompletionItem("every", kind=CompletionItemKind.Keyword, detail="all others", insert_text="every: ")
    elif index is not None and isinstance(what, fields.Refers):
        yield from _names(index, what.spaces, after=": ")
    # A dash may begin an item that is no mapping.
    if path and path[-1] == 0 and index is not None:
        yield from _values(path, "", index)


def _held(path: Path) -> fields.Refers | fields.Declares | fields.Written | None:
    """What the value at a path holds: names of something, an expression, or none of them."""
    keys = [part for part in path if isinstance(part, str)]
    while keys:
        at = max(number for number, part in enumerate(path) if part == keys[-1])
        for model in forms_at(Document, path[:at]):
            if is_part(model):
                for name, field in model.model_fields.items():
                    if keys[-1] in (name, field.alias):
                        return fields.held(model, name)
        if at + 1 < len(path) or not isinstance(path[-1], str):
            return None
        path, keys = path[:at], keys[:-1]
        if not path or not isinstance(path[-1], str):
            return None
    return None


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0]


# -- values ------------------------------------------------------------------------------------------------------------


def _values(path: Path, before: str, index: Index | None) -> Iterator[CompletionItem]:
    yield from _words(path)
    if index is None:
        return
    if path[-1:] == ("evidence",) or path[-2:-1] == ("evidence",):
        # The short form: the locator alone.
        yield from (_item(index, symbol, f"{symbol.name}#p") for symbol in index.known.spaces["source"].values())
    if path[-1:] == ("prior",) or (path[:1] == ("parameters",) and len(path) == 2):
        yield from (CompletionItem(word, kind=CompletionItemKind.Function, insert_text=f"{word}(") for word in _PRIORS)
    match _held(path):
        case fields.Refers(spaces=spaces, also=also):
            yield from _names(index, spaces)
            yield from _ties(index) if spaces == fields.CAUSES else ()
            yield from (CompletionItem(word, kind=CompletionItemKind.Keyword) for word in also)
            if {"option", "stance"} & {*spaces}:
                yield from _choices(path, index)
        case fields.Written(form="locator"):
            yield from (_item(index, symbol, f"{symbol.name}#p") for symbol in index.known.spaces["source"].values())
        case fields.Written(form="event"):
            yield from _event(path, before, index)
        case fields.Written(form="variables" | "arguments"):
            yield from _domains(index)
        case fields.Written(form="decided"):
            yield from (*_variables(path, index), *_names(index, ("actor",)))
        case fields.Written(form="holds"):
            yield from _domains(index)
            yield CompletionItem("truth", kind=CompletionItemKind.Keyword, detail="true or false")
        case fields.Written(form="begin"):
            yield from _compared(str(path[1]), index) if len(path) > 1 else ()
        case fields.Written():
            yield from _expression(path, before, index)


def _words(path: Path) -> Iterator[CompletionItem]:
    """The words that the language itself has for a value."""
    for form in forms_at(Document, path):
        if get_origin(form) is Literal:
            yield from (CompletionItem(str(word), kind=CompletionItemKind.Value) for word in get_args(form))
        elif form is bool:
            yield from (CompletionItem(word, kind=CompletionItemKind.Value) for word in ("true", "false"))
        elif form is date:
            yield CompletionItem("2017-05-31", kind=CompletionItemKind.Value, detail="a date")


def _event(path: Path, before: str, index: Index) -> Iterator[CompletionItem]:
    words = _NAME.sub("", before).split()
    if not words:
        yield from (CompletionItem(word, kind=CompletionItemKind.EnumMember) for word in PLOVER)
    elif words[-1] in ("by", "on"):
        yield from (*_variables(path, index), *_names(index, ("actor", "member")))
    elif words[-1] == "at":
        yield from (*_variables(path, index), *_names(index, ("place",)))
    elif words[-1] == "size":
        yield from _expression(path, "", index)
    else:
        yield from (CompletionItem(word, kind=CompletionItemKind.Keyword) for word in _EVENT_MARKS)


def _expression(path: Path, before: str, index: Index) -> Iterator[CompletionItem]:
    text = _NAME.sub("", before)
    if text.endswith("."):
        yield from _attributes(path, text[:-1], index)
        return
    bracket, inside = _open_bracket(text)
    if bracket == ("count", "(") and not inside.strip():
        yield from _names(index, ("rule", "decision", "order", "inject"))
        return
    kinds = () if bracket is None or _OF_STATE.search(inside) is not None else _kinds_inside(index, *bracket)
    if kinds or (bracket is not None and bracket[0] and bracket[1] == "["):
        position = _commas(inside)
        if position < len(kinds):
            yield from _variables(path, index, kinds[position])
            yield from _of_kind(index, kinds[position])
        return
    compared = _OF_STATE.search(text)
    if compared is not None:
        found = list(_compared(compared[1], index))
        yield from found
        if found:
            return
    if re.search(r"\bfor\s+\w+\s+in\s+$", text):
        yield from _domains(index)
        return
    if re.search(r"\bin\s+$", text):
        yield from _names(index, ("group", "zone", "define"))
        return
    yield from _variables(path, index)
    yield from _names(index, _VALUES)
    yield from _levels(index)
    yield from (CompletionItem(word, kind=CompletionItemKind.Function, sort_text=f"9{word}") for word in FUNCTIONS)


def _open_bracket(text: str) -> tuple[tuple[str, str] | None, str]:
    """The name before the innermost bracket that is open at the end, with the bracket, and what stands in it."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        if text[at] in ")]":
            depth += 1
        elif text[at] in "([":
            if depth == 0:
                name = _NAME.search(text[:at].rstrip())
                return (name[0] if name else "", text[at]), text[at + 1 :]
            depth -= 1
    return None, text


def _commas(text: str) -> int:
    """The commas outside of all brackets."""
    depth, found = 0, 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        found += letter == "," and depth == 0
    return found


def _kinds_inside(index: Index, name: str, bracket: str) -> tuple[str, ...]:
    """The kinds of the entities in the brackets behind a name, one after the other; none for what takes others."""
    if bracket == "[":
        parameter = index.document.parameters.get(Words(name))
        alone = () if parameter is None or parameter.of is None else (str(parameter.of),)
        return index.known.indices_of(name) or alone
    define, relation = index.expanded.define.get(Words(name)), index.document.relations.get(Words(name))
    if define is not None:
        return tuple(map(str, define.of.values()))
    if relation is not None:
        return (str(relation.of[0]),)
    return {"road": ("place",), "distance": ("place",) * 2, "road_km": ("place",) * 2}.get(name, ())


def _compared(state: str, index: Index) -> Iterator[CompletionItem]:
    """What a state can be."""
    held = index.known.held_by_state(state)
    if held is not None and held[0] == "":
        yield from (_item(index, symbol) for symbol in index.known.levels.get(state, {}).values())
    elif held is not None:
        yield from _of_kind(index, held[0])
        yield CompletionItem("none", kind=CompletionItemKind.Keyword, detail="nobody, nothing")
    elif state in index.expanded.state and index.expanded.state[state].is_ == "truth":
        yield from (CompletionItem(word, kind=CompletionItemKind.Value) for word in ("true", "false"))


def _attributes(path: Path, before: str, index: Index) -> Iterator[CompletionItem]:
    name = _NAME.search(before)
    word = name[0] if name else ""
    kind = index.known.kinds.get(word) or dict(_kinds_of_variables(path, index)).get(word)
    for of, attributes in index.known.attributes.items():
        if kind in (None, of):
            yield from (_item(index, Symbol("attribute", attribute, of)) for attribute in attributes)


# -- names -------------------------------------------------------------------------------------------------------------


def _names(index: Index, spaces: Iterable[fields.Space], *, after: str = "") -> Iterator[CompletionItem]:
    for space in spaces:
        for symbol in index.known.spaces.get(space, {}).values():
            yield _item(index, symbol, symbol.name + after)


def _ties(index: Index) -> Iterator[CompletionItem]:
    """The ties at the start, as claims name them."""
    for state, begin in index.expanded.begin.items():
        origin = index.known.origin("state", str(state))
        if origin is not None and origin.word == "tie":
            ties = (f"{state}[{source}, {target}]" for source, targets in begin.items() for target in targets)
            yield from (CompletionItem(tie, kind=CompletionItemKind.Value, detail="a tie") for tie in ties)


def _of_kind(index: Index, kind: str, *, after: str = "") -> Iterator[CompletionItem]:
    for name, of in index.known.kinds.items():
        symbol = index.known.find(name, *_ENTITIES)
        if of == kind and symbol is not None:
            yield _item(index, symbol, symbol.name + after)


def _domains(index: Index) -> Iterator[CompletionItem]:
    yield from (CompletionItem(kind, kind=CompletionItemKind.Class, detail="a kind") for kind in ("actor", "place"))
    yield from _names(index, ("kind", "group"))
    yield CompletionItem("road", kind=CompletionItemKind.Function, detail="the neighbours by road", insert_text="road(")
    for symbol in index.known.spaces.get("relation", {}).values():
        yield _item(index, symbol, f"{symbol.name}(")


def _levels(index: Index) -> Iterator[CompletionItem]:
    given = (symbol for levels in index.known.levels.values() for symbol in levels.values())
    yield from (_item(index, symbol) for symbol in dict.fromkeys(given))


def _choices(path: Path, index: Index) -> Iterator[CompletionItem]:
    """The options of the decision, or the stances of the actor, within which the place is."""
    keys = [str(part) for part in path]
    document = index.document
    if keys[0] == "stances":
        yield from _compared(index.known.posture(keys[1]) or "", index)
    decision = keys[1] if keys[0] == "decisions" else keys[3] if keys[0] == "policies" and len(keys) > 3 else ""
    for option in document.decisions[decision].options if decision in document.decisions else ():
        yield _item(index, Symbol("option", str(option), f"decisions.{decision}"))
    if keys[0] == "policies" and keys[2:3] == ["stance"] and keys[1] in document.policies:
        yield from _compared(index.known.posture(document.policies[keys[1]].of) or "", index)


def _kinds_of_variables(path: Path, index: Index) -> Iterator[tuple[str, str | None]]:
    owner = [str(part) for part in path[:2]]
    # As it is written: an entry that is not finished has variables too.
    here: Any = index.source.data
    for part in path[:2]:
        here = here.get(part) if isinstance(here, dict) else None
    entry = here if isinstance(here, dict) else {}
    domains, arguments = entry.get("for"), entry.get("of") if path[:1] == ("define",) else None
    for name, domain in domains.items() if isinstance(domains, dict) else ():
        group = index.expanded.groups.get(domain)
        relation = index.document.relations.get(Words(str(domain).partition("(")[0]))
        kind = str(group.of) if group is not None else str(relation.of[1]) if relation is not None else None
        yield str(name), kind or ("place" if str(domain).startswith("road(") else str(domain))
    yield from ((str(name), str(kind)) for name, kind in arguments.items()) if isinstance(arguments, dict) else ()
    if path[:1] == ("red_lines",) and "response" in path:
        yield from (("intruder", "actor"), ("spot", "place"))
    # Local values; variables of a sum have their place in their owner, and are seen in it alone.
    for use in index.uses:
        if use.symbol.space == "variable" and " " not in use.symbol.owner and use.symbol.owner.split(".")[:2] == owner:
            yield use.symbol.name, None


def _variables(path: Path, index: Index, kind: str | None = None) -> Iterator[CompletionItem]:
    """The variables that can be seen at a place; with `kind`, those of that kind and those of none that is known."""
    seen: dict[str, str | None] = {}
    for name, of in _kinds_of_variables(path, index):
        seen.setdefault(name, of)
    for name, of in seen.items():
        if kind is None or of in (None, kind):
            detail = f"a variable: {of}" if of else "a local value"
            yield CompletionItem(name, kind=CompletionItemKind.Variable, detail=detail, sort_text=f"0{name}")


def _item(index: Index, symbol: Symbol, text: str | None = None) -> CompletionItem:
    kind = _KINDS.get(symbol.space, CompletionItemKind.Value)
    return CompletionItem(symbol.name, kind=kind, detail=short(index, symbol), insert_text=text or symbol.name)
