"""Scenarios whose rates follow fading memories, each with its law written a second time in plain numpy.

A law knows what an event does to the memories and what the rates are between events; from recorded events alone it
gives the compensator, the integral of each rate from one event to the next. Nothing here uses the engine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
DAYS = 1000.0
HEAD = "standoff: 1\ntitle: memories\nstarts: 2017-01-01\nends: 2019-09-27\n"
NODES, WEIGHTS = np.polynomial.legendre.leggauss(12)
PIECES = 6


def followed(begin: Array, factor: Array, add: Array) -> Array:
    """Values from the first on, each a factor times the one before and something added: (n + 1, memories)."""
    columns = []
    for first, factors, adds in zip(begin.tolist(), factor.T.tolist(), add.T.tolist(), strict=True):
        changes = zip(factors, adds, strict=True)
        columns.append([*accumulate(changes, lambda value, by: value * by[0] + by[1], initial=first)])
    return np.array(columns).T


@dataclass(frozen=True)
class Law:
    """One scenario and its law; a type of event is a rule, or a rule with its binding as in `strike(a=blue)`.

    Memories decay between events and become `keep * memory + add` at an event: `(types, memories)`. `rates` gives
    `(…, types)` from memories `(…, memories)` and the day `(…,)`. `integrals`, where it can be written down, gives the
    integral of the rates `(n, types)` over `days` (n,) from memories (n, memories) with a decay per day (memories,).
    """

    body: str
    types: tuple[str, ...]
    half_lives: tuple[float | str, ...]
    begin: tuple[float, ...]
    add: Array
    rates: Callable[[Array, Array], Array]
    integrals: Callable[[Array, Array, Array], Array] | None = None
    kinks: tuple[tuple[int, float], ...] = ()
    keep: Array = field(default_factory=lambda: np.ones((1, 1)))

    def decay(self, drawn: Mapping[str, float]) -> Array:
        """The decay per day of each memory, in a run with these parameters."""
        days = [drawn[days] if isinstance(days, str) else days for days in self.half_lives]
        return math.log(2.0) / np.array(days)

    def memories(self, time: Array, kind: NDArray[np.int64], decay: Array) -> Array:
        """The memories at day 0 and just after each event: (events + 1, memories)."""
        factor = np.exp(-np.outer(np.diff(time, prepend=0.0), decay)) * np.broadcast_to(self.keep, self.add.shape)[kind]
        return followed(np.array(self.begin), factor, self.add[kind])

    def compensator(self, after: Array, time: Array, decay: Array, *, closed: bool = True) -> Array:
        """The integral of each rate from day 0 to the first event, and so on to the end: (events + 1, types)."""
        edges = np.concatenate([[0.0], time, [DAYS]])
        if closed and self.integrals is not None:
            return self.integrals(after, np.diff(edges), decay)
        return self.quadrature(after, edges[:-1], edges[1:], decay)

    def quadrature(self, after: Array, start: Array, end: Array, decay: Array) -> Array:
        """The same by Gauss and Legendre, between the moments at which a memory crosses a level."""
        cuts = [start, end]
        for j, level in self.kinks:
            with np.errstate(divide="ignore", invalid="ignore"):
                crossing = np.log(after[:, j] / level) / decay[j]
            cuts.append(np.clip(start + np.where(crossing > 0, crossing, 0.0), start, end))
        cut = np.sort(np.stack(cuts), axis=0)
        total = np.zeros((len(start), len(self.types)))
        for low, high in pairwise(cut):
            for piece in range(PIECES):
                width = (high - low) / PIECES
                day = (low + piece * width)[:, None] + width[:, None] * (NODES + 1) / 2
                memory = after[:, None, :] * np.exp(-(day - start[:, None])[..., None] * decay)
                total += np.einsum("n,q,nqk->nk", width / 2, WEIGHTS, self.rates(memory, day))
        return total


def faded(memory: Array, days: Array, decay: Array) -> Array:
    """The integral of a memory while it fades."""
    return memory * -np.expm1(-days * decay) / decay


def above(memory: Array, level: float, days: Array, decay: float) -> Array:
    """For how many of the days a fading memory stays above a level."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.clip(np.where(memory > level, np.log(memory / level) / decay, 0.0), 0.0, days)


def linear(constant: Array, pull: Array) -> tuple[Callable[[Array, Array], Array], Callable[..., Array]]:
    """Rates that are affine in the memories, (types,) and (types, memories), and their integrals."""
    return (
        lambda memory, day: constant + memory @ pull.T,
        lambda memory, days, decay: days[:, None] * constant + faded(memory, days[:, None], decay) @ pull.T,
    )


def one(text: str) -> Callable[[Array, Array], Array]:
    """The rate of the only type, by a formula in `m` (all memories) and `t`."""
    formulas: dict[str, Callable[[Array, Array], Array]] = {
        "hump": lambda m, t: 0.3 + 4.0 * m[..., 0] * np.exp(-m[..., 0]),
        "inhibited": lambda m, t: 3.0 / (1.0 + m[..., 0]),
        "silenced": lambda m, t: np.maximum(0.0, 2.5 - m[..., 0]),
        "capped": lambda m, t: 0.2 + np.minimum(1.2, m[..., 0]),
        "logistic": lambda m, t: 0.1 + 3.0 / (1.0 + np.exp(1.0 + m[..., 1] - 2.0 * m[..., 0])),
        "correcting": lambda m, t: 2.0 * np.exp(m[..., 0]),
        "calendar": lambda m, t: (0.5 + 0.002 * t) * (0.4 + m[..., 0]),
    }
    return lambda memory, day: formulas[text](memory, day)[..., None]


def hump(memory: Array, days: Array, decay: Array) -> Array:
    """0.3 + 4 m exp(-m): the antiderivative along the decay is -exp(-m) / decay, with its sign turned."""
    m, end = memory[:, 0], memory[:, 0] * np.exp(-days * decay[0])
    return (0.3 * days + 4.0 * (np.exp(-end) - np.exp(-m)) / decay[0])[:, None]


def inhibited(memory: Array, days: Array, decay: Array) -> Array:
    """3 / (1 + m): the share of the days that inhibition takes is log((1 + m) / (1 + m later)) / decay."""
    m, end = memory[:, 0], memory[:, 0] * np.exp(-days * decay[0])
    return (3.0 * (days - (np.log1p(m) - np.log1p(end)) / decay[0]))[:, None]


def silenced(memory: Array, days: Array, decay: Array) -> Array:
    """max(0, 2.5 - m): nothing until m falls to 2.5, then the area between."""
    m, silent = memory[:, 0], above(memory[:, 0], 2.5, days, decay[0])
    left, then = np.minimum(m, 2.5), days - silent
    return (2.5 * then - faded(left, then, decay[0]))[:, None]


def capped(memory: Array, days: Array, decay: Array) -> Array:
    """0.2 + min(1.2, m): flat until m falls to 1.2, then the area under it."""
    m, flat = memory[:, 0], above(memory[:, 0], 1.2, days, decay[0])
    return (0.2 * days + 1.2 * flat + faded(np.minimum(m, 1.2), days - flat, decay[0]))[:, None]


def guarded(memory: Array, days: Array, decay: Array) -> Array:
    """Two rules: 0.5 always; 0.4 + 0.8 m while m > 0.5."""
    m, on = memory[:, 0], above(memory[:, 0], 0.5, days, decay[0])
    return np.stack([0.5 * days, 0.4 * on + 0.8 * faded(m, on, decay[0])], axis=1)


def hawkes(base: float, jump: float, days: float, begin: float = 0.0) -> Law:
    """Self-excitation with one half-life."""
    rates, integrals = linear(np.array([base]), np.array([[1.0]]))
    body = f"""
state: {{grievance: {{half_life: {days} days}}}}
begin: {{grievance: {begin}}}
rules:
  strike: {{rate: {base} + grievance, then: [grievance += {jump}]}}
"""
    return Law(body, ("strike",), (days,), (begin,), np.array([[jump]]), rates, integrals)


SIDES = ("blue", "red", "green")
TEMPER = np.array([0.25, 0.10, 0.40])
QUICK = np.array([[0.10, 0.25, 0.00], [0.20, 0.05, 0.15], [0.00, 0.10, 0.20]])
SLOW = np.array([[0.002, 0.006, 0.000], [0.008, 0.000, 0.003], [0.004, 0.002, 0.006]])


def nested(matrix: Array) -> str:
    """A matrix over the sides as starting values."""
    rows = (", ".join(f"{b}: {float(v)}" for b, v in zip(SIDES, row, strict=True)) for row in matrix)
    return "{" + ", ".join(f"{a}: {{{row}}}" for a, row in zip(SIDES, rows, strict=True)) + "}"


def mutual() -> Law:
    """Three sides that excite one another, each with a quick and a slow memory."""
    rates, integrals = linear(TEMPER, np.hstack([QUICK, SLOW]))
    actors = ", ".join(f"{a}: {{attributes: {{temper: {t}}}}}" for a, t in zip(SIDES, TEMPER.tolist(), strict=True))
    body = f"""
actors: {{{actors}}}
state:
  quick: {{of: actor, half_life: 1 days}}
  slow: {{of: actor, half_life: 20 days}}
  quick_pull: {{of: [actor, actor]}}
  slow_pull: {{of: [actor, actor]}}
begin:
  quick_pull: {nested(QUICK)}
  slow_pull: {nested(SLOW)}
rules:
  strike:
    for: {{a: actor}}
    rate: a.temper + sum(quick_pull[a, b] * quick[b] + slow_pull[a, b] * slow[b] for b in actor)
    then: ["quick[a] += 1", "slow[a] += 1"]
"""
    types = tuple(f"strike(a={a})" for a in SIDES)
    half_lives, begin = (1.0,) * 3 + (20.0,) * 3, (0.0,) * 6
    return Law(body, types, half_lives, begin, np.hstack([np.eye(3), np.eye(3)]), rates, integrals)


TOWNS = 18


def ring() -> Law:
    """Unrest that spreads along a ring of towns: enough ground rules for several blocks of the engine's sums."""
    names = [f"town{i}" for i in range(TOWNS)]
    pull = 0.15 * np.eye(TOWNS)
    for i in range(TOWNS):
        pull[i, (i + 1) % TOWNS] = pull[i, (i - 1) % TOWNS] = 0.04
    rates, integrals = linear(np.full(TOWNS, 0.05), pull)
    routes = "\n".join(f"  - {{between: [{names[i]}, {names[i - 1]}], km: 9}}" for i in range(TOWNS))
    body = f"""
places: {{{", ".join(f"{name}: {{}}" for name in names)}}}
routes:
{routes}
state: {{unrest: {{of: place, half_life: 2 days}}}}
rules:
  riot:
    for: {{p: place}}
    rate: 0.05 + 0.15 * unrest[p] + 0.04 * sum(unrest[q] for q in road(p))
    then: ["unrest[p] += 1"]
"""
    types = tuple(f"riot(p={name})" for name in names)
    return Law(body, types, (2.0,) * TOWNS, (0.0,) * TOWNS, np.eye(TOWNS), rates, integrals)


def three_half_lives() -> Law:
    """Self-excitation that is forgotten at three speeds."""
    jumps = np.array([[0.3, 0.03, 0.004]])
    rates, integrals = linear(np.array([0.4]), np.ones((1, 3)))
    body = """
state: {quick: {half_life: 12 hours}, slow: {half_life: 6 days}, lasting: {half_life: 40 days}}
rules:
  strike: {rate: 0.4 + quick + slow + lasting, then: [quick += 0.3, slow += 0.03, lasting += 0.004]}
"""
    return Law(body, ("strike",), (0.5, 6.0, 40.0), (0.0, 0.0, 0.0), jumps, rates, integrals)


def drawn_half_life() -> Law:
    """Self-excitation whose half-life each run draws from a prior."""
    rates, integrals = linear(np.array([0.6]), np.array([[0.075]]))
    body = """
parameters: {fading: {prior: "lognormal(median=4, sigma=0.6)", at_most: 8, unit: day, evidence: assumption}}
state: {grievance: {half_life: fading}}
rules:
  strike: {rate: 0.6 + 0.075 * grievance, then: [grievance += 1]}
"""
    return Law(body, ("strike",), ("fading",), (0.0,), np.array([[1.0]]), rates, integrals)


def calmed() -> Law:
    """Tension that one rule raises and another wipes out."""
    rates, integrals = linear(np.array([0.6, 0.25]), np.array([[0.65], [0.0]]))
    body = """
state: {tension: {half_life: 1 days}}
begin: {tension: 2}
rules:
  provoke: {rate: 0.6 + 0.65 * tension, then: [tension += 1]}
  calm: {rate: 0.25, then: [tension = 0]}
"""
    add, keep = np.array([[1.0], [0.0]]), np.array([[1.0], [0.0]])
    return Law(body, ("provoke", "calm"), (1.0,), (2.0,), add, rates, integrals, keep=keep)


def single(
    name: str, rate: str, jumps: Mapping[str, tuple[float, float]],
    integrals: Callable[[Array, Array, Array], Array] | None = None, kink: float | None = None,
) -> Law:  # fmt: skip
    """One rule `act` at a written rate; `jumps` gives the half-life of each memory and what an event adds to it."""
    states = ", ".join(f"{memory}: {{half_life: {days} days}}" for memory, (days, _) in jumps.items())
    then = ", ".join(f"{memory} += {by}" if by > 0 else f"{memory} -= {-by}" for memory, (_, by) in jumps.items())
    body = f"\nstate: {{{states}}}\nrules:\n  act: {{rate: '{rate}', then: [{then}]}}\n"
    half_lives, add = tuple(days for days, _ in jumps.values()), np.array([[by for _, by in jumps.values()]])
    kinks = () if kink is None else ((0, kink),)
    return Law(body, ("act",), half_lives, (0.0,) * len(jumps), add, one(name), integrals, kinks)


def threshold() -> Law:
    """One rule feeds a memory, another is switched on while the memory is above a level."""

    def rates(memory: Array, day: Array) -> Array:
        m = memory[..., 0]
        return np.stack([np.full(m.shape, 0.5), np.where(m > 0.5, 0.4 + 0.8 * m, 0.0)], axis=-1)

    body = """
state: {alarm: {half_life: 36 hours}}
rules:
  feed: {rate: 0.5, then: [alarm += 0.7]}
  act: {when: alarm > 0.5, rate: 0.4 + 0.8 * alarm, then: []}
"""
    kinks = ((0, 0.5),)
    return Law(body, ("feed", "act"), (1.5,), (0.0,), np.array([[0.7], [0.0]]), rates, guarded, kinks)


LAWS: dict[str, Law] = {
    "self-excitation": hawkes(0.8, 0.12, 3.0),
    "self-excitation with three half-lives": three_half_lives(),
    "mutual excitation": mutual(),
    "a ring of towns": ring(),
    "a half-life drawn per run": drawn_half_life(),
    "a memory that is wiped out": calmed(),
    "a rate that rises and falls in its memory": single("hump", "0.3 + 4 * m * exp(-m)", {"m": (2.5, 0.6)}, hump),
    "a rate that rises while its memory fades": single("inhibited", "3 / (1 + m)", {"m": (4.0, 1.0)}, inhibited),
    "a rate silenced by its memory": single("silenced", "max(0, 2.5 - m)", {"m": (2.0, 1.0)}, silenced, 2.5),
    "a rate that sits at its bound": single("capped", "0.2 + min(1.2, m)", {"m": (0.6, 0.7)}, capped, 1.2),
    "a guard on a memory": threshold(),
    "two memories that pull against each other": single(
        "logistic", "0.1 + 3 * logistic(2 * m - n - 1)", {"m": (1.0, 0.4), "n": (10.0, 0.3)}
    ),
    "a memory below zero": single("correcting", "2 * exp(m)", {"m": (3.0, -0.5)}),
    "a memory and the calendar": single("calendar", "(0.5 + 0.002 * t) * (0.4 + m)", {"m": (2.0, 0.1)}),
}
