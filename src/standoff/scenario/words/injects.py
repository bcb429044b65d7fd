"""Injects: events from outside become rules with a date, and their dates and chances parameters."""

from __future__ import annotations

from standoff.scenario.expression.written import Form, applied, called, phrase, value_in, written
from standoff.scenario.origin import Origin
from standoff.scenario.reading.source import Words
from standoff.scenario.schema import Branch, ChanceStatement, IfStatement, Inject, Parameter, Rule, Statement
from standoff.scenario.words.expansion import Expansion
from standoff.time import days_between, days_to_end, iso


def expand_injects(expansion: Expansion) -> None:
    """Writes out every inject of the document that is on."""
    for name, inject in expansion.document.injects.items():
        if not inject.on:
            expansion.dropped.add(name)
            continue
        rule = Rule(
            when=_guard(expansion, name, inject),
            at=_date(expansion, name, inject),
            then=(*_bounded(inject), *inject.then),
            event=inject.event,
            mechanism=inject.mechanism,
            title=inject.title,
            about=inject.about,
            evidence=inject.evidence,
        )
        expansion.add_rule(name, rule, Origin("inject", str(name), "event"), near=name)


def _date(expansion: Expansion, name: str, inject: Inject) -> Words:
    if inject.between is None:
        return phrase("" if inject.at is None else iso(inject.at), name)
    starts = expansion.document.starts
    first = days_between(starts, inject.between[0])
    # The last day counts in full.
    last = days_to_end(starts, inject.between[1])
    prior = written(called("uniform", first, last), name)
    about = phrase(f"the day on which {name} comes, from the start", name)
    date = Parameter(prior=prior, unit=Words("day"), about=about, evidence=inject.evidence)
    expansion.add_parameter(f"{name}_date", date, Origin("inject", str(name), "date"), near=name)
    return phrase(f"{name}_date", name)


def _guard(expansion: Expansion, name: str, inject: Inject) -> Words | None:
    if inject.chance is None:
        return inject.when
    luck = Parameter(
        prior=Words("uniform(0, 1)"),
        about=phrase(f"{name} comes if this is below its chance", name),
        evidence=inject.evidence,
    )
    expansion.add_parameter(f"{name}_luck", luck, Origin("inject", str(name), "luck"), near=name)
    asked = [inject.when] if inject.when is not None else []
    comes: Form = applied("<", f"{name}_luck", inject.chance)
    if _may_be_impossible(inject.chance):
        comes = applied("or", comes, _impossible(inject.chance))
    return written(applied("and", comes, *asked), inject.chance)


def _bounded(inject: Inject) -> tuple[Statement, ...]:
    """What stops a run whose chance of an inject is none; it draws nothing where it is one."""
    if inject.chance is None or not _may_be_impossible(inject.chance):
        return ()
    drawn = ChanceStatement(chance=(Branch(p=inject.chance),))
    return (IfStatement(if_=written(_impossible(inject.chance), inject.chance), then=(drawn,)),)


def _may_be_impossible(chance: Words) -> bool:
    value = value_in(chance)
    return value is None or not 0.0 <= value <= 1.0


def _impossible(chance: Words) -> Form:
    return applied("not", applied("and", applied(">=", chance, 0), applied("<=", chance, 1)))
