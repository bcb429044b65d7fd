"""One run of many on the map: its holders, corridors, series and radii are those of the run folder."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from standoff.report.frames import SampledRun
from standoff.report.scene import Scene
from tests.front import PLACES, Texts
from tests.pages import run_of_front


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of the front."""
    return run_of_front(tmp_path_factory.mktemp("front"), Texts(), full=True)


def _series(folder: Path, run: int) -> pl.DataFrame:
    return pl.read_parquet(folder / "series.parquet").filter(pl.col("run") == run)


def _unfolded(changes: list[list[tuple[int, int]]], of: int) -> list[int]:
    """The value in each frame, from the changes that the frames tell."""
    own = [dict(frame).get(of) for frame in changes]
    assert own[0] is not None
    values = [next(value for value in reversed(own[: step + 1]) if value is not None) for step in range(len(own))]
    assert all(new is None or new != before for new, before in zip(own[1:], values, strict=False))
    return values


def test_the_holders_of_a_sampled_run_are_those_of_its_series(folder: Path, said: Scene) -> None:
    moved = 0
    labels = _labels(folder)
    for run in said.sampled:
        series = _series(folder, run.run)
        for i, place in enumerate(said.stage.places):
            codes = series[f"control[{place.id}]"].to_list()
            told = [word for frame in run.frames for word in frame.words]
            held = _unfolded([frame.held for frame in run.frames], i)
            words = [told[code] if code >= 0 else None for code in held]
            assert words == [labels[code] if code >= 0 else None for code in codes]
            moved += len(set(words)) > 1
    assert len(said.stage.places) == len(PLACES) and moved > 0


def _labels(folder: Path) -> list[str]:
    from standoff.ensemble import Ensemble

    found = {one.labels for one in Ensemble(folder).manifest.series if one.watch == "control"}
    assert len(found) == 1
    return list(found.pop() or ())


def test_the_corridor_of_a_sampled_run_is_open_when_its_series_says_so(folder: Path, said: Scene) -> None:
    for run in said.sampled:
        opened = _unfolded([frame.open for frame in run.frames], 0)
        assert opened == [int(one) for one in _series(folder, run.run)["link"]]


def test_each_chart_has_the_line_of_the_run(folder: Path, said: Scene) -> None:
    for run in said.sampled:
        assert {len(frame.lines) for frame in run.frames} == {len(said.stage.charts)}
        series = _series(folder, run.run)
        for i, chart in enumerate(said.stage.charts):
            line = [frame.lines[i] for frame in run.frames]
            name = f"{chart.watch}[{','.join(chart.index)}]" if chart.index else chart.watch
            assert line == pytest.approx(series[name].to_list(), rel=1e-3)


def test_the_radius_of_a_run_is_the_one_that_was_drawn(folder: Path, said: Scene) -> None:
    drawn = dict(pl.read_parquet(folder / "parameters.parquet").select("run", "radius").iter_rows())

    def radius(run: SampledRun) -> float | None:
        (only,) = run.radii
        return only

    assert {run.run: radius(run) for run in said.sampled} == {run.run: drawn[run.run] for run in said.sampled}
    assert len(set(drawn.values())) == 2


def test_the_record_tells_the_watched_numbers_that_hang_on_who_holds_what(said: Scene) -> None:
    """Isis is recorded to lose one of four towns between 20 and 22 June; of the others nobody knows from then on."""
    charts = list(zip(said.stage.charts, said.ensemble.fans, strict=True))
    observed = {"".join([one.watch, *(f"[{name}]" for name in one.index)]): fan.observed for one, fan in charts}
    assert {one.watch: fan.covered for one, fan in charts if fan.covered} == {"isis-places": (1, 4)}
    assert observed.pop("isis-places") == [
        [4 if day < 20 else 0 if day <= 22 else None for day in said.stage.times],
        [4 if day < 22 else 3 if day <= 22 else None for day in said.stage.times],
    ]
    # The corridor is a state of its own, and a watch over actors is many numbers.
    assert set(observed.values()) == {None}


def test_a_question_changes_with_time_as_its_series_does(folder: Path, said: Scene) -> None:
    series = pl.read_parquet(folder / "series.parquet")
    for question in said.questions:
        assert question.course is not None
        by_time = series.group_by("time", maintain_order=True).agg(pl.col(f"question-{question.id}"))
        values = by_time[f"question-{question.id}"].to_list()
        if question.type == "number":
            assert question.course.quantiles is not None
            middle = [float(pl.Series(some).median() or 0) for some in values]
            assert question.course.quantiles[2] == pytest.approx(middle, rel=1e-4)
        else:
            assert question.course.true_runs == [int(sum(some)) for some in values]
    town = next(question for question in said.questions if question.id == "town")
    assert (town.once, town.course and town.course.true_runs and town.course.true_runs[-1]) == (
        False,
        round((town.probability or 0) * town.runs),
    )
    assert [(one.locator, one.says) for one in town.evidence] == [("paper-2017#p3", Texts().says)]
