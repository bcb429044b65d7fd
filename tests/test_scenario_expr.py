"""Expressions: exact trees, types and units, and every refusal with its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.errors import Fault, Faults
from standoff.scenario.expression.expr import parse, read_domain
from standoff.scenario.expression.names import Scope
from standoff.scenario.expression.spelling import spelled
from standoff.scenario.reading.source import Words, read
from standoff.scenario.tree import (
    Binary,
    Choose,
    Constant,
    Domain,
    Entity,
    Fold,
    Node,
    Pick,
    StateValue,
    Text,
    Truth,
    Variable,
)
from standoff.scenario.walks import reads
from tests.made_scope import ACTOR, ALARM, MOOD, NUMBER, PLACE, SCOPE, STILL, TRUTH, names


def told(text: str, scope: Scope = STILL) -> tuple[Fault, ...]:
    with pytest.raises(Faults) as caught:
        parse(text, scope)
    return caught.value.faults


def with_defines(**defines: tuple[dict[str, str], str]) -> Scope:
    table = names()
    table.defines = {name: of for name, (of, _) in defines.items()}

    def body_of(name: str) -> Node:
        of, text = defines[name]
        return parse(text, Scope(table, of))

    table.body_of = body_of
    return replace(STILL, names=table)


# -- what is read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "again", "type_", "unit"),
    [
        ("1.5", "1.5", NUMBER, None),
        ("True", "true", TRUTH, None),
        ("false", "false", TRUTH, None),
        ("'town'", "'town'", Text(), None),
        ("force[a, p]", "force[a, p]", NUMBER, "company"),
        ("force[holder[p], q]", "force[holder[p], q]", NUMBER, "company"),
        ("2*(1+total)**2", "2 * (1 + total) ** 2", NUMBER, None),
        ("-total ** 2", "-total ** 2", NUMBER, None),
        ("(-2) ** 2", "(-2) ** 2", NUMBER, None),
        ("daring*force[a,p]", "daring * force[a, p]", NUMBER, "company/day"),
        ("0.02 * force[a, p]", "0.02 * force[a, p]", NUMBER, None),
        ("force[a, p] + 1", "force[a, p] + 1", NUMBER, "company"),
        ("force[a, p] ** 2", "force[a, p] ** 2", NUMBER, "company^2"),
        ("force[a, p] / force[a, q]", "force[a, p] / force[a, q]", NUMBER, "1"),
        ("exp(total)", "exp(total)", NUMBER, "1"),
        ("abs(-reach)", "abs(-reach)", NUMBER, "km"),
        ("max(1, total, 3)", "max(max(1, total), 3)", NUMBER, None),
        ("0 < total <= 3", "0 < total and total <= 3", TRUTH, None),
        ("not open or open and total > 1", "not open or open and total > 1", TRUTH, None),
        ("holder[p] == none", "holder[p] == none", TRUTH, None),
        ("none != holder[p]", "none != holder[p]", TRUTH, None),
        ("mood[a] == calm", "mood[a] == calm", TRUTH, None),
        ("a in reds", "a in reds", TRUTH, None),
        ("a not in reds", "not a in reds", TRUTH, None),
        ("road(p, ford) and hosts(a, p)", "road(p, ford) and hosts(a, p)", TRUTH, None),
        ("distance(p, q) < reach", "distance(p, q) < reach", TRUTH, None),
        ("a.patron", "a.patron", ACTOR, None),
        ("holder[p].kind == 'state'", "holder[p].kind == 'state'", TRUTH, None),
        ("sum(force[b, p] for b in actor if b != a)", "sum(force[b, p] for b in actor if b != a)", NUMBER, "company"),
        ("count(x for x in road(p))", "count(x for x in road(p))", NUMBER, None),
        ("any(open for x in place)", "any(open for x in place)", TRUTH, None),
        ("count(advance)", "count(advance)", NUMBER, None),
        ("t - date('2017-07-01')", "t - 31", NUMBER, "day"),
        ("blue if open else red", "blue if open else red", ACTOR, None),
        ("none if open else red", "none if open else red", ACTOR, None),
        ("(1 if open else 2) + 1", "(1 if open else 2) + 1", NUMBER, None),
    ],
)
def test_an_expression_is_read_with_its_type_and_unit(text: str, again: str, type_: object, unit: str | None) -> None:
    node = parse(text, STILL)
    assert spelled(node) == again
    assert node.type == type_
    assert (None if node.unit is None else str(node.unit)) == unit


def test_a_tree_is_what_it_should_be_node_by_node() -> None:
    assert parse("force[holder[p], ford] >= 2", STILL) == Binary(
        type=TRUTH,
        op=">=",
        left=StateValue(
            type=NUMBER,
            name="force",
            indices=(
                StateValue(type=ACTOR, name="holder", indices=(Variable(type=PLACE, name="p"),)),
                Entity(type=PLACE, name="ford"),
            ),
        ),
        right=Constant(type=NUMBER, value=2.0),
    )


def test_a_count_has_a_body_of_one_and_keeps_its_condition() -> None:
    assert parse("count(b for b in reds if b != a)", STILL) == Fold(
        type=NUMBER,
        op="count",
        variable="b",
        domain=Domain("group", "reds", "actor"),
        where=Binary(type=TRUTH, op="!=", left=Variable(type=ACTOR, name="b"), right=Variable(type=ACTOR, name="a")),
        body=Constant(type=NUMBER, value=1.0),
    )


def test_a_level_takes_its_position_from_the_state_it_meets() -> None:
    here, there = parse("mood[a] == calm", STILL), parse("calm == alarm", STILL)
    assert isinstance(here, Binary)
    assert here.right == Constant(type=MOOD, value=0.0)
    assert isinstance(there, Binary)
    assert there.left == Constant(type=ALARM, value=1.0)
    chosen = parse("mood[a] == (calm if open else alert)", STILL)
    assert isinstance(chosen, Binary)
    assert isinstance(chosen.right, Choose)
    assert chosen.right.then == Constant(type=MOOD, value=0.0)


def test_a_level_of_several_states_with_nothing_to_tell_them_apart_is_refused() -> None:
    (fault,) = told("calm == calm")[:1]
    assert (fault.code, fault.hint) == ("SD304", "compare it with a state")


def test_the_span_of_a_node_covers_the_words_of_the_author() -> None:
    text = "  total + force[a, p]"
    node = parse(text, STILL)
    assert isinstance(node, Binary)
    inside = text.strip()
    assert [inside[slice(*part.span)] for part in (node, node.left, node.right)] == [inside, "total", "force[a, p]"]


def test_spans_are_counted_in_characters_where_a_text_is_not_ascii() -> None:
    text = "a.kind == 'é' and force[b, p] > 1"
    (fault,) = told(text)
    assert fault.found == "unknown actor 'b'"
    node = parse("a.kind == 'é' and open", STILL)
    assert isinstance(node, Binary)
    assert "a.kind == 'é' and open"[slice(*node.right.span)] == "open"


def test_a_choice_needs_no_brackets_around_its_members() -> None:
    text = "choice(x for x in road(p) if holder[x] == a, weight=1 + force[a, x])"
    node = parse(text, SCOPE)
    assert isinstance(node, Pick)
    assert node.domain == Domain("relation", "road", "place", Variable(type=PLACE, name="p"))
    assert node.weight is not None
    assert spelled(node.weight) == "1 + force[a, x]"
    assert spelled(node) == text
    assert node.span == (0, len(text))


def test_the_partners_of_an_entity_that_changes_are_members_of_the_kind_that_are_related_to_it() -> None:
    assert spelled(parse("sum(stock[x] for x in road(base[a]) if open)", STILL)) == (
        "sum(stock[x] for x in place if road(base[a], x) and open)"
    )


def test_a_domain_is_a_kind_a_group_or_the_partners_of_an_entity() -> None:
    assert read_domain("actor", STILL) == Domain("kind", "actor", "actor")
    assert read_domain("reds", STILL) == Domain("group", "reds", "actor")
    assert read_domain("hosts(red)", STILL) == Domain(
        "relation", "hosts", "place", Entity(type=ACTOR, name="red")
    )
    with pytest.raises(Faults, match="'actors'"):
        read_domain("actors", STILL)


def test_what_an_expression_reads_is_told() -> None:
    found = reads(parse("daring * sum(force[b, p] for b in actor) * count(advance) * t", STILL))
    assert found.states == {"force"}
    assert found.parameters == {"daring"}
    assert found.firings == {"advance"}
    assert found.variables == {"p"}
    assert found.time
    assert not found.draws


# -- defines ---------------------------------------------------------------------------------------------------------


def test_a_define_is_put_in_with_its_arguments() -> None:
    scope = with_defines(near=({"x": "place"}, "distance(x, ford) < reach"), pressure=({}, "total + 1"))
    assert spelled(parse("near(q) and pressure > 2", scope)) == "distance(q, ford) < reach and total + 1 > 2"
    assert parse("q in near", scope) == parse("near(q)", scope)


def test_a_define_captures_no_variable_of_its_caller() -> None:
    scope = with_defines(inflow=({"x": "place"}, "sum(stock[q] for q in road(x) if q != x)"))
    node = parse("inflow(q)", scope)
    assert spelled(node) == "sum(stock[q_2] for q_2 in road(q) if q_2 != q)"


def test_a_define_of_a_changing_place_keeps_its_meaning_inside_a_sum() -> None:
    scope = with_defines(inflow=({"x": "place"}, "count(y for y in road(x))"))
    assert spelled(parse("inflow(base[a])", scope)) == "count(y for y in place if road(base[a], y))"


def test_a_draw_is_no_argument_of_a_define_for_it_would_be_made_twice() -> None:
    scope = replace(with_defines(twice=({"x": "place"}, "stock[x] + stock[x]")), draws=True)
    assert told("twice(choice(x for x in place))", scope)[0].code == "SD308"


# -- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "words", "hint"),
    [
        ("", "SD301", "", None),
        ("total +", "SD301", None, None),
        ("total = 1", "SD301", "=", "'==' compares"),
        ("total > 1_000", "SD301", "1_000", "write 1000"),
        ("total > 0x10", "SD301", "0x10", "write 16"),
        ("total > 1e3 and total < 0b11", "SD301", "0b11", "write 3"),
        ("open && open", "SD301", "&&", "write 'and'"),
        ("total ≥ 2", "SD301", "≥", "write >="),
        ("total > 2 # much", "SD302", "#", "put the comment on a line of its own"),
        ("(total", "SD301", "(", None),
        ("total) or (open", "SD301", None, None),
        ("__import__('os')", "SD302", "__import__('os')", None),
        ("a.__class__", "SD302", "a.__class__", None),
        ("lambda: 1", "SD302", "lambda: 1", "give it a name under define:"),
        ("[1, 2]", "SD302", "[1, 2]", "name the set under groups:"),
        ("total // 2", "SD302", "total // 2", "write floor(a / b)"),
        ("total ^ 2", "SD302", "total ^ 2", "powers are written **"),
        ("(x := 1)", "SD302", "x := 1", None),
        ("f'{a}'", "SD302", "f'{a}'", "put texts in quotes: 'town'"),
        ("b'a'", "SD302", "b'a'", None),
        ("1j", "SD302", "1j", None),
        ("...", "SD302", "...", None),
        ("force[a, :]", "SD302", ":", None),
        ("a is red", "SD302", "a is red", None),
        ("force(a, p)", "SD302", "force(a, p)", "write force[a, p]"),
        ("q in road(p)", "SD302", "q in road(p)", "write road(p, q)"),
        ("max(total, key=1)", "SD302", None, None),
        ("sum(1 for x in actor for y in place)", "SD302", None, None),
        ("frod", "SD303", "frod", "did you mean 'ford'?"),
        ("stock[frod]", "SD303", "frod", "did you mean 'ford'?"),
        ("forec[a, p]", "SD303", "forec", "did you mean 'force'?"),
        ("mood[a] == alret", "SD303", "alret", "did you mean 'alert'?"),
        ("sqr(total)", "SD303", "sqr", "did you mean 'sqrt'?"),
        ("p.oill", "SD303", "p.oill", "did you mean 'oil'?"),
        ("count(advanse)", "SD303", "advanse", "did you mean 'advance'?"),
        ("a in redz", "SD303", "redz", "did you mean 'reds'?"),
        ("sum(1 for x in actr)", "SD303", "actr", "did you mean 'actor'?"),
        ("total + open", "SD304", "open", None),
        ("'a' + 1", "SD304", "'a'", None),
        ("stock[a]", "SD304", "a", None),
        ("holder[p] == 'red'", "SD304", "'red'", None),
        ("mood[a] < alert", "SD304", "mood[a] < alert", None),
        ("mood[a] == loud", "SD304", "loud", None),
        ("reds", "SD304", "reds", None),
        ("advance", "SD304", "advance", "count(advance) is how often it has fired"),
        ("exp", "SD304", "exp", "write exp(…)"),
        ("none", "SD304", "none", None),
        ("road(p)", "SD304", "road(p)", None),
        ("1 if total else 2", "SD304", "total", "compare it: total > 0"),
        ("stock", "SD305", "stock", None),
        ("total[p]", "SD305", "total[p]", None),
        ("log(1, 2)", "SD305", "log(1, 2)", None),
        ("distance(p)", "SD305", "distance(p)", None),
        ("sum(total)", "SD305", "sum(total)", None),
        ("reach + force[a, p]", "SD306", "reach + force[a, p]", None),
        ("reach < daring", "SD306", "reach < daring", None),
        ("min(reach, daring)", "SD306", "min(reach, daring)", None),
        ("poisson(2)", "SD308", "poisson(2)", None),
        ("choice(x for x in place)", "SD308", "choice(x for x in place)", None),
        ("total / (1 - 1)", "SD312", "total / (1 - 1)", None),
        ("1e999", "SD312", "1e999", None),
        ("sum(1 for a in place)", "SD209", "a", "give the variable another name"),
        ("date('2017-02-30')", "SD205", "'2017-02-30'", None),
    ],
)
def test_what_is_wrong_is_told_at_the_words_that_are_wrong(
    text: str, code: str, words: str | None, hint: str | None, tmp_path: Path
) -> None:
    # Read from a file, so that the place is the one a user sees.
    path = tmp_path / "x.yaml"
    quoted = '"' + text.replace('"', '\\"') + '"'
    path.write_text(f"a: 1\nwhen:   {quoted}\n", encoding="utf-8")
    (fault, *others) = told(read(path).data["when"])
    assert (fault.code, others) == (code, [])
    assert fault.location is not None
    assert (fault.location.file, fault.location.line) == (str(path), 2) or fault.location.line == 2
    if words is not None:
        start = fault.location.column - 1
        assert fault.location.text[start : start + max(fault.width, len(words))].startswith(words)
        assert fault.width == max(1, len(words))
    if hint is not None:
        assert fault.hint == hint


def test_all_mistakes_of_an_expression_are_told_at_once() -> None:
    faults = told("force[frod, p] + log(hodler[p], 2) > 2 and exp(total, total) < reach + daring")
    assert [fault.code for fault in faults] == ["SD303", "SD305", "SD305", "SD306"]


def test_a_draw_with_an_impossible_constant_is_refused() -> None:
    assert told("chance(1.5)", SCOPE)[0].code == "SD312"
    assert told("binomial(3, -0.1)", SCOPE)[0].code == "SD312"
    assert told("poisson(-1)", SCOPE)[0].code == "SD312"
    assert told("uniform(2, 1)", SCOPE)[0].code == "SD312"
    assert isinstance(parse("chance(0.5)", SCOPE).type, Truth)


def test_a_draw_in_the_middle_of_a_chain_would_be_made_twice() -> None:
    assert told("0 < poisson(1) < 3", SCOPE)[0].code == "SD308"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 300 + "1" + ")" * 300,
        "-" * 1900 + "1",
        "not " * 490 + "open",
        "1" + "+1" * 990,
        "1" + "**1" * 600,
        "a" + ".patron" * 280,
        "stock[" * 300 + "p" + "]" * 300,
        "1 if open else " * 130 + "1",
        "abs(" * 150 + "1" + ")" * 150,
        "[" * 1900,
        "(" * 1900,
        "lambda: " * 240 + "1",
        "open" + " and open" * 1000,
        "choice(" * 280,
        "9" * 1999,
        "\x00",
        "a\u2028b",
        "'" * 1999,
        "f'" + "{" * 500,
    ],
    ids=range(19),
)
def test_a_hostile_text_is_refused_and_never_breaks_the_reader(text: str) -> None:
    assert {fault.code for fault in told(text)} <= {"SD301", "SD302", "SD312"}


@given(st.text(alphabet="apq01.+-*/()[]<>=!, 'forinandlestk_xyz\n#{}\\", max_size=60))
@settings(max_examples=300)
def test_any_text_is_read_or_refused_with_a_fault(text: str) -> None:
    try:
        node = parse(text, SCOPE)
    except Faults as caught:
        codes = {fault.code[:3] for fault in caught.faults}
    else:
        codes = {"SD3"}
        assert parse(spelled(node), SCOPE) == node
    assert codes
    assert codes <= {"SD2", "SD3"}


def test_a_word_without_a_place_can_be_read() -> None:
    assert parse(Words("total + 1"), STILL) == parse("total + 1", STILL)
