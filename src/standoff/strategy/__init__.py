"""Strategy: what follows where actors choose among policies: regret, equilibria, levers, bargains and their errors.

Most of it works on arrays of payoffs and knows no scenario; each statistic is one over blocks of runs. `runs` makes
these blocks for a scenario, and `solve_game` and its like put both together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.strategy.equilibria import Equilibria, find_equilibria, stability_of
    from standoff.strategy.game import Equilibrium, GainByLeaving, SolvedGame, solve_game
    from standoff.strategy.payoffs import Blocks, Luck, MeanPayoff, Mix, mean_payoffs, profiles_needed
    from standoff.strategy.qre import QuantalResponses, quantal_responses
    from standoff.strategy.reduction import Dropped
    from standoff.strategy.regret import Candidate, Gain, Regret, Verdict, judge, looks, regret_of, settle

__all__ = [
    "Blocks",
    "Candidate",
    "Dropped",
    "Equilibria",
    "Equilibrium",
    "Gain",
    "GainByLeaving",
    "Luck",
    "MeanPayoff",
    "Mix",
    "QuantalResponses",
    "Regret",
    "SolvedGame",
    "Verdict",
    "find_equilibria",
    "judge",
    "looks",
    "mean_payoffs",
    "profiles_needed",
    "quantal_responses",
    "regret_of",
    "settle",
    "solve_game",
    "stability_of",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "equilibria": ("Equilibria", "find_equilibria", "stability_of"),
            "game": ("Equilibrium", "GainByLeaving", "SolvedGame", "solve_game"),
            "payoffs": ("Blocks", "MeanPayoff", "Mix", "Luck", "mean_payoffs", "profiles_needed"),
            "qre": ("QuantalResponses", "quantal_responses"),
            "reduction": ("Dropped",),
            "regret": ("Candidate", "Gain", "Regret", "Verdict", "judge", "looks", "regret_of", "settle"),
        },
    )
