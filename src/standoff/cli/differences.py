"""The verb that tells two scenarios apart: diff."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict
from typing import Annotated, Any

import typer

from standoff.cli.elsewhere import On, workers_of
from standoff.cli.numbers import whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import All, AsJson, Processes, Quiet, Seed
from standoff.numerals import many

MOST_SHOWN = 160
"""Letters of one change that are printed; `--all` prints all."""

First = Annotated[str, typer.Argument(metavar="A", help="A file, a folder, or the name of a bundled scenario.")]
Second = Annotated[str, typer.Argument(metavar="B", help="The other one.")]


def diff(
    first: First,
    second: Second,
    runs: Annotated[int | None, whole(2, "Also compare the answers, over this many runs of each.")] = None,
    seed: Seed = 1,
    jobs: Processes = None,
    on: On = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    everything: All = False,
) -> None:
    """Say in words what differs between two scenarios.

    With --runs also what becomes of the questions that both ask: runs of a pair share the random numbers of every rule
    that both have under one name.
    """
    with errors_reported(as_json=as_json):
        from standoff.scenario import differences, load, load_to_run, summary

        read = load if runs is None else load_to_run
        one, other = read(first), read(second)
        changes = differences(one.document, other.document)
        made = None
        shared = set(map(str, one.document.questions)) & set(map(str, other.document.questions))
        if runs is not None and shared:
            from standoff import analysis
            from standoff.cli.whatifs import Teller

            with workers_of(on, jobs, one, other) as workers, ExitStack() as shown:
                tell = None if as_json or quiet else Teller(shown, runs)
                made = analysis.compare(one, {second: other}, runs=runs, seed=seed, progress=tell, **workers)
    apart = sorted({*map(str, one.expanded.rules)} ^ {*map(str, other.expanded.rules)}) if runs is not None else []
    if as_json:
        content: dict[str, Any] = {"a": one.name, "b": other.name, "changes": [asdict(change) for change in changes]}
        if made is not None:
            content |= {"answers": json.loads(made.to_json()), "not_coupled": apart}
        print_json(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
        return
    print(summary(changes))
    for change in changes:
        told = str(change)
        print(f"  {told if everything or len(told) <= MOST_SHOWN else told[: MOST_SHOWN - 1] + '…'}")
    if runs is not None and not shared:
        print(f"\n{one.name} and {other.name} have no question of one name, so that no answers can be compared.")
    if made is None:
        return
    from standoff.cli.layout import show

    print()
    show(made.display(), everything=everything)
    if apart:
        named = f"{', '.join(apart[:5])}{', …' if len(apart) > 5 else ''}"
        found = many(len(apart), "rule is in one of them only and shares", "rules are in one of them only and share")
        print(f"{found} no random numbers: {named}")
