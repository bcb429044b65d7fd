"""Priors in words, for the ledger of uncertain numbers: what each means and what it rests on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import TYPE_CHECKING

from standoff.errors import Faults
from standoff.numerals import figure, percent
from standoff.report.background import WrittenParameter
from standoff.report.rules_text import evidence
from standoff.scenario import parse_prior

if TYPE_CHECKING:
    from standoff.scenario import Document, Prior

STANDARD = NormalDist()
MIDDLE = (0.05, 0.5, 0.95)
"""The ends and the middle of the middle 90 % of a distribution."""


def written_parameters(document: Document, priors: Mapping[str, str]) -> dict[str, WrittenParameter]:
    """What is written of each parameter; `priors` are those that the runs were drawn from, by name."""
    return {name: _written(document, name, prior) for name, prior in priors.items()}


def _written(document: Document, name: str, prior: str) -> WrittenParameter:
    written = document.parameters.get(name)
    cuts = (None, None) if written is None else (written.at_least, written.at_most)
    try:
        parsed = parse_prior(prior, at_least=cuts[0], at_most=cuts[1])
        words, kind = prior_words(parsed), str(parsed.kind)
    except Faults:
        # The folder may be of another version, with priors of its own: they are shown as they are written.
        words, kind = prior, ""
    return WrittenParameter(words, kind, written is not None, [] if written is None else evidence(written.evidence))


def prior_words(prior: Prior) -> str:
    """A prior in words: `lognormal(0.02, 0.5)` is "about 0.02", and where nine in ten values lie."""
    of = prior.of
    if prior.kind == "fixed":
        return f"fixed at {_plain(of['value'])}"
    if prior.kind == "choice":
        total = math.fsum(weight for _, weight in prior.options)
        options = [f"{_plain(value)} ({percent(weight / total)})" for value, weight in prior.options]
        return "either " + " or ".join(options)
    if prior.kind in ("quantiles", "logquantiles"):
        return _steps(prior)
    words = _WORDS[prior.kind](of)
    sides = {"below": of.get("at_least"), "above": of.get("at_most")}
    return words + "".join(f", cut off {side} {_plain(cut)}" for side, cut in sides.items() if cut is not None)


def _steps(prior: Prior) -> str:
    """Elicited quantiles in words: the range, and below which value how much lies."""
    (low, _), *steps = prior.options
    below, told = 0.0, []
    for value, weight in steps[:-1]:
        below += weight
        told.append(f"{percent(below)} below {_plain(value)}")
    return f"from {_plain(low)} to {_plain(steps[-1][0])}, {', '.join(told)} (elicited)"


def _quantiles(of: Mapping[str, float], at: Callable[[float], float], share: Callable[[float], float]) -> list[float]:
    """The ends and the middle of the middle 90 %, within the cuts; `share` is the distribution, `at` its inverse."""
    low = share(of["at_least"]) if "at_least" in of else 0.0
    high = share(of["at_most"]) if "at_most" in of else 1.0
    return [at(low + middle * (high - low)) for middle in MIDDLE]


def _normal_quantiles(of: Mapping[str, float], mean: float, sd: float, turn: Callable[[float], float]) -> list[float]:
    """The same of a normal distribution, computed in its exact lower tail; `turn` brings a cut onto its scale."""
    cuts = {name: (turn(of[name]) - mean) / sd for name in ("at_least", "at_most") if name in of}
    upper = cuts.get("at_least", -math.inf) > 0
    if upper:
        mirrored = {"at_least": "at_most", "at_most": "at_least"}
        cuts = {mirrored[name]: -cut for name, cut in cuts.items()}
    quantiles = _quantiles(cuts, _standard_quantile, STANDARD.cdf)
    return [mean - sd * z for z in reversed(quantiles)] if upper else [mean + sd * z for z in quantiles]


def _standard_quantile(share: float) -> float:
    return STANDARD.inv_cdf(share) if 0.0 < share < 1.0 else math.copysign(math.inf, share - 0.5)


def _around(quantiles: list[float]) -> str:
    low, middle, high = map(_plain, quantiles)
    return f"about {middle}, nine in ten between {low} and {high}"


def _normal(of: Mapping[str, float]) -> str:
    return f"{_around(_normal_quantiles(of, of['mean'], of['sd'], float))} (normal)"


def _lognormal(of: Mapping[str, float]) -> str:
    logs = _normal_quantiles(of, math.log(of["median"]), of["sigma"], lambda cut: math.log(cut) if cut > 0 else -1e9)
    return f"{_around([math.exp(one) for one in logs])} (lognormal)"


def _exponential(of: Mapping[str, float]) -> str:
    if "at_least" not in of and "at_most" not in of:
        return f"{_plain(of['mean'])} on average, with a long tail (exponential)"
    mean = of["mean"]
    low = max(0.0, of.get("at_least", 0.0))
    # Without memory: above its lower cut it is what it was above zero.
    room = -math.expm1(-(of.get("at_most", math.inf) - low) / mean)
    return f"{_around([low - mean * math.log1p(-share * room) for share in MIDDLE])} (exponential)"


def _beta(of: Mapping[str, float]) -> str:
    a, b = of["a"], of["b"]
    return f"a share of about {_plain(a / (a + b))}, as if {_plain(a)} of {_plain(a + b)} cases were known (beta)"


def _gamma(of: Mapping[str, float]) -> str:
    cut = " before it is cut" if "at_least" in of or "at_most" in of else ""
    return f"about {_plain(of['mean'])}{cut} (gamma of shape {_plain(of['shape'])})"


_WORDS: dict[str, Callable[[Mapping[str, float]], str]] = {
    "uniform": lambda of: f"anything from {_plain(of['low'])} to {_plain(of['high'])}, all equally likely",
    "loguniform": lambda of: f"from {_plain(of['low'])} to {_plain(of['high'])}, orders of magnitude equally likely",
    "normal": _normal,
    "lognormal": _lognormal,
    "triangular": lambda of: (
        f"most likely {_plain(of['mode'])}, from {_plain(of['low'])} to {_plain(of['high'])} (triangular)"
    ),
    "beta": _beta,
    "gamma": _gamma,
    "exponential": _exponential,
}


def _plain(value: float) -> str:
    return figure(value)
