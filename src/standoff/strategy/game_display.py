"""Games, as readers see them: what is stable, what everybody gains, and what somebody should know of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from standoff.display import Cell, Column, Display, Note, Row, Table, Tone, columns
from standoff.numerals import many, percent, percent_with_interval, with_interval, with_seed, with_unit

if TYPE_CHECKING:
    from standoff.strategy.game import Equilibrium, GainByLeaving, QuantalResponse, SolvedGame
    from standoff.strategy.growth import GrownGame, Response

TONES: dict[str, Tone] = {"settled": "good", "refuted": "bad", "not distinguishable": "quiet"}
MANY_MORE = 1_000_000
"""Beyond so many further runs, how many it would take is only a guess, and nobody makes them."""
FEW = 16
"""So many profiles are shown at once; the others are counted."""


def game_display(made: SolvedGame) -> Display:
    """What is stable first, then the payoffs of each profile."""
    each = (f"{player.actor} ({many(len(player.policies), 'policy', 'policies')})" for player in made.players)
    runs = with_seed(many(made.blocks, "run"), "coupled", made.seed)
    about = f"{made.scenario}: the game of {' and '.join(each)}, {runs} of each profile"
    parts: list[Table | Note] = []
    for number, one in enumerate(made.equilibria, start=1):
        parts.append(Note(f"Equilibrium {number}: {one.standing}", TONES[one.standing]))
        parts += [Note(f"  {line}") for line in _in_words(one, made)]
    parts.append(_payoffs(made))
    parts.append(Note("Means with 95% intervals, each on its actor's own scale.", "quiet"))
    parts.append(Note("Run r of every profile has the same luck, so differences are known better.", "quiet"))
    if made.quantal is not None:
        parts += _quantal(made.quantal)
    parts += [Note(f"– {note}") for note in made.notes]
    return Display(_stable(made), about, tuple(parts))


def _stable(made: SolvedGame) -> str:
    settled = [one for one in made.equilibria if one.standing == "settled"]
    if not made.equilibria:
        return "No profile of these policies is an equilibrium of the mean payoffs that was found."
    if settled:
        listed = "; or ".join(_profile(one) for one in settled)
        return f"Stable: {listed}. Nobody gains more than {_within(made)} by leaving it."
    if all(one.standing == "refuted" for one in made.equilibria):
        return f"No profile is stable: somebody gains more than {_within(made)} by leaving each that was found."
    undecided = [one for one in made.equilibria if one.standing == "not distinguishable"]
    listed = "; or ".join(_profile(one) for one in undecided)
    return f"Perhaps stable: {listed}. These runs do not tell whether somebody gains by leaving it."


def _profile(one: Equilibrium) -> str:
    return ", ".join(f"{actor} follows {mixed(shares)}" for actor, shares in one.shares.items())


def _payoffs(made: SolvedGame) -> Table:
    actors = [player.actor for player in made.players]
    gains = [f"{player.actor} gains{f', {player.unit}' if player.unit else ''}" for player in made.players]
    played = [one.shares for one in made.equilibria if one.standing != "refuted"]
    rows: dict[tuple[str, ...], list[str]] = {}
    for payoff in made.payoffs:
        interval = with_interval(payoff.mean, payoff.low, payoff.high, dash="–")
        rows.setdefault(payoff.profile, []).append(interval)

    def is_played(profile: tuple[str, ...]) -> bool:
        return any(all(name in shares[actor] for actor, name in zip(actors, profile, strict=True)) for shares in played)

    ordered = sorted(rows, key=lambda profile: not is_played(profile))
    return Table(
        (*(Column(actor, "name") for actor in actors), *(Column(gain, "number") for gain in gains)),
        tuple(Row((*profile, *rows[profile])) for profile in ordered),
        "What each profile yields",
        FEW,
        many(len(rows) - FEW, "other profile"),
    )


def _quantal(quantal: QuantalResponse) -> Iterator[Note]:
    precision = ", ".join(f"{actor} {value:g}" for actor, value in quantal.precision.items())
    yield Note(f"Mostly what is better (logit quantal response, precision {precision})", "strong")
    for actor, shares in quantal.shares.items():
        told = (f"{name} {percent_with_interval(one.share, one.low, one.high)}" for name, one in shares.items())
        yield Note(f"{actor}: {', '.join(told)}")
    if quantal.others:
        yield Note(f"At this precision it has {many(len(quantal.others), 'other solution')} (--json shows all).")
    if quantal.turns:
        yield Note("The branch turned back or was crossed on its way: small errors can lead to another one.")


def _in_words(one: Equilibrium, made: SolvedGame) -> Iterator[str]:
    units = {player.actor: player.unit for player in made.players}
    for actor, shares in one.shares.items():
        yield f"{actor}: {mixed(shares)}"
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
    each_own = (f"{actor} {with_unit(f'{own:g}', units[actor])}" for actor, own in made.tolerance.items())
    return f"the tolerance ({', '.join(each_own)})"


def _gain(gain: GainByLeaving, units: dict[str, str | None]) -> str:
    interval = with_interval(gain.gain, gain.low, gain.high, plus=True)
    return f"{gain.actor} by {gain.policy}, {with_unit(interval, units[gain.actor])}"


def mixed(shares: dict[str, float]) -> str:
    """What an actor follows: one policy, or several with their shares."""
    several = len(shares) > 1
    return ", ".join(f"{name} {percent(share)}" if several else name for name, share in shares.items())


# -- games that grow ---------------------------------------------------------------------------------------------------


def grown_display(made: GrownGame) -> Display:
    """Each round of a game that grew: what was stable, and the best answer that each actor found to it."""
    if made.grown:
        within = f"Nobody found an answer that gains more than {made.tolerance:g}, twice in a row"
        sentence = f"{within}: by these policies and this search."
    else:
        sentence = "The rounds were over before nobody found a better answer; allow more with --rounds."
    rows = []
    for number, one in enumerate(made.rounds, start=1):
        answers = {response.actor: response for response in one.responses}
        for at, (actor, shares) in enumerate(one.shares.items()):
            rows.append(Row(("" if at else str(number), actor, mixed(shares), *_answered(answers.get(actor)))))
    heads = columns(
        "round", "actor", "follows", "best answer found", "gains by it", "",
        number=("gains by it",), name=("round", "actor"),
    )  # fmt: skip
    about = f"{made.scenario}: {with_seed(many(len(made.rounds), 'round'), 'coupled', made.seed)}"
    return Display(sentence, about, (Table(heads, tuple(rows)),))


def _answered(answer: Response | None) -> tuple[str | Cell, ...]:
    if answer is None:
        return "–", "–", ""
    gain = with_interval(answer.gain, answer.low, answer.high, plus=True)
    return answer.move, gain, "added" if answer.added else ""
