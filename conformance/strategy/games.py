"""What is known of each game of conformance/strategy: payoffs and equilibria, by formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

Profile = tuple[str, str]
Shares = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Game:
    """A game of two actors: what it is, mean payoffs by profile, and its equilibria as shares of policies."""

    law: str
    source: str
    payoffs: dict[Profile, tuple[float, float]]
    equilibria: tuple[Shares, ...]


def deterrence() -> Game:
    """Red probes within 100 days at 0.05 a day, or holds; Blue stands ready for 0.5, or is lax."""
    a = 1 - math.exp(-5)
    ready, probes = 3 / 8, 0.5 / (3 * a)
    return Game(
        "a = 1 - exp(-5); Red is indifferent where -5 q + 3 (1 - q) = 0, Blue where -p a - 0.5 = -4 p a.",
        "An inspection game: Avenhaus, von Stengel and Zamir, Inspection games, Handbook of Game Theory 3 (2002)",
        {
            ("as_written", "as_written"): (3 * a, -4 * a),
            ("as_written", "ready"): (-5 * a, -a - 0.5),
            ("hold", "as_written"): (0.0, 0.0),
            ("hold", "ready"): (0.0, -0.5),
        },
        (
            {
                "red": {"as_written": probes, "hold": 1 - probes},
                "blue": {"as_written": 1 - ready, "ready": ready},
            },
        ),
    )


def hawk_dove() -> Game:
    """A prize of 2, and a cost of 6 for the one who loses a fight."""
    mixed = {"as_written": 2 / 3}
    return Game(
        "Two hawks get (V - C)/2, a hawk against a dove V, two doves V/2; the mixed equilibrium is a hawk with V/C.",
        "Maynard Smith and Price, The logic of animal conflict, Nature 246 (1973) 15-18, doi:10.1038/246015a0",
        {
            ("as_written", "as_written"): (1.0, 1.0),
            ("as_written", "south_hawk"): (0.0, 2.0),
            ("north_hawk", "as_written"): (2.0, 0.0),
            ("north_hawk", "south_hawk"): (-2.0, -2.0),
        },
        (
            {"north": {"as_written": 1.0}, "south": {"south_hawk": 1.0}},
            {"north": {"north_hawk": 1.0}, "south": {"as_written": 1.0}},
            {"north": {**mixed, "north_hawk": 1 / 3}, "south": {**mixed, "south_hawk": 1 / 3}},
        ),
    )


def prisoners_dilemma() -> Game:
    """Each helps five times on average, which costs it 1 and gives the other 3."""
    return Game(
        "Helping at 0.1 a day for 50 days, 5 times on average: both 10, a traitor 15, who is betrayed -5, neither 0.",
        "Tucker, A two-person dilemma (1950)",
        {
            ("as_written", "as_written"): (10.0, 10.0),
            ("as_written", "south_defects"): (-5.0, 15.0),
            ("north_defects", "as_written"): (15.0, -5.0),
            ("north_defects", "south_defects"): (0.0, 0.0),
        },
        ({"north": {"north_defects": 1.0}, "south": {"south_defects": 1.0}},),
    )


def matching_pennies() -> Game:
    """Caught at 0.1 a day within 50 days where both chose the same place."""
    caught = 1 - math.exp(-5)
    same, apart = (1 - 2 * caught, 2 * caught - 1), (1.0, -1.0)
    return Game(
        "Caught with 1 - exp(-5) in the same place, never in two; what one gains the other loses.",
        "von Neumann, Zur Theorie der Gesellschaftsspiele, Mathematische Annalen 100 (1928) 295-320",
        {
            ("as_written", "as_written"): same,
            ("as_written", "to_the_east"): apart,
            ("to_the_wood", "as_written"): apart,
            ("to_the_wood", "to_the_east"): same,
        },
        ({"red": {"as_written": 0.5, "to_the_wood": 0.5}, "blue": {"as_written": 0.5, "to_the_east": 0.5}},),
    )


def battle_of_the_sexes() -> Game:
    """They meet at 0.1 a day within 50 days where both go to one city."""
    a = 1 - math.exp(-5)
    return Game(
        "a = 1 - exp(-5); in Oslo 2a and a, in Rome a and 2a, apart nothing; mixed, each goes to its own with 2/3.",
        "Luce and Raiffa, Games and Decisions (1957), chapter 5",
        {
            ("as_written", "as_written"): (2 * a, a),
            ("as_written", "south_to_rome"): (0.0, 0.0),
            ("north_to_rome", "as_written"): (0.0, 0.0),
            ("north_to_rome", "south_to_rome"): (a, 2 * a),
        },
        (
            {"north": {"as_written": 1.0}, "south": {"as_written": 1.0}},
            {"north": {"north_to_rome": 1.0}, "south": {"south_to_rome": 1.0}},
            {
                "north": {"as_written": 2 / 3, "north_to_rome": 1 / 3},
                "south": {"as_written": 1 / 3, "south_to_rome": 2 / 3},
            },
        ),
    )


@dataclass(frozen=True)
class Levers:
    """Choices of one actor in worlds that it does not choose, and what each criterion says of them."""

    law: str
    source: str
    actor: str
    payoffs: dict[str, dict[str, float]]

    @property
    def mean(self) -> dict[str, float]:
        """Over the worlds, which count alike."""
        return {choice: sum(row.values()) / len(row) for choice, row in self.payoffs.items()}

    @property
    def worst(self) -> dict[str, float]:
        """In the world that is worst for it."""
        return {choice: min(row.values()) for choice, row in self.payoffs.items()}

    @property
    def regret(self) -> dict[str, float]:
        """How far it falls short of the best choice, where it falls short most."""
        worlds = next(iter(self.payoffs.values()))
        best = {world: max(row[world] for row in self.payoffs.values()) for world in worlds}
        return {choice: max(best[world] - row[world] for world in worlds) for choice, row in self.payoffs.items()}


def three_levers() -> Levers:
    """Each of three criteria names another lever."""
    worlds = ("as_written", "mild", "wet", "hard")
    rows = {"as_written": (3, 5, 4, 4), "second_thing": (4, 7, 6, 0), "third_thing": (4, 2, 10, 4)}
    return Levers(
        "The payoffs are what is written; luck has mean 0 and variance 1.",
        "Savage, The theory of statistical decision, Journal of the American Statistical Association 46 (1951) 55-67",
        "us",
        {choice: dict(zip(worlds, map(float, row), strict=True)) for choice, row in rows.items()},
    )


LEVERS: dict[str, Callable[[], Levers]] = {"three-levers": three_levers}
"""The levers by the names of their files."""

@dataclass(frozen=True)
class Contest:
    """A game whose policies are numbers: the equilibrium, and the best answers to some efforts of the other."""

    law: str
    source: str
    equilibrium: dict[str, float]
    answers: dict[float, float]


def race() -> Contest:
    """Whoever fires first wins 1; a rate of x costs x."""
    return Contest(
        "North wins with x/(x + y) and pays x: the best answer to y is sqrt(y) - y, and 1/4 answers itself.",
        "Tullock, Efficient rent seeking, in Toward a Theory of the Rent-Seeking Society (1980)",
        {"north_effort": 0.25, "south_effort": 0.25},
        {y: math.sqrt(y) - y for y in (0.05, 0.16, 0.25)},
    )


CONTESTS: dict[str, Callable[[], Contest]] = {"race": race}
"""The contests by the names of their files."""

GAMES: dict[str, Callable[[], Game]] = {
    "deterrence": deterrence,
    "hawk-dove": hawk_dove,
    "prisoners-dilemma": prisoners_dilemma,
    "matching-pennies": matching_pennies,
    "battle-of-the-sexes": battle_of_the_sexes,
}
"""The games by the names of their files."""
