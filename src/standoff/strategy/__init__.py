"""Strategy: what follows where actors choose among policies: regret, equilibria, levers, bargains and their errors.

Most of it works on arrays of payoffs and knows no scenario; each statistic is one over blocks of runs. `runs` makes
these blocks for a scenario, and `solve_game` and its like put both together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.strategy.bargain import SolvedBargain, solve_bargain
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
    from standoff.strategy.deciders import ActorShare, Decided, DecidedQuestion, PolicyMean, Swing, sense_deciders
    from standoff.strategy.deciding import Decider, Lookahead, OutsideDecisions, Question, Reply, decide
    from standoff.strategy.environment import make_environment
    from standoff.strategy.equilibria import Equilibria, find_equilibria, stability_of
    from standoff.strategy.external import External
    from standoff.strategy.game import Equilibrium, GainByLeaving, QuantalResponse, SolvedGame, solve_game
    from standoff.strategy.growth import GrownGame, Response, grow_game
    from standoff.strategy.lever_choice import Choice, SolvedLevers, solve_levers
    from standoff.strategy.levers import Best, Estimate, LeverValue, Trials, WeighedLevers, weigh_levers
    from standoff.strategy.payoffs import Blocks, Luck, MeanPayoff, Mix, mean_payoffs, profiles_needed
    from standoff.strategy.qre import QuantalResponses, quantal_responses
    from standoff.strategy.reduction import Dropped
    from standoff.strategy.regret import Candidate, Gain, Regret, Verdict, judge, looks, regret_of, settle
    from standoff.strategy.seat_alone import SingleSeat

__all__ = [
    "ActorShare",
    "Best",
    "Blocks",
    "Candidate",
    "Choice",
    "Decided",
    "DecidedQuestion",
    "Decider",
    "Dropped",
    "Equilibria",
    "Equilibrium",
    "Estimate",
    "External",
    "Gain",
    "GainByLeaving",
    "GrownGame",
    "LeverValue",
    "Lookahead",
    "Luck",
    "MeanPayoff",
    "Mix",
    "Offers",
    "OutsideDecisions",
    "PolicyMean",
    "QuantalResponse",
    "QuantalResponses",
    "Question",
    "Regret",
    "Reply",
    "Response",
    "Settlement",
    "Share",
    "SingleSeat",
    "SolvedBargain",
    "SolvedGame",
    "SolvedLevers",
    "Surplus",
    "Swing",
    "Terms",
    "Trials",
    "Verdict",
    "WeighedLevers",
    "ZoneOfAgreement",
    "alternating_offers",
    "check_environment",
    "decide",
    "find_equilibria",
    "grow_game",
    "judge",
    "looks",
    "make_environment",
    "mean_payoffs",
    "profiles_needed",
    "quantal_responses",
    "regret_of",
    "sense_deciders",
    "settle",
    "settlement",
    "solve_bargain",
    "solve_game",
    "solve_levers",
    "stability_of",
    "weigh_levers",
    "zone_of_agreement",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "bargain": ("SolvedBargain", "solve_bargain"),
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
            "deciders": ("ActorShare", "Decided", "DecidedQuestion", "PolicyMean", "Swing", "sense_deciders"),
            "deciding": ("Decider", "Lookahead", "OutsideDecisions", "Question", "Reply", "decide"),
            "environment": ("make_environment",),
            "equilibria": ("Equilibria", "find_equilibria", "stability_of"),
            "external": ("External",),
            "game": ("Equilibrium", "GainByLeaving", "QuantalResponse", "SolvedGame", "solve_game"),
            "growth": ("GrownGame", "Response", "grow_game"),
            "lever_choice": ("Choice", "SolvedLevers", "solve_levers"),
            "levers": ("Best", "Estimate", "LeverValue", "Trials", "WeighedLevers", "weigh_levers"),
            "payoffs": ("Blocks", "Luck", "MeanPayoff", "Mix", "mean_payoffs", "profiles_needed"),
            "qre": ("QuantalResponses", "quantal_responses"),
            "reduction": ("Dropped",),
            "regret": ("Candidate", "Gain", "Regret", "Verdict", "judge", "looks", "regret_of", "settle"),
            "seat_alone": ("SingleSeat",),
        },
    )
