"""The direction test: whether a model leaves its sources toward what happened more often than by chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LEAST = 0.02
"""An answer nearer than this to the middle of the source's range leans neither way."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """Of the answers that are off the middle of the source's range, how many lean toward what happened and how many
    away from it.

    `over` is a scenario, or `all`; `p` is how often chance alone would have so many or more lean toward it, if each
    way were as likely (one-sided sign test, exact).
    """

    who: str
    over: str
    toward: int
    away: int
    p: float


def sign_test(toward: int, away: int) -> float:
    """The chance that of so many fair coins at least `toward` show heads."""
    of = toward + away
    return math.fsum(math.comb(of, heads) for heads in range(toward, of + 1)) * 0.5**of


def leans(answer: float, middle: float, *, happened: bool) -> bool | None:
    """Whether an answer leans from the middle toward what happened; None if it is too near to lean either way."""
    # What is written as 0.12 and 0.10 is 0.02 apart, whatever the last bits say.
    off = round(answer - middle, 9)
    return None if abs(off) < LEAST else (off > 0) == happened


def leanings(who: str, given: Mapping[str, Iterable[bool | None]]) -> tuple[Leaning, ...]:
    """The test over each scenario and over all of them, from whether each answer leans toward what happened."""
    each = {over: [one for one in of if one is not None] for over, of in given.items()}
    if len(each) > 1:
        each["all"] = [one for of in each.values() for one in of]
    return tuple(_leaning(who, over, of) for over, of in each.items())


def in_words(one: Leaning) -> str:
    """The test as one sentence."""
    of = one.toward + one.away
    answers = "1 answer that is" if of == 1 else f"{of} answers that are"
    return (
        f"Of {answers} {LEAST} or more off the middle of the source's range, {one.toward} "
        f"{'leans' if one.toward == 1 else 'lean'} toward what happened and {one.away} away from it "
        f"(one-sided sign test: p = {one.p:.2g})"
    )


def _leaning(who: str, over: str, of: Sequence[bool]) -> Leaning:
    toward = sum(of)
    return Leaning(who, over, toward, len(of) - toward, sign_test(toward, len(of) - toward))
