"""Which word of the language made a rule, a state, a question or a series, and what part it plays in that word.

An author's own things have no origin. Everything that reads a scenario asks the origin, never the name: a name is the
author's to choose, and means nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from standoff.errors import Location
from standoff.scenario.reading.text import Words

Word = Literal[
    "zone", "flow", "red line", "tie", "corridor", "stance", "deal", "goal", "decision", "policy", "order", "inject",
    "question", "claim", "mechanism", "watch", "rule",
]  # fmt: skip
"""The words that expand into plain state and plain rules, as a rule does by `every` and `after`; and a watch that says
what it shows."""

Role = Literal[
    "acceptance",  # zone: the state
    "speed", "rate", "moves",  # flow: state, define, rule
    "breaches", "awaited answers", "weighed", "stage", "credibility",  # red line: states
    "weight",  # red line: state
    "preparation", "response", "is forgotten",  # red line: rules
    "strength", "deniability",  # tie: states
    "open", "reach", "is lost", "reaches", "opens", "closes",  # corridor: states, rules
    "posture", "change", "last", "ordered",  # stance: states, rules
    "in force", "gain", "struck", "ends",  # deal: state and series, rules (and a bargain's switch)
    "offered", "offer", "withdraw", "replies", "withdraws", "agreed",  # deal by offers: state, rules (with opens)
    "worth", "gained", "adds",  # goal: question, state, rule
    "chosen", "asked", "comes up", "option", "rests", "takes",  # decision: states, rules
    "under way", "order", "otherwise", "done",  # order: state (with last and stage), rules (with preparation)
    # policy: rule (takes) and the switch
    "event", "date", "luck",  # inject: rule, parameters
    "answer", "window", "tally", "resolves", "course",  # question: states, rule (with opens and closes), series
    "switch", "happens", "effect", "given",  # claim: parameter, rule, questions; mechanism: the switch
    "holder", "force",  # watch: the series of every place
    "dates", "due", "waits", "sent", "ready", "places", "is due",  # what waits: kinds, states, rules
]  # fmt: skip
"""The parts that these words are made of."""


FOR_AUTHORS: frozenset[Role] = frozenset((
    "acceptance", "breaches", "awaited answers", "credibility", "response",
    "strength", "deniability", "open", "reach", "is lost", "reaches", "opens", "closes",
    "posture", "change", "in force", "struck", "ends", "offered", "offer", "withdraw", "withdraws",
    "comes up", "option", "order", "under way", "event",
))  # fmt: skip
"""The parts that an author reads or names by what docs/semantics.md calls them; the others are how words work."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The word, the name its author gave it, and the part: `Origin("red line", "entry", "response")`.

    `of` tells parts of one role apart: the actor whose gain by a deal it is, the stance that is changed to.
    """

    word: Word
    name: str
    role: Role
    of: str = ""


class Made(Words):
    """A name that a word of the language makes: it stands where the author's word stands, and knows its origin."""

    __slots__ = ("origin",)

    origin: Origin

    def __new__(cls, name: str, origin: Origin, location: Location | None = None) -> Made:
        """The name, at the place of the word that makes it."""
        made: Made = super().__new__(cls, name, location)  # type: ignore[assignment]
        made.origin = origin
        return made


def origin_of(name: str) -> Origin | None:
    """What made the thing that has this name as its key; None for an author's own."""
    return name.origin if isinstance(name, Made) else None


def for_authors(names: Iterable[str]) -> list[str]:
    """The names that an author may mean: those of his own, then what words made for him to name."""
    made = [(name, origin_of(name)) for name in names]
    own = [name for name, origin in made if origin is None]
    return [*own, *(name for name, origin in made if origin is not None and origin.role in FOR_AUTHORS)]
