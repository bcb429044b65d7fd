"""The verbs of strategy: solve game."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from standoff.cli.elsewhere import On, workers_of
from standoff.cli.numbers import fraction, whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.runs import Into, check_into, keep_in
from standoff.cli.scenarios import AsJson, Name, Quiet, Seed, Settings, Threads, Variant, settings_of
from standoff.numerals import many, percent, read_number, with_interval, with_seed, with_unit

if TYPE_CHECKING:
    from rich.console import Console

    from standoff.scenario import Scenario
    from standoff.strategy import Equilibrium, GainByLeaving, SolvedGame

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Ask what actors gain by their policies, and what is stable."
)

STANDINGS = {
    "settled": "[green]settled[/green]",
    "refuted": "[bold red]refuted[/bold red]",
    "not distinguishable": "[dim]not distinguishable[/dim]",
}


@app.command(epilog="Example: standoff solve game eastern-syria-2018 --actor us --actor rus=trade --tolerance 0.5")
def game(
    name: Name,
    tolerance: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[ACTOR=]GAIN",
            help="The gain that does not matter, in the unit of the goals; for one actor: us=0.5; may be repeated.",
        ),
    ] = None,
    actor: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME[=POLICY,…]", help="An actor that chooses, among these policies or all; may be repeated."
        ),
    ] = None,
    blocks: Annotated[int, whole(2, "Runs of each profile from which equilibria are worked out.")] = 400,
    runs: Annotated[int, whole(2, "Largest number of fresh runs of each profile by which they are judged.")] = 3200,
    error: Annotated[float, fraction("P", "Probability that any verdict is wrong.")] = 0.05,
    gambit: Annotated[bool, typer.Option("--gambit", help="Ask the solvers of Gambit too.")] = False,
    seed: Seed = 1,
    jobs: Threads = None,
    on: On = None,
    into: Into = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    quiet: Quiet = False,
) -> None:
    """Let actors follow each of their policies, and say which profiles are equilibria.

    An equilibrium is settled where fresh runs say that nobody gains more than --tolerance by leaving it, refuted where
    somebody does, and not distinguishable where --runs do not tell.
    """
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff import strategy
        from standoff.cli.progress import progress
        from standoff.scenario import load

        scenario = load(name, variant=variant, settings=settings)
        within = _tolerance(tolerance, scenario)
        check_into(into, scenario)
        shown = nullcontext() if as_json or quiet else progress(scenario.name, blocks)
        with workers_of(on, jobs, scenario) as workers, shown as tell:
            made = strategy.solve_game(
                scenario, tolerance=within, actors=_named(actor), seed=seed, blocks=blocks, at_most=runs, error=error,
                gambit=gambit, progress=tell, **workers,
            )  # fmt: skip
        keep_in(into, "game.json", made.to_json())
    if as_json:
        print_json(made.to_json())
        return
    _print(made)


def _named(actors: Sequence[str] | None) -> dict[str, tuple[str, ...]] | None:
    """The actors that are named with their policies; None where nobody is."""
    if not actors:
        return None
    named: dict[str, tuple[str, ...]] = {}
    for text in actors:
        one, equals, policies = (part.strip() for part in text.partition("="))
        if one in named:
            raise typer.BadParameter(f"'{one}' is named twice; write {one}=POLICY,POLICY once", param_hint="--actor")
        named[one] = tuple(policy.strip() for policy in policies.split(",")) if equals else ()
    return named


def _tolerance(given: Sequence[str] | None, scenario: Scenario) -> float | dict[str, float]:
    """The gain that does not matter: one for all, or by actor; refused where it is left out."""
    from standoff.errors import UsageError

    if not given:
        units = ", ".join(f"{actor}: {goal.unit or 'no unit'}" for actor, goal in scenario.document.goals.items())
        told = f", in the unit of its goal ({units})" if units else ""
        raise UsageError(f"give --tolerance: the gain that does not matter to an actor{told}, such as --tolerance 0.5")
    each: dict[str, float] = {}
    for text in given:
        actor, _, number = (part.strip() for part in text.rpartition("="))
        value = read_number(number)
        if value is None or not 0 < value < float("inf"):
            raise typer.BadParameter(f"'{number}' is not a number above 0", param_hint="--tolerance")
        if actor in each:
            raise typer.BadParameter(f"'{text}': there is a tolerance already", param_hint="--tolerance")
        each[actor] = value
    if "" in each and len(each) > 1:
        raise typer.BadParameter("give one for all, or one for each actor", param_hint="--tolerance")
    return each.get("", each)


# -- printing ----------------------------------------------------------------------------------------------------------


def _print(made: SolvedGame) -> None:
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    each = (f"{player.actor} ({many(len(player.policies), 'policy', 'policies')})" for player in made.players)
    who = " and ".join(each)
    head = f"{made.scenario}: the game of {who}, {with_seed(many(made.blocks, 'run'), 'coupled', made.seed)} a profile"
    console.print(f"[bold]{one_line(head)}[/bold]", soft_wrap=True)
    actors = [player.actor for player in made.players]
    gains = [f"{player.actor} gains{f', {player.unit}' if player.unit else ''}" for player in made.players]
    table = new_table("", (*actors, *gains), right=gains, whole=actors)
    rows: dict[tuple[str, ...], list[str]] = {}
    for payoff in made.payoffs:
        row = rows.setdefault(payoff.profile, list(payoff.profile))
        row.append(with_interval(payoff.mean, payoff.low, payoff.high, dash="–"))
    for row in rows.values():
        table.add_row(*map(one_line, row))
    console.print(table)
    console.print(
        "means with 95% intervals, each on its actor's own scale; run r of every profile has the same luck, so "
        "differences are known better than these intervals say", style="dim",
    )  # fmt: skip
    _print_equilibria(console, made)
    for note in made.notes:
        console.print(one_line(f"– {note}"), soft_wrap=True)


def _print_equilibria(console: Console, made: SolvedGame) -> None:
    from standoff.cli.layout import one_line

    if not made.equilibria:
        console.print("\nno profile of these policies is an equilibrium of the mean payoffs that was found")
    for number, one in enumerate(made.equilibria, start=1):
        console.print(f"\n[bold]Equilibrium {number}[/bold] {STANDINGS[one.standing]}", soft_wrap=True)
        for line in _in_words(one, made):
            console.print(one_line(line), soft_wrap=True)


def _in_words(one: Equilibrium, made: SolvedGame) -> Iterator[str]:
    units = {player.actor: player.unit for player in made.players}
    for actor, shares in one.shares.items():
        mixed = len(shares) > 1
        told = ", ".join(f"{policy} {percent(share)}" if mixed else policy for policy, share in shares.items())
        yield f"{actor}: {told}"
    within = _within(made)
    largest = max(one.gains, key=lambda gain: gain.high / made.tolerance[gain.actor], default=None)
    if one.broken_by is not None:
        yield f"{_gain(one.broken_by, units)}, which is more than {within}"
    elif largest is None:
        yield "nobody has another policy"
    elif one.standing == "settled":
        yield f"nobody gains more than {within} by leaving it; nearest to it: {_gain(largest, units)}"
    else:
        more = "no number of runs would tell" if one.more is None else f"it would take about {one.more:,} more runs"
        yield f"{one.blocks:,} runs do not tell whether anybody gains more than {within} by leaving it; {more}"
        yield f"nearest to it: {_gain(largest, units)}"
    if any(len(shares) > 1 for shares in one.shares.values()):
        yield f"the same policies are an equilibrium in {percent(one.stability)} of resampled games"


def _within(made: SolvedGame) -> str:
    """The tolerance: one for all, where it is the same and in one unit, or each actor's."""
    units = {player.actor: player.unit for player in made.players}
    each = {with_unit(f"{tolerance:g}", units[actor]) for actor, tolerance in made.tolerance.items()}
    if len(each) == 1:
        return each.pop()
    return ", ".join(f"{actor} {tolerance:g}" for actor, tolerance in made.tolerance.items())


def _gain(gain: GainByLeaving, units: dict[str, str | None]) -> str:
    interval = with_interval(gain.gain, gain.low, gain.high, plus=True)
    return f"{gain.actor} by {gain.policy}, {with_unit(interval, units[gain.actor])}"
