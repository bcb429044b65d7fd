"""What every scenario of the theatre holds, and what all of them together owe to the table of seeds."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from standoff.scenario import Document, Evidence, check
from tests.proofs import THEATRE, dated, each_bundled

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("STANDOFF_SHARED", ROOT.parent / "shared"))
FOLDERS = ROOT / "src" / "standoff" / "scenarios"
FILES = sorted(FOLDERS.glob("**/*.yaml"))
PAGES = sorted((ROOT / "docs").glob("eastern-syria-*.md"))
NAMES = THEATRE
FORECASTS = [f"F{number:02d}" for number in range(1, 67)]
MECHANISMS = [f"M{number:02d}" for number in range(1, 101)]
LOCATOR = re.compile(r"[a-z]+-\d{4}#p\d+")


def document_of(name: str) -> Document:
    return dated(int(name.split("-")[2])).document


def seeds(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path


def carriers(document: Document) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
    """Every mechanism that a rule or a word says it carries, with the word's evidence."""
    changes = [change for stance in document.stances.values() for change in stance.changes]
    options = [option for decision in document.decisions.values() for option in decision.options.values()]
    words = (*document.rules.values(), *document.deals.values(), *document.injects.values(), *changes)
    for part in (*words, *document.decisions.values(), *options):
        yield from ((str(mechanism), part.evidence) for mechanism in part.mechanism)
    for line in document.red_lines.values():
        yield from ((mechanism, line.evidence) for mechanism in re.findall(r"M\d+", str(line.about)))
    yield from ((str(mechanism), given.evidence) for mechanism, given in document.mechanisms.items())


def gathered(pairs: Iterator[tuple[str, tuple[Evidence, ...]]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for mechanism, evidence in pairs:
        found[mechanism] |= {str(piece.from_) for piece in evidence}
    return found


def claimed(document: Document) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
    for claim in document.claims.values():
        yield from ((str(mechanism), claim.evidence) for mechanism in claim.mechanism)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_bundled_scenario_has_no_fault_and_no_warning(name: str) -> None:
    # Its variants, its claims and its record are checked with it.
    assert [fault.render() for fault in check(name)] == []


@pytest.mark.parametrize("name", each_bundled())
def test_every_parameter_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    silent = [one for one, p in document_of(name).parameters.items() if not p.about or not p.evidence]
    assert silent == []


@pytest.mark.parametrize("name", each_bundled())
def test_claims_that_contradict_each_other_name_each_other(name: str) -> None:
    claims = document_of(name).claims
    pairs = {(one, str(other)) for one, claim in claims.items() for other in claim.against}
    assert pairs == {(other, one) for one, other in pairs}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name + "/" + file.name)
def test_the_files_of_a_scenario_stay_short(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 400


def _runs_of_eight(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))
    return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}


def test_no_eight_words_in_a_row_are_those_of_a_source() -> None:
    texts = {text.name: _runs_of_eight(text.read_text(encoding="utf-8")) for text in seeds("seeds").glob("*.txt")}
    assert len(texts) == 5
    taken = []
    for mine in (*FILES, *PAGES):
        runs = _runs_of_eight(mine.read_text(encoding="utf-8"))
        taken += [(mine.name, name, run) for name, theirs in texts.items() for run in runs & theirs]
    assert taken == []


@pytest.mark.slow
def test_every_mechanism_is_carried_and_is_a_claim_somewhere() -> None:
    carried = gathered(pair for name in NAMES for pair in carriers(document_of(name)))
    tested = gathered(pair for name in NAMES for pair in claimed(document_of(name)))
    assert [m for m in MECHANISMS if m not in carried] == []
    assert [m for m in MECHANISMS if m not in tested] == []


@pytest.mark.slow
def test_every_mechanism_rests_on_a_locator_that_the_table_of_seeds_gives_it() -> None:
    table = seeds("SEEDS.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (M\d+) \|.*\| ([^|]+) \|\s*$", table, re.MULTILINE)
    given = {name: set(LOCATOR.findall(last)) for name, last in rows}
    assert sorted(given) == sorted(MECHANISMS)
    for said in (carriers, claimed):
        found = gathered(pair for name in NAMES for pair in said(document_of(name)))
        assert [m for m in MECHANISMS if not found[m] & given[m]] == []


@pytest.mark.slow
def test_every_forecast_is_a_question_with_the_range_the_date_and_the_outcome_of_the_table() -> None:
    table = seeds("SEEDS.md").read_text(encoding="utf-8")
    row = r"^\| (F\d+) \| ([^|]+) \|.*?\| (\d{4}-\d\d-\d\d) \|[^|]+\| ([\d.]+)-([\d.]+)[ ci]* \| (\w+)"
    given = {
        name: (day, float(low), float(high), outcome.lower(), set(LOCATOR.findall(cited)))
        for name, cited, day, low, high, outcome in re.findall(row, table, re.MULTILINE)
    }
    assert sorted(given) == FORECASTS
    asked = {}
    for name in NAMES:
        for question in document_of(name).questions.values():
            forecast, recorded = question.forecast, question.recorded
            if forecast is not None and forecast.id is not None:
                assert recorded is not None and recorded.why, question.ask
                cited = {str(piece.from_) for piece in forecast.evidence}
                day = str(question.by or question.at)
                asked[str(forecast.id)] = (day, forecast.low, forecast.high, str(recorded.outcome), cited)
    assert {name: said for name, said in asked.items() if said != given[name]} == {}
    assert sorted(asked) == FORECASTS
