"""From what an author writes to the explicit form: every word becomes plain state and plain rules."""

from __future__ import annotations

from datetime import date

from standoff.errors import Fault, Faults
from standoff.scenario.schema import Document
from standoff.scenario.words.bargains import BargainPlan, expand_bargain
from standoff.scenario.words.claims import ClaimPlan, expand_claims, let_follow
from standoff.scenario.words.corridors import expand_corridors
from standoff.scenario.words.deals import expand_deals
from standoff.scenario.words.decisions import expand_decisions
from standoff.scenario.words.expansion import Expansion
from standoff.scenario.words.flows import expand_flows
from standoff.scenario.words.goals import expand_goals
from standoff.scenario.words.injects import expand_injects
from standoff.scenario.words.mechanisms import KnockOutPlan, expand_knock_outs, numbered, without_options
from standoff.scenario.words.orders import expand_orders
from standoff.scenario.words.policies import PolicyPlan, expand_acts, expand_switches
from standoff.scenario.words.questions import expand_questions
from standoff.scenario.words.records import check_record
from standoff.scenario.words.red_lines import cross, expand_red_lines
from standoff.scenario.words.seats import expand_seats
from standoff.scenario.words.stances import expand_stances
from standoff.scenario.words.ties import expand_ties
from standoff.scenario.words.times import expand_times
from standoff.scenario.words.zones import expand_zones


def expand(document: Document) -> Document:
    """The document that says the same in entities, state, parameters, rules and explicit questions only.

    It expands to itself. Raises Faults for names that the words need and that are not there.
    """
    expanded, faults = expand_what_can_be(document)
    if faults:
        raise Faults(faults)
    return expanded


def expand_what_can_be(document: Document) -> tuple[Document, tuple[Fault, ...]]:
    """The expanded document without the parts that have faults, and these faults, so that all can be told at once."""
    expansion = _written(document)
    expand_questions(expansion)
    expand_goals(expansion)
    return expansion.finished(), tuple(expansion.faults)


def expand_to_test(document: Document) -> tuple[Document, tuple[ClaimPlan, ...]]:
    """The expanded document with a switch and a question for each of its claims, and how each is tested.

    Raises Faults for names in claims that are not there.
    """
    expansion = Expansion(document)
    let_follow(expansion)
    _write_out(expansion)
    expand_acts(expansion)
    plans = expand_claims(expansion)
    expand_questions(expansion)
    expand_goals(expansion)
    if expansion.faults:
        raise Faults(tuple(expansion.faults))
    return expansion.finished(), plans


def expand_to_choose(document: Document) -> tuple[Document, tuple[PolicyPlan, ...]]:
    """The expanded document with a switch for each actor that has policies, and how each policy is followed.

    Raises Faults for what is wrong in policies.
    """
    expansion = Expansion(document)
    plans = expand_switches(expansion)
    _write_out(expansion)
    expand_acts(expansion)
    expand_questions(expansion)
    expand_goals(expansion)
    if expansion.faults:
        raise Faults(tuple(expansion.faults))
    return expansion.finished(), plans


def expand_to_knock_out(document: Document) -> tuple[Document, tuple[KnockOutPlan, ...]]:
    """The expanded document with a switch that knocks out any of its mechanisms, and how each is knocked out.

    Raises Faults for what is wrong in mechanisms.
    """
    numbers = numbered(document)
    expansion = _written(without_options(document, numbers))
    plans = expand_knock_outs(expansion, numbers)
    expand_questions(expansion)
    expand_goals(expansion)
    if expansion.faults:
        raise Faults(tuple(expansion.faults))
    return expansion.finished(), plans


def expand_to_bargain(document: Document, deal: str, day: date) -> tuple[Document, BargainPlan]:
    """The expanded document with a switch by which a deal is struck on a day, or never, and how it is bargained over.

    Raises Faults for an unknown deal.
    """
    expansion = _written(document)
    plan = expand_bargain(expansion, deal, day)
    expand_questions(expansion)
    expand_goals(expansion)
    if expansion.faults or plan is None:
        raise Faults(tuple(expansion.faults))
    return expansion.finished(), plan


def _written(document: Document) -> Expansion:
    """All words but questions written out: whatever can be asked about is there."""
    expansion = Expansion(document)
    _write_out(expansion)
    return expansion


def _write_out(expansion: Expansion) -> None:
    expand_zones(expansion)
    expand_flows(expansion)
    expand_red_lines(expansion)
    expand_ties(expansion)
    expand_corridors(expansion)
    expand_stances(expansion)
    expand_deals(expansion)
    expand_decisions(expansion)
    expand_orders(expansion)
    expand_injects(expansion)
    expand_times(expansion)
    # Any rule can cross a red line, also one that another word has made; and all of them can be asked about.
    cross(expansion)
    expand_seats(expansion)
    check_record(expansion)
