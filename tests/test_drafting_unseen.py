"""Texts that were coded before the rules ran on them: each draft stays as near to its bars as it has come."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from standoff.drafting import draft, has_parser
from standoff.engine import prepare, run
from standoff.evidence import read_paragraphs
from standoff.model import ground
from standoff.scenario import load
from verification.drafting.__main__ import draft_of, missed
from verification.drafting.corpora import seventh, tenth, texts
from verification.drafting.gold import read_judged
from verification.drafting.scores import Figure, together
from verification.drafting.sitting import sat

pytestmark = pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")
MISSED = {
    "a sixth text": {"sites within 15 km"},
    "a seventh text": set[str](),
    "an eighth text": {"events by hand (1): right", "mechanisms: recall", "sites within 15 km"},
    "a ninth text": set[str](),
    "a tenth text": set[str](),
    "an eleventh text": {"sites wrong by more than 50 km"},
    "a twelfth text": set[str](),
}  # fmt: skip
"""The bars that each misses. Passes and lakes are in no gazetteer of towns."""
DEVELOPED = [one for one in texts() if one.role == "development"]
UNSEEN = [one for one in texts() if one.role == "held out"]
SIZES = {
    "a sixth text": [19, 25, 24, 11, 18, 1], "a seventh text": [22, 17, 26, 9, 20, 1],
    "an eighth text": [20, 16, 27, 9, 16, 1], "a ninth text": [28, 23, 38, 17, 20, 2],
    "a tenth text": [30, 17, 21, 17, 22, 2], "an eleventh text": [44, 34, 24, 17, 24, 3],
    "a twelfth text": [36, 23, 33, 19, 23, 3], "a thirteenth text": [42, 28, 41, 17, 27, 3],
    "a fourteenth text": [34, 26, 26, 18, 20, 3],
}  # fmt: skip
READ = {
    "a sixth text": 39, "a seventh text": 30, "an eighth text": 15, "a ninth text": 25, "a thirteenth text": 32,
    "a fourteenth text": 26,
}  # fmt: skip
"""How many verdicts there are of events by hand; those of the tenth, the eleventh and the twelfth were not read."""


@pytest.fixture(scope="module")
def figures() -> dict[str, list[Figure]]:
    return {corpus.name: draft_of(corpus) for corpus in DEVELOPED}


def test_the_tables_of_all_texts_are_read_whole() -> None:
    for corpus in (*DEVELOPED, *UNSEEN):
        gold = corpus.gold()
        sizes = (gold.actors, gold.places, gold.events, gold.forecasts, gold.mechanisms, gold.conflicts)
        assert [len(one) for one in sizes] == SIZES[corpus.name]


def test_the_events_that_were_read_by_hand_have_one_verdict_in_a_sample() -> None:
    judged = {corpus.name: corpus.gold().judged for corpus in (*DEVELOPED, *UNSEEN)}
    assert {name: len(every) for name, every in judged.items() if every} == READ
    assert all(len({(one.sample, one.id) for one in every}) == len(every) for every in judged.values())


def test_every_row_of_a_table_names_a_paragraph_of_its_text_that_is_prose() -> None:
    for corpus in (*DEVELOPED, *UNSEEN):
        (file,), gold = corpus.files, corpus.gold()
        there = {(file.stem, number) for number in range(1, len(read_paragraphs(file)) + 1)}
        furniture = {(file.stem, number) for number in corpus.furniture[file.stem]}
        rows = (*gold.actors, *gold.places, *gold.events, *gold.forecasts, *gold.mechanisms)
        named = {one for row in rows for one in row.locators} | {one for one, _ in corpus.numbers}
        assert furniture <= there and named <= there - furniture


def test_a_version_of_a_contradiction_with_a_unit_is_a_number_and_a_day_is_none() -> None:
    assert [row.counts for row in tenth().gold().conflicts] == [True, False]


@pytest.mark.parametrize("name", MISSED)
def test_no_bar_is_missed_but_those_that_are_known_to_be(figures: dict[str, list[Figure]], name: str) -> None:
    bars = [one for one in figures[name] if one.verdict]
    assert {one.what for one in bars if one.verdict == "MISSES"} == MISSED[name]
    assert len(bars) == 19 + 2 * (name in READ) + any(one.what == "contradictions: others" for one in bars)


def test_no_text_of_development_makes_the_command_fail(figures: dict[str, list[Figure]]) -> None:
    for corpus in DEVELOPED:
        assert missed(corpus, [replace(one, value=-1.0) for one in figures[corpus.name]]) == []


def test_texts_are_counted_together_by_their_rows_and_decide_nothing_alone(figures: dict[str, list[Figure]]) -> None:
    found = {one.what: one for one in together([figures["an eleventh text"], figures["a twelfth text"]])}
    assert (found["events: type"].whole, found["furniture"].whole) == (57, 8)
    assert [found[f"events: {what}"].verdict for what in ("type", "and an actor", "and the day")] == ["meets"] * 3
    assert found["events: precision of the type"].value > 0.75  # 0.66 before the rules were mended for them
    assert not any(corpus.decides for corpus in DEVELOPED)


def test_texts_that_no_rule_was_changed_for_miss_no_bar_together() -> None:
    unseen = together([draft_of(corpus) for corpus in UNSEEN])
    assert [one.what for one in unseen if one.verdict == "MISSES"] == []
    found = {one.what: one for one in unseen}
    assert (found["events: type"].whole, found["actors: recall"].whole, found["furniture"].whole) == (67, 76, 8)


def test_figures_are_pooled_by_their_counts() -> None:
    one = Figure("events: type", 1.0, "1 of 1", least=0.65, part=1, whole=1, pooled="events: type")
    other = replace(one, value=0.0, of="0 of 3", part=0, whole=3)
    (both,) = together([[one, Figure("memory", 200.0, "")], [other]])
    assert (both.value, both.of, both.verdict) == (0.25, "1 of 4", "MISSES")  # and not the mean of both shares


def test_a_review_at_the_desk_asks_less_than_was_found_and_makes_a_scenario_that_runs(tmp_path: Path) -> None:
    corpus = seventh()
    one = sat(draft(corpus.files, into=tmp_path, dated=corpus.dated), corpus)
    assert one.errors == [] and len(one.lines) < one.candidates and one.keystrokes < 2.2 * one.candidates
    assert one.written.entries["record"] >= 8  # what was told of the year before the text
    program = prepare(ground(load(tmp_path / "scenario.yaml").resolved))
    assert program.model.days > 365 and len(run(program, seed=1, run=0).time) == 0  # it has no rule yet


def test_a_verdict_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "judged.csv"
    file.write_text("sample,id,verdict,reason\n1,ev-1,maybe,who knows\n", encoding="utf-8")
    with pytest.raises(ValueError, match="maybe"):
        read_judged(file)
