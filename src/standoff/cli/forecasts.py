"""The verb that scores the sources' forecasts and the model's: score."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from standoff.cli.elsewhere import processors
from standoff.cli.numbers import whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import AsJson, Processes, Quiet, Seed
from standoff.cli.whatifs import Teller

if TYPE_CHECKING:
    from rich.console import Console

    from standoff.calibration import Forecasts, Standing


def score(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Scenarios; all bundled ones if none is named.")
    ] = None,
    runs: Annotated[int, whole(1, "Number of runs of each scenario.")] = 2000,
    seed: Seed = 1,
    jobs: Processes = None,
    beside: Annotated[
        str | None,
        typer.Option(metavar="VARIANT", help="Score this variant too, beside the scenarios as written; such as blind."),
    ] = None,
    figure: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Draw the reliability diagram.")] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Score the forecasts of the sources, the model and naive methods.

    Compares each forecast of a source with the model's answer and with what happened.
    """
    with errors_reported(as_json=as_json):
        from standoff import calibration
        from standoff.scenario import bundled, load

        scenarios = [load(name) for name in names or bundled()]
        others = [load(name, variant=beside) for name in names or bundled()] if beside is not None else []
        with ExitStack() as shown:
            tell = None if as_json or quiet else Teller(shown, runs)
            made = calibration.score_forecasts(
                scenarios, runs=runs, seed=seed, jobs=jobs or processors(), progress=tell, beside=others
            )
        if figure is not None:
            from standoff.report import reliability_diagram

            figure.write_text(reliability_diagram(made.reliability), encoding="utf-8")
    if as_json:
        print_json(made.to_json())
        return
    _print(made)


def _print(made: Forecasts) -> None:
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    if not made.questions and not made.unscored:
        console.print("There is no forecast to score: no question of a source has a `forecast:`.")
        return
    if made.questions:
        _print_scores(console, made)
    if made.unscored:
        table = new_table("Forecasts that are not scored", ["", "question", "scenario", "why"])
        for left_out in made.unscored:
            table.add_row(*map(one_line, (left_out.id, left_out.question, left_out.scenario, left_out.why)))
        console.print(table)
    console.print(f"[bold]Warning.[/bold] {one_line(made.warning)}", soft_wrap=True)


def _print_scores(console: Console, made: Forecasts) -> None:
    from standoff.cli.answers import source_range
    from standoff.cli.layout import new_table, one_line
    from standoff.numerals import percent, percents

    numbers = ["author", "model", "95% interval", *([made.beside] if made.beside is not None else [])]
    table = new_table("Forecasts", ["", "question", *numbers, "outcome", "source"], right=numbers)
    for one in made.questions:
        author = source_range(one.author_low, one.author_high)
        model, around = percent(one.model), percents(one.low, one.high, like=one.model, dash=" – ")
        changed = [] if made.beside is None else ["" if one.beside is None else percent(one.beside)]
        cells = (one.id, one.ask, author, model, around, *changed, one.outcome or "", one.source)
        table.add_row(*map(one_line, cells))
    console.print(table)
    numbers = ["n", "Brier (95%)", "log (95%)", "model better by (Brier)"]
    heading = "Scores over resolved forecasts (lower is better)"
    table = new_table(heading, ["source", "forecaster", *numbers], right=numbers)
    last = None
    for standing in made.scores:
        table.add_row(one_line(standing.source) if standing.source != last else "", *_row(standing))
        last = standing.source
    console.print(table)
    numbers = ["said", "n", "came true", "95% interval"]
    table = new_table("Reliability", ["forecaster", "between", *numbers], right=numbers)
    for bar in made.reliability:
        between = f"{bar.begin:.0%} and {bar.end:.0%}"
        interval = percents(bar.low, bar.high, like=bar.came, dash=" – ")
        table.add_row(bar.who, between, percent(bar.said), str(bar.n), percent(bar.came), interval)
    console.print(table)
    if made.direction:
        _print_direction(console, made)


def _print_direction(console: Console, made: Forecasts) -> None:
    from standoff.calibration import in_words
    from standoff.cli.layout import new_table, one_line

    numbers = ["toward what happened", "away from it", "p"]
    heading = "Direction: answers off the middle of the source's range"
    table = new_table(heading, ["forecaster", "over", *numbers], right=numbers)
    for one in made.direction:
        table.add_row(one.who, one_line(one.over), str(one.toward), str(one.away), f"{one.p:.2g}")
    console.print(table)
    last = next(one for one in reversed(made.direction) if one.who == "model")
    meaning = (
        "By luck alone about as many would lean away as toward. Many more toward means that what came later may have "
        "leaked into the model, or that it knows something that its sources did not."
    )
    console.print(f"{in_words(last)}. {meaning}", soft_wrap=True)


def _row(one: Standing) -> list[str]:
    from standoff.cli.answers import score_cell

    return [
        one.who, str(one.n), score_cell(one.brier, one.low, one.high), score_cell(one.log, one.log_low, one.log_high),
        score_cell(one.better, one.better_low, one.better_high, plus=True),
    ]  # fmt: skip
