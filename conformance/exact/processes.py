"""The exact answers of each scenario of conformance/exact, one function a scenario."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from conformance.exact.laws import (
    Affine,
    Answer,
    Chain,
    Law,
    chance_of,
    half_life,
    part,
    poisson,
    poisson_weights,
    probability,
    value,
)

FELLER = "Feller, An Introduction to Probability Theory and Its Applications, vol. 1, 3rd ed. (1968)"


def immigration_death() -> Law:
    """Arrivals at 1.5 a day, each leaves at 0.1 a day, 4 at the start."""
    answers: list[Answer] = []
    for t in (5.0, 15.0, 30.0):
        stay = math.exp(-0.1 * t)
        answers.append(value("present", t, 4 * stay + 15 * (1 - stay), 4 * stay * (1 - stay) + 15 * (1 - stay)))
    return Law(
        "Immigration and death",
        "N(t) = Binomial(n, s) + Poisson(lambda/mu (1 - s)), s = exp(-mu t), lambda = 1.5, mu = 0.1, n = 4.",
        f"{FELLER}, chapter XVII",
        answers,
    )


def linear_birth_death() -> Law:
    """Three members, each recruits at 0.10 and is lost at 0.15 a day."""
    birth, death, n = 0.10, 0.15, 3

    def extinct(t: float) -> float:
        e = math.exp((birth - death) * t)
        return float((death * (e - 1) / (birth * e - death)) ** n)

    answers: list[Answer] = []
    for t in (10.0, 30.0):
        e = math.exp((birth - death) * t)
        answers.append(value("members", t, n * e, n * (birth + death) / (birth - death) * e * (e - 1)))
    answers.append(probability("gone-by-the-10th", extinct(10)))
    answers.append(probability("gone-by-the-30th", extinct(30)))
    answers.append(probability("gone-at-the-end", extinct(30)))
    return Law(
        "Linear birth and death",
        "E = n e, Var = n (b + d)/(b - d) e (e - 1), P(0) = (d (e - 1)/(b e - d))^n, e = exp((b - d) t), b = 0.10, "
        "d = 0.15, n = 3.",
        "Kendall, On the generalized birth-and-death process, Annals of Mathematical Statistics 19 (1948)",
        answers,
    )


def telegraph() -> Law:
    """Two stances; alarms are counted."""
    on, off = 0.08, 0.2
    process = Affine((0.0, 0.0), (0.0, 0.0), ((on, (-on, 0.0), (1.0, 1.0)), (0.0, (off, 0.0), (-1.0, 0.0))))
    answers: list[Answer] = []
    for t in (2.0, 10.0, 30.0):
        p = on / (on + off) * (1 - math.exp(-(on + off) * t))
        mean, covariance = process.moments(t)
        answers.append(value("on_alert", t, p, p * (1 - p)))
        answers.append(value("alarms", t, mean[1], covariance[1, 1]))
    return Law(
        "Telegraph process",
        "P(alert at t) = k/(k + m) (1 - exp(-(k + m) t)), k = 0.08, m = 0.2; the moments of the number of alarms solve "
        "the linear equations of a process with affine rates.",
        f"{FELLER}, chapter XVII; Dynkin's formula for the count",
        answers,
    )


def stag_hunt() -> Law:
    """Two hunters choose anew at 1 a day each, by logit 1: both at the stag 4 each, alone at it 0, at the hare 3."""

    def moves(both: str) -> list[tuple[str, float]]:
        found = []
        for one, other in ((0, 1), (1, 0)):
            stag = 4.0 if both[other] == "S" else 0.0
            to_stag = 1 / (1 + math.exp(3.0 - stag))
            for hunts, rate in (("S", to_stag), ("H", 1 - to_stag)):
                found.append((hunts + both[1] if one == 0 else both[0] + hunts, rate))
        return [(there, rate) for there, rate in found if there != both]

    chain = Chain.explore("SS", moves)
    mean, variance = chain.moments(lambda both: float(both.count("S")), 15)
    # Until the north first hunts the hare, the south alone moves.
    leaves = {other: 1 / (1 + math.exp((4.0 if other == "S" else 0.0) - 3.0)) for other in "SH"}
    south = {("S", "H"): leaves["S"], ("H", "S"): 1 - leaves["S"]}
    until = Chain(south | {(other, "gone"): rate for other, rate in leaves.items()})
    return Law(
        "A potential game in which both sides revise by logit",
        "Each turns to the stag at 1/(1 + exp(3 - u)), u = 4 if the other hunts it, else 0; the distribution by the "
        "generator. In the long run it is Gibbs's: 3 for two hares, 1 for two stags, 0 else, in the exponent.",
        "Blume, The statistical mechanics of strategic interaction, Games and Economic Behavior 5 (1993) 387-424",
        [
            probability("both-hunt-the-stag", chain.distribution(31)[chain.states.index("SS")]),
            probability("both-hunt-the-hare", chain.distribution(31)[chain.states.index("HH")]),
            probability("north-for-a-hare", until.distribution(3)[until.states.index("gone")]),
            value("stags", 15, mean, variance),
        ],
        chain,
    )


def gamblers_ladder() -> Law:
    """Seven rungs, from the third: up at 0.6, down at 0.5 a day."""
    up, down, begin, top = 0.6, 0.5, 3, 7
    chain = Chain.explore(begin, lambda i: [(i + 1, up), (i - 1, down)] if 0 < i < top else [])
    ratio = down / up
    mean, variance = chain.until(lambda state: state in {"0", "7"})
    return Law(
        "Gambler's ruin in continuous time",
        "P(top before foot) = (1 - r^i)/(1 - r^n), r = down/up, i = 3, n = 7; mean duration (n P(top) - i)/(up - "
        "down); its variance and P(top by a day) from the generator.",
        f"{FELLER}, chapter XIV, sections 2 and 3",
        [
            probability("war", (1 - ratio**begin) / (1 - ratio**top)),
            probability("war-by-the-20th", chain.moments(lambda state: float(state == "7"), 20)[0]),
            {"question": "settled", "mean": mean, "variance": variance},
        ],
        chain,
    )


def hawkes() -> Law:
    """Base rate 0.3, each strike adds 0.12 to the rate, half forgotten in 4 days."""
    process = Affine((0.0, 0.0), (half_life(4), 0.0), ((0.3, (1.0, 0.0), (0.12, 1.0)),))
    answers: list[Answer] = []
    for t in (20.0, 60.0):
        mean, covariance = process.moments(t)
        answers.append(value("strikes", t, mean[1], covariance[1, 1]))
        answers.append(value("grievance", t, mean[0], covariance[0, 0]))
    return Law(
        "Hawkes process with exponential memory",
        "E N(t) = m (b t/k - a (1 - exp(-k t))/k^2), k = b - a, m = 0.3, a = 0.12, b = log(2)/4; the variances solve "
        "the linear equations of the second moments of (memory, count).",
        "Hawkes, Biometrika 58 (1971) 83-90; Dassios and Zhao, Electronic Communications in Probability 18 (2013) 62",
        answers,
    )


def mutual_hawkes() -> Law:
    """Blue's base rate 0.4, red's 0.1; each strike adds 0.1 to the other's rate, half forgotten in 5 days."""
    b = half_life(5)
    process = Affine(  # state: what blue remembers, what red remembers, blue's strikes, red's strikes
        (0.0, 0.0, 0.0, 0.0),
        (b, b, 0.0, 0.0),
        ((0.4, (1.0, 0.0, 0.0, 0.0), (0.0, 0.1, 1.0, 0.0)), (0.1, (0.0, 1.0, 0.0, 0.0), (0.1, 0.0, 0.0, 1.0))),
    )
    answers: list[Answer] = []
    for t in (15.0, 30.0):
        mean, covariance = process.moments(t)
        for i, watch in ((2, "strikes[blue]"), (3, "strikes[red]"), (1, "grievance_of_red")):
            answers.append(value(watch, t, mean[i], covariance[i, i]))
    return Law(
        "Two Hawkes processes that excite each other",
        "First and second moments of (memories, counts) solve linear equations.",
        "Hawkes, Biometrika 58 (1971) 83-90; Dynkin's formula",
        answers,
    )


def two_sided_deterrence() -> Law:
    """Three rungs each; war at 0.5 a day when both stand on the highest."""

    def moves(state: tuple[int, int, int]) -> Iterator[tuple[tuple[int, int, int], float]]:
        blue, red, war = state
        if war:
            return
        if blue < 2:
            yield (blue + 1, red, 0), 0.05 * (1 + red)
        if red < 2:
            yield (blue, red + 1, 0), 0.08 * (1 + blue)
        if blue > 0:
            yield (blue - 1, red, 0), 0.15
        if red > 0:
            yield (blue, red - 1, 0), 0.15
        if blue == red == 2:
            yield (2, 2, 1), 0.5

    chain = Chain.explore((0, 0, 0), moves)
    answers: list[Answer] = []
    for t in (30.0, 90.0):
        answers.append(value("at_war", t, *chain.moments(part(2), t)))
        answers.append(value("rungs", t, *chain.moments(lambda state: part(0)(state) + part(1)(state), t)))
    answers.append(probability("war-by-june", chain.moments(part(2), 30)[0]))
    answers.append(probability("war-by-august", chain.moments(part(2), 90)[0]))
    answers.append(probability("both-ready-by-june", chance_of(chain, 30, lambda state: state.startswith("2,2"))))
    return Law(
        "First passage of two mutually deterring sides",
        "Distribution of the chain `blue's rung, red's rung, war` whose rates are given below.",
        "Norris, Markov Chains (1997), chapters 2 and 3",
        answers,
        chain,
    )


def lanchester() -> Law:
    """Five blue against six red, aimed fire."""

    def moves(state: tuple[int, int]) -> Iterator[tuple[tuple[int, int], float]]:
        blue, red = state
        if blue and red:
            yield (blue - 1, red), 0.06 * red
            yield (blue, red - 1), 0.09 * blue

    chain = Chain.explore((5, 6), moves)
    answers: list[Answer] = []
    for t in (3.0, 9.0, 30.0):
        answers.append(value("force[blue]", t, *chain.moments(part(0), t)))
        answers.append(value("force[red]", t, *chain.moments(part(1), t)))
    answers.append(probability("blue-gone-by-the-9th", chain.moments(lambda s: float(part(0)(s) == 0), 9)[0]))
    answers.append(probability("red-gone", chain.moments(lambda s: float(part(1)(s) == 0), 30)[0]))
    return Law(
        "Lanchester's square law as a Markov chain",
        "Distribution of the chain `blue, red` whose rates are given below.",
        "Lanchester, Aircraft in Warfare (1916); Kingman, Journal of Applied Probability 39 (2002) 455-465",
        answers,
        chain,
    )


def contagion() -> Law:
    """One of eight posts mutinous; spread at 0.05 per pair, put down at 0.2 each."""

    def moves(state: tuple[int, int]) -> Iterator[tuple[tuple[int, int], float]]:
        loyal, mutinous = state
        yield (loyal - 1, mutinous + 1), 0.05 * loyal * mutinous
        yield (loyal, mutinous - 1), 0.2 * mutinous

    chain = Chain.explore((7, 1), moves)
    answers: list[Answer] = []
    for t in (10.0, 20.0, 210.0):
        if t < 210:
            answers.append(value("mutinous", t, *chain.moments(part(1), t)))
        answers.append(value("broken", t, *chain.moments(lambda s: 8 - part(0)(s) - part(1)(s), t)))
    mean, variance = chain.until(lambda state: part(1)(state) == 0)
    answers.append({"question": "over", "mean": mean, "variance": variance})
    return Law(
        "Stochastic epidemic (SIR) in a closed group",
        "Distribution of the chain `loyal, mutinous` whose rates are given below; 210 days in, the final size.",
        "Bailey, The Mathematical Theory of Infectious Diseases, 2nd ed. (1975), chapter 6",
        answers,
        chain,
    )


def moving_rates() -> Law:
    """Inhomogeneous Poisson counts under rates that follow time or a fading memory."""
    b = half_life(6)
    answers: list[Answer] = []
    for t in (10.0, 30.0):
        answers.append(poisson("rising", t, 0.01 * t * t))
        answers.append(poisson("falling", t, 20 * (1 - math.exp(-0.1 * t))))
        answers.append(poisson("recovering", t, 0.8 / b * (math.log(3 + math.exp(b * t)) - math.log(4))))
        answers.append(poisson("fading", t, 0.9 / b * (1 - math.exp(-b * t))))
        answers.append(poisson("windows", t, 0.7 * min(max(t - 10, 0), 5)))
        answers.append(value("restraint", t, 3 * math.exp(-b * t), 0))
    return Law(
        "Inhomogeneous Poisson processes",
        "Each count is Poisson with mean the integral of its rate: 0.01 t^2; 20 (1 - exp(-t/10)); "
        "0.8/b (log(3 + exp(b t)) - log 4); 0.9/b (1 - exp(-b t)); 0.7 times the days of the window; b = log(2)/6.",
        "Lewis and Shedler, Naval Research Logistics Quarterly 26 (1979) 403-413",
        answers,
    )


def shot_noise() -> Law:
    """Jumps of 1 at 0.9 a day, half forgotten in 4 days."""
    b = half_life(4)
    return Law(
        "Shot noise",
        "E = r/b (1 - exp(-b t)), Var = r/(2 b) (1 - exp(-2 b t)), r = 0.9, b = log(2)/4 (Campbell's theorem).",
        "Campbell, Proceedings of the Cambridge Philosophical Society 15 (1909) 117-136",
        [
            value("anger", t, 0.9 / b * (1 - math.exp(-b * t)), 0.45 / b * (1 - math.exp(-2 * b * t)))
            for t in (6.0, 12.0, 30.0)
        ],
    )


def timed() -> Law:
    """A camp emptied on day 10 if it holds eight or more; a truce that may come between days 5 and 16."""
    k, p = np.arange(200), poisson_weights(8.0)
    left = np.where(k >= 8, 0, k)
    mean = float(p @ left)
    spread = float(p @ (left - mean) ** 2)
    answers: list[Answer] = []
    for t in (12.0, 24.0, 30.0):
        answers.append(value("camp", t, mean + 0.8 * (t - 10), spread + 0.8 * (t - 10)))
        answers.append(shelling(t))
        come = 0.6 * (min(t, 16) - 5) / 11
        answers.append(value("truce", t, come, come * (1 - come)))
    return Law(
        "Arrivals with a dated clearance and an uncertain truce",
        "camp = Poisson(8) set to 0 from 8 on, plus Poisson(0.8 (t - 10)); shells are mixed Poisson with mean "
        "t/2 + min(T, t)/2, T uniform on (5, 16) with probability 0.6 and never otherwise.",
        "Law of total variance",
        answers,
    )


def shelling(t: float) -> Answer:
    """Mean and variance of the shells fired by day t of the truce scenario."""
    end = min(t, 16.0)  # below, the first two moments of min(T, t)
    first = (end**2 - 25) / 22 + t * (16 - end) / 11
    second = (end**3 - 125) / 33 + t * t * (16 - end) / 11
    mean = 0.4 * t + 0.6 * (t / 2 + first / 2)
    square = 0.4 * t * t + 0.6 * (t * t / 4 + t * first / 2 + second / 4)
    return value("shells", t, mean, mean + square - mean * mean)


def red_line() -> Law:
    """Crossings at 0.3 a day, seen with 0.8; from the second on, an answer with 0.6, after 4 days on average."""

    def moves(state: tuple[int, int, int]) -> Iterator[tuple[tuple[int, int, int], float]]:
        breaches, awaited, answered = state
        if answered:
            return
        if breaches < 2:
            decides = 0.6 if breaches == 1 else 0.0
            yield (breaches + 1, awaited, 0), 0.3 * 0.8 * (1 - decides)
            yield (breaches + 1, awaited + 1, 0), 0.3 * 0.8 * decides
        elif awaited < 15:
            yield (breaches, awaited + 1, 0), 0.3 * 0.8 * 0.6
        yield (0, 0, 1), awaited / 4

    chain = Chain.explore((0, 0, 0), moves)
    early, late = (chain.moments(part(2), t)[0] for t in (10.0, 30.0))
    return Law(
        "A red line with a threshold, a chance of answering and a delay",
        "Distribution of the chain `seen breaches up to 2, awaited answers, answered` whose rates are given below, cut "
        "off at 15 awaited answers, which has a probability below 1e-15.",
        "Norris, Markov Chains (1997), chapters 2 and 3",
        [
            value("answered", 10.0, *chain.moments(part(2), 10)),
            probability("answered-by-the-10th", early),
            probability("answered-by-the-30th", late),
        ],
        chain,
    )


def remembered() -> Law:
    """Crossings at 0.1 a day, of which the second within 5 days is answered; a count of 5 days, and four clocks."""
    rate, window, days = 0.1, 5.0, 30.0
    apart = math.exp(-rate * days) + sum(
        math.exp(-rate * days) * rate**n * max(0.0, days - (n - 1) * window) ** n / math.factorial(n)
        for n in range(1, 8)
    )
    answers: list[Answer] = [
        probability("answered", 1.0 - apart),
        {"question": "dry", "mean": 10.0, "variance": 100.0 / 12.0},
        probability("run-out", 1.0 - math.exp(-2.0) * (math.exp(0.6) - math.exp(0.2)) / 0.4),
        # The third patrol comes between day 9 and 11.5, the sixth between day 18 and 20.5.
        value("patrols", 10.0, 2.4, 0.24),
        value("patrols", 20.0, 5.8, 0.16),
    ]
    answers += [poisson("passed", t, 0.3 * min(t, window)) for t in (5.0, 10.0, 25.0)]
    return Law(
        "What is remembered, and what comes after a time",
        "No two of n uniform points on [0, T] lie within w with probability ((T - (n - 1) w)/T)^n; the points of the "
        "last w days are Poisson; a stock U(10, 30) at -2 a day is gone at U(5, 15); a time Exp(0.2) + U(1, 3) is "
        "below x with probability 1 - exp(-0.2 x) (exp(0.6) - exp(0.2))/0.4.",
        "David and Nagaraja, Order Statistics, 3rd ed. (2003), 6.4; Kingman, Poisson Processes (1993), chapter 2",
        answers,
    )


def draws() -> Law:
    """Ten convoys on average, each with luck of every kind."""
    squares = {
        "poissons": (3.5, 3.5 + 3.5**2),
        "binomials": (1.8, 1.26 + 1.8**2),
        "exponentials": (2.0, 8.0),
        "uniforms": (2.5, 7.0),
        "chances": (0.35, 0.35),
        "dead": (0.2, 0.2),
        "wounded": (0.5, 0.5),
        "unhurt": (0.3, 0.3),
        "gifts[blue]": (0.25, 0.25),
        "gifts[red]": (0.75, 0.75),
        "gifts[green]": (0.0, 0.0),
    }
    return Law(
        "Compound Poisson sums",
        "A sum over Poisson(10) convoys has mean 10 E X and variance 10 E X^2, X the draw of one convoy.",
        f"{FELLER}, chapter XII",
        [value(watch, 20.0, 10 * mean, 10 * square) for watch, (mean, square) in squares.items()],
    )


def trigger() -> Law:
    """Violations at 0.7 a day; each fifth is answered at once."""

    def over(days: float, of: Callable[[int], float]) -> tuple[float, float]:
        p, v = poisson_weights(0.7 * days), np.array([of(k) for k in range(200)])
        mean = float(p @ v)
        return mean, float(p @ (v - mean) ** 2)

    answers: list[Answer] = []
    for t in (10.0, 30.0):
        answers.append(value("violations", t, *over(t, lambda k: k % 5)))
        answers.append(value("answers", t, *over(t, lambda k: k // 5)))
    answers.append(probability("answered-by-the-7th", over(7, lambda k: float(k >= 5))[0]))
    answers.append(probability("counted-twice", over(15, lambda k: float(k >= 10))[0]))
    return Law(
        "A trigger that thins a Poisson process",
        "With N(t) = Poisson(0.7 t): violations = N mod 5, answers = N div 5.",
        f"{FELLER}, chapter VI",
        answers,
    )


def priors() -> Law:
    """Counts over ten days of a rate drawn from each kind of prior."""
    means_and_variances = {
        "gamma_count": (0.8, 0.8**2 / 2.5),
        "uniform_count": (0.8, 1.2**2 / 12),
        "loguniform_count": (1.9 / math.log(20), 3.99 / (2 * math.log(20)) - (1.9 / math.log(20)) ** 2),
        "lognormal_count": (0.5 * math.exp(0.18), 0.25 * (math.exp(0.72) - math.exp(0.36))),
        "triangular_count": (2 / 3, (0.01 + 0.16 + 2.25 - 0.04 - 0.15 - 0.6) / 18),
        "beta_count": (2 / 7, 10 / (49 * 8)),
        "exponential_count": (0.7, 0.49),
        "choice_count": (1.0, 0.5 * 0.04 + 0.3 + 0.2 * 9 - 1),
    }
    answers = [value(watch, 10.0, 10 * m, 10 * m + 100 * v) for watch, (m, v) in means_and_variances.items()]
    return Law(
        "Mixed Poisson counts",
        "A count over t days at a rate with mean m and variance v has mean t m and variance t m + t^2 v.",
        "Law of total variance; the moments of each prior as in Johnson, Kotz and Balakrishnan, Continuous Univariate "
        "Distributions, 2nd ed. (1994-95)",
        [*answers, value("normal_value", 10.0, 2.0, 0.0625)],
    )


def flow() -> Law:
    """A stock of 35 at -2 a day for ten days, then at 2 a day up to 35; a reservoir that fills while a pump runs."""

    def lost(t: float) -> float:
        first, then, full = min(t, 10.0), min(max(t - 10.0, 0.0), 10.0), max(t - 20.0, 0.0)
        return 0.05 * (35 * first - first**2 + 15 * then + then**2 + 35 * full)

    answers: list[Answer] = [
        {"question": "low", "mean": 7.5, "variance": 0.0},
        {"question": "full", "mean": 20.0, "variance": 0.0},
        probability("quiet", math.exp(-lost(7.0))),
    ]
    for t, stock in ((5.0, 25.0), (10.0, 15.0), (15.0, 25.0), (25.0, 35.0)):
        answers.append(value("stock", t, stock, 0.0))
        answers.append(poisson("losses", t, lost(t)))
    for t in (10.0, 25.0):
        answers.append(value("reservoir", t, *_pumped(t)))
    return Law(
        "Piecewise linear stocks",
        "Losses are Poisson with mean 0.05 times the integral of the stock; the reservoir holds the time that the pump "
        "has run, E = int p, E2 = 2 int int p(s) (q + (1 - q) exp(-r (u - s))), p(s) = q (1 - exp(-r s)), q = 0.6, "
        "r = 0.5.",
        "Kingman, Poisson Processes (1993), chapter 2; Cox, Renewal Theory (1962), chapter 7",
        answers,
    )


def _pumped(t: float) -> tuple[float, float]:
    """Mean and variance of how long the pump has run by a day, by Gauss-Legendre quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(40)

    def runs(s: NDArray[np.float64]) -> NDArray[np.float64]:
        return 0.6 * (1 - np.exp(-0.5 * s))

    u, by = t * (nodes + 1) / 2, t * weights / 2
    mean = float(by @ runs(u))
    s = u[:, None] * (nodes + 1) / 2
    both = runs(s) * (0.6 + 0.4 * np.exp(-0.5 * (u[:, None] - s)))
    return mean, float(2 * by @ (both @ weights * u / 2)) - mean**2


LAWS: dict[str, Callable[[], Law]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        immigration_death,
        linear_birth_death,
        telegraph,
        stag_hunt,
        gamblers_ladder,
        hawkes,
        mutual_hawkes,
        two_sided_deterrence,
        lanchester,
        contagion,
        moving_rates,
        shot_noise,
        timed,
        flow,
        red_line,
        remembered,
        draws,
        trigger,
        priors,
    )
}
