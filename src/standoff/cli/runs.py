"""The verbs that make and read runs: run, ask, report."""

from __future__ import annotations

import json
import shlex
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from standoff.cli.elsewhere import On, workers_of
from standoff.cli.numbers import fraction, whole
from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import All, AsJson, Name, Processes, Quiet, Seed, Settings, Variant, settings_of
from standoff.garbage import lasting, uncollected
from standoff.numerals import many

if TYPE_CHECKING:
    from standoff.analysis.answers import Widest
    from standoff.cli.progress import Tell
    from standoff.ensemble import Answers, Ensemble
    from standoff.scenario import Scenario

Folder = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")]
Into = Annotated[Path | None, typer.Option(metavar="RUN", help="Keep the result in this run folder, for its report.")]


def run(
    name: Name,
    runs: Annotated[int, whole(1, "Number of runs.")] = 1000,
    seed: Seed = 1,
    jobs: Processes = None,
    on: On = None,
    out: Annotated[Path | None, typer.Option(help="The run folder; by default runs/NAME-seedS.")] = None,
    as_json: AsJson = False,
    setting: Settings = None,
    variant: Variant = None,
    events: Annotated[str, typer.Option(metavar="all|K", help="Keep the events of all runs, or the first K.")] = "auto",
    sampler: Annotated[
        Literal["direct", "coupled"], typer.Option(help="direct is fast; coupled shares random numbers with variants.")
    ] = "direct",
    until: Annotated[
        float | None,
        fraction("HALF-WIDTH", "Instead of --runs: run until every interval is this narrow."),
    ] = None,
    question: Annotated[list[str] | None, typer.Option(help="With --until: only this one; may be repeated.")] = None,
    quiet: Quiet = False,
    everything: All = False,
) -> None:
    """Run a scenario many times and answer its questions."""
    settings = settings_of(setting)
    with errors_reported(as_json=as_json, repeat=_repeat(name, variant, setting)):
        with lasting():
            from standoff.scenario import load_to_run

            scenario = load_to_run(name, variant=variant, settings=settings)
            from standoff import analysis, calibration, ensemble

        folder = out or ensemble.free_folder(
            scenario, base=Path("runs"), runs=runs, seed=seed, events=events, sampler=sampler
        )
        from standoff.cli.progress import progress

        shown = nullcontext() if as_json or quiet else progress(scenario.name, runs)
        with workers_of(on, jobs, scenario) as workers, shown as tell:
            if until is not None:
                made = calibration.kept(
                    lambda: analysis.run_until(
                        scenario, until, questions=question or (), seed=seed, out=folder, events=events,
                        sampler=sampler, progress=tell, name=name, **workers,
                        widest=_widest if tell is not None and not tell.bar else None,
                        live=_noted(tell) if tell is not None and tell.bar else None,
                    ),
                    folder,
                )  # fmt: skip
            else:
                made = calibration.run(
                    scenario, runs=runs, seed=seed, out=folder, events=events, sampler=sampler, progress=tell,
                    name=name, **workers,
                )  # fmt: skip
        _tell_of_reuse(made, quiet=as_json or quiet)
        _tell_of_others(made)
        page = _report(folder, made, scenario)
    _print(made, made.answered, page, as_json=as_json, everything=everything)


def _noted(tell: Tell) -> Widest:
    return lambda question, half_width, runs: tell.note(f"widest ±{half_width:.4f}: {question}")


def _widest(question: str, half_width: float, runs: int) -> None:
    print(f"after {many(runs, 'run')} the widest interval is that of {question}: ±{half_width:.4f}", file=sys.stderr)


def ask(
    folder: Folder,
    questions: Annotated[
        list[str] | None, typer.Argument(metavar="[QUESTION]...", help="Only these; all if none is named.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="DIR", help="Write all tables as CSV files into this folder.")
    ] = None,
    as_json: AsJson = False,
    everything: All = False,
) -> None:
    """Answer questions from the runs in a run folder."""
    with errors_reported(as_json=as_json):
        from standoff import calibration
        from standoff.ensemble import Ensemble, write_csv
        from standoff.errors import refuse_unknown

        made = Ensemble(folder)
        made.check()
        answers = calibration.answers(made)
        known = [one.question.id for one in answers.questions]
        # A question may be asked in its own words, as reports print it.
        worded = {one.question.ask: one.question.id for one in answers.questions}
        questions = [worded.get(one, one) for one in questions or []]
        refuse_unknown(questions, known, found="the run has no question '{}'", what="questions")
        if questions:
            chosen = tuple(one for one in answers.questions if one.question.id in questions)
            answers = replace(answers, questions=chosen, scores=())
        if csv is not None:
            for file in write_csv(made, csv):
                print(file, file=sys.stderr)
        _tell_of_others(made)
    if questions and not as_json:
        from standoff.cli.answers import print_chosen

        print_chosen(made.manifest, answers.questions)
        return
    page = folder / "report.html"
    _print(made, answers, page if page.exists() else None, as_json=as_json, everything=everything)


def report(
    folder: Folder,
    open_it: Annotated[bool, typer.Option("--open", help="Open the report in a browser.")] = False,
    figures: Annotated[Path | None, typer.Option(metavar="DIR", help="Also draw the figures for papers.")] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also print the report to PDF, with this machine's Chromium.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="With --pdf: print all, not the short form.")] = False,
) -> None:
    """Write the report of a run.

    It is one HTML page that opens offline.
    """
    with errors_reported():
        from standoff.ensemble import Ensemble
        from standoff.errors import UsageError
        from standoff.report import printed, sheets, write_figures, write_report

        if everything and not pdf:
            raise UsageError("--all says how much is printed: give --pdf as well")
        Ensemble(folder).check()
        page = write_report(folder)
        drawn = write_figures(folder, figures) if figures is not None else []
        count = None
        if pdf:
            drawn.append(printed(page, everything=everything))
            count = sheets(drawn[-1])
    for path in (page, *drawn):
        print(path)
    if count is not None:
        rest = "" if everything else "; --all prints everything"
        print(many(count, "sheet") + rest, file=sys.stderr)
    if open_it:
        import webbrowser

        webbrowser.open(page.resolve().as_uri())


def check_into(folder: Path | None, scenario: Scenario) -> None:
    """Refuse early to keep a result in a folder that holds runs of another case.

    Where the folder holds coupled runs, they are the base of a verb that needs as many.
    """
    if folder is None:
        return
    from standoff.ensemble import RunFolder, runs_in
    from standoff.errors import UsageError

    made = RunFolder(folder).manifest()
    if made is None:
        line = f"standoff run NAME --out {shlex.quote(str(folder))}"
        raise UsageError(f"{folder} is not a run folder; make one with: {line}")
    if made.digest != scenario.digest:
        told = f"runs of {made.scenario}" + (f", variant {made.variant}" if made.variant else "")
        told += "".join(f", {name} = {value:g}" for name, value in made.settings.items())
        raise UsageError(f"{folder} holds {told}, not the case that is asked for")
    if made.sampler == "coupled":
        runs_in(folder, scenario, runs=made.runs, seed=made.seed)


def keep_in(folder: Path | None, name: str, text: str) -> None:
    """Keep what a verb found in a run folder, as `name`, and write the folder's report again."""
    if folder is None:
        return
    from standoff.ensemble import RunFolder

    RunFolder(folder).write_text(name, text)
    page = _report(folder)
    if page is not None:
        print(f"kept in {folder}; report: {page}", file=sys.stderr)


def _tell_of_reuse(made: Ensemble, *, quiet: bool) -> None:
    if made.reused and not quiet:
        print(
            f"these runs already exist, made on {made.manifest.created}; they are read, not run again",
            file=sys.stderr,
        )
    if made.rebuilt:
        print(f"damaged, so run again: {', '.join(made.rebuilt)} in {made.folder}", file=sys.stderr)


def _tell_of_others(made: Ensemble) -> None:
    """Name the folders beside this one with newer or older runs of the same scenario and seed, made differently."""
    from standoff.ensemble import others_beside

    for folder, other, newer in others_beside(made):
        age = "newer" if newer else "older"
        why = "the scenario, its settings or this program has changed since"
        print(f"{folder} holds {age} runs of {other.scenario}: {why}", file=sys.stderr)


def _repeat(name: str, variant: str | None, setting: list[str] | None) -> str:
    from standoff.ensemble import case_words, command

    return command("run", case_words(name, variant, settings_of(setting)))


def _report(folder: Path, made: Ensemble | None = None, scenario: Scenario | None = None) -> Path | None:
    from standoff.ensemble import Ensemble
    from standoff.errors import StandoffError

    with uncollected():
        from standoff.report import report_of

    try:
        if made is None:
            return report_of(Ensemble(folder))
        return report_of(made, scenario=scenario, answered=made.answered)
    except StandoffError as error:
        print(f"no report: {error}", file=sys.stderr)
    except OSError as error:
        print(f"no report: could not write it: {error.strerror}", file=sys.stderr)
    return None


def _print(made: Ensemble, answers: Answers, page: Path | None, *, as_json: bool, everything: bool) -> None:
    about = made.manifest
    if not as_json:
        with uncollected():
            from standoff.cli.answers import print_answers

        print_answers(made, answers, page, everything=everything)
        return
    document = {
        "standoff": about.standoff,
        "scenario": about.scenario,
        "title": about.title,
        "digest": about.digest,
        "variant": about.variant,
        "settings": about.settings,
        "runs": about.finished_runs,
        "seed": about.seed,
        "sampler": about.sampler,
        "seconds": about.seconds,
        "partial": about.partial,
        "folder": str(made.folder),
        "report": str(page) if page is not None else None,
        "command": about.command,
    }
    print_json(json.dumps(document | json.loads(answers.to_json()), ensure_ascii=False, indent=1, allow_nan=False))
