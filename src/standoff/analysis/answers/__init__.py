"""Answers: what an ensemble says to the questions and deals of its scenario, and how well it knows it."""

from standoff.analysis.answers.gains import DealGains, Deals, Gain, PartyGains, Portion, deals
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
from standoff.analysis.answers.stopping import Widest, run_until
from standoff.analysis.answers.words import WORDS, spans, word

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
    "answer",
    "check_reach",
    "deals",
    "median_interval",
    "newcombe",
    "run_until",
    "spans",
    "student",
    "wilson",
    "word",
]
