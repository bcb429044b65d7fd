"""What a run folder says about itself: which scenario, seed and settings, and how much of it is finished."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING

from standoff.errors import UsageError
from standoff.plain import Written, as_plain
from standoff.scenario import Origin, Role, Word

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class SeriesEntry:
    """One column of series.parquet; with `labels` its values are positions in them, -1 for none.

    `shows` says which part of which word of the scenario it shows, None where it shows something else.
    """

    name: str
    watch: str
    index: tuple[str, ...]
    labels: tuple[str, ...] | None
    shows: Origin | None = None


@dataclass(frozen=True, slots=True)
class ParameterEntry:
    """One parameter and what is known of it; `mean`, `low` and `high` (5% and 95%) are of the values drawn.

    `correlated` are the other parameters that are drawn together with it.
    """

    name: str
    unit: str | None
    prior: str
    about: str
    evidence: tuple[str, ...]
    assumption: bool
    hindsight: bool
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    origin: Origin | None = None
    title: str | None = None
    correlated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForecastEntry:
    """A source's own judgment on a question: its range of probability, its words, where they stand."""

    id: str | None
    low: float | None
    high: float | None
    words: str | None
    locators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """One question as it was asked; `outcome` is what is recorded to have happened.

    `says` is what a yes states, `title` a short name; None where the scenario has none. `condition` is the question
    whose yes selects the runs in which this one is asked, None where it is asked in all.
    """

    id: str
    ask: str
    type: str
    date: str
    unit: str | None
    forecast: ForecastEntry | None
    outcome: str | None
    why: str | None
    value: float | None
    hindsight: bool
    origin: Origin | None = None
    says: str | None = None
    title: str | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class EventsEntry:
    """Of which runs events.parquet holds the events: the first `runs`."""

    runs: int
    all: bool


@dataclass(frozen=True, slots=True)
class GivenEntry:
    """Which parameters the caller gave as a table, in place of draws from their priors, and the digest of the table."""

    parameters: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Persistence:
    """The baseline in which the state at the start stays: the share of yes in `runs` still runs.

    `answers` are by question, for those that ask yes or no, or for a date: whether it comes.
    """

    runs: int
    answers: dict[str, float]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of manifest.json.

    `key` names scenario, seed, settings and version together: equal keys give equal runs. `merged_runs` is how many
    first runs the tables hold for certain; what was finished after them is in `parts/` until the folder is complete.
    `given` is None where all parameters were drawn; `command` is empty where no command line makes these runs again;
    `address` is what loads the scenario: the name of a bundled one, or a path.
    `hindsight` names, by section, whatever can move an answer and was set in the light of later events.
    `headline` is the question that the scenario is about, empty where it names none, and `key_questions` those that it
    calls the most important.
    `tables` has the digest of each table's file; `joining`, while new tables take their place, those of the new ones.
    """

    standoff: str
    scenario: str
    title: str
    starts: str
    ends: str
    days: float
    digest: str
    variant: str | None
    settings: dict[str, float]
    seed: int
    sampler: str
    runs: int
    finished_runs: int
    merged_runs: int
    partial: bool
    key: str
    jobs: int | None
    seconds: float
    command: str
    created: str
    versions: dict[str, str]
    events: EventsEntry
    grid: tuple[float, ...]
    series: tuple[SeriesEntry, ...]
    parameters: tuple[ParameterEntry, ...]
    questions: tuple[QuestionEntry, ...]
    hindsight: dict[str, tuple[str, ...]]
    persistence: Persistence | None
    given: GivenEntry | None = None
    address: str = ""
    headline: str = ""
    key_questions: tuple[str, ...] = ()
    tables: dict[str, str] = field(default_factory=dict)
    joining: dict[str, str] = field(default_factory=dict)

    def digests(self, file: str) -> set[str]:
        """The digests that a table's file can have; none where the manifest does not know it."""
        return {digests[file] for digests in (self.tables, self.joining) if file in digests}

    @property
    def conditions(self) -> frozenset[str]:
        """The questions that conditions written in place became: they stand in no table of what is asked."""
        return frozenset(one.id for one in self.questions if one.origin is not None and one.origin.role == "given")

    def showing(self, word: Word, role: Role) -> tuple[SeriesEntry, ...]:
        """The series that show one part of a word of the language, such as whether a deal is in force."""
        return tuple(
            one for one in self.series if one.shows is not None and (one.shows.word, one.shows.role) == (word, role)
        )

    def to_json(self) -> str:
        """The manifest as JSON text."""
        entries = [f' "{entry.name}": {_lines(getattr(self, entry.name))}' for entry in fields(self)]
        text = "{\n" + ",\n".join(entries) + "\n}\n"
        _written.remember(text, self)
        return text

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """The manifest in a JSON text; raises UsageError if it is not one of this version."""
        known = _written.recall(text)
        if known is not None:
            return known
        from pydantic import ValidationError

        try:
            return _reader().validate_json(text)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            where = ": ".join([*map(str, first["loc"]), first["msg"]])
            raise UsageError(
                f"manifest.json is damaged or of another version of Standoff ({where}); "
                "make the runs again in another folder"
            ) from error


def _lines(value: object) -> str:
    """A value as JSON: each of many entries on a line of its own."""
    if isinstance(value, tuple) and value and not isinstance(value[0], int | float):
        return "[\n" + ",\n".join(f"  {_line(one)}" for one in value) + "\n ]"
    return _line(value)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=as_plain)


_written: Written[Manifest] = Written()


@cache
def _reader() -> TypeAdapter[Manifest]:
    from pydantic import TypeAdapter

    return TypeAdapter(Manifest)
