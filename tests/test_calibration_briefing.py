"""The brief says in sentences what the answers say: how often, how spread, and where most runs are wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from standoff.analysis.answers import statement, wilson
from standoff.calibration import brief_of
from standoff.calibration.scores import score
from standoff.ensemble import (
    Answer,
    Answers,
    Chance,
    DateAnswer,
    EventsEntry,
    Manifest,
    NumberAnswer,
    QuestionEntry,
    Spread,
    YesNoAnswer,
)

QUESTION = QuestionEntry(
    id="q", ask="Is it so?", type="binary", date="2017-12-31", unit=None, forecast=None, outcome=None, why=None,
    value=None, hindsight=False,
)  # fmt: skip
MANIFEST = Manifest(
    standoff="", scenario="made", title="", starts="2017-06-01", ends="2017-12-31", days=214.0, digest="", variant=None,
    settings={}, seed=1, sampler="direct", runs=1000, finished_runs=1000, merged_runs=1000, partial=False, key="",
    jobs=1, seconds=0.0, command="", created="", versions={}, events=EventsEntry(0, False), grid=(), series=(),
    parameters=(), questions=(), hindsight={}, persistence=None,
)  # fmt: skip


def chance(yes: int, runs: int) -> Chance:
    around = wilson(yes, runs)
    return Chance(yes, yes / runs, around.low, around.high, "", False)


def asked(name: str, yes: int, outcome: str | None = None, *, runs: int = 1000, says: str | None = None) -> YesNoAnswer:
    return YesNoAnswer(replace(QUESTION, id=name, outcome=outcome, says=says), runs, chance(yes, runs), "")


def number(name: str, *quantiles: float, value: float | None = None, says: str | None = None) -> NumberAnswer:
    spread = Spread(None, dict(zip(("5", "25", "50", "75", "95"), quantiles, strict=True)), *quantiles[1:4:2])
    question = replace(QUESTION, id=name, type="number", value=value, unit="place", says=says)
    return NumberAnswer(question, 1000, spread, "")


def dated(name: str, yes: int, value: float | None = None, says: str | None = None) -> DateAnswer:
    days = {"5": 3.0, "25": 33.0, "50": 63.0, "75": None, "95": None}
    dates = {"5": "2017-06-04", "25": "2017-07-04", "50": "2017-08-03", "75": None, "95": None}
    question = replace(QUESTION, id=name, type="date", value=value, says=says)
    return DateAnswer(question, 1000, chance(yes, 1000), Spread(None, days, 60.0, 66.0), dates, "")


def answers(*questions: Answer) -> Answers:
    return Answers(questions, score(questions, None, seed=1), {}, None, None, "")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (asked("a", 670, says="red holds the ford"), "In 67 of 100 runs (64 to 70) red holds the ford."),
        (asked("a", 670), "In 67 of 100 runs (64 to 70) the answer is yes: “Is it so?”"),
        (asked("a", 52, says="it falls"), "In only 52 of 1,000 runs (40 to 68) it falls."),
        (asked("a", 20, runs=30, says="it falls"), "In 20 of 30 runs (15 to 24) it falls."),
        (asked("a", 0, says="it falls"), "In none of 1,000 runs (at most 4) it falls."),
        (asked("a", 1000, says="it falls"), "In all 1,000 runs (at least 996) it falls."),
        (
            dated("a", 700, says="the ford falls"),
            (
                "In 70 of 100 runs (67 to 73) the ford falls by 31 December 2017; the median is 3 August 2017, a "
                "quarter of the runs come by 4 July 2017."
            ),
        ),
        (
            number("a", 1, 10, 12, 14, 30, says="the places that red holds"),
            "The places that red holds: the median is 12 places, the middle half of the runs 10 to 14.",
        ),
    ],
)
def test_an_answer_is_one_sentence_in_frequencies(answer: Answer, sentence: str) -> None:
    assert statement(answer) == sentence


def test_the_headline_and_the_key_questions_are_those_of_the_scenario_and_else_the_least_settled() -> None:
    given = answers(asked("sure", 990), number("n", 1, 2, 3, 4, 5), asked("even", 480), dated("when", 700))
    brief = brief_of(replace(MANIFEST, headline="when", key_questions=("sure", "n")), given)
    assert (brief.headline and brief.headline.question, brief.declared) == ("when", True)
    assert [one.question for one in brief.key_questions] == ["sure", "n"]
    brief = brief_of(MANIFEST, given)
    assert (brief.headline and brief.headline.question, brief.declared) == ("sure", False)
    assert [one.question for one in brief.key_questions] == ["even", "when", "sure", "n"]
    assert brief_of(MANIFEST, answers()).headline is None


def test_the_worst_misses_come_first_and_only_where_most_runs_say_otherwise() -> None:
    given = answers(
        asked("right", 900, "yes"), asked("even", 500, "no"), asked("void", 990, "void"), asked("rare", 100, "yes"),
        asked("sure", 985, "no"), number("inside", 1, 2, 3, 4, 5, value=5), number("outside", 1, 2, 3, 4, 5, value=6),
        dated("early", 700, value=2.0), dated("late", 700, value=150.0), dated("after", 400, value=300.0),
        dated("same-day", 700, value=3.0),
    )  # fmt: skip
    brief = brief_of(MANIFEST, given)
    assert [one.question for one in brief.misses] == ["sure", "outside", "early", "rare"]
    assert brief.record == (
        "Most runs were right on 3 of 5 questions of yes or no whose outcome is recorded, and wrong on 2. "
        "1 of these 5 is too close to call. "
        "Of 5 recorded numbers and dates, 3 lie within the range of nine in ten runs."
    )
    told = {one.question: one.sentence for one in brief.misses}
    assert told["sure"] == "“Is it so?” What happened: no. What the runs said: yes in 98.5% (97.5–99.1%)."
    assert told["rare"] == "“Is it so?” What happened: yes. What the runs said: yes in only 10% (8–12%)."
    assert told["outside"] == "“Is it so?” What happened: 6. What the runs said: nine of ten lie between 1 and 5."
    came = "“Is it so?” What happened: 3 June 2017. What the runs said: in 19 of 20 it comes on 4 June 2017 or later"
    assert told["early"] == f"{came}, or never."


@pytest.mark.parametrize(("names", "all_of"), [("a", "the one question"), ("ab", "all 2 questions")])
def test_where_nothing_was_missed_that_is_said(names: str, all_of: str) -> None:
    brief = brief_of(MANIFEST, answers(*(asked(name, 900, "yes") for name in names)))
    assert brief.record == f"Most runs were right on {all_of} of yes or no whose outcome is recorded."


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((5,), "The one recorded number or date lies within the range of nine in ten runs."),
        ((6,), "The one recorded number or date does not lie within the range of nine in ten runs."),
        ((6, 5, 7), "Of 3 recorded numbers and dates, 1 lies within the range of nine in ten runs."),
        ((5, 4), "All 2 recorded numbers and dates lie within the range of nine in ten runs."),
        ((6, 7), "Of 2 recorded numbers and dates, none lies within the range of nine in ten runs."),
    ],
)
def test_a_number_among_nine_of_ten_runs_is_not_called_right(values: tuple[int, ...], told: str) -> None:
    given = [number(f"n{i}", 1, 2, 3, 4, 5, value=value) for i, value in enumerate(values)]
    assert brief_of(MANIFEST, answers(*given)).record == told


def test_where_most_misses_happened_against_most_runs_that_is_said() -> None:
    brief = brief_of(MANIFEST, answers(asked("a", 100, "yes"), asked("b", 200, "yes"), asked("c", 900, "no")))
    assert brief.record == (
        "Most runs were right on 0 of 3 questions of yes or no whose outcome is recorded, and wrong on 3; "
        "2 of these happened although most runs said no."
    )


def test_what_hangs_on_which_runs_were_made_is_called_too_close() -> None:
    brief = brief_of(MANIFEST, answers(asked("a", 520, "yes"), asked("b", 490, "yes"), asked("c", 560, "yes")))
    assert brief.record.endswith("and wrong on 1. 2 of these 3 are too close to call.")
    assert brief_of(MANIFEST, answers(asked("a", 520, "yes"))).record.endswith("recorded. It is too close to call.")


def test_hindsight_is_a_count_and_scores_take_three_lines() -> None:
    made = replace(MANIFEST, hindsight={"states": ("a", "b"), "rules": ("c",), "parameters": ("d", "e", "f")})
    brief = brief_of(made, answers(*(asked(f"a{i}", 900, "yes") for i in range(5))))
    parts = "3 parameters, 1 rule and 2 other parts"
    assert brief.hindsight == f"Its makers set {parts} knowing the outcome, so the scores do not test the model."
    assert brief.scores == (
        "Brier score over 5 resolved questions: the model 0.01 (0.01 to 0.01).",
        "A perfect forecaster scores 0, a coin toss 0.25: lower is better.",
    )
    assert brief_of(MANIFEST, answers()).hindsight == ""
