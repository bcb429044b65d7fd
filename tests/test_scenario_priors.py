"""Priors: what each text means, where a draw can lie, and which texts have no support."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.engine.parameters import _by_steps, draw_parameter
from standoff.errors import Fault, Faults
from standoff.intervals import Interval
from standoff.model import ParameterInfo
from standoff.scenario.resolved import Prior
from standoff.scenario.resolving.priors import parse_prior, support


def told(text: str, at_least: float | None = None, at_most: float | None = None) -> Fault:
    with pytest.raises(Faults) as caught:
        parse_prior(text, at_least=at_least, at_most=at_most)
    (fault,) = caught.value.faults
    return fault


@pytest.mark.parametrize(
    ("text", "prior", "between"),
    [
        ("0.02", Prior("fixed", {"value": 0.02}), (0.02, 0.02)),
        ("-3", Prior("fixed", {"value": -3.0}), (-3.0, -3.0)),
        ("uniform(1, 2)", Prior("uniform", {"low": 1.0, "high": 2.0}), (1.0, 2.0)),
        ("uniform(high=2, low=-1)", Prior("uniform", {"low": -1.0, "high": 2.0}), (-1.0, 2.0)),
        ("loguniform(0.1, 10)", Prior("loguniform", {"low": 0.1, "high": 10.0}), (0.1, 10.0)),
        ("normal(0, 1)", Prior("normal", {"mean": 0.0, "sd": 1.0}), (-math.inf, math.inf)),
        (
            "normal(0, 1, at_least=0)",
            Prior("normal", {"mean": 0.0, "sd": 1.0, "at_least": 0.0}),
            (0.0, math.inf),
        ),
        ("lognormal(median=0.02, sigma=0.5)", Prior("lognormal", {"median": 0.02, "sigma": 0.5}), (0.0, math.inf)),
        (
            "lognormal(0.02, 0.5, at_most=1)",
            Prior("lognormal", {"median": 0.02, "sigma": 0.5, "at_most": 1.0}),
            (0.0, 1.0),
        ),
        ("triangular(0, 1, 4)", Prior("triangular", {"low": 0.0, "mode": 1.0, "high": 4.0}), (0.0, 4.0)),
        ("beta(2, 5)", Prior("beta", {"a": 2.0, "b": 5.0}), (0.0, 1.0)),
        ("gamma(2, mean=10)", Prior("gamma", {"shape": 2.0, "mean": 10.0}), (0.0, math.inf)),
        ("exponential(3)", Prior("exponential", {"mean": 3.0}), (0.0, math.inf)),
        ("choice(25, 55)", Prior("choice", {}, ((25.0, 0.5), (55.0, 0.5))), (25.0, 55.0)),
        ("choice(25, 55, weights=[0.3, 0.7])", Prior("choice", {}, ((25.0, 0.3), (55.0, 0.7))), (25.0, 55.0)),
        ("choice(25, 55, weights=[1, 3])", Prior("choice", {}, ((25.0, 0.25), (55.0, 0.75))), (25.0, 55.0)),
        (
            "quantiles(5%: 2, 50%: 5, 95%: 22)",
            Prior("quantiles", {}, ((0.0, 0.0), (2.0, 0.05), (5.0, 0.45), (22.0, 0.95 - 0.5), (24.0, 1 - 0.95))),
            (0.0, 24.0),
        ),
        (
            "logquantiles(0%: 1, 50%: 10, 100%: 1000)",
            Prior("logquantiles", {}, ((1.0, 0.0), (10.0, 0.5), (1000.0, 0.5))),
            (1.0, 1000.0),
        ),
        ("choice(1, 2, 9, weights=[1, 1, 0])", Prior("choice", {}, ((1.0, 0.5), (2.0, 0.5), (9.0, 0.0))), (1.0, 2.0)),
    ],
)
def test_a_text_is_a_distribution_whose_draws_lie_in_its_support(text: str, prior: Prior, between: Interval) -> None:
    found = parse_prior(text)
    assert found == prior
    assert support(found) == between


def test_a_parameter_can_cut_its_prior_off_beside_it() -> None:
    prior = parse_prior("normal(0, 1)", at_least=-1.0, at_most=2.0)
    assert prior == parse_prior("normal(0, 1, at_least=-1, at_most=2)")
    assert support(prior) == (-1.0, 2.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("uniform(2, 1)", "low must be below high"),
        ("uniform(1, 1)", "low must be below high"),
        ("loguniform(0, 1)", "0 < low < high"),
        ("normal(0, 0)", "sd must be above 0"),
        ("lognormal(-1, 0.5)", "must be above 0"),
        ("triangular(0, 5, 4)", "low <= mode <= high"),
        ("beta(0, 1)", "must be above 0"),
        ("gamma(2, -1)", "must be above 0"),
        ("exponential(0)", "mean must be above 0"),
        ("choice()", "choice has no values"),
        ("choice(1, 1)", "the same value twice"),
        ("choice(1, 2, weights=[1])", "1 weights for 2 values"),
        ("choice(1, 2, weights=[0, 0])", "nor all 0"),
        ("choice(1, 2, weights=[-1, 2])", "must not be negative"),
        ("normal(0, 1, at_least=3, at_most=2)", "has no support"),
        ("lognormal(1, 1, at_most=0)", "has no support"),
        ("exponential(1, at_least=50)", "almost no support"),
        ("normal(0, 1, at_least=9)", "almost no support"),
        ("gamma(2, 1, at_least=15)", "almost no support"),
        ("gamma(40000, 1, at_least=1.1)", "almost no support"),
        ("beta(1e-300, 1e-300)", "below 0.001"),
        ("1.7e308", "too large"),
        ("uniform(-1.7e308, 1.7e308)", "too large"),
        ("exponential(-1e151)", "too large"),
        ("uniform(1, 2, at_least=1)", "has no argument 'at_least'"),
        ("uniform(1)", "uniform without high"),
        ("uniform(1, 2, 3)", "uniform with 3 arguments"),
        ("uniform(1, low=2)", "'low' is given twice"),
        ("uniform(1, hi=2)", "has no argument 'hi'"),
        ("uniform(1, other)", "expected a number here"),
        ("uniform(1, 1 + 1)", "expected a number here"),
        ("pareto(1, 2)", "unknown prior 'pareto'"),
        ("'text'", "expected a number here"),
        ("true", "unknown prior 'true'"),
        ("1e999", "too large"),
        ("[1, 2]", "expected a number here"),
        ("uniform(*x)", "expected a number here"),
        ("quantiles(0.05: 2, 0.5: 5)", "needs the sign %"),
        ("quantiles(5%=2, 50%=5)", "a quantile with '='"),
        ("quantiles(5%: 2, 4%: 9)", "4% after 5%"),
        ("quantiles(5%: 2, 50%: 2)", "50% is 2, but 5% is 2 already"),
        ("quantiles(50%: 1)", "two quantiles at least"),
        ("quantiles(0%: 1, 100%: 2)", "between 0% and 100%"),
        ("quantiles(5%: 2, 50%)", "not a quantile such as 5%: 2"),
        ("quantiles(-5%: 1, 50%: 2)", "a quantile of -5%"),
        ("quantiles(5%: 1, 50%: 1e200)", "too large"),
        ("quantiles 5%: 1", "need brackets"),
        ("quantile(5%: 1, 50%: 2)", "unknown prior 'quantile'"),
        ("logquantiles(5%: -1, 50%: 2)", "logquantiles with the value -1"),
        ("uniform(**x)", "has no argument '**'"),
    ],
)
def test_a_prior_that_cannot_be_drawn_from_is_refused(text: str, words: str) -> None:
    fault = told(text)
    assert fault.code == "SD207"
    assert words in fault.found


def test_a_misspelt_prior_is_told_with_the_nearest_right_one() -> None:
    assert told("lognorml(1, 1)").hint == "did you mean 'lognormal'?"
    assert told("lognormal(medain=1, sigma=1)").hint == "did you mean 'median'?"


def test_only_priors_without_ends_of_their_own_can_be_cut_off() -> None:
    assert "cannot be truncated" in told("uniform(0, 1)", at_most=0.5).found
    assert "given twice" in told("normal(0, 1, at_least=0)", at_least=0.0).found


def test_a_far_tail_is_measured_and_not_lost_in_rounding() -> None:
    # The mass above 5.9 is 1.8e-9; measured as 1 - 0.999..., it would be wrong in its seventh digit.
    assert parse_prior("normal(0, 1, at_least=5.9)").of["at_least"] == 5.9
    assert told("normal(0, 1, at_least=6.1)").code == "SD207"
    assert told("normal(0, 1, at_most=-6.1)").code == "SD207"


def test_a_prior_that_is_no_expression_is_told_as_one() -> None:
    assert told("uniform(1, 2").code == "SD301"


POSITIVE = st.floats(1e-3, 1e3)


@given(low=st.floats(-1e6, 1e6), width=st.floats(1e-3, 1e6), median=POSITIVE, sigma=POSITIVE)
def test_the_numbers_of_a_prior_are_read_to_the_last_bit(low: float, width: float, median: float, sigma: float) -> None:
    for text, prior in (
        (f"uniform({low!r}, {low + width!r})", Prior("uniform", {"low": low, "high": low + width})),
        (f"lognormal(sigma={sigma!r}, median={median!r})", Prior("lognormal", {"median": median, "sigma": sigma})),
        (f"gamma({median!r}, {sigma!r})", Prior("gamma", {"shape": median, "mean": sigma})),
        (repr(low), Prior("fixed", {"value": low})),
    ):
        assert parse_prior(text) == prior


@pytest.mark.statistical(false_alarm=1e-6)
@pytest.mark.parametrize(
    ("prior", "ends", "mean"),
    [
        # The mean of what lies above a is phi(a) / (1 - Phi(a)) for a standard normal, a + 1 for an exponential.
        ("normal(0, 1)", (3.5, None), 3.7506),
        ("normal(0, 1)", (5.0, None), 5.1866),
        ("normal(10, 2)", (None, 0.0), 10 - 2 * 5.1866),
        ("lognormal(median=1, sigma=1)", (60.0, None), None),
        ("exponential(1)", (15.0, None), 16.0),
    ],
)
def test_a_prior_cut_off_far_out_is_drawn_from_its_tail(
    prior: str, ends: tuple[float | None, float | None], mean: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Ten thousand tries would take most of the time, and leave fewer draws to the tail.
    monkeypatch.setattr("standoff.engine.parameters._TRIES", 100)
    low, high = ends
    cut = parse_prior(prior, at_least=low, at_most=high)
    info = ParameterInfo("p", cut.kind, tuple(cut.of.items()), cut.options, 0)
    drawn = draw_parameter(info, seed=1, runs=np.arange(400))
    assert np.isfinite(drawn).all()
    assert low is None or drawn.min() >= low
    assert high is None or drawn.max() <= high
    if mean is not None:
        assert abs(drawn.mean() - mean) < 6 * drawn.std() / 20  # six standard errors


def test_no_draw_is_too_large_to_be_added_and_squared() -> None:
    wild = parse_prior("lognormal(median=1, sigma=800)")
    info = ParameterInfo("p", wild.kind, tuple(wild.of.items()), wild.options, 0)
    drawn = draw_parameter(info, seed=1, runs=np.arange(400))
    assert np.isfinite((drawn * drawn).sum())


def test_bounds_stop_the_range_of_elicited_quantiles_and_move_no_quantile() -> None:
    prior = parse_prior("quantiles(5%: 2, 50%: 5, 95%: 22)", at_least=1.0, at_most=100.0)
    assert support(prior) == (1.0, 24.0)
    assert "leaves no room above at_least: 3" in told("quantiles(5%: 2, 50%: 5)", at_least=3.0).found
    assert "leaves no room below at_most: 5" in told("quantiles(5%: 2, 50%: 5)", at_most=5.0).found


ELICITED = st.tuples(
    st.sampled_from(["quantiles", "logquantiles"]),
    st.lists(st.integers(1, 99), min_size=2, max_size=6, unique=True).map(sorted),
    st.lists(st.floats(0.001, 1e6), min_size=6, max_size=6, unique=True).map(sorted),
)


@given(ELICITED)
def test_elicited_quantiles_are_met_exactly_and_draws_rise_with_the_random_number(written) -> None:
    form, shares, values = written
    pairs = list(zip(shares, values, strict=False))
    prior = parse_prior(f"{form}({', '.join(f'{share}%: {value!r}' for share, value in pairs)})")
    info = ParameterInfo("p", prior.kind, (), prior.options, 0)
    u = np.sort(np.append(np.linspace(0.0, 1.0 - 2.0**-53, 300), [share / 100 for share in shares]))
    drawn = _by_steps(info, u)
    assert (np.diff(drawn) >= -1e-9 * np.abs(drawn[1:])).all()
    low, high = support(prior)
    assert drawn[0] == low
    assert drawn[-1] <= high * (1 + 1e-12)
    for share, value in pairs:
        assert _by_steps(info, np.array([share / 100]))[0] == pytest.approx(value, rel=1e-6)


@pytest.mark.statistical(false_alarm=1e-6)
@pytest.mark.parametrize("form", ["quantiles", "logquantiles"])
def test_draws_from_elicited_quantiles_fall_below_each_as_often_as_it_says(form: str) -> None:
    # Three binomial z tests for each form at 5.5 standard errors: false alarms 4e-8 each; the seed is fixed.
    prior = parse_prior(f"{form}(5%: 2, 50%: 5, 95%: 20)")
    n = 20_000
    drawn = draw_parameter(ParameterInfo("x", prior.kind, (), prior.options, 0), seed=7, runs=np.arange(n))
    for share, value in ((0.05, 2.0), (0.5, 5.0), (0.95, 20.0)):
        assert abs((drawn <= value).mean() - share) < 5.5 * np.sqrt(share * (1 - share) / n)
    middle = 0.5 * (5 + 20) if form == "quantiles" else 10.0
    assert abs((drawn <= middle).mean() - 0.725) < 5.5 * np.sqrt(0.725 * 0.275 / n)
