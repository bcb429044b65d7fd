"""Sources and what rests on them: whether a text is unchanged, and what each paragraph supports.

Evidence points at a paragraph of a source (`carnegie-2017#p6`), and a scenario carries the digest of each paragraph,
not its words. Whoever has the text can check that a locator still points at what was read.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.display import Display, Displayed, Note, Row, Table, columns
from standoff.errors import Fault, Faults, UsageError
from standoff.numerals import many
from standoff.scenario import SourceText, Support, hindsight, read_text, supports

if TYPE_CHECKING:
    from standoff.scenario import Document

SAYS = ("rules", "parameters", "decisions", "goals")
"""The sections whose locators should each say what they support, since a reader cannot guess it from the rest."""

_LINE_END = re.compile("\r\n|[\n\r]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a source: what it supports, and remarks about it."""

    at: str
    supports: tuple[str, ...]
    contradicts: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Coverage(Displayed):
    """What each paragraph supports in some scenarios, and what rests on no paragraph.

    `unexplained` are paragraphs that support nothing and have no remark that says why; `assumed` are parameters and
    states whose numbers rest on assumption alone, `hindsight` what was set in the light of later events. `uncounted`
    are sources that do not say how many paragraphs they have: of them only those that something points at are listed.
    """

    scenarios: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    unexplained: tuple[str, ...]
    assumed: tuple[str, ...]
    hindsight: tuple[str, ...]
    uncounted: tuple[str, ...] = ()

    def display(self) -> Display:
        """How many paragraphs support something, those that do not, and what rests on none."""
        listed = [one for one in self.paragraphs if one.at.partition("#")[0] not in self.uncounted]
        used = sum(bool(one.supports or one.contradicts) for one in listed)
        sentence = f"{used} of {many(len(listed), 'paragraph')} support something"
        if self.uncounted:
            more = f"{len(self.paragraphs) - len(listed)} more in {', '.join(self.uncounted)}"
            sentence += f"; {more}, which do not say how many they have (paragraphs:)"
        rows = [
            Row((one.at, ", ".join(one.supports), ", ".join(one.contradicts), "; ".join(one.remarks)))
            for one in self.paragraphs
        ]
        heads = columns("paragraph", "supports", "speaks against", "remark", name=("paragraph",))
        lists = (
            ("Unused, without a remark that says why", self.unexplained),
            ("Numbers that rest on assumption alone", self.assumed),
            ("Set in the light of later events", self.hindsight),
        )
        notes = (Note(f"{told} ({len(names)}). {', '.join(names) or 'none'}") for told, names in lists)
        return Display(f"{sentence}.", ", ".join(self.scenarios), (Table(heads, tuple(rows)), *notes))


@dataclass(frozen=True, slots=True)
class ParaphrasesOf:
    """How many locators on the entries of one section say what they support."""

    section: str
    locators: int
    say: int


@dataclass(frozen=True, slots=True)
class Paraphrases:
    """Which locators say what they support, each counted once; `silent` are those that do not, file by file.

    `locators` and `say` count those of rules, parameters, decisions and goals, `sections` has the others too.
    """

    scenarios: tuple[str, ...]
    sections: tuple[ParaphrasesOf, ...]
    silent: tuple[Support, ...]

    @property
    def locators(self) -> int:
        """How many locators should say what they support."""
        return sum(one.locators for one in self.sections if one.section in SAYS)

    @property
    def say(self) -> int:
        """How many of them do."""
        return sum(one.say for one in self.sections if one.section in SAYS)


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of checking a source: how many of its paragraphs are unchanged."""

    source: str
    file: str | None
    paragraphs: int
    same: int
    problems: tuple[str, ...]


def paragraphs(text: str) -> list[str]:
    """The non-empty lines of a text, each with every run of blanks as one space.

    Lines end as files end them; a page break or any other separator inside a line is a blank. A letter with its accent
    is one character, however the file writes it (NFC).
    """
    lines = _LINE_END.split(unicodedata.normalize("NFC", text).removeprefix("\ufeff"))
    return [" ".join(line.split()) for line in lines if line.strip()]


def read_paragraphs(file: Path) -> list[str]:
    """The paragraphs of a text file; raises Faults SD101 or SD103 for a file that is not UTF-8 text."""
    return paragraphs(read_text(file, file.name))


def digest(paragraph: str) -> str:
    """The SHA-256 of a paragraph, whose runs of blanks count as one space each."""
    return hashlib.sha256(unicodedata.normalize("NFC", " ".join(paragraph.split())).encode("utf-8")).hexdigest()


def coverage(documents: Mapping[str, Document]) -> Coverage:
    """Which paragraphs of the sources support what, in some scenarios together, by name."""
    given = tuple(dict.fromkeys(one for document in documents.values() for one in supports(document)))
    later = dict.fromkeys(one.of for document in documents.values() for one in hindsight(document))
    used: dict[str, list[Support]] = {}
    for one in given:
        used.setdefault(one.at, []).append(one)
    sources: dict[str, list[SourceText]] = {}
    for document in documents.values():
        for source, text in document.sources.items():
            sources.setdefault(str(source), []).append(text)
    listed: list[Paragraph] = []
    for source, texts in sources.items():
        remarks = _remarks(texts)
        pointed_at = (int(at.removeprefix(f"{source}#p")) for at in used if at.startswith(f"{source}#p"))
        count = max((text.paragraphs for text in texts if text.paragraphs is not None), default=0)
        # Where no scenario says how many paragraphs the source has, those that anything points at are listed.
        for number in sorted({*range(1, count + 1), *pointed_at, *remarks}):
            at = f"{source}#p{number}"
            listed.append(_paragraph(at, used.get(at, []), remarks.get(number, [])))
    idle = tuple(one.at for one in listed if not (one.supports or one.contradicts or one.remarks))
    uncounted = tuple(name for name, texts in sources.items() if all(text.paragraphs is None for text in texts))
    return Coverage(tuple(documents), tuple(listed), idle, _assumed(given), tuple(later), uncounted)


def _paragraph(at: str, here: list[Support], remarks: list[str]) -> Paragraph:
    said = {one.of: None for one in here if not one.contradicts}
    against = {one.of: None for one in here if one.contradicts}
    return Paragraph(at, tuple(said), tuple(against), tuple(remarks))


def _remarks(texts: list[SourceText]) -> dict[int, list[str]]:
    """The remarks about the paragraphs of a source, by number, in all scenarios that declare it: each once."""
    remarks: dict[int, dict[str, None]] = {}
    for remark in (remark for text in texts for remark in text.remarks):
        sentence = remark.is_ + (f": {' '.join(remark.why.split())}" if remark.why else "")
        for number in remark.paragraphs:
            remarks.setdefault(number, {})[sentence] = None
    return {number: list(sentences) for number, sentences in remarks.items()}


def _assumed(given: tuple[Support, ...]) -> tuple[str, ...]:
    rests: dict[str, set[str]] = {}
    for one in given:
        if one.section in ("parameters", "state"):
            rests.setdefault(one.of, set()).add(one.at)
    return tuple(name for name, at in rests.items() if at == {"assumption"})


def paraphrases(documents: Mapping[str, Document]) -> Paraphrases:
    """Which locators of some scenarios say what they support; what they share, such as a theatre, counts once.

    A locator of the record says what was observed there, and is not counted.
    """
    every = dict.fromkeys(
        one
        for document in documents.values()
        for one in supports(document)
        if one.is_paragraph and one.section != "record"
    )
    sections: dict[str, list[bool]] = {}
    for one in every:
        sections.setdefault(one.section, []).append(bool(one.says))
    silent = sorted((one for one in every if not one.says), key=_place)
    counted = tuple(ParaphrasesOf(name, len(say), sum(say)) for name, say in sections.items())
    return Paraphrases(tuple(documents), counted, tuple(silent))


def _place(one: Support) -> tuple[str, int, int]:
    at = one.where
    return ("", 0, 0) if at is None else (at.file, at.line, at.column)


def check(document: Document, folder: Path) -> tuple[Checked, ...]:
    """Compare the sources that a scenario has digests of with the texts in a folder, NAME.txt for each.

    Raises UsageError where there is no such folder.
    """
    if not folder.is_dir():
        raise UsageError(f"there is no folder '{folder}' with the texts of the sources")
    return tuple(
        _checked(str(name), tuple(map(str, text.digests)), folder / f"{name}.txt")
        for name, text in document.sources.items()
        if text.digests
    )


def _checked(source: str, digests: tuple[str, ...], file: Path) -> Checked:
    if not file.is_file():
        return Checked(source, None, len(digests), 0, (f"there is no {file.name}",))
    try:
        there = [digest(one) for one in read_paragraphs(file)]
    except Faults as error:
        return Checked(source, file.name, len(digests), 0, tuple(_briefly(fault) for fault in error.faults))
    problems = [] if len(there) == len(digests) else [f"{len(there)} paragraphs, but the original had {len(digests)}"]
    same = 0
    for number, wanted in enumerate(digests, 1):
        if number <= len(there) and there[number - 1] == wanted:
            same += 1
        elif wanted in there:
            problems.append(f"p{number} is now p{there.index(wanted) + 1}")
        else:
            problems.append(f"p{number} is not the original text")
    return Checked(source, file.name, len(digests), same, tuple(problems))


def _briefly(fault: Fault) -> str:
    where = f"{fault.location.file}, line {fault.location.line}: " if fault.location is not None else ""
    return where + fault.found + (f"; {fault.hint}" if fault.hint else "")
