"""What happens on the stage: one run moment by moment, and all runs along the same times.

Counts are numbers of runs, not shares: the page divides by the number of runs and gives the interval, so no
probability can be shown without its error. Lists along time follow `Stage.times`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Happening:
    """One event of a run; texts are positions in the words of the run, -1 for none."""

    time: float
    rule: int
    binding: int
    type: int
    mode: int
    source: int
    target: int
    place: int
    size: float | None


@dataclass(slots=True)
class Frame:
    """One moment of one run: what is different from the frame before, and what has happened since.

    A live game sends frames as they come: each stands on those before it alone.
    """

    day: float
    held: list[tuple[int, int]]
    """Of a place: its holder as a position in the words of the run, -1 for nobody."""
    forces: list[tuple[int, int]]
    """Of a place: the force of its holder, to the nearest whole number; -1 where it is no finite one."""
    open: list[tuple[int, int]]
    """Of a corridor: 1 while it is open."""
    lines: list[float | None]
    """The value of each of `Stage.charts`."""
    words: list[str]
    """Texts that are new in this frame; they follow those of the frames before it."""
    events: list[list[float | None]]
    """Rows in the order of the fields of `Happening`, in the order of time."""


@dataclass(slots=True)
class SampledRun:
    """The course of one run; a live game is one that grows."""

    run: int
    total: int
    """Events the run has; more than the frames tell where the log was cut."""
    radii: list[float | None]
    """For each of `Stage.zones` its radius in this run, in km; None where no number or parameter tells it."""
    frames: list[Frame]
    """One for each of `Stage.times`, as far as the run has come."""


@dataclass(slots=True)
class Holder:
    """In how many runs one actor holds a place, along time; the empty id stands for nobody."""

    id: str
    runs: list[int]


@dataclass(slots=True)
class Holding:
    """Who holds one place: every holder that ever occurs."""

    place: int
    holders: list[Holder]


@dataclass(slots=True)
class Stretch:
    """From one of the times on: who holds a place in most runs, by position in `Force.holders`, and with what force.

    Median and middle half are over the runs in which that holder holds it; -1 stands for nobody.
    """

    step: int
    holder: int
    low: int
    middle: int
    high: int


@dataclass(slots=True)
class Force:
    """How strong the holder of one place is, along time."""

    place: int
    holders: list[str]
    stretches: list[list[int]]
    """Rows in the order of the fields of `Stretch`, one where anything changes."""


@dataclass(slots=True)
class Opening:
    """In how many runs a corridor is open, along time."""

    corridor: int
    runs: list[int]


@dataclass(slots=True)
class Succession:
    """One order of holders of a place and in how many runs it is the whole story."""

    holders: list[str]
    runs: int


@dataclass(slots=True)
class Move:
    """How a place changes hands for the first time, over the runs in which it does.

    A change is seen between two readings: the quartiles are each a pair of days, after the first of which and by the
    second of which the quartile lies.
    """

    place: int
    begins: str
    changed: int
    """Runs with at least one change."""
    quartiles: list[tuple[float, float]]
    """The first quartile, the median and the third; none where no run has a change."""
    next_holder: str
    next_runs: int
    """Of the runs with a change, those whose first new holder is `next_holder`."""
    successions: list[Succession]


@dataclass(slots=True)
class Fan:
    """One watched number along time, over all runs."""

    quantiles: list[list[float | None]] | None
    """Five lists along time: 5, 25, 50, 75 and 95 %; None for a truth, and where no run has a finite number."""
    true_runs: list[int] | None
    """For a series that is only ever 0 or 1: runs in which it is 1."""
    finite_runs: list[int] | None
    """Runs whose value is a finite number, along time; None where all are."""
    observed: list[list[float | None]] | None
    """The least and the most that it was by the record, along time; None where no record tells, and after it ends."""
    covered: tuple[int, int] | None
    """Of how many of the places on which it depends the record tells; None where no record tells of it."""


@dataclass(slots=True)
class Ladder:
    """A watched stance or state with named levels: in how many runs it is at each, along time."""

    watch: str
    label: str
    rungs: list[str]
    runs: list[list[int]]
    """For each rung its runs along time."""


@dataclass(slots=True)
class AllRuns:
    """All runs together, along time; `Head.runs` is how many they are."""

    control: list[Holding]
    forces: list[Force]
    open: list[Opening]
    """Of the corridors that some watched series records."""
    moves: list[Move]
    fans: list[Fan]
    """In the order of `Stage.charts`."""
    charts_left_out: int
    """Watched series not shown, because others of the same watch vary more."""
    ladders: list[Ladder]
