"""What the page draws: one typed scene, mirrored field by field in viewer/src/scene/scene.ts (a test compares them).

Counts are numbers of runs, not shares: the page divides by the number of runs and gives the interval,
so no probability can be shown without its error. Lists along time follow `Scene.times`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from standoff.report.findings import Findings
from standoff.report.world import Evidence, World

Point = tuple[float, float]
"""Longitude and latitude in degrees, as GeoJSON has them."""


@dataclass(frozen=True, slots=True)
class Head:
    """What was run, how often, and how to run it again."""

    name: str
    """The scenario's versioned name or path."""
    title: str
    about: str
    starts: str
    """First day, ISO 8601; day 0 of all times."""
    ends: str
    days: float
    runs: int
    """Runs finished: the denominator of every share on the page."""
    asked_runs: int
    partial: bool
    """True where the ensemble was interrupted before all runs were finished."""
    seed: int
    digest: str
    variant: str | None
    settings: dict[str, float]
    command: str
    version: str


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor or another possible holder of a place."""

    id: str
    name: str
    kind: str
    colour: str
    """`#rrggbb`; the author's where given, else from a colour-blind-safe palette."""
    about: str
    symbol: str
    """The function in its symbol of a unit; the author's where given, else made from its kind."""
    patron: str
    """Whom it depends on, by its own declaration; empty for nobody."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place; `at` is None where the author gave no coordinates."""

    id: str
    name: str
    at: Point | None
    kind: str
    country: str
    about: str


@dataclass(frozen=True, slots=True)
class Route:
    """A road between two places, by their index in `Scene.places`."""

    ends: tuple[int, int]
    km: float | None
    along: str


@dataclass(frozen=True, slots=True)
class Ring:
    """One radius that a zone has in some of the runs."""

    km: float
    runs: int | None
    """Runs in which the radius is this one; None for a quantile of a continuous prior."""
    says: str
    """`fixed`, the parameter's name, or which quantile it is."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone with the rings its radius can take, or its named places."""

    id: str
    name: str
    centre: int | None
    places: list[int]
    holder: str
    excludes: list[str]
    rings: list[Ring]


@dataclass(frozen=True, slots=True)
class Corridor:
    """A path that must be in friendly hands from end to end."""

    id: str
    name: str
    ends: tuple[int, int]
    paths: list[list[int]]
    """The named paths; none where any path of roads counts."""
    any_path: bool
    friendly: list[str]
    """Ids of the actors whose holding keeps it open; the empty id for nobody."""
    open: list[int] | None
    """Runs in which it is open, along time; None where no watched series records it."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds one place: for each holder that ever occurs, the number of runs along time."""

    place: int
    runs: dict[str, list[int]]
    """By actor id; the empty id stands for nobody."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one of the times on: who holds a place in most runs, by position in `Force.holders`, and with what force.

    Median and middle half are over the runs in which that holder holds it; -1 stands for nobody.
    """

    step: int
    holder: int
    low: int
    middle: int
    high: int


@dataclass(frozen=True, slots=True)
class Force:
    """How strong the holder of one place is, along time."""

    place: int
    holders: list[str]
    stretches: list[list[int]]
    """Rows in the order of the fields of `Stretch`, one where anything changes."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """One order of holders of a place and in how many runs it is the whole story."""

    holders: list[str]
    runs: int


@dataclass(frozen=True, slots=True)
class Move:
    """How a place changes hands; days are quantiles over the runs in which it does."""

    place: int
    begins: str
    changed: int
    """Runs with at least one change."""
    day_25: float | None
    day_50: float | None
    day_75: float | None
    next_holder: str
    next_runs: int
    """Of the runs with a change, those whose first new holder is `next_holder`."""
    sequences: list[Sequence]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The source's own judgment, as a range of probability."""

    id: str
    low: float | None
    high: float | None
    words: str
    locators: list[str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answer.

    `quantiles` (5, 25, 50, 75, 95 %) are of a number, or of the days since the start to a date; a quantile of a date
    is None where it falls among the runs that never see it.
    """

    id: str
    ask: str
    type: str
    date: str
    unit: str
    probability: float | None
    low: float | None
    high: float | None
    word: str
    spans: bool
    """True where the interval reaches over more than one word of the scale."""
    runs: int
    quantiles: list[float | None] | None
    median_low: float | None
    median_high: float | None
    """The 95 % Monte Carlo interval of the median."""
    outcome: str
    value: float | None
    """The number that was recorded, where one was."""
    why: str
    hindsight: bool
    forecast: Forecast | None
    sentence: str
    """The answer in words, with its interval."""
    about: str
    evidence: list[Evidence]
    """Of the question and of the source's own judgment."""
    course: Fan | None
    """How the answer changes with time: what it would be if its date were this one; None where no series tells."""
    once: bool
    """True where a yes stays one: whether something has happened by a date."""


@dataclass(frozen=True, slots=True)
class Portion:
    """In what share of `runs` runs something holds, with its 95 % interval; None where there is no such run."""

    runs: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Gain:
    """What a party gains by a deal on one date: in what share of the runs without it anything, and the median."""

    accepts: Portion
    median: float | None
    median_low: float | None
    median_high: float | None


@dataclass(frozen=True, slots=True)
class Party:
    """One party of a deal, by its id; `gains` follow the dates of the deal."""

    actor: str
    must_agree: bool
    gains: list[Gain]


@dataclass(frozen=True, slots=True)
class Deal:
    """Who gains by one deal at its dates, whether all do that must agree, and in which share of runs it is in force."""

    id: str
    name: str
    about: str
    after: list[str]
    """Names of the deals that must be in force before it."""
    dates: list[str]
    together: list[Portion]
    in_force: list[Portion]
    parties: list[Party]


@dataclass(frozen=True, slots=True)
class Score:
    """Mean scores of one forecaster over some of the questions whose outcome is known; smaller is better.

    Intervals are 95 % over questions, None where these are too few. `better` is by how much the model's Brier score
    is lower than this one's.
    """

    who: str
    over: str
    """`all`, `with-forecast`, or the name of the source that judged the questions."""
    n: int
    brier: float
    brier_low: float | None
    brier_high: float | None
    log: float
    log_low: float | None
    log_high: float | None
    better: float | None
    better_low: float | None
    better_high: float | None


@dataclass(frozen=True, slots=True)
class Fan:
    """One watched number along time."""

    watch: str
    index: list[str]
    label: str
    unit: str
    quantiles: list[list[float | None]] | None
    """Five lists along time: 5, 25, 50, 75 and 95 %; None for a truth, and where no run has a finite number."""
    true_runs: list[int] | None
    """For a series that is only ever 0 or 1: runs in which it is 1."""
    finite_runs: list[int] | None
    """Runs whose value is a finite number, along time; None where all are."""
    observed: list[list[float | None]] | None
    """The least and the most that it was by the record, along time; None where no record tells, and after it ends."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """A watched stance or state with named levels: in how many runs it is at each, along time."""

    watch: str
    label: str
    rungs: list[str]
    runs: list[list[int]]
    """For each rung its runs along time."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a sampled run; texts are indices into `Scene.words`, -1 for none."""

    time: float
    rule: int
    binding: int
    type: int
    mode: int
    source: int
    target: int
    place: int
    size: float | None


@dataclass(frozen=True, slots=True)
class SampledRun:
    """The course of one run; `events` are rows in the order of the fields of `Happening`.

    Of what lasts only its changes are told, in order: what, from which of `Scene.times` on (by its position), and
    what it is then.
    """

    run: int
    total: int
    """Events the run has; more than `events` where the log was cut."""
    events: list[list[float | None]]
    held: list[tuple[int, int, int]]
    """Of a place: its holder as an index into `Scene.words`, -1 for nobody."""
    forces: list[tuple[int, int, int]]
    """Of a place: the force of its holder, to the nearest whole number; -1 where it is no finite one."""
    open: list[tuple[int, int, int]]
    """Of a corridor, by its position in `Scene.corridors`: 1 while it is open."""
    lines: list[list[float | None]]
    """For each of `Scene.fans` its values in this run, along time."""
    radii: list[float | None]
    """For each of `Scene.zones` its radius in this run, in km; None where no number or parameter tells it."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """An uncertain number: its prior and what was drawn from it in these runs."""

    name: str
    unit: str
    prior: str
    words: str
    about: str
    mean: float | None
    low: float | None
    high: float | None
    """`low` and `high` are the 5 % and 95 % quantiles of the drawn values."""
    assumption: bool
    hindsight: bool
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class Source:
    """A source that locators name."""

    id: str
    title: str
    publisher: str
    date: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything on the page."""

    head: Head
    times: list[float]
    """Days since the start at which series were recorded."""
    actors: list[Actor]
    names: dict[str, str]
    """Readable names of all entities by id."""
    places: list[Place]
    routes: list[Route]
    zones: list[Zone]
    corridors: list[Corridor]
    control: list[Holding]
    forces: list[Force]
    force_unit: str
    moves: list[Move]
    questions: list[Question]
    scores: list[Score]
    warning: str
    deals: list[Deal]
    fans: list[Fan]
    fans_left_out: int
    """Watched series not shown, because others of the same watch vary more."""
    ladders: list[Ladder]
    words: list[str]
    sampled: list[SampledRun]
    parameters: list[Parameter]
    sources: list[Source]
    notes: list[str]
    findings: Findings
    world: World
    basemap: dict[str, Any]
    """A GeoJSON FeatureCollection; `Any` because it is drawn as it is, never read."""
    wide: dict[str, Any] | None
    """Another, coarser one of a larger part of the world, where places lie beyond the first."""
    relief: str
    """Hills and valleys of the window of the wide view, as a data: address of a grey picture; 128 is flat ground."""
