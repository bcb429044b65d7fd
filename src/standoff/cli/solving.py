"""The verbs of strategy: solve game, solve grow, solve levers, solve bargain, solve decide."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from standoff.cli.elsewhere import On, workers_of
from standoff.cli.numbers import day, fraction, whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.runs import Into, check_into, keep_in
from standoff.cli.scenarios import All, AsJson, Name, Quiet, Seed, Settings, Threads, Variant, settings_of
from standoff.cli.verbs import Verbs, read_each
from standoff.errors import UsageError
from standoff.numerals import read_number

if TYPE_CHECKING:
    from standoff import strategy
    from standoff.scenario import Scenario

app = Verbs(help="Ask what actors gain by their policies, and what is stable.")

Players = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME[=POLICY,…]", help="An actor that chooses, among these policies or all; may be repeated."
    ),
]


@app.command(epilog="Example: standoff solve game eastern-syria-2018 --actor us --actor rus --tolerance 0.5")
def game(
    name: Name,
    tolerance: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[ACTOR=]GAIN",
            help="The gain that does not matter, in the unit of the goals; for one actor: us=0.5; may be repeated.",
        ),
    ] = None,
    actor: Players = None,
    blocks: Annotated[int, whole(2, "Runs of each profile from which equilibria are worked out.")] = 400,
    runs: Annotated[int, whole(2, "Largest number of fresh runs of each profile by which they are judged.")] = 3200,
    error: Annotated[float, fraction("P", "Probability that any verdict is wrong.")] = 0.05,
    gambit: Annotated[bool, typer.Option("--gambit", help="Ask the solvers of Gambit too.")] = False,
    precision: Annotated[
        list[str] | None,
        typer.Option(
            "--lambda",
            metavar="[ACTOR=]L",
            help="Also say how often each policy is followed by actors that mostly take what is better (logit quantal "
            "response), at this precision, in 1 / unit; may be repeated.",
        ),
    ] = None,
    seed: Seed = 1,
    jobs: Threads = None,
    on: On = None,
    into: Into = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    quiet: Quiet = False,
    everything: All = False,
) -> None:
    """Let actors follow each of their policies, and say which profiles are equilibria.

    An equilibrium is settled where fresh runs say that nobody gains more than --tolerance by leaving it, refuted where
    somebody does, and not distinguishable where --runs do not tell.
    """
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff import strategy
        from standoff.cli.progress import progress
        from standoff.scenario import load_to_run

        scenario = load_to_run(name, variant=variant, settings=settings)
        within = _tolerance(tolerance, scenario)
        check_into(into, scenario)
        shown = nullcontext() if as_json or quiet else progress(scenario.name, blocks)
        with workers_of(on, jobs, scenario) as workers, shown as tell:
            made = strategy.solve_game(
                scenario, tolerance=within, actors=_named(actor), seed=seed, blocks=blocks, at_most=runs, error=error,
                gambit=gambit, precision=_by_actor(precision, "--lambda", above=False), progress=tell, **workers,
            )  # fmt: skip
        keep_in(into, "game.json", made.to_json())
    _print(made, as_json=as_json, everything=everything)


@app.command(epilog="Example: standoff solve grow my-scenario.yaml --tolerance 0.05 --rounds 6")
def grow(
    name: Name,
    tolerance: Annotated[
        float | None, fraction("GAIN", "The gain that does not matter, in the unit of the goals.")
    ] = None,
    actor: Players = None,
    blocks: Annotated[int, whole(2, "Runs of each profile in each round.")] = 400,
    rounds: Annotated[int, whole(1, "Largest number of rounds.")] = 10,
    error: Annotated[float, fraction("P", "Probability that a bound of a gain is wrong.")] = 0.05,
    seed: Seed = 1,
    jobs: Threads = None,
    on: On = None,
    into: Into = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    quiet: Quiet = False,
    everything: All = False,
) -> None:
    """Let actors tune their policies (`tunes:`) round by round, until nobody finds a better answer to the others."""
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff import strategy
        from standoff.cli.progress import progress
        from standoff.scenario import load_to_run

        scenario = load_to_run(name, variant=variant, settings=settings)
        within = tolerance if tolerance is not None else _no_tolerance(scenario)
        check_into(into, scenario)
        shown = nullcontext() if as_json or quiet else progress(scenario.name, blocks)
        with workers_of(on, jobs, scenario) as workers, shown as tell:
            made = strategy.grow_game(
                scenario, tolerance=within, actors=_named(actor), seed=seed, blocks=blocks, rounds=rounds, error=error,
                progress=tell, **workers,
            )  # fmt: skip
        keep_in(into, "grown.json", made.to_json())
    _print(made, as_json=as_json, everything=everything)


def _named(actors: Sequence[str] | None) -> dict[str, tuple[str, ...]] | None:
    """The actors that are named with their policies; None where nobody is."""
    if not actors:
        return None
    named: dict[str, tuple[str, ...]] = {}

    def read(text: str) -> None:
        one, equals, policies = (part.strip() for part in text.partition("="))
        if one in named:
            raise UsageError(f"'{one}' is named twice; write {one}=POLICY,POLICY once")
        named[one] = tuple(policy.strip() for policy in policies.split(",")) if equals else ()

    read_each("--actor", actors, read)
    return named


def _tolerance(given: Sequence[str] | None, scenario: Scenario) -> float | dict[str, float]:
    """The gain that does not matter: one for all, or by actor; refused where it is left out."""
    each = _by_actor(given, "--tolerance")
    return each if each is not None else _no_tolerance(scenario)


def _no_tolerance(scenario: Scenario) -> NoReturn:
    units = ", ".join(f"{actor}: {goal.unit or 'no unit'}" for actor, goal in scenario.document.goals.items())
    told = f", in the unit of its goal ({units})" if units else ""
    raise UsageError(f"give --tolerance: the gain that does not matter to an actor{told}, such as --tolerance 0.5")


def _by_actor(given: Sequence[str] | None, option: str, *, above: bool = True) -> float | dict[str, float] | None:
    """A number for all actors, or one for each: above 0, or from 0 up; None where none is given."""
    each: dict[str, float] = {}

    def read(text: str) -> None:
        actor, _, number = (part.strip() for part in text.rpartition("="))
        value = read_number(number)
        if value is None or not (value > 0 if above else value >= 0) or value == float("inf"):
            wanted = "above 0" if above else "from 0 up"
            raise UsageError(f"'{number}' is not a number {wanted}")
        if actor in each:
            raise UsageError(f"'{text}': there is one already")
        each[actor] = value

    read_each(option, given, read)
    if "" in each and len(each) > 1:
        raise typer.BadParameter("give one for all, or one for each actor", param_hint=option)
    return each.get("", each) if each else None


@app.command(epilog="Example: standoff solve levers eastern-syria-2017 --for us --worlds 100")
def levers(
    name: Name,
    actor: Annotated[str | None, typer.Option("--for", metavar="ACTOR", help="Whose levers.")] = None,
    lever: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only these levers; may be repeated.")] = None,
    worlds: Annotated[int, whole(1, "Draws of the numbers and of what the other actors do.")] = 200,
    replicates: Annotated[int, whole(1, "Runs of each choice in each world.")] = 20,
    threshold: Annotated[
        float | None, fraction("X", "Say in what share of the worlds the goal comes to this much at least.")
    ] = None,
    others: Annotated[
        Literal["vary", "as-written"],
        typer.Option(help="Whether the other actors follow one of their policies in each world, or what is written."),
    ] = "vary",
    seed: Seed = 1,
    jobs: Threads = None,
    on: On = None,
    into: Into = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    quiet: Quiet = False,
    everything: All = False,
) -> None:
    """Weigh the levers in an actor's hand against what it does not choose.

    Four criteria side by side: the mean over worlds, the worst world, the largest regret, and the share of worlds in
    which --threshold is reached.
    """
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff import strategy
        from standoff.cli.progress import progress
        from standoff.scenario import load_to_run

        scenario = load_to_run(name, variant=variant, settings=settings)
        owner = actor or _owner(scenario)
        check_into(into, scenario)
        shown = nullcontext() if as_json or quiet else progress(scenario.name, worlds * replicates)
        with workers_of(on, jobs, scenario) as workers, shown as tell:
            made = strategy.solve_levers(
                scenario, actor=owner, levers=lever or (), worlds=worlds, replicates=replicates,
                threshold=threshold, vary_others=others == "vary", seed=seed, progress=tell, **workers,
            )  # fmt: skip
        keep_in(into, "levers.json", made.to_json())
    _print(made, as_json=as_json, everything=everything)


@app.command(epilog="Example: standoff solve decide my-scenario.yaml --seat washington --runs 20")
def decide(
    name: Name,
    seat: Annotated[str | None, typer.Option(metavar="SEAT", help="Whose decisions are taken from outside.")] = None,
    by: Annotated[
        str,
        typer.Option(
            metavar="lookahead|COMMAND",
            help="What decides: lookahead, or a program that answers one line of JSON with one.",
        ),
    ] = "lookahead",
    looks: Annotated[int, whole(2, "Continuations of each option that lookahead compares.")] = 64,
    answers: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep what the program answers, and take it from there again.")
    ] = None,
    actor: Annotated[str | None, typer.Option("--for", metavar="ACTOR", help="Whose goal counts.")] = None,
    runs: Annotated[int, whole(2, "Runs, each made as written too.")] = 20,
    seed: Seed = 1,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    quiet: Quiet = False,
    everything: All = False,
) -> None:
    """Let somebody from outside take a seat's decisions, and compare with the same runs as written.

    Lookahead chooses what does best in continuations of the present; it knows the true state.
    """
    settings = settings_of(setting)
    with errors_reported(as_json=as_json), ExitStack() as open_:
        from standoff import strategy
        from standoff.cli.progress import progress
        from standoff.scenario import load_to_run

        scenario = load_to_run(name, variant=variant, settings=settings)
        seats = [str(one) for one in scenario.document.seats]
        if seat is None and len(seats) != 1:
            known = f"say whose decisions: --seat {' or --seat '.join(seats)}"
            raise UsageError(known if seats else f"{scenario.name} has no seats; write them under seats:")
        decider: strategy.Decider | strategy.Lookahead = strategy.Lookahead(looks)
        if by != "lookahead":
            decider = open_.enter_context(strategy.External(_command(by), answers=answers))
        elif answers is not None:
            raise typer.BadParameter("lookahead asks no program; leave it out", param_hint="--answers")
        tell = None if as_json or quiet else open_.enter_context(progress(scenario.name, runs))
        made = strategy.decide(
            scenario, seat=seat or seats[0], by=decider, actor=actor, runs=runs, seed=seed, progress=tell
        )
    _print(made, as_json=as_json, everything=everything)


def _command(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is no command: {error}", param_hint="--by") from None


def _owner(scenario: Scenario) -> str:
    """The one actor that has levers; refused where there is none or more than one."""
    owners = list(dict.fromkeys(str(lever.of) for lever in scenario.document.levers.values()))
    if not owners:
        raise UsageError(f"{scenario.name} has no levers; write them under levers:")
    if len(owners) > 1:
        raise UsageError(f"say whose levers: --for {' or --for '.join(owners)}")
    return owners[0]


@app.command(epilog="Example: standoff solve bargain eastern-syria-2018 syria_for_iran --at 2018-09-01")
def bargain(
    name: Name,
    deal: Annotated[str, typer.Argument(help="The deal that is bargained over.")],
    at: Annotated[date | None, day("Strike it at the start of this date; by default the first.")] = None,
    runs: Annotated[int, whole(2, "Runs with each of the terms, and without the deal.")] = 400,
    impatience: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ACTOR=RATE",
            help="Also solve alternating offers: the share of its gain that a party loses per day of talks; for each.",
        ),
    ] = None,
    every: Annotated[float | None, fraction("DAYS", "Days between one offer and the next; by default 7.")] = None,
    hazard: Annotated[float | None, fraction("RATE", "How often talks end without a deal, per day.")] = None,
    error: Annotated[float, fraction("P", "Probability that the verdict is wrong.")] = 0.05,
    seed: Seed = 1,
    jobs: Threads = None,
    on: On = None,
    into: Into = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    quiet: Quiet = False,
    everything: All = False,
) -> None:
    """Say whether parties have anything to agree on, and on which terms they would.

    Runs in which the deal is struck are compared with runs in which it never is; terms are the combinations of the
    deal's issues.
    """
    settings = settings_of(setting)
    with errors_reported(as_json=as_json):
        from standoff import strategy
        from standoff.cli.progress import progress
        from standoff.scenario import load_to_run

        scenario = load_to_run(name, variant=variant, settings=settings)
        waiting = _by_actor(impatience, "--impatience", above=False)
        if isinstance(waiting, float):
            raise typer.BadParameter("write ACTOR=RATE, one for each party", param_hint="--impatience")
        for option, given in (("--every", every), ("--hazard", hazard)):
            if given is not None and waiting is None:
                raise typer.BadParameter("belongs to offers in turn; give --impatience too", param_hint=option)
        check_into(into, scenario)
        shown = nullcontext() if as_json or quiet else progress(scenario.name, runs)
        with workers_of(on, jobs, scenario) as workers, shown as tell:
            made = strategy.solve_bargain(
                scenario, deal, day=at, blocks=runs, impatience=waiting, error=error,
                every=7.0 if every is None else every, hazard=hazard or 0.0,
                seed=seed, progress=tell, **workers,
            )  # fmt: skip
        keep_in(into, "bargain.json", made.to_json())
    _print(made, as_json=as_json, everything=everything)


def _print(
    made: strategy.SolvedGame | strategy.GrownGame | strategy.SolvedLevers | strategy.OutsideDecisions
    | strategy.SolvedBargain, *, as_json: bool, everything: bool,
) -> None:  # fmt: skip
    if as_json:
        print_json(made.to_json())
        return
    from standoff.cli.layout import show

    show(made.display(), everything=everything)
