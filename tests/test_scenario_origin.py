"""What a word of the language makes says so, and no reader goes by its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from standoff.ensemble import Manifest
from standoff.errors import Faults
from standoff.model import ground
from standoff.scenario import Origin, Scenario, check, claim_plans, load
from tests.proofs import scenario_at

CONFORMANCE = Path(__file__).resolve().parent.parent / "conformance" / "valid"
VALID = sorted(path for path in CONFORMANCE.glob("*.yaml") if "." not in path.stem)

HEAD = """\
standoff: 1
title: a test
starts: 2020-01-01
ends: 2020-04-09
actors: {blue: {}, red: {}}
places: {ford: {at: [34.1, 40.2]}, mill: {at: [34.3, 40.4]}}
"""
TAKES = """\
rules:
  takes: {for: {a: actor, p: place}, when: "holder[p] != a", rate: 0.1, then: ["holder[p] = a"], evidence: assumption}
"""

Loads = Callable[[str], Scenario]


@pytest.fixture
def scenario_of(tmp_path: Path) -> Loads:
    """A scenario from the body of a file."""

    def make(body: str) -> Scenario:
        path = tmp_path / "scenario.yaml"
        path.write_text(HEAD + body, encoding="utf-8")
        return load(path)

    return make


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_what_an_author_did_not_write_has_an_origin_and_what_he_wrote_has_none(path: Path) -> None:
    scenario = scenario_at(path)
    written, model = scenario.document, ground(scenario.resolved)
    for tables, own in (
        (model.rules, written.rules),
        (scenario.resolved.states.values(), written.state),
        (model.parameters, written.parameters),
        (model.questions, written.questions),
    ):
        for one in tables:
            assert (one.origin is None) == (one.name in own), one.name
    for series in model.series:
        assert series.shows is not None or series.watch in written.watch, series.name


def test_each_part_of_each_word_has_an_origin_of_its_own() -> None:
    for path in VALID:
        resolved = scenario_at(path).resolved
        parts = [state.origin for state in resolved.states.values()] + [rule.origin for rule in resolved.rules]
        made = [part for part in parts if part is not None]
        # A stance can change in several ways to one posture, a slow answer is prepared in several steps.
        once = [part for part in made if part.role not in ("change", "preparation")]
        assert len(set(once)) == len(once), path.name


def test_the_switch_and_the_questions_of_a_claim_know_their_claim() -> None:
    ready = claim_plans(load(CONFORMANCE / "claims.yaml"))
    for plan in ready.each:
        if plan.switch is not None:
            assert ready.resolved.parameters[plan.switch].origin == Origin("claim", plan.claim, "switch")
    effects = {question.name: question.origin for question in ready.resolved.questions}
    for plan in ready.each:
        assert effects[plan.effect] in (None, Origin("claim", plan.claim, "effect"))
        if plan.given is not None:
            assert effects[plan.given] == Origin("claim", plan.claim, "given")


def test_the_expanded_form_is_the_same_text_and_has_no_origins(tmp_path: Path) -> None:
    scenario = load(CONFORMANCE / "two-posts.yaml")
    path = tmp_path / "expanded.yaml"
    path.write_text(scenario.expanded_text(), encoding="utf-8")
    plain = load(path)
    assert plain.expanded_text() == scenario.expanded_text()
    assert plain.resolved.states == scenario.resolved.states
    assert {state.origin for state in plain.resolved.states.values()} == {None}


def test_a_manifest_keeps_what_its_series_show() -> None:
    from standoff.ensemble.describe import new_manifest

    scenario = load(CONFORMANCE / "deals.yaml")
    made = new_manifest(
        scenario, ground(scenario.resolved), key="k", version="0", seed=1, runs=1, jobs=1, sampler="direct",
        address="deals", command="c",
    )  # fmt: skip
    again = Manifest.from_json(made.to_json())
    assert again == made
    deal = next(iter(scenario.document.deals))
    assert again.showing("deal", "in force")[0].shows == Origin("deal", str(deal), "in force")


# -- names mean nothing ------------------------------------------------------------------------------------------------


def test_an_authors_own_trigger_may_be_called_as_those_of_questions_are(tmp_path: Path) -> None:
    # Taken for the rule that notes an answer, it was thought to change nothing at the start: q was called decided.
    body = (
        "state: {flag: {is: truth}, n: {at_least: 0}}\nbegin: {flag: true}\n"
        "rules:\n"
        "  resolves_it: {when: n == 0, then: [flag = false, n = 1], silent: true}\n"
        "  rises: {when: not flag, rate: 0.1, then: [flag = true], evidence: assumption}\n"
        "questions: {q: {ask: a?, when: flag, by: 2020-03-01}}\n"
    )
    path = tmp_path / "scenario.yaml"
    path.write_text(HEAD + body, encoding="utf-8")
    assert [fault.code for fault in check(path) if fault.code == "SD405"] == []


def test_a_mood_of_towns_is_no_holder(scenario_of: Loads) -> None:
    body = "state: {mood: {of: place, is: [calm, angry]}}\nwatch: {control: {for: {p: place}, of: 'mood[p]'}}\n"
    (watch,) = scenario_of(body).resolved.watches
    assert watch.shows is None


def test_the_only_state_of_an_actor_for_each_place_shows_the_holder_under_any_name(scenario_of: Loads) -> None:
    body = "state: {lord: {of: place, is: actor}}\nwatch: {whose: {for: {p: place}, of: 'lord[p]'}}\n"
    (watch,) = scenario_of(body).resolved.watches
    assert watch.shows == Origin("watch", "whose", "holder")


def test_two_watches_of_one_state_show_its_holder_once(scenario_of: Loads) -> None:
    body = "state: {lord: {of: place, is: actor}}\n"
    body += "watch: {a: {for: {p: place}, of: 'lord[p]'}, b: {for: {q: place}, of: 'lord[q]'}}\n"
    assert [watch.shows for watch in scenario_of(body).resolved.watches] == [Origin("watch", "a", "holder"), None]


def test_of_several_states_of_an_actor_only_one_whose_watch_says_so_shows_the_holder(scenario_of: Loads) -> None:
    states = "state: {control: {of: place, is: actor}, fears: {of: place, is: actor}}\n"
    watches = (
        "watch:\n  control: {for: {p: place}, of: 'control[p]'}\n  fears: {for: {p: place}, of: 'fears[p]'SHOWS}\n"
    )
    assert [watch.shows for watch in scenario_of(states + watches.replace("SHOWS", "")).resolved.watches] == [None] * 2
    said = scenario_of(states + watches.replace("SHOWS", ", shows: holder")).resolved.watches
    assert [watch.shows for watch in said] == [None, Origin("watch", "fears", "holder")]


def test_a_watch_of_a_words_own_state_shows_that_part_of_the_word(scenario_of: Loads) -> None:
    body = (
        "state: {holder: {of: place, is: actor}}\nroutes: [{between: [ford, mill]}]\n"
        "corridors: {link: {from: ford, to: mill, friendly: blue}}\n"
        "watch: {a: {of: open_link}, b: {of: not open_link}}\n" + TAKES
    )
    a, b = scenario_of(body).resolved.watches
    assert (a.shows, b.shows) == (Origin("corridor", "link", "open"), None)


@pytest.mark.parametrize(
    ("watch", "code"),
    [
        ("{of: 'holder[ford]', shows: holder}", "SD203"),
        ("{for: {a: actor}, of: 'holder[ford]', shows: holder}", "SD203"),
        ("{for: {p: place}, of: 'n[p]', shows: holder}", "SD304"),
        ("{for: {p: place}, of: 'holder[p]', shows: force}", "SD304"),
    ],
)
def test_what_cannot_be_shown_is_refused(watch: str, code: str, scenario_of: Loads) -> None:
    body = f"state: {{holder: {{of: place, is: actor}}, n: {{of: place}}}}\nwatch: {{w: {watch}}}\n"
    with pytest.raises(Faults) as refused:
        scenario_of(body)
    assert [fault.code for fault in refused.value.faults] == [code]


def test_only_one_watch_shows_the_holders(scenario_of: Loads) -> None:
    watch = "{for: {p: place}, of: 'holder[p]', shows: holder}"
    with pytest.raises(Faults) as refused:
        scenario_of(f"state: {{holder: {{of: place, is: actor}}}}\nwatch: {{v: {watch}, w: {watch}}}\n")
    (fault,) = refused.value.faults
    assert fault.code == "SD209" and "'v'" in fault.found
