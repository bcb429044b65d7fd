"""SBML models become the scenarios that say the same: rates, amounts, events, clocks and draws."""

from __future__ import annotations

import math as numbers
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from standoff.engine import prepare
from standoff.model import ground
from standoff.scenario import load

pytest.importorskip("libsbml", reason="python-libsbml is not installed")

from tests.outcomes import one_after_another
from tests.sbml_texts import (
    assigned,
    compartment,
    draw,
    event,
    function,
    initial,
    math,
    model,
    parameter,
    reaction,
    slope,
    species,
)
from verification.formula import Inexpressible
from verification.reading import network_of
from verification.translate import Sampling, Written, translate

TEN = Sampling(0, 10, 10)
PULSE = {"kinds": [species("x", 0)], "reactions": [reaction("come", "-> x", "5")]}


def written(xml: str, *shown: str, sampling: Sampling = TEN, how: str = "value") -> Written:
    return translate(network_of(xml), sampling, dict.fromkeys(shown, how))


def rates(xml: str) -> dict[str, tuple[str, list[Any]]]:
    rules = written(xml).document["rules"]
    return {name: (rule["rate"], rule["then"]) for name, rule in rules.items()}


def courses(folder: Path, xml: str, *shown: str, sampling: Sampling = TEN, how: str = "value", runs: int = 1) -> Any:
    """What is shown at the sampling's times: of one run (shown, times), of more (runs, shown, times)."""
    made = written(xml, *shown, sampling=sampling, how=how)
    path = folder / "scenario.yaml"
    made.save(path)
    program = prepare(ground(load(path).as_read))
    rows = [program.model.grid.tolist().index(day) for day in made.days]
    at = [[column.watch for column in program.model.series].index(made.columns[name]) for name in shown]
    every = one_after_another(program, runs, seed=7, record=False)
    found = np.array([one.series[np.ix_(rows, at)].T for one in every])
    return found[0] if runs == 1 else found


def steps(*pairs: tuple[int, float]) -> list[float]:
    """A course of 11 values from its first values: `steps((3, 0), (8, 5))` is 0 three times, then 5."""
    return [value for count, value in pairs for _ in range(count)]


def test_a_local_parameter_hides_the_global_one_and_a_rate_counts_in_amounts() -> None:
    found = rates(model(
        kinds=[species("X", 4)], parameters=[parameter("k", 2)],
        reactions=[reaction("In", "-> X", "k", {"k": 0.5}), reaction("Out", "X ->", "k * X")],
    ))  # fmt: skip
    assert found == {
        "reaction_in": ("0.5", ["amount_x += 1"]),
        "reaction_out": ("2 * amount_x", ["amount_x -= 1"]),
    }


def test_only_what_a_reaction_changes_in_all_is_changed() -> None:
    found = rates(model(
        kinds=[species("a"), species("b"), species("source", boundaryCondition="true"), species("enzyme", 3)],
        parameters=[parameter("k", 1)],
        reactions=[
            reaction("birth", "a -> 2*a", "k * a"), reaction("batch", "source -> 5*b", "k"),
            reaction("helped", "enzyme a -> enzyme b", "k * enzyme * a"), reaction("idle", "a -> a", "k"),
        ],
    ))  # fmt: skip
    assert found == {
        "reaction_birth": ("amount_a", ["amount_a += 1"]),
        "reaction_batch": ("1", ["amount_b += 5"]),
        "reaction_helped": ("amount_enzyme * amount_a", ["amount_a -= 1", "amount_b += 1"]),
    }


def test_a_species_counted_by_volume_is_divided_by_it_in_rates_and_multiplied_where_it_is_set(tmp_path: Path) -> None:
    xml = model(
        compartments=[compartment(size=2)],
        kinds=[species("x", 6, hasOnlySubstanceUnits="false"), species("y", None, initialConcentration="1.5")],
        reactions=[reaction("out", "x ->", "0 * c * x")],
        events=[event("e", "time >= 5", {"x": "x + 4"})],
    )
    assert rates(model(
        compartments=[compartment(size=2)], kinds=[species("x", 6, hasOnlySubstanceUnits="false")],
        reactions=[reaction("out", "x ->", "c * 3 * x")],
    )) == {"reaction_out": ("6 * (amount_x / 2)", ["amount_x -= 1"])}  # fmt: skip
    amount = courses(tmp_path, xml, "x", "y", how="amount")
    assert amount[0].tolist() == steps((5, 6), (6, 14))
    assert amount[1].tolist() == steps((11, 3))
    assert courses(tmp_path, xml, "x", how="concentration")[0].tolist() == steps((5, 3), (6, 7))


def test_amounts_are_whole_whatever_the_volume(tmp_path: Path) -> None:
    by_volume = {"hasOnlySubstanceUnits": "false"}
    xml = model(
        compartments=[compartment(size=0.3)],
        kinds=[species("x", 7, **by_volume), species("y", None, initialConcentration=7 / 0.3, **by_volume),
               species("z", 0, **by_volume)],
        reactions=[reaction(f"out{name}", f"{name} ->", f"9 * {name}") for name in "xyz"],
        events=[event("e", "time >= 8.5", {"z": str(7 / 0.3)})],
    )  # fmt: skip
    assert 7 / 0.3 * 0.3 != 7
    found = courses(tmp_path, xml, "x", "y", "z", how="amount")
    assert found[:2, 0].tolist() == [7, 7]
    assert (found == np.floor(found)).all()
    assert found[:2, -1].tolist() == [0, 0]


def test_functions_and_piecewise_rates_keep_their_meaning() -> None:
    found = rates(model(
        kinds=[species("x", 8)], parameters=[parameter("k", 3)],
        functions=[function("half", "a", "a / 2"), function("pairs", "n, r", "r * half(n * (n - 1))")],
        reactions=[
            reaction("pair", "2*x ->", "pairs(x, k)"), reaction("flow", "-> x", "piecewise(k, x < 10, x, x < 20, 0)"),
            reaction("root", "-> x", "root(3, x) + sqrt(k + 1) - x^2"), reaction("last", "-> x", "ceil(x / 3)"),
        ],
    ))  # fmt: skip
    assert [rate for rate, _ in found.values()] == [
        "3 * (amount_x * (amount_x - 1) / 2)",
        "3 if amount_x < 10 else (amount_x if amount_x < 20 else 0)",
        f"amount_x ** {1 / 3!r} + 2 - amount_x ** 2",
        "-floor(-(amount_x / 3))",
    ]


def test_starts_come_from_initial_assignments_and_assignment_rules_follow_their_quantities(tmp_path: Path) -> None:
    xml = model(
        kinds=[species("x", 1), species("y")], parameters=[parameter("k", 4), parameter("z", constant="false")],
        initials=[initial("x", "k * 3"), initial("k", "2 + 3")], rules=[assigned("y", "2 * x"), assigned("z", "y + 1")],
        events=[event("e", "time >= 4", {"x": "7"})],
    )  # fmt: skip
    found = courses(tmp_path, xml, "x", "y", "z", "k")
    assert found[:, 3].tolist() == [15, 30, 31, 5]
    assert found[:, 4].tolist() == [7, 14, 15, 5]


def test_stoichiometries_and_conversion_factors_can_be_named(tmp_path: Path) -> None:
    xml = model(
        kinds=[species("x", 0)], parameters=[parameter("f", 3)], more=' conversionFactor="f"',
        reactions=[reaction("in", "-> 2*x", "1").replace('species="x"', 'id="n" species="x"')],
        initials=[initial("n", "1 + 4")],
    )  # fmt: skip
    assert rates(xml) == {"reaction_in": ("1", ["amount_x += 15"])}


def test_an_event_at_a_time_of_the_results_is_seen_there_and_one_after_it_is_not(tmp_path: Path) -> None:
    xml = model(
        kinds=[species("x", 1), species("y", 1), species("z", 1), species("w", 1)],
        events=[
            event("equals", "time == 6", {"w": "w + 1"}),
            event("reaches", "time >= 4", {"x": "5"}), event("passes", "time > 4", {"y": "5"}),
            event("between", "time >= 2.5 && time < 3", {"z": "z + 1"}),
        ],
    )  # fmt: skip
    x, y, z, all_at_once = courses(tmp_path, xml, "x", "y", "z", "w")
    assert all_at_once.tolist() == steps((6, 1), (5, 2))
    assert x.tolist() == steps((4, 1), (7, 5))
    assert y.tolist() == steps((5, 1), (6, 5))
    assert z.tolist() == steps((3, 1), (8, 2))


def test_a_clock_that_its_own_event_sets_back_rings_again_and_again(tmp_path: Path) -> None:
    xml = model(
        kinds=[species("x", 0)], parameters=[parameter("t", 0, constant="false")], rules=[slope("t", "1")],
        events=[event("ring", "t >= 0.5", {"x": "x + 1", "t": "-1.5"})],
    )  # fmt: skip
    x, t = courses(tmp_path, xml, "x", "t")
    assert x.tolist() == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert t.tolist() == [0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0]


@pytest.mark.parametrize(("at_trigger", "value"), [("true", 2), ("false", 9)])
def test_a_delayed_event_sets_the_values_of_its_trigger_or_of_its_own_time(
    tmp_path: Path, at_trigger: str, value: float
) -> None:
    xml = model(
        kinds=[species("x", 2), species("y", 0)],
        events=[
            event("late", "time >= 2", {"y": "x"}, delay="4", at_trigger=at_trigger),
            event("between", "time >= 3", {"x": "9"}),
        ],
    )  # fmt: skip
    assert courses(tmp_path, xml, "y")[0].tolist() == steps((6, 0), (5, value))


@pytest.mark.parametrize(("before", "fires"), [("true", 0), ("false", 1)])
@pytest.mark.parametrize("trigger", ["time >= 0", "x < 1"])
def test_a_trigger_that_holds_at_the_start_fires_only_if_it_was_false_before(
    tmp_path: Path, before: str, fires: float, trigger: str
) -> None:
    xml = model(**PULSE, parameters=[parameter("y", 0, constant="false")],
                events=[event("e", trigger, {"y": "y + 1"}, before=before)])  # fmt: skip
    found = courses(tmp_path, xml, "y")[0]
    assert found.tolist() == steps((11, fires))


def test_an_event_on_amounts_comes_each_time_its_trigger_turns_true(tmp_path: Path) -> None:
    xml = model(
        kinds=[species("x", 0), species("y", 0), species("all", 0)], reactions=[reaction("come", "-> x all", "5")],
        events=[event("empty", "x > 3", {"x": "0", "y": "y + 1"})],
    )  # fmt: skip
    x, y, everything = courses(tmp_path, xml, "x", "y", "all", runs=20).transpose(1, 0, 2)
    assert (x == everything - 4 * y).all()
    assert x.max() == 3
    assert everything.max() > 30


def test_what_an_event_sets_is_worked_out_before_it_sets_anything(tmp_path: Path) -> None:
    xml = model(**PULSE, parameters=[parameter("a", 1, constant="false"), parameter("b", 2, constant="false")],
                events=[event("swap", "x >= 1", {"a": "b", "b": "a"})])  # fmt: skip
    assert courses(tmp_path, xml, "a", "b")[:, -1].tolist() == [2, 1]


@pytest.mark.parametrize(
    ("persistent", "priorities", "result"),
    [("true", (1, 2), 1), ("false", (1, 2), 1), ("true", (2, 1), 1), ("false", (2, 1), 0)],
)
def test_an_event_that_another_calls_off_at_the_same_instant_comes_if_it_persists_or_goes_first(
    tmp_path: Path, persistent: str, priorities: tuple[int, int], result: float
) -> None:
    first, second = (str(priority) for priority in priorities)
    flags = [parameter("a", 0, constant="false"), parameter("b", 0, constant="false")]
    for trigger in ("x >= 1", "time >= 3"):
        one = event("one", trigger, {"a": "1"}, priority=first)
        two = event("two", f"{trigger} && a < 1", {"b": "b + 1"}, persistent=persistent, priority=second)
        xml = model(**PULSE, parameters=flags, events=[one, two])
        assert courses(tmp_path, xml, "b")[0, -1] == result


def test_a_trigger_can_ask_for_a_time_and_an_amount(tmp_path: Path) -> None:
    xml = model(**PULSE, parameters=[parameter("y", -1, constant="false")],
                events=[event("e", "x >= 3 && time >= 4.5 && time < 7", {"y": "x"})])  # fmt: skip
    x, y = courses(tmp_path, xml, "x", "y", runs=10).transpose(1, 0, 2)
    assert (y[:, :5] == -1).all()
    assert ((y[:, 5] >= x[:, 4]) & (y[:, 5] <= x[:, 5])).all()


def test_steps_that_are_no_whole_days_make_the_day_a_step(tmp_path: Path) -> None:
    half = Sampling(1, 4, 8)
    xml = model(kinds=[species("x", 0)], reactions=[reaction("in", "-> x", "3 + time")],
                events=[event("e", "time >= 2.2", {"x": "-100"})])  # fmt: skip
    made = written(xml, "x", sampling=half)
    assert made.document["rules"]["reaction_in"]["rate"] == "(3 + t * 0.5) * 0.5"
    assert made.days == (2, 3, 4, 5, 6, 7, 8, 9, 10)
    found = courses(tmp_path, xml, "x", sampling=half)[0]
    assert (found[:3] >= 0).all()
    assert (found[3:] < 0).all()


def test_a_model_of_level_2_is_read_with_its_own_defaults() -> None:
    xml = model(
        kinds=['<species id="x" compartment="c" initialAmount="2"/>'], compartments=['<compartment id="c" size="4"/>'],
        parameters=['<parameter id="k" value="8"/>'],
        reactions=[reaction("out", "x ->", "k * x").replace(' constant="true"', "")],
    ).replace("level3/version2/core", "level2/version4")
    xml = xml.partition(' xmlns:distrib="')[0] + ' level="2" version="4"><model' + xml.partition("><model")[2]
    assert rates(xml) == {"reaction_out": ("8 * (amount_x / 4)", ["amount_x -= 1"])}


REFUSED = {
    "waits a fixed time": model(**PULSE, events=[event("e", "x > 3", {"x": "0"}, delay="2")]),
    "moving quantity meets": model(**PULSE, events=[event("e", "x > time", {"x": "0"})]),
    "linear equation": model(**PULSE, events=[event("e", "time^2 > 3", {"x": "0"})]),
    "equal priority": model(**PULSE, events=[event(n, "x > 3", {"x": "0"}, priority="1") for n in "ef"]),
    "a rate rule whose rate changes": model(parameters=[parameter("v", 1, constant="false")], rules=[slope("v", "-v")]),
    "algebraic": model(**PULSE, rules=[f"<algebraicRule>{math('x - 1')}</algebraicRule>"]),
    "fast": model(kinds=[species("x")], reactions=[reaction("r", "-> x", "1", more=' fast="true"')],
                  level='level="3" version="1"').replace("version2/core", "version1/core"),
    "the value of k, which is not given": model(
        kinds=[species("x")], parameters=[parameter("k")], reactions=[reaction("r", "-> x", "k")]
    ),
    "earlier time": model(kinds=[species("x")], reactions=[reaction("r", "-> x", "delay(x, 1)")]),
    "function sin of what changes": model(kinds=[species("x")], reactions=[reaction("r", "-> x", "1 + sin(x)")]),
    "no kinetic law": model(kinds=[species("x")], reactions=['<reaction id="r" reversible="false"/>']),
    "the package comp": model(**PULSE).replace(
        "<sbml ", '<sbml xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true" '
    ),
    "not SBML that can be read": "<sbml/>",
    "a rule and a reaction": model(**PULSE, rules=[assigned("x", "3")]),
}  # fmt: skip


@pytest.mark.parametrize("reason", REFUSED)
def test_what_has_no_words_here_is_refused_with_the_reason(reason: str) -> None:
    with pytest.raises(Inexpressible, match=reason.replace("(", r"\(")):
        written(REFUSED[reason], "x")


def test_a_draw_in_a_rate_is_refused_and_one_at_the_start_is_made_once_a_run(tmp_path: Path) -> None:
    xml = model(kinds=[species("x", 0), species("y", 0)], initials=[initial("x", "3"), initial("y", "x * 2")])
    xml = xml.replace(initial("x", "3"), f'<initialAssignment symbol="x">{draw("poisson", 50)}</initialAssignment>')
    x, y = courses(tmp_path, xml, "x", "y", runs=5).transpose(1, 0, 2)
    assert (y == 2 * x).all()
    assert (x == x[:, :1]).all()
    assert len(np.unique(x)) > 1
    rate = model(kinds=[species("x")], reactions=[reaction("r", "-> x", "1")])
    with pytest.raises(Inexpressible, match="draws at random"):
        written(rate.replace(math("1"), draw("uniform", 0, 1)))


LAWS = {
    "uniform": ((2, 5), 3.5, 0.75),
    "bernoulli": ((0.3,), 0.3, 0.21),
    "binomial": ((20, 0.25), 5, 3.75),
    "poisson": ((4,), 4, 4),
    "exponential": ((2,), 0.5, 0.25),
    "normal": ((3, 2), 3, 4),
    "lognormal": ((0.5, 0.25), numbers.exp(0.53125), (numbers.exp(0.0625) - 1) * numbers.exp(1.0625)),
    "gamma": ((0.5, 2), 1, 2),
    "chisquare": ((5,), 5, 10),
    "laplace": ((1, 2), 1, 8),
    "rayleigh": ((2,), 2 * numbers.sqrt(numbers.pi / 2), (4 - numbers.pi) / 2 * 4),
}
CUT = {
    "poisson": ((1, 1, 2), 4 / 3, 2 / 9),
    "binomial": ((2, 0.5, 1, 2), 4 / 3, 2 / 9),
    "exponential": ((1, 2, float("inf")), 3, 1),
    "normal": ((0, 1, 0, float("inf")), numbers.sqrt(2 / numbers.pi), 1 - 2 / numbers.pi),
    "laplace": ((0, 1, 0, float("inf")), 1, 1),
    "gamma": ((1, 1, 2, float("inf")), 3, 1),
    "rayleigh": ((1, 1, float("inf")), 1.65567954, 0.2587252),
}
FALSE_ALARM_OF_A_LAW = 2e-8
ERRORS = 6.0


@pytest.mark.statistical(false_alarm=2 * 18 * FALSE_ALARM_OF_A_LAW)
@pytest.mark.parametrize(("law", "given"), [*LAWS.items(), *CUT.items()], ids=[*LAWS, *(f"cut {law}" for law in CUT)])
def test_each_law_has_its_exact_mean_and_variance(
    tmp_path: Path, law: str, given: tuple[tuple[float, ...], float, float]
) -> None:
    """Mean and variance of 20,000 draws within 6 standard errors: 2e-9 if normal, ten times that for what is skewed."""
    arguments, mean, variance = given
    assignment = event("e", "t >= 0.5", {"x": "1", "t": "-0.5"})
    drawn = draw(law, *arguments).replace("<cn>inf</cn>", "<infinity/>")
    xml = model(
        kinds=[species("x")], parameters=[parameter("t", 0, constant="false")], rules=[slope("t", "1")],
        events=[assignment.replace(math("1"), drawn, 1)],
    )  # fmt: skip
    found: NDArray[np.float64] = courses(tmp_path, xml, "x", sampling=Sampling(0, 400, 400), runs=50)
    sample = found[:, 0, 1:].ravel()
    assert len(sample) == 20_000
    off = (sample - mean) / numbers.sqrt(variance)
    assert abs(off.mean()) < ERRORS / numbers.sqrt(len(sample))
    assert abs((off**2).mean() - 1) < ERRORS * (off**2).std() / numbers.sqrt(len(sample))
