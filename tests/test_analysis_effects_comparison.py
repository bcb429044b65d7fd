"""What-ifs: differences in pairs of runs with shared random numbers, on processes whose differences are known."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from standoff.analysis import compare, what_if
from standoff.analysis.effects import difference
from standoff.analysis.effects.comparison import alike
from standoff.cli.app import app
from standoff.ensemble import run_many
from standoff.errors import Faults, RunStopped, UsageError
from standoff.scenario import Scenario, load

DAYS = 100.0
RAIDS = """
standoff: 1
title: Raids at a steady pace
starts: 2017-01-01
ends: 2017-04-10
every: 10 days
actors: {us: {}, ru: {}}
state: {raids: {of: actor}, talks: {}}
parameters:
  pace: 1.0
  other: 0.5
  unused: 3.0
rules:
  raid: {for: {a: actor}, rate: "pace if a == us else 0.7", then: ["raids[a] += 1"]}
  talk: {rate: other, then: [talks += 1]}
injects:
  war: {at: 2017-02-01, on: false, then: ["raids[ru] += 100"]}
watch: {raids: {for: {a: actor}, of: "raids[a]"}, talks: {of: talks}}
questions:
  many: {ask: How many raids?, number: "raids[us]", at: 2017-04-10}
  few: {ask: Few raids?, when: "raids[us] < 90", at: 2017-04-10}
  theirs: {ask: How many by others?, number: "raids[ru]", at: 2017-04-10}
  talks: {ask: How many talks?, number: talks, at: 2017-04-10}
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("raids") / "raids.yaml"
    file.write_text(RAIDS, encoding="utf-8")
    return str(file)


def what(path: str, **settings: float) -> Scenario:
    return load(path, settings=settings)


@pytest.mark.statistical(false_alarm=2e-6)
def test_the_difference_of_two_poisson_counts_with_shared_luck_is_a_poisson_count(path: str) -> None:
    """Luck shared in internal time: N(1.1 T) - N(T) is Poisson with mean and variance 0.1 T; two 5-sigma tests."""
    made = compare(what(path), {"faster": what(path, pace=1.1)}, runs=2000, seed=3)
    (many,) = [one.paired for one in made.questions if one.question == "many"]
    mean, runs = 0.1 * DAYS, 2000
    error = np.sqrt(mean / runs)
    assert abs(many.difference - mean) < 5.0 * error
    assert many.high - many.low == pytest.approx(2 * 1.96 * error, rel=5.0 * np.sqrt((2 + 1 / mean) / runs) / 2 + 1e-3)
    # Apart, the two counts have variances T and 1.1 T; together 0.1 T: 21 times fewer runs.
    assert many.runs_if_independent == pytest.approx(21 * runs, rel=0.25)


def test_what_a_change_does_not_touch_differs_in_no_run(path: str) -> None:
    made = compare(what(path), {"faster": what(path, pace=1.1)}, runs=50, seed=3)
    for one in made.questions:
        assert (one.paired.changed == 0) == (one.question in ("theirs", "talks"))
    untouched = {one.series for one in made.series if one.paired.changed == 0 and one.most == 0.0}
    assert untouched == {"raids[ru]", "talks"}


def test_a_change_that_changes_nothing_is_exactly_nothing(path: str) -> None:
    made = compare(what(path), {"nothing": what(path, unused=4.0), "more": what(path, other=0.6)}, runs=50, seed=1)
    assert made.unchanged == ("nothing",)
    for one in [*made.questions, *made.series]:
        if one.what == "nothing":
            assert (one.paired.difference, one.paired.low, one.paired.high, one.paired.changed) == (0, 0, 0, 0)


def test_no_changed_pair_leaves_a_probability_in_doubt_when_other_things_changed() -> None:
    ones = np.ones(100)
    unsure = difference(ones, ones, same=False, share=True)
    assert unsure.low < 0.0 == unsure.difference < unsure.high
    assert unsure.runs_if_independent is None


def test_pairs_that_differ_by_almost_nothing_need_no_number_of_independent_runs() -> None:
    base = np.array([1e150, 1.0, 0.0])
    found = difference(base, base + np.array([0.0, 1e-12, 0.0]), same=False, share=False)
    assert found.runs_if_independent is None and found.changed == 1


def test_the_interval_of_a_share_is_that_of_agresti_and_min() -> None:
    base = np.r_[np.ones(3), np.zeros(97)]
    variant = np.r_[np.zeros(3), np.ones(10), np.zeros(87)]
    found = difference(base, variant, same=False, share=True)
    assert found.difference == pytest.approx(0.07)
    # Eq. (4) of the paper with 10 and 3 discordant pairs of 100, half a pair added to each cell.
    middle, error = 7.0 / 102, np.sqrt(14.0 - 49.0 / 102) / 102
    assert (found.low, found.high) == pytest.approx((middle - 1.95996 * error, middle + 1.95996 * error), abs=1e-5)


@pytest.mark.statistical(false_alarm=1e-6)
def test_intervals_of_shares_hold_as_often_as_they_say() -> None:
    """1,000 experiments of 80 pairs; a true coverage of 0.945 or more fails one time in a million."""
    generator = np.random.default_rng(5)
    held = 0
    for _ in range(1000):
        luck = generator.random(80)
        found = difference((luck < 0.3).astype(float), (luck < 0.4).astype(float), same=False, share=True)
        held += found.low <= 0.1 <= found.high
    assert held >= 908


def test_a_what_if_is_read_with_its_label_and_changes(path: str, tmp_path: Path) -> None:
    base, again = load(path), partial(load, path)
    label, case = what_if(base, "twice the pace: pace = 2, other=0.1", load=again)
    assert (label, case.settings) == ("twice the pace", {"pace": 2.0, "other": 0.1})
    assert what_if(base, "pace=3", load=again)[0] == "pace=3"
    with pytest.raises(UsageError, match="there is no parameter 'pase'; did you mean 'pace'"):
        what_if(base, "pase=3", load=again)
    with pytest.raises(UsageError, match="'pace' is not a valid change"):
        what_if(base, "pace", load=again)
    with pytest.raises(UsageError, match=r"no overlay file 'nowhere\.yaml'"):
        what_if(base, "overlay=nowhere.yaml", load=again)
    with pytest.raises(Faults, match=r"no inject 'wor'.*\n.*did you mean 'war'"):
        what_if(base, "inject=wor", load=again)


def test_an_overlay_and_an_inject_change_what_they_say_and_nothing_else(path: str, tmp_path: Path) -> None:
    overlay = tmp_path / "over.yaml"
    overlay.write_text("rules: {raid: {rate: 0}}\nparameters: {other: 2}\ninclude: []\n", encoding="utf-8")
    texts = ("calm: overlay=" + str(overlay), "war: inject=war")
    whats = dict(what_if(load(path), text, load=partial(load, path)) for text in texts)
    made = compare(load(path), whats, runs=30, seed=2)
    found = {(one.what, one.question): one.paired for one in made.questions}
    assert found["calm", "many"].variant == found["calm", "theirs"].variant == 0.0
    assert found["calm", "talks"].difference > 100.0
    assert found["war", "theirs"].difference == 100.0
    assert found["war", "many"].difference == found["war", "talks"].difference == 0.0


def test_the_verb_tells_differences_as_json(path: str) -> None:
    result = CliRunner().invoke(app, ["compare", path, "--what", "faster: pace=1.5", "--runs", "40", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["whats"] == ["faster"]
    for one in told["differences"]:
        assert one["low"] <= one["difference"] <= one["high"]
        assert one["difference"] == pytest.approx(one["variant"] - one["base"])
    assert {one["question"] for one in told["differences"]} == {"many", "few", "theirs", "talks"}


def test_the_verb_shows_a_table_and_names_what_changes_nothing(path: str) -> None:
    line = ["compare", path, "--what", "nothing: unused=1", "--what", "faster: pace=1.5", "--runs", "40", "--quiet"]
    result = CliRunner().invoke(app, line)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("“nothing” changes nothing: every run is the same as in the base case. With ")
    assert "2 of 4 answers clearly change" in result.stdout and "many" in result.stdout


def test_one_or_two_processes_say_the_same(path: str, tmp_path: Path) -> None:
    alone, both = (
        compare(what(path), {"faster": what(path, pace=1.1)}, runs=60, seed=2, jobs=jobs).to_json() for jobs in (1, 2)
    )
    assert alone == both


def test_several_what_ifs_are_printed_as_a_matrix(path: str) -> None:
    whats = ["--what", "faster: pace=1.5", "--what", "more talk: other=0.6"]
    printed = CliRunner().invoke(app, ["compare", path, *whats, "--runs", "40", "--quiet", "--all"]).output
    assert "All differences" in printed
    heading, row = (next(line for line in printed.splitlines()[::-1] if part in line) for part in ("more talk", "few"))
    assert heading.split() == ["question", "base", "faster", "more", "talk"]
    assert row.split()[-3:] == ["0.00", "±", "0.05"]
    alone = CliRunner().invoke(app, ["compare", path, *whats[:2], "--runs", "40", "--quiet", "--all"]).output
    assert "All differences" not in alone


def test_a_change_that_no_run_has_met_yet_is_not_called_nothing(path: str) -> None:
    """A limit that no run of these reaches: no difference is seen, and the interval says that there could be one."""
    text = (Path(path)).read_text(encoding="utf-8").replace("raids[us] < 90", "raids[us] < limit")
    text = text.replace("  pace: 1.0\n", "  pace: 1.0\n  limit: 900\n")
    file = Path(path).with_name("limit.yaml")
    file.write_text(text, encoding="utf-8")
    base = load(str(file))
    made = compare(base, {"wider": load(str(file), settings={"limit": 950.0})}, runs=30, seed=1)
    assert made.unchanged == ()
    (few,) = [one.paired for one in made.questions if one.question == "few"]
    assert (few.difference, few.changed) == (0.0, 0)
    assert few.low < 0.0 < few.high
    assert alike(base, load(str(file), settings={"unused": 7.0}))
    assert not alike(base, load(str(file), settings={"limit": 950.0}))


def test_a_parameter_that_only_texts_mention_changes_no_run(path: str) -> None:
    text = (Path(path)).read_text(encoding="utf-8").replace("title: ", "title: What is unused, ")
    file = Path(path).with_name("mentioned.yaml")
    file.write_text(text, encoding="utf-8")
    assert "unused" in load(str(file)).resolved.title
    assert alike(load(str(file)), load(str(file), settings={"unused": 7.0}))


def test_a_mean_of_few_pairs_has_students_interval() -> None:
    """Two pairs, 0 and 2: 1 -+ 12.706."""
    found = difference(np.zeros(2), np.array([0.0, 2.0]), same=False, share=False)
    assert (found.low, found.high) == (pytest.approx(1 - 12.7062, abs=1e-3), pytest.approx(1 + 12.7062, abs=1e-3))


def test_each_of_the_two_means_has_its_own_interval() -> None:
    """Student's of a number: 1 -+ 12.706 sd / sqrt(2), sd = sqrt(2); Wilson's of a share: 0.2366 to 0.7634."""
    found = difference(np.array([0.0, 2.0]), np.array([3.0, 3.0]), same=False, share=False)
    assert found.base_around == pytest.approx((1 - 12.7062, 1 + 12.7062), abs=1e-3)
    assert found.variant_around == (3.0, 3.0)
    half = np.repeat([0.0, 1.0], 5)
    assert difference(half, half, same=True, share=True).base_around == pytest.approx((0.2366, 0.7634), abs=5e-5)


def test_labels_that_would_hide_a_case_are_refused(path: str) -> None:
    def said(*whats: str) -> str:
        words = [word for what in whats for word in ("--what", what)]
        result = CliRunner().invoke(app, ["compare", path, *words, "--runs", "5", "--quiet"])
        assert result.exit_code == 2
        return result.output

    assert "have the same label" in said("a: pace=1", "a: pace=2")
    assert "none of them 'base'" in said("base: pace=1")
    assert "none of them 'base'" in said(": pace=1")


def test_a_case_that_stops_is_named(path: str) -> None:
    file = Path(path).with_name("stops.yaml")
    text = Path(path).read_text(encoding="utf-8").replace("talks: {}}", "talks: {at_most: 200}}")
    file.write_text(text, encoding="utf-8")
    case = {"mild": load(str(file), settings={"other": 0.6}), "wild": load(str(file), settings={"other": 9.0})}
    with pytest.raises(RunStopped, match="case 'wild'"):
        compare(load(str(file)), case, runs=5, seed=1)


RATIOS = """
standoff: 1
title: Watches that divide
starts: 2017-01-01
ends: 2017-01-31
every: 10 days
state: {a: {}, c: {}, z: {}}
parameters: {p: 0.5}
rules:
  step: {rate: p, then: ["a += 1"]}
  other: {rate: 0.05, then: ["c += 1"]}
questions:
  many: {ask: Many?, when: "a > 15", by: 2017-01-31}
watch: {ratio: {of: "a / c"}, never: {of: "a / z"}, a: {of: a}, c: {of: c}}
"""


def test_pairs_in_which_a_series_is_no_finite_number_are_left_out_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "ratios.yaml"
    file.write_text(RATIOS, encoding="utf-8")
    base, fast = load(str(file)), load(str(file), settings={"p": 0.8})
    made = compare(base, {"fast": fast}, runs=60, seed=3)
    (ratio,) = [one for one in made.series if one.series == "ratio"]
    ends = [run_many(case, runs=60, seed=3, sampler="coupled", events="0").series for case in (base, fast)]
    last = [table.filter(table["time"] == table["time"].max()) for table in ends]
    ours, theirs = ((table["a"] / table["c"]).to_numpy() for table in last)
    known = np.isfinite(ours) & np.isfinite(theirs)
    assert 0 < ratio.paired.runs == known.sum() < 60
    assert ratio.paired.difference == pytest.approx((theirs[known] - ours[known]).mean(), rel=1e-5)
    assert made.no_number == ("never",)
    assert "NaN" not in made.to_json() and "Infinity" not in made.to_json()


def test_the_verb_tells_how_many_pairs_have_no_number(tmp_path: Path) -> None:
    file = tmp_path / "ratios.yaml"
    file.write_text(RATIOS, encoding="utf-8")
    line = ["compare", str(file), "--what", "fast: p=0.8", "--runs", "60", "--quiet", "--series"]
    printed = CliRunner().invoke(app, line)
    assert printed.exit_code == 0, printed.output
    assert re.search(r"ratio: without \d+ of 60 pairs, in which it is not a finite number", printed.output)
    assert "with fewer than two pairs of finite numbers: never" in printed.output


HUGE = """
standoff: 1
title: Huge
starts: 2017-01-01
ends: 2017-01-10
state: {big: {}}
parameters: {other: {prior: "uniform(0, 1)"}}
rules: {grow: {at: 2017-01-02, then: ["big = 1.7e308 if other > 0.5 else -1.7e308"]}}
questions: {many: {ask: How many?, number: big, at: 2017-01-09}}
"""


@pytest.mark.parametrize(
    "words",
    [
        ["compare", "--what", "a: other=0.1", "--runs", "10"],
        ["sense", "--runs", "10"],
        ["branch", "--at", "2017-01-01", "--runs", "5"],
    ],
    ids=lambda words: str(words[0]),
)
def test_answers_too_large_for_differences_are_refused_in_one_sentence(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "huge.yaml").write_text(HUGE, encoding="utf-8")
    said = CliRunner().invoke(app, [words[0], str(tmp_path / "huge.yaml"), *words[1:], "--quiet"])
    assert said.exit_code == 2
    assert "an answer of 1.7e+308 is too large to take differences of; the limit is 1e+150" in said.output
