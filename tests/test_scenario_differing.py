"""What differs between two scenarios is told by what they say: entries, keys, values and lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standoff.cli.app import application
from standoff.scenario import Change, differences, load, rewriting, summary

BASE = """\
standoff: 1
title: Two posts
starts: 2017-06-01
ends: 2017-06-30
actors: {blue: {kind: state}, red: {kind: state}}
places: {ford: {}, mill: {}}
routes: [{between: [ford, mill], km: 4}]
state: {force: {of: actor, at_least: 0}}
begin: {force: {blue: 3, red: 3}}
parameters: {pace: {prior: 0.1, evidence: assumption}}
rules:
  leave: {for: {a: actor}, rate: 'pace * force[a]', then: ['force[a] -= 1']}
  come: {rate: 0.1, then: ['force[red] += 1']}
questions:
  gone: {ask: Is blue gone?, when: 'force[blue] < 1', at: 2017-06-30}
"""


def told(folder: Path, other: str, base: str = BASE) -> list[Change]:
    for name, text in (("a", base), ("b", other)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return list(differences(load(folder / "a.yaml").document, load(folder / "b.yaml").document))


def brief(changes: list[Change]) -> list[tuple[str, ...]]:
    return [(one.how, one.what, one.name, one.key, one.was or "", one.now or "") for one in changes]


def test_another_layout_other_blanks_and_other_files_differ_in_nothing(tmp_path: Path) -> None:
    (tmp_path / "who.yaml").write_text("actors:\n  blue:\n    kind: state\n  red: {kind: 'state'}\n", encoding="utf-8")
    other = BASE.replace("actors: {blue: {kind: state}, red: {kind: state}}\n", "include: who.yaml  # who\n")
    other = other.replace("'pace * force[a]'", "'(pace)*force[ a ]'").replace("0.1, then", "0.1,   then")
    found = told(tmp_path, other)
    assert found == []
    assert summary(tuple(found)) == "They say the same."


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("prior: 0.1", "prior: 0.2", ("changed", "parameter", "pace", "prior", "0.1", "0.2")),
        ("red: {kind: state}}", "red: {kind: state}, green: {}}", ("added", "actor", "green", "", "", "{}")),
        ("km: 4", "km: 5", ("changed", "route", "", "1.km", "4", "5")),
        ("blue: 3,", "blue: 4,", ("changed", "start", "force", "blue", "3", "4")),
        (", at_least: 0", "", ("removed", "state", "force", "at_least", "0", "")),
        ("force[a] -= 1", "force[a] -= 2", ("changed", "rule", "leave", "then.1", "force[a] -= 1", "force[a] -= 2")),
        ("title: Two posts", "title: Three", ("changed", "title", "", "", "Two posts", "Three")),
        ("{rate: 0.1,", "{rate: 0.1, when: 't > 3',", ("added", "rule", "come", "when", "", "t > 3")),
        ("  come: {rate: 0.1, then: ['force[red] += 1']}\n", "",
         ("removed", "rule", "come", "", "{rate: 0.1, then: [force[red] += 1]}", "")),
    ],
)  # fmt: skip
def test_one_change_is_told_as_one(tmp_path: Path, was: str, now: str, expected: tuple[str, ...]) -> None:
    assert was in BASE
    assert brief(told(tmp_path, BASE.replace(was, now))) == [expected]


def test_a_change_says_the_lines_of_both_files(tmp_path: Path) -> None:
    (change,) = told(tmp_path, "\n" + BASE.replace("prior: 0.1", "prior: 0.2"))
    assert str(change) == f"changed parameter pace: prior  0.1 -> 0.2  ({tmp_path}/a.yaml:10 -> {tmp_path}/b.yaml:11)"


def test_another_order_of_rules_is_told_as_triggers_act_in_it(tmp_path: Path) -> None:
    lines = BASE.splitlines(keepends=True)
    lines[11], lines[12] = lines[12], lines[11]
    assert [(one.how, one.name) for one in told(tmp_path, "".join(lines))] == [("moved", "come")]


def test_there_and_back_are_the_same_changes_turned_around(tmp_path: Path) -> None:
    other = BASE.replace("prior: 0.1", "prior: 0.2").replace("red: {kind: state}}", "red: {kind: state}, green: {}}")
    there = brief(told(tmp_path, other))
    back = brief(told(tmp_path, BASE, other))
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert sorted((turned[how], what, name, key, now, was) for how, what, name, key, was, now in back) == sorted(there)


def test_the_verb_tells_changes_and_paired_answers(tmp_path: Path) -> None:
    told(tmp_path, BASE.replace("prior: 0.1", "prior: 0.9").replace("  come:", "  arrive:"))
    names = [str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")]
    done = CliRunner().invoke(application(["diff", "list"]), ["diff", *names])
    assert done.exit_code == 0
    assert done.output.startswith("3 things differ: 1 parameter changed, 1 rule added, 1 rule removed.")
    done = CliRunner().invoke(application(["diff", "list"]), ["diff", *names, "--runs", "40", "--json", "-q"])
    content = json.loads(done.output)
    assert [change["how"] for change in content["changes"]] == ["changed", "removed", "added"]
    assert content["not_coupled"] == ["arrive", "come"]
    (answer,) = content["answers"]["differences"]
    assert answer["question"] == "gone"
    assert answer["low"] <= answer["difference"] <= answer["high"]
    assert answer["difference"] > 0.2, "the faster they leave, the more often they are gone"
    twice = ["diff", names[0], names[0], "--runs", "4", "--json", "-q"]
    same = CliRunner().invoke(application(["diff", "list"]), twice)
    assert json.loads(same.output)["changes"] == []
    assert json.loads(same.output)["answers"]["unchanged"] == [names[0]]


def test_several_things_of_a_sort_are_counted_in_their_plural(tmp_path: Path) -> None:
    more = "goals: {blue: {is: 'force[blue]'}, red: {is: 'force[red]'}}\n"
    more += "watch: {a: {of: 'force[blue]'}, b: {of: 'force[red]'}}\n"
    more += "flows: {one: {into: tank, rate: 1}, two: {into: tank, rate: 2}}\n"
    changes = tuple(told(tmp_path, BASE.replace("state: {", "state: {tank: {}, ") + more))
    assert summary(changes) == "7 things differ: 2 flows added, 2 goals added, 1 state added, 2 watches added."


OWN = BASE.replace(
    "parameters: {pace: {prior: 0.1, evidence: assumption}}\n",
    "parameters:\n  pace: {of: actor, prior: 'uniform(0, 1)', evidence: assumption}\n  'pace[red]': {prior: 0.5}\n",
).replace("red: {kind: state}}", "red: {kind: state}, green: {kind: state}}").replace("pace *", "pace[a] *")


def test_what_changes_for_several_entities_at_once_is_told_once(tmp_path: Path) -> None:
    now = OWN.replace("uniform(0, 1)", "uniform(0, 2)").replace("prior: 0.5", "prior: 0.6")
    found = told(tmp_path, now, OWN)
    assert brief(found) == [
        ("changed", "parameter", "pace[blue, green]", "prior", "uniform(0, 1)", "uniform(0, 2)"),
        ("changed", "parameter", "pace[red]", "prior", "0.5", "0.6"),
    ]
    assert summary(tuple(found)) == "2 things differ: 2 parameters changed."


def test_an_entity_more_and_a_parameter_less_are_told_without_titles_that_nobody_wrote(tmp_path: Path) -> None:
    more = OWN.replace("red: {kind: state},", "red: {kind: state}, old_grey: {kind: state},")
    assert brief(told(tmp_path, more, OWN))[1] == (
        "added", "parameter", "pace[old_grey]", "", "", "{prior: uniform(0, 1), evidence: [assumption]}"
    )  # fmt: skip
    single = BASE.replace("red: {kind: state}}", "red: {kind: state}, green: {kind: state}}")
    names = [change.name for change in told(tmp_path, single, OWN) if change.how == "removed"]
    assert names == ["pace[blue, green]", "pace[red]"]
    named = OWN.replace("blue: {kind: state}", "blue: {kind: state, name: Blues}")
    assert [change.what for change in told(tmp_path, named, OWN)] == ["actor"]


def test_a_variant_rewrites_a_rule_by_its_name_or_by_the_word_that_made_it() -> None:
    gulf, gas = load("gulf-1987"), load("gas-2009")
    assert rewriting(gulf.document, gulf.expanded, ["flag_response"]) == {"no-line"}
    assert rewriting(gulf.document, gulf.expanded, ["mine_hit"]) == frozenset()
    assert rewriting(gas.document, gas.expanded, ["cut_stop"]) == {"means-to-stop"}
    berlin = load("berlin-1961")
    assert rewriting(berlin.document, berlin.expanded, ["moscow_reads"]) == {"all-of-berlin"}
