"""The verb that scores the sources' forecasts and the model's: score."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from standoff.cli.refusals import told
from standoff.cli.runs import processors
from standoff.cli.scenarios import AsJson
from standoff.cli.whatifs import Teller

if TYPE_CHECKING:
    from standoff.calibration import Forecasts, Standing


def score(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Scenarios; all bundled ones if none is named.")
    ] = None,
    runs: Annotated[int, typer.Option(min=1, help="How many runs of each scenario.")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="The seed of all luck.")] = 1,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors if not given.")] = None,
    figure: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Draw the reliability diagram.")] = None,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Score the sources' forecasts, the model's and naive ones.

    Each forecast of a source stands beside the model's answer and what happened.
    """
    with told(as_json=as_json):
        from standoff import calibration
        from standoff.scenario import bundled, load

        scenarios = [load(name) for name in names or bundled()]
        with ExitStack() as shown:
            tell = None if as_json or quiet else Teller(shown, runs)
            made = calibration.score_forecasts(
                scenarios, runs=runs, seed=seed, jobs=jobs or processors(), progress=tell
            )
        if figure is not None:
            from standoff.report import reliability_diagram

            figure.write_text(reliability_diagram(made.reliability), encoding="utf-8")
    if as_json:
        print(made.to_json(), end="")
        return
    _print(made)


def _print(made: Forecasts) -> None:
    from rich.markup import escape

    from standoff.cli.tables import console_here, new_table, percent

    console = console_here()
    numbers = ["author", "model", "95% interval"]
    table = new_table("Forecasts", ["", "question", *numbers, "outcome", "source"], right=numbers)
    for one in made.questions:
        author = "" if one.author_low is None else f"{one.author_low:.0%} – {one.author_high:.0%}"
        model = [percent(value) for value in (one.model, one.low, one.high) if value is not None]
        cells = (one.id, one.ask, author, model[0], " – ".join(model[1:]), one.outcome or "", one.source)
        table.add_row(*map(escape, cells))
    console.print(table)
    numbers = ["n", "Brier (95%)", "log (95%)", "model better by (Brier)"]
    heading = "Scores over resolved forecasts (lower is better)"
    table = new_table(heading, ["source", "forecaster", *numbers], right=numbers)
    last = None
    for standing in made.scores:
        table.add_row(escape(standing.source) if standing.source != last else "", *_row(standing))
        last = standing.source
    console.print(table)
    numbers = ["said", "n", "came true", "95% interval"]
    table = new_table("Reliability", ["forecaster", "between", *numbers], right=numbers)
    for bar in made.reliability:
        between = f"{bar.begin:.0%} and {bar.end:.0%}"
        interval = f"{percent(bar.low)} – {percent(bar.high)}"
        table.add_row(bar.who, between, percent(bar.said), str(bar.n), percent(bar.came), interval)
    console.print(table)
    console.print(f"[bold]Warning.[/bold] {escape(made.warning)}", soft_wrap=True)


def _row(one: Standing) -> list[str]:
    def between(value: float | None, low: float | None, high: float | None, sign: str = "") -> str:
        interval: Any = "" if low is None or high is None else f" ({low:{sign}.2f} to {high:{sign}.2f})"
        return "" if value is None else f"{value:{sign}.3f}{interval}"

    return [
        one.who, str(one.n), between(one.brier, one.low, one.high), between(one.log, one.log_low, one.log_high),
        between(one.better, one.better_low, one.better_high, "+"),
    ]  # fmt: skip
