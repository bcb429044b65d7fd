"""The verb that tests what the sources say causes what: claims."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from standoff.cli.elsewhere import On, workers_of
from standoff.cli.numbers import fraction, whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.runs import Into, check_into, keep_in
from standoff.cli.scenarios import All, AsJson, Name, Quiet, Seed, Settings, Threads, Variant, settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from standoff.scenario import Scenario


def claims(
    name: Name,
    only: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CLAIM]...", help="Only these, or these mechanisms; all if none is named."),
    ] = None,
    knock_out: Annotated[
        bool, typer.Option("--knock-out", help="Knock out the mechanisms one by one and show what each moves.")
    ] = False,
    runs: Annotated[
        int | None,
        whole(100, "Largest number of pairs of runs for each claim (1,600), or the number for each mechanism (400)."),
    ] = None,
    error: Annotated[float, fraction("P", "Probability that a claim without any effect gets a verdict.")] = 0.01,
    seed: Seed = 1,
    jobs: Threads = None,
    on: On = None,
    rivals: Annotated[
        bool, typer.Option("--rivals/--no-rivals", help="Test each thesis under its rivals too, which must fail it.")
    ] = True,
    into: Into = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    quiet: Quiet = False,
    everything: All = False,
) -> None:
    """Test the claims of the sources against the model.

    Verdicts: holds (the effect goes the way the source says, a thesis's by its at_least or more), weaker than claimed
    (it goes that way, and does not reach at_least), reversed (it goes the other way), not distinguishable (not decided
    within --runs).

    With --knock-out, the mechanisms that the scenario names are switched off one by one instead.
    """
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff import analysis
        from standoff.cli.progress import progress
        from standoff.scenario import load_to_run

        scenario = load_to_run(name, variant=variant, settings=settings)
        if knock_out:
            return _knocked_out(scenario, only, runs, seed, jobs, on, into, as_json, quiet, everything)
        check_into(into, scenario)
        tested = [claim for name, claim in scenario.document.claims.items() if not only or name in only]
        count = len(tested) + (sum(len(claim.rivals) for claim in tested) if rivals else 0)
        shown = nullcontext() if as_json or quiet else progress(scenario.name, count, of="claims")
        with workers_of(on, jobs, scenario) as workers, shown as tell:
            made = analysis.try_claims(
                scenario, seed=seed, error=error, at_most=runs or 1600, only=only or (), rivals=rivals, progress=tell,
                **workers,
            )  # fmt: skip
        keep_in(into, "claims.json", made.to_json())
    from standoff.cli.layout import show

    print_json(made.to_json()) if as_json else show(made.display(), everything=everything)


def _knocked_out(
    scenario: Scenario, only: Sequence[str] | None, runs: int | None, seed: int, jobs: int | None, on: str | None,
    into: Path | None, as_json: bool, quiet: bool, everything: bool,
) -> None:  # fmt: skip
    """Knocks out mechanisms, and prints what each moves."""
    from standoff import analysis
    from standoff.cli.layout import show
    from standoff.cli.progress import progress
    from standoff.errors import UsageError

    if into is not None:
        raise UsageError("--into keeps what is said of claims; what mechanisms move is not kept: use --json")
    count = runs or 400
    shown = nullcontext() if as_json or quiet else progress(scenario.name, count)
    with workers_of(on, jobs, scenario) as workers, shown as tell:
        made = analysis.knock_out(scenario, seed=seed, runs=count, only=only or (), progress=tell, **workers)
    print_json(made.to_json()) if as_json else show(made.display(), everything=everything)
