"""What was accepted as the files of a scenario, and what is left to be written as a list that nothing loads."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from standoff.drafting.copyguard import copies
from standoff.drafting.drafts import Draft, put
from standoff.drafting.pages import pages
from standoff.drafting.theatres import theatre
from standoff.errors import Fault, Faults, UsageError
from standoff.scenario import check, read
from standoff.time import parse_date

SCENARIO, ACCEPTED, TO_WRITE, WRITTEN = "scenario.yaml", "accepted.yaml", "to-write.yaml", "written.json"
YEAR = timedelta(days=365)
"""How far a scenario reaches from the first text, and at most before it, where nobody says."""
_HEAD = {
    ACCEPTED: "# Made by `standoff draft write` from what was accepted. Change the draft, or write in {scenario}.\n",
    TO_WRITE: "# What only a person can write; nothing loads this file. Move what is finished to {scenario}.\n",
}


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the files, how many entries each section has, and the faults of `standoff check`."""

    files: tuple[Path, ...]
    entries: dict[str, int]
    left: dict[str, int]
    faults: tuple[Fault, ...]


def write(made: Draft, *, starts: date | None = None, ends: date | None = None, over: bool = False) -> Written:
    """Writes what was accepted, and checks the scenario; with `over`, also over an edited file.

    Raises UsageError where somebody has edited what is written here, or a field copies eight words of a source.
    """
    scenario = made.folder / SCENARIO
    first, last = _window(made, scenario, starts, ends)
    if made.theatre is not None and scenario.exists():
        _refuse_another_ground(scenario, made.theatre)
    ground = theatre(made.theatre) if made.theatre is not None else None
    accepted, to_write = pages(made.standings(), made.sources, first, last, ground=ground)
    contents = {
        name: _HEAD[name].format(scenario=SCENARIO) + _yaml(page)
        for name, page in ((ACCEPTED, accepted), (TO_WRITE, to_write))
    }
    for name, content in contents.items():
        for copied in copies(content, made.texts().values()):
            raise UsageError(
                f"{name} would hold words of {copied.at}: “{copied.words}”; say it in your own words (e at the desk)"
            )
    kept = _refuse_edited(made.folder, contents, over=over)
    if not scenario.exists():
        put(scenario, _first_scenario(made, first, last))
    for name, content in contents.items():
        put(made.folder / name, content)
        kept[name] = content
    put(made.folder / "draft" / WRITTEN, json.dumps(kept, indent=1) + "\n")
    entries = {section: len(page) for section, page in accepted.items()}
    left = {section: len(page) for section, page in to_write.items()}
    return Written((scenario, made.folder / ACCEPTED, made.folder / TO_WRITE), entries, left, _faults(scenario))


def _faults(scenario: Path) -> tuple[Fault, ...]:
    try:
        return tuple(check(str(scenario)))
    except Faults as error:
        return tuple(error.faults)


def _window(made: Draft, scenario: Path, starts: date | None, ends: date | None) -> tuple[date, date]:
    """The first and last day of the scenario: as its file says, as given, or a year from its first accepted event.

    That is the first day of the events within a year before the day of the first text; without any, it is that day.
    """
    if scenario.exists():
        try:
            data = read(scenario).data
            return parse_date(str(data["starts"])), parse_date(str(data["ends"]))
        except (Faults, Fault, KeyError):
            raise UsageError(f"{scenario} says no dates that can be read; it needs starts and ends") from None
    written = min(one.dated for one in made.sources)
    days = (parse_date(str(one.fields["at"])) for one in made.standings()
            if one.kind == "event" and one.state == "accepted" and one.fields.get("at"))  # fmt: skip
    first = starts or min((day for day in days if written - YEAR <= day <= written), default=written)
    last = ends or max(first, written) + YEAR
    if last < first:
        raise UsageError(f"the scenario would end on {last}, before it starts on {first}")
    return first, last


def _refuse_another_ground(scenario: Path, name: str) -> None:
    """Raises UsageError where a scenario does not build on the theatre whose actors its record will name."""
    said = read(scenario)
    if not any(file.startswith(f"{name}/") for file in said.shared):
        raise UsageError(f"{scenario} does not build on the theatre of this draft; add the line: theatre: {name}")


def _first_scenario(made: Draft, starts: date, ends: date) -> str:
    page = {
        "standoff": 1,
        "title": made.folder.resolve().name or "draft",
        **({"theatre": made.theatre} if made.theatre is not None else {}),
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
        "include": [ACCEPTED],
        "notes": ["drafted from texts; what nobody accepted is not in it"],
    }
    return (
        "# Yours: `standoff draft` wrote it once and does not touch it again. Set the title and the dates.\n"
        + _yaml(page)
    )


def _refuse_edited(folder: Path, contents: dict[str, str], *, over: bool) -> dict[str, str]:
    """What was written last, by file; refuses to go on where a file is neither that nor what is to be written."""
    file = folder / "draft" / WRITTEN
    kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    for name, content in contents.items():
        there = folder / name
        text = there.read_text(encoding="utf-8") if there.is_file() and not over else content
        if text not in (content, kept.get(name)):
            before = kept.get(name, content).splitlines()
            lines = difflib.unified_diff(before, text.splitlines(), "as drafted", "as it is", lineterm="", n=0)
            shown = "\n".join(list(lines)[:12])
            cure = f"move the edits to {SCENARIO}, or write over them with --over"
            raise UsageError(f"{there} was edited; {cure}:\n{shown}")
    return kept


def _yaml(page: dict[str, Any]) -> str:
    return str(yaml.safe_dump(page, sort_keys=False, allow_unicode=True, width=110))
