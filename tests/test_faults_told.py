"""Mistakes are told with their line and their cure, all of a file at once, and what is right is not warned of."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from standoff.errors import Fault
from standoff.scenario import check
from standoff.scenario.expression.slips import coordinates_meant
from verification.faults.cases import SCENARIOS, handed_over, seeded, shared
from verification.faults.judging import judge
from verification.faults.mechanical import mechanical

Checks = Callable[[str], tuple[Fault, ...]]


@pytest.fixture
def told(tmp_path: Path) -> Checks:
    """What is told of a text."""

    def of(text: str) -> tuple[Fault, ...]:
        path = tmp_path / "scenario.yaml"
        path.write_text(text, encoding="utf-8")
        return check(path)

    return of


HEAD = """\
standoff: 1
title: t
starts: 2026-01-01
ends: 2026-12-31
actors: {a: {kind: state}, b: {kind: state}}
places: {p: {at: [0, 0]}, q: {at: [0, 1]}}
"""


@pytest.mark.parametrize("name", ["straits", "ridge", "pipeline"])
def test_a_scenario_in_which_mistakes_are_seeded_has_none_itself(name: str) -> None:
    assert check(SCENARIOS / f"{name}.yaml") == ()


def test_every_seeded_mistake_is_told_in_its_line_with_its_cure() -> None:
    missed = [one for one in judge(list(seeded())) if one.verdict != "told"]
    assert not missed, "\n".join(f"{one.mistake.kind}: {one.verdict}" for one in missed)


def test_a_sample_of_mistakes_made_by_rule_is_told() -> None:
    missed = [one for one in judge(list(mechanical())[::29]) if one.verdict != "told"]
    assert not missed, "\n".join(f"{one.mistake.name}: {one.verdict}" for one in missed)


@pytest.mark.slow
def test_95_of_100_mistakes_made_by_rule_are_told() -> None:
    judged = judge(list(mechanical()))
    assert sum(one.verdict == "told" for one in judged) >= 0.95 * len(judged)


@pytest.mark.slow
@pytest.mark.skipif(not (shared() / "faults.tsv").is_file(), reason="what was handed over is not here")
def test_95_of_100_mistakes_handed_over_are_told() -> None:
    judged = judge(list(handed_over(shared())))
    assert sum(one.verdict == "told" for one in judged) >= 0.95 * len(judged)


def test_the_judge_fails_a_file_that_is_right_another_line_and_another_cure() -> None:
    one = next(mistake for mistake in seeded() if mistake.kind == "a type of event")
    verdicts = judge(
        [
            one,
            replace(one, wrong=one.right),
            replace(one, line=one.line + 1),
            replace(one, cure=("CONSULT ASSAULT",)),
        ]
    )
    assert [judged.verdict for judged in verdicts] == ["told", "silent", "elsewhere", "line"]


def test_mistakes_of_yaml_of_words_and_of_expressions_are_told_at_once(told: Checks) -> None:
    text = HEAD + (
        "state: {n: {at_least: 0}}\n"
        "rules:\n"
        "  one:\n"
        "    rate 0.1\n"  # no colon
        "    then: [n += 1]\n"
        "  two: {rate: 0.1 * foo, then: [n += 1]}\n"  # an unknown name
        "  three: {rte: 0.1, then: [n += 1]}\n"  # an unknown key
        "questions: {q: {ask: q?, when: nn > 3, by: 2026-12-31}}\n"  # an unknown name
    )
    assert [(fault.code, fault.location.line) for fault in told(text) if fault.location] == [
        ("SD102", 10),
        ("SD303", 12),
        ("SD201", 13),
        ("SD303", 14),
    ]


def test_what_only_follows_from_an_entry_that_cannot_be_read_is_not_told(told: Checks) -> None:
    text = HEAD + (
        "state: {n: {at_lest: 0}}\nrules: {one: {rate: 0.1 * n, then: [n += 1]}}\n"
        "questions: {q: {ask: q?, number: n, at: 2026-12-31}}\n"
    )
    assert [fault.code for fault in told(text)] == ["SD201"]


def test_a_level_that_is_also_a_state_does_not_hide_other_mistakes(told: Checks) -> None:
    text = HEAD + (
        "state: {war: {is: truth}}\n"
        "zones: {z: {centre: p, radius: 30 km, holder: a}}\n"
        "stances: {a: {options: [war, peace]}}\n"
        "rules: {go: {rate: 0.1 * foo, then: [bar += 1]}}\n"
        "questions: {q: {ask: q, when: wra, by: 2026-12-31}}\n"
    )
    assert {fault.code for fault in told(text)} >= {"SD209", "SD301", "SD303"}
    assert {fault.location.line for fault in told(text) if fault.location} == {8, 9, 10, 11}


STOCK = HEAD + (
    "state:\n  n: {at_least: 0, at_most: 9, evidence: assumption}\n"
    "  done: {is: truth, evidence: assumption}\n  over: {is: truth, evidence: assumption}\n"
)
OTHER = "  s: {rate: 0.1, then: [done = true], evidence: assumption}\n"
READ = "watch: {n: {of: n}, done: {of: '1 if done else 0'}}\n"


def codes(faults: tuple[Fault, ...]) -> list[str]:
    """The codes of warnings of what leaves its range."""
    return [fault.code for fault in faults if fault.code in ("SD416", "SD417")]


@pytest.mark.parametrize(
    ("keys", "then", "wanted"),
    [
        ("rate: 0.1", "[n -= 1]", ["SD416"]),
        ("rate: 0.1, when: n > 0", "[n -= 1]", []),
        ("rate: 0.1, when: n > 0", "[n -= 2]", ["SD416"]),
        ("rate: 0.1, when: n > 1", "[n -= 2]", []),
        ("rate: 0.1 * n", "[n -= 1]", []),
        ("rate: 0.1", "['n -= min(n, 3)']", []),
        ("rate: 0.1", "['n = max(0, n - 3)']", []),
        ("rate: 0.1", "['n = n - 3']", ["SD416"]),
        ("rate: 0.1", "[{if: n > 0, then: [n -= 1]}]", []),
        ("rate: 0.1", "[{if: n < 1, then: [done = true], else: [n -= 1]}]", []),
        ("rate: 0.1, when: n >= 9", "[n = 0, n += 1]", []),
        ("rate: 0.1", "[n += 1]", ["SD416"]),
        ("rate: 0.1, when: n < 9", "[n += 1]", []),
        ("at: 2026-02-01", "[n += 1]", []),
        ("at: 2026-02-01", "[n += 12]", ["SD416"]),
        ("when: not over, rate: 0.1", "[n += 5, over = true]", []),
        ("rate: 0.1", "[n = 50]", ["SD416"]),
        ("rate: 0.1", "[n = 5]", []),
        ("since: [s], after: 2 days", "[n += 1]", []),
    ],
)
def test_a_stock_is_warned_of_where_nothing_keeps_it_within_its_bounds(
    told: Checks, keys: str, then: str, wanted: list[str]
) -> None:
    assert codes(told(f"{STOCK}rules:\n  r: {{{keys}, then: {then}, evidence: assumption}}\n{OTHER}{READ}")) == wanted


@pytest.mark.parametrize(
    ("prior", "probability", "wanted"),
    [
        ("beta(2, 3)", "x", []),
        ("beta(2, 3)", "1 - x", []),
        ("beta(2, 3)", "2 * x", ["SD417"]),
        ("beta(2, 3)", "min(1, 2 * x)", []),
        ("uniform(10, 40)", "x", ["SD417"]),
        ("uniform(10, 40)", "x / 100", []),
        ("beta(2, 3)", "x - 0.5", ["SD417"]),
        ("lognormal(median=0.1, sigma=0.4)", "x", []),
        ("beta(2, 3)", "0.1 * n", []),
    ],
)
def test_a_probability_is_warned_of_where_it_can_leave_0_to_1(
    told: Checks, prior: str, probability: str, wanted: list[str]
) -> None:
    rule = f"{{rate: 0.1, then: [{{chance: [{{p: '{probability}', do: [done = true]}}]}}], evidence: assumption}}"
    text = f"{STOCK}parameters: {{x: {{prior: '{prior}', evidence: assumption}}}}\nrules: {{r: {rule}}}\n{READ}"
    assert codes(told(text)) == wanted


@pytest.mark.parametrize(
    ("first", "second", "loops"),
    [
        ("{when: not done, then: [done = true]}", "{when: done, then: [done = false]}", 1),
        ("{when: not done, then: [done = true]}", "{when: done and n > 3, then: [done = false]}", 0),
        ("{when: not done, rate: 1, then: [done = true]}", "{when: done, then: [done = false]}", 0),
        ("{when: n == 0, then: [n = 1]}", "{when: n == 1, then: [n = 0]}", 1),
        ("{when: n == 0, then: [n = 1]}", "{when: n == 1, then: [n = 2]}", 0),
    ],
)
def test_triggers_are_told_where_they_are_sure_to_go_round_without_end(
    told: Checks, first: str, second: str, loops: int
) -> None:
    found = told(f"{STOCK}rules:\n  one: {first}\n  two: {second}\n{READ}")
    assert [fault.code for fault in found].count("SD404") == loops


def test_a_local_that_a_later_statement_reads_is_right(told: Checks) -> None:
    then = "['m = min(n, 2)', n -= m, {if: n > 0, then: [k = 1, n -= k]}]"
    found = told(f"{STOCK}rules: {{r: {{rate: 0.1, then: {then}, evidence: assumption}}}}\n{READ}")
    assert "SD415" not in {fault.code for fault in found}


def test_a_party_over_whose_head_a_deal_is_made_is_no_idle_actor(told: Checks) -> None:
    text = HEAD.replace("b: {kind: state}", "b: {kind: state}, c: {kind: state}") + (
        "deals:\n  pact:\n    parties: {a: {deal: 1, no_deal: 0}, b: {deal: 1, no_deal: 0}, "
        "c: {deal: 0, no_deal: 1, must_agree: false}}\n    rate: 0.1\n    evidence: assumption\n"
        "questions: {q: {ask: q?, first: in_force_pact, by: 2026-12-31}}\n"
    )
    assert [fault.code for fault in told(text)] == []


def test_the_command_skips_what_was_not_handed_over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from verification.faults.__main__ import main

    monkeypatch.setitem(os.environ, "STANDOFF_SHARED", str(tmp_path))
    assert main(["--only", "handed-over"]) == 2
    assert "STANDOFF_SHARED" in capsys.readouterr().err


DECIDES = (
    HEAD
    + """\
state: {gone: {is: truth}}
rules:
  raid: {rate: 0.1, then: [gone = true], event: COUP by a on b at p, evidence: assumption}
decisions:
  go:
    of: a
    comes: {every: 1 week}
    options: {stay: {appeal: 1}, leave: {appeal: 1, then: [gone = true], event: INVADE by a on b at p}}
    policy: {logit: 2}
    evidence: assumption
policies: {firm: {of: a, decisions: {go: {always: stay}}}}
questions: {gone: {ask: Gone?, when: gone, by: 2026-06-30, recorded: {outcome: yes, evidence: assumption}}}
headline: gone
claims: {c: {says: It goes., remove: raid, question: gone, expect: rises, evidence: assumption}}
"""
)


def test_a_wrong_type_of_event_is_told_beside_other_faults(told: Checks) -> None:
    text = DECIDES.replace("evidence: assumption\npolicies", "evidence: 1 or 2\npolicies").replace("yes", "happened")
    found = [fault.found for fault in told(text)]
    for kind in ("COUP", "INVADE"):
        assert f"'{kind}' is not a type of event" in found, found


BAD_VALUES = [("outcome: yes", "outcome: happened"), ("policy: {logit: 2}", "policy: soft")]


@pytest.mark.parametrize(("was", "now"), BAD_VALUES)
def test_an_entry_with_a_fault_is_there_for_those_who_name_it(told: Checks, was: str, now: str) -> None:
    text = DECIDES.replace("COUP", "ASSAULT").replace("INVADE", "ASSAULT")
    assert not [fault for fault in told(text) if fault.severity == "error"]
    found = [fault for fault in told(text.replace(was, now)) if fault.severity == "error"]
    assert [fault.code for fault in found] == ["SD203"], found


CURES = (
    ("rate: 0.1", "rate: 0.1 when gone", "write 0.1 if gone else 0"),
    ("when: gone, by", "when: gone AND not gone, by", "write and, in small letters"),
    ("when: gone, by", "if: gone, by", "write when"),
    ("{rate: 0.1, then", "{date: 2026-02-01, then", "write at"),
    ("then: [gone = true], event: ASSAULT by a on b at p, evidence", "then: gone = true, evidence", "[gone = true]"),
    ("recorded: {outcome: yes, evidence: assumption}", "recorded: yes", "recorded: {outcome: yes}"),
    ("policy: {logit: 2}", "policy: logit", "policy: {logit: 2}"),
    ("at: [0, 0]", "at: 64.15N 21.94W", "write at: [64.15, -21.94]"),
    ("by a on b at p, evidence", "by a on b at The Ford, evidence", "a name has no blanks"),
    ("{rate: 0.1, then", "{rate: 0.1, about: often, and soon, then", "about: 'often, and soon'"),
    ("when: gone, by", "when: line.credibility > 0, by", "write credibility_line"),
)


@pytest.mark.parametrize(("was", "now", "cure"), CURES)
def test_a_cure_says_the_right_form_with_what_was_written(told: Checks, was: str, now: str, cure: str) -> None:
    line = "red_lines: {line: {of: b, crossed_by: [{rule: raid, by: a, at: p}], response: {}, evidence: assumption}}\n"
    text = DECIDES.replace("COUP", "ASSAULT").replace("INVADE", "ASSAULT") + line
    assert was in text and not [fault for fault in told(text) if fault.severity == "error"]
    advice = [f"{fault.hint} {fault.expected}" for fault in told(text.replace(was, now, 1))]
    assert any(cure in one for one in advice), advice


def test_only_what_is_near_and_can_be_written_is_suggested(told: Checks) -> None:
    text = DECIDES.replace("when: gone, by", "when: landed or stance_uk, by").replace("leave:", "land:")
    assert [fault.hint for fault in told(text) if fault.code == "SD303"] == [None, None]
    text = DECIDES.replace("COUP", "ASSAULT").replace("INVADE", "ASSAULT").replace("remove: raid", "remove: ride_on")
    listed = [fault.expected for fault in told(text) if fault.expected]
    assert any("go_leave" in one and "takes" not in one for one in listed), listed


def test_a_unit_with_brackets_is_told_without_them(told: Checks) -> None:
    text = HEAD + "parameters: {x: {prior: 1, unit: 1/(ship*day), evidence: assumption}}\n"
    assert next(fault.expected or "" for fault in told(text) if fault.code == "SD208").startswith("write 1/ship/day")


@pytest.mark.parametrize("key", ["start", "starts", "begin", "init", "initial", "value"])
def test_what_a_state_begins_with_is_told_where_it_belongs(tmp_path: Path, key: str) -> None:
    path = tmp_path / "begins.yaml"
    head = "standoff: 1\ntitle: a test\nstarts: 2020-01-01\nends: 2020-02-01\n"
    path.write_text(f"{head}state:\n  war: {{is: truth, {key}: false}}\n", encoding="utf-8")
    (fault,) = [fault for fault in check(path) if fault.severity == "error"]
    assert fault.code == "SD201"
    assert "begin: {war: …}" in str(fault.hint)


WITH_EVENTS = (
    HEAD
    + """\
state: {lost: {}}
rules:
  takes: {rate: 0.1, then: [lost += 1], event: ASSAULT by a on b, evidence: assumption}
"""
)
SHAPES = {
    "happens as an event": ("{happens: ASSAULT (raid) by a at p}", "{type: ASSAULT, mode: raid, source: a, place: p}"),
    "happens as a list": ("{happens: [ASSAULT by a]}", "{type: ASSAULT, source: a}"),
    "happens as a rule": ("{happens: takes}", "{rule: takes}"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_event_where_its_keys_belong_is_told_with_its_keys(told: Checks, shape: str) -> None:
    written, right = SHAPES[shape]
    text = f"{WITH_EVENTS}questions:\n  q: {{ask: 'Is it so?', by: 2026-03-01, {written[1:]}\n"
    (one,) = told(text)
    assert (one.code, one.hint) == ("SD203", f"write happens: {right}")
    pasted = told(text.replace(written[1:-1], f"happens: {right}"))
    assert [fault for fault in pasted if fault.severity == "error"] == []


def test_an_unknown_actor_of_an_event_is_told_once_however_many_questions_count_it(told: Checks) -> None:
    wrong = WITH_EVENTS.replace("by a on b", "by aa on b")
    asked = "ask: 'Is it?', happens: {source: a, target: b}"
    asks = "".join(f"  q{n}: {{{asked}, by: 2026-0{n}-01}}\n" for n in (3, 4, 5))
    (one,) = told(f"{wrong}questions:\n{asks}")
    assert (one.code, one.found, one.expected) == ("SD303", "unknown actor 'aa'", "actors: a, b")


def test_an_unknown_crosser_of_a_red_line_is_told_once_in_its_place(told: Checks) -> None:
    line = "red_lines: {l: {of: b, crossed_by: [{rule: takes, by: aa, at: p}], response: {}, evidence: assumption}}\n"
    (one,) = told(WITH_EVENTS + line)
    assert one.location is not None
    assert (one.found, one.location.text[one.location.column - 1 :][:2]) == ("unknown actor 'aa'", "aa")


def test_an_unknown_source_of_what_happens_is_told_where_it_is_asked_alone(told: Checks) -> None:
    asked = "questions: {q: {ask: 'Is it?', by: 2026-03-01, happens: {type: ASSAULT, source: aa}}}\n"
    events = WITH_EVENTS.replace("by a on b", "by x on b").replace("{rate: 0.1", "{for: {x: actor}, rate: 0.1")
    (one,) = told(events + asked)
    assert (one.code, "happens" in (one.location.text if one.location else "")) == ("SD204", True)


@pytest.mark.parametrize(
    "entry",
    [
        "rules: {r: {then: [lost += 1], event: INVADE by a, evidence: assumption}}",
        "injects: {r: {then: [lost += 1], event: INVADE by a}}",
        "decisions: {r: {of: a, options: {x: {event: INVADE by a}, y: {}}}}",
        "red_lines: {r: {of: a, response: {event: INVADE by a}}}",
        "deals: {r: {event: INVADE by a}}",
        "record: {r: {event: INVADE by a}}",
    ],
)
def test_a_wrong_type_of_event_is_told_where_the_entry_lacks_another_key(told: Checks, entry: str) -> None:
    codes = [fault.code for fault in told(f"{HEAD}state: {{lost: {{}}}}\n{entry}\n")]
    assert codes.count("SD210") == 1
    assert "SD202" in codes


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("decisions: {d: {of: a, policy: best, comes: 30 days, options: [x, y]}}", "write comes: {every: 30 days}"),
        ("decisions: {d: {of: a, policy: best, comes: 0.1, options: {x: {}}}}", "write comes: {rate: 0.1}"),
        ("goals: {a: lost}", "write a: {is: lost}"),
        ("zones: p", "write zones: {p: {holder: …}}, each by its name"),
        ("deals: [pact, truce]", "write deals: {pact: {parties: …}, truce: {parties: …}}, each by its name"),
        ("red_lines: {l: {of: a, crossed_by: [goes], response: {}}}", "write crossed_by: [{rule: …, by: …, at: …}]"),
        ("red_lines: {l: {of: a, crossed_by: [], response: 3 days}}",
         "write response: {delay: 3 days}, or then, or event"),
        ("rules: {r: {rate: [0.1], then: []}}", "write rate: 0.1, one value without brackets"),
        ("rules: {r: {rate: {is: 0.1}, then: []}}", "write rate: …, one value without keys below it"),
        ("claims: {c: {says: x, raise: rules.r.rate, expect: rises}}",
         "write 'r': an entry is named without its section"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_shape_is_told_with_the_right_one(told: Checks, written: str, cure: str) -> None:
    assert cure in [fault.hint for fault in told(f"{HEAD}state: {{lost: {{}}}}\n{written}\n")]


@pytest.mark.parametrize(
    ("declared", "meant"), [("Great Ford", "great_ford"), ("Brück", "bruck"), ("great-ford", "great_ford")]
)  # fmt: skip
def test_a_refused_name_is_told_where_it_stands_alone(told: Checks, declared: str, meant: str) -> None:
    text = HEAD.replace("q: {at: [0, 1]}", f"{declared}: {{at: [0, 1]}}") + (
        f"routes: [{{between: [p, {meant}]}}]\n"
        f"state: {{n: {{of: place, evidence: assumption}}}}\nbegin: {{n: {{{meant}: 1}}}}\n"
        f"questions: {{q: {{ask: q?, number: 'n[{meant}]', at: 2026-12-31}}}}\n"
    )
    faults = [fault for fault in told(text) if fault.severity == "error"]
    assert [(fault.code, fault.hint) for fault in faults] == [("SD212", f"write '{meant}'?")]


def test_an_alias_is_told_and_not_what_is_missing_in_its_place(told: Checks) -> None:
    text = HEAD + "rules:\n  one: &o {rate: 0.1, event: PROTEST by a on b, evidence: assumption}\n  two: *o\n"
    assert [fault.code for fault in told(text) if fault.severity == "error"] == ["SD104", "SD104"]


@pytest.mark.parametrize(("written", "meant"), [("UK", "united_kingdom"), ("USA", "united_states"), ("UN", None)])
def test_capitals_that_stand_for_one_name_of_several_words_mean_it(told: Checks, written: str, meant: str) -> None:
    text = HEAD.replace("b: {kind: state}", "united_kingdom: {}, united_states: {}") + (
        f"record: {{e: {{at: 2026-03-02, event: PROTEST by {written} on a, evidence: assumption}}}}\n"
    )
    hints = [fault.hint for fault in told(text) if fault.code == "SD204"]
    assert hints == [f"did you mean '{meant}'?" if meant else None]


def test_a_mapping_whose_own_keys_disagree_is_not_told_to_be_one_value(told: Checks) -> None:
    text = HEAD + (
        "questions:\n  q:\n    ask: q?\n    happens: {source: a}\n    by: 2026-12-31\n"
        "    forecast: {low: 0.8, high: 0.2}\n"
        "record: {e: {at: 2026-03-02, until: 2026-03-01, event: PROTEST by a on b}}\n"
    )
    hints = [fault.hint for fault in told(text) if fault.code == "SD203"]
    assert hints == ["write low: 0.2, high: 0.8", "write at: 2026-03-01, until: 2026-03-02"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("51°30'N 0°7'W", (51.5, -0.116667)), ("10.5S, 20E", (-10.5, 20.0)), (["1.5 N", "2 W"], (1.5, -2.0)),
        ({"latitude": "1", "longitude": "-2"}, (1.0, -2.0)), ("-33.9 18.4", (-33.9, 18.4)),
        ("north of the ford", None), ({"lat": "1"}, None), (["1", "2", "3"], None),
    ],
)  # fmt: skip
def test_coordinates_of_maps_are_read_as_degrees(written: object, meant: tuple[float, float] | None) -> None:
    assert coordinates_meant(written) == meant
