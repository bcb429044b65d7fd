"""Which name a place means and where names stand, also in a file that is half written: then its last whole text helps.

In a line that cannot be read the word itself must do; a line that stands as it did before means what it meant.
"""

from __future__ import annotations

from dataclasses import replace

from standoff.editor.page import Page
from standoff.editor.projects import Project
from standoff.errors import Location
from standoff.scenario import Index, Use


def pointed(project: Project, page: Page, file: str, offset: int) -> tuple[Index, Use] | None:
    """The name at an offset of a file, and the names that know it."""
    line, column = page.place(offset)
    for index in project.names:
        use = index.at(file, line, column)
        if use is not None and stands(page, use.place, use.symbol.name):
            return index, use
    now, whole = project.index, project.whole
    if whole is not None and whole is not now:
        text = page.line(line)
        for use in whole.uses:
            own = use.place
            if own.file == file and own.text == text and own.column <= column <= own.column + use.width:
                return whole, replace(use, place=replace(own, line=line))
    if now is None or any((place.file, place.line) == (file, line) for place in now.lost):
        return _by_word(project, page, file, offset)
    return None


def _by_word(project: Project, page: Page, file: str, offset: int) -> tuple[Index, Use] | None:
    start, word = page.word(offset)
    line, column = page.place(start)
    for index in project.names:
        symbol = next((use.symbol for use in index.uses if use.symbol.name == word), None)
        if symbol is not None:
            return index, Use(symbol, Location(file, line, column))
    return None


def stands(page: Page, place: Location, name: str) -> bool:
    """Whether a name stands at a place of a file as it is now."""
    start = place.column - 1
    return page.line(place.line)[start : start + len(name)] == name


def settled(page: Page, use: Use) -> Use | None:
    """A use where it stands now: there, or in the nearest line that says the same; None where there is none."""
    if stands(page, use.place, use.symbol.name):
        return use
    same = [number for number, text in enumerate(page.lines, 1) if text == use.place.text]
    if not same:
        return None
    return replace(use, place=replace(use.place, line=min(same, key=lambda number: abs(number - use.place.line))))
