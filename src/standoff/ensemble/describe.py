"""The manifest of an ensemble that is about to run: what the scenario says of its parameters, questions and series."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from standoff.ensemble.commands import case_words, command
from standoff.ensemble.manifest import (
    EventsEntry,
    ForecastEntry,
    GivenEntry,
    Manifest,
    ParameterEntry,
    QuestionEntry,
    SeriesEntry,
)
from standoff.ensemble.tables import column_names
from standoff.model import SERIES_COLUMNS, Model
from standoff.time import iso

if TYPE_CHECKING:
    from standoff.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Described:
    """What a manifest says of its scenario."""

    title: str
    starts: str
    ends: str
    days: float
    parameters: tuple[ParameterEntry, ...]
    questions: tuple[QuestionEntry, ...]
    hindsight: dict[str, tuple[str, ...]]
    headline: str
    key_questions: tuple[str, ...]


def described(scenario: Scenario) -> Described:
    """What a manifest says of a scenario, kept between processes."""
    from standoff.scenario import kept

    def describe() -> Described:
        # What reads a scenario is not loaded where its description is kept.
        from standoff.scenario import hindsight_by_section

        return Described(
            title=str(scenario.document.title),
            starts=iso(scenario.resolved.starts),
            ends=iso(scenario.document.ends),
            days=float(scenario.resolved.days),
            parameters=_parameters(scenario),
            questions=_questions(scenario),
            hindsight=hindsight_by_section(scenario.document),
            headline=str(scenario.document.headline or ""),
            key_questions=tuple(str(name) for name in scenario.document.key_questions),
        )

    return kept(Described, describe, scenario.key) if scenario.key else describe()


def new_manifest(
    scenario: Scenario,
    model: Model,
    *,
    key: str,
    version: str,
    seed: int,
    runs: int,
    jobs: int | None,
    sampler: str,
    address: str,
    command: str,
    given: GivenEntry | None = None,
) -> Manifest:
    """The manifest of an ensemble of which nothing is finished yet; no command repeats runs of `given` parameters."""
    about = described(scenario)
    return Manifest(
        standoff=version,
        scenario=scenario.name,
        title=about.title,
        starts=about.starts,
        ends=about.ends,
        days=about.days,
        digest=scenario.digest,
        variant=scenario.variant,
        settings={str(name): float(value) for name, value in scenario.settings.items()},
        seed=seed,
        sampler=sampler,
        runs=runs,
        finished_runs=0,
        merged_runs=0,
        partial=True,
        key=key,
        jobs=jobs,
        seconds=0.0,
        command=command if given is None else "",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=_versions(version),
        events=EventsEntry(runs=0, all=False),
        grid=tuple(float(t) for t in model.grid),
        series=_series(model),
        parameters=about.parameters,
        questions=about.questions,
        hindsight=about.hindsight,
        persistence=None,
        given=given,
        address=address,
        headline=about.headline,
        key_questions=about.key_questions,
    )


def command_line(scenario: Scenario, *, address: str, runs: int, seed: int, events: str, sampler: str) -> str:
    """The line that makes the same runs again."""
    options = ["--runs", str(runs), "--seed", str(seed)]
    options += ["--events", events] if events != "auto" else []
    options += ["--sampler", sampler] if sampler != "direct" else []
    name, *case = case_words(address, scenario.variant, scenario.settings)
    return command("run", [name, *options[:4], *case], *options[4:])


def address_of(scenario: Scenario) -> str:
    """What loads a scenario again: the name of a bundled one, else its path."""
    from standoff.scenario import located

    known = located(scenario.name)
    if known is not None and known[1] == scenario.path:
        return known[0]
    folder = scenario.path.parent
    address = str(folder if folder.name == scenario.name and scenario.path.stem != scenario.name else scenario.path)
    # A folder that is called as a bundled scenario would be taken for that one.
    return address if located(address) is None else f"./{address}"


def _versions(version: str) -> dict[str, str]:
    import llvmlite
    import numpy
    import polars

    return {
        "standoff": version,
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "llvmlite": llvmlite.__version__,
        "polars": polars.__version__,
    }


def _series(model: Model) -> tuple[SeriesEntry, ...]:
    names = column_names(SERIES_COLUMNS, (one.name for one in model.series))
    return tuple(
        SeriesEntry(name=name, watch=one.watch, index=tuple(one.index), labels=one.labels, shows=one.shows)
        for name, one in zip(names, model.series, strict=True)
    )


def _drawn_beside(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """The other parameters that each is drawn together with; one that is fixed is not drawn."""
    from standoff.scenario import drawn_together

    parameters = scenario.resolved.parameters
    groups = drawn_together({name: one.luck for name, one in parameters.items()})
    moving = {name for name, one in parameters.items() if one.prior.kind != "fixed"}
    return {
        name: tuple(sorted(group & moving - {name})) if name in moving else () for group in groups for name in group
    }


def _parameters(scenario: Scenario) -> tuple[ParameterEntry, ...]:
    written = {str(name): one for name, one in scenario.expanded.parameters.items()}
    beside = _drawn_beside(scenario)
    entries = []
    for name in scenario.resolved.parameters:
        said = written.get(str(name))
        evidence = tuple(str(one.from_) for one in said.evidence) if said is not None else ()
        entries.append(
            ParameterEntry(
                name=str(name),
                unit=str(said.unit) if said is not None and said.unit is not None else None,
                prior=str(said.prior) if said is not None else "",
                about=str(said.about or "") if said is not None else "",
                evidence=evidence,
                assumption=not evidence or "assumption" in evidence,
                hindsight=said is not None and any(one.hindsight for one in said.evidence),
                origin=scenario.resolved.parameters[name].origin,
                title=str(said.title) if said is not None and said.title else None,
                correlated=beside[name],
            )
        )
    return tuple(entries)


def _questions(scenario: Scenario) -> tuple[QuestionEntry, ...]:
    entries = []
    written = {str(name): one for name, one in scenario.expanded.questions.items()}
    for one in scenario.resolved.questions:
        given = one.given
        said = one.forecast is not None or given.low is not None or given.words is not None
        entries.append(
            QuestionEntry(
                id=str(one.name),
                ask=str(one.ask),
                type=one.type,
                date=iso(one.date),
                unit=str(one.unit) if one.unit is not None else None,
                forecast=ForecastEntry(
                    id=_text(one.forecast),
                    low=given.low,
                    high=given.high,
                    words=_text(given.words),
                    locators=tuple(str(locator) for locator in given.locators),
                )
                if said
                else None,
                outcome=_text(given.outcome),
                why=_text(given.why),
                value=given.value,
                hindsight=given.hindsight,
                origin=one.origin,
                says=_text(written[str(one.name)].says),
                title=_text(written[str(one.name)].title),
                condition=one.condition,
            )
        )
    return tuple(entries)


def _text(words: str | None) -> str | None:
    return None if words is None else str(words)
