"""What the words of the language do in a run: lines are answered, corridors open and close, questions resolve."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
import pytest

from standoff.engine import Trajectory, prepare, reference_run, run
from standoff.errors import RunStopped
from standoff.model import Model

ModelOf = Callable[[str], Model]

HEAD = """\
actors: {blue: {}, red: {}, green: {}}
places: {ford: {}, mill: {}, farm: {}, port: {}}
routes: [{between: [ford, mill], km: 1}, {between: [mill, port], km: 1}, {between: [ford, farm], km: 1},
         {between: [farm, port], km: 1}]
"""


def events(model: Model, made: Trajectory) -> list[tuple[float, str]]:
    """The recorded firings: when, and of which rule."""
    names = [model.rules[model.rule_of[rule]].name for rule in made.rule]
    return list(zip(map(float, made.time), names, strict=True))


def answers(model_of: ModelOf, body: str) -> list[float]:
    """The answers to the questions of a scenario in which everything has its date."""
    return [float(answer) for answer in reference_run(model_of(HEAD + body), seed=1, run=0).answers]


# -- red lines -------------------------------------------------------------------------------------------------------


def crossings(*days: int, **keys: str) -> str:
    """A line of blue that red crosses at the ford on certain days, and what can be asked of it."""
    rules = "".join(f"  enters_{day}: {{at: {day}, then: [inside = true]}}\n" for day in days)
    crossed = ", ".join(f"{{rule: enters_{day}, by: red, at: ford, if: inside}}" for day in days)
    response = keys.pop("response", "{}")
    rest = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    return (
        f"state: {{inside: {{is: truth}}}}\nrules:\n{rules}"
        f"red_lines:\n  entry:\n    of: blue\n    crossed_by: [{crossed}]\n    response: {response}\n{rest}"
        "questions:\n"
        "  answered: {ask: a?, type: number, answer: count(entry_response), date: 2020-04-09}\n"
        '  breaches: {ask: a?, type: number, answer: "breaches_entry[red]", date: 2020-04-09}\n'
        '  waiting: {ask: a?, type: number, answer: "awaiting_entry[red, ford]", date: 2020-04-09}\n'
        "  credibility: {ask: a?, type: number, answer: credibility_entry, date: 2020-04-09}\n"
    )


def test_a_crossing_is_answered_at_once_and_the_answer_clears_the_breaches(model_of: ModelOf) -> None:
    model = model_of(HEAD + crossings(10))
    made = reference_run(model, seed=1, run=0)
    assert events(model, made) == [(10.0, "enters_10"), (10.0, "entry_response")]
    assert list(made.answers) == [1, 0, 0, 1]


def test_an_answer_comes_only_when_the_true_threshold_is_reached(model_of: ModelOf) -> None:
    threshold = "{declared: 1, true: 2}"
    assert answers(model_of, crossings(10, threshold=threshold)) == [0, 1, 0, 1]
    assert answers(model_of, crossings(10, 12, threshold=threshold)) == [1, 0, 0, 1]
    assert answers(model_of, crossings(10, 12, 14, threshold=threshold)) == [1, 1, 0, 1]


def test_a_line_that_forgets_counts_the_crossings_of_so_many_days(model_of: ModelOf) -> None:
    keys = {"threshold": "{declared: 1, true: 2}", "forgets": "30 days"}
    assert answers(model_of, crossings(10, 11, **keys))[0] == 1
    assert answers(model_of, crossings(10, 39, **keys))[0] == 1
    # It is forgotten at the very instant at which 30 days have passed, before what is dated then.
    assert answers(model_of, crossings(60, 90, **keys))[:2] == [0, 1]
    three = {"threshold": "{declared: 1, true: 3}", "forgets": "30 days"}
    assert answers(model_of, crossings(10, 24, 38, **three))[0] == 1
    assert answers(model_of, crossings(50, 74, 81, **three))[:2] == [0, 2]
    assert answers(model_of, crossings(10, 24, 41, 50, **three))[0] == 1


def test_a_line_remembers_as_many_crossings_as_its_threshold_asks_for(model_of: ModelOf) -> None:
    days = range(80, 92)
    keys = {"threshold": "{declared: 1, true: 12}", "forgets": "30 days"}
    assert answers(model_of, crossings(*days, **keys))[0] == 1
    assert answers(model_of, crossings(*days[1:], **keys))[:2] == [0, 11]
    # What counts a tenth needs ten times as many.
    body = crossings(*range(70, 90), threshold="{declared: 1, true: 2}", forgets="30 days")
    assert answers(model_of, body.replace("if: inside}", "if: inside, size: 0.1}"))[0] == 1


def test_a_threshold_that_is_worked_out_is_not_beyond_what_a_line_remembers(model_of: ModelOf) -> None:
    days, more = range(10, 40), "parameters: {half: 15, tenth: 0.1}\n"
    for threshold in ("{declared: 1, true: 2 * half}", "{declared: half - 14, true: 30}"):
        body = more + crossings(*days, threshold=threshold, forgets="60 days")
        assert answers(model_of, body)[0] == 1
    body = more + crossings(*days, threshold="{declared: 3}", forgets="60 days")
    assert answers(model_of, body.replace("if: inside}", "if: inside, size: 1 * tenth}"))[0] == 1


def test_a_tenth_that_is_missed_by_rounding_is_made_up_by_the_next_crossing(model_of: ModelOf) -> None:
    # Ten times 0.1 are 0.9999999999999999 in binary numbers.
    body = crossings(*range(10, 21), threshold="{declared: 1}", forgets="60 days")
    assert answers(model_of, body.replace("if: inside}", "if: inside, size: 0.1}"))[0] == 1


def test_an_answer_wipes_out_what_was_remembered(model_of: ModelOf) -> None:
    keys = {"threshold": "{declared: 1, true: 2}", "forgets": "30 days"}
    assert answers(model_of, crossings(80, 82, 84, **keys))[:2] == [1, 1]
    assert answers(model_of, crossings(80, 82, 84, 86, **keys))[:2] == [2, 0]


def test_a_threshold_between_two_numbers_of_crossings_asks_for_the_larger(model_of: ModelOf) -> None:
    keys = {"threshold": "{declared: 1, true: 1.5}", "forgets": "30 days"}
    assert [answers(model_of, crossings(*days, **keys))[0] for days in ((10,), (10, 11))] == [0, 1]


def test_crossings_of_other_sizes_are_added_up_while_they_are_remembered(model_of: ModelOf) -> None:
    def answered(*days: int, **keys: str) -> float:
        body = crossings(*days, threshold="{declared: 1, true: 4}", **keys)
        return answers(model_of, body.replace("if: inside}", "if: inside, size: 2}"))[0]

    assert answered(10, 39, forgets="30 days") == 1
    assert answered(10, 41, forgets="30 days") == 0
    # 2 and what is left of 2 after a day is less than 4 where it fades; with nothing forgotten it is 4.
    assert answered(10, 11, fades="30 days") == 0
    assert answered(10, 11) == 1


def test_an_unanswered_breach_costs_credibility_and_an_answer_wins_some_back(model_of: ModelOf) -> None:
    keys = {"threshold": "{declared: 1, true: 2}", "credibility": "{begin: 0.8, lost: 0.3, won: 0.25}"}
    assert answers(model_of, crossings(10, **keys))[3] == pytest.approx(0.8 * 0.7)
    assert answers(model_of, crossings(10, 12, **keys))[3] == pytest.approx(0.56 + 0.25 * 0.44)


def test_below_the_declared_threshold_nothing_is_lost(model_of: ModelOf) -> None:
    keys = {"threshold": "{declared: 2, true: 3}", "credibility": "{begin: 0.8, lost: 0.3}"}
    assert answers(model_of, crossings(10, **keys))[3] == 0.8
    assert answers(model_of, crossings(10, 12, **keys))[3] == pytest.approx(0.56)


def test_old_breaches_are_forgotten(model_of: ModelOf) -> None:
    keys = {"threshold": "{declared: 1.9}"}
    assert answers(model_of, crossings(10, 12, forgets="40 days", **keys))[0] == 1
    assert answers(model_of, crossings(10, 90, forgets="5 days", **keys))[0] == 0


def test_a_crossing_that_is_not_seen_leaves_no_breach(model_of: ModelOf) -> None:
    assert answers(model_of, crossings(10, seen="0", credibility="{begin: 0.8, lost: 0.3}")) == [0, 0, 0, 0.8]


def test_a_holder_that_is_not_willing_loses_credibility_instead(model_of: ModelOf) -> None:
    found = answers(model_of, crossings(10, willing="0", credibility="{begin: 0.8, lost: 0.3}"))
    assert found == [0, 1, 0, pytest.approx(0.56)]


def test_a_condition_is_read_after_the_effects_of_the_rule(model_of: ModelOf) -> None:
    outside = crossings(10).replace("if: inside", "if: not inside")
    assert answers(model_of, outside)[:2] == [0, 0]


@pytest.mark.statistical(false_alarm=1e-6)
def test_a_holder_answers_as_often_as_it_is_willing(model_of: ModelOf) -> None:
    program = prepare(model_of(HEAD + crossings(10, willing="0.3")))
    share = np.mean([run(program, seed=3, run=number, record=False).answers[0] for number in range(4000)])
    # 5 standard errors: a false alarm in less than 10^-6 of seeds.
    assert abs(share - 0.3) < 5 * sqrt(0.3 * 0.7 / 4000)


@pytest.mark.statistical(false_alarm=1e-6)
@pytest.mark.parametrize(
    ("delay", "stages"), [("exponential(4 days)", 1), ("gamma(4, 4 days)", 4), ("gamma(2, 96 hours)", 2)]
)
def test_a_delay_has_the_mean_and_the_spread_that_were_asked_for(model_of: ModelOf, delay: str, stages: int) -> None:
    model = model_of(HEAD + crossings(1, response=f'{{delay: "{delay}"}}'))
    program = prepare(model)
    waits = []
    for number in range(3000):
        told = events(model, run(program, seed=5, run=number))
        waits += [time - 1.0 for time, rule in told if rule == "entry_response"]
    # The scenario ends 24 means after the crossing, so that hardly an answer is missed.
    assert len(waits) == 3000
    # Six comparisons, each two-sided at 5.5 standard errors: 4e-8, and a factor of four in hand for the tails.
    assert abs(np.mean(waits) - 4.0) < 5.5 * 4.0 / sqrt(stages * 3000)
    # The variance of a sample variance, for a gamma law of this shape: s^4 (2 + 6 / shape) / n.
    variance = 16.0 / stages
    assert abs(np.var(waits) - variance) < 5.5 * variance * sqrt((2 + 6 / stages) / 3000)


def test_several_answers_under_way_all_come(model_of: ModelOf) -> None:
    found = answers(model_of, crossings(1, 2, 3, 4, response='{delay: "gamma(3, 2 days)"}', threshold="{declared: 0}"))
    assert found == [4, 0, 0, 1]


# -- corridors -------------------------------------------------------------------------------------------------------


def corridor(friendly: str, *moves: tuple[int, str, str], more: str = "") -> str:
    """A corridor from ford to port, and places that change hands on certain days."""
    rules = "".join(
        f'  m{day}_{place}: {{at: {day}, then: ["holder[{place}] = {who}"], silent: true}}\n'
        for day, place, who in moves
    )
    return (
        "state: {holder: {of: place, is: actor}}\nbegin: {holder: {every: red}}\n"
        f"rules:\n{rules or '  none_moves: {at: 99, silent: true}'}\n"
        f"corridors: {{way: {{from: ford, to: port, friendly: {friendly}{more}}}}}\n"
    )


def openings(model_of: ModelOf, body: str) -> list[tuple[float, str]]:
    model = model_of(HEAD + body)
    return [(time, rule.removeprefix("way_")) for time, rule in events(model, reference_run(model, seed=1, run=0))]


def test_a_corridor_that_is_open_at_the_start_opens_on_day_0(model_of: ModelOf) -> None:
    assert openings(model_of, corridor("red")) == [(0.0, "opens")]


def test_a_corridor_that_is_closed_at_the_start_says_nothing(model_of: ModelOf) -> None:
    assert openings(model_of, corridor("blue")) == []


def test_a_corridor_stays_open_while_another_way_is_free(model_of: ModelOf) -> None:
    assert openings(model_of, corridor("red", (10, "mill", "blue"))) == [(0.0, "opens")]
    both = corridor("red", (10, "mill", "blue"), (20, "farm", "blue"), (30, "mill", "red"))
    assert openings(model_of, both) == [(0.0, "opens"), (20.0, "closes"), (30.0, "opens")]


def test_the_ends_of_a_corridor_must_be_friendly_too(model_of: ModelOf) -> None:
    moves = corridor("red", (10, "ford", "blue"), (20, "ford", "red"), (30, "port", "blue"), (40, "port", "red"))
    assert openings(model_of, moves) == [
        (0.0, "opens"), (10.0, "closes"), (20.0, "opens"), (30.0, "closes"), (40.0, "opens"),
    ]  # fmt: skip


def test_places_that_nobody_holds_are_friendly_only_if_none_is_named(model_of: ModelOf) -> None:
    moves = ((10, "mill", "none"), (20, "farm", "none"))
    assert openings(model_of, corridor("red", *moves)) == [(0.0, "opens"), (20.0, "closes")]
    assert openings(model_of, corridor("[red, none]", *moves)) == [(0.0, "opens")]


def test_a_corridor_over_named_paths_knows_no_other_way(model_of: ModelOf) -> None:
    paths = ", through: [[ford, mill, port]]"
    moves = ((10, "farm", "blue"), (20, "mill", "green"), (30, "mill", "red"))
    found = openings(model_of, corridor("red", *moves, more=paths))
    assert found == [(0.0, "opens"), (20.0, "closes"), (30.0, "opens")]


def test_a_corridor_is_open_exactly_when_a_search_finds_a_way(model_of: ModelOf) -> None:
    """Whatever the order in which places change hands, the triggers agree with a search on the graph."""
    body = """\
state: {holder: {of: place, is: actor}}
begin: {holder: {every: red}}
rules:
  changes:
    for: {p: place, a: actor}
    when: holder[p] != a
    rate: 0.05
    then: ["holder[p] = a"]
    event: ASSAULT by a at p
corridors: {way: {from: ford, to: port, friendly: [red, green]}}
watch: {open: {of: open_way}, holder: {for: {p: place}, of: "holder[p]"}}
every: 1 day
"""
    program = prepare(model_of(HEAD + body))
    seen = set()
    for number in range(20):
        for row in run(program, seed=7, run=number).series:
            ford, mill, farm, port = (int(value) != 0 for value in row[1:5])
            assert bool(row[0]) == (ford and port and (mill or farm))
            seen.add(bool(row[0]))
    assert seen == {True, False}


# -- stances and injects ---------------------------------------------------------------------------------------------


def test_a_stance_without_a_rate_changes_at_once(model_of: ModelOf) -> None:
    body = """\
state: {alarm: {}}
stances:
  blue:
    options: [calm, wary, angry]
    begin: wary
    changes:
      - {from: calm, to: angry, when: alarm > 0}
      - {from: wary, to: angry, when: alarm > 1, event: THREATEN by blue}
rules: {one: {at: 5, then: [alarm = 1], silent: true}, two: {at: 8, then: [alarm = 2], silent: true}}
"""
    model = model_of(HEAD + body)
    assert events(model, reference_run(model, seed=1, run=0)) == [(8.0, "stance_blue_wary_to_angry")]


@pytest.mark.parametrize(("chance", "stops"), [(1.4, True), (-0.2, True), (0.0, False), (1.0, False)])
def test_an_inject_whose_chance_is_no_probability_stops_the_run_with_it(
    model_of: ModelOf, chance: float, stops: bool
) -> None:
    model = model_of(f"""
state: {{likely: {{}}, n: {{}}}}
begin: {{likely: {chance}}}
injects: {{news: {{at: 2020-01-05, chance: likely, then: [n += 1]}}}}
watch: {{n: {{of: n}}}}
""")
    if not stops:
        assert run(prepare(model, hurry=True), seed=1, run=0).series[-1, 0] == chance
        return
    with pytest.raises(RunStopped) as stop:
        run(prepare(model, hurry=True), seed=1, run=0)
    assert (stop.value.code, stop.value.rule, stop.value.time_days) == ("SD506", "news", 4.0)
    assert list(stop.value.values.values()) == [chance]


# -- questions -------------------------------------------------------------------------------------------------------

DATED = """\
state: {holder: {of: place, is: actor}, alarm: {unit: bell}}
begin: {holder: {every: blue}}
rules:
  falls: {at: 2020-02-10, then: ["holder[ford] = red"], event: ASSAULT (raid) by red on blue at ford}
  back: {at: 2020-02-20, then: ["holder[ford] = blue", alarm = 3], event: ASSAULT by blue on red at ford}
questions: {q: {ask: a?, QUESTION}}
"""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        # Read at 24:00: what comes at 00:00 of the next day comes too late.
        ("when: 'holder[ford] == red', at: 2020-02-09", 0),
        ("when: 'holder[ford] == red', at: 2020-02-10", 1),
        ("when: 'holder[ford] == red', at: 2020-02-19", 1),
        ("when: 'holder[ford] == red', at: 2020-02-20", 0),
        ("when: 'holder[ford] == red', by: 2020-02-09", 0),
        ("when: 'holder[ford] == red', by: 2020-02-10", 1),
        ("when: 'holder[ford] == red', by: 2020-04-09", 1),
        # What was so before the window and still is counts; what is over does not.
        ("when: 'holder[ford] == red', from: 2020-02-15, by: 2020-03-01", 1),
        ("when: 'holder[ford] == red', from: 2020-02-20, by: 2020-03-01", 1),
        ("when: 'holder[ford] == red', from: 2020-02-21, by: 2020-03-01", 0),
        ("when: 'holder[ford] == red or holder[mill] == red', by: 2020-02-09", 0),
        ("happens: {type: ASSAULT}, by: 2020-02-09", 0),
        ("happens: {type: ASSAULT}, by: 2020-02-10", 1),
        ("happens: {type: ASSAULT}, at_least: 2, by: 2020-02-19", 0),
        ("happens: {type: ASSAULT}, at_least: 2, by: 2020-02-20", 1),
        ("happens: {type: ASSAULT}, at_least: 2, from: 2020-02-10, by: 2020-04-09", 1),
        ("happens: {type: ASSAULT}, at_least: 2, from: 2020-02-11, by: 2020-04-09", 0),
        ("happens: {mode: raid}, at_least: 2, by: 2020-04-09", 0),
        ("happens: {source: red, place: ford}, by: 2020-04-09", 1),
        ("happens: {source: green}, by: 2020-04-09", 0),
        ("happens: {rule: [falls, back], target: red}, at_least: 1, by: 2020-04-09", 1),
        ("number: alarm, at: 2020-02-19", 0),
        ("number: alarm + 1, at: 2020-02-20, unit: bell", 4),
        ("first: 'holder[ford] == red', by: 2020-04-09", 40),
        ("first: 'holder[ford] == red', by: 2020-02-09", -1),
        ("first: 'holder[ford] == red', from: 2020-02-15, by: 2020-04-09", 45),
        ("first: 'holder[ford] == blue', by: 2020-04-09", 0),
        ("type: number, answer: alarm * 2, date: 2020-04-09", 6),
    ],
)
def test_a_question_has_the_answer_that_its_words_say(model_of: ModelOf, question: str, answer: float) -> None:
    assert answers(model_of, DATED.replace("QUESTION", question)) == [answer]


# -- one-way routes ----------------------------------------------------------------------------------------------------

ONE_WAY = """\
actors: {blue: {}}
places: {ford: {}, mill: {}, port: {}}
routes: [{from: ford, to: mill, km: 1}, {from: mill, to: port, km: 2}, {from: port, to: mill, km: 5}]
state: {ships: {of: place, at_least: 0}, holder: {of: place, is: actor}, at_sea: {is: place}}
begin: {ships: {mill: 8}, holder: {every: blue}, at_sea: ford}
corridors: {down: {from: ford, to: port, friendly: [blue]}, up: {from: port, to: ford, friendly: [blue]}}
rules:
  sail: {for: {p: place, q: road(p)}, when: "ships[p] > 0", rate: 2, then: ["ships[p] -= 1", "ships[q] += 1"]}
questions:
  upstream: {ask: a?, type: number, answer: "ships[ford]", date: 2020-04-09}
  down: {ask: a?, type: binary, answer: open_down, date: 2020-04-09}
  up: {ask: a?, type: binary, answer: open_up, date: 2020-04-09}
  next: {ask: a?, type: number, answer: "count(q for q in road(at_sea))", date: 2020-04-09}
  long: {ask: a?, type: number, answer: "road_km(mill, port) + 10 * road_km(port, mill)", date: 2020-04-09}
  none: {ask: a?, type: number, answer: "road_km(mill, ford)", date: 2020-04-09}
"""


@pytest.mark.parametrize("sampler", ["direct", "coupled"])
def test_movement_reach_and_corridors_follow_one_way_routes(model_of: ModelOf, sampler: str) -> None:
    model = model_of(ONE_WAY)
    made = reference_run(model, seed=3, run=0, sampler=sampler)  # type: ignore[arg-type]
    assert list(made.answers) == [0, 1, 0, 1, 52, 0]
    assert {model.binding(int(rule)) for rule in made.rule if model.rules[model.rule_of[rule]].name == "sail"} == {
        "p=mill, q=port", "p=port, q=mill"
    }  # fmt: skip
    compiled = run(prepare(model, hurry=True), seed=3, run=0, sampler=sampler)  # type: ignore[arg-type]
    assert list(compiled.answers) == list(made.answers)
    assert list(compiled.time) == list(made.time)
