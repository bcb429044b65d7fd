"""The bundled scenario of July 2018 holds what its source and the issue ask of it."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from standoff.engine import prepare, run
from standoff.model import ground
from standoff.scenario import Scenario, load

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("STANDOFF_SHARED", ROOT.parent / "shared"))
FOLDER = ROOT / "src/standoff/scenarios/eastern-syria-2018-v1"
NAME = "eastern-syria-2018"
FORECASTS = [f"F{n}" for n in range(23, 34)]
MECHANISMS = [f"M{n}" for n in (12, 14, 19, 32, 33, 34, 35, 36, 54, 55, 56, *range(80, 93))]
GREAT_DEALS = ("syria_for_iran", "syria_first", "iran_for_ukraine", "distance")


@cache
def scenario() -> Scenario:
    return load(NAME)


def carriers() -> dict[str, set[str]]:
    """For each mechanism, the locators of the rules and words that say they carry it."""
    document = scenario().document
    changes = [change for stance in document.stances.values() for change in stance.changes]
    options = [option for decision in document.decisions.values() for option in decision.options.values()]
    decided = [*document.decisions.values(), *options]
    parts = [*document.rules.values(), *document.deals.values(), *document.injects.values(), *changes, *decided]
    found: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        for mechanism in part.mechanism:
            found[mechanism] |= {str(evidence.from_) for evidence in part.evidence}
    return found


def rows() -> dict[str, str]:
    """The mechanisms of the table of seeds with their locators."""
    table = SHARED / "SEEDS.md"
    if not table.exists():
        pytest.skip(f"{table} is not there")
    return dict(re.findall(r"^\| (M\d+) \|.*\| ([^|]+) \|\s*$", table.read_text(encoding="utf-8"), re.MULTILINE))


def test_every_mechanism_is_carried_by_a_rule_or_word_with_a_locator_of_the_table() -> None:
    found = carriers()
    missing = [m for m in MECHANISMS if not found[m]]
    assert missing == []
    given = {name: set(re.findall(r"[a-z]+-\d{4}#p\d+", last)) for name, last in rows().items()}
    assert [m for m in MECHANISMS if not found[m] & given[m]] == []


def test_every_mechanism_is_tested_by_a_claim_with_a_locator_of_the_table() -> None:
    claims = scenario().document.claims.values()
    located: dict[str, set[str]] = defaultdict(set)
    for claim in claims:
        for mechanism in claim.mechanism:
            located[mechanism] |= {str(evidence.from_) for evidence in claim.evidence}
    given = {name: set(re.findall(r"[a-z]+-\d{4}#p\d+", last)) for name, last in rows().items()}
    assert [m for m in MECHANISMS if not located[m] & given[m]] == []


def test_the_start_is_that_of_the_table_of_seeds() -> None:
    begin = scenario().document.begin
    holder = {str(place): str(actor) for place, actor in begin["holder"].items()}
    expected = {"hajin": "isis", "tanf": "us", "albukamal": "syr", "qaim": "irq", "raqqa": "sdf", "dera": "syr"}
    assert {place: holder[place] for place in expected} == expected
    assert begin["told"] == begin["holder"]
    assert float(begin["us_troops"]) == 20
    assert float(begin["iran_distance"]) < 10


def test_whoever_a_deal_is_made_over_has_no_say_and_everyone_gains_or_loses_something() -> None:
    deals = scenario().document.deals
    silent = {name: {str(a) for a, party in deals[name].parties.items() if not party.must_agree} for name in deals}
    assert "irn" in silent["syria_for_iran"]
    assert {"irn", "ukr"} <= silent["iran_for_ukraine"]
    assert list(deals["iran_for_ukraine"].after) == ["syria_first"]
    watched = {str(name) for name in scenario().expanded.watch}
    assert {f"deal-{name.replace('_', '-')}" for name in GREAT_DEALS} <= watched
    assert "surplus-iran-for-ukraine-us" in watched


def test_what_is_taken_from_later_documents_is_marked_as_hindsight() -> None:
    document = scenario().document
    sections = (
        document.parameters, document.rules, document.state, document.deals, document.injects, document.decisions,
    )  # fmt: skip
    parts = [(name, part) for section in sections for name, part in section.items()]
    later = ("brussels-2021", "isw-2023")
    unmarked = [
        f"{name}: {evidence.from_}"
        for name, part in parts
        for evidence in part.evidence
        if str(evidence.from_).startswith(later) and not evidence.hindsight
    ]
    # Two rules of the theatre say so for all its scenarios.
    assert unmarked == []


def test_injects_known_only_later_are_off() -> None:
    for inject in scenario().document.injects.values():
        later = any(evidence.hindsight and not evidence.contradicts for evidence in inject.evidence)
        assert inject.on != later


def test_most_questions_are_open_and_the_deals_that_the_source_doubts_are_rare() -> None:
    model = ground(scenario().resolved)
    program, names = prepare(model), [str(question.name) for question in scenario().resolved.questions]
    binary = [question.type == "binary" for question in scenario().resolved.questions]
    answers = np.array([run(program, seed=7, run=number, record=False).answers for number in range(200)])
    shares = {name: float(answers[:, i].mean()) for i, name in enumerate(names) if binary[i]}
    lively = [name for name, share in shares.items() if 0.02 <= share <= 0.98]
    assert len(lively) >= 0.6 * len(shares)
    assert shares["sanctions-for-iran"] < shares["distance-announced"]
    assert shares["iran-still-there"] > 0.8
