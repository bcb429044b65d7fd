"""Bargains: whether there is anything to agree on, what bargaining solutions single out, and what offers lead to.

Every party has a payoff from each of the declared terms and from no deal, in blocks that share their luck; its
*surplus* is the difference, in the unit of its own goal. Solutions compare no two parties' surpluses as such: those of
Nash and of alternating offers do not change with anybody's unit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp
from typing import Literal

import numpy as np

from standoff.analysis.answers import check_reach
from standoff.errors import UsageError, real_number
from standoff.strategy.bounds import simultaneous
from standoff.strategy.offers import Offering, Protocol
from standoff.strategy.payoffs import ROUNDING, Floats
from standoff.strategy.solutions import Agreement, agreed

SAMPLES = 400
"""How many samples of the blocks the errors of a solution rest on."""

Zone = Literal["exists", "does not exist", "not distinguishable"]
Solution = Literal["nash", "kalai-smorodinsky", "egalitarian"]


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """Payoffs of p parties in n blocks: `deal` (n, terms, p), `none` (n, p), and `outside` (n, p) for who walks out.

    Each party's payoffs are on its own scale. Without `outside`, walking out yields what no deal does. Raises
    UsageError for other shapes, and for payoffs that are not finite.
    """

    parties: tuple[str, ...]
    terms: tuple[str, ...]
    deal: Floats
    none: Floats
    outside: Floats | None = None

    def __post_init__(self) -> None:
        deal, none = np.array(self.deal, dtype=np.float64), np.array(self.none, dtype=np.float64)
        outside = None if self.outside is None else np.array(self.outside, dtype=np.float64)
        wanted = (len(deal), len(self.parties))
        if deal.ndim != 3 or deal.shape != (len(deal), len(self.terms), len(self.parties)) or not deal.size:
            raise UsageError("the payoffs of a deal must have the shape (blocks, terms, parties), with one at least")
        if len(self.parties) < 2 or len(set(self.parties)) != len(self.parties):
            raise UsageError("a bargain needs two parties at least, with different names")
        if none.shape != wanted or (outside is not None and outside.shape != wanted):
            raise UsageError(f"payoffs without a deal must have the shape (blocks, parties), here {wanted}")
        for name, values in (("deal", deal), ("none", none), ("outside", outside)):
            if values is not None:
                if not np.isfinite(values).all():
                    raise UsageError("a payoff is not a finite number")
                check_reach(values.ravel())
                values.setflags(write=False)
                object.__setattr__(self, name, values)

    @property
    def surplus(self) -> Floats:
        """What each party gains by each of the terms, block by block: (blocks, terms, parties)."""
        return self.deal - self.none[:, None]

    @property
    def walking_out(self) -> Floats:
        """What each party gains by walking out instead of no deal, block by block: (blocks, parties)."""
        return np.zeros_like(self.none) if self.outside is None else self.outside - self.none


@dataclass(frozen=True, slots=True)
class Surplus:
    """What a party gains by terms on average; the bounds of all of them hold together at the stated error."""

    terms: str
    party: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ZoneOfAgreement:
    """Whether there are terms by which every party gains.

    *exists*: by `acceptable` all gain, beyond the error. *does not exist*: of all terms somebody loses, beyond it.
    """

    standing: Zone
    acceptable: tuple[str, ...]
    surpluses: tuple[Surplus, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """What a party gets above no deal, with the 95% interval over resampled blocks."""

    party: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a solution singles out: terms, or a lottery over terms, and what each party gains by it.

    `terms` have their probabilities; it is empty where no terms are good for all, and then nobody gains anything.
    `agreed` is in what share of the resampled blocks there is an agreement at all.
    """

    solution: str
    terms: tuple[tuple[str, float], ...]
    shares: tuple[Share, ...]
    agreed: float


@dataclass(frozen=True, slots=True)
class Offers:
    """What alternating offers lead to: the expected settlement, and one for each party that makes the first offer.

    `binding` names the parties whose outside option changes what is agreed.
    """

    expected: Settlement
    by_proposer: tuple[Settlement, ...]
    binding: tuple[str, ...]


def zone_of_agreement(terms: Terms, *, error: float = 0.05) -> ZoneOfAgreement:
    """Whether there is a zone of agreement, with each of the two answers wrong with probability `error` at most."""
    surplus = terms.surplus
    flat = surplus.reshape(len(surplus), -1)
    span = np.tile(np.ptp(np.concatenate([terms.deal, terms.none[:, None]], axis=1), axis=(0, 1)), len(terms.terms))
    moved = (np.abs(flat - np.median(flat, axis=0)) > ROUNDING * np.maximum(span, 1e-300)).sum(axis=0)
    known = simultaneous(flat, error=error, moved=moved, span=span)
    shape = surplus.shape[1:]
    low, high = known.low.reshape(shape), known.high.reshape(shape)
    sure = (low > 0).all(axis=1)
    standing: Zone = "exists" if sure.any() else "not distinguishable"
    if (high < 0).any(axis=1).all():
        standing = "does not exist"
    rows = tuple(
        Surplus(name, party, float(known.mean.reshape(shape)[at, who]), float(low[at, who]), float(high[at, who]))
        for at, name in enumerate(terms.terms)
        for who, party in enumerate(terms.parties)
    )
    return ZoneOfAgreement(standing, tuple(np.array(terms.terms)[sure].tolist()), rows)


def settlement(
    terms: Terms,
    solution: Solution,
    *,
    weights: Sequence[float] | None = None,
    lotteries: bool = False,
    samples: int = SAMPLES,
    seed: int = 0,
) -> Settlement:
    """The settlement by a bargaining solution over the mean surpluses.

    *nash*: the largest product of surpluses, each to the power of its party's weight (Nash 1950, Econometrica 18:155,
    doi:10.2307/1907266; weights in proportion to 1 / r are those of patient parties, Binmore, Rubinstein and Wolinsky
    1986, RAND J. Econ. 17:176, doi:10.2307/2555382). *kalai-smorodinsky*: the largest equal part of what each could
    get at best (1975, Econometrica 43:513, doi:10.2307/1914280). *egalitarian*: the largest smallest surplus, which
    compares units and so has a meaning only where the goals have one. Of two parties, `lotteries` between terms may be
    agreed too. Raises UsageError for weights that are none, and for lotteries of more parties.
    """
    wanted = _weights(weights, len(terms.parties))
    if lotteries and len(terms.parties) != 2:
        raise UsageError("lotteries between terms are worked out for two parties; leave them out")

    def solve(surplus: Floats, _: Floats) -> list[Agreement]:
        return [agreed(surplus, solution, wanted, lotteries=lotteries)]

    (only,) = _with_errors(terms, solve, [solution], samples, seed)
    return only


def alternating_offers(
    terms: Terms,
    *,
    rates: Sequence[float],
    days: float,
    hazard: float = 0.0,
    weights: Sequence[float] | None = None,
    samples: int = SAMPLES,
    seed: int = 0,
) -> Offers:
    """What parties agree on that make offers in turn, `days` apart, with lotteries between terms allowed.

    Party i loses value at `rates[i]` per day while they talk, and the talks end without a deal at `hazard` per day. A
    party may answer an offer by walking out, for its outside option; it binds only where it is worth more than going
    on (Binmore, Shaked and Sutton 1989, Q. J. Econ. 104:753, doi:10.2307/2937866). All must agree. Without `weights`
    the parties propose in turn, else each offer is made by a party that is drawn by weight. The subgame-perfect values
    are those that backward induction tends to (Rubinstein 1982, Econometrica 50:97, doi:10.2307/1912531). Raises
    UsageError for rates, days or a hazard that are no numbers from 0 up, and where nothing is lost by waiting.
    """
    parties = len(terms.parties)
    drawn = None if weights is None else _weights(weights, parties)
    numbers = [real_number(one, "each of rates, days and hazard") for one in (*rates, days, hazard)]
    if len(rates) != parties or not all(0 <= number < float("inf") for number in numbers):
        raise UsageError("rates (one for each party), days and hazard must be numbers from 0 up")
    if days == 0 or min(rates) + hazard == 0:
        raise UsageError("somebody loses nothing by waiting: give days, and rates or a hazard, above 0")
    keeps = np.array([exp(-rate * days) for rate in rates])
    protocol = Protocol(keeps, exp(-hazard * days), drawn)

    def solve(surplus: Floats, outside: Floats) -> list[Agreement]:
        return Offering(surplus, protocol).solve(outside)

    labels = ["alternating offers", *(f"first offer by {party}" for party in terms.parties)]
    found = _with_errors(terms, solve, labels, samples, seed)
    mean, outside = terms.surplus.mean(axis=0), terms.walking_out.mean(axis=0)
    offering = Offering(mean, protocol)
    gains, rounding = offering.solve(outside)[0].gains, ROUNDING * float(np.abs(mean).max())
    binding = []
    for who, party in enumerate(terms.parties):
        never = np.where(np.arange(parties) == who, -np.inf, outside)
        if np.abs(offering.solve(never)[0].gains - gains).max() > rounding:
            binding.append(party)
    return Offers(found[0], tuple(found[1:]), tuple(binding))


def _with_errors(
    terms: Terms, solve: Callable[[Floats, Floats], list[Agreement]], labels: list[str], samples: int, seed: int
) -> list[Settlement]:
    """Solve the mean surpluses, and those of resampled blocks: what moves together in a block stays together."""
    surplus, outside = terms.surplus, terms.walking_out
    point = solve(surplus.mean(axis=0), outside.mean(axis=0))
    generator = np.random.default_rng(seed)
    again = []
    for _ in range(samples):
        counts = np.bincount(generator.integers(0, len(surplus), len(surplus)), minlength=len(surplus)) / len(surplus)
        again.append(solve(np.tensordot(counts, surplus, axes=1), np.tensordot(counts, outside, axes=1)))
    settlements = []
    for at, (label, found) in enumerate(zip(labels, point, strict=True)):
        gains = np.array([sample[at].gains for sample in again]) if again else found.gains[None]
        low, high = np.percentile(gains, [2.5, 97.5], axis=0)
        shares = tuple(
            Share(party, float(found.gains[who]), float(low[who]), float(high[who]))
            for who, party in enumerate(terms.parties)
        )
        named = tuple((terms.terms[number], share) for number, share in found.terms)
        reached = float(np.mean([bool(sample[at].terms) for sample in again])) if again else float(bool(named))
        settlements.append(Settlement(label, named, shares, reached))
    return settlements


def _weights(weights: Sequence[float] | None, parties: int) -> Floats:
    wanted = np.ones(parties) if weights is None else np.array(weights, dtype=np.float64)
    if wanted.shape != (parties,) or not np.isfinite(wanted).all() or not (wanted > 0).all():
        raise UsageError(f"give a weight above 0 for each of the {parties} parties")
    return np.asarray(wanted / wanted.sum())
