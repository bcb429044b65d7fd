"""The bundled scenario of the campaign of 2023 holds what its source and the table of seeds ask of it."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from standoff.engine import Program, prepare, run
from standoff.model import Model, ground
from standoff.scenario import Scenario, load

NAME = "eastern-syria-2023"
ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("STANDOFF_SHARED", ROOT.parent / "shared"))
FOLDER = ROOT / "src/standoff/scenarios/eastern-syria-2023-v1"
DUE = [f"F{n}" for n in range(48, 67)]
MECHANISMS = [
    f"M{n:02d}"
    for n in (6, 7, 8, 10, 30, 31, *range(42, 47), *range(48, 54), *range(57, 65), *range(71, 80))
]  # fmt: skip
RIVALS = [  # the conflicting pairs of section 5 of the table of seeds
    ("aid-to-ukraine-brings-flights", "restraint-held-flights-back"),
    ("rumours-bring-local-attacks", "militias-draw-local-attacks"),
    ("attacks-lower-bar", "mixed-units-limit-answers"),
    ("low-bar-brings-strikes", "close-flights-limit-answers"),
]
# Forecasts that the source's own words put at the edge: an offensive of which nothing is seen, troops that stay.
AT_THE_EDGE = ("offensive-on-regime", "reinforcements-stay")


@cache
def scenario() -> Scenario:
    return load(NAME)


@cache
def program() -> tuple[Model, Program]:
    model = ground(scenario().resolved)
    return model, prepare(model)


@cache
def answers() -> np.ndarray:
    return np.array([run(program()[1], seed=5, run=r, record=False).answers for r in range(200)])


def asked(question: str) -> np.ndarray:
    return answers()[:, [str(q.name) for q in program()[0].questions].index(question)]


def carriers() -> dict[str, set[str]]:
    """For each mechanism, the locators of the rules, injects and words that carry it."""
    document = scenario().document
    found: dict[str, set[str]] = defaultdict(set)
    parts = [*document.rules.values(), *document.injects.values()]
    parts += [change for stance in document.stances.values() for change in stance.changes]
    parts += [*document.decisions.values()]
    parts += [option for decision in document.decisions.values() for option in decision.options.values()]
    for part in parts:
        for mechanism in part.mechanism:
            found[mechanism] |= {str(e.from_) for e in part.evidence}
    for line in document.red_lines.values():
        for mechanism in re.findall(r"M\d+", str(line.about)):
            found[mechanism] |= {str(e.from_) for e in line.evidence}
    return found


def locators_of_the_table() -> dict[str, set[str]]:
    table = SHARED / "SEEDS.md"
    if not table.exists():
        pytest.skip(f"{table} is not there")
    rows = re.findall(r"^\| (M\d+) \|.*\| ([^|]+) \|\s*$", table.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: set(re.findall(r"[a-z]+-\d{4}#p\d+", last)) for name, last in rows}


def test_every_mechanism_is_carried_by_a_rule_or_word_at_a_locator_of_the_table() -> None:
    found = carriers()
    assert [m for m in MECHANISMS if not found[m]] == []
    given = locators_of_the_table()
    assert [m for m in MECHANISMS if not found[m] & given[m]] == []


def test_every_mechanism_is_a_claim_at_a_locator_of_the_table() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for claim in scenario().document.claims.values():
        for mechanism in claim.mechanism:
            found[mechanism] |= {str(e.from_) for e in claim.evidence}
    assert [m for m in MECHANISMS if not found[m]] == []
    given = locators_of_the_table()
    assert [m for m in MECHANISMS if not found[m] & given[m]] == []


def test_conflicting_mechanisms_are_claims_that_name_each_other() -> None:
    claims = {str(name): claim for name, claim in scenario().document.claims.items()}
    for one, other in RIVALS:
        assert other in claims[one].against
        assert one in claims[other].against


def test_where_the_source_contradicts_itself_or_another_both_sides_are_evidence() -> None:
    parameters = scenario().document.parameters
    for name in ("zone_radius", "compensation", "steering", "bar_falls", "shield_weight", "purpose_iran"):
        assert {bool(e.contradicts) for e in parameters[name].evidence} == {False, True}, name


def test_it_starts_as_the_table_of_seeds_has_it() -> None:
    begin = scenario().document.begin
    holder = {str(p): str(a) for p, a in begin["holder"].items()}
    assert holder["tanf"] == "us"
    assert {holder[p] for p in ("omar", "conoco", "izba", "hajin", "raqqa", "shaddadi")} == {"sdf"}
    assert {holder[p] for p in ("deir_city", "mayadin", "albukamal", "khasham", "masrib", "palmyra")} == {"syr"}
    assert "isis" not in holder.values()
    assert holder == {str(p): str(a) for p, a in begin["told"].items()}
    assert {str(p) for p in scenario().document.places} - set(holder) == {"zarqa"}
    assert {str(a) for a in begin["line"]} == {"saa", "srg", "saa5c", "ibm"}


def test_the_land_link_is_open_from_the_start() -> None:
    record = run(program()[1], seed=1, run=0)
    model = program()[0]
    named = [model.rules[model.rule_of[int(g)]].name for g in record.rule]
    assert "land_link_opens" in named
    assert record.time[named.index("land_link_opens")] == 0


def test_shocks_known_only_later_are_off_and_all_others_are_known_beforehand() -> None:
    for name, inject in scenario().document.injects.items():
        later = any(evidence.hindsight for evidence in inject.evidence)
        assert not (later and inject.on), name
        assert later or inject.on or str(name) == "second_surge"


def test_nothing_that_runs_unasked_was_set_in_the_light_of_what_followed() -> None:
    theatre = load("eastern-syria-2017").document
    document = scenario().document
    marked = [
        str(name)
        for kind in ("parameters", "rules", "state", "questions", "red_lines")
        for name, part in getattr(document, kind).items()
        if any(evidence.hindsight for evidence in part.evidence) and name not in getattr(theatre, kind)
    ]
    assert marked == []


def forecast_shares() -> dict[str, float]:
    questions = scenario().document.questions.items()
    return {str(name): float(np.mean(asked(str(name)))) for name, question in questions if question.forecast}


def test_every_forecast_can_go_either_way() -> None:
    decided = {name: share for name, share in forecast_shares().items() if not 0.02 <= share <= 0.98}
    assert set(decided) <= set(AT_THE_EDGE), decided


def test_not_all_forecasts_lie_near_nought_or_one_or_one_half() -> None:
    shares = forecast_shares().values()
    between = [share for share in shares if 0.05 < share < 0.42 or 0.58 < share < 0.95]
    assert len(between) >= len(shares) / 2


def test_what_people_believe_moves_while_the_truth_does_not() -> None:
    model, compiled = program()
    record = run(compiled, seed=2, run=0)
    series = {column.name: record.series[:, i] for i, column in enumerate(model.series)}
    believed = series["belief[right_bank]"]
    assert np.ptp(believed) > 0.05
    assert np.ptp(series["offensive-planned"]) == 0
