"""Sources and what rests on them: whether a text is unchanged, and what each paragraph supports.

Evidence points at a paragraph of a source (`carnegie-2017#p6`), and a scenario carries the digest of each paragraph,
not its words. Whoever has the text can check that a locator still points at what was read.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.errors import Fault, Faults, UsageError
from standoff.scenario import Evidence, Part, SourceText, named_sections, read_text

if TYPE_CHECKING:
    from standoff.scenario import Document

_LINE_END = re.compile("\r\n|[\n\r]")

@dataclass(frozen=True, slots=True)
class Support:
    """What one thing in a scenario rests on; `at` is the locator, or `assumption`, `public-record`, `geography`."""

    section: str
    name: str
    at: str
    hindsight: bool
    contradicts: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a source: what it supports, and remarks about it."""

    at: str
    supports: tuple[str, ...]
    contradicts: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
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


def supports(document: Document) -> tuple[Support, ...]:
    """All evidence in a scenario as its author wrote it, entry by entry."""
    found: list[Support] = []
    for section in named_sections("evidence"):
        for name, entry in getattr(document, section).items():
            found += (Support(section, str(name), *_read(piece)) for piece in _pieces(entry))
    for route in document.routes:
        found += (Support("routes", " - ".join(route.between), *_read(piece)) for piece in _pieces(route))
    for kind in type(document.ties).model_fields:
        for tie in getattr(document.ties, kind):
            found += (Support("ties", f"{kind} {tie.from_} - {tie.to}", *_read(piece)) for piece in _pieces(tie))
    return tuple(dict.fromkeys(found))


def _read(piece: Evidence) -> tuple[str, bool, bool]:
    return str(piece.from_), piece.hindsight, piece.contradicts


def _pieces(part: object) -> Iterator[Evidence]:
    """The evidence anywhere below a part of a document."""
    if isinstance(part, Evidence):
        yield part
        return
    below: Iterable[object] = ()
    if isinstance(part, Mapping):
        below = part.values()
    elif isinstance(part, Part):
        below = (getattr(part, name) for name in type(part).model_fields)
    elif isinstance(part, tuple | list):
        below = part
    for value in below:
        yield from _pieces(value)


def coverage(documents: Mapping[str, Document]) -> Coverage:
    """Which paragraphs of the sources support what, in some scenarios together, by name."""
    given = tuple(dict.fromkeys(one for document in documents.values() for one in supports(document)))
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
    return Coverage(tuple(documents), tuple(listed), idle, _assumed(given), _hindsight(given), uncounted)


def _paragraph(at: str, here: list[Support], remarks: list[str]) -> Paragraph:
    said = {f"{one.section}/{one.name}": None for one in here if not one.contradicts}
    against = {f"{one.section}/{one.name}": None for one in here if one.contradicts}
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
            rests.setdefault(f"{one.section}/{one.name}", set()).add(one.at)
    return tuple(name for name, at in rests.items() if at == {"assumption"})


def _hindsight(given: tuple[Support, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{one.section}/{one.name}" for one in given if one.hindsight))


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
