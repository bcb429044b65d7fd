"""What answers depend on, as readers see it: chance first, then the numbers that matter most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from standoff.display import Bar, Cell, Display, Note, Row, Table, columns
from standoff.numerals import alike, figure, many, percent, percent_with_interval, with_interval, with_seed

if TYPE_CHECKING:
    from standoff.analysis.spread.discovery import Box, DrawnTogether
    from standoff.analysis.spread.sensitivity import Index, Sensitivity
    from standoff.analysis.spread.variance import Share, Split

MOST_SHOWN = 3
"""How many parameters are shown for each question."""
FEW = 6
"""So many questions are shown at once; the others are counted."""


def sensitivity_display(made: Sensitivity, questions: Sequence[str] = ()) -> Display:
    """What the answers depend on; `questions` are those to show, all where none is named."""
    asked = [one for one in made.questions if not questions or one.question in questions]
    split = [one for one in asked if one.chance is not None]
    shown = len(asked) if questions else FEW
    parts: list[Table | Note] = [_split(made, split, shown)] if split else []
    caption = "Shares of the variance with 95% intervals. The answer to quote is that of standoff run."
    parts.append(Note(caption, "quiet"))
    parts += _most(made, split, shown)
    if made.variants:
        parts.append(_variants(made, split, shown))
    parts += [Note(f"– {one.ask}: {one.note}", extra=not questions) for one in asked if one.note is not None]
    parts += [line for box in made.boxes for line in _box(box, made.seed)]
    pairs = with_seed(f"{many(made.runs, 'pair of runs', 'pairs of runs')} for each {made.by}", "coupled", made.seed)
    about = f"{made.scenario}: {pairs}, five times as many for means and shares"
    return Display(_sentence(made, split), about, tuple(parts))


def _sentence(made: Sensitivity, split: Sequence[Split]) -> str:
    if not split:
        return "No answer varied enough to say what it depends on."
    first = _first(made)
    if len(split) == 1:
        (one,) = split
        parts = ((one.chance, "chance"), (one.parameters, "uncertain numbers"), (one.interplay, "both together"))
        told = ", ".join(f"{word} {share_words(share)}" for share, word in parts if share is not None)
        most = first.get(one.question)
        matters = f"; the {made.by} that matters most is {most.name}" if most is not None else ""
        return f"“{one.ask}” Where its variance comes from: {told}{matters}."
    chance = sum(one.chance is not None and one.chance.value >= 0.5 for one in split)
    head = f"Chance alone makes at least half of the variance of {chance} of {many(len(split), 'answer')}"
    ranked = Counter(most.name for question, most in first.items() if any(one.question == question for one in split))
    if not ranked:
        return f"{head}."
    (name, times), *_ = ranked.most_common(1)
    return f"{head}; the {made.by} that most often matters most is {name} (for {many(times, 'answer')})."


def _first(made: Sensitivity) -> dict[str, Index]:
    """The parameter that matters most for each question, where one clearly matters."""
    first: dict[str, Index] = {}
    for index in made.indices:
        if index.total.low > 0:
            first.setdefault(index.question, index)
    return first


def _split(made: Sensitivity, split: Sequence[Split], shown: int) -> Table:
    number = ("mean", "chance", "parameters", "interplay", *(["structure"] if made.variants else []))
    rows = []
    for one in split:
        shares = (one.chance, one.parameters, one.interplay, one.structure)[: len(number) - 1]
        chance = "" if one.chance is None else Bar(one.chance.value, one.chance.low, one.chance.high)
        rows.append(Row((Cell(one.ask, one.question), _mean(one), chance, *map(share_words, shares))))
    heads = columns("question", "mean", "", *number[1:], number=number, bar=("",))
    return Table(heads, tuple(rows), "What the variance comes from", shown, _others(len(split), shown))


def _others(count: int, shown: int) -> str:
    return many(count - shown, "other question")


def _mean(one: Split) -> str:
    return figure(one.mean) if one.type == "number" else percent(one.mean)


def share_words(share: Share | None) -> str:
    """A share of the variance, which an estimate may put below 0 or above 1: `50% (43 to 57%)`."""
    if share is None:
        return "–"
    value, low, high = alike(share.value, share.low, share.high, points=True)
    return f"{value}% ({low} to {high}%)"


def _most(made: Sensitivity, split: Sequence[Split], shown: int) -> Iterator[Table | Note]:
    rows, count = [], 0
    for number, one in enumerate(split):
        mine = [index for index in made.indices if index.question == one.question and index.total.value > 0]
        for at, index in enumerate(mine[:MOST_SHOWN]):
            asked = Cell(one.ask, one.question) if at == 0 else ""
            evidence = ", ".join(index.evidence) if made.by == "parameter" else ""
            total = Bar(index.total.value, index.total.low, index.total.high)
            rows.append(Row((asked, index.name, total, share_words(index.total), evidence)))
            count += number < shown
    if not rows:
        return
    heads = columns(
        "question", made.by, "", "total index", "evidence", name=(made.by,), number=("total index",), bar=("",)
    )
    title = f"The {made.by}s that matter most"
    yield Table(heads, tuple(rows), title, count, f"{_others(len(split), shown)} with theirs")
    yield Note("total index: the share that stays if all else is known; the indices overlap.", "quiet")


def _variants(made: Sensitivity, split: Sequence[Split], shown: int) -> Table:
    heads = [f"{one.name} (weight {one.share:.2g})" for one in made.variants]
    rows = []
    for one in split:
        means = {each.name: each for each in one.variants}
        cells = []
        for name in (variant.name for variant in made.variants):
            mean = means.get(name)
            if mean is None:
                cells.append("not asked")
            elif one.type == "number":
                cells.append(with_interval(mean.mean, mean.low, mean.high))
            else:
                cells.append(percent_with_interval(mean.mean, mean.low, mean.high))
        rows.append(Row((Cell(one.ask, one.question), *cells)))
    table = columns("question", *heads, number=heads)
    return Table(table, tuple(rows), "Mean answers by variant, 95% intervals", shown, _others(len(split), shown))


def _together(one: DrawnTogether) -> str:
    """A number that a limit on another one shifts."""
    drawn = f"{one.parameter} is drawn together with {one.other} (rank correlation {one.rank:+.2f})"
    inside, everywhere = (
        f"{figure(low)} to {figure(high)}" for low, high in ((one.low, one.high), (one.all_low, one.all_high))
    )
    return f"{drawn}, which in 90% of the runs inside is {inside}, of all runs {everywhere}"


def _box(box: Box, seed: int) -> Iterator[Note]:
    answer = "yes" if box.yes else "no"
    rate = f"{percent_with_interval(box.base_rate, box.base_low, box.base_high)} of "
    rate += with_seed(many(box.runs, "run"), "direct", seed)
    head = f"What makes {box.question} a {answer}, which it is in {rate}:"
    if not box.limits or box.density is None or box.coverage is None or box.mass is None:
        yield Note(f"{head} no range of the parameters clearly has more of it.")
        return
    share, covered, size = (
        percent_with_interval(value, low or 0.0, high or 0.0)
        for value, low, high in (
            (box.density, box.density_low, box.density_high),
            (box.coverage, box.coverage_low, box.coverage_high),
            (box.mass, box.mass_low, box.mass_high),
        )
    )
    yield Note(head, "strong")
    for limit in box.limits:
        low = f"{figure(limit.low)} ≤ " if limit.low is not None else ""
        high = f" ≤ {figure(limit.high)}" if limit.high is not None else ""
        unit = f" {limit.unit}" if limit.unit else ""
        yield Note(f"  {low}{limit.parameter}{high}{unit} (by chance: {limit.quasi_p:.1g})")
    for one in box.together:
        # Of a pair that the box limits on both sides once is enough.
        if one.other not in {limit.parameter for limit in box.limits} or one.parameter < one.other:
            yield Note(f"  {_together(one)}")
    yield Note(f"  inside, {share} are {answer}; the box has {covered} of every {answer} and {size} of all runs")
    yield Note(f"  (measured on {box.held_out:,} runs that had no part in finding the box)")
