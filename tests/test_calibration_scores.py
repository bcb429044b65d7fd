"""Scores against values worked out by hand, and the groups they are told for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from math import log

import numpy as np
import pytest

from standoff.calibration import brier, log_score, score
from standoff.calibration.scores import yes_or_no
from standoff.ensemble import Answer, Chance, DateAnswer, ForecastEntry, Persistence, QuestionEntry, Spread, YesNoAnswer

QUESTION = QuestionEntry(
    id="q", ask="Is it so?", type="binary", date="2017-12-31", unit=None, forecast=None, outcome="yes", why=None,
    value=None, hindsight=False,
)  # fmt: skip
CHANCE = Chance(yes=5, probability=0.5, low=0.2, high=0.8, word="roughly even chance", spans=True)


def asked(name: str, probability: float, outcome: str | None, *locators: str, low: float | None = None) -> YesNoAnswer:
    forecast = ForecastEntry(id=None, low=low, high=0.9, words=None, locators=locators) if locators else None
    question = replace(QUESTION, id=name, outcome=outcome, forecast=forecast)
    return YesNoAnswer(question, 10, replace(CHANCE, probability=probability), "")


def test_brier_and_log_scores_are_those_worked_out_by_hand() -> None:
    said, came = np.array([0.9, 0.2, 0.0, 1.0]), np.array([1.0, 0.0, 1.0, 1.0])
    assert brier(said, came) == pytest.approx([0.01, 0.04, 1.0, 0.0])
    assert log_score(said, came) == pytest.approx([-log(0.9), -log(0.8), -log(0.005), -log(0.995)])


def test_only_yes_or_no_questions_with_a_clear_outcome_are_scored() -> None:
    dated = asked("f", 0.5, "yes")
    spread = Spread(mean=None, quantiles={}, median_low=None, median_high=None)
    answers: list[Answer] = [
        asked("a", 0.9, "yes"),
        asked("b", 0.3, "no"),
        asked("c", 0.5, "unclear"),
        asked("d", 0.5, "void"),
        asked("e", 0.5, None),
        DateAnswer(dated.question, 10, dated.chance, spread, {}, ""),
    ]
    scores = {(one.over, one.who): one for one in score(answers, Persistence(1, {"a": 1, "b": 1}), seed=1)}
    assert {who for _, who in scores} == {"model", "persistence", "one half"}
    model = scores["all", "model"]
    assert (model.n, model.brier) == (2, pytest.approx((0.01 + 0.09) / 2))
    assert scores["all", "persistence"].brier == pytest.approx(0.5)
    assert scores["all", "one half"].brier == 0.25
    assert scores["all", "one half"].log == pytest.approx(log(2))
    assert scores["all", "one half"].better == pytest.approx(0.25 - 0.05)
    assert model.better is None


@pytest.mark.parametrize(
    ("by", "days", "outcome"),
    [("2017-10-27T20:00", 3.5, "yes"), ("2017-10-27T20:00", 3.5 + 1 / 1440, "no"), ("2017-10-27", 3.999, "yes"),
     ("2017-10-27", 4.0, "no")],
)  # fmt: skip
def test_a_date_counts_up_to_the_end_of_a_day_and_up_to_a_moment_that_moment_among_it(
    by: str, days: float, outcome: str
) -> None:
    starts = datetime(2017, 10, 24, 8, tzinfo=UTC) if "T" in by else date(2017, 10, 24)
    dated = asked("f", 0.5, None, "text#p1", low=0.3)
    spread = Spread(mean=None, quantiles={}, median_low=None, median_high=None)
    question = replace(dated.question, type="date", date=by, value=days)
    made = yes_or_no(DateAnswer(question, 10, dated.chance, spread, {}, ""), starts)
    assert made is not None and made.question.outcome == outcome


def test_a_source_is_scored_by_the_middle_of_its_range_on_its_own_questions() -> None:
    answers = [
        asked("a", 0.9, "yes", "carnegie-2017#p6", low=0.7),
        asked("b", 0.4, "no", "bi-2017#p15", "carnegie-2017#p1", low=0.1),
        asked("c", 0.4, "no", "bi-2017#p2"),
    ]
    scores = {(one.over, one.who): one for one in score(answers, None, seed=1)}
    assert scores["with-forecast", "source"].n == 2
    assert scores["with-forecast", "source"].brier == pytest.approx((0.2**2 + 0.5**2) / 2)
    assert scores["carnegie-2017", "source"].brier == pytest.approx(0.2**2)
    assert scores["carnegie-2017", "source"].better == pytest.approx(0.2**2 - 0.1**2)
    assert scores["bi-2017", "model"].brier == pytest.approx(0.4**2)
    assert ("bi-2017", "persistence") not in scores


@pytest.mark.parametrize("name", ["all", "with-forecast", "unknown", "assumption"])
def test_a_source_may_be_called_like_what_is_no_source(name: str) -> None:
    others = [
        asked("b", 0.4, "no", "bi-2017#p2", low=0.1),
        asked("c", 0.3, "no"),
        asked("d", 0.2, "no", "assumption", low=0.1),
    ]
    scores = {
        (one.over, one.who): one
        for one in score([asked("a", 0.9, "yes", f"{name}#p6", low=0.7), *others], None, seed=1)
    }
    counts = {over: one.n for (over, who), one in scores.items() if who == "model"}
    assert counts == {"all": 4, "with-forecast": 3, "bi-2017": 1, "assumption": 1, f"{name} (source)": 1}
    assert scores[f"{name} (source)", "source"].brier == pytest.approx(0.2**2)


def test_a_few_questions_give_no_interval_and_more_give_one_that_holds_the_mean() -> None:
    few = score([asked(f"q{i}", 0.1 * i, "yes") for i in range(1, 5)], None, seed=1)
    assert few[0].brier_low is None
    many = score([asked(f"q{i}", 0.05 * i, "yes" if i % 3 else "no") for i in range(1, 20)], None, seed=1)
    for one in many:
        assert one.brier_low is not None
        assert one.brier_high is not None
        assert one.brier_low <= one.brier <= one.brier_high


def test_intervals_are_the_same_for_the_same_seed_and_near_for_another() -> None:
    answers = [asked(f"q{i}", 0.05 * i, "yes" if i % 3 else "no") for i in range(1, 20)]
    first, again, other = (score(answers, None, seed=seed)[0] for seed in (1, 1, 2))
    assert first == again
    assert (first.brier_low, first.brier_high) != (other.brier_low, other.brier_high)
    assert other.brier_low == pytest.approx(first.brier_low, abs=0.02)


def test_nothing_is_scored_where_nothing_is_resolved() -> None:
    assert score([asked("a", 0.9, None)], None, seed=1) == ()
