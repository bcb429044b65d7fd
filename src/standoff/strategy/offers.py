"""Alternating offers: what subgame-perfect parties agree on, by backward induction to a fixed point.

Where the talks would go on, each responder must get at least what going on is worth to it; the proposer takes the best
of what is left, which is a linear program over lotteries of terms. With one equation for the sum and one for each
responder it has a solution in as few terms: these are gone through once, so that each round is a product of matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from standoff.errors import UsageError
from standoff.strategy.payoffs import Floats
from standoff.strategy.solutions import Agreement

Numbers = NDArray[np.int64]

MOST_BASES = 60_000
"""The most ways to pick terms and binding responders that are gone through."""
ROUNDS = 3
"""How many rounds of backward induction come before each step of Newton's method."""
MOST_STEPS = 400
NEAR = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class Protocol:
    """What waiting for the next offer leaves of a party's gain, with which probability talks go on, and who is next.

    `drawn` are the probabilities to be the next proposer; None where the parties take turns.
    """

    keeps: Floats
    goes_on: float
    drawn: Floats | None


class Offering:
    """Alternating offers over known surpluses (terms, parties)."""

    def __init__(self, surplus: Floats, protocol: Protocol) -> None:
        self.surplus = surplus
        self.protocol = protocol
        self.parties = surplus.shape[1]
        better = (surplus[:, None] >= surplus[None]).all(axis=2) & (surplus[:, None] > surplus[None]).any(axis=2)
        self.kept = np.flatnonzero(~better.any(axis=0))
        self.bases = [self._bases(who) for who in range(self.parties)]

    def solve(self, outside: Floats) -> list[Agreement]:
        """The expected settlement, then that of each party's offer; `outside` (parties,) is what walking out yields.

        Raises UsageError where the values do not settle.
        """
        values = np.zeros((self.parties, self.parties))
        for _ in range(MOST_STEPS):
            for _ in range(ROUNDS):
                before, values = values, self._round(values, outside)
            scale = max(1.0, float(np.abs(self.surplus).max()))
            if np.abs(values - before).max() <= NEAR * scale:
                return self._agreements(values, outside)
            values = self._leap(values, outside)
        raise UsageError("alternating offers do not settle on values; make the days between offers longer")

    def induct(self, outside: Floats, *, rounds: int) -> Floats:
        """The values (proposer, parties) of talks that end without a deal after so many offers."""
        values = np.zeros((self.parties, self.parties))
        for _ in range(rounds):
            values = self._round(values, outside)
        return values

    def _agreements(self, values: Floats, outside: Floats) -> list[Agreement]:
        offers = [self._offer(who, values, outside, near=True) for who in range(self.parties)]
        weights = self.protocol.drawn
        if weights is None:
            # Who begins is not known: each as likely.
            weights = np.full(self.parties, 1 / self.parties)
        shares: dict[int, float] = {}
        for weight, offer in zip(weights, offers, strict=True):
            for number, share in offer.terms:
                shares[number] = shares.get(number, 0.0) + float(weight) * share
        return [Agreement(tuple(sorted(shares.items())), weights @ np.array([one.gains for one in offers])), *offers]

    def _round(self, values: Floats, outside: Floats) -> Floats:
        """One offer earlier."""
        return np.array([self._offer(who, values, outside).gains for who in range(self.parties)])

    def _offer(self, proposer: int, values: Floats, outside: Floats, *, near: bool = False) -> Agreement:
        """The best offer that nobody refuses; where the proposer does better without, there is none.

        Of offers that are equally good it is the first, or with `near` the one whose outcomes lie nearest together: a
        lottery between extremes may be worth as much as one between neighbours, and somebody loses by its outcome.
        Whoever refuses gets what going on is worth to it, or walks out if that is more; then all have walked out.
        """
        drawn = self.protocol.drawn
        after = values[(proposer + 1) % self.parties] if drawn is None else drawn @ values
        # No deal is a surplus of 0, also when talks break down.
        later = self.protocol.keeps * self.protocol.goes_on * after
        going_on = np.maximum(later, outside)
        best: tuple[float, float, tuple[tuple[int, float], ...], Floats] | None = None
        room = 1e-12 * max(1.0, float(np.abs(self.surplus).max()))
        for terms, responders, inverse in self.bases[proposer]:
            wanted = np.concatenate([np.ones((len(terms), 1)), going_on[responders]], axis=1)
            shares = np.einsum("bij,bj->bi", inverse, wanted)
            gains = np.einsum("bi,bip->bp", shares, self.surplus[terms])
            others = np.delete(gains - going_on, proposer, axis=1)
            fits = (shares >= -1e-12).all(axis=1) & (others >= -room).all(axis=1)
            if fits.any():
                own = np.where(fits, gains[:, proposer], -np.inf)
                # Values are iterated by the first of the best: this choice would make them jump by rounding.
                spread = self._spread(terms, shares, gains) if near else np.zeros(len(terms))
                at = int(np.where(own >= own.max() - room * near, -spread, -np.inf).argmax())
                gain = float(own[at])
                if best is None or gain > best[0] + room * near or (gain > best[0] - room and spread[at] < best[1]):
                    picked = tuple((int(term), float(share)) for term, share in zip(terms[at], shares[at], strict=True))
                    best = gain, float(spread[at]), picked, gains[at]
        if best is None or best[0] < going_on[proposer] - room:
            return Agreement((), outside if (outside > later).any() else later)
        return Agreement(tuple((term, share) for term, share in best[2] if share > 1e-12), best[3])

    def _spread(self, terms: Numbers, shares: Floats, gains: Floats) -> Floats:
        """The variance of each lottery's outcome, every party's in units of its own largest surplus: (lotteries,)."""
        scale = np.maximum(np.abs(self.surplus).max(axis=0), 1e-300)
        away = (self.surplus[terms] - gains[:, None]) / scale
        return np.asarray(np.einsum("bi,bip->b", shares, away**2))

    def _bases(self, proposer: int) -> list[tuple[Numbers, Numbers, Floats]]:
        """For each number of terms: which terms, which responders get just what going on is worth, and the inverse."""
        others = [who for who in range(self.parties) if who != proposer]
        bases, count = [], 0
        for size in range(1, min(self.parties, len(self.kept)) + 1):
            terms = np.array(list(combinations(self.kept.tolist(), size)))
            of_them = list(combinations(others, size - 1))
            bound = np.array(of_them, dtype=np.int64).reshape(len(of_them), size - 1)
            count += len(terms) * len(bound)
            if count > MOST_BASES:
                raise UsageError(f"{len(self.kept)} terms of {self.parties} parties are too many; declare fewer levels")
            terms, bound = np.repeat(terms, len(bound), axis=0), np.tile(bound, (len(terms), 1))
            systems = np.ones((len(terms), size, size))
            systems[:, 1:, :] = np.take_along_axis(self.surplus[terms].transpose(0, 2, 1), bound[:, :, None], axis=1)
            scale = np.maximum(np.abs(systems).max(axis=(1, 2)), 1e-300)
            solvable = np.abs(np.linalg.det(systems / scale[:, None, None])) > 1e-13
            if solvable.any():
                bases.append((terms[solvable], bound[solvable], np.linalg.inv(systems[solvable])))
        return bases

    def _leap(self, values: Floats, outside: Floats) -> Floats:
        """Where the values lead if the same offers stay the best: rounds are linear in them as long as that is so."""
        flat, size = values.ravel(), values.size
        after = self._round(values, outside).ravel()
        step = 1e-6 * max(1.0, float(np.abs(self.surplus).max()))
        slopes = np.array(
            [(self._round((flat + step * unit).reshape(values.shape), outside).ravel() - after) / step
             for unit in np.eye(size)]
        ).T  # fmt: skip
        try:
            leap = flat + np.linalg.solve(np.eye(size) - slopes, after - flat)
        except np.linalg.LinAlgError:
            return values
        return leap.reshape(values.shape) if np.isfinite(leap).all() else values
