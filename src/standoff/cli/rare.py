"""The verb that asks how likely a rare outcome is: rare."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from standoff.cli.refusals import told
from standoff.cli.runs import Into, keep_in, processors
from standoff.cli.scenarios import AsJson, Name, Settings, Variant, settings_of

if TYPE_CHECKING:
    from standoff.analysis import Rare


def rare(
    name: Name,
    question: Annotated[str, typer.Option(help="The question.")],
    replicates: Annotated[int, typer.Option(min=2, help="How many estimates are made; their mean is told.")] = 10,
    particles: Annotated[int, typer.Option(min=2, help="How many runs at a time each estimate is made of.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="The seed of all luck.")] = 1,
    jobs: Annotated[int | None, typer.Option(min=1, help="Threads; as many as processors if not given.")] = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    into: Into = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Estimate how likely a rare outcome is.

    Runs that come near a yes are gone on with in more ways than one, and weigh less.
    """
    settings = settings_of(setting)
    with told(as_json=as_json):
        from standoff import analysis
        from standoff.cli.progress import progress
        from standoff.scenario import load

        scenario = load(name, variant=variant, settings=settings)
        began = time.monotonic()
        with nullcontext() if as_json or quiet else progress(scenario.name, replicates) as tell:
            made = analysis.rare(
                scenario, question, replicates=replicates, particles=particles, seed=seed, jobs=jobs or processors(),
                progress=tell,
            )  # fmt: skip
        seconds = time.monotonic() - began
        keep_in(into, "rare.json", made.to_json())
    if as_json:
        print(made.to_json(), end="")
    else:
        _print(made, seconds)


def _print(made: Rare, seconds: float) -> None:
    from rich.markup import escape

    from standoff.cli.tables import console_here, new_table

    console = console_here()
    head = f"{made.scenario}: {made.replicates} replicates of {made.particles:,} particles, seed {made.seed}"
    console.print(f"[bold]{escape(head)}, {seconds:.1f} s[/bold]", soft_wrap=True)
    console.print(f"{escape(made.ask)} [dim]{escape(made.question)}[/dim]", soft_wrap=True)
    console.print(f"probability {made.estimate:.3g}, 95% interval {made.low:.3g} to {made.high:.3g}", soft_wrap=True)
    if made.runs_if_plain is not None:
        console.print(f"plain runs for the same error: {made.runs_if_plain:,}")
    if 0 < made.zero:
        console.print(f"{made.zero} of {made.replicates} replicates never came to a yes; {_advice(made)}")
    levels = new_table("Levels passed", ("height above", "share that passes", "probability"), right=("height above", "share that passes", "probability"))
    reached = 1.0
    for one in made.levels:
        reached *= one.share
        levels.add_row(f"{one.level:.4g}", f"{one.share:.3f}", f"{reached:.3g}")
    if made.levels:
        console.print(levels)
    console.print(f"height, {'declared' if made.declared else 'found in the condition'}: {escape(made.importance)}", soft_wrap=True)


def _advice(made: Rare) -> str:
    return "x"
