"""Rules that fire only when they are ordered, and orders: what they do, and that they move nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from standoff.engine import Ask, Order, Program, Sampler, Session, Trajectory, prepare, run
from standoff.errors import UsageError
from standoff.model import Model, ground
from standoff.scenario import load
from tests.sampler_checks import events
from tests.test_engine_twin import assert_same

SAMPLERS: tuple[Sampler, ...] = get_args(Sampler)
VALID = Path(__file__).resolve().parent.parent / "conformance" / "valid"
POST = """
standoff: 1
title: Convoys, and whoever stops them
starts: 2017-01-01
ends: 2017-04-10
actors: {blue: {}, red: {}}
state: {convoys: {of: actor}, heat: {half_life: 9 days}, stopped: {of: actor}}
rules:
  convoy: {for: {a: actor}, when: "stopped[a] < 3", rate: 0.2 + heat, then: ["convoys[a] += 1", heat += 0.05]}
  waits: {at: 2017-03-01, then: [heat = 0]}
  woken: {when: "stopped[red] >= 2", then: ["convoys[red] = 0"]}
  ORDERED
watch: {heat: {of: heat}, blue: {of: "convoys[blue]"}, red: {of: "convoys[red]"}}
"""
ORDERED = """
  stop:
    for: {a: actor}
    called: true
    when: heat > 0.1 and t < 60 and stopped[a] < 3
    then: ["stopped[a] += 1", "heat += uniform(0, 0.3)", "convoys[a] -= 1"]
    event: COERCE by a
"""


HELD = """
standoff: 1
title: Raids on places that nobody takes
starts: 2017-01-01
ends: 2017-04-10
actors: {blue: {}, red: {}}
places: {ford: {}, mill: {}}
state: {holder: {of: place, is: actor}, raids: {of: [actor, place]}, heat: {half_life: 9 days}}
begin: {holder: {ford: blue, mill: red}}
rules:
  raid:
    for: {a: actor, p: place}
    when: holder[p] != a
    rate: 0.2 + heat
    then: ["raids[a, p] += 1", "heat += uniform(0, 0.1)"]
    event: ASSAULT by a on holder[p] at p
ORDERED
watch: {heat: {of: heat}}
"""


def model_of(text: str, folder: Path) -> Model:
    file = folder / "post.yaml"
    file.write_text(text, encoding="utf-8")
    return ground(load(str(file)).as_read)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_called_rule_that_nobody_orders_moves_no_other_rule_by_a_bit(sampler: Sampler, tmp_path: Path) -> None:
    # `stopped` is written in both, so that the same rules stand in the same sums.
    spare = "spare: {at: 2017-04-10, when: heat < 0, then: ['stopped[blue] += 1']}"
    without, with_it = (model_of(POST.replace("ORDERED", text), tmp_path) for text in (spare, spare + ORDERED))
    assert with_it.ground_rules == without.ground_rules + 2
    for number in range(5):
        plain = run(prepare(without, hurry=True), seed=3, run=number, sampler=sampler)
        assert len(plain.time) > 40
        assert_same(run(prepare(with_it, hurry=True), seed=3, run=number, sampler=sampler), plain)


def test_no_clock_moves_for_a_called_rule_that_writes_what_was_fixed(tmp_path: Path) -> None:
    """Under direct the sums are added in another order then: places that nobody could take have more ground rules."""
    takes = '  takes: {for: {a: actor, p: place}, called: true, when: "holder[p] != a", then: ["holder[p] = a"]}'
    without, with_it = (model_of(HELD.replace("ORDERED", text), tmp_path) for text in ("", takes))
    assert with_it.ground_rules > without.ground_rules + 4, "it makes bindings possible that were not"
    plain, there = (run(prepare(model, hurry=True), seed=3, run=0, sampler="coupled") for model in (without, with_it))
    assert len(plain.time) > 40
    assert events(with_it, there) == events(without, plain)
    assert there.series.tobytes() == plain.series.tobytes()


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_called_rule_fires_as_often_as_it_is_called_while_its_guard_holds(sampler: Sampler, tmp_path: Path) -> None:
    model = model_of(POST.replace("ORDERED", ORDERED), tmp_path)
    red = next(rule for rule in model.rules if rule.name == "stop").first + 1
    session = Session.begin(prepare(model, hurry=True), seed=3, run=0, sampler=sampler)
    assert not session.fire(red), "heat is 0 on day 0"
    session.advance_to(20.0)
    assert [session.fire(red) for _ in range(4)] == [True, True, True, False]
    session.advance_to(70.0)
    assert not session.fire(red - 1), "t is above 60"
    session.advance_to(model.days)
    made = session.trajectory()
    assert made.time[made.rule == red].tolist() == [20.0] * 3
    assert not np.any(made.rule == red - 1)
    woken = next(rule for rule in model.rules if rule.name == "woken").first
    assert made.time[made.rule == woken].tolist() == [20.0], "a trigger that a call sets off fires with it"


LUCK = """
standoff: 1
title: Draws by order, and a bell beside them
starts: 2017-01-01
ends: 2017-03-01
actors: {blue: {}, red: {}}
state: {drawn: {of: actor}, orders: {of: actor}, rung: {of: actor}, shut: {of: actor, is: truth}, seen: {}}
rules:
  rolls:
    for: {a: actor}
    called: true
    when: not shut[a]
    then: ["drawn[a] = uniform(0, 1)", "orders[a] += 1"]
    event: CONSULT by a size orders[a]
  rests: {for: {a: actor}, called: true, then: ["shut[a] = true"]}
  tolls: {for: {a: actor}, when: "not shut[a]", rate: 0.4, then: ["rung[a] += 1 + uniform(0, 1)"], event: PROTEST by a}
  noon: {at: 2017-01-11, when: "not shut[blue]", then: ["seen = rung[blue]"], event: AID by red}
  woken: {for: {a: actor}, when: "orders[a] >= 2", then: ["orders[a] = 0", "seen += uniform(0, 1)"]}
watch: {drawn: {for: {a: actor}, of: "drawn[a]"}, rung: {for: {a: actor}, of: "rung[a]"}}
"""


@pytest.fixture(scope="module")
def luck(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return prepare(model_of(LUCK, tmp_path_factory.mktemp("luck")), hurry=True)


def rule_of(program: Program, name: str) -> int:
    return next(rule for rule in program.model.rules if rule.name == name).first


def begun(program: Program, sampler: Sampler = "coupled") -> Session:
    return Session.begin(program, seed=3, run=1, sampler=sampler)


def test_an_order_left_out_re_rolls_no_later_one_of_the_same_ground_rule(luck: Program) -> None:
    drawn = {}
    for name, orders in {"both": ((4.0, 1), (9.0, 7)), "later": ((9.0, 7),), "other number": ((9.0, 8),)}.items():
        session = begun(luck)
        for day, number in orders:
            session.order(rule_of(luck, "rolls"), day, number=number)
        session.advance_to(9.5)
        drawn[name] = session.state("drawn")[0]
    assert 0.0 < drawn["both"] == drawn["later"] < 1.0
    assert drawn["other number"] != drawn["later"]


def test_an_order_moves_nothing_that_it_does_not_set_off(luck: Program) -> None:
    plain, session = run(luck, seed=3, run=1, sampler="coupled"), begun(luck)
    session.order(rule_of(luck, "rests"), 12.0, number=0)
    session.advance_to(luck.model.days)
    made, blue, red = session.trajectory(), rule_of(luck, "tolls"), rule_of(luck, "tolls") + 1
    assert made.time[made.rule == red].tobytes() == plain.time[plain.rule == red].tobytes()
    assert made.series[:, 3].tobytes() == plain.series[:, 3].tobytes()
    assert made.time[made.rule == blue].tolist() == [day for day in plain.time[plain.rule == blue] if day < 12.0]


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_an_order_is_refused_where_its_guard_fails_at_its_instant(luck: Program, sampler: Sampler) -> None:
    session, rolls = begun(luck, sampler), rule_of(luck, "rolls")
    session.order(rolls, 8.0, number=5)
    session.order(rolls, 6.0, number=3)
    session.order(rule_of(luck, "rests"), 7.0, number=4)
    assert [order.came for order in session.orders] == ["waits"] * 3
    session.advance_to(6.5)
    session = Session.unpacked(luck, session.fork().packed())
    session.advance_to(luck.model.days)
    assert session.orders == (
        Order(5, "rolls", "a=blue", 8.0, "refused", "not possible as things stand"),
        Order(3, "rolls", "a=blue", 6.0, "fired", ""),
        Order(4, "rests", "a=blue", 7.0, "fired", ""),
    )
    made = session.trajectory()
    assert made.time[made.rule == rolls].tolist() == [6.0]


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_orders_of_a_day_come_after_what_is_dated_on_it_and_as_they_were_given(
    luck: Program, sampler: Sampler
) -> None:
    session, noon = begun(luck, sampler), rule_of(luck, "noon")
    for number, name in enumerate(("rolls", "rests", "rolls")):
        session.order(rule_of(luck, name), 10.0, number=number)
    session.advance_to(10.0)
    made = session.trajectory()
    assert made.rule[made.time == 10.0].tolist() == [noon, rule_of(luck, "rolls"), rule_of(luck, "rests")]
    assert [order.came for order in session.orders] == ["fired", "fired", "refused"]


def test_only_called_rules_are_ordered_by_numbers_of_their_own_and_not_for_the_past(luck: Program) -> None:
    session, rolls = begun(luck), rule_of(luck, "rolls")
    session.advance_to(5.0)
    session.order(rolls, 6.0, number=1)
    for ground_rule, day, number, why in (
        (rule_of(luck, "tolls"), 6.0, 2, "tolls cannot be ordered: it is no called rule"),
        (rule_of(luck, "noon"), 10.0, 2, "noon cannot be ordered: it is no called rule"),
        (rolls, 4.0, 2, "the run is on day 5"),
        (rolls, 700.0, 2, "cannot go on to 700"),
        (rolls, 6.0, 1, "there is an order 1 already"),
        (rolls, 6.0, -1, "there is no call -1"),
    ):
        with pytest.raises(UsageError, match=why):
            session.order(ground_rule, day, number=number)
    assert len(session.orders) == 1
    session.advance_to(luck.model.days)
    with pytest.raises(UsageError, match="the run is over"):
        session.order(rolls, luck.model.days, number=3)


def answered(session: Session, yes: bool) -> Trajectory:
    """The run whose asks all get one answer."""
    while session.advance_to(session.program.model.days) is not None:
        session.answer(yes=yes)
    return session.trajectory()


def test_a_rule_that_never_may_leaves_the_events_of_all_that_it_does_not_reach(luck: Program) -> None:
    plain, session, blue = run(luck, seed=3, run=1, sampler="coupled"), begun(luck), rule_of(luck, "tolls")
    session.ask_for([blue])
    made = answered(session, yes=False)
    assert not np.any(made.rule == blue) and np.sum(plain.rule == blue) > 10
    assert made.time[made.rule == blue + 1].tobytes() == plain.time[plain.rule == blue + 1].tobytes()
    assert made.series[:, 3].tobytes() == plain.series[:, 3].tobytes()
    assert not made.series[:, 2].any()


def test_to_pass_is_to_skip(luck: Program) -> None:
    """As a run that is held before the ring and made to skip it."""
    asked, skipped, blue = begun(luck), begun(luck), rule_of(luck, "tolls")
    asked.ask_for([blue])
    assert asked.advance_to(luck.model.days) == Ask(blue, "tolls", "a=blue", asked.day)
    skipped.advance_to(float(np.nextafter(asked.day, -np.inf)))
    skipped.skip(blue)
    asked.answer(yes=False)
    asked.ask_for([])
    for session in (asked, skipped):
        session.advance_to(luck.model.days)
    assert_same(asked.trajectory(), skipped.trajectory())


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("kind", ["clock", "date", "trigger"])
def test_what_asks_passes_where_an_order_that_answers_makes_it_impossible(
    luck: Program, sampler: Sampler, kind: str
) -> None:
    session = begun(luck, sampler)
    name = {"clock": "tolls", "date": "noon", "trigger": "woken"}[kind]
    if kind == "trigger":
        session.order(rule_of(luck, "rolls"), 2.0, number=0)
        session.order(rule_of(luck, "rolls"), 3.0, number=1)
    session.ask_for([rule_of(luck, name)])
    ask = session.advance_to(luck.model.days)
    assert ask is not None and (ask.rule, ask.day) == (name, session.day)
    other, whole = session.fork(), session.fork()
    session.order(rule_of(luck, "rests"), ask.day, number=9)
    other.order(rule_of(luck, "rests") + 1, ask.day, number=9)
    for one in (session, other, whole):
        one.ask_for([])
        one.answer(yes=True)
        one.advance_to(ask.day)
    fired = {one: np.sum(one.trajectory().rule == ask.ground_rule) for one in (session, other, whole)}
    assert fired[other] == fired[whole] == 1, "an order to somebody else leaves it be"
    # What is shut neither tolls nor is seen at noon; `woken` reads nothing of it.
    assert fired[session] == (1 if kind == "trigger" else 0)
    last = other.trajectory().rule[-2:].tolist()
    assert last == [rule_of(luck, "rests") + 1, ask.ground_rule], "orders that answer come first"


def test_a_run_that_is_held_at_an_ask_goes_on_only_with_an_answer(luck: Program) -> None:
    session = begun(luck)
    with pytest.raises(UsageError, match="no ground rule asks"):
        session.answer(yes=True)
    session.ask_for([rule_of(luck, "tolls")])
    assert not session.advance_to_next_event(luck.model.days) or session.asks is None
    while session.asks is None:
        session.advance_to_next_event(luck.model.days)
    for go_on in (session.advance_to, session.advance_to_next_event):
        with pytest.raises(UsageError, match="answer it first"):
            go_on(luck.model.days)
    for what in (session.fire, session.skip):
        with pytest.raises(UsageError, match="answer it"):
            what(rule_of(luck, "rests"))
    session.answer(yes=True)
    assert session.advance_to_next_event(luck.model.days) and session.asks is None


def test_bytes_that_hold_no_moment_are_refused(luck: Program) -> None:
    content = begun(luck).packed()
    for broken in (b"", content[: len(content) // 2], b"\x08" + content[1:]):
        with pytest.raises(ValueError):
            Session.unpacked(luck, broken)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_what_is_watched_and_what_can_be_ordered_is_read_at_any_moment(luck: Program, sampler: Sampler) -> None:
    model, session = luck.model, begun(luck, sampler)
    session.order(rule_of(luck, "rests"), 9.5, number=0)
    seen = set()
    for day in (0.0, 3.3, 9.0, 10.0, 40.0):
        session.advance_to(day)
        before = session.packed()
        possible, watched = session.possible(), session.watched()
        assert session.packed() == before, "to look changes nothing"
        for rule in model.rules:
            for g in range(rule.first, rule.first + rule.rows):
                assert possible[g] == (rule.is_called and session.rate(g) != 0.0)
        each = ((watch, row) for watch in model.watches for row in range(watch.table.rows))
        expected = [session.value(watch.of, watch.table, row) for watch, row in each]
        assert watched.tolist() == expected
        seen.add((tuple(possible.tolist()), tuple(expected)))
    assert len({possible for possible, _ in seen}) == 2 and len(seen) == 5
