"""What the verbs of strategy print: games, levers, bargains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from standoff.numerals import many, percent, percent_with_interval, with_interval, with_seed, with_unit

if TYPE_CHECKING:
    from rich.console import Console

    from standoff.strategy import (
        Equilibrium,
        Estimate,
        GainByLeaving,
        GrownGame,
        Offers,
        OutsideDecisions,
        QuantalResponse,
        Response,
        Settlement,
        SolvedBargain,
        SolvedGame,
        SolvedLevers,
    )

STANDINGS = {
    "settled": "[green]settled[/green]",
    "refuted": "[bold red]refuted[/bold red]",
    "not distinguishable": "[dim]not distinguishable[/dim]",
}
MANY_MORE = 1_000_000
"""Beyond so many further runs, how many it would take is only a guess, and nobody makes them."""


def print_game(made: SolvedGame) -> None:
    """The payoffs of each profile, what is stable, and what somebody should know of it."""
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
    if made.quantal is not None:
        _print_quantal(console, made.quantal)
    for note in made.notes:
        console.print(one_line(f"– {note}"), soft_wrap=True)


def _print_quantal(console: Console, quantal: QuantalResponse) -> None:
    from standoff.cli.layout import one_line

    precision = ", ".join(f"{actor} {value:g}" for actor, value in quantal.precision.items())
    console.print(f"\n[bold]Mostly what is better[/bold] (logit quantal response, precision {one_line(precision)})")
    for actor, shares in quantal.shares.items():
        told = (f"{name} {percent_with_interval(one.share, one.low, one.high)}" for name, one in shares.items())
        console.print(one_line(f"{actor}: {', '.join(told)}"), soft_wrap=True)
    if quantal.others:
        count = many(len(quantal.others), "other solution")
        console.print(f"at this precision it has {count} (--json shows all)")
    if quantal.turns:
        console.print("the branch turned back or was crossed on its way: small errors can lead to another one")


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
        yield f"{actor}: {_mixed(shares)}"
    within = _within(made)
    largest = max(one.gains, key=lambda gain: gain.high / made.tolerance[gain.actor], default=None)
    if one.broken_by is not None:
        yield f"{_gain(one.broken_by, units)}, which is more than {within}"
    elif largest is None:
        yield "nobody has another policy"
    elif one.standing == "settled":
        yield f"nobody gains more than {within} by leaving it; nearest to it: {_gain(largest, units)}"
    else:
        told = f"{one.blocks:,} runs do not tell whether anybody gains more than {within} by leaving it"
        yield f"{told}; {_more(one.more)}"
        yield f"nearest to it: {_gain(largest, units)}"
    if any(len(shares) > 1 for shares in one.shares.values()):
        yield f"the same policies are an equilibrium in {percent(one.stability)} of resampled games"


def _more(runs: int | None) -> str:
    if runs is None:
        return "no number of runs would tell"
    about = "more than a million" if runs > MANY_MORE else f"about {runs:,}"
    return f"it would take {about} more {'run' if runs == 1 else 'runs'}"


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


def print_grown(made: GrownGame) -> None:
    """Each round of a game that grew: what was stable, and the best answer that each actor found to it."""
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    head = f"{made.scenario}: {with_seed(many(len(made.rounds), 'round'), 'coupled', made.seed)}"
    console.print(f"[bold]{one_line(head)}[/bold]", soft_wrap=True)
    heads = ("round", "actor", "follows", "best answer found", "gains by it", "")
    table = new_table("", heads, right=("gains by it",), whole=("round", "actor"))
    for number, one in enumerate(made.rounds, start=1):
        answers = {response.actor: response for response in one.responses}
        for row, (actor, shares) in enumerate(one.shares.items()):
            found, gain, added = _answered(answers.get(actor))
            first = "" if row else str(number)
            table.add_row(*map(one_line, (first, actor, _mixed(shares), found, gain, added)))
    console.print(table)
    if made.grown:
        within = f"nobody found an answer that gains more than {made.tolerance:g}, twice in a row"
        told = f"{within}: by these policies and this search"
    else:
        told = "the rounds were over before nobody found a better answer; allow more with --rounds"
    console.print(one_line(told), soft_wrap=True)


def _answered(answer: Response | None) -> tuple[str, str, str]:
    if answer is None:
        return "–", "–", ""
    gain = with_interval(answer.gain, answer.low, answer.high, plus=True)
    return answer.move, gain, "added" if answer.added else ""


def _mixed(shares: dict[str, float]) -> str:
    several = len(shares) > 1
    return ", ".join(f"{name} {percent(share)}" if several else name for name, share in shares.items())


# -- levers ------------------------------------------------------------------------------------------------------------

CRITERIA = {"mean": "mean", "worst": "worst world", "regret": "regret", "share": "good enough"}


def print_levers(made: SolvedLevers) -> None:
    """What each choice does by each criterion, and the choice that each criterion names."""
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    worlds = f"{many(made.worlds, 'world')} of {many(made.replicates, 'run')}"
    head = f"{made.scenario}: the levers of {made.actor} in {with_seed(worlds, 'coupled', made.seed)}"
    console.print(f"[bold]{one_line(head)}[/bold]", soft_wrap=True)
    shown = [name for name in CRITERIA if any(best.criterion == name for best in made.best)]
    heads = [CRITERIA[name] for name in shown]
    table = new_table(f"in {made.unit}" if made.unit else "", ("choice", *heads), right=heads, whole=("choice",))
    for value in made.values:
        each = {"mean": value.mean, "worst": value.worst, "regret": value.regret, "share": value.share}
        table.add_row(one_line(value.lever), *(_estimate(each[name], share=name == "share") for name in shown))
    console.print(table)
    for best in made.best:
        sure = "" if best.clear else ", but not clearly"
        console.print(one_line(f"by {CRITERIA[best.criterion]}: {best.lever}{sure}"), soft_wrap=True)
    if made.swings:
        moved = ", ".join(f"{one.lever} {_swing(one.swing, made.unit)}" for one in made.swings)
        console.print(one_line(f"how far each lever moves the mean: {moved}"), soft_wrap=True)
    told = ", ".join(f"{other} ({', '.join(policies)})" for other, policies in made.others.items())
    others = f"; in each world the others follow one of their policies: {told}" if told else ""
    enough = None if made.threshold is None else with_unit(f"{made.threshold:g}", made.unit)
    least = "" if enough is None else f"; good enough: {enough} at least"
    console.print(
        one_line(
            "95% intervals; worst: in the world that is worst for it; regret: how far it falls short of the best "
            "choice in the world where it falls short most, both picked and valued on different runs"
            f"{least}{others}"
        ),
        style="dim",
    )
    for note in made.notes:
        console.print(one_line(f"– {note}"), soft_wrap=True)


def _swing(one: Estimate, unit: str | None) -> str:
    return with_unit(with_interval(one.value, one.low, one.high), unit)


def _estimate(one: Estimate | None, *, share: bool) -> str:
    if one is None:
        return "–"
    if share:
        return percent_with_interval(one.value, one.low, one.high)
    return with_interval(one.value, one.low, one.high, dash="–")


# -- bargains ----------------------------------------------------------------------------------------------------------

ZONES = {
    "exists": "[green]there are terms by which all gain[/green]",
    "does not exist": "[bold red]of all terms somebody loses[/bold red]",
    "not distinguishable": "[dim]these runs do not tell whether there are terms by which all gain[/dim]",
}
SOLUTIONS = {"nash": "Nash", "kalai-smorodinsky": "Kalai and Smorodinsky"}


def print_bargain(made: SolvedBargain) -> None:
    """What each party gains by each of the terms, whether all can gain, and what comes of it."""
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    runs = with_seed(many(made.blocks, "pair of runs", "pairs of runs"), "coupled", made.seed)
    head = f"{made.scenario}: {made.deal}, struck on {made.day} or never, in {runs}"
    console.print(f"[bold]{one_line(head)}[/bold]", soft_wrap=True)
    gains = [f"{party.actor} gains{f', {party.unit}' if party.unit else ''}" for party in made.parties]
    table = new_table("", ("terms", *gains), right=gains, whole=("terms",))
    rows: dict[str, list[str]] = {terms: [] for terms in made.terms}
    for one in made.zone.surpluses:
        rows[one.terms].append(with_interval(one.mean, one.low, one.high, plus=True))
    for terms, row in rows.items():
        table.add_row(*map(one_line, (terms, *row)))
    console.print(table)
    if made.possible < 1:
        share = percent(made.possible)
        console.print(f"it could be struck then in {share} of the runs; in the others nothing changes", soft_wrap=True)
    console.print(ZONES[made.zone.standing], soft_wrap=True)
    if made.zone.acceptable and len(made.terms) > 1:
        console.print(one_line(f"all gain by: {'; '.join(made.zone.acceptable)}"), soft_wrap=True)
    # Of one set of terms there is nothing to single out.
    for settled in made.settlements if len(made.terms) > 1 else ():
        console.print(one_line(f"{SOLUTIONS[settled.solution]}: {_settled(settled)}"), soft_wrap=True)
    if made.offers is not None:
        _print_offers(console, made.offers)
    console.print(
        "gain: against no deal, on the party's own scale, with an interval that holds for all of them together; "
        "gains of two parties cannot be compared", style="dim",
    )  # fmt: skip


def _print_offers(console: Console, offers: Offers) -> None:
    from standoff.cli.layout import one_line

    console.print(one_line(f"offers in turn: {_settled(offers.expected)}"), soft_wrap=True)
    if offers.binding:
        console.print(one_line(f"walking out binds: {', '.join(offers.binding)}"), soft_wrap=True)


def _settled(settled: Settlement) -> str:
    if not settled.terms:
        return "no agreement"
    several = len(settled.terms) > 1
    terms = " or ".join(f"{name} ({percent(share)})" if several else name for name, share in settled.terms)
    shares = (
        f"{share.party} {with_interval(share.value, share.low, share.high, plus=True)}" for share in settled.shares
    )
    return f"{terms}; {', '.join(shares)}; an agreement in {percent(settled.agreed)} of resampled runs"


# -- decisions from outside --------------------------------------------------------------------------------------------


def print_decided(made: OutsideDecisions) -> None:
    """What a seat gained by deciding from outside, and what was chosen."""
    from standoff.cli.layout import new_table, one_line
    from standoff.cli.output import console_here

    console = console_here()
    runs = with_seed(many(made.runs, "run"), "coupled", made.seed)
    head = f"{made.scenario}: the seat {made.seat} decided by {made.decider}, in {runs}"
    console.print(f"[bold]{one_line(head)}[/bold]", soft_wrap=True)
    table = new_table("", ("decision", "came up", "chosen"), right=("came up",), whole=("decision",))
    for one in made.chosen:
        options = sorted(one.options.items(), key=lambda item: -item[1])
        told = ", ".join(f"{option} {percent(count / one.asked)}" for option, count in options)
        table.add_row(one_line(one.decision), f"{one.asked:,}", one_line(told))
    console.print(table)
    gain = with_unit(with_interval(made.gain, made.low, made.high, plus=True), made.unit)
    console.print(one_line(f"{made.actor} gains {gain} against what is written"), soft_wrap=True)
    console.print(
        f"the decider knows {made.knows}; 95% interval over runs that share their luck; a trial, and no forecast",
        style="dim", soft_wrap=True,
    )  # fmt: skip
