"""What the model says to claims, and what mechanisms move, as readers see it: the decided ones first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from standoff.display import Bar, Cell, Display, Note, Row, Table, Tone, columns
from standoff.numerals import alike, in_a_hundred, many, percent, points, with_interval, with_seed, with_unit

if TYPE_CHECKING:
    from standoff.analysis.effects.claims import ClaimFinding, Claims, RivalFinding
    from standoff.analysis.effects.mechanisms import KnockOut, KnockOuts
    from standoff.analysis.effects.verdicts import Verdict

FEW = 12
"""Up to this many claims are described in words at once; beyond it, only those that fail."""

TONES: dict[Verdict, Tone] = {
    "reversed": "bad", "weaker than claimed": "poor", "holds": "good", "not distinguishable": "quiet",
}  # fmt: skip
"""The verdicts in the order in which they are shown."""


def claims_display(made: Claims) -> Display:
    """The claims of a scenario: how many hold, then each with its effect, and in words what fails."""
    theses = _ordered(made, "thesis")
    wiring = _ordered(made, "wiring")
    counts = (_counted(theses, "thesis", "theses"), _counted(wiring, "test of wiring", "tests of wiring"))
    parts: list[Table | Note] = [Note(sentence) for sentence in _on_rivals(theses)]
    parts += [_table(tested, what) for tested, what in ((theses, "thesis"), (wiring, "wiring")) if tested]
    parts.append(Note(f"A false verdict is reached with probability {made.error:g} at most.", "quiet"))
    for one in (*theses, *wiring):
        fails = one.verdict in ("reversed", "weaker than claimed")
        parts += _described(one, extra=not fails and len(made.claims) > FEW)
    pairs = with_seed("pairs of runs", "coupled", made.seed)
    about = f"{made.scenario}: effects of each cause alone, in {pairs}, which share their random numbers"
    return Display(" ".join(filter(None, counts)) or "There are no claims.", about, tuple(parts))


def _ordered(made: Claims, kind: str) -> list[ClaimFinding]:
    order = list(TONES)

    def place(one: ClaimFinding) -> tuple[int, float]:
        return order.index(one.verdict), -abs(one.effect) if one.unit == "probability" else 1.0

    return sorted((one for one in made.claims if one.kind == kind), key=place)


def _counted(tested: Sequence[ClaimFinding], what: str, several: str) -> str:
    """How many of a kind there are, and how many have each verdict."""
    if not tested:
        return ""
    counts = {verdict: sum(one.verdict == verdict for one in tested) for verdict in TONES}
    holding, weak = counts["holds"], counts["weaker than claimed"]
    opposed, undecided = counts["reversed"], counts["not distinguishable"]
    told = [f"{holding} {'holds' if holding == 1 else 'hold'}"] if holding else ["none holds"]
    told += [f"{weak} {'is' if weak == 1 else 'are'} weaker than claimed"] if weak else []
    told += [f"{opposed} {'goes' if opposed == 1 else 'go'} the other way"] if opposed else []
    told += [f"these runs do not decide {undecided}"] if undecided else []
    if len(tested) == 1:
        return f"These runs do not decide the one {what}." if undecided else f"The one {what} {told[-1][2:]}."
    listed = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
    return f"Of {many(len(tested), what, several)}, {listed}."


def _on_rivals(theses: Sequence[ClaimFinding]) -> Iterator[str]:
    """What the rivals of the theses say."""
    passed = [one.id for one in theses if one.tests_nothing]
    if passed:
        yield f"Every rival passes too, so these test nothing: {', '.join(passed)}."
    alone = sum(not one.rivals for one in theses)
    if alone:
        yield f"{many(alone, 'thesis was', 'theses were')} tested without a rival."


def _table(tested: Sequence[ClaimFinding], what: str) -> Table:
    more = ("at least", "rules") if what == "thesis" else ()
    last = ("rivals",) if what == "thesis" else ()
    number = ("effect", "interval", *more, "pairs")
    heads = (what, "mechanism", "verdict", "", *number, "unit", *last)
    most = max((abs(end) for one in tested if one.unit == "probability" for end in (one.low, one.high)), default=0.0)
    decided = sum(one.verdict != "not distinguishable" for one in tested)
    kinds = {"name": ("verdict", *last), "number": number, "bar": ("",), "extra": ("mechanism", "rules")}
    return Table(
        columns(*heads, **kinds),
        tuple(_row(one, most) for one in tested),
        "",
        decided,
        f"{many(len(tested) - decided, 'claim')} that these runs do not decide",
    )


def _row(one: ClaimFinding, most: float) -> Row:
    effect, *ends = _numbers(one, one.unit)
    likely = one.unit == "probability"
    bar = Bar(one.effect, one.low, one.high, signed=True, most=most) if likely else ""
    begin = (Cell(one.id), ", ".join(one.mechanism), Cell(one.verdict, tone=TONES[one.verdict]), bar)
    unit = "points" if likely else one.unit or ""
    if one.kind == "wiring":
        return Row((*begin, effect, " to ".join(ends), f"{one.runs:,}", unit))
    fail = sum(rival.fails for rival in one.rivals)
    rivals = f"{fail} of {len(one.rivals)} fail" if one.rivals else ""
    rules = str(len(one.way)) if one.way is not None else "no way"
    return Row((*begin, effect, " to ".join(ends), one.at_least or "", rules, f"{one.runs:,}", unit, rivals))


def _numbers(one: ClaimFinding | RivalFinding, unit: str | None) -> list[str]:
    """An effect and its interval; of a probability in points."""
    return alike(one.effect, one.low, one.high, plus=True, points=unit == "probability")


def _described(one: ClaimFinding, *, extra: bool) -> Iterator[Note]:
    """A claim in words: what the source says, how it was tested, and what selection says."""
    hedge = f' ("{one.hedge}")' if one.hedge else ""
    evidence = f" [{', '.join(one.evidence)}]" if one.evidence else ""
    yield Note(f"{one.id}, {one.verdict}: {one.says}{hedge}{evidence}", TONES[one.verdict], extra=extra)
    lines = [f"cause: {one.cause}", f"effect: {one.expect}"]
    if one.least is not None and one.verdict in ("weaker than claimed", "not distinguishable"):
        short = max(abs(one.low), abs(one.high)) < one.least
        told = "it falls short of that" if short else f"not shown to be reached in {many(one.runs, 'pair')}"
        lines.append(f"at least: {one.at_least or ''}; {told}")
    if one.way:
        lines.append(f"through: {', '.join(one.way)}")
    lines += [_opposed(one, rival) for rival in one.rivals]
    if one.against:
        lines.append(f"against: {', '.join(one.against)}")
    if one.selection is not None:
        lines.append(_selected(one))
    for line in lines:
        yield Note(f"  {line}", extra=extra)


def _opposed(one: ClaimFinding, rival: RivalFinding) -> str:
    """A thesis under a rival, in words."""
    effect, low, high = _numbers(rival, one.unit)
    if one.verdict == "holds":
        says = "fails, as it must" if rival.fails else "passes too"
    else:
        says = "fails too" if rival.fails else "passes"
    return f"rival {rival.rival}: {says} ({rival.verdict}: {effect}, {low} to {high})"


def _selected(one: ClaimFinding) -> str:
    seen = one.selection
    if seen is None:
        return ""
    counts = f"{many(seen.with_runs, 'run')} with it, {seen.without_runs:,} without"
    low, high = seen.low, seen.high
    if seen.effect is None or low is None or high is None:
        return f"given {seen.given}: too few runs to select from ({counts})"
    if one.unit == "probability":
        selected, caused = points(seen.effect, low, high), points(one.effect, one.low, one.high)
        return f"given {seen.given}: by selection {selected} points ({counts}), by intervention {caused} points"
    selected = with_interval(seen.effect, low, high, plus=True)
    caused = with_unit(with_interval(one.effect, one.low, one.high, plus=True), one.unit)
    return f"given {seen.given}: by selection {selected} ({counts}), by intervention {caused}"


# -- mechanisms knocked out --------------------------------------------------------------------------------------------


def knock_outs_display(made: KnockOuts) -> Display:
    """Mechanisms knocked out, those that move an answer most first."""
    ordered = sorted(made.mechanisms, key=lambda one: -abs(one.moved[0].difference) if one.moved else 1.0)
    matter = [one for one in ordered if _matters(one)]
    ordered = [*matter, *(one for one in ordered if not _matters(one))]
    most = max((abs(end) for one in ordered for end in _ends(one)), default=0.0)
    number = ("with", "without", "points", "interval")
    table = Table(
        columns(
            "mechanism", "removed", "moves most", "", *number, "own event",
            name=("mechanism", "own event"), number=number, bar=("",),
        ),
        tuple(_knocked_out(one, most) for one in ordered),
        "",
        len(matter),
        f"{many(len(ordered) - len(matter), 'other mechanism')} without a clear effect of 5 points",
    )  # fmt: skip
    runs = with_seed(many(made.runs, "pair of runs", "pairs of runs"), "coupled", made.seed)
    notes: list[Table | Note] = [*(Note(sentence) for sentence in _beside(made, matter)), table]
    notes += [
        Note("points: change of the answer that moves most without the mechanism; 95% intervals over all.", "quiet"),
        Note("own event: the question counts, or asks for what is written by, the mechanism's own rule.", "quiet"),
    ]
    return Display(_matter(made, matter), f"{made.scenario}: {runs}", tuple(notes))


def _matters(one: KnockOut) -> bool:
    return any(moved.material for moved in one.moved)


def _ends(one: KnockOut) -> tuple[float, ...]:
    return (one.moved[0].low, one.moved[0].high) if one.moved else ()


def _matter(made: KnockOuts, matter: Sequence[KnockOut]) -> str:
    """How many mechanisms matter, and which most."""
    what = "forecast" if made.forecasts else "answer"
    other = sum(any(moved.material and not moved.own for moved in one.moved) for one in matter)
    verb = "moves" if len(matter) == 1 else "move"
    head = (
        f"{len(matter)} of {many(len(made.mechanisms), 'mechanism')} {verb} one of the "
        f"{many(made.questions, what)} by 5 points or more, {other} of these another than their own event"
    )
    if not matter:
        return f"{head}."
    first = matter[0].moved[0]
    more = in_a_hundred(first.difference, first.low, first.high)
    return f"{head}. Without {matter[0].mechanism}, “{first.ask}” is yes in {more}."


def _beside(made: KnockOuts, matter: Sequence[KnockOut]) -> Iterator[str]:
    shared = sum(bool(one.shared) for one in matter)
    if shared:
        yield (
            f"{shared} of these {'shares' if shared == 1 else 'share'} rules with other mechanisms, which are knocked "
            "out as well; to tell them apart, name under mechanisms: what switches one off alone."
        )
    lone = [one.mechanism for one in made.mechanisms if not one.moved]
    if lone:
        yield f"No rule of its own, and nothing under mechanisms: to switch it off: {', '.join(lone)}."


def _knocked_out(one: KnockOut, widest: float) -> Row:
    removed = ", ".join(f"{name} = {value:g}" for name, value in one.off.items())
    if not removed:
        rules = many(len(one.rules), "rule") + (f" ({len(one.shared)} shared)" if one.shared else "")
        parts = [rules] if one.rules else []
        parts += [many(len(these), what) for these, what in ((one.flows, "flow"), (one.ties, "tie")) if these]
        removed = ", ".join(parts)
    if not one.moved:
        return Row((one.mechanism, "no rule of its own", *[""] * 7))
    most = one.moved[0]
    if not most.changed:
        return Row((one.mechanism, removed, "nothing", *[""] * 6))
    difference, low, high = alike(most.difference, most.low, most.high, plus=True, points=True)
    bar = Bar(most.difference, most.low, most.high, signed=True, most=widest)
    numbers = (percent(most.base), percent(most.without), difference, f"{low} to {high}")
    asked = Cell(most.ask, most.question)
    return Row((one.mechanism, removed, asked, bar, *numbers, "yes" if most.own else ""), not _matters(one))
