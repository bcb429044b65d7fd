"""Answers: what an ensemble says to the questions and deals of its scenario, and how well it knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.analysis.answers.deep import deep_check
    from standoff.analysis.answers.gains import (
        DealGains,
        Deals,
        Gain,
        PartyGains,
        Portion,
        WrittenDeal,
        deals,
        gains_by,
        written_deals,
    )
    from standoff.analysis.answers.horizons import horizon, is_spelled_out
    from standoff.analysis.answers.probability import (
        Z_95,
        Interval,
        check_reach,
        median_interval,
        newcombe,
        student,
        wilson,
    )
    from standoff.analysis.answers.questions import answer
    from standoff.analysis.answers.statements import frequency, statement
    from standoff.analysis.answers.stopping import Widest, run_until
    from standoff.analysis.answers.words import WORDS, meant_by, spans, word

__all__ = [
    "WORDS",
    "Z_95",
    "DealGains",
    "Deals",
    "Gain",
    "Interval",
    "PartyGains",
    "Portion",
    "Widest",
    "WrittenDeal",
    "answer",
    "check_reach",
    "deals",
    "deep_check",
    "frequency",
    "gains_by",
    "horizon",
    "is_spelled_out",
    "meant_by",
    "median_interval",
    "newcombe",
    "run_until",
    "spans",
    "statement",
    "student",
    "wilson",
    "word",
    "written_deals",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "deep": ("deep_check",),
            "gains": (
                "DealGains",
                "Deals",
                "Gain",
                "PartyGains",
                "Portion",
                "WrittenDeal",
                "deals",
                "gains_by",
                "written_deals",
            ),
            "horizons": ("horizon", "is_spelled_out"),
            "probability": ("Z_95", "Interval", "check_reach", "median_interval", "newcombe", "student", "wilson"),
            "questions": ("answer",),
            "statements": ("frequency", "statement"),
            "stopping": ("Widest", "run_until"),
            "words": ("WORDS", "meant_by", "spans", "word"),
        },
    )
