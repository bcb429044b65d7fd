"""The verb that asks experts and takes their answers: elicit."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from standoff.cli.output import print_json
from standoff.cli.refusals import errors_reported
from standoff.cli.scenarios import AsJson, Name
from standoff.cli.sheets import Yes, written
from standoff.numerals import many, read_number

if TYPE_CHECKING:
    from standoff.elicitation import Elicited


def elicit(
    name: Name,
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="Write a form and a sheet for each expert.")] = None,
    from_: Annotated[Path | None, typer.Option("--from", metavar="DIR", help="Read their answers from there.")] = None,
    parameters: Annotated[
        str, typer.Option(metavar="A,B", help="With --to: what to ask for; by default what rests on assumptions.")
    ] = "",
    experts: Annotated[str, typer.Option(metavar="N|NAMES", help="With --to: how many experts, or their names.")] = "3",
    seeds: Annotated[
        Path | None, typer.Option(metavar="FILE.yaml", help="With --to: questions whose answers are known.")
    ] = None,
    quantiles: Annotated[str, typer.Option(metavar="PERCENTS", help="With --to: which quantiles.")] = "5,50,95",
    pool: Annotated[Literal["linear", "log"], typer.Option(help="With --from: how answers become one.")] = "linear",
    weights: Annotated[
        Literal["equal", "performance"], typer.Option(help="With --from: who counts how much.")
    ] = "equal",
    cut_off: Annotated[
        float | None,
        typer.Option(min=0.0, max=1.0, help="With --weights performance: the least calibration."),
    ] = None,
    figure: Annotated[Path | None, typer.Option(metavar="FILE.svg", help="With --from: draw who says what.")] = None,
    into: Annotated[str | None, typer.Option(metavar="FILE", help="With --from: write the priors into it.")] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Ask experts for numbers, and make priors of their answers.

    First with --to, which writes a form for each expert; then with --from, when the answers are in that folder.
    """
    if (to is None) == (from_ is None):
        raise typer.BadParameter("give one of --to DIR (ask) and --from DIR (read the answers)", param_hint="--to")
    if to is not None:
        _ask(name, to, parameters, experts, seeds, quantiles, as_json=as_json)
        return
    with errors_reported(as_json=as_json):
        from standoff import elicitation

        folder = from_ or Path()
        plan = elicitation.read_plan(folder)
        _refuse_other(name, plan.scenario, folder)
        answers = elicitation.read_answers(folder, plan)
        for path in answers.nobodys:
            letters = ", ".join(plan.experts)
            print(f"{path}: not read, since its name is not an expert's letter ({letters})", file=sys.stderr)
        result = elicitation.pooled(plan, answers, pool=pool, weighting=weights, cut_off=cut_off)
        if figure is not None:
            figure.write_text(elicitation.picture(result), encoding="utf-8")
    if as_json:
        print_json(result.to_json())
    else:
        from standoff.cli.layout import show

        show(result.display())
        print(result.lines() if into is None else "")
    if into is not None:
        _write(result, into, yes=yes, as_json=as_json)


def _refuse_other(name: str, of: str, folder: Path) -> None:
    """Raises UsageError where the answers in a folder are about another scenario."""
    from standoff.errors import UsageError
    from standoff.scenario import find

    try:
        same = name == of or find(name)[1].resolve() == find(of)[1].resolve()
    except UsageError:  # One of them has been moved: then their own names must do.
        same = Path(name).name == Path(of).name
    if not same:
        raise UsageError(f"the answers in {folder} are about {of}, not about {name}")


def _write(result: Elicited, into: str, *, yes: bool, as_json: bool) -> None:
    """Write the priors into a scenario, after its changed lines were shown."""
    with errors_reported(as_json=as_json):
        from standoff.errors import Faults
        from standoff.scenario import Manuscript, load

        revision = Manuscript.of(into).revised(result.changes(load(into).document))
        faults = revision.faults()
        if faults:
            raise Faults(faults)
        told = [f"{one.question.of}: {result.prior_of(one)}" for one in result.pooled]
        done = written(revision, yes=yes, quiet=as_json, told=told)
    if not done:
        raise typer.Exit(1)


def _ask(
    name: str, to: Path, parameters: str, experts: str, seeds: Path | None, quantiles: str, *, as_json: bool
) -> None:
    shares = [read_number(one.strip()) for one in quantiles.split(",")]
    if None in shares:
        raise typer.BadParameter(f"'{quantiles}' are no percents such as 5,50,95", param_hint="--quantiles")
    count = read_number(experts)
    if count is not None and (count != int(count) or not 0 <= count <= 99):
        raise typer.BadParameter(f"'{experts}' is no number of experts such as 3", param_hint="--experts")
    named = _listed(experts) if count is None else [""] * int(count)
    with errors_reported(as_json=as_json):
        from standoff import elicitation
        from standoff.scenario import load

        plan = elicitation.plan_of(
            name,
            load(name).document,
            parameters=_listed(parameters),
            seeds=elicitation.read_seeds(seeds) if seeds is not None else (),
            experts=named,
            quantiles=[share / 100.0 for share in shares if share is not None],
        )
        excel = importlib.util.find_spec("openpyxl") is not None
        made = elicitation.write_forms(to, plan, excel=excel)
    if as_json:
        print_json(json.dumps({"folder": str(to), "files": [str(path) for path in made]}, ensure_ascii=False, indent=1))
        return
    asked = many(len(plan.questions) - len(plan.seeds), "parameter")
    print(f"{to}: {asked} and {many(len(plan.seeds), 'seed question')} for {many(len(plan.experts), 'expert')}")
    for letter, who in plan.experts.items():
        print(f"  {letter}{f'  {who}' if who else ''}: send {letter}.html, or {letter}{'.xlsx' if excel else '.csv'}")
    print(f"Keep {to / 'plan.json'} to yourself: it has names and known answers.")
    print(f"When their files are back in {to}: standoff elicit {name} --from {to}")
    if not excel:
        print("Without openpyxl the sheets are CSV: pip install 'standoff[sheets]' for Excel", file=sys.stderr)


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]
