"""The words of probability at their bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.analysis.answers import WORDS, spans, wilson, word
from standoff.analysis.answers.words import chance_sentence, date_sentence, number_sentence
from standoff.ensemble import Chance, ForecastEntry, QuestionEntry, Spread
from standoff.numerals import many


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0.0, "almost no chance"),
        (0.004, "almost no chance"),
        (0.05, "almost no chance"),
        (0.0501, "very unlikely"),
        (0.20, "very unlikely"),
        (0.2001, "unlikely"),
        (0.4499, "unlikely"),
        (0.45, "roughly even chance"),
        (0.55, "roughly even chance"),
        (0.5501, "likely"),
        (0.7999, "likely"),
        (0.80, "very likely"),
        (0.9499, "very likely"),
        (0.95, "almost certain"),
        (0.999, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_each_probability_has_the_word_of_the_directive(probability: float, expected: str) -> None:
    assert word(probability) == expected


@given(st.integers(0, 1000))
def test_the_word_for_no_mirrors_the_word_for_yes(thousandths: int) -> None:
    here = WORDS.index(word(thousandths / 1000))
    there = WORDS.index(word((1000 - thousandths) / 1000))
    assert here + there == len(WORDS) - 1


def test_an_interval_over_a_bound_spans_two_words() -> None:
    assert spans(0.19, 0.21)
    assert not spans(0.21, 0.44)


@pytest.mark.parametrize("wrong", [-0.01, 1.01, float("nan")])
def test_what_is_no_probability_has_no_word(wrong: float) -> None:
    with pytest.raises(ValueError, match="not a probability"):
        word(wrong)


PHRASES = tuple(f" {verb} {one}: " for one in WORDS for verb in ("is", "has", "has a"))
asks = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
shares = st.tuples(st.integers(0, 5000), st.integers(1, 5000)).map(lambda pair: (min(pair), max(pair)))


def likelihoods(text: str) -> list[str]:
    """The words of likelihood that a text gives to what it is about."""
    return [phrase.split(" ", 2)[2].removeprefix("a ").rstrip(": ") for phrase in PHRASES if phrase in text]


def asked(ask: str, source: tuple[float, float] | None = None, unit: str | None = None) -> QuestionEntry:
    forecast = ForecastEntry(None, *source, None, ()) if source is not None else None
    return QuestionEntry("q", ask, "binary", "2017-12-31", unit, forecast, None, None, None, False)


def chance(yes: int, runs: int) -> Chance:
    around = wilson(yes, runs)
    return Chance(yes, yes / runs, *around, word(yes / runs), spans(*around))


def spread(middle: float | None, low: float | None, high: float | None) -> Spread:
    return Spread(None, {"50": middle}, low, high)


@given(asks, shares, st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_every_sentence_has_the_word_of_its_number_and_speaks_of_this_model(
    ask: str, of: tuple[int, int], source: tuple[float, float] | None
) -> None:
    yes, runs = of
    question = asked(ask, (min(source), max(source)) if source is not None else None)
    days = {"50": "2017-08-01", "median_low": "2017-07-30", "median_high": None}
    for text in (
        chance_sentence(question, runs, chance(yes, runs)),
        date_sentence(question, runs, chance(yes, runs), days),
    ):
        assert text.startswith(f"“{ask}” In this model ")
        rest = text.removeprefix(f"“{ask}” ")
        assert likelihoods(rest) == [word(yes / runs)]
        assert f"{many(runs, 'run')} (95% interval " in rest
        assert "confiden" not in rest.lower()
        assert ("reaches from" in rest) == spans(*wilson(yes, runs))
        assert ("source's words" in rest) == (source is not None)
    number = number_sentence(asked(ask, unit="company"), runs, spread(1.0, None, None)).removeprefix(f"“{ask}” ")
    assert number.startswith("In this model the median of")
    assert not likelihoods(number)


def test_sentences_read_as_an_analyst_would_write_them() -> None:
    mill = asked("Will blue hold the mill on 31 December?", (0.55, 0.8))
    assert chance_sentence(mill, 2000, chance(1730, 2000)) == (
        "“Will blue hold the mill on 31 December?” In this model a yes is very likely: 86% of 2,000 runs "
        "(95% interval 85 to 88%). The source's words mean 55 to 80%."
    )
    assert chance_sentence(asked("War?"), 10, chance(5, 10)) == (
        "“War?” In this model a yes has a roughly even chance: 50% of 10 runs (95% interval 24 to 76%). "
        "The interval reaches from “unlikely” to “likely”: more runs could change the word."
    )
    assert chance_sentence(asked("War?", (0.1, 0.1)), 1000, chance(0, 1000)) == (
        "“War?” In this model a yes has almost no chance: 0% of 1,000 runs (95% interval 0 to 0.38%). "
        "The source's words mean 10%."
    )
    days = {"50": "2017-08-22", "median_low": "2017-08-17", "median_high": None}
    assert date_sentence(asked("When?"), 1000, chance(960, 1000), days) == (
        "“When?” In this model a date up to 31 December 2017 is almost certain: 96.0% of 1,000 runs (95% interval 94.6 "
        "to 97.0%). The interval reaches from “very likely” to “almost certain”: more runs could change the word. "
        "The median of the runs: 22 August 2017 (95% interval 17 August 2017 to not by then)."
    )
    assert number_sentence(asked("How many?", unit="company"), 50, spread(12.34567, 11.0, 13.0)) == (
        "“How many?” In this model the median of 50 runs is 12.3 (company), 95% interval 11.0 to 13.0."
    )


def test_a_share_that_is_neither_nothing_nor_everything_is_never_0_or_100_percent_of_the_runs() -> None:
    seldom = chance_sentence(asked("War?"), 10_000, chance(4, 10_000))
    assert "0.04% of 10,000 runs (95% interval 0.02 to 0.10%)" in seldom
    almost = chance_sentence(asked("War?"), 10_000, chance(9_996, 10_000))
    assert "99.96% of 10,000 runs (95% interval 99.90 to 99.98%)" in almost
