"""The graph of rules and states follows indices and statements, and finds the shortest way between two of its parts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from standoff.scenario import Quantity, RuleGraph, load_text

HEAD = """\
standoff: 1
title: a test
starts: 2020-01-01
ends: 2020-04-09
actors: {blue: {}, red: {}}
groups: {near: {of: place, members: [ford, mill]}}
places: {ford: {}, mill: {}, farm: {}}
"""
CHAIN = """\
parameters: {pace: 0.1}
state:
  anger: {at_least: 0}
  force: {of: [actor, place], at_least: 0}
  lost: {of: place, is: truth}
  talk: {at_least: 0}
begin: {talk: "pace"}
rules:
  provoked: {rate: pace, then: ["anger += 1"]}
  musters: {for: {p: near}, rate: anger, then: ["force[red, p] += 1", "talk += force[blue, farm]"]}
  falls:
    for: {p: place}
    when: "not lost[p] and force[red, p] > 3"
    then: ["lost[p] = true"]
    event: ASSAULT by red at p
  calms: {rate: 0.1, when: anger > 0, then: ["anger -= 1"]}
  counts: {rate: count(falls), then: ["talk += 1"]}
questions:
  fallen: {ask: Has the mill fallen?, happens: {type: ASSAULT, place: mill}, by: 2020-03-01}
  farm-held: {ask: Who is at the farm?, number: "force[red, farm]", at: 2020-03-01}
  talked: {ask: How much talk?, number: talk, at: 2020-03-01}
"""

Graphs = Callable[[str], RuleGraph]


@pytest.fixture(scope="module")
def chain() -> RuleGraph:
    """A provocation, a muster, a fall."""
    return RuleGraph(load_text(HEAD + CHAIN, "chain").resolved)


def answer(graph: RuleGraph, question: str) -> frozenset[Quantity]:
    """What the answer of a question reads."""
    return graph.answer(next(one for one in graph.resolved.questions if one.name == question))


def parameter(name: str) -> Quantity:
    """A parameter."""
    return Quantity("parameter", name)


def test_a_way_counts_the_rules_of_the_model_and_not_what_a_question_notes(chain: RuleGraph) -> None:
    assert chain.way([parameter("pace")], answer(chain, "fallen")) == ("provoked", "musters", "falls")
    assert chain.way([Quantity("state", "anger")], answer(chain, "fallen")) == ("musters", "falls")


def test_what_is_asked_of_the_cause_itself_is_no_rule_away(chain: RuleGraph) -> None:
    assert chain.way([parameter("pace")], answer(chain, "talked")) == ()


def test_indices_are_told_apart(chain: RuleGraph) -> None:
    assert chain.way([Quantity("state", "anger")], answer(chain, "farm-held")) is None
    here, elsewhere = (Quantity("state", "force", (frozenset(("blue",)), frozenset((p,)))) for p in ("farm", "mill"))
    assert chain.way([here], answer(chain, "talked")) == ("musters",)
    assert chain.way([elsewhere], answer(chain, "talked")) is None


def test_a_firing_that_is_counted_passes_on(chain: RuleGraph) -> None:
    force = Quantity("state", "force", (frozenset(("red",)), frozenset(("mill",))))
    assert chain.way([force], answer(chain, "talked")) == ("falls", "counts")


def test_a_rule_that_is_left_out_is_on_no_way(chain: RuleGraph) -> None:
    assert chain.way([Quantity("state", "anger")], answer(chain, "fallen"), leaving_out={"musters"}) is None


def test_rules_lead_to_what_is_asked_or_do_not(chain: RuleGraph) -> None:
    fallen = next(one for one in chain.resolved.questions if one.name == "fallen")
    model = {name for name in chain.leading_to(answer(chain, "fallen")) if not chain.is_bookkeeping(name)}
    assert model == {"provoked", "musters", "falls", "calms"}
    assert chain.asked(fallen) == set()
    assert chain.reads("musters") == {
        Quantity("state", "anger"), Quantity("state", "force", (frozenset(("blue",)), frozenset(("farm",))))
    }  # fmt: skip
    assert {part.name for part in chain.writes("falls")} == {"lost"}


def test_what_is_written_and_read_in_one_firing_is_one_rule() -> None:
    text = HEAD + """\
parameters: {pace: 0.1}
state: {first: {}, second: {}, third: {}}
rules:
  does: {rate: 0.1, then: ["x = pace", "first = x", "second = first", "third += 1"]}
questions:
  asked: {ask: How much?, number: second, at: 2020-03-01}
  other: {ask: How much?, number: third, at: 2020-03-01}
"""
    graph = RuleGraph(load_text(text, "once").resolved)
    assert graph.way([parameter("pace")], answer(graph, "asked")) == ("does",)
    assert graph.way([parameter("pace")], answer(graph, "other")) is None


def test_a_decision_is_one_step_with_what_it_does() -> None:
    text = HEAD + """\
state: {tension: {at_least: 0}, war: {is: truth}}
decisions:
  choice:
    of: red
    comes: {every: 7 days}
    options:
      wait: {appeal: 1}
      attack: {then: ["war = true"], appeal: tension}
    policy: {best: appeal}
questions: {war: {ask: Is there war?, when: war, at: 2020-03-01}}
"""
    graph = RuleGraph(load_text(text, "deciding").resolved)
    assert graph.way([Quantity("state", "tension")], answer(graph, "war")) == ("choice",)


def test_each_influence_is_gone_on_from_once_however_many_write_what_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty rules whose rates and effects read one state that all write: 80 steps, where each from each is 6,400."""
    rules = "".join(f'  stirs{i}: {{rate: anger, then: ["anger += {i + 1}"]}}\n' for i in range(40))
    text = f"state: {{anger: {{at_least: 0}}, calm: {{}}}}\nrules:\n{rules}"
    asked = "questions: {calm: {ask: How calm?, number: calm, at: 2020-03-01}}\n"
    graph = RuleGraph(load_text(HEAD + text + asked, "all").resolved)
    steps: list[str | None] = []
    step = RuleGraph._with

    def watched(self: RuleGraph, way: tuple[str, ...], rule: str | None) -> tuple[str, ...]:
        steps.append(rule)
        return step(self, way, rule)

    monkeypatch.setattr(RuleGraph, "_with", watched)
    assert graph.way([Quantity("state", "anger")], answer(graph, "calm")) is None
    assert len(set(steps)) == 40 and len(steps) <= 80
