"""Correlated priors: the rank correlations and the priors that are written are those of the draws."""

from __future__ import annotations

import numpy as np
import pytest

from standoff.analysis.spread.sensitivity import _together as drawn_together
from standoff.engine import draw_parameters
from standoff.errors import Faults
from standoff.model import Model

RUNS = 20_000
BODY = """\
parameters:
  a: {{prior: "lognormal(0.02, 0.5)"}}
  b: {{prior: "quantiles(5%: 0.01, 50%: 0.02, 95%: 0.09)", correlates: {{a: 0.6}}}}
  c: {{prior: "{c}", correlates: {{a: -0.3, b: 0.2}}}}
  d: {{prior: "exponential(0.1)", at_most: 0.3, correlates: {{a: -0.5}}}}
  e: {{prior: "uniform(0, 1)"}}
state: {{n: {{}}}}
rules: {{go: {{rate: a + b + c + d + e, then: [n += 1]}}}}
"""


def ranks(values: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(values, axis=0), axis=0).astype(np.float64)


def drawn(model: Model) -> dict[str, np.ndarray]:
    table = draw_parameters(model, seed=5, runs=np.arange(RUNS))
    return {info.name: table[:, i] for i, info in enumerate(model.parameters)}


@pytest.mark.statistical(false_alarm=1e-6)
def test_draws_have_the_rank_correlations_that_are_written(model_of) -> None:
    # Ten correlations at 5.6 standard errors of 1/sqrt(n), which is their largest: false alarms 2e-8 each.
    found = drawn(model_of(BODY.format(c="uniform(0, 1)")))
    table = np.corrcoef(ranks(np.column_stack([found[name] for name in "abcde"])), rowvar=False)
    for pair, rank in {"ab": 0.6, "ac": -0.3, "bc": 0.2, "ad": -0.5, "ae": 0.0, "be": 0.0, "cd": 0.0}.items():
        assert abs(table["abcde".index(pair[0]), "abcde".index(pair[1])] - rank) < 5.6 / np.sqrt(RUNS)


def test_the_normal_numbers_correlate_as_spearmans_of_a_gaussian_copula_asks_for(model_of) -> None:
    model = model_of(BODY.format(c="uniform(0, 1)"))
    weights = {one.name: dict(one.luck) for one in model.parameters if one.luck}
    ranks_written = {"ab": 0.6, "ac": -0.3, "bc": 0.2, "ad": -0.5, "bd": 0.0, "cd": 0.0}
    for pair, rank in ranks_written.items():
        normal = sum(weight * weights[pair[1]].get(name, 0.0) for name, weight in weights[pair[0]].items())
        # Of two normal numbers that correlate by r, the ranks do by 6/pi asin(r/2).
        assert 6 / np.pi * np.arcsin(normal / 2) == pytest.approx(rank, abs=1e-15)
    assert all(sum(weight**2 for weight in luck.values()) == pytest.approx(1.0) for luck in weights.values())


@pytest.mark.statistical(false_alarm=1e-6)
def test_a_correlated_parameter_keeps_its_own_prior(model_of) -> None:
    # Eight binomial z tests at 5.6 standard errors: false alarms 2e-8 each.
    found = drawn(model_of(BODY.format(c="uniform(0, 1)")))
    cut = (1 - np.exp(-1.0)) / (1 - np.exp(-3.0))
    below = {"a": (0.02, 0.5), "b": (0.01, 0.05), "c": (0.25, 0.25), "d": (0.1, cut), "e": (0.5, 0.5)}
    below |= {"b ": (0.09, 0.95), "a ": (0.02 * np.exp(0.5), 0.841344746)}
    for name, (value, share) in below.items():
        part = (found[name.strip()] <= value).mean()
        assert abs(part - share) < 5.6 * np.sqrt(share * (1 - share) / RUNS)
    assert found["d"].max() <= 0.3


def test_fixing_a_parameter_leaves_those_correlated_with_it_as_they_were(model_of) -> None:
    free, fixed = (drawn(model_of(BODY.format(c=prior))) for prior in ("uniform(0, 1)", "0.7"))
    assert set(fixed["c"]) == {0.7}
    for name in "abde":
        assert free[name].tolist() == fixed[name].tolist()


def test_a_correlated_choice_rises_with_its_values_in_whatever_order_they_are_written(model_of) -> None:
    written = "choice(1, 2, 3, weights=[0.5, 0.3, 0.2])", "choice(3, 1, 2, weights=[0.2, 0.5, 0.3])"
    orders = [drawn(model_of(BODY.format(c=prior))) for prior in written]
    assert orders[0]["c"].tolist() == orders[1]["c"].tolist()
    mean = [orders[0]["b"][orders[0]["c"] == value].mean() for value in (1, 2, 3)]
    assert mean == sorted(mean), "b is correlated with c by 0.2, so that it is greater where c is"


def test_correlated_parameters_are_drawn_anew_together(model_of) -> None:
    model = model_of(BODY.format(c="0.7"))
    moving = {info.name: i for i, info in enumerate(model.parameters) if info.kind != "fixed"}
    assert drawn_together(model, moving) == [("a", "b", "d"), ("e",)]


@pytest.mark.parametrize("rank", ["0.99", "-0.99"])
def test_a_matrix_that_is_not_positive_definite_is_refused_with_a_pair(model_of, rank: str) -> None:
    body = BODY.format(c="uniform(0, 1)").replace("{a: -0.3, b: 0.2}", f"{{a: {rank}, b: -0.9}}")
    with pytest.raises(Faults) as caught:
        model_of(body)
    (fault,) = caught.value.faults
    assert fault.code == "SD361"
    assert f"'a' and 'c' cannot have the rank correlation {rank}" in fault.found
