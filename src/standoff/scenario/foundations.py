"""What everything in a scenario rests on: its evidence, piece by piece, with what was set in the light of later events.

This reads the document as its author wrote it, so that a word counts once, not as the rules and states it expands to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from standoff.scenario.schema import Evidence, Part, named_sections

if TYPE_CHECKING:
    from standoff.errors import Location
    from standoff.scenario.schema import Document

APART = ("claims", "mechanisms", "record")
"""What tests the model and moves no answer of it: here `hindsight` says nothing about the answers."""


@dataclass(frozen=True, slots=True)
class Support:
    """What one thing in a scenario rests on; `at` is the locator, or a word such as `assumption` or `elicited`.

    `says` is what the source says there, in the author's words; `where` is the place of the locator.
    """

    section: str
    name: str
    at: str
    says: str | None
    hindsight: bool
    contradicts: bool
    where: Location | None

    @property
    def of(self) -> str:
        """What rests on it, as `rules/advance`."""
        return f"{self.section}/{self.name}"

    @property
    def is_paragraph(self) -> bool:
        """Whether it points at a paragraph of a source."""
        return "#" in self.at


def supports(document: Document) -> tuple[Support, ...]:
    """All evidence in a scenario as its author wrote it, entry by entry."""
    return tuple(_support(section, name, piece) for section, name, part in _entries(document) for piece in _in(part))


def hindsight(document: Document) -> tuple[Support, ...]:
    """The evidence of whatever can move an answer and was set in the light of later events.

    Left out are injects that are off, which change nothing until they are switched on; what is recorded to have
    happened, which is later by nature; and claims, which test a model and are no part of it.
    """
    found: list[Support] = []
    for section, name, part in _entries(document):
        if section in APART or (section == "injects" and not getattr(part, "on", True)):
            continue
        recorded = {id(piece) for piece in _in(getattr(part, "recorded", None))}
        pieces = (piece for piece in _in(part) if piece.hindsight and id(piece) not in recorded)
        found += (_support(section, name, piece) for piece in pieces)
    return tuple(found)


def hindsight_by_section(document: Document) -> dict[str, tuple[str, ...]]:
    """The names of what `hindsight` lists, each once, by section."""
    names: dict[str, dict[str, None]] = {}
    for one in hindsight(document):
        names.setdefault(one.section, {})[one.name] = None
    return {section: tuple(of) for section, of in names.items()}


def _support(section: str, name: str, piece: Evidence) -> Support:
    says = None if piece.says is None else str(piece.says)
    at, later = piece.from_, bool(piece.hindsight)
    return Support(section, name, str(at), says, later, piece.contradicts, at.location)


def _entries(document: Document) -> Iterator[tuple[str, str, object]]:
    """Whatever can carry evidence, with its section and its name."""
    for section in named_sections("evidence"):
        for name, entry in getattr(document, section).items():
            yield section, str(name), entry
    for route in document.routes:
        yield "routes", (" → " if route.one_way else " - ").join(route.ends), route
    for kind in type(document.ties).model_fields:
        for tie in getattr(document.ties, kind):
            yield "ties", f"{kind} {tie.from_} - {tie.to}", tie


def _in(part: object) -> Iterator[Evidence]:
    """The evidence anywhere below a part of a document."""
    if isinstance(part, Evidence):
        yield part
        return
    below: Iterable[object] = ()
    if isinstance(part, Mapping):
        below = part.values()
    elif isinstance(part, Part):
        below = (getattr(part, name) for name in type(part).model_fields)
    elif isinstance(part, tuple | list):
        below = part
    for value in below:
        yield from _in(value)
