"""Draw the parameters of runs from their priors, each from its own stream.

A parameter's draw depends on the seed, the run and its name alone: adding or removing another parameter
changes nothing. Distributions with an inverse use one number; gamma and beta use the rejection method of
Marsaglia and Tsang 2000 (doi 10.1145/358407.358414); truncated ones draw again until the value fits,
and from the tail where it hardly ever does.
"""

from __future__ import annotations

from math import erfc, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from standoff.engine.streams import stream_key, uniforms
from standoff.model import Model, ParameterInfo, elementwise

Floats = NDArray[np.float64]
_TRIES = 10_000
_GREATEST = 1e150
"""No draw is further from 0: the squares of many can still be added."""
_AT_ONCE = 4


class _Streams:
    """The streams of all parameters in all runs; their first positions are worked out for all at once.

    A single run would else pay for arrays of one number for each of its parameters.
    """

    def __init__(self, keys: list[int]) -> None:
        self.keys = np.array(keys, dtype=np.uint64)
        self.drawn: list[tuple[Floats, Floats]] = []

    def at(self, position: int, part: slice) -> tuple[Floats, Floats]:
        """The two numbers at a position of some of the streams."""
        if position >= _AT_ONCE:
            return uniforms(self.keys[part], position)
        while len(self.drawn) <= position:
            self.drawn.append(uniforms(self.keys, len(self.drawn)))
        first, second = self.drawn[position]
        return first[part], second[part]


class _Stream:
    """Uniform numbers for many runs of one parameter; each run has a position of its own in its stream."""

    def __init__(self, streams: _Streams, part: slice) -> None:
        self.streams = streams
        self.part = part
        self.runs = part.stop - part.start
        self.used = np.zeros(self.runs, np.int64)

    def next(self, waiting: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Two numbers in [0, 1) for every run; only those that wait for them use them up.

        How many numbers a run takes is then its own affair, and its draw does not depend on the runs beside it.
        """
        used = self.used.copy()
        self.used[waiting] += 1
        if used.min(initial=0) == used.max(initial=0):
            return self.streams.at(int(used.max(initial=0)), self.part)
        return uniforms(self.streams.keys[self.part], used)


def draw_parameters(model: Model, *, seed: int, runs: NDArray[np.int64]) -> Floats:
    """The parameters of the given runs: (runs, parameters) float64, in the order of `model.parameters`."""
    return _draw_all(model.parameters, seed=seed, runs=runs)


def draw_parameter(parameter: ParameterInfo, *, seed: int, runs: NDArray[np.int64]) -> Floats:
    """One parameter for each of the given runs."""
    return _draw_all((parameter,), seed=seed, runs=runs)[:, 0]


def _draw_all(infos: tuple[ParameterInfo, ...], *, seed: int, runs: NDArray[np.int64]) -> Floats:
    moving = [p for p in infos if p.kind != "fixed"]
    streams = _Streams([stream_key(seed, int(run), f"parameter/{p.name}") for p in moving for run in runs])
    parts = {p.name: slice(i * len(runs), (i + 1) * len(runs)) for i, p in enumerate(moving)}
    out = np.zeros((len(runs), len(infos)))
    for i, p in enumerate(infos):
        of, part = dict(p.of), parts.get(p.name)
        out[:, i] = of["value"] if part is None else _draw_within(p, of, _Stream(streams, part), len(runs))
    return out


def _draw_within(parameter: ParameterInfo, of: dict[str, float], stream: _Stream, runs: int) -> Floats:
    """One parameter for each run, drawn again until it lies in its range; from its tail where it hardly ever does."""
    low, high = max(of.get("at_least", -_GREATEST), -_GREATEST), min(of.get("at_most", _GREATEST), _GREATEST)
    out = np.full(runs, np.nan)
    for _ in range(_TRIES):
        waiting = np.isnan(out)
        with np.errstate(over="ignore"):
            drawn = _draw(parameter, of, stream, waiting)
        out = np.where(waiting & (drawn >= low) & (drawn <= high), drawn, out)
        if not np.isnan(out).any():
            return out
    waiting = np.isnan(out)
    return np.where(waiting, _from_tail(parameter, of, stream.next(waiting)[0], (low, high)), out)


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


def _draw(parameter: ParameterInfo, of: dict[str, float], stream: _Stream, waiting: NDArray[np.bool_]) -> Floats:
    match parameter.kind:
        case "gamma":
            return _gamma(of["shape"], stream, waiting) * (of["mean"] / of["shape"])
        case "beta":
            return _beta(of["a"], of["b"], stream, waiting)
        case "normal":
            return np.asarray(of["mean"] + of["sd"] * _normal(stream, waiting), dtype=np.float64)
        case "lognormal":
            return np.asarray(of["median"] * elementwise.exp(of["sigma"] * _normal(stream, waiting)), dtype=np.float64)
    u = stream.next(waiting)[0]
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
    raise ValueError(f"unknown prior '{parameter.kind}'")


def _normal(stream: _Stream, waiting: NDArray[np.bool_]) -> Floats:
    """Standard normal numbers (Box and Muller 1958)."""
    u, v = stream.next(waiting)
    return np.asarray(np.sqrt(-2.0 * elementwise.log1p(-u)) * elementwise.cos(2.0 * np.pi * v), dtype=np.float64)


def _triangular(low: float, mode: float, high: float, u: Floats) -> Floats:
    if high == low:
        return np.full(len(u), low)
    rise = (mode - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (mode - low))
    right = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.where(u < rise, left, right)


def _beta(a: float, b: float, stream: _Stream, waiting: NDArray[np.bool_]) -> Floats:
    """A gamma number's part of two; by their logarithms where both are too small to be told from 0."""
    (one, scaled), (other, rescaled) = _gamma_parts(a, stream, waiting), _gamma_parts(b, stream, waiting)
    left, right = _scaled(one, scaled, a), _scaled(other, rescaled, b)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        odds = elementwise.log(other) + elementwise.log(rescaled) / b
        odds -= elementwise.log(one) + elementwise.log(scaled) / a
        return np.where(left + right == 0.0, 1.0 / (1.0 + elementwise.exp(odds)), left / (left + right))


def _gamma(shape: float, stream: _Stream, waiting: NDArray[np.bool_]) -> Floats:
    """Gamma numbers with scale 1."""
    return _scaled(*_gamma_parts(shape, stream, waiting), shape)


def _scaled(raised: Floats, u: Floats, shape: float) -> Floats:
    return raised * elementwise.power(u, 1.0 / shape) if shape < 1.0 else raised


def _gamma_parts(shape: float, stream: _Stream, waiting: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Gamma numbers; a shape below 1 is raised by 1, to be scaled back by a power of the uniform numbers."""
    raised = shape if shape >= 1.0 else shape + 1.0
    d = raised - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    out = np.full(stream.runs, np.nan)
    left = waiting
    while left.any():
        z = _normal(stream, left)
        u = stream.next(left)[0]
        v = elementwise.power(1.0 + c * z, 3.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            fits = (v > 0.0) & (elementwise.log1p(-u) < 0.5 * z * z + d - d * v + d * elementwise.log(v))
        out = np.where(left & fits, d * v, out)
        left = left & ~fits
    return out, 1.0 - stream.next(waiting)[0] if shape < 1.0 else np.ones(stream.runs)
