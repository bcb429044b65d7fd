"""From a scenario to all that a report says of it whatever the runs say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from standoff import records
from standoff.analysis.answers import written_deals
from standoff.report import entities, rules_text
from standoff.report.background import (
    Background,
    Curve,
    WrittenClaim,
    WrittenQuestion,
    WrittenWatch,
)
from standoff.report.prior_text import written_parameters
from standoff.report.untrusted import tame
from standoff.scenario import meanings

if TYPE_CHECKING:
    from standoff.scenario import Question, Scenario


def background(scenario: Scenario, times: Sequence[float], priors: Mapping[str, str]) -> Background:
    """Everything that a page shows of a scenario.

    `times` are those of the readings, `priors` what the parameters of the runs were drawn from, by name.
    """
    document = scenario.document
    called = entities.names(document)
    # A claim without a question may still be about very thing that a question asks for.
    asking = {_same(asked.when or asked.first or asked.number): str(name) for name, asked in document.questions.items()}
    places = entities.places(document, called)
    at = {place.id: i for i, place in enumerate(places)}
    force = next((watch for watch in document.watch.values() if watch.shows == "force"), None)
    observed = records.observed_series(scenario, times) if document.record else {}
    return Background(
        about=" ".join(str(document.about or "").split()),
        called=called,
        actors=entities.actors(document, called),
        places=places,
        routes=entities.routes(document, at),
        zones=entities.zones(document, at),
        corridors=entities.corridors(document, at),
        watches={
            str(name): WrittenWatch(str(watch.label or ""), str(watch.unit or ""))
            for name, watch in document.watch.items()
        },
        force_unit=str(force.unit or "") if force is not None else "",
        parameters=written_parameters(document, priors),
        questions={str(name): _question(asked, at, scenario) for name, asked in document.questions.items()}
        | {
            name: WrittenQuestion("", rules_text.evidence(goal.evidence), False, [], [])
            for name, (_, goal) in document.goal_questions.items()
        }
        | {
            name: WrittenQuestion("", [], given.by is not None, [], [])
            for name, given in document.condition_questions.items()
        },
        claims={
            str(name): WrittenClaim(
                says=str(claim.says),
                cause=claim.cause_in_words,
                effect=claim.effect_in_words,
                question=str(claim.question or asking.get(_same(claim.expectation.of), "")),
            )
            for name, claim in document.claims.items()
        },
        deals=written_deals(document),
        deal_names=entities.deal_names(document, called),
        sources=entities.sources(document),
        notes=[str(note) for note in document.notes],
        leaves_out=[str(one) for one in document.leaves_out],
        world=rules_text.world(document),
        happens_at=entities.happens_at(scenario.resolved, at),
        meanings={name: tame(said) for name, said in meanings(document, scenario.expanded).items()},
        observed={name: Curve(one.least, one.most, one.covered, one.of) for name, one in observed.items()},
    )


def _question(asked: Question, at: Mapping[str, int], scenario: Scenario) -> WrittenQuestion:
    from standoff.scenario import names_in, rewriting

    evidence = rules_text.evidence([*asked.evidence, *(asked.forecast.evidence if asked.forecast is not None else ())])
    about = " ".join(str(asked.about or "").split())
    written = (asked.when, asked.number, asked.first, asked.answer)
    named = {name for part in written if part is not None for name in names_in(str(part))}
    named.update(asked.happens.place if asked.happens is not None else ())
    places = sorted(at[name] for name in named if name in at)
    rules = asked.happens.rule if asked.happens is not None else ()
    rewrite = sorted(rewriting(scenario.document, scenario.expanded, rules))
    return WrittenQuestion(about, list(dict.fromkeys(evidence)), asked.by is not None, places, rewrite)


def _same(words: object) -> str:
    return " ".join(str(words).split())
