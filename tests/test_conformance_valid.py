"""Every file in conformance/valid is accepted without a warning and expands to the form that is stored beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from standoff.scenario import Document, Resolved, check, claim_plans, dump, policy_plans
from tests.proofs import scenario_at

FOLDER = Path(__file__).resolve().parent.parent / "conformance" / "valid"
EXPANDED = sorted(FOLDER.glob("*.expanded.yaml"))
TESTED = sorted(FOLDER.glob("*.tested.yaml"))
SWITCHED = sorted(FOLDER.glob("*.switched.yaml"))
FILES = sorted({*FOLDER.glob("*.yaml")} - {*EXPANDED, *TESTED, *SWITCHED})


def test_there_is_a_valid_file_for_every_section_of_the_language() -> None:
    sections = {*Document.model_fields} - {"about", "include", "theatre", "variants"}
    texts = [path.read_text(encoding="utf-8") for path in FILES]
    assert [name for name in sections if not any(re.search(rf"^{name}:", text, re.MULTILINE) for text in texts)] == []


def test_every_valid_file_has_its_expanded_form_beside_it() -> None:
    assert [path.name for path in EXPANDED] == [path.with_suffix(".expanded.yaml").name for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_valid_file_is_accepted_without_faults_or_warnings(path: Path) -> None:
    assert "\n".join(map(str, check(path))) == ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_valid_file_expands_to_the_form_that_is_stored(path: Path) -> None:
    stored = path.with_suffix(".expanded.yaml").read_text(encoding="utf-8")
    assert scenario_at(path).expanded_text() == stored, "if this is meant, run `make golden` and read the diff"


@pytest.mark.parametrize("path", TESTED, ids=lambda path: path.stem)
def test_claims_are_tested_in_the_form_that_is_stored(path: Path) -> None:
    written = path.with_name(path.name.replace(".tested", ""))
    tested = dump(claim_plans(scenario_at(written)).expanded)
    assert tested == path.read_text(encoding="utf-8"), "if this is meant: `make golden`"
    assert scenario_at(path).expanded_text() == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SWITCHED, ids=lambda path: path.stem)
def test_policies_are_compared_in_the_form_that_is_stored(path: Path) -> None:
    written = path.with_name(path.name.replace(".switched", ""))
    switched = dump(policy_plans(scenario_at(written)).expanded)
    assert switched == path.read_text(encoding="utf-8"), "if this is meant: `make golden`"
    assert scenario_at(path).expanded_text() == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", EXPANDED, ids=lambda path: path.stem)
def test_an_expanded_form_expands_to_itself(path: Path) -> None:
    assert scenario_at(path).expanded_text() == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_and_its_expanded_form_are_the_same_scenario(path: Path) -> None:
    written, explicit = scenario_at(path), scenario_at(path.with_suffix(".expanded.yaml"))
    assert explicit.digest == written.digest
    assert _anywhere(explicit.resolved) == _anywhere(written.resolved)


def _anywhere(resolved: Resolved) -> Resolved:
    """The same without the lines in which its rules stand."""
    return replace(resolved, rules=tuple(replace(rule, where="") for rule in resolved.rules))


@pytest.mark.parametrize("path", EXPANDED, ids=lambda path: path.stem)
def test_no_answer_of_an_expanded_form_is_told_to_come_too_late(path: Path) -> None:
    assert "SD413" not in {warning.code for warning in scenario_at(path).warnings}
