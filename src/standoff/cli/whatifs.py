"""The verbs that ask what if: compare, branch."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from standoff.cli.elsewhere import On, processors, workers_of
from standoff.cli.numbers import day, whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.runs import Into, check_into, keep_in
from standoff.cli.scenarios import All, AsJson, Name, Processes, Quiet, Seed, Settings, Threads, Variant, settings_of
from standoff.cli.verbs import read_each
from standoff.errors import Refusals, UsageError, each_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from standoff.scenario import Scenario


def compare(
    name: Name,
    what: Annotated[
        list[str],
        typer.Option(metavar="'LABEL: CHANGE, …'", help="A what-if: its label and its changes; may be repeated."),
    ],
    runs: Annotated[int, whole(2, "Number of runs of each case.")] = 1000,
    seed: Seed = 1,
    jobs: Processes = None,
    on: On = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    series: Annotated[bool, typer.Option("--series", help="Compare the watched series too.")] = False,
    into: Into = None,
    quiet: Quiet = False,
    everything: All = False,
) -> None:
    """Compare a base case with what-ifs that share its random numbers.

    --set and --variant give the base case. Each --what changes it by one or more of: parameter=number, variant=NAME,
    overlay=FILE (a partial scenario, merged over it), inject=NAME (switched on), policy=NAME (an actor follows it).
    """
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff import analysis

        base, whats = _cases(name, what, variant=variant, settings=settings)
        check_into(into, base)
        with workers_of(on, jobs, base, *whats.values()) as workers, ExitStack() as shown:
            tell = None if as_json or quiet else Teller(shown, runs)
            made = analysis.compare(base, whats, runs=runs, seed=seed, progress=tell, **workers)
        keep_in(into, "compare.json", made.to_json())
    if as_json:
        print_json(made.to_json())
        return
    from standoff.cli.layout import show

    show(made.display(series=series), everything=everything)


def _cases(
    name: str, what: Sequence[str], *, variant: str | None, settings: dict[str, float]
) -> tuple[Scenario, dict[str, Scenario]]:
    """The base case and its what-ifs by their labels; one error tells all that is wrong with the options."""
    from standoff import analysis
    from standoff.scenario import load_to_run

    refused = Refusals()
    with refused:
        base = load_to_run(name, variant=variant, settings=settings)
    if refused and (variant is not None or settings):
        # What it has as it is written is what a what-if can name.
        with refused:
            base = load_to_run(name)
            each_of(what, lambda text: analysis.what_if(base, text, load=partial(load_to_run, name)))
    refused.tell()
    given = each_of(what, lambda text: analysis.what_if(base, text, load=partial(load_to_run, name)))
    whats = dict(given)
    if len(whats) < len(given):
        raise UsageError("two what-ifs have the same label; write 'LABEL: CHANGE' with a different label for each")
    return base, whats


def branch(
    name: Name,
    at: Annotated[date | None, day("Branch at the start of this date.")] = None,
    event: Annotated[int | None, whole(0, "Branch after this event instead; the first is 0.")] = None,
    run: Annotated[int, whole(0, "The run to branch, by its number.")] = 0,
    runs: Annotated[int, whole(2, "Number of continuations.")] = 500,
    change: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            callback=lambda given: _are_changes(given),
            help="Set a parameter or a state there, such as 'holder[ford]=blue' or alert=high; may be repeated.",
        ),
    ] = None,
    into: Into = None,
    seed: Seed = 1,
    jobs: Threads = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    quiet: Quiet = False,
    everything: All = False,
) -> None:
    """Continue one run in many ways from a date or an event.

    With --change, each continuation is run twice with the same random numbers: unchanged and changed.
    """
    settings, changes = settings_of(setting), _changes(change)
    with errors_reported(as_json=as_json):
        from standoff import analysis
        from standoff.cli.progress import progress
        from standoff.scenario import load_to_run

        scenario = load_to_run(name, variant=variant, settings=settings)
        check_into(into, scenario)
        with nullcontext() if as_json or quiet else progress(scenario.name, runs) as tell:
            made = analysis.branch(
                scenario, seed=seed, run=run, at=at, event=event,
                continuations=runs, jobs=jobs or processors(), changes=changes, progress=tell,
            )  # fmt: skip
        keep_in(into, "branch.json", made.to_json())
    if as_json:
        print_json(made.to_json())
        return
    from standoff.cli.layout import show

    show(made.display(), everything=everything)


def _changes(given: list[str] | None) -> dict[str, str]:
    """What `--change` sets, as it is written."""
    changes: dict[str, str] = {}

    def read(text: str) -> None:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise UsageError(f"'{text}' is not NAME=VALUE")
        if name in changes:
            raise UsageError(f"'{name}' is given twice")
        changes[name] = value

    read_each("--change", given, read)
    return changes


def _are_changes(given: list[str] | None) -> list[str] | None:
    _changes(given)
    return given


class Teller:
    """Shows one line of progress after another, one for each case."""

    def __init__(self, shown: ExitStack, runs: int) -> None:
        self.shown = shown
        self.runs = runs
        self.case: str | None = None

    def __call__(self, case: str, done: int, of: int) -> None:
        """Show how many runs of a case are finished."""
        from standoff.cli.progress import progress

        if case != self.case:
            self.shown.close()
            self.case, self.tell = case, self.shown.enter_context(progress(case, self.runs))
        self.tell(done, of)
