"""What an explanation consists of; the fields are those of `explain --json` (docs/explain.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from standoff.display import Display, Displayed

DECISIVE, WORTH = 0.5, 0.05
"""An answer turns on an event where at least this share of the runs that say yes need it. It is a reason where the
whole interval of that share lies above WORTH: of many events that were removed one is always the most needed."""


@dataclass(frozen=True, slots=True)
class Named:
    """A kind of event: in words, its rule, its binding (`any` for all of a rule), and the rule's evidence.

    `about` is what the scenario says of the rule, empty where it says nothing.
    """

    event: str
    rule: str
    binding: str
    evidence: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Mark(Named):
    """An event that tells a route from the others: on which share of its trails it is, and on which of theirs."""

    here: float
    elsewhere: float


@dataclass(frozen=True, slots=True)
class Route:
    """One route to the outcome, with the 95% interval of its share of the runs that say yes."""

    runs: int
    share: float
    low: float
    high: float
    marks: tuple[Mark, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Pivotal(Named):
    """A kind of event whose removal undoes the outcome in `undone` of `tested` runs, beside plain differences.

    `with_yes` of the `with_runs` runs with such an event say yes; no share is taken of too few of them. In `settles` of
    the `undone` runs it was itself what settled the answer.
    """

    tested: int
    undone: int
    share: float
    low: float
    high: float
    with_yes: int
    with_runs: int
    without_yes: int
    without_runs: int
    with_it: float | None
    without_it: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    settles: int = 0

    @property
    def leads(self) -> bool:
        """Whether it is sure that runs need it, and in most of these it is not itself the answer."""
        return self.low >= WORTH and 2 * self.settles < self.undone

    @property
    def tells(self) -> bool:
        """Whether it leads to the answer, comes in some runs and not in others, and is not as good as the answer.

        There are enough of both to take a share of. What each run that has it says yes after is the answer by another
        name, such as the notice of an end.
        """
        some = self.with_it is not None and self.without_it is not None
        return self.leads and some and self.with_yes < self.with_runs

    @property
    def decisive(self) -> bool:
        """Whether most of the runs that say yes need it."""
        return self.share >= DECISIVE


def foremost(pivotal: Sequence[Pivotal]) -> Pivotal | None:
    """The event to name as the reason, None where no single one is: the one of its kind whose removal undoes most.

    Before all others what comes in some runs alone; then what leads to the answer in all; then what decides it.
    """
    ranked = sorted(pivotal, key=lambda one: -one.undone)
    kinds = ([one for one in ranked if one.tells], [one for one in ranked if one.leads], ranked)
    first = next((kind[0] for kind in kinds if kind), None)
    return first if first is not None and (first.leads or first.decisive) else None


@dataclass(frozen=True, slots=True)
class Moment(Named):
    """When groups of runs can be told apart, and by whether which kind of event has happened."""

    days: float
    date: str


@dataclass(frozen=True, slots=True)
class Partings:
    """When the routes diverge, and when runs that say yes and runs that say no do; None where they never do.

    Only what comes before the answer is settled counts, so that no consequence of it is taken for a sign.
    """

    routes: Moment | None
    answers: Moment | None


@dataclass(frozen=True, slots=True)
class Did:
    """What an event did to a later one of the story (None: to the answer), without it and with it."""

    to: int | None
    how: str
    from_: float | None
    to_rate: float | None


@dataclass(frozen=True, slots=True)
class Weight:
    """The difference that an event makes to the probability of a yes under other random numbers, with its interval."""

    difference: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Told(Named):
    """One event of a story."""

    days: float
    date: str
    does: tuple[Did, ...]
    instead: tuple[str, ...]
    necessary: bool
    weight: Weight
    sentence: str = ""
    """Its own among the sentences of the story; empty where it has none."""


@dataclass(frozen=True, slots=True)
class Story:
    """The causal story of one run; `necessary` counts the necessary events, of which `events` has the weightiest."""

    run: int
    answer: str
    days: float
    date: str
    tested: int
    necessary: int
    events: tuple[Told, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Explanation(Displayed):
    """Why an outcome comes about; the probability is None where one run alone was asked about.

    `pivotal` has the events that runs need to say yes; `against` those without which runs that say no would say yes.
    """

    scenario: str
    seed: int
    runs: int
    question: str
    ask: str
    probability: float | None
    low: float | None
    high: float | None
    routes: tuple[Route, ...]
    pivotal: tuple[Pivotal, ...]
    parting: Partings
    stories: tuple[Story, ...]
    method: str
    against: tuple[Pivotal, ...] = ()

    def display(self) -> Display:
        """How often it is yes, by which routes, and what it turns on."""
        from standoff.analysis.explanations.explanation_display import explanation_display

        return explanation_display(self)

    def to_json(self) -> str:
        """The explanation as JSON text."""
        return json.dumps(asdict(self, dict_factory=_plain), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: the values of fields of any type
    return {name.rstrip("_"): value for name, value in pairs}
