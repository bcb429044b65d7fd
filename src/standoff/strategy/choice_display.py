"""Levers, bargains, decisions from outside and who decides, as readers see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from standoff.analysis.spread import share_words
from standoff.display import Bar, Cell, Column, Display, Note, Row, Table, columns
from standoff.numerals import (
    figure,
    many,
    percent,
    percent_with_interval,
    points,
    with_interval,
    with_seed,
    with_unit,
)
from standoff.time import date_in_words

if TYPE_CHECKING:
    from standoff.strategy.bargain import SolvedBargain
    from standoff.strategy.bargaining import Offers, Settlement
    from standoff.strategy.deciders import ActorShare, Decided, DecidedQuestion
    from standoff.strategy.deciding import OutsideDecisions
    from standoff.strategy.lever_choice import SolvedLevers
    from standoff.strategy.levers import Estimate

SPOKEN = {"mean": "the mean", "worst": "the worst world", "regret": "regret", "share": "how often it is good enough"}
CRITERIA = {"mean": "mean", "worst": "worst world", "regret": "regret", "share": "good enough"}
FEW = 12
"""So many choices are shown at once; the others are counted."""


def levers_display(made: SolvedLevers) -> Display:
    """The choice that each criterion names, then what each choice does."""
    worlds = f"{many(made.worlds, 'world')} of {many(made.replicates, 'run')}"
    about = f"{made.scenario}: the levers of {made.actor} in {with_seed(worlds, 'coupled', made.seed)}"
    first, *others = made.best
    told = (f"By {SPOKEN[best.criterion]}: {_chosen(best.lever, best.clear)}." for best in others)
    parts: list[Table | Note] = [*map(Note, told), _choices(made)]
    if made.swings:
        moved = ", ".join(f"{one.lever} {_swing(one.swing, made.unit)}" for one in made.swings)
        parts.append(Note(f"How far each lever moves the mean: {moved}."))
    parts += _meaning(made)
    parts += [Note(f"– {note}") for note in made.notes]
    sentence = f"By {SPOKEN[first.criterion]}, {made.actor} does best with {_chosen(first.lever, first.clear)}."
    return Display(sentence, about, tuple(parts))


def _chosen(lever: str, clear: bool) -> str:
    return lever if clear else f"{lever}, but not clearly"


def _choices(made: SolvedLevers) -> Table:
    shown = [name for name in CRITERIA if any(best.criterion == name for best in made.best)]
    heads = [CRITERIA[name] for name in shown]
    named = {best.lever for best in made.best}
    rows = []
    for value in sorted(made.values, key=lambda value: value.lever not in named):
        each = {"mean": value.mean, "worst": value.worst, "regret": value.regret, "share": value.share}
        rows.append(Row((value.lever, *(_estimate(each[name], share=name == "share") for name in shown))))
    return Table(
        columns("choice", *heads, name=("choice",), number=heads),
        tuple(rows),
        f"What each choice does, in {with_unit('', made.unit).strip()}" if made.unit else "What each choice does",
        FEW,
        many(len(rows) - FEW, "other choice"),
    )


def _meaning(made: SolvedLevers) -> Iterator[Note]:
    yield Note("95% intervals; worst world: the one that is worst for the choice.", "quiet")
    yield Note("regret: how far it falls short of the best choice in the world where it falls short most.", "quiet")
    yield Note("Worst world and regret are picked and valued on different runs.", "quiet")
    if made.threshold is not None:
        yield Note(f"good enough: {with_unit(f'{made.threshold:g}', made.unit)} at least", "quiet")
    if made.others:
        told = ", ".join(f"{other} ({', '.join(policies)})" for other, policies in made.others.items())
        yield Note(f"In each world the others follow one of their policies: {told}", "quiet")


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
    "exists": "There are terms by which all gain",
    "does not exist": "There are no terms by which all gain: of each somebody loses",
    "not distinguishable": "These runs do not tell whether there are terms by which all gain",
}
SOLUTIONS = {"nash": "Nash", "kalai-smorodinsky": "Kalai and Smorodinsky"}


def bargain_display(made: SolvedBargain) -> Display:
    """Whether all can gain, what comes of it, and what each party gains by each of the terms."""
    runs = with_seed(many(made.blocks, "pair of runs", "pairs of runs"), "coupled", made.seed)
    about = f"{made.scenario}: {made.deal}, struck on {date_in_words(made.day)} or never, in {runs}"
    by = f": {'; '.join(made.zone.acceptable)}" if made.zone.acceptable and len(made.terms) > 1 else ""
    parts: list[Table | Note] = []
    if made.possible < 1:
        share = percent(made.possible)
        parts.append(Note(f"It could be struck then in {share} of the runs; in the others nothing changes."))
    # Of one set of terms there is nothing to single out.
    for settled in made.settlements if len(made.terms) > 1 else ():
        parts.append(Note(f"{SOLUTIONS[settled.solution]}: {_settled(settled)}"))
    if made.offers is not None:
        parts += _offers(made.offers)
    parts.append(_terms(made))
    caption = "gain: against no deal, on the party's own scale; intervals hold for all of them together."
    parts.append(Note(caption, "quiet"))
    parts.append(Note("Gains of two parties cannot be compared.", "quiet"))
    return Display(f"{ZONES[made.zone.standing]}{by}.", about, tuple(parts))


def _terms(made: SolvedBargain) -> Table:
    gains = [f"{party.actor} gains{f', {party.unit}' if party.unit else ''}" for party in made.parties]
    rows: dict[str, list[str]] = {terms: [] for terms in made.terms}
    for one in made.zone.surpluses:
        rows[one.terms].append(with_interval(one.mean, one.low, one.high, plus=True))
    ordered = sorted(rows, key=lambda terms: terms not in made.zone.acceptable)
    return Table(
        columns("terms", *gains, name=("terms",), number=gains),
        tuple(Row((terms, *rows[terms])) for terms in ordered),
        "What the terms yield",
        FEW,
        f"{many(len(rows) - FEW, 'other set')} of terms",
    )


def _offers(offers: Offers) -> Iterator[Note]:
    yield Note(f"Offers in turn: {_settled(offers.expected)}")
    if offers.binding:
        yield Note(f"Walking out binds: {', '.join(offers.binding)}")


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


def decisions_display(made: OutsideDecisions) -> Display:
    """What a seat gained by deciding from outside, and what was chosen."""
    gain = with_unit(with_interval(made.gain, made.low, made.high, plus=True), made.unit)
    rows = []
    for one in made.chosen:
        options = sorted(one.options.items(), key=lambda item: -item[1])
        told = ", ".join(f"{option} {percent(count / one.asked)}" for option, count in options)
        rows.append(Row((one.decision, f"{one.asked:,}", told)))
    table = Table(columns("decision", "came up", "chosen", name=("decision",), number=("came up",)), tuple(rows))
    runs = with_seed(many(made.runs, "run"), "coupled", made.seed)
    notes = (
        Note(f"The decider knows {made.knows}. A trial, and no forecast.", "quiet"),
        Note("95% interval over runs that share their luck.", "quiet"),
    )
    about = f"{made.scenario}: the seat {made.seat} decided by {made.decider}, in {runs}"
    return Display(f"{made.actor} gains {gain} against what is written.", about, (table, *notes))


# -- who decides -------------------------------------------------------------------------------------------------------


def decided_display(made: Decided, questions: Sequence[str] = ()) -> Display:
    """What each answer depends on, and how each actor moves it."""
    asked = [one for one in made.questions if not questions or one.question in questions]
    split = [one for one in asked if one.note is None]
    split.sort(key=lambda one: -_most_moved(one))
    shown = len(asked) if questions else FEW // 2
    who = "; ".join(f"{actor}: {', '.join(names)}" for actor, names in made.policies.items())
    runs = with_seed(many(made.runs, "run"), "coupled", made.seed)
    parts: list[Table | Note] = [Note(f"Each policy is as likely: {who}")]
    rest = many(len(split) - shown, "other question")
    if split:
        parts += [*_decided_parts(split, shown, rest), *_movers(split, shown, rest)]
    parts += [Note(f"– {one.ask}: {one.note}", extra=not questions) for one in asked if one.note is not None]
    return Display(_deciding(split), f"{made.scenario}: {runs} of each kind", tuple(parts))


def _most_moved(one: DecidedQuestion) -> float:
    return one.deciders.total.value if one.deciders is not None and one.deciders.total is not None else -1.0


def _deciding(split: Sequence[DecidedQuestion]) -> str:
    moved = [(one, actor) for one in split for actor in one.actors if not actor.swing.low <= 0 <= actor.swing.high]
    if not moved:
        return f"Who decides clearly moves none of {many(len(split), 'answer')}."
    likely = [pair for pair in moved if pair[0].type != "number"] or moved
    one, actor = max(likely, key=lambda pair: abs(pair[1].swing.difference))
    swing = actor.swing
    by = _swing_words(one, actor)
    count = len({other.question for other, _ in moved})
    head = f"Who decides clearly moves {count} of {many(len(split), 'answer')}"
    return f"{head}; most: “{one.ask}”, by {by} if {actor.actor} follows {swing.most} and not {swing.least}."


def _swing_words(one: DecidedQuestion, actor: ActorShare) -> str:
    moves = (actor.swing.difference, actor.swing.low, actor.swing.high)
    return with_interval(*moves, plus=True) if one.type == "number" else f"{points(*moves)} points"


def _decided_parts(split: Sequence[DecidedQuestion], shown: int, rest: str) -> Iterator[Table | Note]:
    heads = ("chance", "parameters", "who decides")
    rows = []
    for one in split:
        mean = figure(one.mean) if one.type == "number" else percent(one.mean)
        rows.append(Row((Cell(one.ask, one.question), mean, "alone", *_parts(one, "first"))))
        rows.append(Row(("", "", "in all", *_parts(one, "total"))))
    number = ("mean", *heads)
    table = (Column("question"), Column("mean", "number"), Column(""), *(Column(head, "number") for head in heads))
    yield Table(table, tuple(rows), "What the variance comes from", 2 * shown, rest)
    yield Note("Shares of the variance, 95% intervals. alone: what would vanish if only this were known.", "quiet")
    yield Note(f"in all: what would stay if only this were not known ({', '.join(number[1:])}).", "quiet")


def _movers(split: Sequence[DecidedQuestion], shown: int, rest: str) -> Iterator[Table | Note]:
    rows, count = [], 0
    for number, one in enumerate(split):
        for at, actor in enumerate(sorted(one.actors, key=lambda actor: -abs(actor.swing.difference))):
            rows.append(Row((Cell(one.ask, one.question) if at == 0 else "", *_moved(one, actor))))
            count += number < shown
    heads = columns(
        "question", "actor", "", "in all", "from", "to", "difference", number=("in all", "difference"), bar=("",)
    )
    yield Table(heads, tuple(rows), "How who decides moves the answer", count, f"{rest} with theirs")
    caption = "difference: between an actor's policies with the lowest and the highest mean, in pairs of runs."
    yield Note(caption, "quiet")
    yield Note("Picked on one half of the runs and measured on the other.", "quiet")


def _parts(one: DecidedQuestion, order: str) -> list[str]:
    factors = (one.luck, one.parameters, one.deciders)
    return [share_words(None if indices is None else getattr(indices, order)) for indices in factors]


def _moved(one: DecidedQuestion, actor: ActorShare) -> list[Cell | Bar | str]:
    swing, total = actor.swing, None if actor.indices is None else actor.indices.total
    # Where no policy moves the answer, none has the lowest or the highest mean.
    ends = [swing.least, swing.most] if swing.least != swing.most else ["–", "–"]
    bar: Bar | str = "" if one.type == "number" else Bar(swing.difference, swing.low, swing.high, signed=True)
    return [actor.actor, bar, share_words(total), *ends, _swing_words(one, actor)]
