"""The verb that asks why: explain, and what it prints."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from standoff.cli.elsewhere import processors
from standoff.cli.numbers import whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.runs import Into, check_into, keep_in
from standoff.cli.scenarios import AsJson, Name, Quiet, Seed, Settings, Threads, Variant, settings_of
from standoff.numerals import many, percent, percents, points, with_seed
from standoff.time import date_in_words

if TYPE_CHECKING:
    from standoff.analysis.explanations import Explanation, Named, Pivotal

MOST_SHOWN = 10
"""How many pivotal events are printed; --json has them all."""


def explain(
    name: Name,
    question: Annotated[str, typer.Option(metavar="QUESTION", help="The question whose yes to explain.")],
    runs: Annotated[int, whole(2, "Number of runs.")] = 500,
    stories: Annotated[int, whole(0, "Number of runs that say yes whose stories are told.")] = 3,
    run: Annotated[int | None, whole(0, "Tell only the story of this run.")] = None,
    into: Into = None,
    seed: Seed = 1,
    jobs: Threads = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    quiet: Quiet = False,
) -> None:
    """Explain why an outcome comes about.

    Shows the routes to it, the events it depends on, and the stories of single runs. To test an event, it is removed
    from runs while all other random numbers stay the same.
    """
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff import analysis
        from standoff.cli.progress import progress
        from standoff.scenario import load

        scenario = load(name, variant=variant, settings=settings)
        check_into(into, scenario)
        with nullcontext() if as_json or quiet else progress(scenario.name, runs) as tell:
            made = analysis.explain(
                scenario, question, runs=runs, seed=seed, jobs=jobs or processors(), stories=stories, run=run,
                progress=tell,
            )  # fmt: skip
        keep_in(into, f"explain-{made.question}.json", made.to_json())
    if as_json:
        print_json(made.to_json())
        return
    _print(made)


def _print(made: Explanation) -> None:
    from standoff.cli.layout import one_line
    from standoff.cli.output import console_here

    console = console_here()
    console.print(f"[bold]{one_line(made.ask)}[/bold] [dim]{one_line(made.question)}[/dim]", soft_wrap=True)
    if made.probability is not None and made.low is not None and made.high is not None:
        around = percents(made.low, made.high, like=made.probability, dash=" to ")
        runs = with_seed(many(made.runs, "run"), "coupled", made.seed)
        shares = f"{percent(made.probability)} (95% interval {around})"
        console.print(f"{one_line(made.scenario)}: yes in {shares} of {runs}")
    for route in made.routes:
        console.print(one_line(route.sentence))
    _parting(made)
    if made.pivotal:
        console.print(_pivotal(made.pivotal))
        console.print(
            "removing one undoes: share of the examined runs that say yes. With and without: probability of yes among "
            "the runs with and without such an event; this is selection, not cause. Where only a count is given, the "
            "runs are too few for a share.", style="dim",
        )  # fmt: skip
    for story in made.stories:
        console.print(f"\n[bold]Run {story.run}[/bold]")
        for sentence in story.sentences:
            console.print(one_line(sentence))
    _legend(made)


def _legend(made: Explanation) -> None:
    """What the scenario says of each rule that is named above, in its first sentence."""
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    moments = [one for one in (made.parting.answers, made.parting.routes) if one is not None]
    named: list[Named] = [mark for route in made.routes for mark in route.marks]
    named += [*moments, *made.pivotal[:MOST_SHOWN], *(event for story in made.stories for event in story.events)]
    rules = {one.rule: one.about.partition(". ")[0].rstrip(".") for one in named if one.about}
    if rules:
        table = new_table("What these events are", ("event", "in the words of the scenario"), whole=("event",))
        for rule, about in rules.items():
            table.add_row(one_line(rule), one_line(about))
        console_here().print(table)


def _parting(made: Explanation) -> None:
    from standoff.cli.output import console_here

    parted = ((made.parting.answers, "Runs that say yes and runs that say no"), (made.parting.routes, "The routes"))
    for one, words in parted:
        if one is not None:
            since = date_in_words(date.fromisoformat(one.date))
            sign = f"by whether {one.event} has come by then"
            console_here().print(f"{words} differ from {since} on, {sign}.", markup=False)


def _pivotal(rows: Sequence[Pivotal]) -> Any:  # Any: rich's table, which is loaded only to print
    from standoff.cli.layout import new_table, one_line

    right = ("removing one undoes", "95% interval", "yes with it", "without it", "difference, points")
    table = new_table("Pivotal events", ("event", *right), right=right)
    for row in rows[:MOST_SHOWN]:
        around = percents(row.low, row.high, like=row.share, dash=" – ")
        cells = [one_line(row.event), f"{row.undone} of {row.tested}", around]
        cells += [
            _of(row.with_it, row.with_yes, row.with_runs),
            _of(row.without_it, row.without_yes, row.without_runs),
        ]
        between = ""
        if row.difference is not None:
            between = points(row.difference, row.difference_low or 0.0, row.difference_high or 0.0)
        table.add_row(*cells, between)
    return table


def _of(share: float | None, yes: int, runs: int) -> str:

    if runs == 0:
        return "no runs"
    count = f"{yes:,} of {runs:,}"
    return count if share is None else f"{percent(share)}, {count}"
