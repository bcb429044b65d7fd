"""The folder of an elicitation: the analyst's plan, and a form and a sheet for each expert."""

from __future__ import annotations

from pathlib import Path

from standoff.elicitation.answers import sheet_of
from standoff.elicitation.form import form_of
from standoff.elicitation.plan import FILE, Plan
from standoff.errors import UsageError
from standoff.sheets import Book, write_book, write_table


def write_forms(folder: Path, plan: Plan, *, excel: bool = True) -> list[Path]:
    """Write a form and a sheet for each expert, and the plan; returns what is sent out, in the experts' order.

    Raises UsageError where there is a plan already, answers to which would be answers to nothing, or one of the files.
    """
    if (folder / FILE).exists():
        raise UsageError(f"'{folder}' holds an elicitation already; take another folder")
    for name in (f"{expert}{end}" for expert in plan.experts for end in (".html", ".xlsx", ".csv", ".json")):
        if (folder / name).exists():
            raise UsageError(f"'{folder / name}' is there already; take another folder")
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for expert in plan.experts:
        form = folder / f"{expert}.html"
        form.write_text(form_of(plan, expert), encoding="utf-8")
        grid = sheet_of(plan)
        sheet = folder / f"{expert}{'.xlsx' if excel else '.csv'}"
        if excel:
            write_book(sheet, Book(_guide(plan, expert), {grid.title: grid}))
        else:
            write_table(sheet, grid)
        made += [form, sheet]
    (folder / FILE).write_text(plan.to_json(), encoding="utf-8")
    return made


def _guide(plan: Plan, expert: str) -> list[str]:
    return [
        plan.title,
        f"Questions for expert {expert}. The form {expert}.html asks the same and draws what you say: take either.",
        "",
        "Give for each question numbers below which the truth lies with the probability at the head of the column.",
        "50% is the value that the truth is as likely above as below. Wide is honest: nobody is asked to know.",
        "The numbers of a row rise from left to right. Write them with a point. Leave a row blank to leave it open.",
        "Save the file under its name and send it back.",
    ]
