"""What can be written where: keys with their meaning, names of the right kind, levels, also inside expressions."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol.types import Position

from standoff.editor.completing import completions
from standoff.editor.meaning import in_full, short
from standoff.editor.page import Page
from standoff.editor.place import place_of
from standoff.editor.projects import Project, Projects
from standoff.scenario import Index, index_of, read

SCENARIO = """\
standoff: 1
title: Two posts
starts: 2017-06-01
ends: 2017-06-30
sources: {paper: {title: A paper, paragraphs: 3}}
kinds: {brigade: {members: {first: {attributes: {size: 3}}, second: {attributes: {size: 4}}}}}
actors: {blue: {about: Holds the ford.}, red: {}}
places: {ford: {attributes: {oil: 2}}, mill: {attributes: {oil: 0}}}
routes: [{between: [ford, mill], km: 4}]
groups: {towns: {of: place, members: [ford, mill]}}
parameters:
  pace: {prior: 0.1, about: How fast it goes., evidence: assumption}
  resolve: {of: actor, prior: 0.5, evidence: assumption}
state:
  holder: {of: place, is: actor}
  force: {of: [actor, brigade]}
  mood: {is: [calm, tense]}
  open: {is: truth}
  fuel: {}
flows: {fuel: {rate: -1}, eats: {into: fuel, rate: -2, about: What is eaten.}}
ties: {alliance: [{from: blue, to: red}]}
stances: {red: {options: [wait, press], changes: [{from: wait, to: press, when: 'mood == tense'}]}}
decisions:
  send:
    of: blue
    for: {q: place}
    comes: {rate: 0.1}
    options: {go: {when: 'mood == calm'}, stay: {}}
    policy: {always: stay}
define: {near: {of: {x: place}, is: 'x == ford'}}
rules:
  take:
    for: {p: place, a: actor}
    when: 'holder[p] == blue'
    rate: pace
    then:
      - here = force[a, first]
      - 'holder[p] = a'
    event: ASSAULT by a at p
questions:
  held: {ask: Held?, when: 'holder[ford] == blue', at: 2017-06-30}
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    path = tmp_path_factory.mktemp("completing") / "s.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    found = index_of(read(path))
    assert found is not None
    assert not found.unread
    return found


def offered(index: Index, text: str, *, above: str = SCENARIO) -> list[str]:
    """What is offered at the end of some lines that are added to the scenario."""
    lines = (above + text).split("\n")
    place = place_of(lines, len(lines) - 1, len(lines[-1]))
    return [item.label for item in completions(place, index)]


RULE = "rules:\n  new:\n    for: {p: place, a: actor}\n"


@pytest.mark.parametrize(
    ("text", "some", "none"),
    [
        ("", {"rules", "actors", "variants"}, {"rate"}),
        ("rules:\n  new:\n    ", {"when", "rate", "then"}, {"actors"}),
        ("rules: {new: {", {"when", "rate", "then"}, {"actors"}),
        ("rules:\n  new:\n    then:\n      - ", {"if", "for", "chance", "holder"}, {"rate"}),
        (RULE + "    then:\n      - if: ", {"holder", "mood", "blue"}, {"then"}),
        (RULE + "    then:\n    - {chance: [{", {"p", "do"}, {"when"}),
        ("zones:\n  ring:\n    holder: ", {"blue", "red"}, {"ford", "pace"}),
        ("zones: {ring: {centre: ", {"ford", "mill"}, {"blue"}),
        ("zones:\n  ring:\n    excludes: [blue, ", {"blue", "red"}, {"ford"}),
        ("actors: {green: {symbol: ", {"armour", "infantry"}, {"blue"}),
        ("questions: {q: {happens: {type: ", set(), {"blue"}),
        ("questions: {q: {happens: {source: ", {"blue", "ford", "towns"}, {"pace"}),
        ("begin:\n  ", {"holder", "force", "mood"}, {"pace"}),
        ("begin:\n  holder:\n    ", {"ford", "mill", "every"}, {"blue"}),
        ("begin: {holder: {ford: ", {"blue", "red", "none"}, {"ford"}),
        ("begin:\n  mood: ", {"calm", "tense"}, {"blue"}),
        ("begin: {force: {blue: {", {"first", "second"}, {"blue"}),
        ("rules:\n  new: {rate: 0.1, silent: ", {"true", "false"}, {"blue"}),
        ("policies:\n  hard:\n    of: blue\n    decisions: {", {"send"}, {"take"}),
        ("policies:\n  hard:\n    of: blue\n    decisions: {send: {always: ", {"go", "stay"}, {"blue"}),
        ("rules:\n  new:\n    evidence: ", {"paper"}, {"blue"}),
        (RULE + "    when: ", {"holder", "mood", "pace", "near", "blue", "sum"}, set()),
        (RULE + "    when: holder[", {"ford", "mill"}, {"blue", "mood"}),
        (RULE + "    rate: force[blue, ", {"first", "second"}, {"blue", "ford"}),
        (RULE + "    when: holder[ford] == ", {"blue", "red", "none"}, {"ford", "calm"}),
        (RULE + "    when: holder[ford] == b", {"blue"}, {"ford", "calm"}),
        (RULE + "    when: mood != ", {"calm", "tense"}, {"wait"}),
        (RULE + "    when: stance_red == ", {"wait", "press"}, {"calm"}),
        (RULE + "    rate: resolve[", {"blue", "red"}, {"ford", "pace"}),
        (RULE + "    rate: 2 * resolve[b", {"blue", "red"}, {"ford", "pace"}),
        (RULE + "    when: near(", {"ford", "mill"}, {"blue", "pace"}),
        (RULE + "    rate: distance(ford, ", {"ford", "mill"}, {"blue", "pace"}),
        (RULE + "    rate: force[min(blue, red), ", {"first", "second"}, {"blue", "ford"}),
        ("rules: {new: {for: {p: place}, when: holder[", {"ford", "mill"}, {"blue", "when"}),
        ("rules: {new: {rate: resolve[", {"blue", "red"}, {"ford", "when"}),
        ("rules: {new: {rate: 'force[blue, ", {"first", "second"}, {"blue", "when"}),
        ("rules: {new: {rate: force[blue, ", {"first", "second"}, {"blue", "when"}),
        ("rules: {new: {rate: min(1, ", {"pace", "holder"}, {"when"}),
        ("rules: {new: {rate: min(1, 2), ", {"when", "then"}, {"pace"}),
        ("rules: {new: {then: [holder[", {"ford", "mill"}, {"blue", "when"}),
        ("parameters:\n  resolve[", {"blue", "red"}, {"ford", "prior"}),
        ("parameters: {'resolve[", {"blue", "red"}, {"ford", "prior"}),
        ("parameters: {resolve[", {"blue", "red"}, {"ford", "prior"}),
        ("parameters: {new: {prior: ", {"lognormal", "quantiles"}, {"blue"}),
        ("parameters:\n  pace: {correlates: {'resolve[", {"blue", "red"}, {"ford"}),
        ("claims:\n  c: {rivals: ['resolve[", {"blue", "red"}, {"ford"}),
        ("claims:\n  c:\n    lower: ", {"take", "pace", "eats", "fuel", "alliance[blue, red]"}, {"holder", "ford"}),
        ("claims: {c: {remove: [", {"take", "eats", "alliance[red, blue]"}, {"holder", "ford"}),
        (RULE + "    when: ford in ", {"towns", "near"}, {"blue"}),
        (RULE + "    rate: sum(1 for q in ", {"place", "towns", "road"}, {"blue"}),
        (RULE + "    when: count(", {"take", "send"}, {"blue"}),
        (RULE + "    when: ford.", {"oil"}, {"size"}),
        (RULE + "    then:\n      - mood = ", {"calm", "tense"}, {"blue"}),
        (RULE + "    then:\n      - 'open = ", {"true", "false"}, {"blue"}),
        (RULE + "    event: ", {"ASSAULT", "AGREE"}, {"blue"}),
        (RULE + "    event: ASSAULT by ", {"blue", "red"}, {"ford"}),
        (RULE + "    event: ASSAULT by blue at ", {"ford", "mill"}, {"blue"}),
        ("rules:\n  new:\n    for: {p: ", {"place", "actor", "brigade", "towns"}, {"blue"}),
        ("rules:\n  new:\n    when: >\n      holder[ford] ==\n      ", {"blue"}, {"then"}),
        ("variants:\n  other:\n    ", {"rules", "parameters"}, {"rate"}),
        ("variants:\n  other:\n    zones: {ring: {holder: ", {"blue"}, {"ford"}),
    ],
)
def test_what_is_offered_fits_the_place(index: Index, text: str, some: set[str], none: set[str]) -> None:
    found = set(offered(index, text))
    assert some <= found, sorted(some - found)
    assert not none & found, sorted(none & found)


def test_variables_are_offered_where_they_can_be_seen(index: Index) -> None:
    inside = SCENARIO[: SCENARIO.index("'holder[p] == blue'")]
    assert offered(index, "", above=inside + "holder[")[0] == "p"
    assert "a" not in offered(index, "", above=inside + "holder["), "it is no place"
    assert {"p", "a"} <= set(offered(index, "", above=inside))
    assert "here" in offered(index, "", above=SCENARIO[: SCENARIO.index("'holder[p] = a'")])
    assert "q" not in offered(index, "", above=inside)
    options = SCENARIO[: SCENARIO.index("'mood == calm'")]
    assert "q" in offered(index, "", above=options)


def test_keys_come_with_their_meaning_and_names_with_what_they_are(index: Index) -> None:
    items = {item.label: item for item in completions(place_of(["rules:", "  new:", "    "], 2, 4), index)}
    assert items["rate"].detail == "How often it fires while it is enabled, per day."
    items = {item.label: item for item in completions(place_of(["zones: {ring: {holder: "], 0, 23), index)}
    assert items["blue"].detail == "actor: Holds the ford"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_positions_go_there_and_back_in_any_text(encoding: str) -> None:
    page = Page("\ufeffa: 𝔸é\r\n\tb: 'x'\u2028c: 𝔸𝔸z\n\nd", encoding)
    for offset in range(len(page.text) + 1):
        if page.text[offset - 1 : offset + 1] != "\r\n":
            assert page.at(page.position(offset)) == offset
    line, column = page.place(page.text.index("c:"))
    assert (line, column) == (3, 1), "faults count lines as YAML does"
    assert page.offset(line, column) == page.text.index("c:")
    assert page.position(page.text.index("c:")).line == 1, "editors do not"
    assert page.at(Position(10**9, 10**9)) == len(page.text)


def test_every_name_of_a_scenario_is_told_and_lists_where_it_is_declared(index: Index) -> None:
    for use in index.uses:
        assert in_full(index, use.symbol).startswith(f"**{use.symbol.name}** — ")
        assert short(index, use.symbol)
        assert list(index.declared(use.symbol))


def test_an_included_file_finds_its_scenario_and_another_finds_none(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "scenario.yaml").write_text("standoff: 1\ninclude: parts/who.yaml\n", encoding="utf-8")
    (tmp_path / "parts" / "who.yaml").write_text("actors: {blue: {}}\n", encoding="utf-8")
    (tmp_path / "parts" / "other.yaml").write_text("services: {}\n", encoding="utf-8")
    projects = Projects()
    project = projects.of(tmp_path / "parts" / "who.yaml")
    assert project is not None
    assert project.main == tmp_path / "scenario.yaml"
    assert projects.of(tmp_path / "parts" / "other.yaml") is None


def test_a_file_of_five_thousand_lines_is_read_name_by_name(tmp_path: Path) -> None:
    keys = "    for: {p: place}\n    when: holder[p] == blue\n    rate: 0.1\n    then: ['holder[p] = red']\n"
    rules = "".join(f"  rule_{number}:\n{keys}" for number in range(1_000))
    text = SCENARIO[: SCENARIO.index("decisions:")] + "rules:\n" + rules
    path = tmp_path / "long.yaml"
    project = Project(path)
    project.look({str(path): text.encode()})
    assert project.index is not None
    assert len([use for use in project.index.uses if use.symbol.name == "holder"]) == 2_001
    assert not [fault for fault in project.faults if fault.severity == "error"]
