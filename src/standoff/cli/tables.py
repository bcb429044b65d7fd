"""What the verbs print for people: tables of scenarios, answers and scores."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from standoff.time import date_at

if TYPE_CHECKING:
    from standoff.analysis.answers import Interval
    from standoff.analysis.effects import Branching, Comparison, QuestionDifference, SeriesDifference
    from standoff.ensemble import Manifest
    from standoff.scenario import Scenario

PIPED_WIDTH = 120
"""Columns of output that does not go to a terminal."""


def console_here() -> Console:
    """Where people read; as wide as the terminal, or as `PIPED_WIDTH`."""
    return Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)


def new_table(title: str, columns: Sequence[str], *, right: Sequence[str] = (), whole: Sequence[str] = ()) -> Table:
    """An empty table; the columns in `right` hold numbers, those in `whole` are never broken."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        number = column in right
        table.add_column(
            column, justify="right" if number else "left", no_wrap=number or column in whole, overflow="fold",
        )  # fmt: skip
    return table


def print_bundled(rows: Sequence[dict[str, Any]]) -> None:
    """The bundled scenarios."""
    counts = ("actors", "places", "rules", "parameters", "questions")
    table = new_table("", ("name", "title", "from", "to", *counts), right=counts, whole=("name", "from", "to"))
    for row in rows:
        cells = [row["name"], row["title"], row["starts"], row["ends"], *(row[count] for count in counts)]
        table.add_row(*(escape(str(cell)) for cell in cells))
    console_here().print(table)


def print_scenario(scenario: Scenario) -> None:
    """A scenario in short: who, where, which words, which uncertain numbers, what is asked."""
    console, said = console_here(), scenario.document
    console.print(f"[bold]{escape(str(said.title))}[/bold]  {said.starts} to {said.ends}", soft_wrap=True)
    console.print(f"{escape(scenario.name)}, digest {scenario.digest}", soft_wrap=True)
    if said.about:
        console.print(escape(" ".join(str(said.about).split())))
    words = ("actors", "places", "groups", "state", "zones", "red_lines", "corridors", "stances", "deals", "injects",
             "rules")  # fmt: skip
    table = new_table("", ("what", "how many", "names"), right=("how many",))
    for word in words:
        entries = getattr(said, word)
        if entries:
            table.add_row(word.replace("_", " "), str(len(entries)), escape(", ".join(map(str, entries))))
    console.print(table)
    parameters = new_table("Parameters", ("name", "prior", "unit", "evidence"))
    for name, one in said.parameters.items():
        evidence = ", ".join(str(piece.from_) for piece in one.evidence)
        parameters.add_row(*(escape(str(cell)) for cell in (name, one.prior, one.unit or "", evidence)))
    if said.parameters:
        console.print(parameters)
    questions = new_table("Questions", ("question", "asks", "by"))
    for question in scenario.resolved.questions:
        questions.add_row(escape(str(question.name)), escape(str(question.ask)), question.date.isoformat())
    if scenario.resolved.questions:
        console.print(questions)
    for warning in scenario.warnings:
        print(warning.render(), file=sys.stderr)


def print_answers(about: Manifest, content: dict[str, Any], page: Path | None) -> None:
    """The answers of an ensemble, its scores and warnings, and where the rest is."""
    console = console_here()
    runs = f"{about.finished_runs:,} runs" + (f" of {about.runs:,} (cut short)" if about.partial else "")
    heading = f"{about.title}: {runs}, seed {about.seed}, {about.seconds:.1f} s"
    console.print(f"[bold]{escape(heading)}[/bold]", soft_wrap=True)
    chances = [one for one in content["questions"] if one["probability"] is not None]
    if chances:
        console.print(_chances(chances))
        if any(one["spans"] for one in chances):
            console.print("≈ the interval spans two words: more runs could change the word", style="dim")
        never = [one["id"] for one in chances if one["yes"] == 0]
        if never:
            told = f"{', '.join(never)}: yes in 0 of {about.finished_runs:,} runs; standoff rare can say how rare it is"
            console.print(escape(told), style="dim", soft_wrap=True)
    spreads = [one for one in content["questions"] if one["quantiles"] is not None]
    if spreads:
        console.print(_spreads(spreads, date.fromisoformat(about.starts)))
    if content["scores"]:
        console.print(_scores(content["scores"]))
    if content["warning"]:
        console.print(f"[bold]Warning.[/bold] {escape(content['warning'])}")
    if page is not None:
        console.print(f"Report: {escape(str(page))}", soft_wrap=True)
    console.print(f"Command line to repeat: {escape(about.command)}", soft_wrap=True)


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
        ask = f"{escape(one['ask'])} [dim]{escape(one['id'])}[/dim]"
        table.add_row(ask, percent(one["probability"]), interval, word, source, escape(one["outcome"] or ""))
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
        ask = f"{escape(one['ask'])} [dim]{escape(one['id'])}[/dim]"
        came = one["value"]
        if came is not None:
            came = date_at(starts, came).isoformat() if one["dates"] else f"{came:.4g}"
        unit = "" if one["dates"] else one["unit"] or ""
        table.add_row(ask, cells[0], cells[1], error, cells[2], came or "", escape(unit))
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
            escape(one["over"]) if one["over"] != last else "",
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
        f"[bold]{escape(made.scenario)}: {made.runs:,} pairs of runs with shared luck, seed {made.seed}[/bold]",
        soft_wrap=True,
    )
    for what in made.whats:
        if what in made.unchanged:
            console.print(f"{escape(what)}: changes nothing; every run is the base case's", soft_wrap=True)
            continue
        rows: list[QuestionDifference | SeriesDifference] = [one for one in made.questions if one.what == what]
        rows += [one for one in made.series if series and one.what == what]
        columns = ("question", "base", "what if", "difference", "changed runs", "if independent")
        table = new_table(f"What if: {escape(what)}", columns, right=columns[1:], whole=("question",))
        for one in sorted(rows, key=lambda row: -abs(row.paired.difference)):
            table.add_row(*_compared(one))
        console.print(table)
        for one in made.series:
            if series and one.what == what and (without := made.runs - one.paired.runs):
                left_out = f"without {without:,} of {made.runs:,} pairs, in which it is no finite number"
                console.print(f"{escape(one.series)}: {left_out}", soft_wrap=True)
    if series and made.no_number:
        console.print(f"Left out, a finite number in no two pairs: {escape(', '.join(made.no_number))}", soft_wrap=True)
    console.print("95% intervals; if independent: the runs that separate seeds would need for as narrow a difference",
                  style="dim")  # fmt: skip
    if len(made.whats) > 1:
        console.print(_matrix(made))


def _matrix(made: Comparison) -> Table:
    """Questions by what-ifs: the difference and half its 95% interval; those that could be nothing are dimmed."""
    whats = [escape(what) for what in made.whats]
    table = new_table("All differences, ± half the 95% interval", ("question", "base", *whats), right=("base", *whats))
    rows: dict[str, list[str]] = {}
    for one in made.questions:
        paired = one.paired
        half = (paired.high - paired.low) / 2
        style = "" if paired.low > 0 or paired.high < 0 else "[dim]"
        begin = [escape(one.question), _around(paired.base, paired.base_around)]
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
    return [f"{style}{cell}" for cell in (escape(name), *told, *rest)]


def _around(value: float, interval: Interval) -> str:
    return f"{value:.3g} ({interval.low:.3g}–{interval.high:.3g})"


def print_branching(made: Branching) -> None:
    """What the continuations of a run say, beside the run itself; in brackets 95% intervals."""
    console = console_here()
    since = f"after {made.event} on {made.at}" if made.event is not None else f"from {made.at} on"
    head = f"{made.scenario}: run {made.run} of seed {made.seed} {since}, {made.continuations:,} ways"
    console.print(f"[bold]{escape(head)}[/bold]", soft_wrap=True)
    changed = ", ".join(f"{name} = {value:g}" for name, value in made.changes.items())
    columns = ["question", "this run", "its ways", *([f"with {changed}", "difference"] if changed else [])]
    heads = [escape(column) for column in columns]
    table = new_table("", heads, right=heads[1:], whole=("question",))
    for one in made.questions:
        cells = [one.question, f"{one.own:.4g}", f"{one.value:.3g} ({one.low:.3g}–{one.high:.3g})"]
        if one.change is not None:
            paired = one.change
            cells.append(_around(paired.variant, paired.variant_around))
            cells.append(f"{paired.difference:+.3g} ({paired.low:+.3g} to {paired.high:+.3g})")
        table.add_row(*map(escape, cells))
    console.print(table)
