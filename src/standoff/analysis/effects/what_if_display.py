"""What compare and branch found, as readers see it: first what changes most, then each answer that clearly moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from standoff.display import Bar, Cell, Column, Display, Note, Row, Table, columns
from standoff.numerals import (
    figure,
    in_a_hundred,
    many,
    percent_with_interval,
    plus_or_minus,
    points,
    with_interval,
    with_seed,
)
from standoff.time import date_in_words, from_iso

if TYPE_CHECKING:
    from standoff.analysis.effects.branching import Branched, Branching
    from standoff.analysis.effects.comparison import Comparison, QuestionDifference, SeriesDifference
    from standoff.analysis.effects.differences import Difference

CLEAR = "A change is clear where its 95% interval leaves out zero."
SAME = "the same in every run"


def comparison_display(made: Comparison, *, series: bool = False) -> Display:
    """A base case and its what-ifs: what each of them changes, the clear changes first."""
    parts: list[Table | Note] = []
    for what in made.whats:
        if what in made.unchanged:
            continue
        parts += _differences(made, what)
        refused = [one for one in made.refused if one.what == what]
        parts += [Note(f"Not compared with “{what}”: “{one.ask}” ({one.question}), {one.why}") for one in refused]
        if series:
            parts += _series(made, what)
    if series and made.no_number:
        parts.append(Note(f"Left out, with fewer than two pairs of finite numbers: {', '.join(made.no_number)}"))
    if len(made.whats) > 1:
        parts.append(_matrix(made))
    parts.append(Note(f"{CLEAR} The answers to quote are those of standoff run.", "quiet"))
    parts.append(
        Note("if independent: the runs with separate seeds that give as narrow an interval", "quiet", extra=True)
    )
    pairs = with_seed(many(made.runs, "pair of runs", "pairs of runs"), "coupled", made.seed)
    about = f"{made.scenario}: {pairs} with shared random numbers"
    return Display(" ".join(map(made.sentence_of, made.whats)), about, tuple(parts))


def what_changes(what: str, answers: Sequence[QuestionDifference]) -> str:
    """What a what-if changes most, and how many answers it clearly moves."""
    moved = [one for one in answers if is_clear(one.paired)]
    if not moved:
        return f"With “{what}” none of {many(len(answers), 'answer')} clearly changes."
    shares = [one for one in moved if one.type != "number"]
    most = max(shares or moved, key=lambda one: abs(one.paired.difference))
    clear = f"{len(moved)} of {many(len(answers), 'answer')} clearly {'changes' if len(moved) == 1 else 'change'}."
    return f"With “{what}”, {moves(most.ask, most.type, most.paired, says=most.says)}; {clear}"


def moves(ask: str, kind: str, paired: Difference, *, says: str | None = None, of: str = "runs") -> str:
    """By how much one answer changes, in words."""
    interval = (paired.difference, paired.low, paired.high)
    if kind == "number":
        return f"the mean answer to “{ask}” changes by {with_interval(*interval, plus=True)}"
    if says is not None:
        return f"{says} {'in time ' if kind == 'date' else ''}in {in_a_hundred(*interval, of=of)}"
    happens = "sees its date come" if kind == "date" else "is yes"
    return f"“{ask}” {happens} in {in_a_hundred(*interval, of=of)}"


def is_clear(paired: Difference) -> bool:
    """Whether the interval of a difference leaves out zero."""
    return paired.low > 0 or paired.high < 0


def _differences(made: Comparison, what: str) -> list[Table | Note]:
    answers = [one for one in made.questions if one.what == what]
    shares = [one for one in answers if one.type != "number"]
    numbers = [one for one in answers if one.type == "number"]
    tables: list[Table | Note] = []
    for rows, title, unit in ((shares, f"With “{what}”", "points"), (numbers, f"Numbers with “{what}”", "")):
        if rows:
            tables.append(_paired(rows, title, unit))
    return tables


def _paired(rows: Sequence[QuestionDifference | SeriesDifference], title: str, unit: str) -> Table:
    ordered = sorted(rows, key=lambda one: (not is_clear(one.paired), -abs(one.paired.difference)))
    most = max((abs(end) for one in rows for end in (one.paired.low, one.paired.high)), default=0.0)
    head = f"difference, {unit}" if unit else "difference"
    clear = sum(is_clear(one.paired) for one in ordered)
    number = ("base", "what if", head, "changed runs", "if independent")
    bar = ("",) if unit else ()
    return Table(
        columns("question", *bar, *number, number=number, bar=bar, extra=number[3:]),
        tuple(_pair_row(one, unit, most) for one in ordered),
        title,
        clear,
        f"{many(len(rows) - clear, 'other answer')} without a clear change",
    )


def _pair_row(one: QuestionDifference | SeriesDifference, unit: str, most: float) -> Row:
    paired = one.paired
    name = Cell(one.series) if hasattr(one, "series") else Cell(one.ask, one.question)
    runs = "" if paired.runs_if_independent is None else f"{paired.runs_if_independent:,}"
    rest = (f"{paired.changed:,}", runs)
    moved = (paired.difference, paired.low, paired.high)
    base, variant = (paired.base, *paired.base_around), (paired.variant, *paired.variant_around)
    quiet = not is_clear(paired)
    if unit:
        cells = (percent_with_interval(*base), percent_with_interval(*variant), points(*moved))
        return Row((name, Bar(*moved, signed=True, most=most), *cells, *rest), quiet)
    pair = (with_interval(*base, dash="–"), with_interval(*variant, dash="–"))
    return Row((name, *pair, with_interval(*moved, plus=True), *rest), quiet)


def _series(made: Comparison, what: str) -> list[Table | Note]:
    rows = [one for one in made.series if one.what == what]
    parts: list[Table | Note] = []
    if rows:
        parts.append(_paired(rows, f"Watched series at their end with “{what}”", ""))
    for one in rows:
        if without := made.runs - one.paired.runs:
            left_out = f"without {without:,} of {made.runs:,} pairs, in which it is not a finite number"
            parts.append(Note(f"{one.series}: {left_out}"))
    return parts


def _matrix(made: Comparison) -> Table:
    """Questions by what-ifs: the difference and half its 95% interval."""
    rows: dict[str, list[Cell | Bar | str]] = {}
    for one in made.questions:
        paired = one.paired
        begin: list[Cell | Bar | str] = [Cell(one.ask, one.question), with_interval(paired.base, *paired.base_around)]
        row = rows.setdefault(one.question, begin + [""] * len(made.whats))
        cell = plus_or_minus(paired.difference, (paired.high - paired.low) / 2)
        row[2 + made.whats.index(one.what)] = Cell(cell, tone="" if is_clear(paired) else "quiet")
    return Table(
        (Column("question"), Column("base", "number"), *(Column(what, "number") for what in made.whats)),
        tuple(Row(tuple(row)) for row in rows.values()),
        "All differences, ± half the 95% interval",
        0,
        "All differences side by side",
    )


# -- branches ----------------------------------------------------------------------------------------------------------


def branching_display(made: Branching) -> Display:
    """The ways in which one run could go on, beside the run itself."""
    changed = ", ".join(f"{name} = {word}" for name, word in made.written.items())
    ways = with_seed(many(made.continuations, "continuation"), "coupled", made.seed)
    about = f"{made.scenario}: {ways} of run {made.run} {_since(made)}"
    notes = (Note(note) for note in made.notes)
    table = _changed(made, changed) if changed else _open(made)
    return Display(_branched(made, changed), about, (table, *notes))


def _since(made: Branching) -> str:
    day = date_in_words(from_iso(made.at))
    return f"from {day} on" if made.event is None else f"after {made.event} on {day}"


def _branched(made: Branching, changed: str) -> str:
    shares = [one for one in made.questions if one.type != "number"]
    count = many(len(made.questions), "answer")
    if changed:
        moved = [one for one in made.questions if one.change is not None and is_clear(one.change)]
        if not moved:
            return f"With {changed} none of {count} clearly changes {_since(made)}."
        likely = [one for one in moved if one.type != "number"]
        most = max(likely or moved, key=lambda one: abs(_change(one).difference))
        words = moves(most.ask, most.type, _change(most), of="continuations")
        verb = "changes" if len(moved) == 1 else "change"
        return f"With {changed} {_since(made)}, {words}; {len(moved)} of {count} clearly {verb}."
    if not shares:
        return f"The numbers of run {made.run} still spread {_since(made)}."
    undecided = [one for one in shares if 0.0 < one.value < 1.0]
    if not undecided:
        return f"All of {many(len(shares), 'answer')} are settled {_since(made)}: every continuation agrees."
    most_open = min(undecided, key=lambda one: abs(one.value - 0.5))
    share = percent_with_interval(most_open.value, most_open.low, most_open.high)
    still = f"{len(undecided)} of {many(len(shares), 'answer')} can still go either way {_since(made)}"
    return f"{still}; least settled: “{most_open.ask}”, yes in {share}."


def _change(one: Branched) -> Difference:
    if one.change is None:
        raise ValueError(f"{one.question} has no change")
    return one.change


def _open(made: Branching) -> Table:
    """Answers that continuations leave open first."""
    ordered = sorted(made.questions, key=lambda one: one.type != "number" and not 0.0 < one.value < 1.0)
    undecided = sum(one.type == "number" or 0.0 < one.value < 1.0 for one in ordered)
    rest = len(ordered) - undecided
    return Table(
        columns("question", "this run", "", "its continuations", number=("this run", "its continuations"), bar=("",)),
        tuple(Row((Cell(one.ask, one.question), _own(one), _bar(one), _value(one))) for one in ordered),
        shown=undecided,
        rest=f"{many(rest, 'answer')} on which all continuations agree",
    )


def _changed(made: Branching, changed: str) -> Table:

    def place(one: Branched) -> tuple[bool, bool, float]:
        return not is_clear(_change(one)), one.type == "number", -abs(_change(one).difference)

    ordered = sorted(made.questions, key=place)
    shares = [abs(end) for one in ordered if one.type != "number" for end in (_change(one).low, _change(one).high)]
    clear = sum(is_clear(_change(one)) for one in ordered)
    number = ("this run", "unchanged", f"with {changed}", "difference")
    return Table(
        columns("question", "", *number, number=number, bar=("",)),
        tuple(_changed_row(one, max(shares, default=0.0)) for one in ordered),
        shown=clear,
        rest=f"{many(len(ordered) - clear, 'answer')} without a clear change",
    )


def _changed_row(one: Branched, most: float) -> Row:
    paired = _change(one)
    moved, variant = (paired.difference, paired.low, paired.high), (paired.variant, *paired.variant_around)
    if one.type == "number":
        cells = (with_interval(*variant, dash="–"), with_interval(*moved, plus=True))
        bar: Bar | str = ""
    else:
        cells, bar = (percent_with_interval(*variant), f"{points(*moved)} points"), Bar(*moved, signed=True, most=most)
    return Row((Cell(one.ask, one.question), bar, _own(one), _value(one), *cells), not is_clear(paired))


def _own(one: Branched) -> str:
    if one.type == "number":
        return figure(one.own)
    if one.type == "date":
        return one.own_date or "not by then"
    return "yes" if one.own else "no"


def _value(one: Branched) -> str:
    if one.type == "number":
        return with_interval(one.value, one.low, one.high, dash="–")
    return percent_with_interval(one.value, one.low, one.high)


def _bar(one: Branched) -> Bar | str:
    return "" if one.type == "number" else Bar(one.value, one.low, one.high)
