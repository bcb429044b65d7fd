"""What the verbs print for people: tables of scenarios, answers and scores."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table

from standoff.cli.layout import new_table, one_line
from standoff.cli.output import console_here
from standoff.time import date_at

if TYPE_CHECKING:
    from standoff.analysis.answers import Interval
    from standoff.analysis.effects import Branching, Comparison, QuestionDifference, SeriesDifference
    from standoff.ensemble import Manifest
    from standoff.scenario import Scenario


def print_bundled(rows: Sequence[dict[str, Any]]) -> None:
    """The bundled scenarios."""
    counted = ("actors", "places", "rules", "parameters", "questions")
    table = new_table("", ("name", "title", "from", "to", "holds"), whole=("name", "from", "to"))
    for row in rows:
        holds = ", ".join(f"{row[what]} {what}" for what in counted)
        table.add_row(*(one_line(str(cell)) for cell in (row["name"], row["title"], row["starts"], row["ends"], holds)))
    console_here().print(table)


def print_scenario(scenario: Scenario) -> None:
    """A scenario in short: who, where, which words, which uncertain numbers, what is asked."""
    console, said = console_here(), scenario.document
    console.print(f"[bold]{one_line(str(said.title))}[/bold]  {said.starts} to {said.ends}", soft_wrap=True)
    console.print(f"{one_line(scenario.name)}, digest {scenario.digest}", soft_wrap=True)
    if said.about:
        console.print(one_line(" ".join(str(said.about).split())))
    words = ("actors", "places", "groups", "state", "zones", "red_lines", "corridors", "stances", "deals", "injects",
             "rules")  # fmt: skip
    table = new_table("", ("what", "how many", "names"), right=("how many",))
    for word in words:
        entries = getattr(said, word)
        if entries:
            table.add_row(word.replace("_", " "), str(len(entries)), one_line(", ".join(map(str, entries))))
    console.print(table)
    parameters = new_table("Parameters", ("name", "prior", "unit", "evidence"))
    for name, one in said.parameters.items():
        evidence = ", ".join(str(piece.from_) for piece in one.evidence)
        parameters.add_row(*(one_line(str(cell)) for cell in (name, one.prior, one.unit or "", evidence)))
    if said.parameters:
        console.print(parameters)
    questions = new_table("Questions", ("question", "asks", "by"))
    for question in scenario.resolved.questions:
        questions.add_row(one_line(str(question.name)), one_line(str(question.ask)), question.date.isoformat())
    if scenario.resolved.questions:
        console.print(questions)
    for warning in scenario.warnings:
        print(warning.render(), file=sys.stderr)


def print_answers(about: Manifest, content: dict[str, Any], page: Path | None) -> None:
    """The answers of an ensemble, its scores and warnings, and where the rest is."""
    console = console_here()
    runs = f"{about.finished_runs:,} runs" + (f" of {about.runs:,} (cut short)" if about.partial else "")
    heading = f"{about.title}: {runs}, seed {about.seed}, {about.seconds:.1f} s"
    console.print(f"[bold]{one_line(heading)}[/bold]", soft_wrap=True)
    chances = [one for one in content["questions"] if one["probability"] is not None]
    if chances:
        console.print(_chances(chances))
        if any(one["spans"] for one in chances):
            console.print("≈ the interval spans two words: more runs could change the word", style="dim")
        never = [one["id"] for one in chances if one["yes"] == 0]
        if never:
            told = f"{', '.join(never)}: yes in 0 of {about.finished_runs:,} runs; standoff rare can say how rare it is"
            console.print(one_line(told), style="dim", soft_wrap=True)
    spreads = [one for one in content["questions"] if one["quantiles"] is not None]
    if spreads:
        console.print(_spreads(spreads, date.fromisoformat(about.starts)))
    if content["scores"]:
        console.print(_scores(content["scores"]))
    if content["warning"]:
        console.print(f"[bold]Warning.[/bold] {one_line(content['warning'])}")
    if page is not None:
        console.print(f"Report: {one_line(str(page))}", soft_wrap=True)
    console.print(f"Command line to repeat: {one_line(about.command)}", soft_wrap=True)


def percent(share: float) -> str:
    """A share as people read it, finer near the ends."""
    hundred = share * 100
    return f"{hundred:.1f}%" if 0 < hundred < 10 or 90 < hundred < 100 else f"{hundred:.0f}%"


def _chances(rows: Sequence[dict[str, Any]]) -> Table:
    right = ("probability", "95% interval", "source")
    columns = ("question", "probability", "95% interval", "in words", "source", "outcome")
    table = new_table("Questions", columns, right=right)
    for one in rows:
        said = one["forecast"] or {}
        source = f"{said['low']:.0%} – {said['high']:.0%}" if said.get("low") is not None else ""
        word = one["word"] + (" ≈" if one["spans"] else "")
        interval = f"{percent(one['low'])} – {percent(one['high'])}"
        ask = f"{one_line(one['ask'])} [dim]{one_line(one['id'])}[/dim]"
        table.add_row(ask, percent(one["probability"]), interval, word, source, one_line(one["outcome"] or ""))
    return table


def _spreads(rows: Sequence[dict[str, Any]], starts: date) -> Table:
    right = ("5%", "median", "its 95% interval", "95%", "recorded")
    table = new_table("Numbers and dates", ("question", *right, "unit"), right=right)
    for one in rows:
        values = one["dates"] or one["quantiles"]
        none = "not by then" if one["dates"] else "not finite"
        cells = [_value(values[name], none) for name in ("5", "50", "95")]
        low, high = ("median_low", "median_high")
        ends = one["dates"] or one
        error = f"{_value(ends[low], none)} – {_value(ends[high], none)}"
        ask = f"{one_line(one['ask'])} [dim]{one_line(one['id'])}[/dim]"
        came = one["value"]
        if came is not None:
            came = date_at(starts, came).isoformat() if one["dates"] else f"{came:.4g}"
        unit = "" if one["dates"] else one["unit"] or ""
        table.add_row(ask, cells[0], cells[1], error, cells[2], came or "", one_line(unit))
    return table


def _value(value: float | str | None, none: str) -> str:
    if value is None:
        return none
    return value if isinstance(value, str) else f"{value:.4g}"


def _scores(rows: Sequence[dict[str, Any]]) -> Table:
    right = ("n", "Brier (95%)", "log (95%)", "model better by (Brier)")
    title = "Scores over resolved questions (lower is better)"
    table = new_table(title, ("questions", "forecaster", *right), right=right)
    last = None
    for one in rows:
        table.add_row(
            one_line(one["over"]) if one["over"] != last else "",
            one["who"],
            str(one["n"]),
            _between(one, "brier"),
            _between(one, "log"),
            _between(one, "better", sign="+") if one["better"] is not None else "",
        )
        last = one["over"]
    return table


def _between(one: dict[str, Any], name: str, *, sign: str = "") -> str:
    low, high = one[f"{name}_low"], one[f"{name}_high"]
    interval = f" ({low:{sign}.2f} to {high:{sign}.2f})" if low is not None else ""
    return f"{one[name]:{sign}.3f}{interval}"


def print_comparison(made: Comparison, *, series: bool) -> None:
    """What each what-if changes: a table for each, and where there are several a matrix of all differences."""
    console = console_here()
    console.print(
        f"[bold]{one_line(made.scenario)}: {made.runs:,} pairs of runs with shared luck, seed {made.seed}[/bold]",
        soft_wrap=True,
    )
    for what in made.whats:
        if what in made.unchanged:
            console.print(f"{one_line(what)}: changes nothing; every run is the base case's", soft_wrap=True)
            continue
        rows: list[QuestionDifference | SeriesDifference] = [one for one in made.questions if one.what == what]
        rows += [one for one in made.series if series and one.what == what]
        columns = ("question", "base", "what if", "difference", "changed runs", "if independent")
        table = new_table(f"What if: {one_line(what)}", columns, right=columns[1:], whole=("question",))
        for one in sorted(rows, key=lambda row: -abs(row.paired.difference)):
            table.add_row(*_compared(one))
        console.print(table)
        for one in made.series:
            if series and one.what == what and (without := made.runs - one.paired.runs):
                left_out = f"without {without:,} of {made.runs:,} pairs, in which it is no finite number"
                console.print(f"{one_line(one.series)}: {left_out}", soft_wrap=True)
    if series and made.no_number:
        console.print(
            f"Left out, a finite number in no two pairs: {one_line(', '.join(made.no_number))}", soft_wrap=True
        )
    console.print("95% intervals; if independent: the runs that separate seeds would need for as narrow a difference",
                  style="dim")  # fmt: skip
    if len(made.whats) > 1:
        console.print(_matrix(made))


def _matrix(made: Comparison) -> Table:
    """Questions by what-ifs: the difference and half its 95% interval; those that could be nothing are dimmed."""
    whats = [one_line(what) for what in made.whats]
    table = new_table("All differences, ± half the 95% interval", ("question", "base", *whats), right=("base", *whats))
    rows: dict[str, list[str]] = {}
    for one in made.questions:
        paired = one.paired
        half = (paired.high - paired.low) / 2
        style = "" if paired.low > 0 or paired.high < 0 else "[dim]"
        begin = [one_line(one.question), _around(paired.base, paired.base_around)]
        row = rows.setdefault(one.question, begin + [""] * len(whats))
        row[2 + made.whats.index(one.what)] = f"{style}{paired.difference:+.3g} ± {half:.2g}"
    for row in rows.values():
        table.add_row(*row)
    return table


def _compared(one: QuestionDifference | SeriesDifference) -> list[str]:
    paired, name = one.paired, one.question if hasattr(one, "question") else one.series
    clear = paired.low > 0 or paired.high < 0
    told = [
        _around(paired.base, paired.base_around), _around(paired.variant, paired.variant_around),
        f"{paired.difference:+.3g} ({paired.low:+.3g} to {paired.high:+.3g})",
    ]  # fmt: skip
    rest = [f"{paired.changed:,}", "" if paired.runs_if_independent is None else f"{paired.runs_if_independent:,}"]
    style = "" if clear else "[dim]"
    return [f"{style}{cell}" for cell in (one_line(name), *told, *rest)]


def _around(value: float, interval: Interval) -> str:
    return f"{value:.3g} ({interval.low:.3g}–{interval.high:.3g})"


def print_branching(made: Branching) -> None:
    """What the continuations of a run say, beside the run itself; in brackets 95% intervals."""
    console = console_here()
    since = f"after {made.event} on {made.at}" if made.event is not None else f"from {made.at} on"
    head = f"{made.scenario}: run {made.run} of seed {made.seed} {since}, {made.continuations:,} ways"
    console.print(f"[bold]{one_line(head)}[/bold]", soft_wrap=True)
    changed = ", ".join(f"{name} = {value:g}" for name, value in made.changes.items())
    columns = ["question", "this run", "its ways", *([f"with {changed}", "difference"] if changed else [])]
    heads = [one_line(column) for column in columns]
    table = new_table("", heads, right=heads[1:], whole=("question",))
    for one in made.questions:
        cells = [one.question, f"{one.own:.4g}", f"{one.value:.3g} ({one.low:.3g}–{one.high:.3g})"]
        if one.change is not None:
            paired = one.change
            cells.append(_around(paired.variant, paired.variant_around))
            cells.append(f"{paired.difference:+.3g} ({paired.low:+.3g} to {paired.high:+.3g})")
        table.add_row(*map(one_line, cells))
    console.print(table)
