"""Numbers as people read them: percentages, intervals, differences, units; the same rules in every verb and picture.

A number is rounded once, half to even, from the digits that it is written with (so 0.665 is 66%, in Python as in the
page). What is neither nothing nor everything is never shown as 0% or 100%; a value and its interval have the same
digits; no zero has a minus. The page has the same functions in TypeScript: `tests/number_cases.json` holds both to it.
Signs are those of ASCII; a picture may print a longer minus (`typeset`).
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from math import isfinite

DIGITS = 3
"""Significant digits of a number that has no interval."""
FINEST = 2
"""Decimals of a percentage at most: below half of the last one stands `<0.01%`."""
SURE_DIGITS = 11
"""Digits that arithmetic on doubles surely gets right."""
MOST_DECIMALS = 6
"""Of a number with an interval, however narrow."""
LARGE = 7
SMALL = -4
"""Powers of ten from which, and below which, a number is written with an exponent."""

BOLD = Decimal("3.55")
"""A half-width that begins with this or more is worth one digit, with less two."""
_EXACT = Context(prec=1100)
"""Room for every digit of every float."""
_HYPHEN = re.compile(r"(?<![\w.])-(?=\d)")
_NOUN = re.compile(r"\w+(?=,| or |$)")
_ENDS_IN_IES = re.compile(r"[^aeiou]y$")
_ENDS_IN_ES = re.compile(r"(?:ss|x|ch|sh)$")
_READ = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_WHOLE = re.compile(r"[-+]?[0-9]{1,30}")
_SAME_FOR_MANY = frozenset({"", "share", "percent", "percentage", "people", "personnel", "aircraft", "usd", "eur"})
_NOUN_UNIT = re.compile(r"(?=[a-z]*[aeiouy])[a-z]{3,}")
"""A unit that is a word: an abbreviation (mcm, km, t, GWh) has two letters at most, a capital, or no vowel."""
_RATE = re.compile(r"1/([a-z]{3,})")
"""How often something comes, which is told as so often a day."""
_MANY_ALREADY = re.compile(r"[^s]s$")
_IRREGULAR = {"person": "people"}
_POWER = re.compile(r"(?<=10)\^(-?\d+)")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def read_number(text: str) -> float | None:
    """The number that a text writes in plain digits, such as `12`, `-0.5` or `1e-3`; None for anything else.

    Python's own `float` would also take `1_0`, `nan` and digits of other scripts.
    """
    return float(text) if _READ.fullmatch(text) is not None else None


def read_whole(text: str) -> int | None:
    """The whole number that a text writes in at most 30 plain digits, such as `12` or `-3`; None for anything else."""
    return int(text) if _WHOLE.fullmatch(text) is not None else None


def percent(share: float, *, like: float | None = None) -> str:
    """A share in percent: `52%`, `5.2%`, `0.52%`, `99.96%`, `<0.01%`; with `like`, at the digits of that share."""
    return f"{_hundredths(share, _places(share if like is None else like))}%"


def percents(low: float, high: float, *, like: float, dash: str = "–") -> str:
    """An interval of shares at the digits of the share that it belongs to: `47–56%`; `dash` stands between the ends."""
    # Of nothing and of everything the other end says how fine to be.
    inner = [like] if 0.0 < like < 1.0 else [end for end in (low, high) if 0.0 < end < 1.0]
    places = max(map(_places, inner), default=0)
    first, last = _hundredths(low, places), _hundredths(high, places)
    return f"{first}{' to ' if last.startswith('>') else dash}{last}%"


def percent_with_interval(share: float, low: float, high: float) -> str:
    """A share with its interval: `52% (47–56%)`."""
    return f"{percent(share)} ({percents(low, high, like=share)})"


def out_of(count: int, runs: int, low: float, high: float) -> tuple[str, str]:
    """So many of the runs and the ends of the interval of their share: `67 of 100 runs`, `64 to 70`.

    Of a hundred where a percentage would have no decimals, else of the runs that were made.
    """
    if count in {0, runs} and runs > 1:
        ends = _quantized(_EXACT.multiply(_written(high if count == 0 else low), Decimal(runs)), 0)
        return (f"none of {runs:,} runs", f"at most {ends:,f}") if count == 0 else (
            f"all {runs:,} runs", f"at least {ends:,f}"
        )  # fmt: skip
    share = count / runs
    if runs < 100 or _places(share) > 0:
        first, last = (_quantized(_EXACT.multiply(_written(end), Decimal(runs)), 0) for end in (low, high))
        return f"{count:,} of {many(runs, 'run')}", f"{first:,f} to {last:,f}"
    return f"{_hundredths(share, 0)} of 100 runs", f"{_hundredths(low, 0)} to {_hundredths(high, 0)}"


def told_out_of(count: int, runs: int) -> tuple[int, int]:
    """The two whole numbers by which `out_of` tells so many of the runs: 29 and 100, or 3 and 40."""
    if count in {0, runs} or runs < 100 or _places(count / runs) > 0:
        return count, runs
    return int(_hundredths(count / runs, 0)), 100


def part_of(whole: int, share: float, low: float, high: float) -> tuple[str, str]:
    """A share with its interval as so many of a whole number of runs that was told before: `27`, `23 to 28`."""
    most, first, last = (
        f"{_quantized(_EXACT.multiply(_written(one), Decimal(whole)), 0):,f}" for one in (share, low, high)
    )
    return most, f"{first} to {last}"


def figure(value: float | None, *, digits: int = DIGITS) -> str:
    """A number with so many significant digits, without an exponent where it can be avoided: `0.163`, `12,345`."""
    if value is None or not isfinite(value):
        return "–"
    if value == 0:
        return "0"
    exact = _written(value)
    whole = exact.copy_abs() >= 1000
    short = _quantized(exact, max(0, digits - 1 - exact.adjusted()) if not whole else 0)
    if exact.adjusted() >= SMALL and short.adjusted() < LARGE:
        return _trimmed(f"{short:,f}")
    mantissa, _, power = f"{exact:.1e}".partition("e")
    return f"{mantissa} × 10^{int(power)}"


def signed(value: float, *, digits: int = DIGITS) -> str:
    """A number with its sign, and nothing for zero: `+0.163`, `-2`, `0`."""
    return _with_plus(figure(value, digits=digits), value)


def with_interval(value: float, low: float, high: float, *, plus: bool = False, dash: str = " to ") -> str:
    """A number with its interval, all three to the digits that half its width is worth: `0.163 (0.141 to 0.185)`.

    `plus` gives what is above zero a sign, as differences have it.
    """
    first, *ends = alike(value, low, high, plus=plus)
    # A dash before a minus would be read as two of them.
    return f"{first} ({(' to ' if ends[1].startswith('-') else dash).join(ends)})"


def alike(value: float, low: float, high: float, *, plus: bool = False, points: bool = False) -> list[str]:
    """A number and the ends of its interval, apart, with the same decimals; `points` gives hundredths of shares."""
    return _alike((value, low, high), plus=plus, shift=2 if points else 0)


def plus_or_minus(value: float, half: float) -> str:
    """A difference and half its interval, to the digits that the half is worth: `+0.163 ± 0.022`."""
    number = _alike((value, value - half, value + half), plus=True)[0]
    if "×" in number or not isfinite(half):
        return f"{number} ± {figure(half)}"
    return f"{number} ± {_quantized(_written(half), len(number.partition('.')[2])):,f}" if half else f"{number} ± 0"


def points(difference: float, low: float, high: float, *, dash: str = " to ") -> str:
    """A difference of two shares with its interval, in percentage points: `+16.3 (+14.1 to +18.5)`."""
    first, *ends = _alike((difference, low, high), plus=True, shift=2)
    return f"{first} ({dash.join(ends)})"


def in_a_hundred(difference: float, low: float, high: float, *, of: str = "runs") -> str:
    """A difference of two shares with its interval, as frequencies: `33 more of 100 runs (27 to 38)`."""
    fewer = difference < 0
    first, *ends = _alike((-difference, -high, -low) if fewer else (difference, low, high), plus=False, shift=2)
    return f"{first} {'fewer' if fewer else 'more'} of 100 {of} ({' to '.join(ends)})"


def exact(value: float) -> str:
    """A number as briefly as it can be written without losing a digit: `3`, `0.1`, `1e+20`."""
    value = float(value)
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)


def with_unit(words: str, unit: str | None) -> str:
    """A number in words with its unit, in the plural where it is a word: `3 battalions`, `46 km`, `51 percent`."""
    unit = unit or ""
    if (each := _RATE.fullmatch(unit)) is not None:
        return f"{words} a {each[1]}"
    same = unit in _SAME_FOR_MANY or _NOUN_UNIT.fullmatch(unit) is None or _MANY_ALREADY.search(unit) is not None
    if words == "1" or same:
        return f"{words} {unit}".rstrip()
    return f"{words} {plural(unit)}"


def plural(noun: str) -> str:
    """Several of a thing by its name: `battalions`, `cities`, `actors or groups`."""
    return _NOUN.sub(_several, noun)


def _several(noun: re.Match[str]) -> str:
    name = noun[0]
    if _ENDS_IN_IES.search(name):
        return f"{name[:-1]}ies"
    return _IRREGULAR.get(name) or f"{name}{'es' if _ENDS_IN_ES.search(name) else 's'}"


def many(count: int, thing: str, things: str = "") -> str:
    """So many of a thing, in the plural unless there is one: `1 run`, `1,000 runs`, `2 pairs of runs`."""
    return f"{count:,} {thing if count == 1 else things or f'{thing}s'}"


def with_seed(words: str, sampler: str, seed: int) -> str:
    """Runs in words, with what makes the same ones again: `1,000 runs (coupled sampler, seed 1)`."""
    return f"{words} ({sampler} sampler, seed {seed})"


def typeset(words: str) -> str:
    """A text with the minus of print before a number and raised powers of ten; dates and words keep their hyphens."""
    return _HYPHEN.sub("−", _POWER.sub(lambda power: power[1].translate(_RAISED), words))


def _written(value: float) -> Decimal:
    """A number by the digits that it is written with; numpy's floats are written by their type as well."""
    return Decimal(repr(float(value)))


def _places(share: float) -> int:
    """The decimals of a share in percent: more, the nearer it is to an end."""
    exact = _written(share)
    end = min(exact, 1 - exact)
    return FINEST if end < Decimal("0.01") else 1 if end < Decimal("0.1") else 0


def _hundredths(share: float, places: int) -> str:
    if share in {0.0, 1.0}:
        return f"{share * 100:.0f}"
    shown = _quantized(_EXACT.scaleb(_written(share), 2), places)
    finest = Decimal(1).scaleb(-places)
    if shown == 0:
        return f"<{finest:f}"
    return f">{100 - finest:f}" if shown == 100 else f"{shown:f}"


def _alike(values: tuple[float, float, float], *, plus: bool, shift: int = 0) -> list[str]:
    """A value and the ends of its interval at the same decimals."""
    if not all(map(isfinite, values)):
        return [_with_plus(figure(value), value) if plus else figure(value) for value in values]
    exact = [_EXACT.scaleb(_written(value), shift) for value in values]
    largest = max(one.adjusted() if one else SMALL for one in exact)
    half = _written((values[2] - values[1]) / 2)
    # Ends that only rounding keeps apart are one number, with no more digits than any other.
    if not SMALL <= largest < LARGE or half == 0 or half.adjusted() < largest - SURE_DIGITS:
        plain = [figure(float(one)) for one in exact]
        return [_with_plus(words, value) if plus else words for words, value in zip(plain, values, strict=True)]
    whole = all(one == one.to_integral_value() for one in exact)
    # As the Particle Data Group rounds errors (Review of Particle Physics, introduction, section 5.3).
    digits = 2 if half.scaleb(-half.adjusted()) < BOLD else 1
    places = 0 if whole else min(max(0, digits - 1 - half.adjusted() - shift), MOST_DECIMALS)
    shown = [_quantized(one, places) for one in exact]
    words = [f"{abs(one) if one == 0 else one:,f}" for one in shown]
    return [_with_plus(each, float(one)) if plus else each for each, one in zip(words, shown, strict=True)]


def _quantized(exact: Decimal, places: int) -> Decimal:
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, _EXACT)


def _trimmed(words: str) -> str:
    return words.rstrip("0").rstrip(".") if "." in words else words


def _with_plus(words: str, value: float) -> str:
    return f"+{words}" if value > 0 and words != "–" else words
