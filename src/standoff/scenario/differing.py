"""What differs between two scenarios, entry by entry and key by key: by what they say, not by their lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from standoff.numerals import many, plural
from standoff.scenario.expression.written import alike
from standoff.scenario.index.symbols import SECTIONS
from standoff.scenario.origin import origin_of
from standoff.scenario.reading.text import Words
from standoff.scenario.schema import Document, Parameter, Part
from standoff.scenario.schema.members import member_of

_ONE_OF = {
    "routes": "route", "flows": "flow", "stances": "stance", "goals": "goal", "mechanisms": "mechanism", "ties": "tie",
    "leaves_out": "thing left out",
    "begin": "start", "sees": "sight", "notes": "note", "key_questions": "key question", "turns": "turn",
}  # fmt: skip
"""What one thing of a section is called, where its names are declared elsewhere or it has none."""
_SEVERAL = {"watch": "watches"}

How = Literal["added", "removed", "changed", "moved"]
NOT_COMPARED = ("include", "theatre")
"""How a scenario is put together from files; what they hold is compared."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: in which section, of which entry, at which keys within it, and where that stands.

    `was` and `now` are what is written there, `was_at` and `now_at` the lines in the files; None where there is none.
    """

    how: How
    section: str
    name: str
    key: str
    was: str | None = None
    now: str | None = None
    was_at: str | None = None
    now_at: str | None = None

    @property
    def what(self) -> str:
        """The word for what it is: `rule`, `actor`, `title`."""
        return SECTIONS.get(self.section) or _ONE_OF.get(self.section, self.section.replace("_", " "))

    def __str__(self) -> str:
        named = f"{self.what} {self.name}".rstrip()
        key = f": {self.key}" if self.key else ""
        where = " -> ".join(place for place in (self.was_at, self.now_at) if place)
        values = {"added": self.now, "removed": self.was, "changed": f"{self.was} -> {self.now}", "moved": ""}[self.how]
        told = f"{self.how} {named}{key}" + (f"  {values}" if values else "")
        return told + (f"  ({where})" if where else "")


def rewriting(document: Document, made: Document, rules: Iterable[str]) -> frozenset[str]:
    """The variants of a scenario that rewrite one of these rules of `made`, its expansion, or the word that made it."""
    sections: dict[str, str] = {word: section for section, word in SECTIONS.items()}
    wanted = {str(rule) for rule in rules}
    origins = {str(name): origin_of(name) for name in made.rules if str(name) in wanted}
    entries = {
        ("rules", rule) if origin is None else (sections.get(origin.word, ""), origin.name)
        for rule, origin in origins.items()
    }
    variants = document.variants.items()
    return frozenset(str(name) for name, part in variants if any(at in (part.get(of) or ()) for of, at in entries))


def differences(one: Document, other: Document) -> tuple[Change, ...]:
    """What the second document says otherwise than the first, in the order of the language."""
    found: list[Change] = []
    for field, info in Document.model_fields.items():
        if field in NOT_COMPARED:
            continue
        section = info.alias or field
        was, now = getattr(one, field), getattr(other, field)
        if section == "parameters":
            found += _together(_entries(section, _as_written(was), _as_written(now)))
        elif isinstance(was, dict) and isinstance(now, dict):
            found += _entries(section, was, now)
        else:
            found += _below(section, "", (), was, now, None, None)
    return tuple(found)


def _as_written(parameters: Mapping[str, Parameter]) -> dict[str, Parameter]:
    """Parameters without the titles that their author did not write, which stand nowhere in the files."""
    return {
        name: one if one.title is None or _place(one.title) else one.model_copy(update={"title": None})
        for name, one in parameters.items()
    }


def _together(changes: Iterable[Change]) -> list[Change]:
    """The changes, those of several entities' values of one parameter told once, as `resolve[blue, red]`."""
    told: dict[object, list[Change]] = {}
    for change in changes:
        member = member_of(change.name)
        same = (change.name,) if member is None else (member[0], replace(change, name=""))
        told.setdefault((*same, change.key, change.how), []).append(change)
    return [
        several[0] if len(several) == 1 else replace(several[0], name=_several([one.name for one in several]))
        for several in told.values()
    ]


def _several(names: Iterable[str]) -> str:
    members = [member for name in names if (member := member_of(name)) is not None]
    return f"{members[0][0]}[{', '.join(entity for _, entity in members)}]"


def summary(changes: tuple[Change, ...]) -> str:
    """How many things of each sort differ, in one sentence."""
    if not changes:
        return "They say the same."
    things = {(change.how if not change.key else "changed", change.what, change.name) for change in changes}
    counts = Counter((what, how) for how, what, name in things)
    parts = [
        f"{many(number, what, _SEVERAL.get(what) or plural(what))} {how}"
        for (what, how), number in sorted(counts.items())
    ]
    return f"{many(len(things), 'thing')} {'differs' if len(things) == 1 else 'differ'}: {', '.join(parts)}."


def _entries(section: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    for name, entry in was.items():
        if name not in now:
            yield Change("removed", section, str(name), "", _shown(entry), None, _place(name), None)
    keys = {key: key for key in now}
    for name, entry in was.items():
        if name in now:
            yield from _below(section, str(name), (), entry, now[name], _place(name), _place(keys[name]))
    for name, entry in now.items():
        if name not in was:
            yield Change("added", section, str(name), "", None, _shown(entry), None, _place(name))
    both = [name for name in was if name in now], [name for name in now if name in was]
    # Triggers act in the order of writing.
    if section == "rules" and both[0] != both[1]:
        first = next(theirs for ours, theirs in zip(*both, strict=True) if ours != theirs)
        yield Change("moved", section, str(first), "", now_at=_place(keys[first]))


def _below(
    section: str, name: str, path: tuple[str, ...], was: Any, now: Any, was_at: str | None, now_at: str | None
) -> Iterator[Change]:
    """What differs within two values at the same keys."""
    was_at, now_at = _place(was) or was_at, _place(now) or now_at
    if isinstance(was, Part) and isinstance(now, Part) and type(was) is type(now):
        for field, info in type(was).model_fields.items():
            key = info.alias or field
            yield from _below(section, name, (*path, key), was.__dict__[field], now.__dict__[field], was_at, now_at)
    elif isinstance(was, dict) and isinstance(now, dict):
        own, keys = {key: key for key in was}, {key: key for key in now}
        for key in dict.fromkeys((*was, *now)):
            places = _place(own.get(key)) or was_at, _place(keys.get(key)) or now_at
            yield from _below(section, name, (*path, str(key)), was.get(key), now.get(key), *places)
    elif isinstance(was, tuple) and isinstance(now, tuple) and len(was) == len(now):
        for number, (ours, theirs) in enumerate(zip(was, now, strict=True), start=1):
            yield from _below(section, name, (*path, str(number)), ours, theirs, was_at, now_at)
    elif not _same(was, now):
        empty: tuple[object, ...] = (None, (), {})
        how: How = "added" if was in empty else "removed" if now in empty else "changed"
        yield Change(
            how, section, name, ".".join(path), None if how == "added" else _shown(was),
            None if how == "removed" else _shown(now), None if how == "added" else was_at,
            None if how == "removed" else now_at,
        )  # fmt: skip


def _same(was: Any, now: Any) -> bool:
    if isinstance(was, str) and isinstance(now, str):
        return str(was) == str(now) or alike(was, now)
    return bool(was == now)


def _place(word: object) -> str | None:
    place = word.location if isinstance(word, Words) else None
    return f"{place.file}:{place.line}" if place is not None else None


def _shown(value: Any) -> str:
    """What is written, on one line."""
    match value:
        case Part():
            written = value.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)
            return _shown(written)
        case dict():
            return "{" + ", ".join(f"{key}: {_shown(item)}" for key, item in value.items()) + "}"
        case tuple() | list():
            return "[" + ", ".join(map(_shown, value)) + "]"
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.15g}"
    return " ".join(str(value).split())
