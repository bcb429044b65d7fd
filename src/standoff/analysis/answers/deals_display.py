"""Who would accept which deal, as readers see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.display import Cell, Display, Note, Row, Table, columns
from standoff.numerals import many, percent, percent_with_interval, plus_or_minus, signed, with_seed
from standoff.time import date_in_words, iso

if TYPE_CHECKING:
    from standoff.analysis.answers.gains import DealGains, Deals, Gain, Portion

FEW = 4
"""So many deals are shown at once, those that come into force most often."""


def deals_display(made: Deals) -> Display:
    """The deal that comes into force most often, then who gains by each on the first, the middle and the last date."""
    runs = with_seed(many(made.runs, "run"), made.sampler, made.seed)
    ordered = sorted(made.deals, key=lambda one: -(one.in_force[-1].share or 0.0))
    tables = [_table(one, shown=None if at < FEW else 0) for at, one in enumerate(ordered)]
    captions = (
        "gains by it: the share of runs, without the deal on that date, in which the party gains; 95% intervals.",
        "median gain: on the first and the last date, ± half its 95% interval, on the party's own scale.",
    )
    about = f"{made.scenario}: who would accept what, in {runs}"
    sentence = _sentence(ordered[0], of=len(ordered))
    return Display(sentence, about, (*tables, *(Note(line, "quiet") for line in captions)))


def _sentence(one: DealGains, *, of: int) -> str:
    last, first = one.in_force[-1], one.together[0]
    which = f"{_named(one)} is" if of == 1 else f"Of {of} deals, {_named(one)} is most often"
    head = f"{which} in force at the end, in {_share(last)} of the runs"
    if first.share is None:
        return f"{head}."
    return f"{head}; all that must agree gain by it in {percent(first.share)} of them on {date_in_words(one.dates[0])}."


def _named(one: DealGains) -> str:
    return f"“{one.deal.replace('_', ' ').replace('-', ' ')}”"


def _share(of: Portion) -> str:
    return "no" if of.share is None else percent(of.share)


def _table(one: DealGains, *, shown: int | None) -> Table:
    dates = [iso(day) for day in one.dates]
    holds = "is" if len(one.after) == 1 else "are"
    after = f", once {' and '.join(one.after)} {holds} in force" if one.after else ""
    rows = []
    for party in one.parties:
        name = Cell(party.name, "" if party.must_agree else "(not asked)")
        middle = f"{_number(party.gains[0])} → {_number(party.gains[-1])}"
        rows.append(Row((name, *(_portion(gain.accepts) for gain in party.gains), middle)))
    rows.append(Row((Cell("all that must agree", tone="strong"), *map(_portion, one.together), "")))
    rows.append(Row((Cell("in force", tone="strong"), *map(_portion, one.in_force), "")))
    number = (*dates, "median gain")
    heads = columns("gains by it", *number, name=("gains by it",), number=number)
    struck = f"{_named(one)}, in force in {_share(one.in_force[-1])} of the runs at the end"
    return Table(heads, tuple(rows), f"{one.deal}{after}", shown, struck)


def _portion(of: Portion) -> str:
    if of.share is None or of.low is None or of.high is None:
        return "–"
    return percent_with_interval(of.share, of.low, of.high)


def _number(gain: Gain) -> str:
    if gain.median is None:
        return "–"
    if gain.median_low is None or gain.median_high is None:
        return signed(gain.median)
    return plus_or_minus(gain.median, (gain.median_high - gain.median_low) / 2)
