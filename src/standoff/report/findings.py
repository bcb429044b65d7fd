"""What verbs have found about a run and kept in its folder, in the types that the verbs write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    # Most folders hold none of these: a page of such a folder waits for no wing.
    from standoff.analysis.effects import Branching, Claims, Comparison
    from standoff.analysis.explanations import Explanation
    from standoff.analysis.rarity import Rare
    from standoff.analysis.spread import Box, Index, Split, Weight
    from standoff.strategy import Decided, SolvedGame, SolvedLevers

VERBS = ("branch", "claims", "compare", "deciders", "game", "levers", "rare", "sense")
"""What is kept under the name of its verb; what `explain` keeps is named by its question as well."""


@dataclass(slots=True)
class PlottedBox:
    """A box of parameters as a plot shows it: its points over the two parameters that most surely limit it."""

    box: Box
    """The box without its points."""
    across: str
    """The parameter of the first number of each point, and of the second: the two that limit the box most."""
    up: str
    points: list[tuple[float, float, int]]
    """Runs: the two parameters, and 1 where the answer is yes."""
    points_left_out: int


@dataclass(slots=True)
class Sense:
    """What the answers depend on; of each question the largest indices only."""

    scenario: str
    seed: int
    runs: int
    by: Literal["parameter", "paragraph"]
    variants: tuple[Weight, ...]
    """The variants that the spread is over; none where there is the base case alone."""
    questions: tuple[Split, ...]
    indices: list[Index]
    indices_left_out: int
    weights: list[Index]
    """Of each number or paragraph its largest index over the questions, the largest first."""
    boxes: list[PlottedBox]


@dataclass(slots=True)
class Findings:
    """All that is kept in the folder; `told` has a sentence for each file that is there and cannot be shown."""

    compare: Comparison | None = None
    claims: Claims | None = None
    sense: Sense | None = None
    explain: list[Explanation] = field(default_factory=list)
    branch: Branching | None = None
    rare: Rare | None = None
    game: SolvedGame | None = None
    levers: SolvedLevers | None = None
    deciders: Decided | None = None
    """Of each actor's policies only those between which an answer differs most."""
    told: list[str] = field(default_factory=list)
