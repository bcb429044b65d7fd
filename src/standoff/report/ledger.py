"""The ledger of uncertain numbers: what each prior means in words, what was drawn, what it rests on."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.report.rules_text import evidence
from standoff.report.scene import Parameter
from standoff.report.world import Evidence

if TYPE_CHECKING:
    from standoff.ensemble import ParameterEntry
    from standoff.scenario import Document

Z_90 = 1.6448536269514722
"""Half the width of the middle 90 % of a standard normal law."""

_ARGUMENTS: dict[str, tuple[str, ...]] = {
    "uniform": ("low", "high"),
    "loguniform": ("low", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "triangular": ("low", "mode", "high"),
    "beta": ("a", "b"),
    "gamma": ("shape", "mean"),
    "exponential": ("mean",),
}


def parameters(
    document: Document, entries: tuple[ParameterEntry, ...], drawn: Mapping[str, NDArray[np.float64]]
) -> list[Parameter]:
    """One line for each parameter, in the order of the manifest."""
    return [_parameter(document, entry, drawn.get(entry.name)) for entry in entries]


def _parameter(document: Document, entry: ParameterEntry, values: NDArray[np.float64] | None) -> Parameter:
    written = document.parameters.get(entry.name)
    grounds = [Evidence(locator=locator, says="", hindsight=False, contradicts=False) for locator in entry.evidence]
    bounds = ""
    if written is not None:
        grounds = evidence(written.evidence)
        cuts = {"below": written.at_least, "above": written.at_most}
        bounds = "".join(f", cut off {side} {_plain(cut)}" for side, cut in cuts.items() if cut is not None)
    there = values is not None and values.size > 0
    low, high = np.quantile(values, [0.05, 0.95]).tolist() if values is not None and there else (None, None)
    return Parameter(
        name=entry.name,
        unit=entry.unit or "",
        prior=entry.prior,
        words=prior_words(entry.prior) + bounds,
        about=entry.about,
        mean=float(np.mean(values)) if values is not None and there else None,
        low=low,
        high=high,
        assumption=entry.assumption,
        hindsight=entry.hindsight,
        evidence=grounds,
    )


def prior_words(prior: str) -> str:
    """A prior as a reader says it: `lognormal(0.02, 0.5)` is about 0.02, and where nine in ten values lie."""
    try:
        node = ast.parse(prior.strip(), mode="eval").body
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            return f"fixed at {_plain(float(ast.literal_eval(node)))}"
        positional = [ast.literal_eval(argument) for argument in node.args]
        named = {word.arg: ast.literal_eval(word.value) for word in node.keywords if word.arg is not None}
        if node.func.id == "choice":
            return _choice_words(positional, named.get("weights"))
        arguments = _ARGUMENTS[node.func.id]
        given = dict(zip(arguments, positional, strict=False)) | named
        return _WORDS[node.func.id](*(float(given[name]) for name in arguments))
    except (SyntaxError, ValueError, TypeError, KeyError):
        # The prior is shown as it was written: it has been checked, this page just has no words for it.
        return prior


def _choice_words(values: list[object], weights: object) -> str:
    if len(values) == 1 and isinstance(values[0], dict):
        weights, values = list(values[0].values()), list(values[0])
    shares = [float(weight) for weight in weights] if isinstance(weights, list) else [1.0] * len(values)
    total = sum(shares)
    return "either " + " or ".join(
        f"{_plain(float(str(value)))} ({share / total:.0%})" for value, share in zip(values, shares, strict=True)
    )


def _normal(mean: float, sd: float) -> str:
    return f"{_around(mean, mean - Z_90 * sd, mean + Z_90 * sd)} (normal)"


def _lognormal(median: float, sigma: float) -> str:
    factor = math.exp(Z_90 * sigma)
    return f"{_around(median, median / factor, median * factor)} (lognormal)"


def _around(middle: float, low: float, high: float) -> str:
    return f"about {_plain(middle)}, nine in ten between {_plain(low)} and {_plain(high)}"


def _triangular(low: float, mode: float, high: float) -> str:
    return f"most likely {_plain(mode)}, from {_plain(low)} to {_plain(high)} (triangular)"


def _beta(a: float, b: float) -> str:
    return f"a share of about {_plain(a / (a + b))}, as if {_plain(a)} of {_plain(a + b)} cases were known (beta)"


_WORDS: dict[str, Callable[..., str]] = {
    "uniform": lambda low, high: f"anything from {_plain(low)} to {_plain(high)}, all alike",
    "loguniform": lambda low, high: f"from {_plain(low)} to {_plain(high)}, every order of magnitude alike",
    "normal": _normal,
    "lognormal": _lognormal,
    "triangular": _triangular,
    "beta": _beta,
    "gamma": lambda shape, mean: f"about {_plain(mean)} (gamma of shape {_plain(shape)})",
    "exponential": lambda mean: f"{_plain(mean)} on average, with a long tail (exponential)",
}


def _plain(value: float) -> str:
    return f"{value:.3g}"
