"""The map of the code: every room with what it holds, its files and its tests, from the files' own first sentences."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "standoff"
TESTS = ROOT / "tests"
PAGE = ROOT / "viewer" / "src"
QUOTES = '"""'
MARK = "<!-- Everything below is written by `make docs` from the first sentence of each file. -->\n"

# The rooms from top to bottom, as tests/test_house.py orders them, each with the beginnings of its tests' names.
ROOMS: dict[str, tuple[str, ...]] = {
    "cli": ("cli",),
    "report": ("report",),
    "calibration": ("calibration",),
    "drafting": ("drafting",),
    "strategy": ("strategy",),
    "elicitation": ("elicitation",),
    "analysis": ("analysis",),
    "game": ("game",),
    "ensemble": ("ensemble",),
    "engine": ("engine", "samplers", "memories", "conformance_exact", "conformance_playthroughs"),
    "records": ("records",),
    "evidence": ("evidence",),
    "sheets": ("sheets",),
    "model": ("model",),
    "editor": ("editor",),
    "scenario": ("scenario", "words", "operators", "conformance_invalid", "conformance_valid"),
    "errors": ("errors",),
    "cache": ("cache",),
    "doors": ("doors",),
    "garbage": ("garbage",),
    "packed": ("packed",),
    "plain": ("plain",),
    "sources": ("sources",),
    "time": ("time",),
    "units": ("units",),
    "intervals": ("intervals",),
    "numerals": ("numerals",),
    "geography": ("geography",),
    "display": ("display",),
}
VIEWER = {
    "": "the page as a whole",
    "types": "the types of what the page is given, written from the report's dataclasses",
    "brief": "the view “Brief”: the answer first",
    "map": "the view “Map”: the map, its clock, its drawer and what goes through time",
    "question": "the view “Question”: one answer, its course, its routes and what it hangs on",
    "whatif": "the view “What if”: levers, differences, who decides, rare outcomes, branches",
    "library": "the view “Library”: the scenario as written and all that is behind the answers",
    "shared": "what several views use",
}
DATA = {
    "src/standoff/scenarios": "bundled scenarios: folders, or files in `classroom`; `theatres`, which several share",
    "src/standoff/scenarios/templates": "templates of `standoff new`: scenarios whose texts have slots for names",
    "src/standoff/report/basemap": "coasts, borders and relief for the map, with their licences; written by `tools`",
    "conformance/valid": "scenarios that are accepted without a warning, each with its expanded form",
    "conformance/invalid": "scenarios with one mistake each, and the faults that must be found",
    "conformance/deep": "scenarios with one loose end each, and others in which it is mended",
    "conformance/exact": "small processes, and answers to them that are known without simulating",
    "conformance/strategy": "games whose payoffs and equilibria are known without simulating",
    "conformance/playthroughs": "what the scenarios of the theatre do at seed 1, event by event",
    "src/standoff/drafting/lexicons": "words that `draft` knows: who can act, events, words of doubt, causes",
    "tests/drafted": "two articles about what never happened, which tests draft from",
    "tests/findings": "what verbs keep in a run folder, as files that the report must read",
    "viewer/tools": "what writes the symbols of units, and what stands in for a part of Svelte",
    "docs/screenshots": "pictures of two reports; `make screenshots`",
}
"""Folders of files that are read, and of no code."""
BESIDE = {
    "conformance": "the language, for any implementation of it: valid, invalid, exact answers, golden play-throughs",
    "verification": "the engine on the SBML suite, the audit of the theatre, and what `draft` finds",
    "benchmarks": "what is promised of time and memory, measured",
    "tools": "what `make` calls",
}


def with_map(page: str) -> str:
    """A page whose part below the mark is written anew."""
    above, mark, _ = page.partition(MARK)
    if not mark:
        raise ValueError("the page has no mark below which the map stands")
    return above + MARK + "\n" + code_map()


def code_map() -> str:
    """The map as Markdown."""
    parts = [_room(room, starts) for room, starts in ROOMS.items()]
    parts += [f"## {folder}/: {what}\n\n{_files(ROOT / folder)}" for folder, what in BESIDE.items()]
    parts.append("## viewer/src/: the page, in TypeScript and Svelte\n\n" + _viewer())
    rows = [f"| `{folder}` | {what} |" for folder, what in DATA.items() if (ROOT / folder).is_dir()]
    parts.append("\n".join(["## Data", "", "| | |", "| --- | --- |", *rows, ""]))
    taken = {file for starts in ROOMS.values() for file in _tests(starts)}
    rest = [file for file in sorted(TESTS.glob("*.py")) if file not in taken]
    parts.append("## tests/: what belongs to no single room\n\n" + _table(TESTS, rest))
    return "\n".join(parts)


def _room(room: str, starts: tuple[str, ...]) -> str:
    folder = SOURCE / room
    door = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    lines = [f"## {room}", "", sentence(door), ""]
    if folder.is_dir():
        lines.append(_files(folder))
    tests = _tests(starts)
    lines += ["Tests:", "", _table(TESTS, tests)] if tests else ["Tests: through the rooms that use it.", ""]
    return "\n".join(lines)


def _files(folder: Path) -> str:
    files = [file for file in sorted(folder.rglob("*.py")) if not {"build", "__pycache__"} & set(file.parts)]
    return _table(folder, [file for file in files if file != folder / "__init__.py"])


def _table(folder: Path, files: list[Path]) -> str:
    rows = [f"| `{file.relative_to(folder).as_posix()}` | {sentence(file)} |" for file in files]
    return "\n".join(["| | |", "| --- | --- |", *rows, ""])


def _viewer() -> str:
    rows = []
    for folder, what in VIEWER.items():
        rows.append(f"| **{folder}/** | **{what}** |" if folder else f"| | **{what}** |")
        files = sorted(file for file in (PAGE / folder).iterdir() if file.is_file())
        rows += [f"| `{file.relative_to(PAGE).as_posix()}` | {page_sentence(file)} |" for file in files]
    return "\n".join(["| | |", "| --- | --- |", *rows, ""])


def _tests(starts: tuple[str, ...]) -> list[Path]:
    return sorted(file for start in starts for file in TESTS.glob(f"test_{start}*.py"))


def sentence(file: Path) -> str:
    """The first paragraph of a file's docstring, in one line of Markdown."""
    # To its end and no further: to parse whole files takes two seconds.
    code = file.read_text(encoding="utf-8")
    end = code.find(QUOTES, len(QUOTES)) if code.startswith(QUOTES) else -1
    text = ast.get_docstring(ast.parse(code[: end + len(QUOTES)] if end > 0 else code)) or ""
    return re.sub(r"\s+", " ", text.split("\n\n")[0]).replace("|", "\\|")


def page_sentence(file: Path) -> str:
    """The first paragraph of the comment that a file of the page opens with, in one line of Markdown."""
    text = file.read_text(encoding="utf-8").removeprefix('<script lang="ts">\n')
    if file.suffix == ".css":
        words = text.removeprefix("/*").partition("*/")[0] if text.startswith("/*") else ""
    else:
        lines = itertools.takewhile(lambda line: line.lstrip().startswith("//"), text.splitlines())
        words = " ".join(line.strip().removeprefix("//").strip() for line in lines)
    return re.sub(r"\s+", " ", words).strip().replace("|", "\\|")
