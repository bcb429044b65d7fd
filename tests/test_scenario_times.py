"""When rules fire: exactly on their dates and after their times, by kernel and twin, under both samplers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.engine import Trajectory, prepare
from standoff.errors import Faults
from standoff.model import Model
from standoff.scenario import load_text
from standoff.time import begins_at, date_at, days_between, days_to_end, from_iso, iso, parse_period, parse_when
from tests.outcomes import SAMPLERS, assert_kernel_is_twin, assert_same, by_kernel, by_twin, model_from

ACTORS = "actors: {us: {kind: state}, them: {kind: state}}\nplaces: {ford: {}, mill: {}}\n"


def head(starts: str = "2026-01-01", ends: str = "2026-03-31") -> str:
    return f"standoff: 1\ntitle: Times\nstarts: {starts}\nends: {ends}\n{ACTORS}"


def modelled(text: str, folder: Path) -> Model:
    return model_from(text, folder)[0]


def made(model: Model, sampler: str = "direct", number: int = 0) -> Trajectory:
    """A run that comes to its end, the same by kernel and twin."""
    outcome = by_kernel(prepare(model, hurry=True), 1, number, sampler)
    assert_same(outcome, by_twin(model, 1, number, sampler))
    assert isinstance(outcome, Trajectory), str(outcome)
    return outcome


def fired(model: Model, run: Trajectory, rule: str) -> list[tuple[float, str]]:
    """When a rule fired, and for whom."""
    names = [(model.rules[model.rule_of[g]].name, model.binding(int(g))) for g in run.rule]
    return [(float(t), bound) for t, (name, bound) in zip(run.time, names, strict=True) if name == rule]


def when(model: Model, run: Trajectory, rule: str) -> list[float]:
    return [t for t, _ in fired(model, run, rule)]


# -- every -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("every", "days"), [("5 hours", Fraction(5, 24)), ("7 minutes", Fraction(7, 1440))])
def test_what_comes_every_so_often_drifts_by_no_bit_over_a_thousand_periods(
    every: str, days: Fraction, tmp_path: Path
) -> None:
    text = head(ends="2026-12-31" if days > Fraction(1, 20) else "2026-01-10")
    model = modelled(f"{text}rules:\n  tick: {{every: {every}}}\n", tmp_path)
    count = int(Fraction(model.days) / days)
    assert count > 1000
    for sampler in SAMPLERS:
        assert when(model, made(model, sampler), "tick") == [float(days * k) for k in range(1, count + 1)]


def test_months_are_those_of_the_calendar_and_end_with_their_last_day(tmp_path: Path) -> None:
    text = head("2023-12-01", "2024-06-30") + "rules:\n  pays: {every: 1 month, from: 2023-12-31T12:00}\n"
    model = modelled(text, tmp_path)
    dates = [iso(date_at(model.starts, t)) for t in when(model, made(model), "pays")]
    assert dates == ["2023-12-31T12:00", "2024-01-31T12:00", "2024-02-29T12:00", "2024-03-31T12:00",
                     "2024-04-30T12:00", "2024-05-31T12:00", "2024-06-30T12:00"]  # fmt: skip


def test_a_guard_is_read_on_each_date_and_each_binding_in_its_turn(tmp_path: Path) -> None:
    rules = "state: {n: {}}\nrules:\n  talks: {for: {a: actor}, every: 10 days, when: n < 3, then: [n += 1]}\n"
    model = modelled(head() + rules, tmp_path)
    told = [(t, bound.split(",")[0]) for t, bound in fired(model, made(model), "talks")]
    assert told == [(10.0, "a=us"), (10.0, "a=them"), (20.0, "a=us")]


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_jitter_lets_each_date_be_followed_a_little_later(sampler: str, tmp_path: Path) -> None:
    text = head() + "rules:\n  convoy: {for: {a: actor}, every: 1 week, from: 2026-01-05T06:00, jitter: 36 hours}\n"
    model = modelled(text, tmp_path)
    came = sorted(fired(model, made(model, sampler), "convoy"))
    late = sorted(t - (4.25 + 7 * (i // 2)) for i, (t, _) in enumerate(came))
    assert len(late) >= 24
    assert 0 <= late[0] < late[-1] <= 1.5 and len(set(late)) == len(late)


def test_as_many_come_late_as_there_are_dates_up_to_a_jitter_as_long_as_the_time_between(tmp_path: Path) -> None:
    for number in range(5):
        text = head() + "rules: {convoy: {every: 10 days, jitter: 10 days}, last: {at: 89.9}}\n"
        run = made(modelled(text, tmp_path), number=number)
        came = when(modelled(text, tmp_path), run, "convoy")
        assert [int(t // 10) for t in came] == list(range(1, 1 + len(came))) and len(came) >= 8
    with pytest.raises(Faults) as caught:
        modelled(text.replace("jitter: 10 days", "jitter: 241 hours"), tmp_path)
    assert [fault.code for fault in caught.value.faults] == ["SD203"]
    assert "longer than the 10 days" in str(caught.value)


# -- after -------------------------------------------------------------------------------------------------------------

SWITCH = """\
state: {{alarm: {{of: actor, is: truth}}}}
rules:
  rings: {{for: {{a: actor}}, when: "not alarm[a]", rate: {on}, then: ["alarm[a] = true"]}}
  ends: {{for: {{a: actor}}, when: "alarm[a]", rate: {off}, then: ["alarm[a] = false"]}}
  acts: {{for: {{a: actor}}, when: "alarm[a]", after: {after}}}
"""


Fired = list[tuple[float, str]]


def expected(on: Fired, off: Fired, days: float, end: float) -> Fired:
    """When a guard that turns true, and perhaps false again, has been true for so long: by hand."""
    found = []
    for t, who in on:
        over = min((other for other, whom in off if whom == who and other > t), default=float("inf"))
        if t + days <= end and t + days < over:
            found.append((t + days, who))
    return sorted(found)


@pytest.fixture(scope="module")
def switched(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """What is switched on and off at random, and acted on after a while; rates and times differ from run to run."""
    rate = "{prior: 'loguniform(0.05, 2)'}"
    drawn = f"parameters: {{on: {rate}, off: {rate}, length: {{prior: 'uniform(0, 8)', unit: day}}}}\n"
    text = head() + drawn + SWITCH.format(on="on", off="off", after="length")
    return modelled(text, tmp_path_factory.mktemp("after"))


@settings(max_examples=12)
@given(number=st.integers(0, 100_000))
def test_a_rule_fires_exactly_so_long_after_its_guard_turned_true_if_it_lasts(switched: Model, number: int) -> None:
    for sampler in SAMPLERS:
        run = made(switched, sampler, number)
        length = float(run.parameters[[info.name for info in switched.parameters].index("length")])
        began, over = fired(switched, run, "rings"), fired(switched, run, "ends")
        assert sorted(fired(switched, run, "acts")) == expected(began, over, length, switched.days)


@pytest.fixture(scope="module")
def struck(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """Strikes by somebody somewhere, and what follows the last of them by one, or at one place."""
    text = head() + """\
parameters: {often: {prior: 'loguniform(0.02, 0.3)'}, length: {prior: 'uniform(0, 5)', unit: day}}
rules:
  strike: {for: {a: actor, p: place}, rate: often}
  calms: {for: {a: actor}, after: length, since: strike}
  mourns: {for: {p: place, b: actor}, after: length, since: strike}
"""
    return modelled(text, tmp_path_factory.mktemp("since"))


@settings(max_examples=6)
@given(number=st.integers(0, 100_000))
def test_what_is_counted_from_an_event_begins_anew_with_each_for_those_that_both_name(
    struck: Model, number: int
) -> None:
    for sampler in SAMPLERS:
        run = made(struck, sampler, number)
        days = float(run.parameters[[info.name for info in struck.parameters].index("length")])
        told = fired(struck, run, "strike")
        strikes = [(t, dict(part.split("=") for part in bound.split(", "))) for t, bound in told]
        for rule, shared in (("calms", "a"), ("mourns", "p")):
            wanted = []
            for who in {bound[shared] for _, bound in strikes}:
                own = [t for t, bound in strikes if bound[shared] == who]
                last = [t for t, then in zip(own, [*own[1:], float("inf")], strict=True) if t + days < then]
                wanted += [t + days for t in last if t + days <= struck.days] * (1 if shared == "a" else 2)
            assert sorted(when(struck, run, rule)) == sorted(wanted)


def test_a_guard_must_hold_from_the_event_on(tmp_path: Path) -> None:
    text = head() + """\
state: {open: {is: truth}}
rules:
  strike: {every: 10 days}
  opens: {at: 15, then: [open = true]}
  shuts: {at: 41, then: [open = false]}
  calms: {after: 2 days, since: strike, when: open}
"""
    model = modelled(text, tmp_path)
    assert when(model, made(model), "calms") == [22.0, 32.0]


def test_what_is_due_after_a_time_comes_before_what_is_dated_at_that_instant_and_is_read_at_it(tmp_path: Path) -> None:
    text = head() + """\
state: {n: {}, on: {is: truth}}
rules:
  begins: {at: 0, then: [on = true]}
  doubles: {every: 4 days, when: n < 2, then: [n *= 2]}
  adds: {when: on, after: 96 hours, then: [n += 1]}
questions:
  n: {ask: How many?, number: n, at: 2026-01-04}
"""
    model = modelled(text, tmp_path)
    run = made(model)
    order = [model.rules[model.rule_of[g]].name for g in run.rule]
    assert order[:3] == ["begins", "adds", "doubles"]
    assert run.answers.tolist() == [1.0]


@pytest.mark.parametrize(("after", "low", "high"), [
    ("uniform(1 day, 3 days)", 1, 3), ("exponential(36 hours)", 0, 90), ("gamma(3, 2 days)", 0, 90),
    ("2 * slowness", 4, 4), ("slowness - 5", 0, 0),
])  # fmt: skip
def test_a_drawn_time_lies_where_it_can(after: str, low: float, high: float, tmp_path: Path) -> None:
    text = head() + "parameters: {slowness: {prior: 2, unit: day}}\n"
    model = modelled(text + SWITCH.format(on=5, off=0.05, after=f'"{after}"'), tmp_path)
    for sampler in SAMPLERS:
        run = made(model, sampler)
        began, acted = fired(model, run, "rings"), fired(model, run, "acts")
        took = [day - max(t for t, whose in began if whose == who and t <= day) for day, who in acted]
        assert took and all(low - 1e-9 <= one <= high + 1e-9 for one in took)


# -- answers and orders ------------------------------------------------------------------------------------------------

LINE = """\
rules:
  advance: {{for: {{q: place}}, rate: {rate}}}
red_lines:
  entry:
    of: us
    crossed_by: [{{rule: advance, by: them, at: q}}]
    response: {{delay: {delay}, event: ASSAULT by us on intruder at spot}}
"""


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_each_answer_comes_exactly_so_long_after_its_crossing_also_where_several_are_under_way(
    sampler: str, tmp_path: Path
) -> None:
    model = modelled(head() + LINE.format(rate=0.4, delay="3 days"), tmp_path)
    run = made(model, sampler)
    crossed = [(t + 3, bound.removeprefix("q=")) for t, bound in fired(model, run, "advance") if t + 3 <= model.days]
    answered = [(t, bound.partition("spot=")[2]) for t, bound in fired(model, run, "entry_response")]
    assert len(answered) > 40 and answered == crossed


def test_no_more_than_eight_answers_are_under_way_at_one_place(tmp_path: Path) -> None:
    model = modelled(head(ends="2026-01-04") + LINE.format(rate=20, delay="2 days"), tmp_path)
    run = made(model)
    crossed, answered = fired(model, run, "advance"), fired(model, run, "entry_response")
    first = [(t + 2, bound.removeprefix("q=")) for t, bound in crossed]
    soon = min(t for t, _ in first) + 2
    early = [sum(t < soon and bound.endswith(spot) for t, bound in answered) for spot in ("ford", "mill")]
    assert early == [8, 8]
    assert {t for t, _ in answered} <= {t for t, _ in first}


def test_an_order_that_takes_two_days_is_done_then(tmp_path: Path) -> None:
    text = head() + """\
orders:
  sends: {of: us, for: {p: place}, takes: 2 days, event: MOBILIZE by us at p, otherwise: {rate: 0.5}}
"""
    model = modelled(text, tmp_path)
    run = made(model, "coupled")
    given = [(t + 2, bound) for t, bound in fired(model, run, "sends_otherwise") if t + 2 <= model.days]
    assert len(given) > 50 and fired(model, run, "sends_done") == given


def test_a_stance_changes_and_a_deal_lapses_after_so_long(tmp_path: Path) -> None:
    text = head() + """\
stances:
  us: {options: [watch, act], changes: [{from: watch, to: act, rate: 0.3}, {from: act, to: watch, after: 10 days}]}
deals:
  truce: {parties: {us: {deal: 2, no_deal: 1}, them: {deal: 1, no_deal: 0}}, rate: 0.3, ends: {after: 7 days}}
"""
    model = modelled(text, tmp_path)
    run = assert_kernel_is_twin(model)
    assert isinstance(run, Trajectory)
    stance, truce = ("stance_us_watch_to_act", "stance_us_act_to_watch", 10), ("truce_struck", "truce_ends", 7)
    for begins, ends, days in (stance, truce):
        began = [t + days for t in when(model, run, begins) if t + days <= model.days]
        assert began and when(model, run, ends) == began


# -- hours -------------------------------------------------------------------------------------------------------------


MINUTES = st.integers(0, 5_000_000_000).map(lambda minutes: datetime(1, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(MINUTES, MINUTES)
def test_a_moment_is_written_and_reckoned_without_loss(start: datetime, moment: datetime) -> None:
    assert from_iso(iso(moment)) == parse_when(iso(moment)) == moment
    assert date_at(start, days_between(start, moment)) == moment
    assert days_to_end(start, moment.date()) == pytest.approx(days_between(start, moment.date()) + 1, abs=1e-9)


@given(st.integers(1, 400), st.sampled_from(["1 month", "3 months", "1 year", "36 hours", "0.1 days"]))
def test_steps_follow_one_another_and_are_reckoned_from_the_first(number: int, every: str) -> None:
    origin, period = begins_at(parse_when("2024-01-31")), parse_period(every)
    assert period.after(origin, number) > period.after(origin, number - 1)
    if not period.months:
        assert period.after(origin, number) == number * period.after(origin, 1)


def test_a_scenario_with_hours_counts_from_its_minute_and_asks_up_to_it(tmp_path: Path) -> None:
    text = head("1962-10-16T09:00", "1962-10-28T18:00") + """\
state: {told: {is: truth}}
rules:
  speech: {at: 1962-10-22T19:00, then: [told = true]}
questions:
  before: {ask: Before?, when: told, by: 1962-10-22T18:59}
  then: {ask: Then?, when: told, by: 1962-10-22T19:00}
  day: {ask: That day?, when: told, at: 1962-10-22}
  first: {ask: When?, first: told, by: 1962-10-28T18:00}
"""
    model = modelled(text, tmp_path)
    run = made(model)
    assert model.days == 12 + 9 / 24 and [iso(date_at(model.starts, t)) for t in run.time] == ["1962-10-22T19:00"]
    assert run.answers.tolist()[:3] == [0.0, 0.0, 1.0]
    assert iso(date_at(model.starts, run.answers[3])) == "1962-10-22T19:00"


def test_a_date_without_an_hour_means_what_it_meant() -> None:
    text, exact = head(), head("2026-01-01T00:00", "2026-04-01T00:00")
    plain = load_text(text + "rules:\n  r: {at: 2026-02-01}\n", name="plain")
    hours = load_text(exact + "rules:\n  r: {at: 2026-02-01T00:00}\n", name="hours")
    assert plain.resolved.days == hours.resolved.days == 90.0
    assert iso(plain.resolved.starts) == "2026-01-01" and iso(hours.resolved.starts) == "2026-01-01T00:00"
