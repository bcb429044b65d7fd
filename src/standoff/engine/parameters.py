"""Draw the parameters of runs from their priors, each from its own stream.

A parameter's draw depends on the seed, the run and its name alone: adding or removing another parameter
changes nothing. Distributions with an inverse use one number; gamma and beta use the rejection method of
Marsaglia and Tsang 2000 (doi 10.1145/358407.358414); truncated ones draw again until the value fits,
and from the tail where it hardly ever does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import erfc, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from standoff.engine.streams import stream_keys, uniforms
from standoff.model import Model, ParameterInfo, elementwise

Floats = NDArray[np.float64]
Positions = NDArray[np.int64]
_TRIES = 10_000
_GREATEST = 1e150
"""No draw is further from 0: the squares of many can still be added."""
_RUNS = 500
"""The runs whose parameters are drawn at once; a bound of memory, it changes no number."""


class _Streams:
    """Many streams of uniform numbers, each with a position of its own.

    How many numbers a stream gives is its own affair, so a draw does not depend on those beside it.
    """

    def __init__(self, keys: NDArray[np.uint64]) -> None:
        self.keys = keys
        self.used = np.zeros(len(keys), np.int64)

    def next(self, which: Positions) -> tuple[Floats, Floats]:
        """The next two numbers in [0, 1) of some of the streams."""
        used = self.used[which]
        self.used[which] = used + 1
        return uniforms(self.keys[which], used)


def draw_parameters(model: Model, *, seed: int, runs: NDArray[np.int64]) -> Floats:
    """The parameters of the given runs: (runs, parameters) float64, in the order of `model.parameters`."""
    return _draw_all(model.parameters, seed=seed, runs=runs)


def draw_parameter(parameter: ParameterInfo, *, seed: int, runs: NDArray[np.int64]) -> Floats:
    """One parameter for each of the given runs."""
    return _draw_all((parameter,), seed=seed, runs=runs)[:, 0]


def _draw_all(infos: tuple[ParameterInfo, ...], *, seed: int, runs: NDArray[np.int64]) -> Floats:
    out = np.zeros((len(runs), len(infos)))
    # Those of one kind are drawn together: calls on arrays of a few numbers cost more than the numbers.
    together: dict[tuple[object, ...], list[int]] = {}
    for i, info in enumerate(infos):
        if info.kind == "fixed":
            out[:, i] = dict(info.of)["value"]
        elif info.luck:
            out[:, i] = _together(info, seed, runs)
        else:
            together.setdefault(_alike(info), []).append(i)
    for first in range(0, len(runs), _RUNS):
        some = slice(first, first + _RUNS)
        for columns in together.values():
            out[some, columns] = _draw_within([infos[i] for i in columns], seed, runs[some])
    return out


class _Drawn(_Streams):
    """Numbers that are drawn already, where a draw asks a stream for them."""

    def __init__(self, u: Floats) -> None:
        self.u = u

    def next(self, which: Positions) -> tuple[Floats, Floats]:
        """The number of each of some of the runs, twice."""
        return self.u[which], self.u[which]


def _together(parameter: ParameterInfo, seed: int, runs: NDArray[np.int64]) -> Floats:
    """A parameter that is correlated with others, for each run: the inverse of its prior at a mixed normal number."""
    streams = _Streams(stream_keys(seed, runs.tolist(), [f"parameter/{name}" for name, _ in parameter.luck]))
    normal = _normal(streams, np.arange(len(streams.keys))).reshape(len(parameter.luck), len(runs))
    z = np.zeros(len(runs))
    for (_, weight), row in zip(parameter.luck, normal, strict=True):
        z += weight * row
    of = dict(parameter.of)
    u = np.array([0.5 * erfc(-one / sqrt(2.0)) for one in z])
    if parameter.kind in ("normal", "lognormal", "exponential") and any(end in of for end in _ENDS):
        ends = max(of.get("at_least", -_GREATEST), -_GREATEST), min(of.get("at_most", _GREATEST), _GREATEST)
        floor = 0.0 if parameter.kind == "exponential" else ends[0]
        return _from_tail(parameter, of, u, (max(floor, ends[0]), ends[1]))
    if parameter.kind == "normal":
        return np.asarray(of["mean"] + of["sd"] * z, dtype=np.float64)
    if parameter.kind == "lognormal":
        return np.asarray(of["median"] * elementwise.exp(of["sigma"] * z), dtype=np.float64)
    numbers = {name: np.full(len(runs), value) for name, value in of.items()}
    # The inverse of a choice rises with its values, in whatever order they are written.
    parameter = replace(parameter, options=tuple(sorted(parameter.options)))
    return _draw(parameter, numbers, _Drawn(np.minimum(u, 1.0 - 2.0**-53)), np.arange(len(runs)))


def _alike(parameter: ParameterInfo) -> tuple[object, ...]:
    """Equal for parameters whose draws take the same steps."""
    of = dict(parameter.of)
    match parameter.kind:
        case "gamma":
            return parameter.kind, of["shape"] < 1.0
        case "beta":
            return parameter.kind, of["a"] < 1.0, of["b"] < 1.0
        case "triangular":
            return parameter.kind, of["low"] == of["high"]
        case "choice" | "quantiles" | "logquantiles":
            return parameter.kind, parameter.name
    return (parameter.kind,)


def _draw_within(parameters: Sequence[ParameterInfo], seed: int, runs: NDArray[np.int64]) -> Floats:
    """Parameters of one kind for each run, (runs, parameters).

    They are drawn again until they lie in their ranges, and from the tail where they hardly ever do.
    """
    streams = _Streams(stream_keys(seed, runs.tolist(), [f"parameter/{p.name}" for p in parameters]))
    each = [dict(p.of) for p in parameters]
    low = np.repeat([max(of.get("at_least", -_GREATEST), -_GREATEST) for of in each], len(runs))
    high = np.repeat([min(of.get("at_most", _GREATEST), _GREATEST) for of in each], len(runs))
    of = {name: np.repeat([one[name] for one in each], len(runs)) for name in each[0] if name not in _ENDS}
    out, waiting = np.full(len(low), np.nan), np.arange(len(low))
    for _ in range(_TRIES):
        with np.errstate(over="ignore"):
            drawn = _draw(parameters[0], {name: values[waiting] for name, values in of.items()}, streams, waiting)
        fits = (drawn >= low[waiting]) & (drawn <= high[waiting])
        out[waiting[fits]] = drawn[fits]
        waiting = waiting[~fits]
        if not len(waiting):
            break
    for i in sorted(set((waiting // len(runs)).tolist())):
        left = waiting[waiting // len(runs) == i]
        ends = float(low[left[0]]), float(high[left[0]])
        out[left] = _from_tail(parameters[i], each[i], streams.next(left)[0], ends)
    return out.reshape(len(parameters), len(runs)).T


_ENDS = ("at_least", "at_most")


def _from_tail(parameter: ParameterInfo, of: dict[str, float], u: Floats, ends: tuple[float, float]) -> Floats:
    """Numbers between two ends by the inverse of the distribution, where next to nothing lies between them."""
    low, high = ends
    if parameter.kind == "exponential":
        below = -elementwise.expm1(-(high - low) / of["mean"])
        return np.asarray(low - of["mean"] * elementwise.log1p(-u * below), dtype=np.float64)
    if parameter.kind not in ("normal", "lognormal"):
        raise ValueError(f"the prior of '{parameter.name}' almost never falls between {low} and {high}")
    logs = parameter.kind == "lognormal"
    middle, spread = (log(of["median"]), of["sigma"]) if logs else (of["mean"], of["sd"])
    scaled = [(log(end) if logs and end > 0.0 else -np.inf if logs else end) for end in ends]
    first, last = ((end - middle) / spread for end in scaled)
    # On the lower side, where small shares are exact.
    sign = -1.0 if first > 0.0 else 1.0
    standard = NormalDist()
    shares = sorted(0.5 * erfc(-sign * end / sqrt(2.0)) for end in (first, last))
    z = np.array([sign * standard.inv_cdf(shares[1] - share * (shares[1] - shares[0])) for share in u])
    drawn = elementwise.exp(middle + spread * z) if logs else middle + spread * z
    return np.asarray(np.clip(drawn, low, high), dtype=np.float64)


def _draw(parameter: ParameterInfo, of: dict[str, Floats], streams: _Streams, which: Positions) -> Floats:
    match parameter.kind:
        case "gamma":
            return _gamma(of["shape"], streams, which) * (of["mean"] / of["shape"])
        case "beta":
            return _beta(of["a"], of["b"], streams, which)
        case "normal":
            return np.asarray(of["mean"] + of["sd"] * _normal(streams, which), dtype=np.float64)
        case "lognormal":
            return np.asarray(of["median"] * elementwise.exp(of["sigma"] * _normal(streams, which)), dtype=np.float64)
    u = streams.next(which)[0]
    match parameter.kind:
        case "uniform":
            return of["low"] + (of["high"] - of["low"]) * u
        case "loguniform":
            return np.asarray(of["low"] * elementwise.power(of["high"] / of["low"], u), dtype=np.float64)
        case "exponential":
            return np.asarray(-of["mean"] * elementwise.log1p(-u), dtype=np.float64)
        case "triangular":
            return _triangular(of["low"], of["mode"], of["high"], u)
        case "choice":
            values = np.array([value for value, _ in parameter.options])
            weights = np.cumsum([weight for _, weight in parameter.options])
            return values[np.minimum(np.searchsorted(weights / weights[-1], u, side="right"), len(values) - 1)]
        case "quantiles" | "logquantiles":
            return _by_steps(parameter, u)
    raise ValueError(f"unknown prior '{parameter.kind}'")


def _by_steps(parameter: ParameterInfo, u: Floats) -> Floats:
    """The inverse of a distribution that goes straight from one of its quantiles to the next, or does in logarithms."""
    ends = np.array([value for value, _ in parameter.options])
    below = np.cumsum([weight for _, weight in parameter.options])
    below /= below[-1]
    step = np.clip(np.searchsorted(below, u, side="right"), 1, len(ends) - 1)
    first, last = ends[step - 1], ends[step]
    part = (u - below[step - 1]) / (below[step] - below[step - 1])
    if parameter.kind == "quantiles":
        return np.asarray(first + (last - first) * part, dtype=np.float64)
    return np.asarray(first * elementwise.power(last / first, part), dtype=np.float64)


def _normal(streams: _Streams, which: Positions) -> Floats:
    """Standard normal numbers (Box and Muller 1958)."""
    u, v = streams.next(which)
    return np.asarray(np.sqrt(-2.0 * elementwise.log1p(-u)) * elementwise.cos(2.0 * np.pi * v), dtype=np.float64)


def _triangular(low: Floats, mode: Floats, high: Floats, u: Floats) -> Floats:
    if np.array_equal(low, high):
        return low
    rise = (mode - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (mode - low))
    right = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.where(u < rise, left, right)


def _beta(a: Floats, b: Floats, streams: _Streams, which: Positions) -> Floats:
    """A gamma number's part of two; by their logarithms where both are too small to be told from 0."""
    (one, scaled), (other, rescaled) = _gamma_parts(a, streams, which), _gamma_parts(b, streams, which)
    left, right = _scaled(one, scaled, a), _scaled(other, rescaled, b)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        odds = elementwise.log(other) + elementwise.log(rescaled) / b
        odds -= elementwise.log(one) + elementwise.log(scaled) / a
        return np.where(left + right == 0.0, 1.0 / (1.0 + elementwise.exp(odds)), left / (left + right))


def _gamma(shape: Floats, streams: _Streams, which: Positions) -> Floats:
    """Gamma numbers with scale 1."""
    return _scaled(*_gamma_parts(shape, streams, which), shape)


def _scaled(raised: Floats, u: Floats, shape: Floats) -> Floats:
    return raised * elementwise.power(u, 1.0 / shape) if shape[0] < 1.0 else raised


def _gamma_parts(shape: Floats, streams: _Streams, which: Positions) -> tuple[Floats, Floats]:
    """Gamma numbers; shapes below 1, all or none, are raised by 1, to be scaled back by a power of uniform numbers."""
    small = bool(shape[0] < 1.0)
    raised = shape + 1.0 if small else shape
    d = raised - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    out, left = np.empty(len(which)), np.arange(len(which))
    while len(left):
        z = _normal(streams, which[left])
        u = streams.next(which[left])[0]
        v = elementwise.power(1.0 + c[left] * z, 3.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            most = 0.5 * z * z + d[left] - d[left] * v + d[left] * elementwise.log(v)
            fits = (v > 0.0) & (elementwise.log1p(-u) < most)
        out[left[fits]] = (d[left] * v)[fits]
        left = left[~fits]
    return out, 1.0 - streams.next(which)[0] if small else np.ones(len(which))
