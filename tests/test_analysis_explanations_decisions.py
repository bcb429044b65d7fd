"""A decision is told by the option that was taken, and as one event however many dates it comes up on."""

from __future__ import annotations

from pathlib import Path

import pytest

from standoff.analysis import explain
from standoff.analysis.explanations import Explanation
from standoff.scenario import Scenario, load

BORDER = """\
standoff: 1
title: A border
starts: 2017-01-01
ends: 2017-04-10
actors: {moscow: {name: Moscow}, eu: {name: The Commission}}
state: {tariff: {at_least: 0}, closed: {is: truth}, angry: {is: truth}}
rules:
  storm: {rate: 0.01, when: not angry, then: [angry = true], title: A storm of protest}
  drift: {every: 39 days, then: [tariff += 1], title: Prices drift}
decisions:
  meets:
    of: eu
    title: The Commission meets
    about: It sits in turn and seldom raises a tariff.
    comes: {every: 20 days}
    options: {wait: {}, raise_tariff: {then: [tariff += 1]}}
    policy: {mix: {wait: 0.8, raise_tariff: 0.2}}
  borders:
    of: moscow
    title: Moscow decides
    comes: {every: 25 days}
    when: tariff >= 2 or angry
    options:
      bear: {title: bears it}
      close: {title: closes the border, then: [closed = true]}
      protest: {title: Moscow protests}
    policy: {mix: {bear: 0.4, close: 0.4, protest: 0.2}}
questions: {shut: {ask: Is the border shut?, when: closed, by: 2017-04-10}}
"""
CLOSES = "Moscow decides: closes the border"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Explanation:
    return explain(_written(tmp_path_factory.mktemp("border"), BORDER), "shut", runs=120, stories=3)


def _written(folder: Path, text: str) -> Scenario:
    file = folder / "border.yaml"
    file.write_text(text, encoding="utf-8")
    return load(str(file))


def test_dates_of_a_decision_are_one_line_of_the_pivotal_table(told: Explanation) -> None:
    lines = [one.event for one in told.pivotal]
    assert CLOSES in lines and len(set(lines)) == len(lines)
    (closing,) = (one for one in told.pivotal if one.event == CLOSES)
    assert (closing.rule, closing.binding) == ("borders_close", "")
    # It is the one way to a yes: with it every run says yes, without it none.
    assert closing.with_yes == closing.with_runs > 0 == closing.without_yes
    # Of a rule that comes every so often the dates are one thing as well.
    assert [one.binding for one in told.pivotal if one.rule == "drift"] == ["any"]


def test_routes_and_stories_say_which_option_was_taken(told: Explanation) -> None:
    sentences = [route.sentence for route in told.routes]
    sentences += [line for story in told.stories for line in story.sentences]
    words = "\n".join(sentences)
    assert CLOSES in words and "The Commission meets: raise tariff" in words
    assert "decided" not in words and "up for decision" not in words
    assert len(told.routes) > 1
    for route in told.routes:
        assert route.marks and len({mark.event for mark in route.marks}) == len(route.marks)
    moments = [one for one in (told.parting.answers, told.parting.routes) if one is not None]
    assert moments and not any(one.rule in {"meets", "borders"} for one in moments)


def test_an_option_says_what_is_said_of_its_decision_where_nothing_is_said_of_it(told: Explanation) -> None:
    raised = [one for one in told.pivotal if one.rule == "meets_raise_tariff"]
    assert [one.about for one in raised] == ["It sits in turn and seldom raises a tariff."]


def test_a_decision_of_several_actors_is_told_for_each_without_its_dates(tmp_path: Path) -> None:
    text = BORDER.replace("    of: eu\n", "    of: a\n    for: {a: actor}\n")
    found = explain(_written(tmp_path, text), "shut", runs=60, stories=0)
    raised = [(one.event, one.binding) for one in found.pivotal if one.rule == "meets_raise_tariff"]
    assert {binding for _, binding in raised} <= {"any", "a=moscow", "a=eu"} and len(set(raised)) == len(raised) > 1
    assert ("The Commission meets: raise tariff (Moscow)", "a=moscow") in raised
