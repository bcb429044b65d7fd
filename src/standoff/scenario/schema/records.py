"""What was observed: dated events in the words of a rule's event, whose actors and places are names."""

from __future__ import annotations

import re
from typing import NamedTuple

from pydantic import Field, field_validator, model_validator

from standoff.scenario.reading.source import Words
from standoff.scenario.schema.entities import Titled
from standoff.scenario.schema.rules import PLOVER, EventText, like_plover
from standoff.scenario.schema.scalars import OneOrMoreNames, Text, When, Whole, fault, shown
from standoff.time import ends_at, iso

_MARK = r"(?:by|on|at|size)"
_WORD = r"[^\s()\[\],;:+*/<>=!]+"
_NAME = rf"{_WORD}(?:\s+(?!{_MARK}\s){_WORD})*"
_HEADER = re.compile(rf"(?P<type>[^\s(]+)(?:\s*\((?P<mode>[^()]*)\))?(?P<rest>(?:\s+{_MARK}\s+{_NAME})*)")
_PART = re.compile(rf"({_MARK})\s+({_NAME})")
_SIZE = re.compile(r"[0-9]+(\.[0-9]+)?")
EVENT_FORM = "TYPE (mode) by NAME on NAME at NAME size NUMBER, where each part but TYPE may be missing"


class Header(NamedTuple):
    """An observed event in its parts; who, whom and where are names that know their place in the file."""

    type: str
    mode: str | None
    source: Words | None
    target: Words | None
    place: Words | None
    size: float | None


class Observed(Titled):
    """An event that was observed, on a day or within some days."""

    at: When
    """The day on which it happened, or the first day on which it may have happened."""
    until: When | None = None
    """The last day on which it may have happened, where sources differ or only an interval is known."""
    event: EventText
    """What happened, in the form of a rule's event, with names (or aliases) of actors and places only."""
    times: Whole | None = Field(default=None, ge=1)
    """How many such events there were; by default 1."""
    holder: Text | None = None
    """Who holds the place of the event from then on (`none` for nobody), if it changed hands."""
    rule: OneOrMoreNames = ()
    """The rules that would produce this event in the model, for questions that name rules."""

    @property
    def header(self) -> Header:
        """The parts of `event`."""
        return _read(self.event)

    @property
    def last(self) -> When:
        """The last day on which it may have happened."""
        return self.at if self.until is None else self.until

    @field_validator("event")
    @classmethod
    def _in_form(cls, event: Words) -> Words:
        _read(event)
        return event

    @model_validator(mode="after")
    def _in_order(self) -> Observed:
        if self.until is not None and ends_at(self.until) < ends_at(self.at):
            hint = f"write at: {iso(self.until)}, until: {iso(self.at)}"
            raise fault("SD203", f"until {iso(self.until)} is before at {iso(self.at)}", hint=hint, key="until")
        if self.holder is not None and self.header.place is None:
            raise fault("SD202", "a new holder but no place", hint="add 'at PLACE' to the event")
        return self


def _read(event: Words) -> Header:
    match = _HEADER.fullmatch(event)
    if match is None:
        raise fault("SD210", f"{shown(event)} is not an observed event", expected=EVENT_FORM)
    if match["type"] not in PLOVER:
        hint, expected = like_plover(match["type"])
        raise fault("SD210", f"'{match['type']}' is not a type of event", expected=expected, hint=hint)
    parts: dict[str, Words] = {}
    for part in _PART.finditer(event, match.start("rest")):
        if part[1] in parts:
            raise fault("SD210", f"'{part[1]}' is given twice", expected=EVENT_FORM)
        parts[part[1]] = Words(part[2], event.place(part.start(2)))
    mode = " ".join((match["mode"] or "").split()) or None
    size = _size(parts["size"]) if "size" in parts else None
    return Header(match["type"], mode, parts.get("by"), parts.get("on"), parts.get("at"), size)


def written_header(header: Header) -> str:
    """An observed event as an author writes it."""
    parts = (("by", header.source), ("on", header.target), ("at", header.place))
    mode = f" ({header.mode})" if header.mode is not None else ""
    size = "" if header.size is None else f" size {repr(header.size).removesuffix('.0')}"
    return header.type + mode + "".join(f" {mark} {name}" for mark, name in parts if name is not None) + size


def _size(words: str) -> float:
    if _SIZE.fullmatch(words) is None:
        raise fault("SD210", f"the size '{words}' is not a number", expected=EVENT_FORM)
    return float(words)
