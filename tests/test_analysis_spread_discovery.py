"""Boxes of parameters, on made runs whose box is known, and on noise that has none."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from math import comb
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from standoff.analysis import boxes, sense
from standoff.analysis.spread import Box
from standoff.analysis.spread.discovery import box_of
from standoff.analysis.spread.prim import Bounds, at_least, peeled, pruned, quasi_p, told_by
from standoff.cli.app import app
from standoff.ensemble import ParameterEntry, run_many
from standoff.errors import UsageError
from standoff.scenario import load

CORNER = """
standoff: 1
title: It happens in one corner of what is not known
starts: 2017-01-01
ends: 2017-01-10
sources: {paper: {title: A paper, publisher: A house, date: 2016-01-01, paragraphs: 9}}
state: {so: {is: truth}, n: {}}
parameters:
  will: {prior: "uniform(0, 1)", evidence: paper#p1}
  means: {prior: "uniform(0, 10)", unit: company, evidence: paper#p2}
  chance_of_war: {prior: "choice(0, 1)", evidence: paper#p3}
  idle: {prior: "uniform(0, 1)", evidence: paper#p4}
  sure: 3
rules:
  decide: {at: 1, then: ["so = will > 0.4 and means < 5"]}
  bustle: {rate: idle + sure + chance_of_war, then: ["n += 1"]}
questions:
  corner: {ask: So?, when: so, at: 2017-01-10}
  count: {ask: How many?, number: n, at: 2017-01-10}
"""


def about(parameters: int) -> list[ParameterEntry]:
    return [ParameterEntry(f"x{i}", None, "", "", (), True, False) for i in range(parameters)]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("corner") / "corner.yaml"
    file.write_text(CORNER, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def made(path: Path) -> tuple[Box, ...]:
    return boxes(load(str(path)), ["corner"], runs=1200, seed=1)


def test_the_corner_in_which_it_happens_is_found(made: tuple[Box, ...]) -> None:
    box = made[0]
    limits = {limit.parameter: limit for limit in box.limits}
    assert set(limits) == {"will", "means"}
    assert limits["will"].low == pytest.approx(0.4, abs=0.05) and limits["will"].high is None
    assert limits["means"].high == pytest.approx(5, abs=0.5) and limits["means"].low is None
    assert (limits["means"].unit, limits["means"].evidence) == ("company", ("paper#p2",))
    assert all(limit.quasi_p < 1e-6 for limit in box.limits)
    for value, low, high in (
        (box.coverage, box.coverage_low, box.coverage_high),
        (box.density, box.density_low, box.density_high),
    ):
        assert value is not None and low is not None and high is not None
        assert value > 0.85 and low <= value <= high
    assert box.held_out == 300 and len(box.points) == 300
    assert set(box.points[0].values) == {"will", "means"}
    inside = [one for one in box.points if one.values["will"] > 0.45 and one.values["means"] < 4.5]
    assert inside and all(one.yes for one in inside)


def test_what_makes_it_a_no_has_a_box_of_its_own(made: tuple[Box, ...]) -> None:
    yes, no = made
    assert (yes.yes, no.yes) == (True, False)
    assert yes.base_rate + no.base_rate == pytest.approx(1.0)
    assert no.limits and no.density is not None and no.density > no.base_rate


def test_the_points_of_both_boxes_say_yes_where_the_answer_is_yes(made: tuple[Box, ...]) -> None:
    """Both boxes tell of the same held-out runs: a point says what the run says, not what the box is of."""
    yes, no = ([one.yes for one in box.points] for box in made)
    assert yes == no and 0 < sum(yes) < len(yes)
    lies = [one.yes for one in made[1].points if _inside(one.values, made[1])]
    assert made[1].density == pytest.approx(1 - sum(lies) / len(lies))


def test_a_parameter_called_yes_keeps_its_values_beside_the_answers() -> None:
    values = np.random.default_rng(1).random((400, 1))
    (entry,) = about(1)
    box = box_of("q", values, values[:, 0] > 0.5, [replace(entry, name="yes")], yes=True)
    assert len(box.points) == 100
    assert all(one.yes == (one.values["yes"] > 0.5) for one in box.points)
    assert [one.values["yes"] for one in box.points] == values[300:, 0].tolist()


def _inside(point: dict[str, float], box: Box) -> bool:
    ends = [(point[limit.parameter], limit.low, limit.high) for limit in box.limits]
    return all((low is None or value >= low) and (high is None or value <= high) for value, low, high in ends)


def test_a_number_that_is_drawn_together_with_a_limited_one_is_told_with_where_it_lies(tmp_path: Path) -> None:
    """The answer hangs on will alone; zeal, of rank correlation 0.8 with it, lies high inside all the same."""
    text = CORNER.replace("so = will > 0.4 and means < 5", "so = will > 0.6").replace(
        '  means: {prior: "uniform(0, 10)",', '  zeal: {prior: "uniform(0, 1)", correlates: {will: 0.8}}\n'
        '  means: {prior: "uniform(0, 10)",',
    )  # fmt: skip
    (tmp_path / "two.yaml").write_text(text, encoding="utf-8")
    two = load(str(tmp_path / "two.yaml"))
    yes, _ = boxes(two, ["corner"], runs=1200, seed=1)
    assert {limit.parameter for limit in yes.limits} == {"will"}
    (one,) = yes.together
    assert (one.parameter, one.other) == ("will", "zeal")
    runs = run_many(two, runs=1200, seed=1, events="0").parameters
    by_polars = runs.select(pl.corr("will", "zeal", method="spearman")).item()
    assert one.rank == pytest.approx(by_polars, abs=1e-12) and 0.75 < one.rank < 0.85
    held = runs[900:].filter(pl.col("will") >= yes.limits[0].low)["zeal"].to_numpy()
    assert (one.low, one.high) == tuple(np.quantile(held, [0.05, 0.95]))
    assert one.low > 0.2 > 0.1 > one.all_low
    told = replace(sense(two, runs=10), boxes=(yes,))._repr_html_()
    assert f"will is drawn together with zeal (rank correlation +{one.rank:.2f}), which in 90%" in told
    assert boxes(load(str(tmp_path / "two.yaml"), settings={"zeal": 0.5}), ["corner"], runs=400)[0].together == ()


@pytest.mark.statistical(false_alarm=1e-6)
def test_noise_has_no_box() -> None:
    """A box needs a Wilson interval above the base rate: under 3 in 100 by chance, and 8 of 30 one time in 10^6."""
    random = np.random.default_rng(1)
    found = [
        bool(box_of("q", random.random((400, 5)), random.random(400) < 0.4, about(5), yes=True).limits)
        for _ in range(30)
    ]
    assert sum(found) < 8


def test_figures_come_from_runs_that_had_no_part_in_the_search() -> None:
    """Where yes and the parameters part ways in the last quarter of the runs, the box is given up."""
    random = np.random.default_rng(1)
    values = random.random((1000, 3))
    so = values[:, 0] > 0.5
    assert box_of("q", values, so, about(3), yes=True).density == 1.0
    so[750:] = random.random(250) < 0.5
    assert not box_of("q", values, so, about(3), yes=True).limits


def test_an_answer_that_is_always_or_never_so_has_no_box() -> None:
    values = np.random.default_rng(1).random((400, 3))
    for so in (np.zeros(400, dtype=bool), np.ones(400, dtype=bool)):
        box = box_of("q", values, so, about(3), yes=True)
        assert (box.limits, box.density, box.points) == ((), None, ())


def test_values_that_tie_are_peeled_off_together() -> None:
    values = np.array([[25.0], [55.0]] * 50)
    first = next(peeled(values, values[:, 0] > 30))
    assert (first.low[0], first.high[0]) == (55.0, np.inf)


def test_peeling_stops_before_the_box_is_too_small_and_each_box_lies_in_the_one_before() -> None:
    random = np.random.default_rng(1)
    values, yes = random.random((500, 4)), random.random(500) < 0.5
    inside = [box.holds(values) for box in peeled(values, yes)]
    assert inside[-1].sum() >= 25
    assert all((later <= earlier).all() for earlier, later in pairwise(inside))


def test_the_quasi_p_value_is_the_binomial_tail_without_the_restriction() -> None:
    for runs, yes, share in ((20, 15, 0.5), (7, 7, 0.3), (5, 0, 0.9)):
        exact = sum(comb(runs, k) * share**k * (1 - share) ** (runs - k) for k in range(yes, runs + 1))
        assert at_least(yes, runs, share) == pytest.approx(exact)
    # Four runs in the box, all yes; without its one limit all eight, of which half.
    values = np.arange(8.0)[:, None]
    box = Bounds(np.array([4.0]), np.array([np.inf]))
    assert quasi_p(box, values, values[:, 0] >= 4) == {0: pytest.approx(0.5**4)}
    assert told_by(box, values, values[:, 0] >= 4) == pytest.approx(np.log(2))


def test_a_limit_of_no_use_is_dropped_and_one_that_tells_is_kept() -> None:
    values = np.random.default_rng(1).random((400, 2))
    box = Bounds(np.array([0.5, 0.3]), np.array([np.inf, np.inf]))
    left = pruned(box, values, values[:, 0] > 0.5)
    assert left.restricted() == [0] and left.low[0] == 0.5
    assert pruned(box, values, (values > [0.5, 0.3]).all(axis=1)).restricted() == [0, 1]


def test_what_cannot_be_asked_is_refused(path: Path) -> None:
    scenario = load(str(path))
    with pytest.raises(UsageError, match="no such question 'corne'; did you mean 'corner'"):
        boxes(scenario, ["corne"])
    with pytest.raises(UsageError, match="no such question 'count'"):
        boxes(scenario, ["count"])
    with pytest.raises(UsageError, match="at least 200 runs"):
        boxes(scenario, ["corner"], runs=100)


def test_the_verb_tells_of_the_box(path: Path) -> None:
    line = ["sense", str(path), "--runs", "30", "--boxes", "corner", "--quiet"]
    shown = CliRunner().invoke(app, line)
    assert shown.exit_code == 0, shown.output
    assert "What makes corner a yes" in shown.stdout and "≤ will" in shown.stdout
    told = json.loads(CliRunner().invoke(app, [*line, "--json"]).stdout)
    assert [(box["question"], box["yes"]) for box in told["boxes"]] == [("corner", True), ("corner", False)]
    assert {limit["parameter"] for limit in told["boxes"][0]["limits"]} == {"will", "means"}
