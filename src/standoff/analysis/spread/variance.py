"""Where the variance of an answer comes from: chance, parameters, their interplay, and the choice of a model.

Within one model, the answer Y is a function of the parameters and of the random numbers of a run. The coupled sampler
can hold either fixed:

* two runs with the same parameters and other random numbers covary by the part of the variance that parameters explain
  alone;
* two runs with the same random numbers and other parameters covary by the part that chance explains alone;
* what is left is their interplay (Sobol 1993; the two blocks of inputs are parameters and random numbers).

Over several models, each with a weight, the variance is that of the models' means, the structural part, and the mean of
the variances within them (Draper 1995, doi:10.1111/j.2517-6161.1995.tb02015.x). The means are known from finitely many
runs, and the spread of what is known is larger than the spread of what is so: the squared error of each mean's distance
from their mean is taken off, which leaves no bias (Sun, Apley and Staum 2011, doi:10.1287/opre.1110.0932, there for
independent runs). Here models share random numbers and parameters, so the error is that of a difference within runs,
and of models that are one and the same it is 0, and their structural part too, to the bit.

A bootstrap sees no more than the runs have shown. Of a yes that is rare hardly two runs of a row have it both, and all
samples agree on that; so where FEW_TOGETHER rows or fewer do, the interval is at least as wide as Wilson's of them.
With fewer than FEWEST runs of the rarer answer intervals were seen not to hold, and no share is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import Z_95, Interval, check_reach, wilson

Floats = NDArray[np.float64]
SHARES = (2.5, 97.5)
FEWEST = 30
"""How many runs must have the rarer of two answers for shares and indices to be given."""
FEW_TOGETHER = 5
"""Up to how many rows that have the rarer answer twice the bootstrap is not trusted alone."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the variance with its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class VariantMean:
    """The mean answer in one variant, with its 95% interval."""

    name: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Split:
    """Where the variance of a question's answer comes from; the shares are None if it hardly varied, as `note` says.

    `mean` is that of the runs that are neither given other random numbers nor other parameters, the base case of other
    verbs. Over several variants, all figures are those of their mixture, `variants` are those that ask the question and
    `lacking` those that do not; `structure` is None where there is one variant only.
    """

    question: str
    ask: str
    type: str
    mean: float
    variance: float
    chance: Share | None
    parameters: Share | None
    interplay: Share | None
    structure: Share | None
    variants: tuple[VariantMean, ...]
    lacking: tuple[str, ...]
    note: str | None = None


class Three(NamedTuple):
    """The answers of runs, of runs with the same parameters and other random numbers, and the other way round."""

    base: Floats
    rerun: Floats
    drawn: Floats

    @property
    def means(self) -> Floats:
        """The mean answer of each row: rows have neither random numbers nor parameters in common."""
        return np.asarray((self.base + self.rerun + self.drawn) / 3)


def split(
    question: tuple[str, str, str], made: Mapping[str, Three], weights: Mapping[str, float], samples: Iterable[Floats]
) -> Split:
    """Split the variance of a question (name, ask, type) over the variants that ask it.

    `weights` are those of all variants, which count in proportion; `samples` says how often each bootstrap sample has
    each row, for some samples after the others: (samples, rows) each.
    """
    for three in made.values():
        check_reach(three.base, three.rerun, three.drawn)
    whole = fsum(weights[name] for name in made)
    shared = {name: weights[name] / whole for name in made}
    mean = float(sum(share * np.mean(made[name]) for name, share in shared.items()))
    # Quoted is the mean of the plain runs alone: the base that every verb with coupled runs quotes for the same runs.
    quoted = float(sum(share * np.mean(made[name].base) for name, share in shared.items()))
    means = tuple(_mean(name, three.means, share=question[2] != "number") for name, three in made.items())
    told = means if len(weights) > 1 else (), tuple(name for name in weights if name not in made)
    rows = len(next(iter(made.values())).base)
    found = _parts(made, shared, np.ones((1, rows)), noise=1)[:, 0]
    total = float(found.sum())
    note = "the answer never varied" if total == 0.0 else too_few(mean, 3 * rows, question[2])
    if note is not None:
        return Split(*question, quoted, total, None, None, None, None, *told, note)
    # A sample's means are off from those of all rows as these are from the true ones: it has the error twice.
    again = np.concatenate([_parts(made, shared, some, noise=2) for some in samples], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = again / again.sum(axis=0)
    chance, parameters, interplay, structure = (interval(float(found[i]) / total, spread[i]) for i in range(4))
    if question[2] != "number":
        chance, parameters = (
            _widened(part, made, shared, other, mean, total) for part, other in ((chance, 2), (parameters, 1))
        )
    return Split(
        *question, quoted, total, chance, parameters, interplay, structure if len(made) > 1 else None, *told
    )  # fmt: skip


def total_indices(
    three: Three, changed: Mapping[str, Floats], picked: Iterable[NDArray[np.int64]], kind: str
) -> dict[str, Share]:
    """The total index of each parameter, by its runs `changed`: in them it is drawn anew, and all else as at first.

    E (Y(a, u) - Y(a with this parameter drawn anew, u))^2 / (2 Var Y), the estimator of Jansen (1999,
    doi:10.1016/S0010-4655(98)00154-4); `picked` are the rows of each bootstrap sample, for some samples after the
    others: (samples, rows) each.
    """
    whole = 2 * float(variance_of(*three))
    shares = {name: (anew - three.base[: len(anew)]) ** 2 / whole for name, anew in changed.items()}
    if kind != "number":
        return {name: _of_differing(int(np.count_nonzero(one)), len(one), whole) for name, one in shares.items()}
    again: dict[str, list[Floats]] = {name: [] for name in shares}
    for rows in picked:
        for name, one in shares.items():
            again[name].append(one[rows].mean(axis=-1))
    return {name: interval(float(one.mean()), np.concatenate(again[name])) for name, one in shares.items()}


def _of_differing(differing: int, pairs: int, whole: float) -> Share:
    # Pairs differ or not, and often few of them do: a bootstrap's interval would be too narrow.
    known = wilson(differing, pairs)
    return Share(differing / pairs / whole, known.low / whole, known.high / whole)


def variance_of(*of: Floats) -> Floats:
    """The variance of runs of several kinds taken together, along the last axis."""
    return np.asarray(np.concatenate(of, axis=-1).var(axis=-1))


def interval(value: float, again: Floats) -> Share:
    """A share with the interval that its bootstrap samples span."""
    known = again[np.isfinite(again)]
    low, high = np.percentile(known, SHARES) if len(known) else (value, value)
    return Share(value, min(float(low), value), max(float(high), value))


def too_few(mean: float, runs: int, kind: str) -> str | None:
    """Why a share of yes in so many runs is too near 0 or 1 to tell what its variance comes from, if it is."""
    rare = min(mean, 1 - mean) * runs
    if kind == "number" or round(rare) >= FEWEST:
        return None
    words = ("that come", "that never come") if kind == "date" else ("yes", "no")
    return f"too few of one kind: {rare:.0f} {words[mean > 0.5]} of {runs:,} runs; give more --runs"


def _widened(
    part: Share, made: Mapping[str, Three], shared: Mapping[str, float], other: int, mean: float, total: float
) -> Share:
    """A share with an interval that covers the error of the rows that have the rarer answer twice, if these are few."""
    rare = {name: three if mean <= 0.5 else Three(*(1 - answers for answers in three)) for name, three in made.items()}
    rows = len(next(iter(rare.values())).base)
    both = float(sum(shared[name] * np.mean(three.base * three[other]) for name, three in rare.items()))
    if both * rows > FEW_TOGETHER:
        return part
    low, high = (part.value + (end - both) / total for end in wilson(both * rows, rows))
    return Share(part.value, min(part.low, low), max(part.high, high))


def _parts(made: Mapping[str, Three], shared: Mapping[str, float], samples: Floats, *, noise: int) -> Floats:
    """Chance, parameters, interplay and structure, which add up to the variance: (4, samples).

    `noise` says how often the error of the means is in their spread.
    """
    count = samples.shape[1]
    # Moments around one of the answers: nothing is left of an answer that never varies.
    origin = next(iter(made.values())).base[0]
    parts = np.zeros((4, len(samples)))
    for name, three in made.items():
        a, b, c = (answers - origin for answers in three)
        of_a, of_b, of_c = (samples @ one / count for one in (a, b, c))
        middle = (of_a + of_b + of_c) / 3
        whole = samples @ (a * a + b * b + c * c) / (3 * count) - middle**2
        parameters = samples @ (a * b) / count - middle * (of_a + of_b - middle)
        chance = samples @ (a * c) / count - middle * (of_a + of_c - middle)
        parts[:3] += shared[name] * np.array([chance, parameters, whole - parameters - chance])
    # Distances from one variant: they are 0 where answers are equal, whatever the weights round to.
    first = next(iter(made.values())).means
    away = {name: three.means - first for name, three in made.items()}
    centre = sum(shared[name] * distance for name, distance in away.items())
    for name, distance in away.items():
        off = samples @ (distance - centre) / count
        error = (samples @ (distance - centre) ** 2 / count - off**2) / (count - 1)
        parts[3] += shared[name] * (off**2 - noise * error)
    return parts


def _mean(name: str, rows: Floats, *, share: bool) -> VariantMean:
    mean, error = float(rows.mean()), float(rows.std(ddof=1)) / sqrt(len(rows))
    if not share:
        return VariantMean(name, mean, mean - Z_95 * error, mean + Z_95 * error)
    # Wilson's interval for as many independent runs as would have this error (Korn and Graubard 1998, Survey
    # Methodology 24:193): the three runs of a row are not independent.
    runs = mean * (1 - mean) / error**2 if error > 0 else float(len(rows))
    known: Interval = wilson(mean * runs, runs)
    return VariantMean(name, mean, known.low, known.high)
