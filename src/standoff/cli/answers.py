"""The tables of answers and scores, as `run` and `ask` print them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from standoff.cli.layout import new_table, one_line
from standoff.cli.output import console_here
from standoff.ensemble import FEWEST_FOR_A_MEDIAN, DateAnswer, NumberAnswer, YesNoAnswer, median_is_bounded
from standoff.numerals import figure, many, percent, percents, signed, with_interval, with_seed
from standoff.time import date_at

if TYPE_CHECKING:
    from standoff.ensemble import Answer, Answers, Manifest, Score


def print_answers(about: Manifest, answers: Answers, page: Path | None) -> None:
    """The answers of an ensemble, its scores and warnings, and where the rest is."""
    console = console_here()
    runs = many(about.finished_runs, "run") + (f" of {about.runs:,}, cut short" if about.partial else "")
    heading = f"{about.title}: {with_seed(runs, about.sampler, about.seed)}, {about.seconds:.1f} s"
    console.print(f"[bold]{one_line(heading)}[/bold]", soft_wrap=True)
    chances = [one for one in answers.questions if not isinstance(one, NumberAnswer)]
    if chances:
        console.print(_chances(chances))
        if any(one.chance.spans for one in chances):
            console.print("≈ the interval spans two words, so more runs could change the word", style="dim")
        never = [one.question.id for one in chances if one.chance.yes == 0]
        if never:
            note = f"{', '.join(never)}: yes in 0 of {many(about.finished_runs, 'run')}; "
            note += "use standoff rare to estimate how rare it is"
            console.print(one_line(note), style="dim", soft_wrap=True)
    spreads = [one for one in answers.questions if not isinstance(one, YesNoAnswer)]
    if spreads:
        console.print(_spreads(spreads, date.fromisoformat(about.starts)))
    if answers.scores:
        console.print(_scores(answers.scores))
    for why in dict.fromkeys(answers.unscored.values()):
        names = ", ".join(question for question, reason in answers.unscored.items() if reason == why)
        console.print(one_line(f"Forecasts not scored, because {why}: {names}"), style="dim", soft_wrap=True)
    if answers.warning:
        console.print(f"[bold]Warning.[/bold] {one_line(answers.warning)}")
    if page is not None:
        console.print(f"Report: {one_line(str(page))}", soft_wrap=True)
    if about.given is None:
        console.print(f"To repeat: {one_line(about.command)}", soft_wrap=True)
    else:
        names = ", ".join(about.given.parameters)
        console.print(
            one_line(f"No command line repeats these runs: these parameters were given: {names}"), soft_wrap=True
        )


def _chances(rows: Sequence[YesNoAnswer | DateAnswer]) -> Table:
    right = ("probability", "95% interval", "source")
    columns = ("question", "probability", "95% interval", "in words", "source", "outcome")
    table = new_table("Questions", columns, right=right)
    for one in rows:
        forecast, chance = one.question.forecast, one.chance
        source = source_range(forecast.low, forecast.high) if forecast is not None else ""
        in_words = chance.word + (" ≈" if chance.spans else "")
        around = percents(chance.low, chance.high, like=chance.probability, dash=" – ")
        outcome = one_line(one.question.outcome or "")
        table.add_row(_ask(one), percent(chance.probability), around, in_words, source, outcome)
    return table


def source_range(low: float | None, high: float | None) -> str:
    """The range of probabilities that a source's words mean."""
    return "" if low is None or high is None else f"{low:.0%} – {high:.0%}"


def _spreads(rows: Sequence[NumberAnswer | DateAnswer], starts: date) -> Table:
    right = ("5%", "median", "its 95% interval", "95%", "recorded")
    table = new_table("Numbers and dates", ("question", *right, "unit"), right=right)
    for one in rows:
        came = one.question.value
        if isinstance(one, DateAnswer):
            cells = [one.dates[name] or "not by then" for name in ("5", "50", "95", "median_low", "median_high")]
            recorded, unit = "" if came is None else date_at(starts, came).isoformat(), ""
        else:
            spread = one.spread
            values = [*(spread.quantiles[name] for name in ("5", "50", "95")), spread.median_low, spread.median_high]
            cells = ["not finite" if value is None else figure(value) for value in values]
            recorded, unit = "" if came is None else figure(came), one.question.unit or ""
        error = " – ".join(cells[3:]) if median_is_bounded(one) else f"under {FEWEST_FOR_A_MEDIAN} runs"
        table.add_row(_ask(one), cells[0], cells[1], error, cells[2], recorded, one_line(unit))
    return table


def _ask(one: Answer) -> str:
    return f"{one_line(one.question.ask)} [dim]{one_line(one.question.id)}[/dim]"


def _scores(rows: Sequence[Score]) -> Table:
    right = ("n", "Brier (95%)", "log (95%)", "model better by (Brier)")
    title = "Scores over resolved questions (lower is better)"
    table = new_table(title, ("questions", "forecaster", *right), right=right)
    last = None
    for one in rows:
        table.add_row(
            one_line(one.over) if one.over != last else "",
            one.who,
            str(one.n),
            score_cell(one.brier, one.brier_low, one.brier_high),
            score_cell(one.log, one.log_low, one.log_high),
            score_cell(one.better, one.better_low, one.better_high, plus=True),
        )
        last = one.over
    return table


def score_cell(value: float | None, low: float | None, high: float | None, *, plus: bool = False) -> str:
    """A score with its interval, where it has one."""
    if value is None:
        return ""
    if low is None or high is None:
        return signed(value) if plus else figure(value)
    return with_interval(value, low, high, plus=plus)
