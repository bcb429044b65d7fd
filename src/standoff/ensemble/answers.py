"""questions.json: what an ensemble answers, as typed objects; written and read here and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from standoff.ensemble.manifest import ForecastEntry, Persistence, QuestionEntry
from standoff.errors import UsageError

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Part = TypeVar("Part", "Chance", "Spread")

FEWEST_FOR_A_MEDIAN = 6
"""Of fewer values not even the lowest and the highest enclose the median in 95 of 100 cases (2 / 2^5 miss it in 5)."""


@dataclass(frozen=True, slots=True)
class Chance:
    """In how many runs (`yes`) it is so: their share, its 95% Monte Carlo interval, and the word for it.

    `spans` says whether the interval reaches over several words.
    """

    yes: int
    probability: float
    low: float
    high: float
    word: str
    spans: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """How a number, or the days since the start to a date, is spread over the runs.

    A quantile that falls among runs that never see the date is None; the mean is over the runs that do. `median_low`
    to `median_high` is the 95% Monte Carlo interval of the median; both are None where there are too few runs for it.
    """

    mean: float | None
    quantiles: dict[str, float | None]
    median_low: float | None
    median_high: float | None


@dataclass(frozen=True, slots=True)
class Selection:
    """In how many runs (`runs` of `of`) the condition of a question holds, and the 95% interval of that share."""

    question: str
    ask: str
    runs: int
    of: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class YesNoAnswer:
    """The answer of so many runs to a question of yes or no; `sentence` says it in words.

    Of a question with a condition, `runs` are those that `given` selects; None where it is asked in all runs.
    """

    question: QuestionEntry
    runs: int
    chance: Chance
    sentence: str
    given: Selection | None = None


@dataclass(frozen=True, slots=True)
class NumberAnswer:
    """The answer of so many runs to a question of a number; `sentence` says it in words."""

    question: QuestionEntry
    runs: int
    spread: Spread
    sentence: str
    given: Selection | None = None


@dataclass(frozen=True, slots=True)
class DateAnswer:
    """The answer of so many runs to a question of a date: whether it comes by then (`chance`), and when.

    `dates` are the quantiles and the ends of the median's interval as dates, None for what comes later or never.
    """

    question: QuestionEntry
    runs: int
    chance: Chance
    spread: Spread
    dates: dict[str, str | None]
    sentence: str
    given: Selection | None = None


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """A question whose condition holds in too few runs to answer it; `sentence` says so."""

    question: QuestionEntry
    runs: int
    given: Selection
    sentence: str


Answer = YesNoAnswer | NumberAnswer | DateAnswer | NoAnswer

FEWEST_SELECTED = 20
"""Runs that must meet a condition: fewer do not reach to a 5% quantile, and even if all agree, their interval is
wider than a word of likelihood (0 to 17% of 19)."""

ANSWERED = "questions.json"
"""The file of a run folder that holds the answers of its tables."""
RECORD = (
    "id", "ask", "type", "date", "unit", "runs", "yes", "probability", "low", "high", "word", "spans", "outcome", "why",
    "value", "hindsight", "forecast", "mean", "quantiles", "dates", "median_low", "median_high", "sentence",
    "says", "title", "condition", "given",
)  # fmt: skip
"""The fields of an answer in questions.json, which other tools read; null where an answer has no such field."""


def median_is_bounded(answer: NumberAnswer | DateAnswer) -> bool:
    """Whether there are runs enough for an interval of the median; its end may be None then, too: later or never."""
    return answer.runs >= FEWEST_FOR_A_MEDIAN


def labelled(words: str, condition: str | None) -> str:
    """What a question is called, with its condition where the words do not hold it: `Is there war? (given: Fifty?)`."""
    if condition is None or condition.rstrip("?").casefold() in words.casefold():
        return words
    return f"{words} (given: {condition})"


def selected(questions: Sequence[QuestionEntry], question: QuestionEntry, answers: Floats) -> Truths | None:
    """Which runs, (runs,), meet the condition of a question, None where it has none.

    `answers` are those to all questions, (runs, questions), in their order.
    """
    if question.condition is None:
        return None
    at = next(i for i, one in enumerate(questions) if one.id == question.condition)
    # Of a date, -1 says that it never came.
    return answers[:, at] >= 0 if questions[at].type == "date" else answers[:, at] > 0.5


def to_record(answer: Answer) -> dict[str, Any]:
    """An answer as questions.json has it."""
    record: dict[str, Any] = dict.fromkeys(RECORD) | {"spans": False}
    parts: list[Chance | Spread | QuestionEntry] = [answer.question]
    if isinstance(answer, YesNoAnswer | DateAnswer):
        parts.append(answer.chance)
    if isinstance(answer, NumberAnswer | DateAnswer):
        parts.append(answer.spread)
    for part in parts:
        record |= {name: value for name, value in asdict(part).items() if name in record}
    if isinstance(answer, DateAnswer):
        record["dates"] = answer.dates
    given = None if answer.given is None else asdict(answer.given)
    return record | {"runs": answer.runs, "sentence": answer.sentence, "given": given}


def _from_record(record: Mapping[str, Any]) -> Answer:
    question = QuestionEntry(**{name: record[name] for name in _QUESTION} | {"forecast": _forecast(record["forecast"])})
    runs, sentence = record["runs"], record["sentence"]
    given = None if record["given"] is None else Selection(**record["given"])
    if given is not None and given.runs < FEWEST_SELECTED:
        return NoAnswer(question, runs, given, sentence)
    if question.type == "number":
        return NumberAnswer(question, runs, _part(Spread, record), sentence, given)
    chance = _part(Chance, record)
    if question.type == "binary":
        return YesNoAnswer(question, runs, chance, sentence, given)
    return DateAnswer(question, runs, chance, _part(Spread, record), record["dates"], sentence, given)


_QUESTION = tuple(field.name for field in fields(QuestionEntry) if field.name in RECORD)


def _forecast(entry: Mapping[str, Any] | None) -> ForecastEntry | None:
    return None if entry is None else ForecastEntry(**{**entry, "locators": tuple(entry["locators"])})


def _part(kind: type[Part], record: Mapping[str, Any]) -> Part:
    return kind(**{field.name: record[field.name] for field in fields(kind)})


@dataclass(frozen=True, slots=True)
class Score:
    """The mean scores of one forecaster over `n` questions, with 95% intervals over questions (bootstrap).

    With fewer than five questions the intervals are None.

    `over` says which: `all` resolved questions, those `with-forecast` of a source, or those of one source by its
    name. `better` is by how much the model's mean Brier score is lower than this forecaster's on the same questions,
    with its interval (None for the model itself).
    """

    who: str
    over: str
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
class Answers:
    """The content of questions.json; `method` says how its numbers were made.

    `unscored` are the questions whose forecast by a source is not in the scores, with the reason.
    """

    questions: tuple[Answer, ...]
    scores: tuple[Score, ...]
    unscored: dict[str, str]
    persistence: Persistence | None
    warning: str | None
    method: str

    def to_json(self) -> str:
        """The answers as JSON text."""
        still = self.persistence
        content = {
            "questions": [to_record(one) for one in self.questions],
            "scores": [asdict(one) for one in self.scores],
            "unscored": self.unscored,
            "baselines": {"persistence": asdict(still) if still is not None else None, "one half": 0.5},
            "warning": self.warning,
            "method": self.method,
        }
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Answers:
        """The answers in a JSON text; raises UsageError if they are not of this version."""
        try:
            content = json.loads(text)
            still = content["baselines"]["persistence"]
            return cls(
                questions=tuple(_from_record(one) for one in content["questions"]),
                scores=tuple(Score(**one) for one in content["scores"]),
                unscored=dict(content["unscored"]),
                persistence=Persistence(**still) if still is not None else None,
                warning=content["warning"],
                method=content["method"],
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise UsageError(f"these answers were not written by this version of standoff: {error!r}") from None
