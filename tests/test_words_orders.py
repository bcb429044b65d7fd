"""What can be ordered: orders, stances, offers and options do what they say when they are ordered, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from standoff.engine import Session, prepare
from standoff.engine import run as run_once
from standoff.model import Model

Modelled = Callable[..., Model]

HEAD = """
standoff: 1
title: Orders
starts: 2020-01-01
ends: 2020-04-09
actors: {us: {}, iran: {}, russia: {}}
places: {tanf: {}, raqqa: {}}
groups: {posts: {of: place, members: [tanf, raqqa]}, rivals: {of: actor, members: [iran, russia]}}
state: {troops: {of: place, at_least: 0}, reserve: {at_least: 0}, tension: {at_least: 0, half_life: 30 days}}
begin: {reserve: 5}
"""
RULES = "rules: {incident: {rate: 0.1 + 0.01 * tension, then: [tension += 1], event: ASSAULT by iran on us}}\n"
ORDERS = """
orders:
  reinforce:
    of: us
    for: {p: posts}
    amounts: {n: [1, 2]}
    when: reserve >= n
    every: 10 days
    then: ["troops[p] += n", reserve -= n]
    event: MOBILIZE by us at p size n
  supply: {of: us, takes: exponential(2 days), commits: [reserve -= 1], then: ["troops[tanf] += 1"], event: AID by us}
  warn: {of: a, for: {a: rivals}, every: 5 days, then: [tension += 1], event: THREATEN by a on us}
"""
SEATS = """
seats: {washington: {plays: us}, tehran: {plays: rivals}}
turns: {every: 3 days, until: incident}
sees: [{who: everyone, what: everything, events: {}}]
"""


def begun(model_of: Modelled, text: str) -> Session:
    """A coupled run of a scenario, at its start."""
    return Session.begin(prepare(model_of(text, head=""), hurry=True), seed=1, run=0, sampler="coupled")


def ground_rule(session: Session, rule: str, row: int = 0) -> int:
    """The number of a ground rule."""
    table = next(table for table in session.program.model.rules if table.name == rule)
    return table.first + row


def events(session: Session) -> list[tuple[float, str]]:
    """When which rule left an event."""
    made, model = session.trajectory(), session.program.model
    names = [model.rules[model.rule_of[rule]].name for rule in made.rule]
    return list(zip(made.time.tolist(), names, strict=True))


def test_what_nobody_orders_moves_no_bit_of_a_run(model_of: Modelled) -> None:
    plain, played = (prepare(model_of(HEAD + RULES + more, head=""), hurry=True) for more in ("", ORDERS + SEATS))
    for sampler in ("direct", "coupled"):
        for number in range(5):
            one, other = (run_once(program, seed=3, run=number, sampler=sampler) for program in (plain, played))
            assert len(one.time) > 3
            assert one.time.tobytes() == other.time.tobytes()
            assert one.source.tobytes() == other.source.tobytes()


def test_an_order_is_possible_where_its_condition_holds_and_not_too_soon_again(model_of: Modelled) -> None:
    session = begun(model_of, HEAD + RULES + ORDERS)
    two_at_raqqa, one_at_tanf = ground_rule(session, "reinforce_2", 1), ground_rule(session, "reinforce_1", 0)
    session.advance_to(np.nextafter(7.0, 8.0))
    assert session.fire(two_at_raqqa)
    assert session.state("troops").tolist() == [0.0, 2.0]
    assert not session.fire(one_at_tanf), "the same order may come every 10 days only, with any amount"
    session.advance_to(np.nextafter(17.0, 18.0))
    assert session.fire(two_at_raqqa), "ten days after"
    session.advance_to(30.0)
    assert not session.fire(two_at_raqqa), "one is left, which is less than two"
    assert session.fire(one_at_tanf)
    ordered = [name for _, name in events(session) if name.startswith("reinforce")]
    assert ordered == ["reinforce_2", "reinforce_2", "reinforce_1"]
    assert session.trajectory().size[-1] == 1.0


def test_each_actor_waits_for_its_own_last_order(model_of: Modelled) -> None:
    session = begun(model_of, HEAD + RULES + ORDERS)
    iran, russia = ground_rule(session, "warn", 0), ground_rule(session, "warn", 1)
    assert [session.fire(iran), session.fire(iran), session.fire(russia)] == [True, False, True]


@pytest.mark.statistical(false_alarm=1e-7)
def test_what_takes_time_commits_at_once_and_is_done_later(model_of: Modelled) -> None:
    waits, program = [], prepare(model_of(HEAD + RULES + ORDERS, head=""))
    for seed in range(200):
        session = Session.begin(program, seed=seed, run=0, sampler="coupled")
        session.advance_to(1.0)
        assert session.fire(ground_rule(session, "supply"))
        assert session.slot(next(t.start for t in session.program.model.states if t.name == "reserve")) == 4.0
        assert session.state("troops").tolist() == [0.0, 0.0]
        session.advance_to(100.0)
        (done,) = (time for time, name in events(session) if name == "supply_done")
        assert session.state("troops").tolist() == [1.0, 0.0]
        waits.append(done - 1.0)
    # Six standard errors.
    assert abs(float(np.mean(waits)) - 2.0) < 0.85


def test_what_the_model_does_otherwise_is_the_order(model_of: Modelled) -> None:
    text = HEAD + RULES + ORDERS.replace("every: 10 days", "every: 10 days\n    otherwise: {rate: 5, choose: n == 2}")
    model = model_of(text, head="")
    made = run_once(prepare(model, hurry=True), seed=1, run=0)
    names = [model.rules[model.rule_of[rule]].name for rule in made.rule]
    assert names.count("reinforce_2_otherwise") == 2
    assert "reinforce_1_otherwise" not in names


def test_a_stance_is_taken_when_it_is_ordered(model_of: Modelled) -> None:
    stances = "stances: {us: {options: [protect, expand], ordered: {every: 14 days}}}\n"
    session = begun(model_of, HEAD + RULES + stances)
    protect, expand = ground_rule(session, "stance_us_to_protect"), ground_rule(session, "stance_us_to_expand")
    assert [session.fire(protect), session.fire(expand), session.fire(protect)] == [False, True, False]
    session.advance_to(14.0)
    assert session.fire(protect)


OFFERS = """
deals:
  truce:
    parties:
      us: {deal: 1, no_deal: GAIN}
      iran: {deal: 1, no_deal: 0}
    when: reserve > 1
    offers: {opens: 0.05, reply: 1}
    terms: [tension = 0]
"""


def test_a_deal_by_offers_is_struck_when_all_have_offered(model_of: Modelled) -> None:
    session = begun(model_of, HEAD + RULES + OFFERS.replace("GAIN", "2"))
    session.advance_to(60.0)
    names = [name for _, name in events(session)]
    assert "truce_agreed" not in names, "Washington would lose by it"
    assert session.state("offers_truce").tolist()[:2] == [0.0, 1.0], "Tehran has opened"
    assert session.fire(ground_rule(session, "truce_offer_us")), "who is told to may lose by it"
    assert [name for _, name in events(session)][-2:] == ["truce_offer_us", "truce_agreed"]
    assert session.state("offers_truce").tolist() == [0.0, 0.0, 0.0]


def test_parties_that_gain_come_to_a_deal_by_themselves(model_of: Modelled) -> None:
    model = model_of(HEAD + RULES + OFFERS.replace("GAIN", "0"), head="")
    made = run_once(prepare(model, hurry=True), seed=1, run=0)
    names = [model.rules[model.rule_of[rule]].name for rule in made.rule]
    assert names.count("truce_agreed") == 1


def test_an_offer_that_gains_no_more_is_withdrawn(model_of: Modelled) -> None:
    # Tehran never gains, Washington gains for 20 days; then it withdraws at a rate of 1 a day.
    deal = OFFERS.replace("GAIN", "0 if t < 20 else 2").replace("iran: {deal: 1", "iran: {deal: -1")
    session = begun(model_of, HEAD + RULES + deal)
    assert session.fire(ground_rule(session, "truce_offer_us"))
    session.advance_to(20.0)
    assert session.state("offers_truce").tolist() == [1.0, 0.0, 0.0]
    session.advance_to(60.0)
    assert session.state("offers_truce").tolist() == [0.0, 0.0, 0.0]


def test_somebody_outside_can_choose_an_open_option(model_of: Modelled) -> None:
    decisions = """
decisions:
  review:
    of: us
    when: reserve > 0
    comes: {rate: 0.001}
    options:
      stay: {}
      leave: {when: "troops[tanf] > 0", then: ["troops[tanf] = 0"], event: RETREAT by us at tanf}
    policy: {always: stay}
"""
    session = begun(model_of, HEAD + RULES + ORDERS + decisions)
    leave = ground_rule(session, "review_takes_leave")
    assert not session.fire(leave), "it is closed"
    session.fire(ground_rule(session, "reinforce_2", 0))
    assert session.fire(leave)
    assert session.state("troops").tolist() == [0.0, 0.0]
    assert [name for _, name in events(session)] == ["reinforce_2", "review_leave"]


LINE = """
red_lines:
  line:
    of: us
    decides: true
    crossed_by: [{rule: probe, by: iran, at: tanf}]
    willing: 0.3
    credibility: {begin: 1, lost: 0.01}
    response: {then: [tension += 1], event: ASSAULT by us on intruder at spot}
"""
PROBES = "rules: {probe: {rate: 20, event: COERCE by iran on us at tanf}}\n"


@pytest.mark.statistical(false_alarm=1e-7)
def test_an_answer_that_is_weighed_comes_as_often_as_one_that_is_drawn(model_of: Modelled) -> None:
    for decides in ("true", "false"):
        session = begun(model_of, HEAD + PROBES + LINE.replace("true", decides))
        session.advance_to(100.0)
        names = [name for _, name in events(session)]
        probes, answers = names.count("probe"), names.count("line_response")
        # Nearly six standard errors of a share of 0.3 of 2,000.
        assert abs(answers / probes - 0.3) < 0.06
        assert ("line_weighs_let_pass" in names) == (decides == "true")
        assert session.state("credibility_line") == 0.99 ** (probes - answers)


def test_somebody_outside_can_weigh_an_answer(model_of: Modelled) -> None:
    session = begun(model_of, HEAD + PROBES + LINE)
    model = session.program.model
    (weighs,) = (table for table in model.rules if table.name == "line_weighs")
    session.ask_for(range(weighs.first, weighs.first + len(weighs.bindings)))
    for number in range(20):
        ask = session.advance_to(100.0)
        assert ask is not None
        option = "line_weighs_takes_answer" if number % 2 else "line_weighs_takes_let_pass"
        (taken,) = (table for table in model.rules if table.name == option)
        session.order(taken.first + ask.ground_rule - weighs.first, ask.day, number=number)
        session.answer(yes=False)
    session.advance_to(session.day)
    names = [name for _, name in events(session)]
    assert names == ["probe", "line_weighs_let_pass", "probe", "line_weighs_answer", "line_response"] * 10
