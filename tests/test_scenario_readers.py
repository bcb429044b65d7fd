"""Readers are told what a thing means and not its identifier: its title, or the beginning of what is said of it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from standoff.report.findings import Findings
from standoff.report.frames import Frame, SampledRun
from standoff.report.meanings import of_scene
from standoff.scenario import bundled, load, meanings, origin_of, shortened
from tests.proofs import ALWAYS, dated, first_of

MET = ("state", "parameters", "rules", "zones", "red_lines", "corridors", "deals", "decisions", "policies", "levers",
       "orders", "injects", "flows")  # fmt: skip
"""What a reader may meet outside the library: in a story, a chart, a what-if, or as what an answer hangs on."""
NAMES = [ALWAYS, *(name for shelf in ("gallery", "classroom", "theatre") for name in bundled(shelf) if name != ALWAYS)]

VALID = Path(__file__).resolve().parent.parent / "conformance" / "valid"


@pytest.mark.parametrize(
    ("about", "meaning"),
    [
        ("", ""),
        ("a belief fades. Then it is gone.", "A belief fades"),
        ("The pivot (M83) of `rus`, as told (C11, decision `pivot`).", "The pivot of rus, as told"),
        ("At 0.5 of it. More.", "At 0.5 of it"),
        (
            "Where men go first once the siege is broken; what is left goes to the border, as it did in spring 2016",
            "Where men go first once the siege is broken",
        ),
        ("How often; a guess", "How often; a guess"),
        (
            "Where men go first once the siege of the city is broken, and how many go on to the border in spring",
            "Where men go first once the siege of the city is broken …",
        ),
        ("x" * 200, "X" + "x" * 89 + " …"),
    ],
)
def test_the_first_sentence_stands_without_references_and_ends_at_a_clause(about: str, meaning: str) -> None:
    assert shortened(about) == meaning


def test_a_title_comes_first_and_what_a_word_makes_has_its_meaning() -> None:
    scenario = load(VALID / "headline.yaml")
    told = meanings(scenario.document, scenario.expanded)
    assert told["pace"] == "How often red comes"
    assert told["crosses"] == "Red crosses the river"
    assert told["flood"] == "The river rises"
    assert told["flood_luck"] == "The river rises: whether it comes"
    assert told["ring"] == "Blue's ring"
    assert told["recognises_ring"] == "Blue's ring: who accepts it"
    assert told["stance_blue"] == "Stance of blue"
    assert told["stance_blue_guard_to_leave"] == "Blue leaves"
    assert told["tally_flooded"] == "The flood"
    assert told["answer_first_crossing"] == "When does red first cross?"
    assert told["crossings"] == "Crossings so far"


def test_an_option_is_told_by_its_decision() -> None:
    scenario = load(VALID / "decisions.yaml")
    told = meanings(scenario.document, scenario.expanded)
    for name, decision in scenario.document.decisions.items():
        for option in decision.options:
            assert told[f"{name}_{option}"].endswith(str(decision.options[option].about or option).replace("_", " "))


def test_a_page_has_the_meanings_of_what_occurs_on_it_and_of_nothing_else() -> None:
    known = {"advance": "Blue comes", "pace": "Its pace", "no-ring": "Nobody minds the ring", "unseen": "Unseen"}
    known |= {"no-wall": "No wall"}
    happens = SampledRun(1, 1, [], [Frame(0.0, [], [], [], [], ["advance"], [])])
    findings = Findings(told=["advance", "no ring", "Some sentence"])
    series = [SimpleNamespace(watch="course")]
    manifest = SimpleNamespace(parameters=[SimpleNamespace(name="pace")], series=series, variant="no-wall")
    assert of_scene(known, findings, manifest, [happens]) == {  # type: ignore[arg-type]
        "advance": "Blue comes",
        "no ring": "Nobody minds the ring",
        "no-wall": "No wall",
        "pace": "Its pace",
    }


def test_a_what_if_of_a_variant_alone_is_told_by_what_the_variant_means() -> None:
    scenario = load("gulf-1987")
    told = meanings(scenario.document, scenario.expanded)
    means = "The United States answer no attack on the flag, and Iran knows it"
    assert told["variant=no-line"] == told["no-line"] == means
    assert {f"variant={one}" for one in scenario.document.variants} <= set(told)


@pytest.mark.parametrize("name", first_of(NAMES))
def test_readers_of_a_bundled_scenario_meet_no_identifier(name: str) -> None:
    scenario = dated(2017) if name == ALWAYS else load(name)
    told = meanings(scenario.document, scenario.expanded)
    written = {str(one) for section in MET for one in getattr(scenario.document, section)}
    written |= {str(one) for one in (*scenario.document.watch, *scenario.document.variants)}
    made = {str(one) for section in ("state", "rules", "parameters") for one in getattr(scenario.expanded, section)}
    assert sorted(one for one in written | made if not told.get(one)) == []
    cut = {str(one) for section in ("parameters", "policies", "injects") for one in getattr(scenario.document, section)}
    assert sorted(one for one in cut if told[one].endswith("…")) == []


def test_what_words_make_is_told_by_what_they_are_called() -> None:
    scenario = load("gas-2009")
    told = meanings(scenario.document, scenario.expanded)
    by = {(origin.word, origin.role): told[str(one)] for one in (*scenario.expanded.state, *scenario.expanded.rules)
          if (origin := origin_of(one)) is not None}  # fmt: skip
    assert by["flow", "speed"] == "Russia's lost sales: how fast it moves"
    assert by["rule", "due"].endswith(": when it is due")
    goals = dated(2017)
    told = meanings(goals.document, goals.expanded)
    gained = {str(one): origin_of(one) for one in goals.expanded.state}
    assert {told[one] for one, origin in gained.items() if origin is not None and origin.role == "gained"} >= {
        "What Israel has gained", "What Iran has gained"
    }  # fmt: skip
