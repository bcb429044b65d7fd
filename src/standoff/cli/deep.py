"""What `check --deep` makes and prints: the findings of a deep check, counted."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standoff.scenario import LooseEnds


def checked_deeply(name: str, *, runs: int, seed: int, jobs: int | None, quiet: bool) -> tuple[LooseEnds, str | None]:
    """The findings of a deep check of a scenario without errors, and why a run stopped, if one did.

    What needs no run is worth knowing then too, so it is found all the same.
    """
    from standoff.analysis import deep_check
    from standoff.cli.elsewhere import processors
    from standoff.cli.progress import progress
    from standoff.errors import RunStopped
    from standoff.scenario import load

    scenario = load(name)
    try:
        with nullcontext() if quiet or not runs else progress("deep check", runs) as tell:
            return deep_check(scenario, runs=runs, seed=seed, jobs=jobs or processors(), progress=tell), None
    except RunStopped as stopped:
        return deep_check(scenario, runs=0), str(stopped)


def plain(found: LooseEnds, stopped: str | None) -> dict[str, object]:
    """The findings as plain data, for `--json`."""
    findings = [
        {"finds": one.finds, "name": one.name, "apart": one.apart or None, "code": one.fault.code, "at": one.place}
        for one in found.findings
    ]
    counts = [asdict(one) for one in found.counts]
    return {
        "runs": found.runs, "seed": found.seed, "stopped": stopped, "counts": counts, "findings": findings,
    }  # fmt: skip


def print_counts(found: LooseEnds) -> None:
    """One line for each kind of finding."""
    for one in found.counts:
        apart = ", ".join(f"{number} {_APART.get(name, name)}" for name, number in one.apart.items())
        runs = f" in {found.runs:,} runs, seed {found.seed}" if one.finds == "rule that never fired" else ""
        print(f"{_MANY[one.finds]}: {one.found} of {one.of}{runs}" + (f" ({apart})" if apart else ""))


_APART = {"goal": "for a goal alone"}
_MANY = {
    "unread state": "states that only their own writers read",
    "rule without a path": "rules without a path to a question",
    "rule that never fired": "rules that never fired",
    "parameter without a path": "parameters that no answer depends on",
    "constant rate": "rates that are always the same",
    "unread members": "states that nothing reads at some of their members",
    "decision that reads nothing": "decisions that read no state in what they choose",
}
