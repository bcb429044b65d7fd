"""The reviewing desk: which candidate is next, and what becomes of what is said about it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from standoff.drafting.candidates import KINDS, Candidate, Fields
from standoff.drafting.decisions import Decision, Standing, decided, not_undone
from standoff.drafting.drafts import Draft
from standoff.drafting.texts import Paragraph
from standoff.drafting.theatres import theatre
from standoff.errors import UsageError, suggestion
from standoff.time import parse_date

BULK = ("acronym", "state", "forces", "surname")
"""Joins that may be accepted all at once: those that the text itself, or the list of countries, speaks for."""

JOINS = "joins"
"""All of these ways at once."""
_OF_KIND = {"source": "actor", "target": "actor", "patron": "actor", "place": "place"}
"""Fields that hold another candidate, each with its kind."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review is: candidates open, decided and stale, and paragraphs of prose with nothing accepted."""

    open: int
    done: int
    stale: int
    bare: int
    paragraphs: int


class Desk:
    """A review of a draft: each decision is kept at once, in the log of its folder."""

    def __init__(self, made: Draft, *, kind: str | None = None) -> None:
        """Raises UsageError for a kind that there is not."""
        if kind is not None and kind not in KINDS:
            hint, expected = suggestion(kind, KINDS, what="kinds")
            raise UsageError(" ".join(part for part in (f"no kind '{kind}';", hint, expected) if part))
        self.made = made
        self._kind = kind
        self._passed: set[str] = set()
        texts = made.texts()
        self.paragraphs: dict[str, Paragraph] = {one.at: one for text in texts.values() for one in text.paragraphs}
        self.standings = made.standings()

    def next(self) -> Standing | None:
        """The next candidate that is open: stale ones first, then in the order of the desk; None when all is done."""
        waiting = (one for one in self.standings if one.state in ("open", "stale") and one.id not in self._passed)
        settled = self._settled()
        return next((one for one in waiting if self._kind in (None, one.kind) and one.id not in settled), None)

    def _settled(self) -> set[str]:
        """Open candidates that other decisions leave nothing to ask about, and that stay out of the scenario.

        They are other names of an actor that was rejected, and numbers of a contradiction that was accepted, which
        holds both.
        """
        rejected = {one.id for one in self.standings if one.kind == "actor" and one.state == "rejected"}
        clashes = (one for one in self.standings if one.kind == "conflict" and one.state == "accepted")
        held = {(at, value) for one in clashes if one.candidate for at in one.candidate.at
                for value in one.fields.get("values") or ()}  # fmt: skip
        return {
            one.id
            for one in self.standings
            if one.state == "open"
            and (
                (one.kind == "join" and one.fields["of"] in rejected)
                or (one.kind == "number" and one.candidate is not None
                    and any((at, one.fields["value"]) in held for at in one.candidate.at))
            )
        }  # fmt: skip

    def progress(self) -> Progress:
        """How far the review is, of all kinds."""
        settled = self._settled()
        states = [one.state for one in self.standings if one.id not in settled]
        used = {at for one in self.standings if one.state == "accepted" and one.candidate for at in one.candidate.at}
        prose = [one.at for one in self.paragraphs.values() if one.remark is None]
        bare = sum(at not in used for at in prose)
        return Progress(
            states.count("open"),
            sum(state not in ("open", "stale") for state in states),
            states.count("stale"),
            bare,
            len(prose),
        )

    def accept(self, one: Standing, *, when: str) -> None:
        """Takes a candidate as it is."""
        self._keep(decided("accept", _candidate(one), when=when))

    def reject(self, one: Standing, *, when: str) -> None:
        """Refuses a candidate, or lets a stale decision go."""
        if one.candidate is None and one.decision is not None:
            gone = one.decision
            self._keep(Decision(when, "reject", gone.id, gone.kind, gone.places, gone.fields))
        else:
            self._keep(decided("reject", _candidate(one), when=when))

    def later(self, one: Standing, *, when: str) -> None:
        """Puts a candidate off: it stays out of the scenario, and out of the way until it is asked for."""
        if one.candidate is None:
            self._passed.add(one.id)
        else:
            self._keep(decided("later", one.candidate, when=when))

    def edit(self, one: Standing, changes: Mapping[str, str], *, when: str) -> None:
        """Takes a candidate with other fields; raises UsageError for a field or a value that it cannot have."""
        changes = {name: self._named(name, value.strip()) for name, value in changes.items()}
        fields = edited(one.fields, changes)
        if "theatre" in changes and fields["theatre"] is not None:
            fields["theatre"] = self._resident(one.kind, str(fields["theatre"]))
        self._keep(decided("edit", _candidate(one), when=when, fields=fields))

    def _named(self, field: str, words: str) -> str:
        """What a value means: who and where may be said by name, or by another name that was found for them.

        Raises UsageError for a name that no candidate has.
        """
        kind = _OF_KIND.get(field)
        if kind is None or words in ("", "none"):
            return words
        found = {two.id: str(two.fields["name"]) for two in self.standings if two.kind == kind and two.candidate}
        named = {name.casefold(): id_ for id_, name in reversed(found.items())}
        joins = (two for two in self.standings if two.kind == "join" and two.fields["of"] in found)
        also = {str(two.fields["alias"]).casefold(): str(two.fields["of"]) for two in joins}
        target = words if words in found else {**also, **named}.get(words.casefold())
        if target is None:
            hint, _ = suggestion(words, list(found.values()), what=f"{kind}s")
            raise UsageError(f"there is no {kind} '{words}'" + (f"; {hint}" if hint else ""))
        return target

    def _resident(self, kind: str, words: str) -> str:
        """The key of the theatre's actor or place that a key or a name means; raises UsageError where there is none."""
        ground = theatre(str(self.made.theatre))
        residents = ground.actors if kind == "actor" else ground.places
        named = next((key for key, one in residents.items() if words.casefold() in map(str.casefold, one.names)), words)
        if named not in residents:
            hint, _ = suggestion(words, residents, what="names")
            raise UsageError(f"the theatre has no {kind} '{words}'" + (f"; {hint}" if hint else ""))
        return named

    def merge(self, one: Standing, into: str, *, when: str) -> None:
        """Says that a candidate is another one of its kind; raises UsageError where there is no such other."""
        candidate = _candidate(one)
        others = {two.id: two for two in self.made.candidates if two.kind == one.kind and two.id != one.id}
        named = [two.id for two in others.values() if str(two.fields.get("name", "")).casefold() == into.casefold()]
        target = into if into in others else named[0] if len(named) == 1 else None
        if target is None:
            names = [str(two.fields.get("name", two.id)) for two in others.values()]
            hint, _ = suggestion(into, names, what=f"{one.kind}s")
            raise UsageError(f"there is no other {one.kind} '{into}'" + (f"; {hint}" if hint else ""))
        self._keep(decided("merge", candidate, when=when, into=target))

    def accept_joins(self, how: str, *, when: str) -> int:
        """Accepts all open joins of one way, or of all such ways (`joins`); how many there were.

        Nothing else can be accepted together.
        """
        if how not in (*BULK, JOINS):
            raise UsageError(
                f"only joins can be accepted together, as {JOINS} or by {', '.join(BULK)}; each event, forecast or "
                "claim alone"
            )
        ways, settled = BULK if how == JOINS else (how,), self._settled()
        joins = (one for one in self.standings if one.kind == "join" and one.state == "open")
        waiting = [one for one in joins if one.fields["how"] in ways and one.id not in settled]
        for one in waiting:
            self.accept(one, when=when)
        return len(waiting)

    def undo(self, *, when: str) -> str | None:
        """Takes back the last decision that stands, of whatever sitting; on which candidate it was, or None."""
        last = next(reversed(not_undone(self.made.decisions())), None)
        if last is None:
            return None
        self.made.decide(Decision(when, "undo", last.id, last.kind, last.places, of=last.when))
        self.standings = self.made.standings()
        return last.id

    def find(self, words: str) -> Standing | None:
        """Goes to the first open candidate of which a field has these words, and passes over those before it."""
        for one in self.standings:
            text = json.dumps(one.fields, ensure_ascii=False).casefold() + " ".join(_at(one))
            if one.state in ("open", "stale", "later") and words.casefold() in text:
                before = self.standings[: self.standings.index(one)]
                self._passed |= {two.id for two in before}
                return one
        return None

    def _keep(self, decision: Decision) -> None:
        self.made.decide(decision)
        self.standings = self.made.standings()


def _at(one: Standing) -> Iterable[str]:
    return one.candidate.at if one.candidate is not None else ()


def _candidate(one: Standing) -> Candidate:
    if one.candidate is None:
        raise UsageError("its paragraph is gone or has changed: n lets the decision go, l leaves it")
    return one.candidate


def edited(fields: Fields, changes: Mapping[str, str]) -> Fields:
    """Fields with other values, each of the type that it had; raises UsageError for what cannot be."""
    found = dict(fields)
    for name, value in changes.items():
        if name not in fields:
            hint, expected = suggestion(name, fields, what="fields")
            raise UsageError(" ".join(part for part in (f"no field '{name}';", hint, expected) if part))
        found[name] = _value(name, value.strip(), fields[name])
    if "value" in changes and not {"least", "most"} & changes.keys() and "least" in found:
        found["least"] = found["most"] = None  # who says one number means no range
    if (found.get("least") is None) != (found.get("most") is None) or (found.get("least") or 0) > (
        found.get("most") or 0
    ):
        raise UsageError("a range has both ends, least and most, or neither; and least is not above most")
    low, high = found.get("low"), found.get("high")
    if low is not None and high is not None and not 0 <= low <= high <= 1:
        raise UsageError(f"a range from {low} to {high} is none of probabilities")
    if found.get("at") and found.get("until") and str(found["until"]) < str(found["at"]):
        raise UsageError(f"until {found['until']} is before at {found['at']}")
    return found


def _value(name: str, value: str, old: object) -> object:
    if value in ("", "none"):
        return None
    if name in ("at", "until") and not isinstance(old, list) and "," not in value:
        return parse_date(value).isoformat()
    if name == "at":
        parts = value.replace(",", " ").split()
        pair = [_number(name, part) for part in parts]
        if len(pair) != 2 or not (-90 <= pair[0] <= 90 and -180 <= pair[1] <= 180):
            raise UsageError("at is a latitude and a longitude in degrees, such as 33.5, 38.6")
        return pair
    if name in ("value", "low", "high", "size", "least", "most"):
        return _number(name, value)
    if name in ("others", "values", "of", "what", "standard"):
        raise UsageError(f"'{name}' is not changed by hand")
    if name == "type":
        from standoff.scenario import PLOVER

        if value not in PLOVER:
            hint, expected = suggestion(value, PLOVER, what="types")
            raise UsageError(" ".join(part for part in (f"'{value}' is not a type of event;", hint, expected) if part))
    return value


def _number(name: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = float("inf")
    if abs(number) == float("inf") or number != number:
        raise UsageError(f"{name} is a number, not '{value}'")
    return number
