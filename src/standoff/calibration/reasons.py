"""Why the main question is answered as it is, and how sure that is, in sentences that the runs themselves support."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from standoff.analysis.answers import meant_by
from standoff.analysis.explanations import weight
from standoff.analysis.explanations import why as why_of
from standoff.analysis.spread import Contrasts, by_thirds
from standoff.ensemble import FEWEST_SELECTED, Answer, DateAnswer, NoAnswer, NumberAnswer, YesNoAnswer, selected
from standoff.numerals import alike, many, percent, percents

if TYPE_CHECKING:
    from standoff.analysis.explanations import Explanation
    from standoff.ensemble import Ensemble

SCALE = "ICD 203, the scale of US intelligence"
LIMIT = "More runs cannot say whether the model is right."
EXPLAINED, DEPENDS = "Why the model says so", "What the answer depends on most"


@dataclass(frozen=True, slots=True)
class Range:
    """Between which shares of yes `of` leaves the answer; `around` has them in words."""

    of: str
    low: float
    high: float
    around: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """What stands beside the headline: `why` under its `label`, both empty where nothing supports one; and how sure.

    Events of an explanation say why; uncertain numbers only say what the answer depends on. `ranges` are to be drawn
    beside one another: that of chance first, and none where nothing but chance is known to move the answer.
    """

    label: str
    why: str
    how_sure: str
    ranges: tuple[Range, ...] = ()


def contrasts_of(ensemble: Ensemble, name: str) -> Contrasts:
    """Which of the numbers that an author calls uncertain move the answer to a question.

    A number counts as a yes where it is above its median, a date where it comes at all.
    """
    entries, asked = ensemble.manifest.parameters, ensemble.manifest.questions
    at = [one.id for one in asked].index(name)
    # By position: what is called as another column of its table has another name there.
    values = ensemble.answers.to_numpy()[:, 1:]
    among = selected(asked, asked[at], values)
    among = np.ones(len(values), np.bool_) if among is None else among
    if among.sum() < FEWEST_SELECTED and asked[at].condition is not None:
        return Contrasts(0, ())
    answers = values[among, at]
    limit = np.median(answers) if asked[at].type == "number" else 0.0
    yes = answers >= 0 if asked[at].type == "date" else answers > limit
    drawn = zip(entries, ensemble.parameters.columns[1:], strict=True)
    known = {one.name: ensemble.parameters[column].to_numpy() for one, column in drawn if not one.origin}
    found = by_thirds({name: of[among] for name, of in known.items()}, yes)
    told = {one.name: one for one in entries}
    clear = (replace(one, about=told[one.name].about, beside=told[one.name].correlated) for one in found.clear)
    return replace(found, clear=tuple(clear))


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What readers call a what-if, and by how much pairs of runs say that it moves the share of yes, if clearly.

    `rewrites`: it rewrites the very event that is asked for, and so is the answer by another name.
    """

    name: str
    difference: float
    low: float
    high: float
    rewrites: bool = False


def reasons_of(
    answer: Answer,
    contrasts: Contrasts,
    called: Mapping[str, str],
    explained: Explanation | None = None,
    what_ifs: Sequence[WhatIf] = (),
    held: WhatIf | None = None,
) -> Reasons:
    """The reasons for an answer, by what moves it; `called` has what readers call an uncertain number.

    `held` is a claim that holds about it, called by what it says: what happens where its cause is changed.
    """
    told = ""
    if isinstance(answer, YesNoAnswer | DateAnswer):
        claimed = "" if held is None else _claimed(held, answer.chance.probability)
        found = "" if explained is None else _explained(answer, explained, contrasts, called, what_ifs)
        told = " ".join(filter(None, (claimed, found)))
    label, why = (EXPLAINED, told) if told else (DEPENDS, _numbers(answer, contrasts, called))
    ranges = tuple(_ranges(answer, contrasts, what_ifs))
    sure = " ".join(_how_sure(answer, contrasts, called))
    return Reasons(label if why else "", why, sure, ranges if len(ranges) > 1 else ())


def _claimed(held: WhatIf, share: float) -> str:
    """What a claim says, and what is left of the answer where its cause is changed."""
    return f"“{held.name}” This claim holds here: with its cause changed, the answer is yes in {_to(held, share)}."


def _explained(
    answer: YesNoAnswer | DateAnswer,
    explained: Explanation,
    contrasts: Contrasts,
    called: Mapping[str, str],
    what_ifs: Sequence[WhatIf],
) -> str:
    """What the explanation says, after the number or the what-if that moves more of the runs than any event does.

    Empty where the explanation says nothing.
    """
    share = answer.chance.probability
    numbers = [(abs(one.difference), f"what nobody knows: {_called(one.name, called)}") for one in contrasts.clear[:1]]
    made = [(abs(one.difference), _if(one, share)) for one in what_ifs if not one.rewrites]
    size, words = max([*numbers, *made], default=(0.0, ""))
    heavier = size > weight(explained, share)
    rarest = _rarest(contrasts, called)
    found = why_of(explained, answer.chance.yes, answer.runs, heavier=heavier, rarest=rarest)
    return f"It hangs most on {words}. {found}" if found and heavier else found


def _ranges(answer: Answer, contrasts: Contrasts, what_ifs: Sequence[WhatIf]) -> Iterator[Range]:
    """What leaves the answer how open: chance, the uncertain numbers that clearly move it, the what-ifs that do."""
    if not isinstance(answer, YesNoAnswer | DateAnswer):
        return
    share, chance = answer.chance.probability, answer.chance
    yield _range("chance alone", chance.low, chance.high, share)
    if ends := _ends(contrasts):
        yield _range("what nobody knows", min(ends)[0], max(ends)[0], share)
    told = [one for one in what_ifs if not one.rewrites]
    if told:
        moved = [share, *(_moved(share, one.difference) for one in told)]
        yield _range("what-ifs that were run", min(moved), max(moved), share)


def _range(of: str, low: float, high: float, share: float) -> Range:
    return Range(of, low, high, percents(low, high, like=share))


def _moved(share: float, difference: float) -> float:
    return min(1.0, max(0.0, share + difference))


def _if(one: WhatIf, share: float) -> str:
    return f"this: with “{one.name}” the answer is yes in {_to(one, share)}"


def _to(one: WhatIf, share: float) -> str:
    """The share of yes that a change leaves, with its interval."""
    to, low, high = (_moved(share, by) for by in (one.difference, one.low, one.high))
    middle = (low + high) / 2
    return f"{percent(to, like=middle)} ({percents(low, high, like=middle)})"


def _numbers(answer: Answer, contrasts: Contrasts, called: Mapping[str, str]) -> str:
    """The uncertain numbers that the answer depends on most, and which verb finds the events."""
    names = [_called(one.name, called) for one in contrasts.clear[:2]]
    if not names:
        return ""
    verb = "".join(f" {sentence}" for sentence in _beside(contrasts, called))
    verb += "" if isinstance(answer, NumberAnswer) else " The verb explain finds the events behind it."
    if contrasts.tried == 1:
        return f"The one uncertain number, {names[0]}, moves it clearly.{verb}"
    if contrasts.tried == len(names):
        return f"Both uncertain numbers, {' and '.join(names)}, move it clearly.{verb}"
    moves = "moves" if len(names) == 1 else "move"
    return f"Of {many(contrasts.tried, 'uncertain number')}, {' and '.join(names)} {moves} it most.{verb}"


def _beside(contrasts: Contrasts, called: Mapping[str, str]) -> Iterator[str]:
    """What runs cannot tell of a number that is correlated with others."""
    for one in contrasts.clear[:2]:
        if one.beside:
            others = f"{len(one.beside)} others" if len(one.beside) > 1 else _called(one.beside[0], called)
            mine = _called(one.name, called)
            yield f"{mine} is drawn together with {others}, so that any of these may be what moves it."


def _called(name: str, called: Mapping[str, str]) -> str:
    return f"“{called.get(name) or name.replace('_', ' ')}”"


def _how_sure(answer: Answer, contrasts: Contrasts, called: Mapping[str, str]) -> Iterator[str]:
    """What the word means, how exact the answer is, and how far it moves when an uncertain number is low or high."""
    if isinstance(answer, NoAnswer):
        yield LIMIT
        return
    runs = f"{many(answer.runs, 'run')}, each a simulated history,"
    if isinstance(answer, NumberAnswer):
        middle, low, high = answer.spread.quantiles["50"], answer.spread.median_low, answer.spread.median_high
        if middle is not None and low is not None and high is not None:
            yield f"{runs} narrow the median to {' to '.join(alike(middle, low, high)[1:])} (95% interval)."
        yield LIMIT
        return
    chance = answer.chance
    yield from _unknown(answer, contrasts, called)
    around = percents(chance.low, chance.high, like=chance.probability, dash=" to ")
    yield f"Chance alone leaves {around} (95% interval of {many(answer.runs, 'run')}, each a simulated history)."
    if chance.word:
        beyond = ", and the interval reaches beyond that" if chance.spans else ""
        yield f"“{chance.word[:1].upper()}{chance.word[1:]}” stands for {meant_by(chance.word)} ({SCALE}){beyond}."
    yield LIMIT


def _rarest(contrasts: Contrasts, called: Mapping[str, str]) -> str:
    """Where a yes is rarest among the ends of what nobody knows, as part of a sentence."""
    share, end, name = min(_ends(contrasts), default=(0.0, "", ""))
    if not name:
        return ""
    return f"of what nobody knows, {_called(name, called)} being {end} makes yes rarest ({percent(share)})"


def _unknown(answer: YesNoAnswer | DateAnswer, contrasts: Contrasts, called: Mapping[str, str]) -> Iterator[str]:
    """How far the answer moves when an uncertain number is low or high, and which number that is."""
    ends = _ends(contrasts)
    if not ends:
        if contrasts.tried:
            runs = "This run is" if answer.runs == 1 else f"{answer.runs:,} runs are"
            yield f"{runs} too few to show a clear effect of any one of {many(contrasts.tried, 'uncertain number')}."
        return
    (least, at_least, one), (most, at_most, other) = min(ends), max(ends)
    second = "it" if one == other else _called(other, called)
    where = f"{percent(least)} where {_called(one, called)} is {at_least}, {percent(most)} where {second} is {at_most}"
    yield f"It hangs on what nobody knows: {where}."


def _ends(contrasts: Contrasts) -> list[tuple[float, str, str]]:
    """The share of yes where each of the numbers is low and where it is high, with its name."""
    return [
        (yes / runs, end, one.name)
        for one in contrasts.clear
        for yes, runs, end in ((one.low_yes, one.low_runs, "low"), (one.high_yes, one.high_runs, "high"))
    ]
