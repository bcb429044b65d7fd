"""What a run folder says about itself: which scenario, seed and settings, and how much of it is finished."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

from standoff.errors import UsageError
from standoff.scenario import Origin, Role, Word

Entry = TypeVar("Entry")


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
    """One parameter and what is known of it; `mean`, `low` and `high` (5% and 95%) are of the values drawn."""

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
    """One question as it was asked; `outcome` is what is recorded to have happened."""

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


@dataclass(frozen=True, slots=True)
class EventsEntry:
    """Of which runs events.parquet holds the events: the first `runs`."""

    runs: int
    all: bool


@dataclass(frozen=True, slots=True)
class Persistence:
    """The baseline in which the state at the start stays: the share of yes in `runs` still runs.

    `answers` are by question, for those that ask yes or no.
    """

    runs: int
    answers: dict[str, float]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of manifest.json.

    `key` names scenario, seed, settings and version together: equal keys give equal runs. `merged_runs` is how many
    first runs the tables hold for certain; what was finished after them is in `parts/` until the folder is complete.
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
    hindsight: tuple[str, ...]
    persistence: Persistence | None

    def showing(self, word: Word, role: Role) -> tuple[SeriesEntry, ...]:
        """The series that show one part of a word of the language, such as whether a deal is in force."""
        return tuple(
            one for one in self.series if one.shows is not None and (one.shows.word, one.shows.role) == (word, role)
        )

    def to_json(self) -> str:
        """The manifest as JSON text."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """The manifest in a JSON text; raises UsageError if it is not one of this version."""
        try:
            data = json.loads(text)
            data["events"] = _entry(EventsEntry, data["events"])
            data["grid"] = tuple(data["grid"])
            data["series"] = tuple(_entry(SeriesEntry, one) for one in data["series"])
            data["parameters"] = tuple(_entry(ParameterEntry, one) for one in data["parameters"])
            data["questions"] = tuple(_question(one) for one in data["questions"])
            data["hindsight"] = tuple(data["hindsight"])
            if data["persistence"] is not None:
                data["persistence"] = _entry(Persistence, data["persistence"])
            return _entry(cls, data)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(f"manifest.json is not one that this version of Standoff wrote ({error!r})") from error


def _question(data: dict[str, Any]) -> QuestionEntry:
    if data["forecast"] is not None:
        data["forecast"] = _entry(ForecastEntry, data["forecast"])
    return _entry(QuestionEntry, data)


def _entry(kind: type[Entry], data: dict[str, Any]) -> Entry:
    # JSON has lists where the entries have tuples; keys of a later version are left aside.
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    made = {name: Origin(**data[name]) for name in ("origin", "shows") if data.get(name) is not None}
    data = {**data, **made}
    return kind(**{name: tuple(v) if isinstance(v, list) else v for name, v in data.items() if name in known})
