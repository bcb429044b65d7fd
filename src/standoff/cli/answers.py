"""What `run` and `ask` print: the answer, the questions that matter, and where the rest is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.calibration import brief_of, contrasts_of, reasons_of
from standoff.cli.layout import show
from standoff.display import Display, Note, Row, Table, columns
from standoff.ensemble import (
    DateAnswer,
    NoAnswer,
    YesNoAnswer,
    again,
    answer_tables,
    case_of,
    command,
    key_table,
    score_cell,
)
from standoff.numerals import many, with_seed
from standoff.scenario import meaning_of

if TYPE_CHECKING:
    from standoff.calibration import Brief
    from standoff.ensemble import Answer, Answers, Ensemble, Manifest, Score


def print_answers(made: Ensemble, answers: Answers, page: Path | None, *, everything: bool) -> None:
    """The headline of some runs, their key questions, how good they are and where the rest is; or everything."""
    about = made.manifest
    brief = brief_of(about, answers)
    cut = f" of {about.runs:,}, cut short" if about.partial else ""
    runs = with_seed(many(about.finished_runs, "run") + cut, about.sampler, about.seed)
    headline = brief.headline.sentence if brief.headline is not None else "Nothing is asked of these runs."
    parts = _all_of(about, answers) if everything else _in_short(made, answers, brief)
    where = _where(about, answers, made.folder, page)
    show(Display(headline, f"{about.title}: {runs}, {about.seconds:.1f} s", (*parts, *where)), everything=everything)


def print_chosen(about: Manifest, chosen: Sequence[Answer]) -> None:
    """The answers to some questions: a sentence for each, and their numbers."""
    runs = with_seed(many(about.finished_runs, "run"), about.sampler, about.seed)
    sentence = " ".join(one.sentence for one in chosen)
    tables = answer_tables(chosen, about.starts)
    show(Display(sentence, f"{about.title}: {runs}", (*tables, *_beneath(about, chosen))))


def _in_short(made: Ensemble, answers: Answers, brief: Brief) -> Iterator[Table | Note]:
    about, known = made.manifest, {one.question.id: one for one in answers.questions}
    if brief.headline is not None:
        yield from _reasons(made, known[brief.headline.question])
    keys = [known[one.question] for one in brief.key_questions]
    if keys:
        yield key_table(keys, about.starts, title="Key questions" if brief.declared else "")
        left = len(_ordinary(about, answers)) - len(keys)
        if left:
            yield Note(f"{many(left, 'other question')} (--all)", "quiet")
    yield from _beneath(about, keys)
    worst = [f"The worst miss: {one.sentence}" for one in brief.misses[:1]]
    for line in filter(None, (brief.record, *worst, *brief.scores, brief.hindsight)):
        yield Note(line)


def _reasons(made: Ensemble, main: Answer) -> Iterator[Note]:
    """Why the headline is as it is and how sure that is, in the words of the page."""
    called = {one.name: meaning_of(one) for one in made.manifest.parameters}
    reasons = reasons_of(main, contrasts_of(made, main.question.id), called)
    if reasons.why:
        yield Note(f"{reasons.label}: {reasons.why}")
    yield Note(f"How sure: {reasons.how_sure}")


def _ordinary(about: Manifest, answers: Answers) -> list[Answer]:
    """The answers without those to conditions that are written in place: the questions that have them tell these."""
    return [one for one in answers.questions if one.question.id not in about.conditions]


def _all_of(about: Manifest, answers: Answers) -> Iterator[Table | Note]:
    asked = _ordinary(about, answers)
    yield from answer_tables(asked, about.starts)
    yield from _beneath(about, asked)
    if answers.scores:
        yield _scores(answers.scores)
    for why in dict.fromkeys(answers.unscored.values()):
        names = ", ".join(question for question, reason in answers.unscored.items() if reason == why)
        yield Note(f"Forecasts not scored, because {why}: {names}", "quiet")
    if answers.warning:
        yield Note(f"Warning. {answers.warning}", "strong")


def _beneath(about: Manifest, shown: Sequence[Answer]) -> Iterator[Note]:
    chances = [one for one in shown if isinstance(one, YesNoAnswer | DateAnswer)]
    if any(one.chance.spans for one in chances):
        yield Note("≈ the interval spans two words, so more runs could change the word", "quiet")
    for one in shown:
        if isinstance(one, NoAnswer):
            yield Note(one.sentence)
    never = [one.question.id for one in chances if one.chance.yes == 0]
    if never:
        runs = many(about.finished_runs, "run")
        yield Note(f"{', '.join(never)}: yes in none of {runs}; standoff rare estimates how rare.", "quiet")


def _where(about: Manifest, answers: Answers, folder: Path, page: Path | None) -> Iterator[Note]:
    if page is not None:
        yield Note(f"Report: {page}", whole=True)
    if about.given is not None:
        names = ", ".join(about.given.parameters)
        yield Note(f"No command line repeats these runs: these parameters were given: {names}")
        return
    for says, line in next_commands(about, answers, folder):
        yield Note(f"{says}: {line}", whole=True)
    yield Note(f"To repeat: {again(about, folder)}", whole=True)


def next_commands(about: Manifest, answers: Answers, folder: Path) -> Iterator[tuple[str, str]]:
    """What could be asked next, and the line that asks it; the result is kept for the report of these runs."""
    case, into = case_of(about, folder), ("--into", str(folder))
    # What is asked in some runs only is not explained.
    chances = [
        one.question.id
        for one in answers.questions
        if isinstance(one, YesNoAnswer | DateAnswer) and one.question.condition is None
    ]
    if chances:
        question = about.headline if about.headline in chances else chances[0]
        yield "To see why", command("explain", case, "--question", question, *into)
        if any(one.low != one.high for one in about.parameters):
            yield "To see what it depends on", command("sense", case, "--question", question, *into)


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
    heads = columns("questions", "forecaster", *number, name=("questions", "forecaster"), number=number)
    return Table(heads, tuple(body), "Scores over resolved questions (lower is better)")
