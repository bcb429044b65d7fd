"""The verb that asks why: explain."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated

import typer

from standoff.cli.elsewhere import processors
from standoff.cli.numbers import whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.runs import Into, check_into, keep_in
from standoff.cli.scenarios import All, AsJson, Name, Quiet, Seed, Settings, Threads, Variant, settings_of


def explain(
    name: Name,
    question: Annotated[str, typer.Option(metavar="QUESTION", help="The question whose yes to explain.")],
    runs: Annotated[int, whole(2, "Number of runs.")] = 500,
    stories: Annotated[int, whole(0, "Number of runs that say yes to tell as stories.")] = 3,
    run: Annotated[int | None, whole(0, "Tell only the story of this run.")] = None,
    into: Into = None,
    seed: Seed = 1,
    jobs: Threads = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    quiet: Quiet = False,
    everything: All = False,
) -> None:
    """Explain why an outcome comes about.

    Shows the routes to it, the events it depends on, and the stories of single runs. To test an event, it is removed
    from runs while all other random numbers stay the same.
    """
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff import analysis
        from standoff.cli.progress import progress
        from standoff.scenario import load_to_run

        scenario = load_to_run(name, variant=variant, settings=settings)
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
    from standoff.cli.layout import show

    show(made.display(), everything=everything)
