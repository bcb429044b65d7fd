"""From a run folder to the scene that the page draws: every number on it is computed here from the tables."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from standoff import calibration
from standoff.analysis.answers import gains_by
from standoff.analysis.spread import Contrasts
from standoff.ensemble import Answer, Answers, Ensemble, NoAnswer, QuestionEntry, SeriesEntry
from standoff.report import answers, control, fans, forces, log, map_windows, meanings, twelve
from standoff.report.background import Background, WrittenWatch
from standoff.report.findings import VERBS, Findings
from standoff.report.frames import AllRuns, Fan, Force, Holding, Ladder, Move, Opening, SampledRun
from standoff.report.marks import marked
from standoff.report.parameters import ledger
from standoff.report.reasons import reasons
from standoff.report.run_tables import RunTables
from standoff.report.scene import Head, Question, Scene
from standoff.report.stage import Stage
from standoff.report.wording import deal_label, readable
from standoff.report.zones import radii, zones
from standoff.sources import machine, made_with

if TYPE_CHECKING:
    from standoff.calibration import Brief
    from standoff.scenario import Scenario

NOT_WATCHED = WrittenWatch("", "")


def scene(folder: Path) -> Scene:
    """Everything on the page of one run folder."""
    return scene_of(Ensemble(folder))


def scene_of(ensemble: Ensemble, *, scenario: Scenario | None = None, answered: Answers | None = None) -> Scene:
    """Everything on the page of some runs; who has just made them knows their scenario and their answers already."""
    tables = RunTables(ensemble)
    written = background_of(tables, scenario)
    at = {place.id: i for i, place in enumerate(written.places)}
    charts, left_out = fans.most_moved(_watched(tables, written))
    chosen = log.chosen_runs(tables.numbers, until=tables.manifest.events.runs, seed=tables.manifest.seed)
    rows = np.searchsorted(tables.numbers, chosen)
    answered = calibration.answers(tables.ensemble) if answered is None else answered
    brief = calibration.brief_of(tables.manifest, _told(answered))
    main, contrasts = _main_question(ensemble, answered, brief)
    step = 0 if main is None else tables.reading_near(main.question.date)
    held, opened = _places(tables, at, rows, step), _opened(tables, written, rows)

    def draw(chart: fans.Watched) -> tuple[Fan, NDArray[Any]]:
        one = chart.series
        observed = None if one.index else written.observed.get(one.watch)
        return fans.fan(tables.course(one), observed), tables.of_runs(one, rows)

    drawn, ladders = tables.of_each(draw, charts), _ladders(tables, written)
    lasting = log.Lasting(
        times=tables.times, parts=tables.parts_of_a_day,
        held=held.held,
        forces=held.strengths,
        open={i: states for i, (_, states) in opened.items()},
        lines=[line for _, line in drawn],
        radii=[None if one is None else one[rows] for one in radii(written.zones, tables.drawn, tables.runs)],
    )  # fmt: skip
    sampled, findings = _sampled(tables, chosen, lasting), _findings(tables, written)
    return Scene(
        head=_head(tables, written),
        brief=brief,
        reasons=reasons(main, contrasts, written, findings),
        stage=_stage(tables, written, charts, held.holdings, ladders),
        ensemble=AllRuns(
            control=held.holdings,
            forces=held.forces,
            open=[opening for opening, _ in opened.values()],
            moves=held.moves,
            fans=[fan for fan, _ in drawn],
            charts_left_out=left_out,
            ladders=ladders,
        ),
        sampled=sampled,
        shown_runs=[one.run for one in sampled],
        questions=_questions(tables, written, answered, findings),
        scores=answered.scores, warning=answered.warning or "",
        deals=gains_by(tables.ensemble, written.deals) if written.deals else (),
        deal_names=written.deal_names,
        claim_questions={name: claim.question for name, claim in written.claims.items() if claim.question},
        parameters=ledger(tables.manifest.parameters, written.parameters, tables.drawn),
        sources=written.sources, leaves_out=written.leaves_out,
        notes=[*written.notes, *(one.sentence for one in answered.questions if isinstance(one, NoAnswer))],
        findings=findings,
        world=written.world,
        happens_at=_happens_at(written, findings),
        meanings=meanings.of_scene(written.meanings, findings, tables.manifest, sampled),
        twelve=None if main is None else _twelve(tables, written, brief, main.question, step, held.then, chosen),
        contrasts=contrasts,
    )


def _told(answered: Answers) -> Answers:
    """The answers without the questions that too few runs are asked: those stand among the notes."""
    return replace(answered, questions=tuple(one for one in answered.questions if not isinstance(one, NoAnswer)))


def _main_question(ensemble: Ensemble, answered: Answers, brief: Brief) -> tuple[Answer | None, Contrasts]:
    """The answer of the headline, and which uncertain numbers move it."""
    if brief.headline is None:
        return None, Contrasts(0, ())
    main = next(one for one in answered.questions if one.question.id == brief.headline.question)
    return main, calibration.contrasts_of(ensemble, main.question.id)


def _twelve(
    tables: RunTables, written: Background, brief: Brief, main: QuestionEntry, step: int,
    then: dict[int, twelve.Holders], frames: list[int],
) -> twelve.Twelve:  # fmt: skip
    small, among = map_windows.small_sheet(written.places, list(then)), tables.asked_in(main)
    answers, numbers = tables.answers_to(main.id)[among], tables.numbers[among]
    held = {place: (codes[among], names) for place, (codes, names) in then.items()}
    entries = {one.id: one for one in tables.manifest.questions}
    keys = [entries[one.question] for one in brief.key_questions]
    also = {one.id: tables.yes(one)[among] for one in keys if one.type != "number"}
    return twelve.twelve(main.id, main.type, answers, numbers, step, held, small, also, frames)


def background_of(tables: RunTables, scenario: Scenario | None) -> Background:
    """What the page says of the scenario of some runs, which is read from their folder where it is not at hand."""
    from standoff.scenario import kept

    path, made = tables.folder / "scenario.yaml", tables.manifest
    text = _read(path) if scenario is None else scenario.text
    priors = {entry.name: entry.prior for entry in made.parameters}
    files = 1

    def make() -> Background:
        from standoff.report.scenario_text import background
        from standoff.scenario import Scenario, prepare, read

        nonlocal files
        known = scenario
        if known is None:
            # What is kept under the digest of a text is made of that text, even if the file has changed since.
            source = read(path, texts={str(path): text.encode("utf-8")})
            files = len(source.files)
            known = Scenario(made.scenario, path, prepare(source, {}))
        return background(known, made.grid, priors)

    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass")).hexdigest()
    parts = digest, made.grid, priors, made_with("numpy"), machine()
    # The text of the main file says nothing of what it includes.
    return kept(Background, make, *parts, unless=lambda: files > 1)


def _read(path: Path) -> str:
    # What reads YAML takes longer to load than a text that is at hand is worth.
    from standoff.scenario import read_text

    return read_text(path, str(path))


def _stage(
    tables: RunTables, written: Background, charts: list[fans.Watched], holdings: list[Holding], ladders: list[Ladder]
) -> Stage:
    maps = map_windows.sheets(written.places)
    return Stage(
        starts=tables.manifest.starts,
        ends=tables.manifest.ends,
        days=tables.manifest.days,
        times=list(tables.times),
        actors=marked(written.actors, holdings),
        names=written.called,
        places=written.places,
        routes=written.routes,
        zones=zones(written.zones, tables.drawn),
        corridors=written.corridors,
        charts=[fans.chart(one) for one in charts],
        watched=bool(charts or holdings or ladders),
        force_unit=written.force_unit,
        sheets=maps,
        relief=map_windows.relief(maps),
    )


def _opened(
    tables: RunTables, written: Background, rows: NDArray[np.intp]
) -> dict[int, tuple[Opening, NDArray[np.bool_]]]:
    """By the position of a corridor: in how many runs it is open, and whether it is in some of them."""
    watched = {
        one.shows.name: one
        for one in tables.manifest.showing("corridor", "open")
        if one.shows is not None and one.index == ()
    }
    opened = {}
    for i, corridor in enumerate(written.corridors):
        if series := watched.get(corridor.id):
            counts = sum(np.count_nonzero(some == 1, axis=0) for some in tables.batches(series))
            opened[i] = Opening(i, np.asarray(counts).tolist()), tables.of_runs(series, rows) == 1
    return opened


@dataclass(frozen=True, slots=True)
class _Places:
    """What all runs say of the places, and what `held` and `strengths` were in some of them: ``(some, times)``."""

    holdings: list[Holding]
    moves: list[Move]
    forces: list[Force]
    held: dict[int, tuple[control.Held, tuple[str, ...]]]
    strengths: dict[int, NDArray[np.float32]]
    then: dict[int, twelve.Holders]
    """Who holds which place at one reading, in all runs."""


@dataclass(frozen=True, slots=True)
class _Place:
    """The same of one place, as far as it is watched."""

    holding: Holding | None = None
    move: Move | None = None
    force: Force | None = None
    held: tuple[control.Held, tuple[str, ...]] | None = None
    strength: NDArray[np.float32] | None = None
    then: twelve.Holders | None = None


def _places(tables: RunTables, at: dict[str, int], rows: NDArray[np.intp], step: int) -> _Places:
    """Who holds which place, and how strongly; a few places at once, since all runs of one fill a megabyte."""
    holders, strong = (
        {at[one.index[0]]: one for one in tables.manifest.showing("watch", role) if one.index[0] in at}
        for role in ("holder", "force")
    )

    def place(at: int) -> _Place:
        strength = tables.values(strong[at]) if at in strong else None
        some = None if strength is None else strength[rows]
        if at not in holders:
            return _Place(strength=some)
        held, names = tables.values(holders[at]), holders[at].labels or ()
        return _Place(
            control.holding(at, held, names),
            control.move(at, held, names, tables.times),
            None if strength is None else forces.force(at, held, names, strength),
            (held[rows], names),
            some,
            (held[:, step].copy(), names),
        )

    places = list({**holders, **strong})
    by_place = dict(zip(places, tables.of_each(place, places), strict=True))
    return _Places(
        holdings=[one.holding for one in by_place.values() if one.holding is not None],
        moves=[one.move for one in by_place.values() if one.move is not None],
        forces=[force for at in strong if (force := by_place[at].force) is not None],
        held={at: one.held for at, one in by_place.items() if one.held is not None},
        strengths={at: one.strength for at, one in by_place.items() if one.strength is not None},
        then={at: one.then for at, one in by_place.items() if one.then is not None},
    )


def _findings(tables: RunTables, written: Background) -> Findings:
    there = (*(tables.folder / f"{verb}.json" for verb in VERBS), *tables.folder.glob("explain-*.json"))
    if not any(map(os.path.lexists, there)):
        return Findings()
    from standoff.report import read_findings

    forces = [one.name for one in tables.manifest.showing("watch", "force")]
    claims = {name: (claim.says, claim.cause, claim.effect) for name, claim in written.claims.items()}
    return read_findings.findings(tables.folder, tables.manifest.scenario, forces=forces, claims=claims)


def _happens_at(written: Background, findings: Findings) -> dict[str, int]:
    """Where the rules happen whose events set the routes of an explanation apart."""
    named = {mark.rule for one in findings.explain for route in one.routes for mark in route.marks}
    return {rule: place for rule, place in written.happens_at.items() if rule in named}


def _head(tables: RunTables, written: Background) -> Head:
    made = tables.manifest
    return Head(
        name=made.scenario,
        title=made.title,
        about=written.about,
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


def _watched(tables: RunTables, written: Background) -> list[fans.Watched]:
    apart = (*tables.manifest.showing("question", "course"), *tables.manifest.showing("watch", "force"))

    def watched(series: SeriesEntry) -> fans.Watched:
        watch, shows = written.watches.get(series.watch, NOT_WATCHED), series.shows
        plain = readable(series.watch)
        if shows is not None and shows.word == "deal":
            plain = deal_label(shows, written.deal_names, written.called)
        label = watch.label or plain
        if series.index:
            label += ": " + ", ".join(written.called.get(name, readable(name)) for name in series.index)
        return fans.Watched(series, label, watch.unit, fans.movement(tables.course(series)))

    numbers = [one for one in tables.manifest.series if one.labels is None and one not in apart]
    return tables.of_each(watched, numbers)


def _ladders(tables: RunTables, written: Background) -> list[Ladder]:
    """Watched stances and states with named levels, which stand in the order of the scenario."""
    found = []
    for series in tables.manifest.series:
        if series.labels is None or any(name in written.called for name in series.labels):
            continue
        label = written.watches.get(series.watch, NOT_WATCHED).label or readable(series.watch)
        label = ": ".join([label, *(written.called.get(name, readable(name)) for name in series.index)])
        rungs = tuple(readable(name) for name in series.labels)
        found.append(fans.ladder(series.name, label, rungs, tables.course(series)))
    return found


def _questions(tables: RunTables, written: Background, answered: Answers, findings: Findings) -> list[Question]:
    courses = {one.shows.name: one for one in tables.manifest.showing("question", "course") if one.shows is not None}
    found = []
    for one in answered.questions:
        if isinstance(one, NoAnswer) or one.question.id in tables.manifest.conditions:
            # The first are told among the notes: there is nothing to draw. The others are told by what they condition.
            continue
        course = None
        entry = one.question
        # The course is that of all runs, which is none of a question that is asked in some.
        if one.given is None and (told := courses.get(entry.id)):
            course = fans.fan(tables.course(told))
        found.append(answers.question(one, written.questions[entry.id], course, written.sources, findings.explain))
    return found


def _sampled(tables: RunTables, chosen: list[int], lasting: log.Lasting) -> list[SampledRun]:
    return log.sampled_runs(tables.ensemble.sources("events"), chosen, lasting) if chosen else []
