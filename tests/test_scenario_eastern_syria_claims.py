"""What the documents of 2017 say causes what is a claim of the scenario, and the model agrees or it is said why not."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest

from standoff.analysis import try_claims
from standoff.scenario import Scenario, load

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("STANDOFF_SHARED", ROOT.parent / "shared"))
OF_2017 = (*range(1, 6), 9, *range(11, 30), 37, 38, 39, 40, 41, 47, 86, 99, 100)
MECHANISMS = [f"M{n:02d}" for n in OF_2017]
LATER = ("aljazeera-2018", "brussels-2021", "isw-2023")
# Of contradicting sources one side at most can hold; the page of the scenario says why this one does not.
EXPLAINED = ("small-ring-draws-fire",)


@cache
def scenario() -> Scenario:
    return load("eastern-syria-2017")


def carried() -> set[str]:
    """The mechanisms that a rule, an inject, a decision, a change of stance or a red line says it carries."""
    document = scenario().document
    parts = [*document.rules.values(), *document.injects.values()]
    parts += [change for stance in document.stances.values() for change in stance.changes]
    parts += [*document.decisions.values()]
    parts += [option for decision in document.decisions.values() for option in decision.options.values()]
    told = {mechanism for part in parts for mechanism in part.mechanism}
    return told | {found for line in document.red_lines.values() for found in re.findall(r"M\d+", str(line.about))}


def test_every_mechanism_of_the_two_documents_is_carried_by_a_rule_or_word_and_by_a_claim() -> None:
    claimed = {mechanism for claim in scenario().document.claims.values() for mechanism in claim.mechanism}
    assert [m for m in MECHANISMS if m not in carried()] == []
    assert [m for m in MECHANISMS if m not in claimed] == []


def test_every_claim_is_of_a_mechanism_that_something_carries() -> None:
    claims = scenario().document.claims
    assert [(name, m) for name, claim in claims.items() for m in claim.mechanism if m not in carried()] == []


def test_every_mechanism_has_a_claim_with_a_locator_that_the_table_of_seeds_gives_it() -> None:
    table = SHARED / "SEEDS.md"
    if not table.exists():
        pytest.skip(f"{table} is not there")
    rows = re.findall(r"^\| (M\d+) \|.*\| ([^|]+) \|\s*$", table.read_text(encoding="utf-8"), re.MULTILINE)
    given = {name: set(re.findall(r"[a-z]+-\d{4}#p\d+", last)) for name, last in rows}
    claims = scenario().document.claims.values()
    cited = {m: {str(e.from_) for claim in claims if m in claim.mechanism for e in claim.evidence} for m in MECHANISMS}
    assert [m for m in MECHANISMS if not cited[m] & given[m]] == []


def test_every_claim_has_evidence_and_what_later_documents_say_is_marked_as_hindsight() -> None:
    claims = scenario().document.claims
    assert [name for name, claim in claims.items() if not claim.evidence] == []
    unmarked = [
        (name, str(evidence.from_))
        for name, claim in claims.items()
        for evidence in claim.evidence
        if str(evidence.from_).startswith(LATER) and not evidence.hindsight
    ]
    assert unmarked == []


def test_the_page_says_why_a_claim_does_not_hold() -> None:
    page = (ROOT / "docs/eastern-syria-2017.md").read_text(encoding="utf-8")
    assert set(EXPLAINED) < set(scenario().document.claims)
    assert [name for name in EXPLAINED if f"`{name}`" not in page] == []


@pytest.mark.skipif("STANDOFF_VERIFY" not in os.environ, reason="compiles all claims of 2017: make verify runs it")
@pytest.mark.statistical(false_alarm=0)
@pytest.mark.timeout(120)  # with nothing compiled yet, and others at work on the machine
def test_quick_claims_hold_and_the_smaller_ring_is_refuted() -> None:
    quick = ("basing-extends-reach", "rebel-advance-brings-russian-bombs")
    found = try_claims(scenario(), seed=1, at_most=100, only=(*quick, "small-ring-draws-fire")).claims
    assert {claim.id: claim.verdict for claim in found} == {
        **dict.fromkeys(quick, "holds"),
        "small-ring-draws-fire": "reversed",
    }
