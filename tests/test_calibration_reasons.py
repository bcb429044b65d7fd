"""Why an answer is as it is and how sure that is: said from the runs and the findings, and only where they say it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from standoff.analysis.answers import WORDS, meant_by, wilson, word
from standoff.analysis.explanations import Explanation
from standoff.analysis.explanations.findings import Mark, Partings, Pivotal, Route
from standoff.analysis.spread import Contrast, Contrasts
from standoff.calibration import WhatIf, contrasts_of, reasons_of
from standoff.calibration.reasons import LIMIT
from standoff.ensemble import Chance, NumberAnswer, QuestionEntry, Spread, YesNoAnswer, run_many
from standoff.scenario import load

QUESTION = QuestionEntry(
    id="q", ask="Is it so?", type="binary", date="2017-12-31", unit=None, forecast=None, outcome=None, why=None,
    value=None, hindsight=False,
)  # fmt: skip
AROUND = wilson(690, 1000)
ANSWER = YesNoAnswer(QUESTION, 1000, Chance(690, 0.69, AROUND.low, AROUND.high, "likely", False), "")
NONE = Contrasts(510, ())
PACE = Contrast("pace_of_war", 1.0, 2.0, 180, 300, 240, 300, 0.2, 0.13, 0.27)
DRAG = Contrast("drag", 1.0, 2.0, 234, 300, 171, 300, -0.21, -0.28, -0.14)
STEP = Pivotal(
    "A step is won (red, ford)", "step", "a=red", (), "", tested=100, undone=40, share=0.4, low=0.31, high=0.5,
    with_yes=60, with_runs=100, without_yes=10, without_runs=100, with_it=0.6, without_it=0.1, difference=0.5,
    difference_low=0.4, difference_high=0.6,
)  # fmt: skip
EXPLAINED = Explanation("made", 1, 100, "q", "Is it so?", 0.69, 0.6, 0.77, (), (STEP,), Partings(None, None), (), "")


def _route(share: float, *marks: tuple[str, float, float]) -> Route:
    told = (Mark(event, "step", "any", (), "", here, elsewhere) for event, here, elsewhere in marks)
    return Route(10, share, share - 0.1, share + 0.1, tuple(told), "")


def _why(**changed: Any) -> str:
    return reasons_of(ANSWER, NONE, {}, replace(EXPLAINED, **changed)).why


def test_why_names_the_usual_way_and_the_event_that_most_yeses_need() -> None:
    routes = (
        _route(0.3, ("A storm comes", 0.9, 0.1)),
        _route(0.7, ("The ford freezes", 0.9, 0.2), ("A bridge falls", 0.1, 0.8), ("Red marches", 0.8, 0.3)),
    )
    some = replace(STEP, event="A bridge falls", undone=10, share=0.1, low=0.05, high=0.17)
    made = reasons_of(ANSWER, NONE, {}, replace(EXPLAINED, routes=routes, pivotal=(some, STEP)))
    assert made.label == "Why the model says so"
    assert made.why == (
        "The most usual way there, taken by 48 of these 69 (41 to 55), leads through “The ford freezes” and "
        "“Red marches”. No single event decides it; “A step is won (red, ford)” does most: without it, "
        "28 of these 69 (21 to 34) would go the other way."
    )
    # What comes in every run tells nothing of a route, though on some trails it is missing.
    ford = replace(STEP, binding="any", with_runs=200, without_runs=0, without_it=None, low=0.0)
    assert "leads through" in _why(routes=routes, pivotal=(STEP,))
    assert "leads through" not in _why(routes=routes, pivotal=(STEP,), against=(ford,))
    long = (_route(0.7, ("The ford freezes", 0.9, 0.2), ("Red marches with all that it has " * 2, 0.8, 0.3)),)
    assert "leads through “The ford freezes”. No" in _why(routes=long)
    needed = replace(STEP, undone=90, share=0.9, low=0.83, high=0.94)
    assert _why(pivotal=(needed,)) == (
        "It turns on “A step is won (red, ford)”: without it, 62 of these 69 (57 to 65) would go the other way."
    )


def test_why_counts_in_the_runs_of_the_answer_and_not_in_those_of_the_explanation() -> None:
    """The explanation is of other runs, whose own share of yes is another; of few runs each is counted."""
    assert EXPLAINED.probability == ANSWER.chance.probability
    assert _why(probability=0.8, low=0.7, high=0.88, pivotal=(STEP,)) == _why(pivotal=(STEP,))
    few = replace(ANSWER, runs=40, chance=replace(ANSWER.chance, yes=30))
    told = reasons_of(few, NONE, {}, replace(EXPLAINED, pivotal=(STEP,))).why
    assert told.endswith("without it, 12 of these 30 (9 to 15) would go the other way.")
    rare = replace(ANSWER, chance=replace(ANSWER.chance, yes=8, probability=0.008))
    told = reasons_of(rare, NONE, {}, replace(EXPLAINED, pivotal=(STEP,))).why
    assert told.endswith("without it, 3 of these 8 (2 to 4) would go the other way.")


def test_what_stands_in_the_way_is_told_of_the_other_runs() -> None:
    wall = replace(STEP, event="A wall is built", rule="wall", share=0.5, low=0.3, high=0.7)
    stands = "What stands most in the way is “A wall is built”"
    told = f"{stands}: without it, 16 of the other 31 (9 to 22) would go the other way."
    assert _why(pivotal=(STEP,), against=(wall,)).endswith(told)
    doubtful = replace(wall, share=0.1, low=0.02, high=0.3)
    told = _why(pivotal=(STEP,), against=(doubtful,))
    assert told.endswith("would go the other way. In the other 31 no single event stands in the way.")


def test_an_event_that_turns_answers_both_ways_is_told_as_what_it_does_more_often() -> None:
    """STEP loses 0.4 of 69 runs; without it half of 31 are won: less. Of 20 that say yes it loses less than it wins."""
    both = replace(STEP, share=0.5, low=0.3, high=0.7)
    told = _why(pivotal=(STEP,), against=(both,))
    assert "; “A step is won (red, ford)” does most" in told and "stands most in the way is" not in told
    few = replace(ANSWER, chance=replace(ANSWER.chance, yes=200, probability=0.2))
    told = reasons_of(few, NONE, {}, replace(EXPLAINED, pivotal=(STEP,), against=(both,))).why
    assert told == (
        "What stands most in the way is “A step is won (red, ford)”: without it, 40 of the other 80 (24 to 56) would "
        "go the other way. No single event decides it."
    )


def test_an_event_that_always_comes_or_is_the_answer_is_not_named_as_its_reason() -> None:
    always = replace(STEP, event="The dated coup", rule="coup", undone=90, share=0.9, without_runs=2, without_it=None)
    answer = replace(STEP, event="The treaty is signed", rule="sign", undone=80, share=0.8, settles=70)
    told = _why(pivotal=(always, answer, STEP))
    assert told.startswith("Most need “The dated coup”, which comes in 98 of 100 runs; beside it “A step is")
    assert _why(pivotal=(always, answer)).startswith("It turns on “The dated coup”")
    notice = replace(always, event="Notice is given", with_yes=70, with_runs=70, without_runs=30, without_it=0.3)
    assert "No single event decides it; “A step is won (red, ford)” does most" in _why(pivotal=(notice, STEP))
    light = replace(STEP, undone=5, share=0.05, low=0.02)
    some = replace(answer, undone=30, share=0.3, settles=30)
    routes = (_route(0.7, ("The ford freezes", 0.9, 0.2)),)
    told = _why(routes=routes, pivotal=(some, light))
    assert told.endswith("through “The ford freezes”. No single event decides it.")
    assert _why(routes=routes, pivotal=(answer,)).endswith(
        "It turns on “The treaty is signed”: without it, 55 of these 69 (21 to 34) would go the other way."
    )


def test_what_most_yeses_need_and_nearly_every_run_has_is_told_before_what_comes_in_some() -> None:
    always = replace(
        STEP, event="Red marches", rule="march", binding="any", undone=70, share=0.7, low=0.6, high=0.78,
        with_runs=195, without_runs=5, without_it=None,
    )  # fmt: skip
    told = _why(pivotal=(always, STEP))
    assert told.startswith(
        "Most need “Red marches”, which comes in 98 of 100 runs; beside it “A step is won (red, ford)” does most: "
        "without it, 28 of these 69 (21 to 34) would go the other way."
    )
    nearly = replace(always, with_runs=199, without_runs=1)
    assert "which comes in 99 of 100 runs" in _why(pivotal=(nearly, STEP))
    every = replace(always, with_runs=200, without_runs=0)
    assert _why(pivotal=(every, STEP)).startswith("Of events that not every run has, “A step is won (red, ford)” does")
    usual = "No single event decides it; “A step"
    both = replace(STEP, event="Red marches", rule="march", share=0.6, low=0.5, high=0.7)
    rare = replace(ANSWER, chance=replace(ANSWER.chance, yes=310, probability=0.31))
    against = (replace(both, share=0.9), replace(both, event="A flood", rule="flood"))
    told = reasons_of(rare, NONE, {}, replace(EXPLAINED, pivotal=(both, STEP), against=against)).why
    assert told.startswith("What stands most in the way is “Red marches”")
    assert " Most need “Red marches”, which stands in the way of more; beside it “A step is won" in told
    for other in (replace(always, rule="step"), replace(always, share=0.4), replace(always, settles=60)):
        assert _why(pivotal=(other, STEP)).startswith(usual)


def test_ranges_are_those_of_the_sentences_and_none_is_drawn_for_chance_alone() -> None:
    assert reasons_of(ANSWER, NONE, {}).ranges == ()
    made = reasons_of(ANSWER, Contrasts(4, (DRAG,)), {}, None, (WhatIf("Nobody presses", -0.9, -0.95, -0.6),))
    assert [(one.of, one.around) for one in made.ranges] == [
        ("chance alone", "66–72%"), ("what nobody knows", "57–78%"), ("what-ifs that were run", "0–69%"),
    ]  # fmt: skip
    assert [(one.low, one.high) for one in made.ranges] == [(AROUND.low, AROUND.high), (0.57, 0.78), (0.0, 0.69)]


def test_one_number_alone_is_told_in_the_singular() -> None:
    told = reasons_of(ANSWER, Contrasts(4, (DRAG,)), {"drag": "Drag on advances"}).why
    assert told.startswith("Of 4 uncertain numbers, “Drag on advances” moves it most.")
    told = reasons_of(ANSWER, Contrasts(1, (DRAG,)), {"drag": "Drag on advances"}).why
    assert told.startswith("The one uncertain number, “Drag on advances”, moves it clearly.")


def test_without_an_event_the_numbers_are_called_what_the_answer_depends_on_and_not_its_reason() -> None:
    moved = Contrasts(510, (DRAG, PACE))
    idle = replace(EXPLAINED, pivotal=(replace(STEP, undone=0, share=0.0, low=0.0),))
    made = reasons_of(ANSWER, moved, {"drag": "Drag on advances"}, idle)
    assert made.label == "What the answer depends on most"
    told = "Of 510 uncertain numbers, “Drag on advances” and “pace of war” move it most."
    assert made.why == f"{told} The verb explain finds the events behind it."
    assert reasons_of(ANSWER, moved, {"drag": "Drag on advances"}) == made
    nothing = reasons_of(ANSWER, NONE, {}, idle)
    assert (nothing.label, nothing.why) == ("", "")


def test_a_number_that_is_correlated_is_not_told_as_the_one_that_moves_an_answer(tmp_path: Path) -> None:
    """Only `daring` moves anything; `luck` goes with it by 0.95 and would be called what the answer depends on."""
    (tmp_path / "s.yaml").write_text("""
standoff: 1
title: Two numbers that go together
starts: 2026-01-01
ends: 2026-03-31
parameters:
  daring: {prior: "uniform(0, 0.02)"}
  luck: {prior: "uniform(0, 1)", correlates: {daring: 0.95, calm: 0.1}}
  calm: {prior: "0.5"}
  other: {prior: "uniform(0, 1)"}
state: {n: {}}
rules: {go: {rate: daring + 0 * (luck + calm + other), then: [n += 1]}}
questions: {q: {ask: Does it go?, when: n > 0, by: 2026-03-31}}
""")
    made = run_many(load(tmp_path / "s.yaml"), runs=300, seed=1)
    assert {one.name: one.correlated for one in made.manifest.parameters} == {
        "daring": ("luck",), "luck": ("daring",), "calm": (), "other": (),
    }  # fmt: skip
    contrasts = contrasts_of(made, "q")
    assert {one.name: one.beside for one in contrasts.clear} == {"daring": ("luck",), "luck": ("daring",)}
    why = reasons_of(ANSWER, contrasts, {"luck": "Fortune"}).why
    assert "“daring” is drawn together with “Fortune”, so that any of these may be what moves it." in why


def test_how_sure_tells_how_far_uncertain_numbers_move_it_then_chance_and_the_word() -> None:
    scale = "“Likely” stands for 55 to 80% (ICD 203, the scale of US intelligence)."
    exact = "Chance alone leaves 66 to 72% (95% interval of 1,000 runs, each a simulated history)."
    limit = "More runs cannot say whether the model is right."
    both = "It hangs on what nobody knows: 57% where “Drag on advances” is high, 80% where “pace of war” is high."
    called = {"drag": "Drag on advances"}
    assert reasons_of(ANSWER, Contrasts(510, (DRAG, PACE)), called).how_sure == f"{both} {exact} {scale} {limit}"
    alone = "It hangs on what nobody knows: 57% where “Drag on advances” is high, 78% where it is low."
    assert reasons_of(ANSWER, Contrasts(4, (DRAG,)), called).how_sure == f"{alone} {exact} {scale} {limit}"
    unmoved = "1,000 runs are too few to show a clear effect of any one of 510 uncertain numbers."
    assert reasons_of(ANSWER, NONE, {}).how_sure == f"{unmoved} {exact} {scale} {limit}"
    wide = replace(ANSWER, chance=replace(ANSWER.chance, spans=True))
    beyond = f"{scale.removesuffix('.')}, and the interval reaches beyond that."
    assert beyond in reasons_of(wide, NONE, {}).how_sure


def test_a_number_or_a_what_if_that_moves_more_runs_than_any_event_is_named_first() -> None:
    """STEP turns 0.4 of 69 runs in 100, which is 28; DRAG moves 21 points, STRONG 35."""
    strong = replace(DRAG, name="strong", difference=-0.35)
    explained = replace(EXPLAINED, pivotal=(STEP,))
    told = reasons_of(ANSWER, Contrasts(4, (strong, DRAG)), {"strong": "The will to fight"}, explained).why
    does = "“A step is won (red, ford)” does most: without it, 28 of these 69 (21 to 34) would go the other way."
    rarest = "Of what nobody knows, “drag” being high makes yes rarest (57%)."
    assert told == f"It hangs most on what nobody knows: “The will to fight”. Of all events, {does} {rarest}"
    one = Contrasts(4, (DRAG,))
    assert reasons_of(ANSWER, one, {}, explained).why == f"No single event decides it; {does} {rarest}"
    doubtful = replace(explained, against=(replace(STEP, rule="wall", share=0.1, low=0.02),))
    told = reasons_of(ANSWER, one, {}, doubtful).why
    assert told.endswith(f"In the other 31 no single event stands in the way; o{rarest[1:]}")
    both = (WhatIf("Nobody presses", -0.9, -0.95, -0.6), WhatIf("All press", 0.2, 0.1, 0.3))
    told = reasons_of(ANSWER, Contrasts(4, (strong, DRAG)), {"strong": "The will to fight"}, explained, both).why
    # The answer of the run, 0.69, moved by what pairs of other runs say; no share is below 0.
    assert told.startswith("It hangs most on this: with “Nobody presses” the answer is yes in 0% (0–9.0%). Of all")
    # What rewrites the very event that is asked for is the answer by another name.
    settles = (replace(both[0], rewrites=True), both[1])
    told = reasons_of(ANSWER, Contrasts(4, (strong, DRAG)), {"strong": "The will to fight"}, explained, settles).why
    assert told.startswith("It hangs most on what nobody knows: “The will to fight”.")


def test_a_claim_that_holds_is_told_first_as_the_reason_that_its_author_gives() -> None:
    held = WhatIf("Restraint turned the patron, and that brought the end.", -0.4, -0.5, -0.3)
    told = "“Restraint turned the patron, and that brought the end.” This claim holds here: with its cause changed, "
    told += "the answer is yes in 29% (19–39%)."
    made = reasons_of(ANSWER, NONE, {}, None, (), held)
    assert (made.label, made.why) == ("Why the model says so", told)
    made = reasons_of(ANSWER, NONE, {}, replace(EXPLAINED, pivotal=(STEP,)), (), held)
    assert made.why == f"{told} {_why(pivotal=(STEP,))}"


def test_a_number_is_as_sure_as_the_interval_of_its_median() -> None:
    spread = Spread(None, {"5": 1.0, "25": 3.0, "50": 4.2, "75": 5.0, "95": 9.0}, 3.9, 4.5)
    counted = NumberAnswer(replace(QUESTION, type="number"), 1000, spread, "")
    told = f"1,000 runs, each a simulated history, narrow the median to 3.90 to 4.50 (95% interval). {LIMIT}"
    assert reasons_of(counted, NONE, {}).how_sure == told


@pytest.mark.parametrize("share", [0.0, 0.03, 0.1, 0.3, 0.5, 0.6, 0.9, 0.97, 1.0])
def test_a_word_stands_for_the_shares_that_it_is_given_to(share: float) -> None:
    low, _, high = meant_by(word(share)).replace("at most ", "0 to ").partition(" to ")
    if low.startswith("at least"):
        low, high = low.removeprefix("at least "), "100%"
    assert float(low.rstrip("%")) <= 100 * share <= float(high.rstrip("%"))


def test_words_stand_for_shares_in_order() -> None:
    assert [meant_by(one) for one in WORDS] == [
        "at most 5%", "5 to 20%", "20 to 45%", "45 to 55%", "55 to 80%", "80 to 95%", "at least 95%",
    ]  # fmt: skip
