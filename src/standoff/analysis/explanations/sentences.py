"""The findings in sentences that use the scenario's names and cite its rules and their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from standoff.analysis.explanations.findings import Mark
from standoff.analysis.explanations.links import CONTINUATIONS, Cause, Link
from standoff.analysis.explanations.names import Names
from standoff.analysis.explanations.story import Tested
from standoff.analysis.explanations.target import Target
from standoff.analysis.explanations.trail import Trail
from standoff.numerals import alike, figure, many, percent

MOST_LINKS = 3
"""How many effects of one event are put into its sentence."""


def story_sentences(
    names: Names, target: Target, tested: Tested, causes: Sequence[Cause], trail: Trail, among: str
) -> tuple[list[str], list[str]]:
    """The causal story of one run, and of each cause its sentence in it, empty where it has none.

    `among` says among which runs the run has its number.
    """
    seen = tested.history
    said, other = ("yes", "no") if seen.yes else ("no", "yes")
    when = f" from {names.spoken(seen.settled)} on" if target.stays and seen.yes else ""
    opening = (
        f"In run {seen.run} {among} the answer is {said}{when}. Of its {many(tested.events, 'event')} until then "
        f"{tested.tested:,} could reach the answer and were removed one at a time, with all other random numbers kept; "
        f"{_necessary(len(tested.necessary))}"
    )
    found = [opening if when else opening.replace("until then ", "up to the date of the question ")]
    writer = _Writer(names, causes, said, other, None if trail.settling is None else trail.settling.at)
    on_trail = {step.at for step in trail.steps}
    sure = [one.weight.low > 0 or one.weight.high < 0 for one in causes]
    weighty = [one.event.at in on_trail or clear for one, clear in zip(causes, sure, strict=True)]
    told = [clear for one, clear in zip(causes, sure, strict=True) if one.event.undoes]
    if len(told) < len(tested.necessary):
        found.append(chosen_sentence(len(told), sum(told)))
    own = [writer.cause(cause) if tell else "" for cause, tell in zip(causes, weighty, strict=True)]
    found += filter(None, own)
    found += writer.light([cause for cause, tell in zip(causes, weighty, strict=True) if not tell])
    if not tested.necessary:
        found += writer.none(tested)
    return found, own


def _necessary(count: int) -> str:
    if count == 0:
        return "no single one of them was necessary."
    return "one of them was necessary." if count == 1 else f"{count} of them were necessary."


def chosen_sentence(told: int, weighty: int) -> str:
    """Which of many necessary events are listed; being chosen for a weight does not mean that they have one."""
    closer = "" if weighty == told else f"; a closer look confirms a weight for {weighty or 'none'} of them"
    return (
        "So many necessary events mean that this answer hung by a thread. Listed are the "
        f"{told} that weighed most in a first look with other random numbers{closer}."
    )


@dataclass
class _Writer:
    """Writes the events of one run; the evidence of a rule is cited where it is first named."""

    names: Names
    causes: Sequence[Cause]
    said: str
    other: str
    settling: int | None
    cited: set[str] = field(default_factory=set)

    def cause(self, cause: Cause) -> str:
        """What an event did, what its removal does, and what it weighs."""
        event, weight = cause.event, cause.weight
        first = not self.cited
        subject = f"On {self.names.spoken(event.day)} {self._event(event.told)}"
        links = sorted(cause.does, key=lambda link: (link.to is not None, -_size(link)))[:MOST_LINKS]
        did = [self._link(link) for link in links]
        if event.at == self.settling and not any(link.to is None for link in links):
            did.append("settled the answer")
        blocked = [rule for _, rule, stopped in cause.instead if stopped and rule != event.told]
        kept = f" It kept back {' and '.join(self.names.event(rule) for rule in blocked)}." if blocked else ""
        again = next((day for day, rule, _ in cause.instead if rule == event.told), None)
        later = f"it would have come on {self.names.spoken(again)}, and " if again is not None else ""
        answer = f"would have been {self.other}" if event.undoes else f"would still have been {self.said}"
        points, low, high = alike(weight.difference, weight.low, weight.high, plus=True, points=True)
        anew = f" from then on, {CONTINUATIONS} times," if first else ""
        return (
            f"{subject} {'; '.join(did) or 'came'}.{kept} Without it, with the same random numbers, "
            f"{later}the answer {answer}. "
            f"With fresh random numbers{anew} yes comes in {percent(weight.variant)} with it and in "
            f"{percent(weight.base)} without it (difference {points} points, 95% interval {low} to {high})."
        )

    def light(self, causes: Sequence[Cause]) -> list[str]:
        """The necessary events whose weight cannot be distinguished from chance, in one sentence."""
        if not causes:
            return []
        named = [f"{self._event(one.event.told)} on {self.names.spoken(one.event.day)}" for one in causes]
        needed = "Necessary with the random numbers of this run, but without a measurable weight"
        return [f"{needed} (95% intervals of the difference include 0): {'; '.join(named)}."]

    def none(self, tested: Tested) -> list[str]:
        """What to say where no single event was necessary."""
        found = (
            f"Whichever one event is removed, the answer stays {self.said}: it had more than one sufficient cause, or "
            "follows from the start, the parameters and the dates."
        )
        if not tested.together:
            return [found]
        steps = [f"{self._event(rule)} on {self.names.spoken(day)}" for day, rule in tested.together]
        told = f"Without {steps[0]}"
        for step in steps[1:]:
            told += f", {step} would have settled it; without that as well"
        if not tested.undone:
            return [found, f"{told}, the answer is still {self.said}."]
        return [found, f"{told}, with the same random numbers, the answer would have been {self.other}."]

    def _event(self, ground_rule: int) -> str:
        rule = self.names.rule(ground_rule)
        evidence = "" if rule in self.cited else ", ".join(self.names.evidence(rule))
        self.cited.add(rule)
        return f"{self.names.event(ground_rule)} [{evidence}]" if evidence else self.names.event(ground_rule)

    def _link(self, link: Link) -> str:
        if link.to is None:
            return _answer(link, self._way(link))
        later = self.causes[link.to].event
        to = f"{self.names.event(later.told)} of {self.names.spoken(later.day)}"
        match link.how:
            case "raised" | "lowered" if link.without and link.with_it:
                return f"{link.how} the rate of {to} from {figure(link.without)} to {figure(link.with_it)} a day"
            case "shaped":
                return f"changed what {to} worked with"
            case "led to":
                return f"led, by way of {self._way(link)}, to {to}"
        return f"{link.how} {to}"

    def _way(self, link: Link) -> str:
        """By what an event led on."""
        if link.via is None:
            return "other events"
        return f"{self.names.event(link.via[1])} of {self.names.spoken(link.via[0])}"


def _size(link: Link) -> float:
    """How much a link matters for what is told first."""
    if link.how in ("enabled", "blocked"):
        return 1e9
    if link.without and link.with_it:
        return max(link.with_it / link.without, link.without / link.with_it)
    return 0.0


def _answer(link: Link, way: str) -> str:
    match link.how:
        case "enabled":
            return "made true what the question asks"
        case "blocked":
            return "made false what the question asks"
        case "raised" | "lowered" if link.without is not None and link.with_it is not None:
            return f"{link.how} what the question counts from {figure(link.without)} to {figure(link.with_it)}"
    return f"led to the answer by way of {way}"


def _marked(mark: Mark) -> str:
    shares = f"({percent(mark.here)} here, {percent(mark.elsewhere)} elsewhere)"
    if mark.here > mark.elsewhere:
        return f"{mark.event} {shares}"
    # It may have happened all the same: it is not on the way to the answer.
    return f"{'less often' if mark.here > 0 else 'not'} by way of “{mark.event}” {shares}"


def route_sentence(number: int, count: int, runs: int, share: str, marks: Sequence[Mark]) -> str:
    """What tells a route apart: the events that are more frequent there and those that are less frequent."""
    if count == 1:
        if runs == 1:
            return "The one run that says yes is the one route."
        return f"All {runs:,} runs that say yes count as one route: the events before it form no separate groups."
    told = "; ".join(_marked(mark) for mark in marks) or "no clear mark"
    return f"Route {number + 1} of {count}, {share} of the runs that say yes in this model: {told}."
