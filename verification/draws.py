"""The random draws of a model's formulas as effects of our language, each exact in law.

Our language draws uniform, exponential, Poisson and binomial numbers and chances; every other law is made of these.
A normal number is sqrt(-2 log U) cos(pi V) (Box and Muller 1958), the cosine by its series to the last digit; a gamma
one comes by acceptance (Marsaglia and Tsang 2000); a law that is cut off is drawn again until the number is inside.
Attempts are bounded: a run whose attempts all fail stops with SD504 and never goes on with a wrong number.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from verification.formula import ONE, ZERO, Formula, Inexpressible, fold, named, number, text

MOST_ATTEMPTS = 500
_ARGUMENTS = {
    "bernoulli": 1, "binomial": 2, "cauchy": 2, "chisquare": 1, "exponential": 1, "gamma": 2, "laplace": 2,
    "lognormal": 2, "normal": 2, "poisson": 1, "rayleigh": 1, "uniform": 2,
}  # fmt: skip
_COSINE_TERMS = 15


class Draws:
    """Writes draws as statements, and remembers the states and members that they need."""

    def __init__(self) -> None:
        self.states: dict[str, Any] = {}
        self.attempts = 0
        self._count = 0

    def hoist(self, formula: Formula, statements: list[Any]) -> Formula:
        """The formula with its draws made by statements before it."""
        if not formula.of:
            return formula
        of = tuple(self.hoist(part, statements) for part in formula.of)
        if formula.op != "draw":
            return replace(formula, of=of)
        if formula.name not in _ARGUMENTS:
            raise Inexpressible(f"a draw of {formula.name}")
        taken = _ARGUMENTS[formula.name]
        return self._draw(formula.name, of[:taken], of[taken:], statements)

    def name(self, what: str) -> str:
        """A name that no other draw has."""
        self._count += 1
        return f"{what}_{self._count}"

    def _let(self, statements: list[Any], words: str) -> Formula:
        name = self.name("draw")
        statements.append(f"{name} = {words}")
        return named(name)

    def _draw(self, law: str, of: tuple[Formula, ...], bounds: tuple[Formula, ...], statements: list[Any]) -> Formula:
        once: list[Any] = []
        value, conditions = getattr(self, f"_{law}")(once, *of)
        if bounds:
            low, high = bounds
            if low != number(-math.inf):
                conditions.append(Formula("at_least", (value, low)))
            if high != number(math.inf):
                conditions.append(Formula("at_most", (value, high)))
        if not conditions:
            statements.extend(once)
            return self._let(statements, text(value)) if value.op != "name" else value
        return self._until(once, value, conditions, statements)

    def _until(self, once: list[Any], value: Formula, conditions: list[Formula], statements: list[Any]) -> Formula:
        self.attempts = MOST_ATTEMPTS
        drawn, found, trial = self.name("drawn"), self.name("found"), self.name("trial")
        self.states |= {drawn: {}, found: {"is": "truth"}, "attempts_failed": {"at_most": 0}}
        keep = {"if": text(Formula("and", tuple(conditions))), "then": [f"{drawn} = {text(value)}", f"{found} = true"]}
        statements += [
            f"{found} = false",
            {"for": {trial: "attempt"}, "do": [{"if": f"not {found}", "then": [*once, keep]}]},
            {"if": f"not {found}", "then": ["attempts_failed = 1"]},
        ]
        return named(drawn)

    # Each law gives its value, and the conditions under which it counts.

    def _uniform(self, out: list[Any], low: Formula, high: Formula) -> tuple[Formula, list[Formula]]:
        return self._let(out, f"uniform({text(low)}, {text(high)})"), []

    def _exponential(self, out: list[Any], rate: Formula) -> tuple[Formula, list[Formula]]:
        return self._let(out, f"exponential({text(fold(Formula('divide', (ONE, rate))))})"), []

    def _poisson(self, out: list[Any], mean: Formula) -> tuple[Formula, list[Formula]]:
        return self._let(out, f"poisson({text(mean)})"), []

    def _binomial(self, out: list[Any], n: Formula, p: Formula) -> tuple[Formula, list[Formula]]:
        return self._let(out, f"binomial({text(n)}, {text(p)})"), []

    def _bernoulli(self, out: list[Any], p: Formula) -> tuple[Formula, list[Formula]]:
        hit = self._let(out, f"chance({text(p)})")
        return Formula("if", (Formula("truth", name=hit.name), ONE, ZERO)), []

    def _unit_normal(self, out: list[Any]) -> Formula:
        u, v = self._let(out, "uniform(0, 1)"), self._let(out, "uniform(0, 1)")
        angle = self._let(out, f"({math.pi!r} * {v.name}) ** 2")
        cosine = "1"
        for k in range(2 * _COSINE_TERMS, 0, -2):
            cosine = f"1 - {angle.name} / {k * (k - 1)} * ({cosine})"
        return self._let(out, f"sqrt(-2 * log(1 - {u.name})) * ({cosine})")

    def _normal(self, out: list[Any], mean: Formula, sd: Formula) -> tuple[Formula, list[Formula]]:
        return fold(Formula("plus", (mean, Formula("times", (sd, self._unit_normal(out)))))), []

    def _lognormal(self, out: list[Any], mean: Formula, sd: Formula) -> tuple[Formula, list[Formula]]:
        return Formula("exp", (self._normal(out, mean, sd)[0],)), []

    def _cauchy(self, out: list[Any], middle: Formula, scale: Formula) -> tuple[Formula, list[Formula]]:
        ratio = Formula("divide", (self._unit_normal(out), self._unit_normal(out)))
        return fold(Formula("plus", (middle, Formula("times", (scale, ratio))))), []

    def _laplace(self, out: list[Any], middle: Formula, scale: Formula) -> tuple[Formula, list[Formula]]:
        size, up = self._let(out, f"exponential({text(scale)})"), self._let(out, "chance(0.5)")
        signed = Formula("if", (Formula("truth", name=up.name), size, Formula("negate", (size,))))
        return fold(Formula("plus", (middle, signed))), []

    def _rayleigh(self, out: list[Any], scale: Formula) -> tuple[Formula, list[Formula]]:
        size = self._let(out, "exponential(2)")
        return fold(Formula("times", (scale, Formula("sqrt", (size,))))), []

    def _chisquare(self, out: list[Any], freedom: Formula) -> tuple[Formula, list[Formula]]:
        return self._gamma(out, fold(Formula("divide", (freedom, number(2)))), number(2))

    def _gamma(self, out: list[Any], shape: Formula, scale: Formula) -> tuple[Formula, list[Formula]]:
        # A shape below 1 is drawn as one above, times a power of a uniform number.
        small = Formula("less", (shape, ONE))
        at_least_one = fold(Formula("if", (small, Formula("plus", (shape, ONE)), shape)))
        d = fold(Formula("minus", (at_least_one, number(1 / 3))))
        c = fold(Formula("divide", (ONE, Formula("sqrt", (Formula("times", (number(9), d)),)))))
        z = self._unit_normal(out)
        v = self._let(out, f"(1 + {text(Formula('times', (c, z)))}) ** 3")
        u = self._let(out, "uniform(0, 1)")
        sure = self._let(out, f"max({v.name}, 1e-300)")
        most = f"{z.name} ** 2 / 2 + {text(Formula('times', (d, named(f'(1 - {v.name} + log({sure.name}))'))))}"
        accepted = [
            Formula("more", (v, ZERO)),
            Formula("truth", name=f"log(1 - {u.name}) < {most}"),
        ]
        value = fold(Formula("times", (d, v, scale)))
        if fold(small) != Formula("false"):
            w = self._let(out, "uniform(0, 1)")
            power = Formula("power", (w, Formula("divide", (ONE, shape))))
            value = fold(Formula("times", (value, Formula("if", (small, power, ONE)))))
        return value, accepted
