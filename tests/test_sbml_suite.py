"""The SBML stochastic suite: the engine meets its exact answers, and a model that is a little wrong is found out."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("libsbml", reason="python-libsbml is not installed")

from tests.sbml_texts import event, model, parameter, reaction, species
from verification.cases import read_case
from verification.judging import BATCHES, Judgement, Scores, scores_of
from verification.sbml import main
from verification.simulate import Sums

ROOT = Path(__file__).resolve().parent.parent
SUITE = Path(os.environ.get("STANDOFF_SHARED", ROOT.parent / "shared")) / "data" / "sbml-stochastic"
ALL = "STANDOFF_VERIFY" in os.environ
FEW = ["00001", "00011", "00019", "00029", "00033", "00049", "00099"]
"""Reactions, volumes, assignment rules, events on time and amounts, a law without moments, and cut draws; none has
tails so heavy that 1,000 runs are few."""
FALSE_ALARM = 8e-6
"""Of all public cases; verification/judging.py has the arithmetic."""


@pytest.mark.statistical(false_alarm=FALSE_ALARM)
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not SUITE.is_dir(), reason=f"the SBML stochastic suite is not at {SUITE}")
def test_every_case_of_the_suite_that_is_run_passes(capsys: pytest.CaptureFixture[str]) -> None:
    """Some cases with 1,000 runs; all with 10,000 where STANDOFF_VERIFY is set."""
    wanted = ["--jobs", "2"] if ALL else ["--jobs", "1", "--runs", "1000", "--case", *FEW]
    status = main([str(SUITE), "--json", *wanted])
    report = json.loads(capsys.readouterr().out)
    bad = [case for case in report["cases"] if case["verdict"] != "pass"]
    assert (status, bad) == (0, [])
    assert len(report["cases"]) == (50 if ALL else len(FEW))


def immigration(
    folder: Path, name: str, *, rate: float = 10.0, law: str = "alpha", more: str = "", points: int = 20
) -> Path:
    """A case of immigration at 10 and death at 0.1 each, from nothing: Poisson with mean 100 (1 - exp(-t / 10)).

    `rate` is the alpha that the model has, and `law` what it makes of it: wrong unless they come to 10.
    """
    case = folder / name
    case.mkdir(parents=True)
    xml = model(
        kinds=[species("X", 0)], parameters=[parameter("alpha", rate)],
        reactions=[reaction("in", "-> X", law), reaction("out", "X ->", "0.1 * X")],
    )  # fmt: skip
    (case / f"{name}-sbml-l3v2.xml").write_text(xml.replace("</model>", more + "</model>"), encoding="utf-8")
    settings = {"start": 0, "duration": points, "steps": points, "variables": "X", "amount": "X",
                "concentration": "", "meanRange": "(-3, 3)", "sdRange": "(-5, 5)"}  # fmt: skip
    words = "\n".join(f"{key}: {value}" for key, value in settings.items())
    (case / f"{name}-settings.txt").write_text(words, encoding="utf-8")
    means = [100.0 * (1.0 - math.exp(-t / 10.0)) for t in range(points + 1)]
    rows = [f"{t},{mean:.5f},{math.sqrt(mean):.5f}" for t, mean in enumerate(means)]
    (case / f"{name}-results.csv").write_text("\n".join(["time,X-mean,X-sd", *rows, ""]), encoding="utf-8")
    return folder


@pytest.mark.statistical(false_alarm=1e-8)
def test_a_right_model_passes_and_one_whose_rate_is_off_by_a_twentieth_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rate that is 5 % off moves Z by 9 and more from the second day on."""
    immigration(immigration(tmp_path, "right"), "wrong", rate=10.5)
    assert main([str(tmp_path), "--runs", "800", "--jobs", "1"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[:2]] == [["right", "pass"], ["wrong", "fail"]]
    assert f"{BATCHES} batches" in lines[1]
    assert lines[2].startswith("1 of 2 cases pass, 1 fail, 0 cannot be expressed")
    assert main([str(tmp_path), "--runs", "300", "--jobs", "1", "--case", "right"]) == 0


def test_what_cannot_be_expressed_is_named_with_its_reason_and_is_no_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waits = event("reset", "X > 50", {"X": "0"}, delay="3")
    immigration(tmp_path, "waits", more=f"<listOfEvents>{waits}</listOfEvents>")
    assert main([str(tmp_path), "--jobs", "1"]) == 0
    first, total = capsys.readouterr().out.splitlines()
    assert first == "waits  not expressible: an event that waits a fixed time after chance has triggered it (reset)"
    assert total.startswith("0 of 1 cases pass, 0 fail, 1 cannot be expressed")


def test_a_run_that_the_engine_stops_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    immigration(tmp_path, "negative", law="-1 * (alpha + X)")
    assert main([str(tmp_path), "--jobs", "1", "--runs", "10"]) == 1
    assert "SD501 in reaction_in at day 0" in capsys.readouterr().out


def test_a_folder_without_cases_is_said_to_be_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "there is no case" in capsys.readouterr().err


def test_the_numbers_do_not_depend_on_how_many_processes_share_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    immigration(tmp_path / "cases", "one")
    found = []
    for jobs in ("1", "2"):
        main([str(tmp_path / "cases"), "--json", "--runs", "300", "--jobs", jobs, "--keep", str(tmp_path / "kept")])
        (case,) = json.loads(capsys.readouterr().out)["cases"]
        found.append({key: value for key, value in case.items() if key != "seconds"})
    assert found[0] == found[1]
    assert (tmp_path / "kept" / "one.yaml").is_file()


def test_the_newest_model_file_of_a_case_is_read(tmp_path: Path) -> None:
    case = immigration(tmp_path, "one") / "one"
    (case / "one-sbml-l2v4.xml").write_text('<sbml level="2" version="4"/>', encoding="utf-8")
    assert read_case(case).model.name == "one-sbml-l3v2.xml"


def test_the_logarithm_of_a_quantity_is_an_output_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = immigration(tmp_path, "log") / "log"
    xml = model(kinds=[species("X", 0)], events=[event("e", "time >= 0.5", {"X": "exp(2)"})])
    (case / "log-sbml-l3v2.xml").write_text(xml, encoding="utf-8")
    settings = (case / "log-settings.txt").read_text(encoding="utf-8") + "\noutput: ln(X)-mean, ln(X)-sd"
    (case / "log-settings.txt").write_text(settings, encoding="utf-8")
    for value, status in (("2", 0), ("2.1", 1)):
        rows = ["0,-inf,0", *(f"{t},{value},0" for t in range(1, 21))]
        (case / "log-results.csv").write_text("\n".join(["time,ln(X)-mean,ln(X)-sd", *rows]), encoding="utf-8")
        assert main([str(tmp_path), "--jobs", "1", "--runs", "2"]) == status
        assert f"Z {20 if value == '2' else 0:3d} of  20 inside" in capsys.readouterr().out


def column(*values: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([values], dtype=np.float64)


def test_the_statistics_are_those_of_the_guide() -> None:
    # Four runs with the values 4, 6, 6, 8 of a quantity with mean 5 and deviation 2.
    gaps = np.array([-1.0, 1.0, 1.0, 3.0])
    sums = Sums(4, column(gaps.sum()), column((gaps**2).sum()), column((gaps**4).sum()))
    scores = scores_of(sums, column(5), column(2))
    assert scores.z.item() == pytest.approx(math.sqrt(4) * (6 - 5) / 2)
    assert scores.y.item() == pytest.approx(math.sqrt(4 / 2) * (3 / 4 - 1))
    assert scores.width.item() == 1.0
    no_deviation = scores_of(sums, column(5), column(math.nan))
    assert no_deviation.z.item() == pytest.approx(math.sqrt(4) / math.sqrt(3))
    assert np.isnan(no_deviation.y).all()


@pytest.mark.parametrize(("gap", "passes"), [(0.0, True), (5e-6, True), (0.01, False)])
def test_a_value_without_deviation_must_be_exact(gap: float, passes: bool) -> None:
    sums = Sums(100, column(100 * gap), column(100 * gap**2), column(100 * gap**4))
    judgement = Judgement(scores_of(sums, column(20), column(0)), 3.0, 5.0)
    assert judgement.passed == passes


def judged(*batches: tuple[float, float, float]) -> Judgement:
    """A point's Z, Y and width of Y, batch after batch."""
    scores = [Scores(column(z), column(y), column(width)) for z, y, width in batches]
    judgement = Judgement(scores[0], 3.0, 5.0)
    for more in scores[1:]:
        assert judgement.open
        judgement.again(more)
    return judgement


def test_a_point_fails_a_case_only_if_it_is_outside_on_the_same_side_in_every_batch() -> None:
    assert judged((2.9, -4.9, 1)).passed
    assert not judged((2.9, -4.9, 1)).open
    assert judged((3.1, 0, 1), (2.9, 0, 1)).passed
    assert judged((3.1, 0, 1), (-3.1, 0, 1)).passed
    assert judged((0, 5.1, 1), (3.1, 0, 1)).passed
    assert not judged((3.1, 0, 1)).passed
    assert not judged(*[(3.1, 0, 1)] * BATCHES).passed
    assert not judged(*[(0, -5.1, 1)] * BATCHES).passed
    assert not judged(*[(3.1, 0, 1)] * BATCHES).open


def test_a_wide_deviation_is_reported_but_in_doubt_only_beyond_its_own_width() -> None:
    assert judged((0, 8.9, 3)).counts()["y_inside"] == 0
    assert judged((0, 8.9, 3)).passed
    assert not judged((0, 9.1, 3)).passed
