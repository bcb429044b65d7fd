"""What verbs have found about a run and kept in its folder, for the page.

The files are read straight into these shapes, so the page holds their numbers and no others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from standoff.report.explained import Explanation
from standoff.report.untrusted import MOST_ITEMS, MOST_ROWS, Count, Name, Names, Number, Text


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """What a what-if changes in the answer to a question; of dates, in whether it comes."""

    what: Name
    question: Name
    ask: Text
    type: Name
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

    what: Name
    series: Name
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

    scenario: Name
    seed: Count
    runs: Count
    whats: Names
    unchanged: Names
    """What-ifs whose runs are the base case's, event for event."""
    differences: Annotated[list[AnswerDifference], Field(max_length=MOST_ROWS)]
    series: Annotated[list[WatchedDifference], Field(max_length=MOST_ROWS)]


@dataclass(frozen=True, slots=True)
class Selection:
    """The effect seen between runs that have the cause by themselves and the others; None where these are too few."""

    given: Text
    effect: Number | None
    low: Number | None
    high: Number | None
    with_runs: Count
    without_runs: Count


@dataclass(frozen=True, slots=True)
class Claim:
    """A cause-and-effect statement of a source, tested on the model."""

    id: Name
    says: Text
    mechanism: Names
    hedge: Text | None
    cause: Text
    expect: Text
    verdict: Literal["holds", "reversed", "not distinguishable"]
    effect: Number
    low: Number
    high: Number
    unit: Name | None
    """`probability` and `day` among others."""
    base: Number
    """The mean without the cause."""
    changed: Count
    """Pairs of runs that differ."""
    runs: Count
    evidence: Names
    against: Names
    """Claims that contradict this one."""
    selection: Selection | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """claims.json: the table of claims; `error` is the chance that a claim without any effect gets a verdict."""

    scenario: Name
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

    name: Name
    mean: Number
    low: Number
    high: Number


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the variance of an answer comes from; the shares are None where the answer hardly varied."""

    question: Name
    ask: Text
    type: Name
    mean: Number
    variance: Number
    luck: Estimate | None
    parameters: Estimate | None
    interplay: Estimate | None
    structure: Estimate | None = None
    """Between the variants of the scenario, where several were run."""
    variants: Annotated[list[VariantMean], Field(max_length=MOST_ITEMS)] = field(default_factory=list)
    lacking: Names = field(default_factory=list)
    """Variants that do not ask the question."""


@dataclass(frozen=True, slots=True)
class TotalIndex:
    """The share of an answer's variance that stays when all is known but one number, or one paragraph's numbers."""

    question: Name
    name: Name
    evidence: Names
    total: Estimate


@dataclass(frozen=True, slots=True)
class VariantShare:
    """How much a variant counts among all."""

    name: Name
    share: Number


@dataclass(frozen=True, slots=True)
class Limit:
    """Between which values of a parameter a box lies; None where it has no end."""

    parameter: Name
    low: Number | None
    high: Number | None
    unit: Name | None
    evidence: Names
    quasi_p: Number
    """How likely the limit is of no use."""


@dataclass(frozen=True, slots=True)
class Box:
    """A region of the parameters in which the answer is mostly yes, or mostly no (PRIM); without limits, none is."""

    question: str
    yes: bool
    base_rate: float
    coverage: float | None
    coverage_low: float | None
    coverage_high: float | None
    density: float | None
    density_low: float | None
    density_high: float | None
    mass: float | None
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
    variants: list[VariantShare]
    """The variants that the spread is over; none where there is the base case alone."""
    questions: list[Spread]
    indices: list[TotalIndex]
    indices_left_out: int
    weights: list[TotalIndex]
    """Of each number or paragraph its largest index over the questions, the largest first."""
    boxes: list[Box]


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the splitting and the share of particles that got so far from the one before."""

    level: Number
    share: Number


@dataclass(frozen=True, slots=True)
class Rare:
    """rare.json: a probability too small for plain runs, by splitting."""

    scenario: Name
    seed: Count
    question: Name
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
    importance: Text
    """What the levels are heights of."""
    declared: bool
    """Whether the author declared it."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change makes of the ways from a branch point, in pairs that share their luck."""

    variant: Number
    difference: Number
    low: Number
    high: Number


@dataclass(frozen=True, slots=True)
class BranchedAnswer:
    """What a run says to a question, and what its ways from the branch point say."""

    question: Name
    ask: Text
    type: Name
    own: Number
    own_date: Name | None
    """When a date came in the run itself, if it did."""
    value: Number
    low: Number
    high: Number
    change: Changed | None


@dataclass(frozen=True, slots=True)
class Branching:
    """branch.json: from a moment of one run on, in many ways."""

    scenario: Name
    seed: Count
    run: Count
    event: Text | None
    """The event after which it branches, where it is one."""
    at: Name
    continuations: Count
    changes: dict[Name, Number]
    questions: Annotated[list[BranchedAnswer], Field(max_length=MOST_ITEMS)]


@dataclass(frozen=True, slots=True)
class Findings:
    """All that is kept in the folder; `told` has a sentence for each file that is there and cannot be shown."""

    compare: Comparison | None
    claims: Claims | None
    sense: Sense | None
    explain: list[Explanation]
    branch: Branching | None
    rare: Rare | None
    told: list[str]
