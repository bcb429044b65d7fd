"""Strategy: what follows where actors choose among policies: regret, equilibria, levers, bargains and their errors.

Everything here works on arrays of payoffs and knows no scenario; each statistic is one over blocks of runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.strategy.equilibria import Equilibria, find_equilibria, stability_of
    from standoff.strategy.payoffs import Blocks, Luck, MeanPayoff, Mix, mean_payoffs, profiles_needed
    from standoff.strategy.qre import QuantalResponses, quantal_responses
    from standoff.strategy.reduction import Dropped
    from standoff.strategy.regret import Candidate, Gain, Regret, Verdict, judge, looks, regret_of, settle

__all__ = [
    "Blocks",
    "Candidate",
    "Dropped",
    "Equilibria",
    "Gain",
    "Luck",
    "MeanPayoff",
    "Mix",
    "QuantalResponses",
    "Regret",
    "Verdict",
    "find_equilibria",
    "judge",
    "looks",
    "mean_payoffs",
    "profiles_needed",
    "quantal_responses",
    "regret_of",
    "settle",
    "stability_of",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "equilibria": ("Equilibria", "find_equilibria", "stability_of"),
            "payoffs": ("Blocks", "MeanPayoff", "Mix", "Luck", "mean_payoffs", "profiles_needed"),
            "qre": ("QuantalResponses", "quantal_responses"),
            "reduction": ("Dropped",),
            "regret": ("Candidate", "Gain", "Regret", "Verdict", "judge", "looks", "regret_of", "settle"),
        },
    )
