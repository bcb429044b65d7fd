"""The words of probability at their bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.analysis import WORDS, spans, word


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
