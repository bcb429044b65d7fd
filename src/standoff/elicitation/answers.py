"""What experts sent back: JSON of the form, Excel or CSV of the sheet; each field checked, each fault at its place."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from standoff.elicitation.plan import FILE, VERSION, Asked, Plan, percent
from standoff.errors import Fault, Faults, Location, suggestion
from standoff.numerals import exact, read_number
from standoff.sheets import Grid, Head, read_single

SHEET = "answers"
MOST_BYTES = 2_000_000
ENDS = (".json", ".xlsx", ".csv")


@dataclass(frozen=True, slots=True)
class Answer:
    """One expert's quantiles for one question, in the order of the plan's, and why."""

    values: tuple[float, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What came back: answers by expert and question; `waiting` are the experts of whom nothing has come.

    `nobodys` are files that could be answers, by whose names nobody can tell of whom.
    """

    given: Mapping[str, Mapping[str, Answer]]
    waiting: tuple[str, ...]
    nobodys: tuple[str, ...] = ()


def sheet_of(plan: Plan) -> Grid:
    """The sheet that an expert may fill in instead of the form: a row for each question."""
    quantiles = [
        Head(percent(share), f"Below this lie {percent(share)} of what you believe.", wide=12)
        for share in plan.quantiles
    ]
    heads = (
        Head("id", "Leave it as it is.", fixed=True, wide=6), Head("question", "What is asked.", fixed=True, wide=60),
        Head("unit", "The unit of your numbers.", fixed=True, wide=14),
        Head("bounds", "Between these.", fixed=True, wide=16),
        *quantiles, Head("why", "Your reasons, if you like.", wide=50),
    )  # fmt: skip
    rows = [[one.id, asked_in(one), one.unit, _bounds(one), *[""] * len(quantiles), ""] for one in plan.questions]
    return Grid(SHEET, heads, rows)


def asked_in(one: Asked) -> str:
    """A question with what explains it, on one line."""
    return f"{one.ask} ({one.about})" if one.about else one.ask


def _bounds(one: Asked) -> str:
    ends = ("" if one.low is None else f"above {one.low:g}", "" if one.high is None else f"below {one.high:g}")
    return ", ".join(filter(None, ends))


def read_answers(folder: Path, plan: Plan) -> Answers:
    """The answers in a folder; raises Faults SD701 to SD713 with all that is wrong in any of its files."""
    faults: list[Fault] = []
    nobodys: list[str] = []
    found: dict[str, tuple[str, dict[str, Answer]]] = {}
    for path in sorted(folder.iterdir()):
        # Office programs keep a file of their own beside an open one: ~$A.xlsx.
        if path.name == FILE or path.suffix.lower() not in ENDS or path.name[0] in ".~":
            continue
        try:
            made = _of_json(path, plan) if path.suffix.lower() == ".json" else _of_sheet(path, plan)
        except Faults as error:
            faults += error.faults
            continue
        if made is None:
            nobodys.append(str(path))
        if made is None or not made[1]:
            continue
        expert, answers = made
        if expert in found and found[expert][1] != answers:
            place, hint = Location(str(path), 1, 1), "keep the file that counts"
            faults.append(Fault("SD713", place, f"expert {expert} answers otherwise in {found[expert][0]}", hint=hint))
        found.setdefault(expert, (str(path), answers))
    if faults:
        raise Faults(faults)
    given = {expert: found[expert][1] for expert in plan.experts if expert in found}
    return Answers(given, tuple(expert for expert in plan.experts if expert not in found), tuple(nobodys))


def _of_json(path: Path, plan: Plan) -> tuple[str, dict[str, Answer]]:
    where = Location(str(path), 1, 1)
    try:
        raw = path.read_bytes()
        if len(raw) > MOST_BYTES:
            raise ValueError("it is too large")
        data = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once)
        version, expert, answers = data["standoff_elicitation"], data["expert"], data["answers"]
        if version != VERSION or not isinstance(expert, str) or not isinstance(answers, dict):
            raise ValueError("a field of another form")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        reason = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else str(error)
        hint = "ask for the file again, as the form saved it"
        raise Faults([Fault("SD701", where, f"no answers of a form ({reason[:120]})", hint=hint)]) from None
    if data.get("token") != plan.token:
        raise Faults([Fault("SD712", where, "answers to other questions than those of this folder")])
    if expert not in plan.experts:
        advice = suggestion(expert, plan.experts, what="experts")
        raise Faults([Fault("SD712", where, f"nobody here is expert '{expert[:40]}'", advice[1], advice[0])])
    faults: list[Fault] = []
    found = {}
    questions = {one.id: one for one in plan.questions}
    for name, entry in answers.items():
        field = Location(f"{path} answers.{name[:40]}", 1, 1)
        if name not in questions:
            advice = suggestion(name, questions, what="questions")
            faults.append(Fault("SD712", field, f"nobody asked '{name[:40]}'", advice[1], advice[0]))
            continue
        values = entry.get("quantiles") if isinstance(entry, dict) else None
        if not isinstance(values, list) or len(values) != len(plan.quantiles):
            faults.append(Fault("SD711", field, f"expected {len(plan.quantiles)} quantiles"))
            continue
        places = [Location(f"{path} answers.{name}.quantiles[{i}]", 1, 1) for i in range(len(values))]
        numbers = [_number(one) for one in values]
        wrong = list(_wrong(questions[name], plan, list(map(_shown, values)), numbers, places))
        faults += wrong
        if not wrong:
            found[name] = Answer(tuple(one for one in numbers if one is not None), str(entry.get("why") or "")[:10_000])
    if faults:
        raise Faults(faults)
    return expert, found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping of JSON; raises ValueError where it has a key twice, of which one would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, _ in pairs if sum(name == other for other, _ in pairs) > 1)
        raise ValueError(f"'{twice[:40]}' is there twice")
    return found


def _number(value: Any) -> float | None:
    try:
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    except OverflowError:
        return math.inf


def _shown(value: Any) -> str:
    return str(value)[:40]


def _of_sheet(path: Path, plan: Plan) -> tuple[str, dict[str, Answer]] | None:
    """The answers of a sheet, whose name is the expert's letter; None for a file that is nobody's."""
    expert = path.stem[:1]
    if expert not in plan.experts or (len(path.stem) > 1 and path.stem[1].isalnum()):
        return None
    grid = read_single(path, SHEET)
    columns = {head.name: number for number, head in enumerate(grid.heads)}
    faults = []
    own = ("id", "question", "unit", *map(percent, plan.quantiles))
    strange = [name for name in columns if name not in (*own, "bounds", "why")]
    for name in own:
        if name not in columns:
            # A column that nobody asked for may be a missing one under another name.
            hint = suggestion(name, strange)[0] or f"write {name} in place of '{strange[0]}'" if strange else None
            faults.append(Fault("SD702", grid.place(-1, 0, ""), f"the column '{name}' is missing", hint=hint))
    if faults:
        raise Faults(faults)
    questions = {one.id: one for one in plan.questions}
    found: dict[str, Answer] = {}
    for number, row in enumerate(grid.rows):
        one = questions.get(row[columns["id"]].strip())
        texts = [row[columns[percent(share)]].strip() for share in plan.quantiles]
        if not any(texts):
            continue
        wrong = list(_row_faults(grid, number, columns, one, found))
        if one is not None and not wrong:
            places = [grid.place(number, columns[percent(share)]) for share in plan.quantiles]
            numbers = [read_number(text) for text in texts]
            wrong = list(_wrong(one, plan, texts, numbers, places))
            if not wrong:
                why = row[columns["why"]].strip() if "why" in columns else ""
                found[one.id] = Answer(tuple(value for value in numbers if value is not None), why)
        faults += wrong
    if faults:
        raise Faults(faults)
    return expert, found


def _row_faults(
    grid: Grid, number: int, columns: Mapping[str, int], one: Asked | None, found: Mapping[str, Answer]
) -> Iterator[Fault]:
    row = grid.rows[number]
    if one is None:
        yield Fault("SD712", grid.place(number, columns["id"]), "an answer to a question that nobody asked")
    elif one.id in found:
        yield Fault("SD704", grid.place(number, columns["id"]), f"'{one.id}' is answered twice")
    else:
        if " ".join(row[columns["question"]].split()) != " ".join(asked_in(one).split()):
            yield Fault(
                "SD712", grid.place(number, columns["question"]), "the question was changed", f"it was: {one.ask}"
            )
        if row[columns["unit"]].strip() != one.unit:
            yield Fault("SD712", grid.place(number, columns["unit"]), "the unit was changed", f"it was: {one.unit}")


def _wrong(one: Asked, plan: Plan, texts: list[str], numbers: list[float | None], places: list[Any]) -> Iterator[Fault]:
    """What is wrong with the quantiles of a question: not there, no number, out of bounds, out of order."""
    for text, number, share, place in zip(texts, numbers, plan.quantiles, places, strict=True):
        name = f"the {percent(share)} of {one.id}"
        if not text:
            yield Fault("SD711", place, f"{name} is missing", hint="answer all quantiles of a question, or none")
        elif number is None or not math.isfinite(number):
            point, share_of = text.replace(",", "."), read_number(text.rstrip(" %").replace(",", "."))
            if "%" in text and share_of is not None:
                point = exact(float(f"{share_of / 100:.12g}"))
            hint = f"write {point}" if read_number(point) is not None else None
            yield Fault("SD711", place, f"{name} is no number: '{text}'", hint=hint)
        elif (one.low is not None and number <= one.low) or (one.high is not None and number >= one.high):
            yield Fault("SD711", place, f"{name} is {number:g}, out of range", f"values lie {_bounds(one)}")
    given = [number for number in numbers if number is not None]
    if len(numbers) == len(set(given)) > 1 and given == sorted(given, reverse=True):
        hint = f"write them rising: {', '.join(map(exact, reversed(given)))}"
        yield Fault("SD711", places[0], f"the quantiles of {one.id} fall from left to right", hint=hint)
        return
    for (before, value), place, (first, second) in zip(
        pairwise(numbers), places[1:], pairwise(plan.quantiles), strict=True
    ):
        if before is not None and value is not None and value <= before:
            found = f"the {percent(second)} of {one.id} is {value:g}, but the {percent(first)} is {before:g}"
            yield Fault("SD711", place, found, hint="of two quantiles the higher needs the larger number")
