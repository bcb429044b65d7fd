"""A parameter of which every entity has a value of its own: from `resolve: {of: actor, …}` to one for each of them.

What comes of it are plain parameters by the names `resolve[blue]`, `resolve[red]`, …; an author writes such a name to
give one of them another prior. So whatever knows of parameters knows of these, and `resolve[a]` in an expression reads
the one of `a`.
"""

from __future__ import annotations

from collections.abc import Mapping

from standoff.errors import Fault, Location, suggestion
from standoff.numerals import plural
from standoff.scenario.reading.source import Words
from standoff.scenario.schema.document import Document
from standoff.scenario.schema.entities import Entity, Parameter
from standoff.scenario.schema.scalars import MEMBER

MOST_MEMBERS = 1_000
"""The most entities that can have values of their own: each of these is drawn for each run."""
_LONGEST = 60
"""The most characters of a title."""


def member_of(name: str) -> tuple[str, str] | None:
    """The parameter and the entity in `resolve[blue]`; None for the name of a parameter with a single value."""
    match = MEMBER.fullmatch(name)
    return None if match is None else (match[1], match[2])


def spread(parameters: Mapping[str, object]) -> dict[str, list[str]]:
    """The entities that have values of their own, by the parameter, in the order of writing."""
    found: dict[str, list[str]] = {}
    for name in parameters:
        member = member_of(name)
        if member is not None:
            found.setdefault(member[0], []).append(member[1])
    return found


def whole_of(name: str) -> str:
    """The parameter of which this is one entity's value, `resolve` for `resolve[blue]`; else the name itself."""
    return (member_of(name) or (name,))[0]


def with_members(document: Document) -> tuple[Document, list[Fault]]:
    """The document in which each entity's value of a parameter is a parameter, and what is wrong with those."""
    parameters = document.parameters
    if not any(one.of is not None or member_of(name) for name, one in parameters.items()):
        return document, []
    spreading = _Spreading(document)
    return document.model_copy(update={"parameters": spreading.parameters()}), spreading.faults


class _Spreading:
    """One pass over the parameters of a document."""

    def __init__(self, document: Document) -> None:
        self.written = document.parameters
        self.kinds: dict[str, Mapping[str, Entity]] = {"actor": document.actors, "place": document.places}
        self.kinds |= {str(name): kind.members for name, kind in document.kinds.items()}
        self.own: dict[str, dict[str, str]] = {}
        for name in self.written:
            member = member_of(name)
            if member is not None:
                self.own.setdefault(member[0], {})[member[1]] = name
        self.faults: list[Fault] = []

    def parameters(self) -> dict[str, Parameter]:
        """All of them, those of a family where the first of them is written."""
        made: dict[str, Parameter] = {}
        done: set[str] = set()
        for name, one in self.written.items():
            family = (member_of(name) or (str(name),))[0]
            if family in done:
                continue
            head = self._head(family)
            if head is not None and self.written[head].of is None:
                if name == head:
                    made[name] = one
                else:
                    found = f"'{name}' is one of several, but '{head}' is a single number"
                    self._fault("SD203", name, found, hint=f"write {head}: {{of: actor, prior: …}}")
                continue
            done.add(family)
            made |= self._family(family, head)
        return made

    def _family(self, family: str, head: str | None) -> dict[str, Parameter]:
        own = self.own.get(family, {})
        kind = self._kind(family, head)
        if kind is None:
            return {}
        entities = self.kinds[kind]
        for entity, name in own.items():
            if entity not in entities:
                hint, expected = suggestion(entity, entities, what=plural(kind))
                self._fault("SD204", name, f"unknown {kind} '{entity}'", hint=hint, expected=expected)
            if self.written[name].of is not None:
                self._fault("SD203", name, f"'{name}' is one number", hint=f"of belongs to '{family}'")
        missing = [entity for entity in entities if entity not in own]
        if head is None and missing:
            found = f"'{family}' has no prior for {', '.join(missing[:5])}"
            hint = f"write {family}: {{of: {kind}, prior: …}} for all that have none of their own"
            self._fault("SD202", next(iter(own.values())), found, hint=hint)
            return {}
        if len(entities) > MOST_MEMBERS:
            found = f"'{family}' has a value for each of {len(entities):,} {plural(kind)}"
            hint = f"at most {MOST_MEMBERS:,} can have values of their own: make them a kind by themselves"
            self._fault("SD217", head or next(iter(own.values())), found, hint=hint)
            return {}
        base = self.written[head or next(iter(own.values()))]
        made: dict[str, Parameter] = {}
        for entity in entities:
            mine = own.get(entity)
            key = Words(f"{family}[{entity}]", _place(mine or head or ""))
            made[key] = self._member(family, base, kind, str(entity), None if mine is None else self.written[mine])
        for name, one in made.items():
            if one.unit is not None and one.unit != base.unit:
                self._fault("SD203", name, f"'{name}' is in {one.unit}, but '{family}' in {base.unit or 'no unit'}")
        return made

    def _kind(self, family: str, head: str | None) -> str | None:
        if head is None:
            entity, name = next(iter(self.own[family].items()))
            found = next((kind for kind, those in self.kinds.items() if entity in those), None)
            if found is None:
                known = [one for those in self.kinds.values() for one in those]
                hint, expected = suggestion(entity, known, what="entities")
                self._fault("SD204", name, f"unknown entity '{entity}'", hint=hint, expected=expected)
            return found
        of = self.written[head].of
        if of is not None and of not in self.kinds:
            hint, expected = suggestion(of, self.kinds, what="kinds")
            self._fault("SD204", of, f"unknown kind '{of}'", hint=hint, expected=expected)
            return None
        return None if of is None else str(of)

    def _member(self, family: str, base: Parameter, kind: str, entity: str, own: Parameter | None) -> Parameter:
        """What one entity has: what is written for it alone, else what is written for all."""
        one = base if own is None else own
        return one.model_copy(
            update={
                "of": None,
                "title": (own.title if own is not None else None) or self._title(family, base, kind, entity),
                "unit": one.unit or base.unit,
                "about": one.about or base.about,
                "evidence": one.evidence or base.evidence,
                "correlates": {**self._correlates(family, kind, entity), **(own.correlates if own is not None else {})},
            }
        )

    def _title(self, family: str, base: Parameter, kind: str, entity: str) -> Words | None:
        words = entity.replace("_", " ")
        named = self.kinds[kind][Words(entity)].name or words[:1].upper() + words[1:]
        head = base.title if base.of is not None else None
        title = f"{head or family.replace('_', ' ')} of {named}"
        return Words(title, plain=False) if len(title) <= _LONGEST else None

    def _correlates(self, family: str, kind: str, entity: str) -> dict[str, float]:
        """Whom a member follows by what is written for all: all later ones, its like in another family, or a number."""
        found: dict[str, float] = {}
        head = self._head(family)
        for other, rank in self.written[head].correlates.items() if head is not None else ():
            its = self._head(other)
            alike = its is not None and self.written[its].of == kind
            if other == family:
                later = list(self.kinds[kind])
                ends = [f"{family}[{one}]" for one in later[later.index(Words(entity)) + 1 :]]
            else:
                ends = [f"{other}[{entity}]" if alike else str(other)]
            found |= {Words(end, _place(other)): rank for end in ends}
        return found

    def _head(self, family: str) -> str | None:
        """The key of an entry as it is written, which knows its place."""
        return next((key for key in self.written if key == family), None)

    def _fault(self, code: str, at: str, found: str, *, hint: str | None = None, expected: str | None = None) -> None:
        self.faults.append(Fault(code, _place(at), found, expected, hint, width=max(1, len(at))))


def _place(word: str) -> Location | None:
    return word.location if isinstance(word, Words) else None
