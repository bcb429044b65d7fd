"""A game: what players can say, what becomes of it, and what stands in its ledger."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from standoff.errors import UsageError
from standoff.game import Game, Ledger, SeenEvent, Table, odds
from standoff.scenario.loading import load_text
from tests.made_plays import begun

CRISIS = """
standoff: 1
title: A crisis
starts: 2020-01-01
ends: 2020-02-09
actors: {us: {}, iran: {}, russia: {}}
places: {tanf: {}, raqqa: {}}
state:
  tension: {at_least: 0}
  troops: {of: place, at_least: 0}
  hidden: {at_least: 0}
begin: {troops: {tanf: 2}, hidden: HIDDEN}
rules:
  probe: {rate: 0.4, then: [tension += 1], event: COERCE (probe) by iran on us at tanf, decides: iran}
  drift: {rate: 0.3, then: [hidden += 1], event: MOBILIZE by iran}
orders:
  calm: {of: us, when: tension > 0, then: [tension = 0], event: YIELD by us on iran}
  leave: {of: us, when: "troops[tanf] > 1", then: ["troops[tanf] -= 2"], event: RETREAT by us at tanf}
  grab: {of: iran, when: "troops[tanf] > 1", then: ["troops[tanf] -= 2"], event: ASSAULT by iran on us at tanf}
  stumble: {of: us, then: [tension -= 50]}
decisions:
  review:
    of: us
    comes: {every: 6 days}
    options: {stay: {}, add: {when: tension > 0, then: ["troops[raqqa] += 1"], event: MOBILIZE by us at raqqa}}
    policy: {always: stay}
seats: {washington: {plays: us, briefing: Hold on.}, tehran: {plays: iran}}
turns: {every: 3 days}
sees:
  - {who: us, what: [tension, troops]}
  - {who: iran, what: [troops, hidden], events: {type: MOBILIZE}}
  - {who: us, what: "hidden + 1", when: tension > 3}
  - {who: us, events: {rule: [probe, calm]}, hides: source}
questions: {tense: {ask: Tense?, when: tension > 5, at: 2020-02-09}}
"""


@cache
def table(hidden: int = 0) -> Table:
    """The crisis, with a state that Washington does not see at some value."""
    return Table(load_text(CRISIS.replace("HIDDEN", str(hidden)), "crisis"))


def crisis(*seated: str, hidden: int = 0, seed: int = 1, path: str = ":memory:") -> Game:
    """A game of it at its start."""
    return begun(table(hidden), seed=seed, seated=seated or ("washington",), path=path)


def on(game: Game, turns: int = 1) -> None:
    """Ends turns for all, and leaves each decision to its policy."""
    last = game.turn + turns
    while game.phase != "over" and game.turn < last:
        seat = game.waits_for()[0]
        if game.asked is not None:
            game.answer(seat, "model" if "model" in game.asked.answers else "yes")
        else:
            game.end_turn(seat)


def value(game: Game, seat: str, what: str) -> str:
    return next(shown.value for shown in game.view(seat).values if shown.what == what)


def test_orders_of_a_turn_take_effect_just_after_its_beginning() -> None:
    game = crisis()
    on(game)
    assert game.day == 3.0
    game.order("washington", "leave")
    assert value(game, "washington", "troops[tanf]") == "2", "nothing happens before the turn ends"
    on(game)
    assert [str(outcome) for outcome in game.outcomes("washington")] == ["leave: done"]
    assert value(game, "washington", "troops[tanf]") == "0"
    made = game.session.trajectory()
    assert math.nextafter(3.0, 4.0) in made.time.tolist()


def test_an_order_that_has_become_impossible_is_refused_in_one_wording() -> None:
    orders = []
    for seed in range(6):
        game = crisis("washington", "tehran", seed=seed)
        game.order("washington", "leave")
        game.order("tehran", "grab")
        on(game)
        told = [str(outcome) for seat in game.header.seated for outcome in game.outcomes(seat)]
        assert told in (
            ["leave: done", "grab: not possible as things stand"],
            ["leave: not possible as things stand", "grab: done"],
        )
        orders.append(told[0])
    assert len(set(orders)) == 2, "who comes first is drawn anew in each game"


def test_what_cannot_be_said_is_refused_with_the_nearest_word_and_leaves_no_row() -> None:
    game = crisis()
    for refused, say in (
        ("'calm' cannot be ordered now", lambda: game.order("washington", "calm")),
        ("did you mean 'leave'", lambda: game.order("washington", "leav")),
        ("nobody sits at 'tehran'", lambda: game.order("tehran", "grab")),
        ("nothing is asked", lambda: game.answer("washington", "yes")),
        ("'review' is no act|'reviw' is no act", lambda: game.stand("washington", "reviw", "ask")),
        ("'perhaps' is no instruction", lambda: game.stand("washington", "review", "perhaps")),
        ("is not ordered", lambda: game.take_back("washington", "leave")),
        ("row 9 is not in the line", lambda: game.back_to("washington", 9)),
    ):
        with pytest.raises(UsageError, match=refused):
            say()
    assert game.ledger.rows == []
    game.order("washington", "leave")
    with pytest.raises(UsageError, match="ordered already"):
        game.order("washington", "leave")
    game.take_back("washington", "leave")
    assert game.drafted("washington") == ()


def test_orders_that_would_stop_the_run_are_refused_and_the_game_goes_on() -> None:
    game = crisis()
    game.order("washington", "stumble")
    with pytest.raises(UsageError, match="would stop the model, at the rule 'stumble'") as told:
        game.end_turn("washington")
    assert "-50" not in str(told.value)
    assert "seed" not in str(told.value)
    game.take_back("washington", "stumble")
    on(game)
    assert game.turn == 2


def test_a_seat_chooses_what_its_actor_decides() -> None:
    game = crisis(seed=3)
    on(game)
    while game.asked is None:
        game.end_turn("washington")
    assert game.asked.answers == ("stay", "add", "model")
    assert game.asked.choice.binding == ""
    with pytest.raises(UsageError, match="somebody is asked"):
        game.end_turn("washington")
    game.answer("washington", "add")
    assert value(game, "washington", "troops[raqqa]") == "1"
    game.stand("washington", "review", "model")
    on(game, 4)
    assert value(game, "washington", "troops[raqqa]") == "1"


def test_an_act_is_let_happen_or_pass() -> None:
    firings = {}
    for answer in ("yes", "no", "never", "model"):
        game = crisis("tehran")
        game.stand("tehran", "probe", "ask" if answer in ("yes", "no") else answer)
        while game.phase != "over":
            game.end_turn("tehran") if game.asked is None else game.answer("tehran", answer)
        made, model = game.session.trajectory(), game.table.model
        names = [model.rules[rule].name for rule in model.rule_of[made.rule]]
        firings[answer] = [names.count("probe"), names.count("drift")]
    assert firings["yes"] == firings["model"]
    assert firings["no"] == firings["never"]
    assert firings["model"][0] > 5
    assert firings["never"] == [0, firings["model"][1]], "nothing else has moved"


def test_a_seat_is_asked_about_twenty_acts_a_turn_and_told_of_the_rest() -> None:
    text = CRISIS.replace("HIDDEN", "0").replace("{rate: 0.4, then: [tension", "{rate: 20, then: [tension")
    game = begun(Table(load_text(text, "crisis")), seed=1, seated=("tehran",))
    game.stand("tehran", "probe", "ask")
    game.end_turn("tehran")
    for _ in range(20):
        game.answer("tehran", "no")
    assert game.phase == "planning"
    happened = len([rule for rule in game.session.trajectory().rule if rule == game.table.named("probe", "")])
    assert game.let_happen("tehran") == happened > 20


def test_going_back_makes_a_new_line_with_luck_of_its_own_and_deletes_nothing() -> None:
    game = crisis(seed=2)
    on(game, 2)
    first, rows = game.session.trajectory().time.tolist(), len(game.ledger.rows)
    game.back_to("washington", game.ledger.rows[0].number)
    assert game.day == 3.0
    on(game, 1)
    assert len(game.ledger.rows) > rows
    again = game.session.trajectory().time.tolist()
    before = [time for time in first if time <= 3.0]
    assert again[: len(before)] == before
    assert again != first
    game.back_to("washington", 1, fresh=False)
    on(game, 1)
    assert game.session.trajectory().time.tolist() == first, "the same luck brings the same"


def test_a_turn_ends_at_what_it_waits_for() -> None:
    text = CRISIS.replace("HIDDEN", "0").replace("{every: 3 days}", "{every: 30 days, until: probe}")
    game = begun(Table(load_text(text, "crisis")), seed=1, seated=("tehran",))
    on(game)
    made, model = game.session.trajectory(), game.table.model
    assert model.rules[model.rule_of[made.rule[-1]]].name == "probe"
    assert game.day == made.time[-1] < 30.0


@pytest.mark.statistical(false_alarm=1e-7)
def test_odds_are_those_of_the_run_that_goes_on_by_itself() -> None:
    game = crisis(seed=4)
    (chance,) = odds(game, runs=300)
    # Probes come at 0.4 a day for 40 days: more than 5 of them, whatever else happens.
    few = sum(math.exp(-16.0) * 16.0**n / math.factorial(n) for n in range(6))
    assert chance.runs == 300
    assert abs(chance.mean - (1.0 - few)) < 0.03
    with pytest.raises(UsageError, match="two runs"):
        odds(game, runs=1)


BELL = """
standoff: 1
title: A bell
starts: 2020-01-01
ends: 2020-01-10
actors: {us: {}}
rules: {bell: {at: 2020-01-04, event: PROTEST by us on us, evidence: assumption}}
seats: {tower: {plays: us}}
turns: {every: 2 days}
sees: [{who: everyone, events: {}}]
questions:
  rings: {ask: When does it ring?, first: count(bell) >= 1, by: 2020-01-10}
  again: {ask: When does it ring again?, first: count(bell) >= 2, by: 2020-01-10}
"""


def test_odds_of_a_date_are_how_often_there_is_one_and_which() -> None:
    rings, again = odds(begun(Table(load_text(BELL, "bell")), seed=1, seated=("tower",)), runs=3)
    assert (rings.happens, rings.median) == (1.0, 3.0)
    assert (again.happens, again.median) == (0.0, None)


COURT = """
standoff: 1
title: A court
starts: 2020-01-01
ends: 2020-01-10
actors: {us: {}, iran: {}, proxy: {patron: iran}}
state: {own: {of: actor}, done: {at_least: 0}}
begin: {own: {us: 1, iran: 2}}
parameters: {secret: {prior: "0.25"}}
rules: {fire: {for: {a: actor}, when: a.patron == iran, rate: 1, decides: a.patron, then: ["own[a] += secret"]}}
orders: {push: {of: us, then: [done += 1], otherwise: {rate: 9}}}
stances: {us: {options: [calm, bold], changes: [{from: calm, to: bold, rate: 9}], ordered: {}}}
decisions:
  pick:
    of: us
    comes: {at: 2020-01-04}
    options: {none_of_it: {}, all_of_it: {then: [done += 1000]}}
    policy: {always: all_of_it}
seats: {washington: {plays: us}, tehran: {plays: iran}}
turns: {every: 2 days}
sees:
  - {who: a, for: {a: actor}, what: "own[a]"}
  - {who: iran, parameters: secret}
  - {who: us, what: [stance_us, done]}
questions: {much: {ask: How much?, number: done, at: 2020-01-10}}
"""


def test_what_is_ordered_does_not_happen_by_itself_while_somebody_sits_there() -> None:
    of = Table(load_text(COURT, "court"))
    game = begun(of, seed=1, seated=("washington",))
    held = {"push_otherwise": "never", "stance_us_calm_to_bold": "never", "pick": "ask"}
    assert game.standing("washington") == held
    on(game)
    assert (value(game, "washington", "stance_us"), value(game, "washington", "done")) == ("calm", "0")
    game.order("washington", "push")
    game.order("washington", "stance_us_to_bold")
    game.end_turn("washington")
    assert game.asked is not None
    assert (value(game, "washington", "stance_us"), value(game, "washington", "done")) == ("bold", "1")
    # From here, the decision that is asked about is left to its policy, and orders are given as nobody would.
    (chance,) = odds(game, runs=40)
    assert 1030 < chance.mean < 1090


def test_each_seat_sees_what_is_its_own() -> None:
    of = Table(load_text(COURT, "court"))
    game = begun(of, seed=1, seated=("washington", "tehran"))
    own = {seat: [(one.what, one.value) for one in game.view(seat).values] for seat in game.header.seated}
    assert own["washington"] == [("own[us]", "1"), ("stance_us", "calm"), ("done", "0")]
    assert own["tehran"] == [("own[iran]", "2")]
    assert game.view("washington").parameters == ()
    assert game.view("tehran").parameters == (("secret", 0.25),)
    assert game.standing("tehran") == {"fire": "model"}, "its proxy's rule is its own, by the attribute"


def test_a_game_that_this_version_would_play_otherwise_is_refused() -> None:
    game = crisis()
    on(game, 2)
    rows = [replace(row, state="elsewhere") if row.number == 2 else row for row in game.ledger.rows]
    game.ledger.rows[:] = rows
    with pytest.raises(UsageError, match="cannot be replayed: the run is another one before row 2"):
        Game(table(), game.ledger)


# -- what each seat knows ----------------------------------------------------------------------------------------------


def test_a_seat_is_shown_what_is_declared_and_nothing_else() -> None:
    game = crisis("washington", "tehran", seed=3)
    events: dict[str, list[SeenEvent]] = {"washington": [], "tehran": []}
    for _ in range(6):
        on(game)
        for seat, seen in events.items():
            seen += game.view(seat).events
    shown = {seat: {one.what for one in game.view(seat).values} for seat in events}
    assert shown["washington"] == {"tension", "troops[tanf]", "troops[raqqa]", "hidden + 1"}
    assert shown["tehran"] == {"troops[tanf]", "troops[raqqa]", "hidden"}
    assert {event.rule for event in events["washington"]} == {"probe"}
    assert all(event.source is None and event.target == "us" for event in events["washington"])
    assert {(event.rule, event.source) for event in events["tehran"]} == {("drift", "iran")}


def test_what_is_seen_no_more_is_shown_as_of_the_day_it_was() -> None:
    game = crisis(seed=1)
    while value(game, "washington", "tension") != "4" and game.day < 39:
        on(game)
    while float(value(game, "washington", "tension")) <= 3:
        on(game)
    seen = next(shown for shown in game.view("washington").values if shown.what == "hidden + 1")
    assert seen.now
    day, shown = seen.day, seen.value
    game.order("washington", "calm")
    on(game)
    seen = next(one for one in game.view("washington").values if one.what == "hidden + 1")
    assert float(value(game, "washington", "tension")) <= 3
    assert (seen.now, seen.day, seen.value) == (False, day, shown)


@pytest.mark.parametrize("seed", range(10))
def test_two_worlds_that_differ_in_what_a_seat_does_not_see_look_alike_to_it(seed: int) -> None:
    one, other = crisis(seed=seed), crisis(seed=seed, hidden=40)
    for game in (one, other):
        assert value(crisis("tehran", seed=seed, hidden=40), "tehran", "hidden") == "40"
        game.stand("washington", "review", "model")
    for _ in range(8):
        first, second = one.view("washington"), other.view("washington")
        granted = any(shown.what == "hidden + 1" for shown in first.values)
        if granted:
            return
        assert first == second
        assert one.legal("washington") == other.legal("washington")
        assert one.outcomes("washington") == other.outcomes("washington")
        for game in (one, other):
            for choice in [one for one in game.legal("washington") if one.rule != "stumble"][:1]:
                game.order("washington", choice.rule, choice.binding)
            on(game)


# -- the ledger --------------------------------------------------------------------------------------------------------


def test_a_ledger_that_was_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.game"
    game = crisis(path=str(path))
    game.order("washington", "leave")
    on(game, 1)
    game.ledger.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE ledger SET body = replace(body, 'leave', 'calm')")
    connection.close()
    with pytest.raises(UsageError, match="row 1 is not as it was written"):
        Ledger.read(path)


def test_what_is_no_game_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no game"):
        Ledger.read(tmp_path / "a.game")
    (tmp_path / "b.game").write_text("a scenario, perhaps\n" * 100, encoding="utf-8")
    with pytest.raises(UsageError, match="is not the file of a game"):
        Ledger.read(tmp_path / "b.game")
    game = crisis(path=str(tmp_path / "c.game"))
    with pytest.raises(UsageError, match="already"):
        crisis(path=str(tmp_path / "c.game"))
    game.ledger.close()


def test_a_game_that_goes_on_in_two_places_keeps_one_line(tmp_path: Path) -> None:
    path = str(tmp_path / "a.game")
    here = crisis(path=path)
    there = Game(table(), Ledger.read(path))
    here.order("washington", "leave")
    with pytest.raises(UsageError, match="has gone on elsewhere"):
        there.order("washington", "leave")
    here.ledger.close()
    there.ledger.close()
    assert len(Ledger.read(path).rows) == 1


def test_a_scenario_without_seats_cannot_be_played() -> None:
    text = CRISIS.replace("HIDDEN", "0").partition("seats:")[0]
    with pytest.raises(UsageError, match="has no seats"):
        Table(load_text(text, "crisis"))
    with pytest.raises(UsageError, match="did you mean 'tehran'"):
        table().seat("teheran")
