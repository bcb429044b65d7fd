"""Priors: from `lognormal(median=0.02, sigma=0.5)` to a distribution that is known to have support."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import cast

from standoff.errors import Cure, Fault, Faults, suggestion
from standoff.intervals import Interval
from standoff.numerals import exact
from standoff.scenario.distributions import PriorKind
from standoff.scenario.expression.slips import range_in
from standoff.scenario.expression.syntax import Passage, Syntax, read_syntax
from standoff.scenario.resolved import Prior
from standoff.scenario.resolving.elicited import EXAMPLE, FORMS, read_quantiles

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "uniform": ("low", "high"),
    "loguniform": ("low", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "triangular": ("low", "mode", "high"),
    "beta": ("a", "b"),
    "gamma": ("shape", "mean"),
    "exponential": ("mean",),
}
CUTS = ("at_least", "at_most")
CAN_BE_CUT = ("normal", "lognormal", "gamma", "exponential")
LEAST_MASS = 1e-9
"""The least probability that a cut may leave: below it, what is drawn has no sense."""
LEAST_GAMMA_MASS = 0.003
"""The same for a gamma prior, which is drawn anew until it lies within, and not from its tail."""
GREATEST = 1e150
"""The greatest number of a prior, and that a draw can give: the squares of many can still be added."""
LEAST_SHAPE = 0.001
"""The least shape of a beta or gamma prior: below it, what is drawn cannot be told from 0."""


def parse_prior(words: str, *, at_least: float | None = None, at_most: float | None = None) -> Prior:
    """The prior that a text describes; raises Faults SD207 with everything that is wrong in it.

    `at_least` and `at_most` cut it off, as the arguments of the same names do.
    """
    passage = Passage.whole(words)
    try:
        elicited = read_quantiles(passage, greatest=GREATEST, at_least=at_least, at_most=at_most)
        if elicited is not None:
            return elicited
        ends = range_in(passage.text)
        if ends is not None:
            cure = f"uniform({ends[0]}, {ends[1]})"
            raise passage.fault("SD207", f"'{passage.text}' is not a prior", hint=Cure(f"write {cure}", cure))
        syntax = read_syntax(passage)
        prior = _prior(syntax, syntax.body)
        for name, value in (("at_least", at_least), ("at_most", at_most)):
            if value is not None:
                prior = _cut(syntax, prior, name, value)
        _check_cut(syntax, prior)
        _check_shape(syntax, prior)
    except Fault as fault:
        raise Faults((fault,)) from None
    return prior


def support(prior: Prior) -> Interval:
    """Between which values a draw must lie."""
    of = prior.of
    low, high = -math.inf, math.inf
    match prior.kind:
        case "fixed":
            return (of["value"], of["value"])
        case "uniform" | "loguniform" | "triangular":
            return (of["low"], of["high"])
        case "choice":
            values = [value for value, weight in prior.options if weight > 0.0]
            return (min(values), max(values))
        case "quantiles" | "logquantiles":
            return (prior.options[0][0], prior.options[-1][0])
        case "beta":
            return (0.0, 1.0)
        case "lognormal" | "gamma" | "exponential":
            low = 0.0
    return (max(low, of.get("at_least", -math.inf)), min(high, of.get("at_most", math.inf)))


def _fault(syntax: Syntax, tree: ast.AST, found: str, *, expected: str | None = None, hint: str | None = None) -> Fault:
    return syntax.passage.fault("SD207", found, span=syntax.span(tree), expected=expected, hint=hint)


def _number(syntax: Syntax, tree: ast.expr) -> float:
    sign = 1.0
    inner = tree
    if isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.USub):
        sign, inner = -1.0, inner.operand
    value = inner.value if isinstance(inner, ast.Constant) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        hint = "a prior takes numbers only: combine parameters under define:"
        raise _fault(syntax, tree, "expected a number here", hint=hint)
    try:
        number = sign * float(value)
    except OverflowError:
        number = math.inf
    if abs(number) > GREATEST:
        raise _fault(syntax, tree, "a number that is too large")
    return number


def _prior(syntax: Syntax, tree: ast.expr) -> Prior:
    if not isinstance(tree, ast.Call):
        if isinstance(tree, ast.Name):
            raise _unknown(syntax, tree, tree.id)
        return Prior("fixed", {"value": _number(syntax, tree)})
    if not isinstance(tree.func, ast.Name):
        raise _fault(syntax, tree, "this is not a prior", expected=_known())
    name = tree.func.id
    if name == "choice":
        return _choice(syntax, tree)
    if name not in ARGUMENTS:
        raise _unknown(syntax, tree.func, name)
    of = _arguments(syntax, tree, name)
    wrong = _CHECKS[name](of)
    if wrong:
        values = list(of.values())
        turned = f"{name}({', '.join(exact(value) for value in sorted(values))})"
        rising = name in ("uniform", "triangular") and not tree.keywords and len(set(values)) == len(values)
        hint = Cure(f"write {turned}", turned) if rising else None
        raise _fault(syntax, tree, f"{name} has no support: {wrong}", hint=hint)
    return Prior(cast("PriorKind", name), of)


def _known() -> str:
    forms = ", ".join(f"{name}({','.join(of)})" for name, of in ARGUMENTS.items())
    return f"a number, {forms}, {EXAMPLE} or choice(v, v)"


def _unknown(syntax: Syntax, tree: ast.AST, name: str) -> Fault:
    hint, _ = suggestion(name, [*ARGUMENTS, "choice", *FORMS])
    return _fault(syntax, tree, f"unknown prior '{name}'", hint=hint, expected=_known())


def _arguments(syntax: Syntax, tree: ast.Call, name: str) -> dict[str, float]:
    wanted = ARGUMENTS[name]
    allowed = (*wanted, *CUTS) if name in CAN_BE_CUT else wanted
    form = f"expected {name}({', '.join(wanted)})"
    if len(tree.args) > len(wanted):
        raise _fault(syntax, tree, f"{name} with {len(tree.args)} arguments", expected=form)
    given = {key: _number(syntax, value) for key, value in zip(wanted, tree.args, strict=False)}
    for keyword in tree.keywords:
        key = keyword.arg
        if key is None or key not in allowed:
            hint, _ = suggestion(key or "", allowed)
            if key in CUTS:
                hint = f"only {', '.join(CAN_BE_CUT)} can be truncated; change the arguments of {name} instead"
            raise _fault(syntax, keyword, f"{name} has no argument '{key or '**'}'", hint=hint, expected=form)
        if key in given:
            raise _fault(syntax, keyword, f"'{key}' is given twice")
        given[key] = _number(syntax, keyword.value)
    missing = [key for key in wanted if key not in given]
    if missing:
        raise _fault(syntax, tree, f"{name} without {' and '.join(missing)}", expected=form)
    return {key: given[key] for key in (*wanted, *CUTS) if key in given}


def _choice(syntax: Syntax, tree: ast.Call) -> Prior:
    values = [_number(syntax, value) for value in tree.args]
    if not values:
        raise _fault(syntax, tree, "choice has no values", expected="expected choice(25, 55)")
    weights = [1.0 / len(values)] * len(values)
    for keyword in tree.keywords:
        if keyword.arg != "weights" or len(tree.keywords) > 1:
            raise _fault(syntax, keyword, f"choice has no argument '{keyword.arg}'", hint="did you mean 'weights'?")
        if not isinstance(keyword.value, ast.List):
            raise _fault(syntax, keyword.value, "weights must be a list", expected="such as weights=[0.3, 0.7]")
        weights = [_number(syntax, weight) for weight in keyword.value.elts]
        if len(weights) != len(values):
            raise _fault(syntax, keyword.value, f"{len(weights)} weights for {len(values)} values")
        total = math.fsum(weights)
        if min(weights) < 0.0 or total <= 0.0:
            raise _fault(syntax, keyword.value, "weights must not be negative, nor all 0")
        if abs(total - 1.0) > 1e-9:
            weights = [weight / total for weight in weights]
    if len(set(values)) != len(values):
        raise _fault(syntax, tree, "choice gives the same value twice", hint="use weights")
    return Prior("choice", {}, tuple(zip(values, weights, strict=True)))


def _cut(syntax: Syntax, prior: Prior, name: str, value: float) -> Prior:
    if prior.kind not in CAN_BE_CUT:
        hint = f"only {', '.join(CAN_BE_CUT)} can be truncated"
        raise _fault(syntax, syntax.body, f"{name} for a prior that cannot be truncated", hint=hint)
    if name in prior.of:
        raise _fault(syntax, syntax.body, f"{name} is given twice: inside the prior and beside it")
    return Prior(prior.kind, {**prior.of, name: value})


def _check_cut(syntax: Syntax, prior: Prior) -> None:
    if not any(name in prior.of for name in CUTS):
        return
    low, high = support(prior)
    if low >= high:
        raise _fault(syntax, syntax.body, f"{prior.kind} has no support between {low:g} and {high:g}")
    mass = _mass(prior, low, high)
    if mass is not None and mass < (LEAST_GAMMA_MASS if prior.kind == "gamma" else LEAST_MASS):
        found = f"{prior.kind} has almost no support between {low:g} and {high:g}"
        raise _fault(syntax, syntax.body, found, expected=f"only a probability of {mass:.2g} lies there")


def _check_shape(syntax: Syntax, prior: Prior) -> None:
    of = prior.of
    for name in ("a", "b", "shape"):
        if name in of and of[name] < LEAST_SHAPE:
            raise _fault(syntax, syntax.body, f"{prior.kind} with {name} below {LEAST_SHAPE:g}")


def _mass(prior: Prior, low: float, high: float) -> float | None:
    of = prior.of
    match prior.kind:
        case "normal":
            return _normal_mass((low - of["mean"]) / of["sd"], (high - of["mean"]) / of["sd"])
        case "lognormal":
            ends = [math.log(end / of["median"]) / of["sigma"] if end > 0.0 else -math.inf for end in (low, high)]
            return _normal_mass(*ends)
        case "exponential":
            return math.exp(-low / of["mean"]) - math.exp(-high / of["mean"])
        case "gamma":
            ends = [_gamma_share(of["shape"], end * of["shape"] / of["mean"]) for end in (low, high)]
            return ends[1] - ends[0]
    return None


def _gamma_share(shape: float, end: float) -> float:
    """The share of a gamma distribution of scale 1 below an end, by its series (Abramowitz and Stegun 1964, 6.5.29)."""
    if end <= 0.0:
        return 0.0
    if shape > 1_000.0:
        # Its cube root is all but normal (Wilson and Hilferty 1931).
        return _normal_mass(-math.inf, 3.0 * math.sqrt(shape) * (math.cbrt(end / shape) - 1.0 + 1.0 / (9.0 * shape)))
    # Beyond this the share is 1 to all digits, and the series would be long.
    if end > shape + 40.0 * math.sqrt(shape) + 100.0:
        return 1.0
    term = total = 1.0 / shape
    for step in range(1, 10_000):
        term *= end / (shape + step)
        total += term
        if term < total * 1e-16:
            break
    return min(1.0, total * math.exp(shape * math.log(end) - end - math.lgamma(shape)))


def _normal_mass(low: float, high: float) -> float:
    # Measured in the tail where the interval lies, so that far tails do not vanish in 1 - 1.
    if low > 0.0:
        low, high = -high, -low
    return 0.5 * (math.erfc(-high / math.sqrt(2.0)) - math.erfc(-low / math.sqrt(2.0)))


_CHECKS: dict[str, Callable[[dict[str, float]], str | None]] = {
    "uniform": lambda of: None if of["low"] < of["high"] else "low must be below high",
    "loguniform": lambda of: None if 0.0 < of["low"] < of["high"] else "0 < low < high must hold",
    "normal": lambda of: None if of["sd"] > 0.0 else "sd must be above 0",
    "lognormal": lambda of: None if of["median"] > 0.0 and of["sigma"] > 0.0 else "median and sigma must be above 0",
    "triangular": lambda of: (
        None if of["low"] <= of["mode"] <= of["high"] and of["low"] < of["high"] else "low <= mode <= high must hold"
    ),
    "beta": lambda of: None if of["a"] > 0.0 and of["b"] > 0.0 else "a and b must be above 0",
    "gamma": lambda of: None if of["shape"] > 0.0 and of["mean"] > 0.0 else "shape and mean must be above 0",
    "exponential": lambda of: None if of["mean"] > 0.0 else "mean must be above 0",
}
