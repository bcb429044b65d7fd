"""Equilibria of the game that the mean payoffs of some blocks make: candidates, to be judged on other blocks.

Two actors with up to 8 policies each: all extreme equilibria, as completely labelled pairs of vertices of the two
best-response polytopes (Mangasarian 1964, J. SIAM 12:778; Avis, Rosenberg, Savani and von Stengel 2010, Econ. Theory
42:9, doi:10.1007/s00199-009-0449-x), which also holds where payoffs tie. More actors: all pure equilibria, and Newton's
method on each support. Gambit, where it is asked for, adds what its solvers give. Whatever comes is checked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, product
from math import prod

import numpy as np
from numpy.typing import NDArray

from standoff.errors import UsageError
from standoff.numerals import many
from standoff.strategy.gambit import ask_gambit
from standoff.strategy.payoffs import Blocks, Floats, Mix, pair_values, values_against
from standoff.strategy.qre import principal_branch
from standoff.strategy.reduction import Dropped, reduced, spans
from standoff.strategy.regret import Candidate

MOST_ENUMERATED = 8
"""Up to how many policies of each of two actors all extreme equilibria are enumerated here."""
MOST_SUPPORTS = 4096
"""Up to how many supports Newton's method is tried on each."""
STABLE_SAMPLES = 400
"""In how many resampled games a support is looked for."""
NEARLY_SURE = 300.0
"""The precision, in 1 / span of an actor's payoffs, at which quantal responses are near an equilibrium."""
TINY = 1e-9
"""Shares below it count as none, and gains below it, relative to the span of an actor's payoffs, as rounding."""

Support = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Equilibria:
    """The candidates of the estimated game, the policies that were left out, and whether there can be others.

    `complete` says that these are all extreme equilibria of the estimated game: each other equilibrium of it is a mix
    of some of them. `notes` are sentences about answers that were not taken.
    """

    candidates: tuple[Candidate, ...]
    dropped: tuple[Dropped, ...]
    complete: bool
    notes: tuple[str, ...]


def find_equilibria(
    blocks: Blocks, *, alike: float | Sequence[float] = 0.0, gambit: bool = False, seconds: float = 60
) -> Equilibria:
    """The equilibria of the mean payoffs of some blocks, each as a candidate that remembers these blocks.

    First, policies that are strictly dominated are left out, which loses no equilibrium, and of policies under which
    the payoffs of all actors differ by `alike` at most the first stands for all: otherwise there would be continua of
    equilibria that say the same. `alike` is in the unit of the goals, or one number for each actor. With `gambit`, the
    solvers of Gambit are asked too, each for so many `seconds` at most.

    Raises UsageError where a profile was not run, and with `gambit` where Gambit is missing or fails.
    """
    if not blocks.complete:
        raise UsageError("equilibria need the payoffs of every profile; some were not run in these blocks")
    mean = blocks.mean
    within = np.broadcast_to(np.asarray(alike, dtype=np.float64), (len(blocks.actors),))
    small, kept, dropped = reduced(blocks, mean, within)
    mixes, complete = _own(small)
    answers = [(mix, "enumerated" if complete else "Newton on its support") for mix in mixes]
    notes: list[str] = []
    if gambit:
        answers += _of_gambit(small, mixes if complete else None, notes, seconds)
    candidates: list[Candidate] = []
    for mix, method in answers:
        whole = _spread_out(mix, kept, mean.shape[:-1])
        excess = _excess(mean, whole) - within / spans(mean)
        if excess.max() > TINY:
            notes.append(f"a profile of {method} is no equilibrium: somebody would gain {excess.max():.2g} of its span")
        elif not any(_same(whole, other.mix) for other in candidates):
            candidates.append(Candidate(whole, (blocks.luck,), method))
    return Equilibria(tuple(candidates), dropped, complete, tuple(dict.fromkeys(notes)))


def stability_of(candidate: Candidate, blocks: Blocks, *, samples: int = STABLE_SAMPLES, seed: int = 0) -> float:
    """The share of games of resampled blocks in which the same support is that of an equilibrium.

    `blocks` are those that found the candidate: it is a statement about how much the support owes to their luck, and
    none about regret. In each resampled game the mix on the support is solved for anew.
    """
    generator = np.random.default_rng(seed)
    same = 0
    for _ in range(samples):
        counts = np.bincount(generator.integers(0, len(blocks), len(blocks)), minlength=len(blocks))
        mean = np.tensordot(counts / len(blocks), blocks.payoff, axes=1)
        mix = on_support(mean, candidate.support, candidate.mix)
        same += mix is not None and float(_excess(mean, mix).max()) <= TINY
    return same / samples


def on_support(mean: Floats, support: Support, start: Mix | None = None) -> Mix | None:
    """The mix on a support that leaves each actor indifferent among its policies there, by Newton's method.

    From `start`, or from equal shares. None where the method does not converge to positive shares; of an equilibrium
    only this much is known of the result: policies outside may be better.
    """
    sizes = [len(own) for own in support]
    shares = [np.full(size, 1 / size) if start is None else np.array(start[actor])[list(support[actor])]
              for actor, size in enumerate(sizes)]  # fmt: skip
    part = mean[np.ix_(*support)] / spans(mean)
    for _ in range(50):
        value, slope = _indifference(part, shares)
        try:
            step = np.linalg.solve(slope, value)
        except np.linalg.LinAlgError:
            return None
        shares = [own - change for own, change in zip(shares, np.split(step, np.cumsum(sizes)[:-1]), strict=True)]
        if not np.isfinite(step).all() or np.abs(step).max() > 1e6:
            return None
        if np.abs(step).max() < 1e-13:
            break
    if np.abs(_indifference(part, shares)[0]).max() > TINY or min(float(own.min()) for own in shares) < TINY:
        return None
    return _spread_out(tuple(tuple(own.tolist()) for own in shares), support, mean.shape[:-1])


def _own(mean: Floats) -> tuple[list[Mix], bool]:
    """What is found without Gambit, and whether it is all there is."""
    shape = mean.shape[:-1]
    if len(shape) == 1:
        best = np.flatnonzero(mean[:, 0] == mean[:, 0].max()).tolist()
        return [_spread_out(((1.0,),), ((at,),), shape) for at in best], True
    if len(shape) == 2 and max(shape) <= MOST_ENUMERATED:
        return _extreme(mean), True
    found = _limit(mean)
    supports: Iterable[Support] = ((tuple((one,) for one in at)) for at in np.ndindex(shape))
    if prod(2**size - 1 for size in shape) <= MOST_SUPPORTS:
        supports = _supports(shape)
    for support in supports:
        mix = on_support(mean, support)
        if mix is not None and float(_excess(mean, mix).max()) <= TINY:
            found.append(mix)
    return found, False


def _limit(mean: Floats) -> list[Mix]:
    """The equilibrium that the principal branch of quantal responses leads to, where it can be followed so far."""
    try:
        near = principal_branch(mean, (NEARLY_SURE / spans(mean)).tolist()).mix
    except UsageError:
        return []
    mix = on_support(mean, _support_of(near, 1e-3), near)
    return [] if mix is None or float(_excess(mean, mix).max()) > TINY else [mix]


def _supports(shape: Sequence[int]) -> Iterator[Support]:
    """All supports, small ones first: equilibria mostly have small ones."""
    of_each = [
        list(chain.from_iterable(combinations(range(size), count) for count in range(1, size + 1))) for size in shape
    ]
    yield from sorted(product(*of_each), key=lambda support: sum(map(len, support)))


def _extreme(mean: Floats) -> list[Mix]:
    """All extreme equilibria of a game of two actors."""
    columns = mean.shape[1]
    # Best responses do not change with the scale of payoffs; positive ones make bounded polytopes.
    scaled = (mean - mean.min(axis=(0, 1))) / spans(mean) + 1
    x, of_x = _vertices(scaled[..., 1].T)
    y, of_y = _vertices(scaled[..., 0])
    # Labels 0 to rows - 1: policy i of the first is not played, or it is a best response. The rest likewise.
    of_y = np.concatenate([of_y[:, columns:], of_y[:, :columns]], axis=1)
    complete = (of_x[:, None, :] | of_y[None, :, :]).all(axis=2)
    found: list[Mix] = []
    for i, j in zip(*np.nonzero(complete), strict=True):
        if x[i].any() and y[j].any():
            mix = (_shares(x[i]), _shares(y[j]))
            if not any(_same(mix, other) for other in found):
                found.append(mix)
    return sorted(found, key=lambda mix: sum(share > 0 for own in mix for share in own))


def _vertices(matrix: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The vertices v ≥ 0 of matrix v ≤ 1, and which inequalities are tight: first the signs, then the rows."""
    size = matrix.shape[1]
    sides = np.concatenate([-np.eye(size), matrix])
    limits = np.concatenate([np.zeros(size), np.ones(len(matrix))])
    picked = np.array(list(combinations(range(len(sides)), size)))
    systems, right = sides[picked], limits[picked]
    solvable = np.abs(np.linalg.det(systems)) > 1e-12
    points = np.linalg.solve(systems[solvable], right[solvable][..., None])[..., 0]
    slack = limits - points @ sides.T
    inside = (slack >= -TINY).all(axis=1)
    points, tight = points[inside], np.abs(slack[inside]) <= TINY
    _, first = np.unique(np.round(points, 8), axis=0, return_index=True)
    return np.where(tight[first][:, :size], 0.0, points[first]), tight[first]


def _indifference(part: Floats, shares: list[Floats]) -> tuple[Floats, Floats]:
    """What must be 0 on a support, and its derivatives: differences of values, and each sum of shares less 1."""
    starts = np.cumsum([0, *(len(own) for own in shares)])
    value, slope = np.empty(starts[-1]), np.zeros((starts[-1], starts[-1]))
    for actor, own in enumerate(shares):
        here = slice(starts[actor], starts[actor + 1])
        values = values_against(part, shares, actor)
        value[here] = [own.sum() - 1, *(values[1:] - values[0])]
        slope[starts[actor], here] = 1
        for other in range(len(shares)):
            if other != actor:
                pairs = pair_values(part, shares, actor, other)
                slope[starts[actor] + 1 : starts[actor + 1], starts[other] : starts[other + 1]] = pairs[1:] - pairs[0]
    return value, slope


def _of_gambit(mean: Floats, all_of_them: list[Mix] | None, notes: list[str], seconds: float) -> list[tuple[Mix, str]]:
    """What Gambit's solvers give: all of two actors' extreme equilibria, else those of three methods, sharpened."""
    methods = ["enummixed"] if mean.ndim == 3 else ["enumpure", "logit", "simpdiv"]
    answers = []
    for method in methods:
        for mix in ask_gambit(mean, method, seconds=seconds):
            sharp = on_support(mean, _support_of(mix, 1e-4), mix)
            answers.append((mix if sharp is None else sharp, f"Gambit's {method}"))
    if all_of_them is not None:
        beyond = sum(not any(_same(mix, own) for own in all_of_them) for mix, _ in answers)
        if beyond:
            notes.append(f"Gambit gave {many(beyond, 'profile')} that the enumeration here does not have")
    return answers


def _support_of(mix: Mix, least: float) -> Support:
    return tuple(tuple(at for at, share in enumerate(own) if share > least) for own in mix)


def _excess(mean: Floats, mix: Mix) -> Floats:
    """How much each actor gains by its best policy, relative to the span of its payoffs: (actors,)."""
    gains = []
    for actor, own in enumerate(mix):
        values = values_against(mean, mix, actor)
        gains.append(float(values.max() - values @ np.array(own)))
    return np.array(gains) / spans(mean)


def _spread_out(mix: Mix, kept: Support, shape: Sequence[int]) -> Mix:
    """A mix over the policies that were kept as one over all; it has no shares below TINY and adds up to 1."""
    whole = []
    for own, policies, size in zip(mix, kept, shape, strict=True):
        shares = np.zeros(size)
        shares[list(policies)] = own
        whole.append(_shares(shares))
    return tuple(whole)


def _shares(weights: Floats) -> tuple[float, ...]:
    shares = weights / weights.sum()
    shares[shares < TINY] = 0.0
    return tuple((shares / shares.sum()).tolist())


def _same(mix: Mix, other: Mix) -> bool:
    return all(np.allclose(own, its, rtol=0, atol=1e-6) for own, its in zip(mix, other, strict=True))
