"""Logit quantal response: what happens where everybody mostly, but not always, takes what is better.

McKelvey and Palfrey 1995 (Games Econ. Behav. 10:6, doi:10.1006/game.1995.1023): p_i(a) ∝ exp(λ_i u_i(a, p_−i)), with a
precision λ for each actor, in 1 / unit of its goal. At λ = 0 all mix evenly. The *principal branch* is the path of
solutions that starts there; it is followed in the logarithms of the shares and in λ together, so that it may turn back
(Turocy 2005, Games Econ. Behav. 51:243, doi:10.1016/j.geb.2004.04.003). Which branch is meant is a convention, not a
forecast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from standoff.errors import UsageError, real_number, refuse_unknown
from standoff.strategy.payoffs import Blocks, Floats, Mix, check_mix, pair_values, values_against

STARTS = 100
"""From how many random mixes other branches are looked for."""
SAMPLES = 400
"""In how many resampled games the shares are solved for, for their intervals."""
MOST_STEPS = 20_000
PLACED = 1e-3
"""How exactly along the arc the places are known where a branch turns or is crossed."""
NEWTON = 1e-12
"""How near to 0 the equations of a solution must be."""
APART = 1e-6
"""By how much a share differs at least between two solutions."""


@dataclass(frozen=True, slots=True)
class QuantalResponses:
    """The quantal responses of an estimated game at the precision asked for.

    `precision` is that of each actor, in 1 / unit. `principal` lies on the principal branch, `low` and `high` are the
    95% intervals of its shares over resampled blocks (`failed` of them had no solution near). `others` are further
    solutions at the same precision, found from random starts: there may be more. `folds` says where the principal
    branch turned back on its way, and `bifurcations` where another branch crossed it, each as a share of `precision`:
    beyond such a point small errors of the payoffs can lead to another branch.
    """

    precision: tuple[float, ...]
    principal: Mix
    low: Mix
    high: Mix
    failed: int
    others: tuple[Mix, ...]
    folds: tuple[float, ...]
    bifurcations: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Traced:
    """The principal branch at the precision asked for, and where on its way there it turned back or was crossed."""

    mix: Mix
    folds: tuple[float, ...]
    bifurcations: tuple[float, ...]


def quantal_responses(
    blocks: Blocks, precision: float | Mapping[str, float], *, starts: int = STARTS, seed: int = 0
) -> QuantalResponses:
    """The quantal responses of the mean payoffs of some blocks.

    `precision` is λ, one for all actors or one for each by name. Raises UsageError for a precision that is missing,
    negative or not finite, where a profile was not run, and where the principal branch cannot be followed.
    """
    if not blocks.complete:
        raise UsageError("a quantal response needs the payoffs of every profile; some were not run in these blocks")
    wanted = precision_of(blocks.actors, precision)
    mean, generator = blocks.mean, np.random.default_rng(seed)
    traced = principal_branch(mean, wanted)
    others = other_branches(mean, wanted, [traced.mix], starts=starts, generator=generator)
    resampled = []
    for _ in range(SAMPLES):
        counts = np.bincount(generator.integers(0, len(blocks), len(blocks)), minlength=len(blocks))
        again = np.tensordot(counts / len(blocks), blocks.payoff, axes=1)
        solved = _Responses(again, wanted).solve(_logs(traced.mix))
        if solved is not None:
            resampled.append(np.exp(solved))
    ends = np.percentile(resampled, [2.5, 97.5], axis=0) if resampled else np.array([[0.0], [1.0]])
    sizes = [len(own) for own in traced.mix]
    low, high = (_split(np.broadcast_to(end, sum(sizes)), sizes) for end in ends)
    return QuantalResponses(
        wanted, traced.mix, low, high, SAMPLES - len(resampled), others, traced.folds, traced.bifurcations
    )


def principal_branch(mean: Floats, precision: Sequence[float]) -> Traced:
    """Follow the principal branch from even mixes to the precision (actors,) of mean payoffs (…, actors).

    Predictor and corrector along the arc: the step grows while Newton's method is quick and shrinks where it is not,
    and the direction may turn by little at a time only. Raises UsageError where the branch cannot be followed.
    """
    responses = _Responses(mean, precision)
    point = np.append(_logs(tuple((1 / size,) * size for size in mean.shape[:-1])), 0.0)
    if not any(precision):
        return Traced(responses.mix(point[:-1]), (), ())
    folds: list[float] = []
    bifurcations: list[float] = []
    direction, side = _direction(responses, point, None)
    step = 0.1
    for _ in range(MOST_STEPS):
        ahead = _corrected(responses, point + step * direction, direction)
        if ahead is not None:
            new_direction, new_side = _direction(responses, ahead, direction)
            if float(new_direction @ direction) < 0.95 or float(np.linalg.norm(ahead - point)) > 2 * step:
                ahead = None
        if ahead is None:
            step /= 2
            if step < 1e-10:
                break
            continue
        if point[-1] < 1 <= ahead[-1]:
            share = (1 - point[-1]) / (ahead[-1] - point[-1])
            solved = responses.solve(point[:-1] + share * (ahead[:-1] - point[:-1]))
            if solved is not None:
                return Traced(responses.mix(solved), tuple(folds), tuple(bifurcations))
            step /= 2
            continue
        turned, crossed = new_direction[-1] * direction[-1] < 0, new_side * side < 0
        if (turned or crossed) and step > PLACED:
            step /= 2
            continue
        if turned:
            folds.append(float(ahead[-1]))
        elif crossed:
            bifurcations.append(float(ahead[-1]))
        point, direction, side = ahead, new_direction, new_side
        step *= 1.3
    raise UsageError(
        f"the principal branch could not be followed beyond {point[-1]:.3g} of the precision; ask for a lower one"
    )


def other_branches(
    mean: Floats, precision: Sequence[float], known: Sequence[Mix], *, starts: int, generator: np.random.Generator
) -> tuple[Mix, ...]:
    """Solutions at the precision that are not among the known ones: from each pure profile and from random mixes."""
    responses = _Responses(mean, precision)
    shape = mean.shape[:-1]
    first: list[Floats] = []
    for at in list(np.ndindex(shape))[:STARTS]:
        pure = [np.eye(size)[policy] for size, policy in zip(shape, at, strict=True)]
        first.append(responses.answers_to(pure))
    first += [
        np.log(np.concatenate([np.maximum(generator.dirichlet(np.ones(size)), 1e-12) for size in shape]))
        for _ in range(starts)
    ]
    found = list(known)
    for start in first:
        solved = responses.solve(start)
        if solved is not None:
            mix = responses.mix(solved)
            if all(_distance(mix, other) > APART for other in found):
                found.append(mix)
    return tuple(sorted(found[len(known) :]))


class _Responses:
    """The equations of quantal response in the logarithms of the shares, y, and the part of the precision, t."""

    def __init__(self, mean: Floats, precision: Sequence[float]) -> None:
        # λ_i u_i: all that the equations know of payoffs and precision.
        self.payoff = mean * np.asarray(precision, dtype=np.float64)
        self.sizes = list(mean.shape[:-1])
        self.starts = np.cumsum([0, *self.sizes])

    def mix(self, logs: Floats) -> Mix:
        """The shares of a solution."""
        shares = [np.exp(own) for own in np.split(logs, self.starts[1:-1])]
        return check_mix([own / own.sum() for own in shares], self.sizes)

    def answers_to(self, mix: Sequence[Floats]) -> Floats:
        """The logarithms of everybody's response to a mix."""
        logs = []
        for actor in range(len(self.sizes)):
            values = values_against(self.payoff, mix, actor)
            above = values - values.max()
            logs.append(above - np.log(np.exp(above).sum()))
        return np.concatenate(logs)

    def equations(self, point: Floats) -> tuple[Floats, Floats]:
        """What must be 0 at (y, t), and its derivatives, of shape (shares, shares + 1)."""
        logs, part = point[:-1], float(point[-1])
        # Newton's steps may leave what exp can hold; such a step is then refused for its residual.
        mix = [np.exp(np.minimum(own, 50.0)) for own in np.split(logs, self.starts[1:-1])]
        count = len(logs)
        value, slope = np.empty(count), np.zeros((count, count + 1))
        for actor, own in enumerate(mix):
            begin, end = self.starts[actor], self.starts[actor + 1]
            values = values_against(self.payoff, mix, actor)
            apart = values[1:] - values[0]
            value[begin] = own.sum() - 1
            slope[begin, begin:end] = own
            value[begin + 1 : end] = logs[begin + 1 : end] - logs[begin] - part * apart
            slope[begin + 1 : end, begin] = -1
            slope[begin + 1 : end, begin + 1 : end] += np.eye(end - begin - 1)
            slope[begin + 1 : end, -1] = -apart
            for other, its in enumerate(mix):
                if other != actor:
                    pairs = pair_values(self.payoff, mix, actor, other) * its
                    slope[begin + 1 : end, self.starts[other] : self.starts[other + 1]] = -part * (pairs[1:] - pairs[0])
        return value, slope

    def solve(self, logs: Floats) -> Floats | None:
        """A solution at t = 1 by Newton's method from these logarithms, None where it does not converge."""
        for _ in range(60):
            value, slope = self.equations(np.append(logs, 1.0))
            try:
                step = np.linalg.solve(slope[:, :-1], value)
            except np.linalg.LinAlgError:
                return None
            longest = float(np.abs(step).max())
            if not np.isfinite(longest):
                return None
            logs = logs - step * min(1.0, 3.0 / max(longest, 1e-300))
            if longest < NEWTON * max(1.0, float(np.abs(logs).max())):
                return logs
        return None


def _corrected(responses: _Responses, point: Floats, direction: Floats) -> Floats | None:
    """The point of the branch that lies across the direction, by Newton's method; None where it is not near."""
    began = point
    for _ in range(8):
        value, slope = responses.equations(point)
        system = np.vstack([slope, direction])
        try:
            step = np.linalg.solve(system, np.append(value, float((point - began) @ direction)))
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(step).all():
            return None
        point = point - step
        if np.abs(step).max() < NEWTON * max(1.0, float(np.abs(point).max())):
            return point
    return None


def _direction(responses: _Responses, point: Floats, before: Floats | None) -> tuple[Floats, float]:
    """The unit vector along the branch, onwards, and the side on which it passes: it changes where branches cross."""
    _, slope = responses.equations(point)
    direction = np.linalg.svd(slope)[2][-1]
    if (direction[-1] if before is None else float(direction @ before)) < 0:
        direction = -direction
    return direction, float(np.linalg.slogdet(np.vstack([slope, direction]))[0])


def precision_of(actors: Sequence[str], precision: float | Mapping[str, float]) -> tuple[float, ...]:
    """The precision of each actor, one for all or by name; raises UsageError for one missing, unknown or negative."""
    by_name = precision if isinstance(precision, Mapping) else dict.fromkeys(actors, precision)
    refuse_unknown(by_name, actors, found="there is a precision for '{}'", what="actors of this game")
    if len(by_name) < len(actors):
        raise UsageError(f"give a precision for each of {', '.join(actors)}, by name")
    wanted = tuple(real_number(by_name[actor], "a precision") for actor in actors)
    if not all(0 <= own < float("inf") for own in wanted):
        raise UsageError(f"a precision is a number from 0 up, in 1 / unit of the goal, not {wanted}")
    return wanted


def _logs(mix: Mix) -> Floats:
    return np.asarray(np.log(np.maximum(np.concatenate([np.array(own) for own in mix]), 1e-300)))


def _split(shares: NDArray[np.float64], sizes: Sequence[int]) -> Mix:
    return tuple(tuple(own.tolist()) for own in np.split(shares, np.cumsum(sizes)[:-1]))


def _distance(mix: Mix, other: Mix) -> float:
    return max(float(np.abs(np.array(own) - its).max()) for own, its in zip(mix, other, strict=True))
