"""Strategy: what follows where actors choose among policies: regret, equilibria, levers, bargains and their errors.

Everything here works on arrays of payoffs and knows no scenario; each statistic is one over blocks of runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.strategy.payoffs import Blocks, Luck, MeanPayoff, Mix, mean_payoffs, profiles_needed
    from standoff.strategy.regret import Candidate, Gain, Regret, Verdict, judge, looks, regret_of, settle

__all__ = [
    "Blocks",
    "Candidate",
    "Gain",
    "Luck",
    "MeanPayoff",
    "Mix",
    "Regret",
    "Verdict",
    "judge",
    "looks",
    "mean_payoffs",
    "profiles_needed",
    "regret_of",
    "settle",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "payoffs": ("Blocks", "MeanPayoff", "Mix", "Luck", "mean_payoffs", "profiles_needed"),
            "regret": ("Candidate", "Gain", "Regret", "Verdict", "judge", "looks", "regret_of", "settle"),
        },
    )
