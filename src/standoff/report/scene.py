"""Types of the whole page: the stage, all runs, some of them frame by frame, and the answers to the questions.

The page's TypeScript is written from these types (`make types`).
"""

from __future__ import annotations

from dataclasses import dataclass

from standoff.analysis.answers import DealGains
from standoff.analysis.spread import Contrasts
from standoff.calibration import Brief, Reasons
from standoff.ensemble import ForecastEntry, Score
from standoff.report.findings import Findings
from standoff.report.frames import AllRuns, Fan, SampledRun
from standoff.report.scenario_browser import Evidence, World
from standoff.report.stage import Stage
from standoff.report.twelve import Twelve

# These types and those below them are not frozen: Python takes twice as long to make a class that is, and whoever runs
# anything waits for all fifty.


@dataclass(slots=True)
class Head:
    """What was run, how often, and how to run it again."""

    name: str
    """The scenario's versioned name, or that of its file."""
    title: str
    about: str
    runs: int
    """Runs finished: the denominator of every share on the page."""
    asked_runs: int
    partial: bool
    """True where the ensemble was interrupted before all runs were finished."""
    seed: int
    sampler: str
    digest: str
    variant: str | None
    settings: dict[str, float]
    given: str
    """How commands name the scenario: a bundled one by its name, another by the path it was run from."""
    command: str
    """The line that makes the same runs again."""
    version: str


@dataclass(slots=True)
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
    mean: float | None
    """Of a number."""
    quantiles: list[float | None] | None
    median_low: float | None
    median_high: float | None
    """The 95 % Monte Carlo interval of the median."""
    outcome: str
    value: float | None
    """The number that was recorded, where one was."""
    why: str
    hindsight: bool
    forecast: ForecastEntry | None
    source: str
    """Whose judgment that is, such as `Carnegie Middle East Center 2017`; empty where nobody is named."""
    sentence: str
    """The answer in words, with its interval."""
    statement: str
    """The answer as one sentence in frequencies, as the brief and the terminal have it."""
    title: str
    """Its short name; empty where it has none."""
    says: str
    """What a yes states, or what the number is; empty where its author has not put it so."""
    about: str
    evidence: list[Evidence]
    """Of the question and of the source's own judgment."""
    course: Fan | None
    """How the answer changes with time: what it would be if its date were this one; None where no series tells."""
    once: bool
    """True where a yes stays one: whether something has happened by a date."""
    places: list[int]
    """Those that it names, by their position in `Stage.places`."""
    turns: str
    """What its answer turns on and what stands in the way, in sentences; empty where it is not explained."""


@dataclass(slots=True)
class Parameter:
    """An uncertain number: its prior and what was drawn from it in these runs."""

    name: str
    unit: str
    prior: str
    words: str
    logarithmic: bool
    """True where its logarithm has the plain distribution, so that an axis of it has steps of tenfold."""
    fixed: bool
    """True where it is the same in every run."""
    declared: bool
    """True where the scenario declares it; others are drawn by its words, such as the day of an inject."""
    about: str
    mean: float | None
    low: float | None
    high: float | None
    """`low` and `high` are the 5 % and 95 % quantiles of the drawn values."""
    least: float | None
    most: float | None
    drawn: list[int]
    """Runs by the value drawn, in equal steps from the least to the most, tenfold ones where it is logarithmic."""
    assumption: bool
    hindsight: bool
    evidence: list[Evidence]


@dataclass(slots=True)
class Source:
    """A source that locators name."""

    id: str
    title: str
    publisher: str
    date: str
    url: str
    """Where it can be read; empty where its author gives no web address."""


@dataclass(slots=True)
class Scene:
    """Everything on the page."""

    head: Head
    brief: Brief
    reasons: Reasons
    stage: Stage
    ensemble: AllRuns
    sampled: list[SampledRun]
    shown_runs: list[int]
    """The numbers of these runs, which the brief needs without them."""
    questions: list[Question]
    scores: tuple[Score, ...]
    warning: str
    deals: tuple[DealGains, ...]
    deal_names: dict[str, str]
    """What readers call each deal, by its id."""
    claim_questions: dict[str, str]
    """Of each claim whose effect is the answer to a question, that question."""
    parameters: list[Parameter]
    sources: list[Source]
    notes: list[str]
    leaves_out: list[str]
    """What the scenario says that its model does not know, each to be read after "Left out:"."""
    findings: Findings
    world: World
    happens_at: dict[str, int]
    """The place of each rule that an explanation names, by its position, where the rule names one itself."""
    meanings: dict[str, str]
    """What readers are told instead of an identifier: its title or the beginning of its `about`, if it has one."""
    twelve: Twelve | None
    """Twelve runs on the date of the main question; None where nothing is asked or no holder of a place is watched."""
    contrasts: Contrasts
    """Of the main question: which uncertain numbers move it; of a number, whether it is above its median."""
