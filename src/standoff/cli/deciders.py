"""Who decides, as `sense --deciders` asks and prints it: what hangs on luck, on numbers, and on each actor's policy."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from standoff.cli.elsewhere import workers_of
from standoff.numerals import figure, many, points, with_interval, with_seed

if TYPE_CHECKING:
    from standoff.scenario import Scenario
    from standoff.strategy import ActorShare, Decided, DecidedQuestion

ROWS = 5
"""How many runs of each kind there are for each of --runs, as many as the split of `sense` rests on."""


def split_by_deciders(
    scenario: Scenario, *, runs: int, seed: int, jobs: int | None, on: str | None, shown: bool
) -> Decided:
    """The split of the variance among luck, parameters and who decides, with a bar of progress if it is shown."""
    from standoff import strategy
    from standoff.cli.progress import progress

    with (
        workers_of(on, jobs, scenario) as workers,
        progress(scenario.name, ROWS * runs) if shown else nullcontext() as tell,
    ):
        return strategy.sense_deciders(scenario, runs=ROWS * runs, seed=seed, progress=tell, **workers)


def print_deciders(made: Decided, questions: Sequence[str]) -> None:
    """Two tables: what each answer depends on, and how each actor moves it."""
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    who = "; ".join(f"{actor}: {', '.join(names)}" for actor, names in made.policies.items())
    head = f"{made.scenario}: {with_seed(many(made.runs, 'run'), 'coupled', made.seed)} of each kind"
    console.print(f"[bold]{one_line(head)}[/bold]", soft_wrap=True)
    console.print(one_line(f"each policy as likely: {who}"), soft_wrap=True)
    shown = [one for one in made.questions if not questions or one.question in questions]
    columns = ("question", "mean", "", "chance", "parameters", "who decides")
    table = new_table("What the variance comes from", columns, right=columns[3:], whole=("question",))
    for one in shown:
        if one.note is None:
            table.add_row(*map(one_line, (one.question, figure(one.mean), "alone", *_parts(one, "first"))))
            table.add_row(*map(one_line, ("", "", "in all", *_parts(one, "total"))))
    console.print(table)
    for one in shown:
        if one.note is not None:
            console.print(one_line(f"– {one.question}: {one.note}"), soft_wrap=True)
    console.print(
        "shares of the variance, 95% intervals; alone: what would vanish if only this were known; in all: what would "
        "stay if only this were not", style="dim",
    )  # fmt: skip
    heads = ("question", "actor", "in all", "from", "to", "difference")
    table = new_table("How who decides moves the answer", heads, right=("in all", "difference"), whole=("question",))
    for one in shown:
        told = sorted(one.actors, key=lambda actor: -abs(actor.swing.difference))
        for row, actor in enumerate(told):
            table.add_row(*map(one_line, (one.question if row == 0 else "", *_moved(one, actor))))
    console.print(table)
    console.print(
        "differences in pairs of runs between the policies with the lowest and the highest mean, picked on one half of "
        "the runs and measured on the other; shares in percentage points", style="dim",
    )  # fmt: skip


def _parts(one: DecidedQuestion, order: str) -> list[str]:
    parts = []
    for indices in (one.luck, one.parameters, one.deciders):
        share = None if indices is None else getattr(indices, order)
        parts.append("–" if share is None else with_interval(share.value, share.low, share.high, dash="–"))
    return parts


def _moved(one: DecidedQuestion, actor: ActorShare) -> list[str]:
    swing, total = actor.swing, None if actor.indices is None else actor.indices.total
    moves = (swing.difference, swing.low, swing.high)
    difference = with_interval(*moves, plus=True) if one.type == "number" else points(*moves)
    share = "–" if total is None else with_interval(total.value, total.low, total.high, dash="–")
    # Where no policy moves the answer, none has the lowest or the highest mean.
    ends = [swing.least, swing.most] if swing.least != swing.most else ["–", "–"]
    return [actor.actor, share, *ends, difference]
