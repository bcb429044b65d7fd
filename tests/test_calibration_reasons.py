"""Why an answer is as it is and how sure that is: said from the runs and the findings, and only where they say it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from standoff.analysis.answers import WORDS, meant_by, wilson, word
from standoff.analysis.explanations import Explanation
from standoff.analysis.explanations.findings import Partings, Pivotal
from standoff.analysis.spread import Contrast, Contrasts
from standoff.calibration import reasons_of
from standoff.calibration.reasons import LIMIT
from standoff.ensemble import Chance, NumberAnswer, QuestionEntry, Spread, YesNoAnswer

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


def test_the_event_that_most_yeses_turn_on_comes_before_the_numbers_and_nothing_is_said_where_nothing_supports_it() -> (
    None
):
    moved = Contrasts(510, (DRAG, PACE))
    assert reasons_of(ANSWER, moved, {}, EXPLAINED).why == (
        "It turns most on “A step is won (red, ford)”: without it, 40% (31–50%) of the runs that say yes would say no."
    )
    unsure = replace(EXPLAINED, pivotal=(replace(STEP, low=0.0),))
    told = "Of 510 uncertain numbers, “Drag on advances” and “pace of war” matter most."
    assert reasons_of(ANSWER, moved, {"drag": "Drag on advances"}, unsure).why == told
    assert reasons_of(ANSWER, NONE, {}, unsure).why == ""


def test_how_sure_tells_the_word_the_sampling_error_and_how_far_one_uncertain_number_moves_it() -> None:
    scale = "“Likely” stands for 55 to 80% (ICD 203, the scale of US intelligence)."
    exact = "1,000 runs narrow the share to 66 to 72% (95% interval)."
    limit = "More runs cannot say whether the model is right."
    both = "Set any one uncertain number low or high, and it lies between 57% and 80%."
    assert reasons_of(ANSWER, Contrasts(510, (DRAG, PACE)), {}).how_sure == f"{scale} {exact} {both} {limit}"
    unmoved = "None of 510 uncertain numbers moves it clearly."
    assert reasons_of(ANSWER, NONE, {}).how_sure == f"{scale} {exact} {unmoved} {limit}"


def test_a_number_is_as_sure_as_the_interval_of_its_median() -> None:
    spread = Spread(None, {"5": 1.0, "25": 3.0, "50": 4.2, "75": 5.0, "95": 9.0}, 3.9, 4.5)
    counted = NumberAnswer(replace(QUESTION, type="number"), 1000, spread, "")
    told = f"1,000 runs narrow the median to 3.90 to 4.50 (95% interval). {LIMIT}"
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
