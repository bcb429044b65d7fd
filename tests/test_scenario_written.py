"""Expressions are put together from parts: names are renamed on the tree, brackets stand where they must."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from standoff.errors import Faults, Location
from standoff.scenario import Words, load
from standoff.scenario.expression.syntax import counts_in
from standoff.scenario.expression.written import (
    Each,
    Expressed,
    Said,
    alike,
    applied,
    assigned,
    belongs,
    called,
    chosen,
    indexed,
    written,
)

HEAD = """\
standoff: 1
title: a test
starts: 2020-01-01
ends: 2020-04-09
actors: {blue: {}, red: {patron: blue}}
places: {ford: {at: [34.1, 40.2], attributes: {spot: 1}}, mill: {at: [34.3, 40.4]}}
routes: [{between: [ford, mill]}]
state: {holder: {of: place, is: actor}, force: {of: [actor, place], at_least: 0}}
rules:
  advance:
    for: {a: actor, p: place, q: road(p)}
    when: force[a, p] >= 1
    rate: 0.1
    then: ["force[a, p] -= 1", "force[a, q] += 1"]
    event: ASSAULT (raid) by a on holder[q] at q
"""


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (applied("and", "x", Words("a == b and c")), "x and a == b and c"),
        (applied("and", "x", Words("a == b or c")), "x and (a == b or c)"),
        (applied("and", "x", Words("1 if a else 0")), "x and (1 if a else 0)"),
        (applied("not", Words("a and b")), "not (a and b)"),
        (applied("not", Words("a == b")), "not a == b"),
        (applied("*", Words("a + b"), "c"), "(a + b) * c"),
        (applied("*", Words("a * b"), "c"), "a * b * c"),
        (applied("-", "a", Words("b - c")), "a - (b - c)"),
        (applied("/", "a", Words("b * c")), "a / (b * c)"),
        (applied("**", Words("a ** b"), "c"), "(a ** b) ** c"),
        (applied("neg", Words("a + b")), "-(a + b)"),
        (applied("<", Words("a < b"), "c"), "(a < b) < c"),
        (applied("min", "a", Words("b + c")), "min(a, b + c)"),
        (applied("<=", called("distance", "p", "ford"), 25.0), "distance(p, ford) <= 25"),
        (belongs(Words("a if x else b"), "band"), "(a if x else b) in band"),
        (chosen(1, Words("a if b else c"), Words("d if e else f")), "1 if (a if b else c) else d if e else f"),
        (Each("any", indexed("reach", "q"), "q", called("road", "p")), "any(reach[q] for q in road(p))"),
        (applied("or", "x"), "x"),
    ],
)  # fmt: skip
def test_parts_are_bracketed_only_where_they_need_it(expression: Expressed, text: str) -> None:
    assert written(expression, "near") == text


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("spot.kind == 'spot' and spot in zone", "q.kind == 'spot' and q in zone"),
        ("q.spot > 0 and intruder.spot == spot", "q.spot > 0 and a.spot == q"),
        ("any(spot.held for spot in road(spot))", "any(spot.held for spot in road(q))"),
        ("sum(force[intruder, spot] for spot in place if spot != ford) > spot.km",
         "sum(force[a, spot] for spot in place if spot != ford) > q.km"),
        ("choice(spot for spot in road(spot) if spot != ford, weight=force[intruder, spot]) == spot",
         "choice(spot for spot in road(q) if spot != ford, weight=force[a, spot]) == q"),
        ("count(spot) > 0 and spot(spot)", "count(q) > 0 and spot(q)"),
        ("inspot + spotter + spot_2", "inspot + spotter + spot_2"),
        ("spot ==\n  intruder", "q ==\n  a"),
    ],
)  # fmt: skip
def test_names_are_renamed_where_they_are_names(words: str, text: str) -> None:
    assert written(Said(Words(words), {"spot": "q", "intruder": "a"}), "near") == text


def test_an_attribute_that_is_called_as_the_place_of_a_crossing_stays_what_it_is(tmp_path: Path) -> None:
    line = "red_lines: {entry: {of: blue, crossed_by: [{rule: advance, by: a, at: q, if: q.spot > 0}]}}\n"
    path = tmp_path / "scenario.yaml"
    path.write_text(HEAD + line, encoding="utf-8")
    assert "if: q.spot > 0" in load(path).expanded_text()


def test_a_fault_in_a_renamed_expression_points_at_the_authors_words(tmp_path: Path) -> None:
    line = "red_lines: {entry: {of: blue, seen: 'intruder.spt * 1', crossed_by: [{rule: advance, by: a, at: q}]}}\n"
    path = tmp_path / "scenario.yaml"
    path.write_text(HEAD + line, encoding="utf-8")
    with pytest.raises(Faults) as refused:
        load(path)
    place = refused.value.faults[0].location
    assert place is not None and place.text[place.column - 1 :].startswith("intruder.spt")


def test_every_part_points_at_the_words_that_it_was() -> None:
    one, other = (Words(text, Location("s.yaml", line, 5, text)) for text, line in (("a + b", 1), ("c", 2)))
    words = written(applied("*", one, applied("-", 1, other)), "near")
    assert words == "(a + b) * (1 - c)"
    lines = [place.line if (place := words.place(offset)) else None for offset in (0, 1, 5, 9, 15, 16)]
    assert lines == [1, 1, 1, 1, 2, 2]


def test_generated_parts_without_an_author_stand_where_the_word_stands() -> None:
    near = Words("entry", Location("s.yaml", 7, 3, "  entry:"))
    assert assigned(indexed("breaches", "a"), "+=", 1, near).location == near.location
    assert written(applied("not", Words("x")), "near").place(0) is None


def test_counts_are_found_in_the_tree() -> None:
    assert counts_in("count( strike ) > 1 and x == 'count(raid)'") == {"strike"}
    assert counts_in("n += 1 if c else count(strike)") == {"strike"}
    assert counts_in("recount(strike) + count(q for q in place)") == set()


def test_expressions_are_alike_whatever_their_blanks_and_brackets() -> None:
    assert alike("2", "(2)") and alike("a+b", "a  +  b") and not alike("a + b", "b + a")


def test_what_is_written_reads_back_as_the_same_tree() -> None:
    texts = ["a", "a + b", "a * b", "a - b", "a < b", "not a", "a and b", "a or b", "a if b else c", "-a", "a ** b"]
    for op in ("+", "-", "*", "/", "**", "<", "=="):
        for left in texts:
            for right in texts:
                found = written(applied(op, Words(left), Words(right)), "near")
                assert ast.dump(ast.parse(found, mode="eval")) == ast.dump(
                    ast.parse(f"({left}) {op} ({right})", mode="eval")
                )


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_what_no_scenario_can_write_is_refused(value: float) -> None:
    with pytest.raises(Faults, match="is not a number that can be written"):
        applied("*", "rate", value)
