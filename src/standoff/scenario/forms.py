"""Other explicit forms of a scenario: to test its claims, to follow its policies, to strike a deal or never."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from standoff.errors import UsageError, each_of, refuse_unknown
from standoff.scenario.expand import expand_to_bargain, expand_to_choose, expand_to_knock_out, expand_to_test
from standoff.scenario.preparing import Parts, with_settings
from standoff.scenario.resolved import Resolved
from standoff.scenario.resolving.resolve import resolve
from standoff.scenario.schema import Document
from standoff.scenario.thesis_ways import ClaimWays
from standoff.scenario.words.bargains import BargainPlan
from standoff.scenario.words.claims import ClaimPlan
from standoff.scenario.words.mechanisms import KnockOutPlan
from standoff.scenario.words.policies import PolicyPlan

if TYPE_CHECKING:
    from standoff.scenario.loading import Scenario


def _to_run(scenario: Scenario | Parts) -> Document:
    """What the author wrote; raises Faults with what `check` calls an error. Parts come from a scenario without any."""
    if not isinstance(scenario, Parts):
        scenario.refuse_errors()
    return scenario.document


@dataclass(frozen=True, slots=True)
class ClaimPlans:
    """A scenario made ready to test its claims: one explicit form for all, and how each claim is tested."""

    expanded: Document = field(repr=False)
    resolved: Resolved = field(repr=False)
    each: tuple[ClaimPlan, ...]


def claim_plans(scenario: Scenario | Parts) -> ClaimPlans:
    """What tests the claims of a scenario; raises Faults with what is wrong in it."""
    expanded, each = expand_to_test(_to_run(scenario))
    return ClaimPlans(expanded, resolve(expanded), each)


def claim_ways(scenario: Scenario, plans: ClaimPlans) -> dict[str, tuple[str, ...] | None]:
    """The rules between the cause of each claim and its effect, on a shortest way; None where there is no way.

    That of a thesis is never too short here: such a thesis is an error of the scenario, which is not run then.
    """
    return ClaimWays(scenario.document, scenario.expanded.rules, plans.resolved, plans.each).ways


@dataclass(frozen=True, slots=True)
class KnockOutPlans:
    """A scenario made ready to knock out any of its mechanisms: one explicit form for all, and how each is."""

    expanded: Document = field(repr=False)
    resolved: Resolved = field(repr=False)
    each: tuple[KnockOutPlan, ...]


def knock_out_plans(scenario: Scenario | Parts) -> KnockOutPlans:
    """What knocks out the mechanisms of a scenario; raises Faults for what is wrong in it."""
    expanded, each = expand_to_knock_out(_to_run(scenario))
    return KnockOutPlans(expanded, resolve(expanded), each)


@dataclass(frozen=True, slots=True)
class PolicyPlans:
    """A scenario made ready to follow any of its policies: one explicit form for all, and how each is followed.

    `each` has the policies of every actor that has some, `as_written` first.
    """

    expanded: Document = field(repr=False)
    resolved: Resolved = field(repr=False)
    each: dict[str, tuple[PolicyPlan, ...]]


def policy_plans(scenario: Scenario | Parts) -> PolicyPlans:
    """What follows the policies of a scenario; raises Faults with what is wrong in it."""
    expanded, plans = expand_to_choose(_to_run(scenario))
    actors = dict.fromkeys(plan.of for plan in plans)
    each = {actor: tuple(plan for plan in plans if plan.of == actor) for actor in actors}
    return PolicyPlans(expanded, resolve(expanded), each)


def check_free(plan: PolicyPlan, settings: Mapping[str, float]) -> None:
    """Raises UsageError where a policy sets what somebody has fixed: one of the two would be lost without a word."""
    fixed = next((name for name in (*plan.values, *plan.tunes) if name in settings), None)
    if fixed is not None:
        value = f"{settings[fixed]:g}"
        raise UsageError(f"the policy '{plan.name}' sets '{fixed}', which is fixed at {value}: leave one out")


def following(scenario: Scenario, policies: Sequence[str]) -> Scenario:
    """The scenario in which some actors follow policies of theirs, in plain state and rules; the others as written.

    Raises UsageError for a policy that is not there and for two policies of one actor, and Faults.
    """
    document = _to_run(scenario)
    expanded, plans = expand_to_choose(document)
    known = {plan.name: plan for plan in plans if plan.number}
    refuse_unknown(policies, known, found="there is no policy '{}'", what="policies")
    followed = [known[name] for name in policies]
    each_of(followed, lambda plan: check_free(plan, scenario.settings))
    actors = [plan.of for plan in followed]
    twice = next((actor for actor in actors if actors.count(actor) > 1), None)
    if twice is not None:
        raise UsageError(f"{' and '.join(plan.name for plan in followed if plan.of == twice)} are both of '{twice}'")
    values: dict[str, float] = dict.fromkeys((plan.switch for plan in plans), 0.0)
    for plan in followed:
        values |= {plan.switch: float(plan.number), **plan.values}
    # What no policy here sets has the prior of the author again, which may have been widened to reach what others set.
    as_written = expanded.model_copy(update={"parameters": {**expanded.parameters, **document.parameters}})
    fixed = with_settings(as_written, values)
    made = Parts(fixed, fixed, resolve(fixed))
    return replace(scenario, _made=made, key="", _kept=None, _asked=None, _is_sound=True)


@dataclass(frozen=True, slots=True)
class BargainForm:
    """A scenario made ready to strike a deal on a day, or never: its explicit form, and how it is bargained over."""

    expanded: Document = field(repr=False)
    resolved: Resolved = field(repr=False)
    plan: BargainPlan


def bargain_form(scenario: Scenario | Parts, deal: str, day: date) -> BargainForm:
    """What strikes a deal of a scenario on a day, or never; raises Faults for an unknown deal."""
    expanded, plan = expand_to_bargain(_to_run(scenario), deal, day)
    return BargainForm(expanded, resolve(expanded), plan)
