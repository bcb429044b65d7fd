"""The dates of a document: which there are, which part of a day each stands for, and whether they lie inside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

from standoff.errors import Fault
from standoff.scenario.reading.source import Source
from standoff.scenario.schema.document import Document
from standoff.time import begins_at, day_of, ends_at, is_date, iso, parse_when

LAST_DAY = date(9998, 12, 31)
"""The last day on which a scenario may end: what comes after it must have a date as well."""


def faults_of_dates(document: Document, source: Source) -> Iterator[Fault]:
    """SD206 for each date outside the scenario, and for an end before the start or after the calendar."""
    first, last = document.starts, document.ends
    where, width = source.locate_value(("ends",)), len(iso(last))
    if day_of(last) > LAST_DAY:
        expected = f"{LAST_DAY} at the latest: the calendar ends with the year 9999"
        yield Fault("SD206", where, f"the scenario ends on {iso(last)}", expected, width=width)
        return
    if begins_at(first) >= ends_at(last):
        found = f"the scenario ends on {iso(last)}, before it starts on {iso(first)}"
        yield Fault("SD206", where, found, f"a date after {iso(first)}", width=width)
        return
    for path, day, part in _all_dates(document):
        early, late = begins_at(day), ends_at(day)
        # Of a day, its beginning counts, or its end; of one on which something was observed, any moment.
        if part == "any" and early < late:
            inside = early < ends_at(last) and late > begins_at(first)
        elif part == "begins":
            # A moment may be the very end; the day that begins then is over.
            inside = begins_at(first) <= early < ends_at(last) or early == late == ends_at(last)
        else:
            inside = begins_at(first) <= late <= ends_at(last)
        if not inside:
            where = source.locate_value(path)
            expected = f"a date from {iso(first)} to {iso(last)}"
            yield Fault("SD206", where, f"{iso(day)} is outside the scenario", expected, width=len(iso(day)))


def in_hours(document: Document) -> bool:
    """Whether any of its dates names an hour: what is reckoned from its start is then told to the minute."""
    dates = (document.starts, document.ends, *(day for _, day, _ in _all_dates(document)))
    return any(isinstance(day, datetime) for day in dates)


def _all_dates(
    document: Document,
) -> Iterator[tuple[tuple[str | int, ...], date, Literal["begins", "ends", "any"]]]:
    """Every date by where it is written, and which part of the day it stands for."""
    for name, inject in document.injects.items():
        if inject.at is not None:
            yield ("injects", name, "at"), inject.at, "begins"
        if inject.between is not None:
            yield ("injects", name, "between", 0), inject.between[0], "begins"
            yield ("injects", name, "between", 1), inject.between[1], "ends"
    for name, question in document.questions.items():
        dates = {"at": question.at, "by": question.by, "from": question.from_, "date": question.date}
        for key, asked in dates.items():
            if asked is not None:
                yield ("questions", name, key), asked, "begins" if key == "from" else "ends"
        given = question.given
        read = {} if given is None else {"at": given.at, "by": given.by, "from": given.from_}
        for key, asked in read.items():
            if asked is not None:
                yield ("questions", name, "given", key), asked, "begins" if key == "from" else "ends"
    for name, goal in document.goals.items():
        if goal.at is not None:
            yield ("goals", name, "at"), goal.at, "ends"
    for name, claim in document.claims.items():
        if claim.on is not None:
            yield ("claims", name, "on"), claim.on, "begins"
        if claim.until is not None:
            yield ("claims", name, "until"), claim.until, "ends"
    for name, observed in document.record.items():
        yield ("record", name, "at"), observed.at, "any"
        if observed.until is not None:
            yield ("record", name, "until"), observed.until, "any"
    for name, rule in document.rules.items():
        if rule.at is not None and is_date(rule.at):
            yield ("rules", name, "at"), parse_when(rule.at), "begins"
        if rule.from_ is not None:
            yield ("rules", name, "from"), rule.from_, "begins"
    for name, decision in document.decisions.items():
        if decision.comes.at is not None and is_date(decision.comes.at):
            yield ("decisions", name, "comes", "at"), parse_when(decision.comes.at), "begins"
