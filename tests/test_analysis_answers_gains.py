"""Who would accept which deal is read from a run folder, on a scenario whose gains are known exactly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standoff.analysis import deals
from standoff.analysis.answers import Deals
from standoff.calibration import run
from standoff.cli.app import app
from standoff.errors import UsageError
from standoff.report.build import scene
from standoff.scenario import load

RUNS = 40
BARGAIN = """
standoff: 1
title: A bargain
starts: 2020-01-01
ends: 2020-04-10
actors: {blue: {name: Blue}, red: {}, green_men: {}}
state: {posts: {at_least: 0}}
begin: {posts: 4}
parameters: {hope: {prior: "choice(0.25, 0.75)"}}
injects: {posts_fall: {at: 2020-03-01, then: [posts = 0]}}
deals:
  slow_truce:
    parties:
      blue: {deal: 1, no_deal: 0.5}
      red: {deal: 0.5, no_deal: "hope if posts > 0 else 1"}
      green_men: {deal: 0, no_deal: 1, must_agree: false}
    rate: 0
  armistice: {parties: {blue: {deal: 2, no_deal: 1}, red: {deal: 1, no_deal: 0}}, rate: "1000 if t > 1 else 0"}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bargain")
    (path / "bargain.yaml").write_text(BARGAIN, encoding="utf-8")
    run(load(path / "bargain.yaml"), runs=RUNS, out=path / "run")
    return path / "run"


@pytest.fixture(scope="module")
def made(folder: Path) -> Deals:
    return deals(folder)


def test_a_party_accepts_in_the_runs_in_which_it_gains(made: Deals) -> None:
    truce = made.deals[0]
    gains = {party.actor: party.gains for party in truce.parties}
    assert [gain.accepts.share for gain in gains["blue"]] == [1, 1, 1]
    assert [gain.median for gain in gains["blue"]] == [0.5, 0.5, 0.5]
    first, _, last = gains["red"]
    assert first.accepts.share is not None
    assert 0.2 < first.accepts.share < 0.8
    assert (last.accepts.share, last.median) == (0, -0.5)


def test_together_counts_only_those_that_must_agree(made: Deals) -> None:
    truce = made.deals[0]
    red = next(party for party in truce.parties if party.actor == "red")
    assert truce.together == tuple(gain.accepts for gain in red.gains)
    assert [party.must_agree for party in truce.parties] == [True, True, False]


def test_runs_in_which_the_deal_is_in_force_are_left_out_of_who_would_accept_it(made: Deals) -> None:
    armistice = made.deals[1]
    assert [share.share for share in armistice.in_force] == [0, 1, 1]
    assert [share.runs for share in armistice.together] == [RUNS, 0, 0]
    assert armistice.parties[0].gains[2].median is None


def test_dates_are_the_first_the_middle_and_the_last_of_the_scenario(made: Deals) -> None:
    assert [day.isoformat() for day in made.deals[0].dates][::2] == ["2020-01-01", "2020-04-10"]


def test_the_verb_prints_one_json_document_and_keeps_it_for_the_report(folder: Path) -> None:
    told = CliRunner().invoke(app, ["deals", str(folder), "--json"])
    assert told.exit_code == 0
    content = json.loads(told.stdout)
    assert [one["deal"] for one in content["deals"]] == ["slow_truce", "armistice"]
    assert not (folder / "deals.json").exists()


def test_the_verb_says_who_was_not_asked(folder: Path) -> None:
    told = CliRunner().invoke(app, ["deals", str(folder)])
    assert told.exit_code == 0
    assert "(not asked)" in told.stdout
    assert "all that must agree" in told.stdout


def test_a_scenario_without_deals_is_said_to_have_none(tmp_path: Path) -> None:
    (tmp_path / "quiet.yaml").write_text(BARGAIN[: BARGAIN.index("deals:")], encoding="utf-8")
    run(load(tmp_path / "quiet.yaml"), runs=1, out=tmp_path / "run")
    with pytest.raises(UsageError, match="has no deals"):
        deals(tmp_path / "run")


def test_the_report_names_the_gain_of_each_party(folder: Path) -> None:
    labels = [chart.label for chart in scene(folder).stage.charts]
    assert labels[:2] == ["Slow truce: in force", "Slow truce: gain of Blue"]
    assert "Slow truce: gain of Green men" in labels


def test_runs_in_which_a_gain_is_no_finite_number_are_left_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "ratio.yaml").write_text("""
standoff: 1
title: A deal whose worth divides
starts: 2017-01-01
ends: 2017-01-31
actors: {blue: {}, red: {}}
state: {c: {}}
rules:
  other: {rate: 0.05, then: ["c += 1"]}
deals:
  truce: {parties: {blue: {deal: "2 / c", no_deal: 0}, red: {deal: 1, no_deal: 2}}, rate: 0.001}
questions:
  many: {ask: Many?, when: "c > 1", by: 2017-01-31}
""", encoding="utf-8")  # fmt: skip
    run(load(str(tmp_path / "ratio.yaml")), runs=40, seed=7, out=tmp_path / "run")
    made = deals(tmp_path / "run")
    blue, red = made.deals[0].parties
    assert "Infinity" not in made.to_json()
    assert (blue.gains[0].accepts.runs, blue.gains[0].median) == (0, None)
    assert 0 < blue.gains[-1].accepts.runs < red.gains[-1].accepts.runs == 40
