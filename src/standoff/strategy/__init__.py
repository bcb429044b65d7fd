"""Strategy: what follows where actors choose among policies: regret, equilibria, levers, bargains and their errors.

Most of it works on arrays of payoffs and knows no scenario; each statistic is one over blocks of runs. `runs` makes
these blocks for a scenario, and `solve_game` and its like put both together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.strategy.bargaining import (
        Offers,
        Settlement,
        Share,
        Surplus,
        Terms,
        ZoneOfAgreement,
        alternating_offers,
        settlement,
        zone_of_agreement,
    )
    from standoff.strategy.conduct import check_environment
    from standoff.strategy.environment import make_environment
    from standoff.strategy.equilibria import Equilibria, find_equilibria, stability_of
    from standoff.strategy.game import Equilibrium, GainByLeaving, SolvedGame, solve_game
    from standoff.strategy.levers import Best, Estimate, LeverValue, Trials, WeighedLevers, weigh_levers
    from standoff.strategy.payoffs import Blocks, Luck, MeanPayoff, Mix, mean_payoffs, profiles_needed
    from standoff.strategy.qre import QuantalResponses, quantal_responses
    from standoff.strategy.reduction import Dropped
    from standoff.strategy.regret import Candidate, Gain, Regret, Verdict, judge, looks, regret_of, settle

__all__ = [
    "Best",
    "Blocks",
    "Candidate",
    "Dropped",
    "Equilibria",
    "Equilibrium",
    "Estimate",
    "Gain",
    "GainByLeaving",
    "LeverValue",
    "Luck",
    "MeanPayoff",
    "Mix",
    "Offers",
    "QuantalResponses",
    "Regret",
    "Settlement",
    "Share",
    "SolvedGame",
    "Surplus",
    "Terms",
    "Trials",
    "Verdict",
    "WeighedLevers",
    "ZoneOfAgreement",
    "alternating_offers",
    "check_environment",
    "find_equilibria",
    "judge",
    "looks",
    "make_environment",
    "mean_payoffs",
    "profiles_needed",
    "quantal_responses",
    "regret_of",
    "settle",
    "settlement",
    "solve_game",
    "stability_of",
    "weigh_levers",
    "zone_of_agreement",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "bargaining": (
                "Offers",
                "Settlement",
                "Share",
                "Surplus",
                "Terms",
                "ZoneOfAgreement",
                "alternating_offers",
                "settlement",
                "zone_of_agreement",
            ),
            "conduct": ("check_environment",),
            "environment": ("make_environment",),
            "equilibria": ("Equilibria", "find_equilibria", "stability_of"),
            "game": ("Equilibrium", "GainByLeaving", "SolvedGame", "solve_game"),
            "levers": ("Best", "Estimate", "LeverValue", "Trials", "WeighedLevers", "weigh_levers"),
            "payoffs": ("Blocks", "Luck", "MeanPayoff", "Mix", "mean_payoffs", "profiles_needed"),
            "qre": ("QuantalResponses", "quantal_responses"),
            "reduction": ("Dropped",),
            "regret": ("Candidate", "Gain", "Regret", "Verdict", "judge", "looks", "regret_of", "settle"),
        },
    )
