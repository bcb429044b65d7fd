"""Why the main question is answered as it is, and how sure that is, in sentences that the runs themselves support."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from standoff.analysis.answers import meant_by
from standoff.analysis.explanations import foremost, turning_point, usual_way
from standoff.analysis.spread import Contrasts, by_thirds
from standoff.ensemble import FEWEST_SELECTED, Answer, NoAnswer, NumberAnswer, selected
from standoff.numerals import alike, many, percent, percents

if TYPE_CHECKING:
    from standoff.analysis.explanations import Explanation
    from standoff.ensemble import Ensemble

SCALE = "ICD 203, the scale of US intelligence"
LIMIT = "More runs cannot say whether the model is right."
EXPLAINED, DEPENDS = "Why the model says so", "What the answer depends on most"


@dataclass(frozen=True, slots=True)
class Reasons:
    """What stands beside the headline: `why` under its `label`, both empty where nothing supports one; and how sure.

    Events of an explanation say why; uncertain numbers only say what the answer depends on.
    """

    label: str
    why: str
    how_sure: str


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


def reasons_of(
    answer: Answer, contrasts: Contrasts, called: Mapping[str, str], explained: Explanation | None = None
) -> Reasons:
    """The reasons for an answer, by what moves it; `called` has what readers call an uncertain number."""
    told = " ".join(_events(explained)) if explained is not None else ""
    label, why = (EXPLAINED, told) if told else (DEPENDS, _numbers(answer, contrasts, called))
    return Reasons(label if why else "", why, " ".join(_how_sure(answer, contrasts)))


def _events(explained: Explanation) -> Iterator[str]:
    """The usual way to a yes, and what it turns on; nothing where neither was found."""
    way = usual_way(explained.routes)
    if way:
        yield way
    if way or foremost(explained.pivotal) is not None:
        yield turning_point(explained.pivotal)


def _numbers(answer: Answer, contrasts: Contrasts, called: Mapping[str, str]) -> str:
    """The uncertain numbers that the answer depends on most, and which verb finds the events."""
    names = [_called(one.name, called) for one in contrasts.clear[:2]]
    if not names:
        return ""
    verb = "".join(f" {sentence}" for sentence in _beside(contrasts, called))
    verb += "" if isinstance(answer, NumberAnswer) else " The verb explain finds the events behind it."
    if contrasts.tried == 1:
        return f"The one uncertain number, {names[0]}, moves it clearly.{verb}"
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


def _how_sure(answer: Answer, contrasts: Contrasts) -> Iterator[str]:
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
    if chance.word:
        yield f"“{chance.word[:1].upper()}{chance.word[1:]}” stands for {meant_by(chance.word)} ({SCALE})."
    around = percents(chance.low, chance.high, like=chance.probability, dash=" to ")
    yield f"{runs} narrow the share to {around} (95% interval)."
    if contrasts.clear:
        ends = [(one.low_yes / one.low_runs, one.high_yes / one.high_runs) for one in contrasts.clear]
        least, most = min(map(min, ends)), max(map(max, ends))
        yield f"Where any one uncertain number is low or high, it lies between {percent(least)} and {percent(most)}."
    elif contrasts.tried:
        yield f"None of {many(contrasts.tried, 'uncertain number')} moves it clearly."
    yield LIMIT
