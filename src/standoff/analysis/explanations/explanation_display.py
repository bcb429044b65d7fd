"""Why an outcome comes about, as readers see it: how often and by which way, what it turned on, and single runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from standoff.analysis.explanations.because import why
from standoff.display import Bar, Cell, Display, Note, Row, Table, columns
from standoff.numerals import many, out_of, percent, percents, points, with_seed
from standoff.time import date_in_words, from_iso

if TYPE_CHECKING:
    from standoff.analysis.explanations.findings import Explanation, Moment, Named, Pivotal, Story

MOST_SHOWN = 10
"""How many pivotal events are shown at once."""


def explanation_display(made: Explanation) -> Display:
    """An explanation: how often the answer is yes, by which route most often, and the event it turns on most."""
    parts: list[Table | Note] = [Note(route.sentence) for route in made.routes]
    parts += _parting(made)
    if made.pivotal:
        parts.append(_pivotal(made.pivotal, "Pivotal events"))
    if made.against:
        parts.append(_pivotal(made.against, "What stands in the way"))
    if made.pivotal or made.against:
        for line in (
            "Removing one undoes: the share of the runs that say yes, and would not without the event.",
            "Of what stands in the way: the share of the runs that say no, and would say yes without it.",
            "With and without it: how often runs with and without such an event say yes; selection, not cause.",
            "A count stands alone where the runs are too few for a share.",
        ):
            parts.append(Note(line, "quiet"))
    for story in made.stories:
        parts += _story(story)
    parts += _legend(made)
    runs = with_seed(many(made.runs, "run"), "coupled", made.seed)
    return Display(_sentence(made), f"{made.scenario}: {runs}, question {made.question}", tuple(parts))


def _sentence(made: Explanation) -> str:
    if made.probability is None or made.low is None or made.high is None:
        return f"“{made.ask}”: how it came about in {' and '.join(f'run {story.run}' for story in made.stories)}."
    yes = round(made.probability * made.runs)
    count, ends = out_of(yes, made.runs, made.low, made.high)
    return " ".join([f"“{made.ask}” Yes in {count} ({ends}).", why(made, yes, made.runs)]).rstrip()


def _parting(made: Explanation) -> Iterator[Note]:
    parted = ((made.parting.answers, "Runs that say yes and runs that say no"), (made.parting.routes, "The routes"))
    for one, words in parted:
        if one is not None:
            since = date_in_words(from_iso(one.date))
            yield Note(f"{words} differ from {since} on, by whether this has happened by then: {one.event}.")


def _pivotal(rows: Sequence[Pivotal], title: str) -> Table:
    number = ("removing one undoes", "95% interval", "yes with it", "without it", "difference, points")
    return Table(
        columns("event", "", *number, number=number, bar=("",), extra=number[2:4]),
        tuple(_pivotal_row(row) for row in rows),
        title,
        MOST_SHOWN,
        many(len(rows) - MOST_SHOWN, "other event"),
    )


def _pivotal_row(row: Pivotal) -> Row:
    between = ""
    if row.difference is not None:
        between = points(row.difference, row.difference_low or 0.0, row.difference_high or 0.0)
    around = percents(row.low, row.high, like=row.share, dash="–")
    with_it = _of(row.with_it, row.with_yes, row.with_runs)
    without = _of(row.without_it, row.without_yes, row.without_runs)
    bar = Bar(row.share, row.low, row.high)
    return Row((row.event, bar, f"{row.undone} of {row.tested}", around, with_it, without, between))


def _of(share: float | None, yes: int, runs: int) -> str:
    if runs == 0:
        return "no runs"
    count = f"{yes:,} of {runs:,}"
    return count if share is None else f"{percent(share)}, {count}"


def _story(story: Story) -> Iterator[Note]:
    yield Note(f"Run {story.run}", "strong")
    for sentence in story.sentences:
        yield Note(sentence)


def _legend(made: Explanation) -> Iterator[Table]:
    """What the scenario says of each rule that is named above, in its first sentence."""
    moments: list[Moment] = [one for one in (made.parting.answers, made.parting.routes) if one is not None]
    named: list[Named] = [mark for route in made.routes for mark in route.marks]
    pivotal = [*made.pivotal[:MOST_SHOWN], *made.against[:MOST_SHOWN]]
    named += [*moments, *pivotal, *(event for story in made.stories for event in story.events)]
    rules = {one.rule: one.about.partition(". ")[0].rstrip(".") for one in named if one.about}
    if rules:
        rows = tuple(Row((Cell(rule), about)) for rule, about in rules.items())
        heads = columns("event", "in the words of the scenario", name=("event",))
        yield Table(heads, rows, "What these events are", 0, "What the scenario says of these events")
