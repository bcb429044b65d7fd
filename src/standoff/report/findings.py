"""What verbs have found about a run and kept in its folder, as the page draws it (the mirror: viewer/src/findings.ts).

The files are read straight into these shapes, so the page holds their numbers and no others. A file could come from
anywhere: a text is cut and cannot turn the direction of a line, a number is finite, a list has an end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

LONGEST_TEXT = 600
MOST_ROWS = 10_000
MOST_ITEMS = 500
_UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


def tame(text: str) -> str:
    """A text of bounded length without characters that act on what stands beside it."""
    plain = _UNSEEN.sub(" ", text).strip()
    return plain if len(plain) <= LONGEST_TEXT else plain[: LONGEST_TEXT - 1] + "…"


def _said(answer: object) -> object:
    """An answer as a text: yes or no, or a number."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return f"{answer:.4g}" if isinstance(answer, int | float) else answer


Text = Annotated[str, AfterValidator(tame)]
Said = Annotated[str, BeforeValidator(_said), AfterValidator(tame)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=2**53)]
Texts = Annotated[list[Text], Field(max_length=MOST_ITEMS)]


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """What a what-if changes in the answer to a question; of dates, in whether it comes."""

    what: Text
    question: Text
    ask: Text
    type: Text
    base: Number
    variant: Number
    difference: Number
    low: Number
    high: Number
    runs: Count
    changed: Count
    """Pairs of runs that differ."""
    runs_if_independent: Count | None


@dataclass(frozen=True, slots=True)
class WatchedDifference:
    """What a what-if changes in a watched series at its last time, and when on average it had changed it most."""

    what: Text
    series: Text
    base: Number
    variant: Number
    difference: Number
    low: Number
    high: Number
    runs: Count
    changed: Count
    runs_if_independent: Count | None
    most: Number
    most_at: Number
    """Days since the start."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """compare.json: a base case and its what-ifs, run with shared luck."""

    scenario: Text
    seed: Count
    runs: Count
    whats: Texts
    unchanged: Texts
    """What-ifs whose runs are the base case's, event for event."""
    differences: Annotated[list[AnswerDifference], Field(max_length=MOST_ROWS)]
    series: Annotated[list[WatchedDifference], Field(max_length=MOST_ROWS)]


@dataclass(frozen=True, slots=True)
class Selection:
    """The effect seen among runs that happen to have the cause, instead of being given it."""

    given: Text
    effect: Number
    low: Number
    high: Number
    with_runs: Count
    without_runs: Count


@dataclass(frozen=True, slots=True)
class Claim:
    """A cause-and-effect statement of a source, tested on the model."""

    id: Text
    says: Text
    mechanism: Texts
    hedge: Text | None
    cause: Text
    expect: Text
    verdict: Literal["holds", "reversed", "not distinguishable"]
    effect: Number
    low: Number
    high: Number
    unit: Text | None
    base: Number
    changed: Number
    """The effect's number with the cause changed; `base` without."""
    runs: Count
    evidence: Texts
    against: Texts
    """Claims that contradict this one."""
    selection: Selection | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """claims.json: the table of claims; `error` is the stated total error of all verdicts together."""

    scenario: Text
    seed: Count
    error: Number
    at_most: Count
    """Pairs of runs after which a claim that is still open counts as not distinguishable."""
    claims: Annotated[list[Claim], Field(max_length=MOST_ROWS)]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval."""

    value: Number
    low: Number
    high: Number


@dataclass(frozen=True, slots=True)
class VariantMean:
    """The mean answer under one variant of the scenario."""

    name: Text
    mean: Number
    low: Number
    high: Number


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the variance of an answer comes from; the shares are None where the answer never varied."""

    question: Text
    ask: Text
    type: Text
    mean: Number
    variance: Number
    luck: Estimate | None
    parameters: Estimate | None
    interplay: Estimate | None
    structure: Estimate | None = None
    variants: Annotated[list[VariantMean], Field(max_length=MOST_ITEMS)] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TotalIndex:
    """The share of an answer's variance that goes when one number, or one paragraph's numbers, are drawn anew."""

    question: Text
    name: Text
    evidence: Texts
    total: Estimate


@dataclass(frozen=True, slots=True)
class Limit:
    """One side of a box: between which values of a parameter it lies."""

    parameter: Text
    low: Number | None
    high: Number | None
    unit: Text | None = None
    evidence: Texts = field(default_factory=list)
    quasi_p: Number | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A region of the parameters in which the answer is mostly yes, or mostly no (PRIM)."""

    question: Text
    yes: bool
    coverage: Number
    coverage_low: Number
    coverage_high: Number
    density: Number
    density_low: Number
    density_high: Number
    mass: Number
    base_rate: Number
    limits: list[Limit]
    across: str
    """The parameter of the first number of each point, and of the second: the two that limit the box most."""
    up: str
    points: list[tuple[float, float, int]]
    """Runs: the two parameters, and 1 where the answer is yes."""
    points_left_out: int


@dataclass(frozen=True, slots=True)
class Sense:
    """sense.json: what answers hang on; of each question the largest indices only."""

    scenario: str
    seed: int
    runs: int
    by: Literal["parameter", "paragraph"]
    questions: list[Spread]
    indices: list[TotalIndex]
    indices_left_out: int
    boxes: list[Box]


@dataclass(frozen=True, slots=True)
class Mark:
    """An event that tells a route from the others: the share of runs that have it here, and elsewhere."""

    event: Text
    rule: Text
    binding: Text
    evidence: Texts
    here: Number
    elsewhere: Number


@dataclass(frozen=True, slots=True)
class Way:
    """A route to the outcome."""

    runs: Count
    share: Number
    low: Number
    high: Number
    marks: Annotated[list[Mark], Field(max_length=MOST_ITEMS)]
    sentence: Text


@dataclass(frozen=True, slots=True)
class Pivot:
    """An event without which the outcome often does not come, in runs made again without it and with the same luck."""

    event: Text
    rule: Text
    binding: Text
    evidence: Texts
    tested: Count
    undone: Count
    share: Number | None
    low: Number | None
    high: Number | None
    with_it: Number | None
    """The share of runs with this event in which the outcome comes, by selection alone."""
    without_it: Number | None
    difference: Number | None
    difference_low: Number | None
    difference_high: Number | None


@dataclass(frozen=True, slots=True)
class Part:
    """The earliest event by which runs of different kinds can be told apart."""

    days: Number
    date: Text
    event: Text


@dataclass(frozen=True, slots=True)
class Parting:
    """When the routes part, and when the runs that end in yes part from the others."""

    routes: Part | None
    answers: Part | None


@dataclass(frozen=True, slots=True)
class Doing:
    """What an event did to a later one, by its place in the story; None is the outcome itself. Rates are per day."""

    to: Count | None
    how: Text
    from_rate: Annotated[Number | None, Field(validation_alias="from")]
    to_rate: Number | None


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """One event of a causal story, and what would have happened instead."""

    days: Number
    date: Text
    event: Text
    rule: Text
    binding: Text
    evidence: Texts
    does: Annotated[list[Doing], Field(max_length=MOST_ITEMS)]
    instead: Texts


@dataclass(frozen=True, slots=True)
class Story:
    """The causal story of one run."""

    run: Count
    answer: Said
    days: Number | None
    date: Text | None
    tested: Count
    events: Annotated[list[StoryEvent], Field(max_length=MOST_ITEMS)]
    sentences: Texts


@dataclass(frozen=True, slots=True)
class Explanation:
    """explain.json: how the answer to one question comes about."""

    scenario: Text
    seed: Count
    runs: Count
    question: Text
    ask: Text
    probability: Number
    low: Number
    high: Number
    routes: Annotated[list[Way], Field(max_length=MOST_ITEMS)]
    pivotal: Annotated[list[Pivot], Field(max_length=MOST_ITEMS)]
    parting: Parting | None
    stories: Annotated[list[Story], Field(max_length=20)]


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the splitting and the share of particles that got so far from the one before."""

    level: Number
    share: Number


@dataclass(frozen=True, slots=True)
class Rare:
    """rare.json: a probability too small for plain runs, by splitting."""

    scenario: Text
    seed: Count
    question: Text
    ask: Text
    estimate: Number
    low: Number
    high: Number
    replicates: Count
    particles: Count
    estimates: Annotated[list[Number], Field(max_length=MOST_ROWS)]
    zero: Count
    levels: Annotated[list[Level], Field(max_length=MOST_ITEMS)]
    runs_if_plain: Number | None
    """Runs that an interval as narrow would have taken without splitting."""
    importance: Text | None = None
    """What the levels are levels of."""
    declared: bool | None = None
    """Whether the author declared it."""


@dataclass(frozen=True, slots=True)
class Findings:
    """All that is kept in the folder; `told` has a sentence for each file that is there and cannot be shown."""

    compare: Comparison | None
    claims: Claims | None
    sense: Sense | None
    explain: Explanation | None
    rare: Rare | None
    told: list[str]
