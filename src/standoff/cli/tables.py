"""What the verbs print for people: tables of scenarios, what-ifs and branches."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.table import Table

from standoff.cli.layout import new_table, one_line
from standoff.cli.output import console_here
from standoff.numerals import figure, many, plus_or_minus, with_interval, with_seed

if TYPE_CHECKING:
    from standoff.analysis.effects import Branching, Comparison, QuestionDifference, SeriesDifference
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
    from standoff.scenario import named_sections

    console, said = console_here(), scenario.document
    console.print(f"[bold]{one_line(str(said.title))}[/bold]  {said.starts} to {said.ends}", soft_wrap=True)
    console.print(f"{one_line(scenario.name)}, digest {scenario.digest}", soft_wrap=True)
    if said.about:
        console.print(one_line(" ".join(str(said.about).split())))
    table = new_table("", ("what", "how many", "names"), right=("how many",))
    for section in named_sections():
        entries = getattr(said, section)
        if entries and section not in ("parameters", "questions"):
            table.add_row(section.replace("_", " "), str(len(entries)), one_line(", ".join(map(str, entries))))
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


def print_comparison(made: Comparison, *, series: bool) -> None:
    """What each what-if changes: a table for each, and where there are several a matrix of all differences."""
    console = console_here()
    pairs = many(made.runs, "pair of runs", "pairs of runs")
    console.print(
        f"[bold]{one_line(made.scenario)}: {with_seed(pairs, 'coupled', made.seed)} with shared random numbers[/bold]",
        soft_wrap=True,
    )
    for what in made.whats:
        if what in made.unchanged:
            console.print(
                f"{one_line(what)}: changes nothing: every run is the same as in the base case", soft_wrap=True
            )
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
                left_out = f"without {without:,} of {made.runs:,} pairs, in which it is not a finite number"
                console.print(f"{one_line(one.series)}: {left_out}", soft_wrap=True)
    if series and made.no_number:
        console.print(
            f"Left out, with fewer than two pairs of finite numbers: {one_line(', '.join(made.no_number))}",
            soft_wrap=True,
        )
    console.print(
        "95% intervals; base: of these pairs (the answer to quote is that of standoff run); if independent: the runs "
        "with separate seeds that give as narrow an interval", style="dim",
    )  # fmt: skip
    if len(made.whats) > 1:
        console.print(_matrix(made))


def _matrix(made: Comparison) -> Table:
    """Questions by what-ifs: the difference and half its 95% interval; those that could be zero are dimmed."""
    whats = [one_line(what) for what in made.whats]
    table = new_table("All differences, ± half the 95% interval", ("question", "base", *whats), right=("base", *whats))
    rows: dict[str, list[str]] = {}
    for one in made.questions:
        paired = one.paired
        half = (paired.high - paired.low) / 2
        style = "" if paired.low > 0 or paired.high < 0 else "[dim]"
        begin = [one_line(one.question), with_interval(paired.base, *paired.base_around, dash="–")]
        row = rows.setdefault(one.question, begin + [""] * len(whats))
        row[2 + made.whats.index(one.what)] = f"{style}{plus_or_minus(paired.difference, half)}"
    for row in rows.values():
        table.add_row(*row)
    return table


def _compared(one: QuestionDifference | SeriesDifference) -> list[str]:
    paired, name = one.paired, one.question if hasattr(one, "question") else one.series
    clear = paired.low > 0 or paired.high < 0
    told = [
        with_interval(paired.base, *paired.base_around, dash="–"),
        with_interval(paired.variant, *paired.variant_around, dash="–"),
        with_interval(paired.difference, paired.low, paired.high, plus=True),
    ]  # fmt: skip
    rest = [f"{paired.changed:,}", "" if paired.runs_if_independent is None else f"{paired.runs_if_independent:,}"]
    style = "" if clear else "[dim]"
    return [f"{style}{cell}" for cell in (one_line(name), *told, *rest)]


def print_branching(made: Branching) -> None:
    """What the continuations of a run say, beside the run itself; in brackets 95% intervals."""
    console = console_here()
    since = f"after {made.event} on {made.at}" if made.event is not None else f"from {made.at} on"
    run = with_seed(f"run {made.run}", "coupled", made.seed)
    head = f"{made.scenario}: {run} {since}, {many(made.continuations, 'way')}"
    console.print(f"[bold]{one_line(head)}[/bold]", soft_wrap=True)
    changed = ", ".join(f"{name} = {word}" for name, word in made.written.items())
    columns = ["question", "this run", "its ways", *([f"with {changed}", "difference"] if changed else [])]
    heads = [one_line(column) for column in columns]
    table = new_table("", heads, right=heads[1:], whole=("question",))
    for one in made.questions:
        cells = [one.question, figure(one.own), with_interval(one.value, one.low, one.high, dash="–")]
        if one.change is not None:
            paired = one.change
            cells.append(with_interval(paired.variant, *paired.variant_around, dash="–"))
            cells.append(with_interval(paired.difference, paired.low, paired.high, plus=True))
        table.add_row(*map(one_line, cells))
    console.print(table)
    for note in made.notes:
        console.print(one_line(note), soft_wrap=True)
