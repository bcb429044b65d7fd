"""From a run folder to the scene that the page draws: every number on it is computed here from the tables."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from standoff import analysis, calibration, records
from standoff.ensemble import Answers, Ensemble, SeriesEntry
from standoff.errors import UsageError
from standoff.report import (
    answers,
    control,
    entities,
    fans,
    forces,
    ledger,
    log,
    map_windows,
    read_findings,
    rules_text,
)
from standoff.report.findings import Findings
from standoff.report.frames import AllRuns, Ladder, Opening, SampledRun
from standoff.report.scene import Head, Question, Scene
from standoff.report.stage import Stage
from standoff.scenario import Document, load, read, validate


class RunTables:
    """The tables of a run folder as arrays; `runs` is how many runs the series hold."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ensemble = Ensemble(folder)
        self.manifest = self.ensemble.manifest
        self.times = tuple(self.manifest.grid)
        rows = self.ensemble.series.height
        self.runs = rows // max(1, len(self.times))
        if self.runs == 0 or self.runs * len(self.times) != rows:
            raise UsageError(f"{folder}: series.parquet has {rows} rows, not {len(self.times)} for each of some runs")

    def values(self, series: SeriesEntry) -> NDArray[Any]:
        """One series as ``(runs, times)``, in the type it is stored in."""
        return self.ensemble.series[series.name].to_numpy().reshape(self.runs, len(self.times))

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """The number of each run; some are missing where an ensemble was interrupted."""
        return self.ensemble.series["run"].to_numpy()[:: len(self.times)]

    @cached_property
    def drawn(self) -> dict[str, NDArray[np.float64]]:
        """The drawn values of each parameter, one per run."""
        # By position: the column of a parameter that is called as another column has another name.
        columns = self.ensemble.parameters.columns[1:]
        named = zip(self.manifest.parameters, columns, strict=True)
        return {entry.name: self.ensemble.parameters[column].to_numpy() for entry, column in named}


def scene(folder: Path) -> Scene:
    """Everything on the page of one run folder."""
    tables = RunTables(folder)
    document = validate(read(folder / "scenario.yaml"))
    called = entities.names(document)
    on = entities.places(document, called)
    at = {place.id: i for i, place in enumerate(on)}
    watched = _watched(tables, document, called)
    charts, left_out = fans.most_moved(watched)
    lasting = _lasting(tables, document, at, charts)
    answered = calibration.answers(tables.ensemble)
    return Scene(
        head=_head(tables, document),
        stage=Stage(
            starts=tables.manifest.starts,
            ends=tables.manifest.ends,
            days=tables.manifest.days,
            times=list(tables.times),
            actors=entities.actors(document, called),
            names=called,
            places=on,
            routes=entities.routes(document, at),
            zones=entities.zones(document, at, tables.drawn),
            corridors=entities.corridors(document, at),
            charts=[fans.chart(one) for one in charts],
            force_unit=forces.unit(document),
            sheets=(maps := map_windows.sheets(on)),
            relief=map_windows.relief() if any(sheet.basemap is not None for sheet in maps) else None,
        ),
        ensemble=_all_runs(folder, document, lasting, charts, left_out, _ladders(tables, document, called)),
        sampled=_sampled(tables, lasting),
        questions=_questions(tables, document, answered),
        scores=answered.scores,
        warning=answered.warning or "",
        deals=analysis.deals(folder).deals if document.deals else (),
        deal_names=entities.deal_names(document, called),
        parameters=ledger.parameters(document, tables.manifest.parameters, tables.drawn),
        sources=entities.sources(document),
        notes=[str(note) for note in document.notes],
        findings=_findings(tables, document),
        world=rules_text.world(document),
    )


def _lasting(tables: RunTables, document: Document, at: dict[str, int], charts: list[fans.Watched]) -> log.Lasting:
    opened = {
        one.shows.name: tables.values(one) == 1
        for one in tables.manifest.showing("corridor", "open")
        if one.shows is not None and one.index == ()
    }
    return log.Lasting(
        times=tables.times,
        runs=tables.numbers,
        held=_held(tables, at),
        forces=_strengths(tables, at),
        open={i: opened[name] for i, name in enumerate(map(str, document.corridors)) if name in opened},
        lines=[one.values for one in charts],
        radii=entities.radii(document, tables.drawn, tables.runs),
    )


def _all_runs(
    folder: Path,
    document: Document,
    lasting: log.Lasting,
    charts: list[fans.Watched],
    left_out: int,
    ladders: list[Ladder],
) -> AllRuns:
    observed = _observed(folder, document, tuple(lasting.times))
    return AllRuns(
        control=[control.holding(place, *one) for place, one in lasting.held.items()],
        forces=[
            forces.force(place, *lasting.held[place], strong)
            for place, strong in lasting.forces.items()
            if place in lasting.held
        ],
        open=[
            Opening(corridor, np.sum(states, axis=0, dtype=int).tolist()) for corridor, states in lasting.open.items()
        ],
        moves=[control.move(place, *one, tuple(lasting.times)) for place, one in lasting.held.items()],
        fans=[fans.fan(one, observed.get(one.watch)) for one in charts],
        charts_left_out=left_out,
        ladders=ladders,
    )


def _findings(tables: RunTables, document: Document) -> Findings:
    forces = [one.name for one in tables.manifest.showing("watch", "force")]
    claims = {
        str(name): (str(claim.says), claim.cause_in_words, claim.effect_in_words)
        for name, claim in document.claims.items()
    }
    return read_findings.findings(tables.folder, tables.manifest.scenario, forces=forces, claims=claims)


def _observed(folder: Path, document: Document, times: tuple[float, ...]) -> dict[str, tuple[list[float], list[float]]]:
    if not document.record:
        return {}
    return records.observed_series(load(folder / "scenario.yaml"), times)


def _head(tables: RunTables, document: Document) -> Head:
    made = tables.manifest
    return Head(
        name=made.scenario,
        title=made.title,
        about=" ".join(str(document.about or "").split()),
        runs=tables.runs,
        asked_runs=made.runs,
        partial=made.partial,
        seed=made.seed,
        sampler=made.sampler,
        digest=made.digest,
        variant=made.variant,
        settings=dict(made.settings),
        given=made.address or made.scenario,
        command=made.command,
        version=made.standoff,
    )


def _watched(tables: RunTables, document: Document, called: dict[str, str]) -> list[fans.Watched]:
    found = []
    said_of = entities.deal_names(document, called)
    apart = (*tables.manifest.showing("question", "course"), *tables.manifest.showing("watch", "force"))
    for series in tables.manifest.series:
        if series.labels is not None or series in apart:
            continue
        watch, shows = document.watch.get(series.watch), series.shows
        plain = entities.readable(series.watch)
        if shows is not None and shows.word == "deal":
            plain = entities.deal_label(shows, said_of, called)
        label = str(watch.label) if watch is not None and watch.label else plain
        if series.index:
            label += ": " + ", ".join(called.get(name, entities.readable(name)) for name in series.index)
        unit = str(watch.unit) if watch is not None and watch.unit else ""
        found.append(fans.Watched(series.watch, series.index, label, unit, tables.values(series)))
    return found


def _ladders(tables: RunTables, document: Document, called: dict[str, str]) -> list[Ladder]:
    """Watched stances and states with named levels, which stand in the order of the scenario."""
    found = []
    for series in tables.manifest.series:
        if series.labels is None or any(name in called for name in series.labels):
            continue
        watch = document.watch.get(series.watch)
        label = str(watch.label) if watch is not None and watch.label else entities.readable(series.watch)
        label = ": ".join([label, *(called.get(name, entities.readable(name)) for name in series.index)])
        rungs = tuple(entities.readable(name) for name in series.labels)
        found.append(fans.ladder(series.name, label, rungs, tables.values(series)))
    return found


def _questions(tables: RunTables, document: Document, answered: Answers) -> list[Question]:
    courses = {one.shows.name: one for one in tables.manifest.showing("question", "course") if one.shows is not None}
    asked = {str(name): question for name, question in document.questions.items()}
    found = []
    for one in answered.questions:
        course = None
        entry = one.question
        if told := courses.get(entry.id):
            course = fans.fan(fans.Watched(entry.id, (), entry.ask, entry.unit or "", tables.values(told)))
        found.append(answers.question(one, asked[entry.id], course))
    return found


def _held(tables: RunTables, at: dict[str, int]) -> dict[int, tuple[control.Held, tuple[str, ...]]]:
    """Who holds which place, with the names of the holders."""
    shown = tables.manifest.showing("watch", "holder")
    return {at[one.index[0]]: (tables.values(one), one.labels or ()) for one in shown if one.index[0] in at}


def _strengths(tables: RunTables, at: dict[str, int]) -> dict[int, NDArray[np.float32]]:
    """How strong the holder of each place is, ``(runs, times)``, where a watch shows it."""
    shown = tables.manifest.showing("watch", "force")
    return {at[one.index[0]]: tables.values(one) for one in shown if one.index[0] in at}


def _sampled(tables: RunTables, lasting: log.Lasting) -> list[SampledRun]:
    until = tables.manifest.events.runs
    if until == 0:
        return []
    return log.sampled_runs(tables.ensemble.sources("events"), lasting, until=until, seed=tables.manifest.seed)
