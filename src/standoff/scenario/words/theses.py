"""Theses: whether what a claim starts from is an act or a state of the world, and what it ends at is asked for."""

from __future__ import annotations

from standoff.numerals import plural
from standoff.scenario.expression.headers import header_of
from standoff.scenario.expression.written import alike
from standoff.scenario.origin import origin_of
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import POINTS, SHARE, Claim, Question, Rule
from standoff.scenario.words.expansion import Expansion

_NO_ACTS = ("corridor", "tie", "zone", "question", "goal")
"""Words whose rules nobody decides on."""


def check_thesis(expansion: Expansion, name: str, claim: Claim, *, truth: bool) -> None:
    """Notes what a thesis lacks, before its cause is worked on the rules.

    `truth` says that the expression of its effect is true or false.
    """
    question = _asked(expansion, claim)
    if claim.question is None and question is None:
        found = f"the thesis '{name}' ends at nothing that a question asks"
        expansion.fault("SD202", claim.expect, found, expected="question, or what a question asks in expect or events")
    else:
        _check_least(expansion, claim, question, truth=truth)
    for cause in _causes(claim):
        if not _is_act(expansion, cause):
            found = f"the thesis '{name}' starts from '{cause}', which is neither an act nor a state of the world"
            expected = (
                "an act (a rule with `by` in its event, or with decides), a red line, a decision, a deal, a stance, an "
                "inject; a flow; a tie; a state under set; or a policy to follow"
            )
            expansion.fault("SD203", cause, found, expected=expected)


def _asked(expansion: Expansion, claim: Claim) -> Question | None:
    """The question that asks for what a claim measures; None for a goal's, and where no question does."""
    questions = expansion.document.questions
    if claim.question is not None:
        return questions.get(claim.question)
    of = claim.expectation.of
    for question in questions.values():
        if claim.events is not None and question.happens == claim.events:
            return question
        asked = (question.when, question.number, question.first, question.answer)
        if of is not None and any(words is not None and alike(of, words) for words in asked):
            return question
    return None


def _check_least(expansion: Expansion, claim: Claim, question: Question | None, *, truth: bool) -> None:
    least = claim.least
    if least is None or claim.at_least is None:
        return
    fitting = _units(expansion, claim, question, truth=truth)
    if least.of not in fitting:
        told = [one for one in fitting if one]
        expected = ", ".join(dict.fromkeys(f"{least.amount:g} {one}" for one in told))
        found = f"'{claim.at_least}' is no size of what this claim measures"
        expansion.fault("SD203", claim.at_least, found, expected=expected)


def _units(expansion: Expansion, claim: Claim, question: Question | None, *, truth: bool) -> tuple[str, ...]:
    """The units in which the least effect of a claim can be given."""
    if claim.expectation.direction in ("sooner", "later"):
        return ("days", "day")
    if claim.events is not None:
        return ("events", "event", "", SHARE)
    _, goal = expansion.document.goal_questions.get(claim.question or "", (None, None))
    number = question is not None and (question.number is not None or question.type == "number")
    if goal is None and (truth or not number):
        return (POINTS,)
    unit = str((goal.unit if goal is not None else question.unit if question is not None else None) or "")
    return (unit, plural(unit), SHARE) if unit else ("", SHARE)


def _causes(claim: Claim) -> tuple[Words, ...]:
    """What a claim changes, but for the policy that is followed."""
    return (*claim.raise_, *claim.lower, *claim.remove, *map(_key, claim.set_), *([claim.force] if claim.force else ()))


def _key(name: str) -> Words:
    return name if isinstance(name, Words) else Words(name)


def _is_act(expansion: Expansion, cause: Words) -> bool:
    if cause in expansion.document.parameters:
        return False
    rule = expansion.rules.get(cause)
    if rule is None:
        # A state that is set, an inject, a word; what is unknown is told elsewhere.
        made_by_it = frozenset(expansion.made_by(cause))
        made = (origin_of(one) for one in expansion.rules if one in made_by_it)
        return not any(origin is not None and origin.word in _NO_ACTS for origin in made)
    origin = origin_of(next(one for one in expansion.rules if one == cause))
    return _has_doer(rule) if origin is None else origin.word not in _NO_ACTS


def _has_doer(rule: Rule) -> bool:
    header = header_of(rule.event) if rule.event is not None else None
    return rule.decides is not None or (header is not None and header.part("by") is not None)
