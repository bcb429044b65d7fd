"""Why an answer is as it is, in a few sentences: the usual way to a yes, what it turns on, what stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.analysis.explanations.findings import foremost
from standoff.numerals import part_of, told_out_of

if TYPE_CHECKING:
    from standoff.analysis.explanations.findings import Explanation, Mark, Pivotal

MARKS_TOLD, ROOM = 2, 70
"""So many events that mark a route stand in its sentence, and one alone where they are longer than so many letters."""


def why(made: Explanation, yes: int, runs: int, *, heavier: bool = False, rarest: str = "") -> str:
    """The reasons for a yes in so many of the runs, counted as the answer is told: "without it, 27 of these 29 ...".

    The answer and the explanation may be of other runs: only shares are taken from the explanation. Empty where
    neither a way nor an event was found. `heavier`: something was named before that weighs more than any event;
    `rarest` says where a yes is rarest, for want of an event in the way.
    """
    of, whole = told_out_of(yes, runs)
    if of == 0:
        return ""
    way = _way(made, of)
    if not way and not any(_named(made, of / whole)):
        return ""
    return _joined(way, _for(made, of, whole, heavier=heavier), _against(made, of, whole, rarest), of / whole)


def turns(made: Explanation, yes: int, runs: int) -> str:
    """What the answer turns on and what stands in the way, without the way there; counted like `why`."""
    of, whole = told_out_of(yes, runs)
    return _joined("", _for(made, of, whole), _against(made, of, whole), of / whole) if of > 0 else ""


def _joined(way: str, needed: str, against: str, share: float) -> str:
    """What speaks for the likelier answer comes first."""
    parts = (way, needed, against) if share >= 0.5 else (against, way, needed)
    return " ".join(filter(None, parts))


def weight(made: Explanation, share: float) -> float:
    """The share of all runs that the more weighty of the events that are named turns, where so many say yes."""
    needed, in_the_way = _named(made, share)
    return max(needed.share * share if needed else 0.0, in_the_way.share * (1 - share) if in_the_way else 0.0)


def _way(made: Explanation, yes: int) -> str:
    """The route by which most yeses come about, by the events that tell it from the others; empty where none does."""
    usual = max(made.routes, key=lambda one: one.share, default=None)
    marks = [one for one in usual.marks if one.here > one.elsewhere and not _in_every_run(made, one)] if usual else []
    if usual is None or not marks:
        return ""
    count, around = part_of(yes, usual.share, usual.low, usual.high)
    telling = sorted(marks, key=lambda one: one.elsewhere - one.here)[:MARKS_TOLD]
    # In the order of the marks, which is that of time.
    both = " and ".join(f"“{one.event}”" for one in marks if one in telling)
    through = both if len(both) <= ROOM else f"“{telling[0].event}”"
    return f"The most usual way there, taken by {count} of these {yes:,} ({around}), leads through {through}."


def _for(made: Explanation, yes: int, whole: int, *, heavier: bool = False) -> str:
    """The event without which most yeses would be lost."""
    needed, _ = _named(made, yes / whole)
    if needed is not None:
        return f"{_begin(made, needed, whole, heavier=heavier)}: {_without(needed, yes)}."
    return "No single event decides it." if made.pivotal else ""


def _against(made: Explanation, yes: int, whole: int, rarest: str = "") -> str:
    """The event without which most noes would be lost."""
    _, in_the_way = _named(made, yes / whole)
    no = whole - yes
    if no == 0:
        return ""
    if in_the_way is not None:
        won, around = part_of(no, in_the_way.share, in_the_way.low, in_the_way.high)
        stands = f"What stands most in the way is “{in_the_way.event}”"
        return f"{stands}: without it, {won} of the other {no:,} ({around}) would go the other way."
    if made.against:
        return f"In the other {no:,} no single event stands in the way{f'; {rarest}' if rarest else ''}."
    return f"{rarest[:1].upper()}{rarest[1:]}." if rarest else ""


def _begin(made: Explanation, needed: Pivotal, whole: int, *, heavier: bool) -> str:
    """What does most for a yes, and whether it decides it."""
    if needed.decisive:
        return f"It turns on “{needed.event}”"
    other = _needed_more(made, needed)
    if other is not None and other.without_runs == 0:
        return f"Of events that not every run has, “{needed.event}” does most"
    if other is not None:
        return f"Most need {_passed_over(other, whole)}; beside it “{needed.event}” does most"
    return f"{'Of all events,' if heavier else 'No single event decides it;'} “{needed.event}” does most"


def _in_every_run(made: Explanation, mark: Mark) -> bool:
    """Whether it is known that no run was without such an event, which then tells readers nothing of a route."""
    same = [one for one in (*made.pivotal, *made.against) if (one.rule, one.binding) == (mark.rule, mark.binding)]
    return any(one.without_runs == 0 for one in same)


def _without(event: Pivotal, yes: int) -> str:
    lost, around = part_of(yes, event.share, event.low, event.high)
    return f"without it, {lost} of these {yes:,} ({around}) would go the other way"


def _needed_more(made: Explanation, needed: Pivotal) -> Pivotal | None:
    """What most yeses need although something else is named: not that with others of its rule, nor the answer."""
    others = (one for one in made.pivotal if one.rule != needed.rule or one.binding not in ("any", needed.binding))
    return next((one for one in others if one.decisive and one.leads and one.with_yes < one.with_runs), None)


def _passed_over(event: Pivotal, whole: int) -> str:
    """The event, and why it is not the one that is named: it comes in nearly every run, or turns more of the others.

    See `Pivotal.tells` and `_named`.
    """
    if event.tells:
        return f"“{event.event}”, which stands in the way of more"
    share = event.with_runs / (event.with_runs + event.without_runs)
    return f"“{event.event}”, which comes in {min(whole - 1, round(whole * share)):,} of {whole:,} runs"


def _named(made: Explanation, share: float) -> tuple[Pivotal | None, Pivotal | None]:
    """What does most for a yes where such a share of the runs says yes, and what stands most in the way.

    Without the renewal of a treaty it may end sooner or stay for good: what turns answers both ways is told as the one
    that it does more often.
    """
    lost = {(one.rule, one.binding): one.share * share for one in made.pivotal}
    won = {(one.rule, one.binding): one.share * (1 - share) for one in made.against}
    helping = {event for event in lost.keys() | won.keys() if lost.get(event, 0.0) >= won.get(event, 0.0)}
    return (
        foremost([one for one in made.pivotal if (one.rule, one.binding) in helping]),
        foremost([one for one in made.against if (one.rule, one.binding) not in helping]),
    )
