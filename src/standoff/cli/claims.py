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
from standoff.cli.scenarios import AsJson, Name, Quiet, Seed, Settings, Threads, Variant, settings_of
from standoff.numerals import alike, many, with_interval, with_seed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from standoff.analysis.effects import ClaimFinding, Claims, RivalFinding
    from standoff.scenario import Scenario

FEW = 12
"""Up to this many claims are described in words; beyond it, only those that do not hold."""

MARKS = {
    "holds": "[green]holds[/green]",
    "weaker than claimed": "[yellow]weaker than claimed[/yellow]",
    "reversed": "[bold red]reversed[/bold red]",
    "not distinguishable": "[dim]not distinguishable[/dim]",
}


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
        from standoff.scenario import load

        scenario = load(name, variant=variant, settings=settings)
        if knock_out:
            _knocked_out(scenario, only or (), runs or 400, seed, jobs, on, into, as_json=as_json, quiet=quiet)
            return
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
    if as_json:
        print_json(made.to_json())
        return
    _print(made)


def _knocked_out(
    scenario: Scenario, only: Sequence[str], runs: int, seed: int, jobs: int | None, on: str | None,
    into: Path | None, *, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Knocks out mechanisms, and prints what each moves."""
    from standoff import analysis
    from standoff.cli.knock_outs import print_knock_outs
    from standoff.cli.progress import progress
    from standoff.errors import UsageError

    if into is not None:
        raise UsageError("--into keeps what is said of claims; what mechanisms move is not kept: use --json")
    shown = nullcontext() if as_json or quiet else progress(scenario.name, runs)
    with workers_of(on, jobs, scenario) as workers, shown as tell:
        made = analysis.knock_out(scenario, seed=seed, runs=runs, only=only, progress=tell, **workers)
    if as_json:
        print_json(made.to_json())
    else:
        print_knock_outs(made)


def _print(made: Claims) -> None:
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    theses = [one for one in made.claims if one.kind == "thesis"]
    wiring = [one for one in made.claims if one.kind == "wiring"]
    counts = [_counted(theses, "thesis", "theses"), _counted(wiring, "test of wiring", "tests of wiring")]
    heading = f"{made.scenario}: {'; '.join(part for part in counts if part)}"
    console.print(f"[bold]{one_line(heading)}[/bold]", soft_wrap=True)
    for sentence in _on_rivals(theses):
        console.print(one_line(sentence), soft_wrap=True)
    for what, tested, more in (("thesis", theses, ("at least", "rules")), ("wiring", wiring, ())):
        if tested:
            right = ("effect", "interval", *more, "pairs")
            last = ("unit", "rivals") if more else ("unit",)
            columns = (what, "mechanism", "verdict", *right, *last)
            table = new_table("", columns, right=right, whole=(what, "verdict", "rivals"))
            for one in tested:
                table.add_row(*_row(one))
            console.print(table)
    pairs = with_seed("pairs of runs", "coupled", made.seed)
    console.print(
        f"effect: of the cause alone, in {pairs}, which share their random numbers; a false verdict is reached with "
        f"probability {made.error:g} at most", style="dim",
    )  # fmt: skip
    few = len(made.claims) <= FEW
    for one in made.claims:
        if few or one.verdict != "holds":
            console.print(_told(one), soft_wrap=True)


def _counted(tested: Sequence[ClaimFinding], what: str, several: str) -> str:
    """How many of a kind there are, and how many have each verdict."""
    if not tested:
        return ""
    found = [str(one.verdict) for one in tested]
    told = []
    for verdict in MARKS:
        count = found.count(verdict)
        if count:
            told.append(f"{count} {'hold' if verdict == 'holds' and count > 1 else verdict}")
    return f"{many(len(tested), what, several)}: {', '.join(told)}"


def _on_rivals(theses: Sequence[ClaimFinding]) -> Iterator[str]:
    """What the rivals of the theses say."""
    passed = [one.id for one in theses if one.tests_nothing]
    if passed:
        yield f"Every rival passes too, so that these test nothing: {', '.join(passed)}."
    alone = sum(not one.rivals for one in theses)
    if alone:
        yield f"{many(alone, 'thesis', 'theses')} stood against no rival."


def _row(one: ClaimFinding) -> list[str]:
    from standoff.cli.layout import one_line

    effect, *ends = _numbers(one, one.unit)
    about = [one_line(one.id), one_line(" ".join(one.mechanism)), MARKS[one.verdict], effect, " to ".join(ends)]
    unit = one_line("points" if one.unit == "probability" else one.unit or "")
    if one.kind == "wiring":
        return [*about, f"{one.runs:,}", unit]
    fail = sum(rival.fails for rival in one.rivals)
    rivals = f"{fail} of {len(one.rivals)} fail" if one.rivals else ""
    rules = str(len(one.way)) if one.way is not None else "no way"
    return [*about, one_line(one.at_least or ""), rules, f"{one.runs:,}", unit, rivals]


def _numbers(one: ClaimFinding | RivalFinding, unit: str | None) -> list[str]:
    """An effect and its interval; of a probability in points."""
    return alike(one.effect, one.low, one.high, plus=True, points=unit == "probability")


def _told(one: ClaimFinding) -> str:
    """A claim in words: what the source says, how it was tested, and what selection says."""
    from standoff.cli.layout import one_line

    hedge = f' ("{one.hedge}")' if one.hedge else ""
    evidence = f" [{', '.join(one.evidence)}]" if one.evidence else ""
    lines = [
        f"\n[bold]{one_line(one.id)}[/bold] {MARKS[one.verdict]}: {one_line(one.says + hedge + evidence)}",
        f"  cause: {one_line(one.cause)}",
        f"  effect: {one_line(one.expect)}",
    ]
    if one.least is not None and one.verdict in ("weaker than claimed", "not distinguishable"):
        short = max(abs(one.low), abs(one.high)) < one.least
        told = "it falls short of that" if short else f"not shown to be reached in {many(one.runs, 'pair')}"
        lines.append(f"  at least: {one_line(one.at_least or '')}; {told}")
    if one.way:
        lines.append(f"  through: {one_line(', '.join(one.way))}")
    lines += [f"  {one_line(_opposed(one, rival))}" for rival in one.rivals]
    if one.against:
        lines.append(f"  against: {one_line(', '.join(one.against))}")
    if one.selection is not None:
        lines.append(f"  {one_line(_selected(one))}")
    return "\n".join(lines)


def _opposed(one: ClaimFinding, rival: RivalFinding) -> str:
    """A thesis under a rival, in words."""
    effect, low, high = _numbers(rival, one.unit)
    if one.verdict == "holds":
        says = "fails, as it must" if rival.fails else "passes too"
    else:
        says = "fails too" if rival.fails else "passes"
    return f"rival {rival.rival}: {says} ({rival.verdict}: {effect}, {low} to {high})"


def _selected(one: ClaimFinding) -> str:
    found = one.selection
    if found is None:
        return ""
    counts = f"{many(found.with_runs, 'run')} with it, {found.without_runs:,} without"
    low, high = found.low, found.high
    if found.effect is None or low is None or high is None:
        return f"given {found.given}: too few runs to select from ({counts})"
    return (
        f"given {found.given}: by selection {with_interval(found.effect, low, high, plus=True)} "
        f"({counts}), by intervention {with_interval(one.effect, one.low, one.high, plus=True)}"
    )
