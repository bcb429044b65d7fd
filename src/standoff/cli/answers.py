"""What `run` and `ask` print: the answers and scores of an ensemble, and where the rest is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.cli.layout import show
from standoff.display import Display, Note, Row, Table, columns
from standoff.ensemble import NumberAnswer, answer_tables, score_cell
from standoff.numerals import many, with_seed

if TYPE_CHECKING:
    from standoff.ensemble import Answers, Manifest, Score


def print_answers(about: Manifest, answers: Answers, page: Path | None, *, everything: bool) -> None:
    """The answers of an ensemble, its scores and warnings, and where the rest is."""
    cut = f" of {about.runs:,}, cut short" if about.partial else ""
    runs = with_seed(many(about.finished_runs, "run") + cut, about.sampler, about.seed)
    parts: list[Table | Note] = []
    key = [one.question.id for one in answers.questions]
    parts += answer_tables(answers.questions, about.starts, key)
    parts += _beneath(about, answers)
    if answers.scores:
        parts.append(_scores(answers.scores))
    parts += _unscored(answers)
    if answers.warning:
        parts.append(Note(f"Warning. {answers.warning}", "strong"))
    parts += _where(about, page)
    show(Display(f"{about.title}: {runs}, {about.seconds:.1f} s", "", tuple(parts)), everything=everything)


def _beneath(about: Manifest, answers: Answers) -> Iterator[Note]:
    chances = [one for one in answers.questions if not isinstance(one, NumberAnswer)]
    if any(one.chance.spans for one in chances):
        yield Note("≈ the interval spans two words, so more runs could change the word", "quiet")
    never = [one.question.id for one in chances if one.chance.yes == 0]
    if never:
        runs = many(about.finished_runs, "run")
        yield Note(f"{', '.join(never)}: yes in none of {runs}; standoff rare estimates how rare.", "quiet")


def _unscored(answers: Answers) -> Iterator[Note]:
    for why in dict.fromkeys(answers.unscored.values()):
        names = ", ".join(question for question, reason in answers.unscored.items() if reason == why)
        yield Note(f"Forecasts not scored, because {why}: {names}", "quiet")


def _where(about: Manifest, page: Path | None) -> Iterator[Note]:
    if page is not None:
        yield Note(f"Report: {page}", whole=True)
    if about.given is None:
        yield Note(f"To repeat: {about.command}", whole=True)
    else:
        names = ", ".join(about.given.parameters)
        yield Note(f"No command line repeats these runs: these parameters were given: {names}", whole=True)


def _scores(rows: Sequence[Score]) -> Table:
    number = ("n", "Brier (95%)", "log (95%)", "model better by (Brier)")
    body, last = [], None
    for one in rows:
        body.append(Row((
            one.over if one.over != last else "",
            one.who,
            str(one.n),
            score_cell(one.brier, one.brier_low, one.brier_high),
            score_cell(one.log, one.log_low, one.log_high),
            score_cell(one.better, one.better_low, one.better_high, plus=True),
        )))  # fmt: skip
        last = one.over
    heads = columns("questions", "forecaster", *number, number=number)
    return Table(heads, tuple(body), "Scores over resolved questions (lower is better)")
