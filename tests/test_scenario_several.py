"""What holds for one entry holds for several: several crossings, and every section that a variant can change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from standoff.engine import reference_run
from standoff.model import Model
from standoff.scenario import check, load

ModelOf = Callable[[str], Model]

HEAD = """\
standoff: 1
title: a test
starts: 2020-01-01
ends: 2020-04-09
"""
TWO_WAYS_IN = """\
actors: {blue: {}, red: {}, green: {}, grey: {}}
places: {ford: {}, mill: {}, farm: {}}
groups: {reds: {of: actor, members: [red, grey]}, greens: {of: actor, members: [green, grey]}}
rules:
  walks: {for: {a: reds}, when: "a == red", at: 10, then: [n += 1]}
  swims: {for: {a: greens}, when: "a == green", at: 20, then: [n += 1]}
state: {n: {}}
red_lines:
  entry:
    of: blue
    crossed_by: [{rule: walks, by: a, at: ford}, {rule: swims, by: a, at: mill}]
questions: {answered: {ask: a?, type: number, answer: count(entry_response), date: 2020-04-09}}
"""


def test_crossers_from_two_groups_are_both_answered(model_of: ModelOf) -> None:
    # No one group holds all crossers: had the sets of the two crossings been united, one of them would have answered.
    assert reference_run(model_of(TWO_WAYS_IN), seed=1, run=0).answers[0] == 2


@pytest.mark.parametrize(
    ("first", "second", "crossers"),
    [
        ("a in reds", "a in reds", {"red", "grey"}),
        ("a in reds", "a in greens", {"red", "green", "grey"}),
        ("a in reds and a in few", "a in reds", {"red", "grey"}),
        ("a in reds and a in few", "a in few and a in greens", {"grey"}),
        ("a in reds", "true", None),
    ],
)
def test_answers_range_over_what_the_crossings_can_name_and_nobody_else(
    first: str, second: str, crossers: set[str] | None, tmp_path: Path
) -> None:
    body = TWO_WAYS_IN.replace("{for: {a: reds}", "{for: {a: actor}").replace("{for: {a: greens}", "{for: {a: actor}")
    body = body.replace("groups: {", "groups: {few: {of: actor, members: [grey]}, ")
    body = body.replace("at: ford}", f"at: ford, if: {first}}}").replace("at: mill}", f"at: mill, if: {second}}}")
    path = tmp_path / "scenario.yaml"
    path.write_text(HEAD + body, encoding="utf-8")
    resolved = load(path).resolved
    rule = next(rule for rule in resolved.rules if rule.name == "entry_response")
    known = {**resolved.kinds, **resolved.groups}
    found = [set(known[variable.domain.name].members) for variable in rule.variables]
    every = set(resolved.kinds["actor"].members)
    assert found == [every if crossers is None else crossers, {"ford", "mill"}]


SOUND = HEAD + """\
kinds: {ship: {members: [frigate, tug]}}
actors: {blue: {attributes: {rank: 1}}, red: {}}
places: {ford: {attributes: {oil: 2}}, mill: {}}
groups: {few: {of: actor, members: [red]}}
relations: {hosts: {of: [actor, place], pairs: [[blue, ford]]}}
state: {n: {unit: company}, sails: {of: ship}}
define: {enough: {is: n > 3}}
parameters: {pace: {prior: 0.1, unit: 1/day, evidence: assumption}}
rules:
  late: {at: 80, then: [n += 1], silent: true}
  dated: {at: "date('2020-01-15') + 0", then: [n += 1], silent: true}
  sailing: {when: "sails[frigate] > 0", rate: pace, then: [n += 1], silent: true}
  ranked: {when: blue.rank > 0, rate: pace, then: [n += 1], silent: true}
  oily: {when: ford.oil > 0, rate: pace, then: [n += 1], silent: true}
  few_act: {for: {a: actor}, when: a in few, rate: pace, then: [n += 1], silent: true}
  hosted: {for: {p: place}, when: "hosts(blue, p)", rate: pace, then: [n += 1], silent: true}
  counted: {when: n > 0, rate: pace, then: [n += 1], silent: true}
  defined: {when: enough, rate: pace, then: [n += 1], silent: true}
questions: {q: {ask: a?, number: n, at: 2020-03-01, unit: company}}
watch: {w: {of: n, unit: company}}
"""


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("ends: 2020-03-05", "SD206"),
        ("starts: 2020-02-01", "SD206"),
        ("kinds: {ship: {members: [tug]}}", "SD303"),
        ("actors: {blue: {attributes: {rank: high}}}", "SD304"),
        ("places: {ford: {attributes: {oil: much}}}", "SD304"),
        ("groups: {few: {of: place, members: [mill]}}", "SD304"),
        ("relations: {hosts: {of: [place, actor], pairs: [[ford, blue]]}}", "SD304"),
        ("state: {n: {unit: truck}}", "SD306"),
        ("define: {enough: {is: n + 3}}", "SD304"),
        ("parameters: {pace: {unit: km}}", "SD311"),
        ("rules: {counted: {rate: nothing_such}}", "SD303"),
        ("questions: {q: {number: holder_of_it}}", "SD303"),
        ("watch: {w: {of: nothing_such}}", "SD303"),
    ],
    ids=lambda change: change.partition(":")[0],
)
def test_what_a_variant_breaks_anywhere_is_found(change: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(SOUND, encoding="utf-8")
    assert [str(fault) for fault in check(path) if fault.severity == "error"] == []
    path.write_text(f"{SOUND}variants: {{other: {{{change}}}}}\n", encoding="utf-8")
    faults = [fault for fault in check(path) if fault.severity == "error"]
    assert code in {fault.code for fault in faults}
    assert all("(in the variant 'other')" in fault.found for fault in faults)


def test_each_of_several_variants_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(
        f"{SOUND}variants:\n  good: {{define: {{enough: {{is: n > 4}}}}}}\n  bad: {{define: {{enough: {{is: n}}}}}}\n"
        "  worse: {watch: {w: {of: nothing_such}}}\n",
        encoding="utf-8",
    )
    found = [fault.found for fault in check(path) if fault.severity == "error"]
    assert len(found) >= 2 and any("'bad'" in text for text in found) and any("'worse'" in text for text in found)


def test_breaches_of_several_crossers_are_counted_apart(model_of: ModelOf) -> None:
    asked = "".join(
        f"  of-{who}: {{ask: a?, type: number, answer: 'breaches_entry[{who}]', date: 2020-04-09}}\n"
        for who in ("red", "green", "grey")
    )
    body = TWO_WAYS_IN[: TWO_WAYS_IN.index("questions:")] + "    threshold: {declared: 3}\nquestions:\n" + asked
    assert list(reference_run(model_of(body), seed=1, run=0).answers) == [1, 1, 0]
