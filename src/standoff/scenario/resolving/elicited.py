"""Priors from elicited quantiles: `quantiles(5%: 2, 50%: 5, 95%: 20)` to the steps of a distribution.

Between two neighbouring quantiles all values are equally likely (`quantiles`), or all orders of magnitude
(`logquantiles`): of all distributions with these quantiles the one that adds least information to a background that is
uniform, or uniform in logarithms (Cooke 1991, Experts in Uncertainty, chapter 8). Its range reaches beyond the
outermost quantiles by a tenth of their distance (the overshoot of the classical model: Cooke and Goossens 2008,
doi 10.1016/j.ress.2007.03.005), unless `0%` and `100%` say where it ends.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from standoff.errors import suggestion
from standoff.scenario.expression.syntax import Passage
from standoff.scenario.resolved import Prior
from standoff.scenario.tree import Span

FORMS = ("quantiles", "logquantiles")
OVERSHOOT = 0.1
"""How far the range reaches beyond the outermost quantiles, as a share of their distance."""
EXAMPLE = "quantiles(5%: 2, 50%: 5, 95%: 20)"

_NUMBER = re.compile(r"[-−]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Quantile:
    """So much of the distribution (a share) lies below a value; where both are written."""

    share: float
    value: float
    span: Span


def read_quantiles(
    passage: Passage, *, greatest: float, at_least: float | None = None, at_most: float | None = None
) -> Prior | None:
    """The prior that a text of elicited quantiles describes, None where it is no such text.

    `at_least` and `at_most` stop the range where it would reach beyond them. Options of the prior are where its steps
    end, each with the probability of the step; the first is the lower end of the range. Raises Fault SD207.
    """
    parts = _parts(passage.text)
    if not parts or parts[0].text not in FORMS:
        signs = [part.text for part in parts]
        if signs[1:2] == ["("] and parts[0].kind == "word" and ["%", ":"] in map(list, pairwise(signs)):
            hint, _ = suggestion(parts[0].text, FORMS)
            found = f"unknown prior '{parts[0].text}'"
            raise passage.fault("SD207", found, span=parts[0].span, hint=hint, expected=f"expected {EXAMPLE}")
        return None
    logs = parts[0].text == "logquantiles"
    told = list(_quantiles(passage, parts[1:], greatest))
    _check(passage, told, logs=logs)
    ends = _range(told, logs=logs, at_least=at_least, at_most=at_most)
    for name, bound, end, sign in (("at_least", at_least, told[0], 1.0), ("at_most", at_most, told[-1], -1.0)):
        room = 0.0 if bound is None else sign * (end.value - bound)
        if bound is not None and (room < 0.0 or (room == 0.0 and 0.0 < end.share < 1.0)):
            found = f"the quantile {_percent(end.share)} is {end.value:g}, which leaves no room above {name}: {bound:g}"
            raise passage.fault("SD207", found if sign > 0 else found.replace("above", "below"), span=end.span)
    steps = [(ends[0], 0.0)] if told[0].share > 0.0 else []
    below = 0.0
    for one in told:
        steps.append((one.value, one.share - below))
        below = one.share
    if below < 1.0:
        steps.append((ends[1], 1.0 - below))
    return Prior("logquantiles" if logs else "quantiles", {}, tuple(steps))


def _parts(text: str) -> list[_Part]:
    """The numbers, words and single signs of a text."""
    parts: list[_Part] = []
    at = 0
    while at < len(text):
        number, end, kind = _NUMBER.match(text, at), at + 1, "sign"
        if number is not None:
            end, kind = number.end(), "number"
        elif text[at].isalpha():
            end = next((i for i in range(at, len(text)) if not text[i].isalpha()), len(text))
            kind = "word"
        if not text[at].isspace():
            parts.append(_Part(kind, text[at:end], (at, end)))
        at = end
    return parts


def _quantiles(passage: Passage, parts: list[_Part], greatest: float) -> Iterator[_Quantile]:
    form = f"expected {EXAMPLE}"
    end = len(passage.text)
    if len(parts) < 2 or parts[0].text != "(" or parts[-1].text != ")":
        raise passage.fault("SD207", "quantiles need brackets around them", expected=form)
    inner = parts[1:-1]
    while inner:
        comma = next((i for i, part in enumerate(inner) if part.text == ","), len(inner))
        one, inner = inner[:comma], inner[comma + 1 :]
        span = (one[0].span[0], one[-1].span[1]) if one else (end - 1, end)
        words = [part.text for part in one]
        kinds = [part.kind for part in one]
        if kinds == ["number", "sign", "number"] and words[1] == ":":
            hint = f"write {float(words[0]) * 100:g}%: {words[2]}"
            raise passage.fault("SD207", "a quantile needs the sign %", span=span, hint=hint)
        if kinds == ["number", "sign", "sign", "number"] and words[1] == "%" and words[2] == "=":
            raise passage.fault("SD207", "a quantile with '='", span=span, hint=f"write {words[0]}%: {words[3]}")
        if kinds != ["number", "sign", "sign", "number"] or words[1:3] != ["%", ":"]:
            raise passage.fault("SD207", "this is not a quantile such as 5%: 2", span=span, expected=form)
        share, value = (float(words[i].replace("−", "-")) for i in (0, 3))
        if not 0.0 <= share <= 100.0:
            raise passage.fault("SD207", f"a quantile of {share:g}%", span=span, expected="expected 0% to 100%")
        if not abs(value) <= greatest:
            raise passage.fault("SD207", "a number that is too large", span=span)
        yield _Quantile(share / 100.0, value, span)


def _check(passage: Passage, told: list[_Quantile], *, logs: bool) -> None:
    inside = [one for one in told if 0.0 < one.share < 1.0]
    if len(told) < 2 or not inside:
        found = "a distribution needs two quantiles at least, one of them between 0% and 100%"
        raise passage.fault("SD207", found, expected=f"such as {EXAMPLE}")
    for before, one in pairwise(told):
        if one.share <= before.share:
            found = f"{_percent(one.share)} after {_percent(before.share)}"
            raise passage.fault("SD207", found, span=one.span, hint="write quantiles from the lowest to the highest")
        if one.value <= before.value:
            found = f"{_percent(one.share)} is {one.value:g}, but {_percent(before.share)} is {before.value:g} already"
            raise passage.fault("SD207", found, span=one.span, hint="of two quantiles the higher needs a larger value")
    if logs and told[0].value <= 0.0:
        hint = "orders of magnitude need values above 0: write quantiles(...)"
        raise passage.fault("SD207", f"logquantiles with the value {told[0].value:g}", span=told[0].span, hint=hint)


def _range(told: list[_Quantile], *, logs: bool, at_least: float | None, at_most: float | None) -> tuple[float, float]:
    """Where the distribution ends if no quantile says so."""
    low, high = told[0].value, told[-1].value
    if logs:
        further = math.exp(OVERSHOOT * (math.log(high) - math.log(low)))
        low, high = low / further, high * further
    else:
        further = OVERSHOOT * (high - low)
        low, high = low - further, high + further
    return (
        low if at_least is None else max(low, at_least),
        high if at_most is None else min(high, at_most),
    )


def _percent(share: float) -> str:
    return f"{share * 100:g}%"
