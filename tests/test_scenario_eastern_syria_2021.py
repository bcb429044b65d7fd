"""The bundled scenario of Iraq and eastern Syria in 2021 holds what its sources and the issue ask of it."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from standoff.analysis import answer
from standoff.ensemble import NumberAnswer, run_many
from standoff.scenario import Scenario, load

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("STANDOFF_SHARED", ROOT.parent / "shared"))
NAME = "eastern-syria-2021"
FOLDER = ROOT / f"src/standoff/scenarios/{NAME}-v1"
PAGE = ROOT / f"docs/{NAME}.md"
DUE = [f"F{n}" for n in range(34, 48)]
NUMBERS = (7, 12, 14, 15, 19, 49, 53, 65, 66, 67, 68, 69, 70, 71, 75, 76, 91, 93, 94, 95, 96, 97, 98)
MECHANISMS = [f"M{n:02d}" for n in NUMBERS]


@cache
def scenario() -> Scenario:
    return load(NAME)


def carriers() -> dict[str, set[str]]:
    """For each mechanism, the locators of the rules and words that say they carry it."""
    document = scenario().document
    found: dict[str, set[str]] = defaultdict(set)
    changes = [change for stance in document.stances.values() for change in stance.changes]
    options = [option for decision in document.decisions.values() for option in decision.options.values()]
    for part in [*document.rules.values(), *changes, *document.decisions.values(), *options]:
        for mechanism in part.mechanism:
            found[mechanism] |= {str(evidence.from_) for evidence in part.evidence}
    for word in [*document.red_lines.values(), *document.corridors.values()]:
        for mechanism in re.findall(r"M\d+", str(word.about)):
            found[mechanism] |= {str(evidence.from_) for evidence in word.evidence}
    return found


def test_every_mechanism_of_2021_is_carried_by_a_rule_or_word_and_by_a_claim() -> None:
    claimed = {str(m) for claim in scenario().document.claims.values() for m in claim.mechanism}
    assert [m for m in MECHANISMS if not carriers().get(m)] == []
    assert [m for m in MECHANISMS if m not in claimed] == []
    assert [name for name, claim in scenario().document.claims.items() if not claim.evidence] == []


def test_every_mechanism_and_claim_names_a_locator_of_the_table_of_seeds() -> None:
    table = SHARED / "SEEDS.md"
    if not table.exists():
        pytest.skip(f"{table} is not there")
    rows = re.findall(r"^\| (M\d+) \|.*\| ([^|]+) \|\s*$", table.read_text(encoding="utf-8"), re.MULTILINE)
    given = {name: set(re.findall(r"[a-z]+-\d{4}#p\d+", last)) for name, last in rows}
    assert [m for m in MECHANISMS if not carriers()[m] & given[m]] == []
    for name, claim in scenario().document.claims.items():
        locators = {str(evidence.from_) for evidence in claim.evidence}
        assert [m for m in claim.mechanism if not locators & given[str(m)]] == [], name


def test_the_start_is_that_of_july_2021() -> None:
    begin = {
        state.name: {"/".join(map(str, i)): v for i, v in state.begin} for state in scenario().resolved.states.values()
    }
    holder = {place: getattr(node, "name", None) for place, node in begin["holder"].items()}
    told = {place: getattr(node, "name", None) for place, node in begin["told"].items()}
    facts = {
        "tanf": "us", "deir_city": "syr", "albukamal": "syr", "omar": "sdf", "conoco": "sdf", "raqqa": "sdf",
        "qaim": "irq", "waleed": "irq", "embassy": "us", "palmyra": "syr", "hajin": "sdf",
    }  # fmt: skip
    assert {place: holder[place] for place in facts} == facts
    assert holder == told
    assert "isis" not in holder.values()
    troops = {key.split("/")[1]: node.value for key, node in begin["force"].items() if key.startswith("ussof/")}
    in_syria = sum(troops.pop(place) for place in ("tanf", "omar", "conoco", "shaddadi"))
    assert in_syria * 120 == pytest.approx(900)
    assert sum(troops.values()) * 120 == pytest.approx(2500, abs=60)


def test_what_the_text_of_2023_gave_is_marked_as_hindsight() -> None:
    document = scenario().document
    named = [
        *document.parameters.items(),
        *document.rules.items(),
        *document.claims.items(),
        *document.red_lines.items(),
    ]
    theatre = {"cells_regrow", "isis_raids", "isis_leaves"}
    unmarked = [
        f"{name}: {evidence.from_}"
        for name, part in named
        for evidence in part.evidence
        if str(evidence.from_).startswith("isw-2023") and not evidence.hindsight and name not in theatre
    ]
    assert unmarked == []


def test_shocks_that_were_known_later_are_off() -> None:
    for inject in scenario().document.injects.values():
        if any(evidence.hindsight for evidence in inject.evidence):
            assert inject.on is False
    assert scenario().document.injects["iraq_votes"].on


def test_whether_answers_come_easier_is_held_both_ways() -> None:
    claims = scenario().document.claims
    assert "flights-hold-answers-back" in claims["lower-bar-more-strikes"].against
    assert "lower-bar-more-strikes" in claims["flights-hold-answers-back"].against
    weight = scenario().document.parameters["shield_weight"]
    assert {str(e.from_) for e in weight.evidence} == {"isw-2023#p24", "brussels-2021#p6"}


def test_most_answers_of_2021_are_open_and_differ() -> None:
    answers = answer(run_many(scenario(), runs=200, seed=1))
    shares = [one.chance.probability for one in answers if not isinstance(one, NumberAnswer)]
    assert len(shares) > 20
    assert sum(0.02 < share < 0.98 for share in shares) >= len(shares) - 3
    assert min(shares) < 0.2
    assert max(shares) > 0.8
    assert sum(0.35 < share < 0.65 for share in shares) < len(shares) / 2
