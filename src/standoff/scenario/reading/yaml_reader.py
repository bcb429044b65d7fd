"""One YAML 1.2 file to plain data in which every word knows its place; hostile files are refused early.

The parser is libyaml's, through PyYAML, for its speed: 2,600 lines take 0.03 s where a parser in Python
takes 0.3 to 0.5 s. Only its events are used. What a plain word means is decided by `plain_value`, by the
core schema of YAML 1.2, not by PyYAML's rules, which are those of YAML 1.1.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from standoff.errors import Fault, Faults, Location
from standoff.scenario.reading.brackets import unquoted
from standoff.scenario.reading.folders import MAXIMUM_BYTES
from standoff.scenario.reading.foreign import foreign_bytes, foreign_data, foreign_text
from standoff.scenario.reading.mending import mended
from standoff.scenario.reading.text import Page, Words

MAXIMUM_DEPTH = 64
"""Levels of mappings and lists."""

MAXIMUM_FAULTS = 20
"""Faults that are collected before reading stops."""

MAXIMUM_MENDED = 400_000
"""Characters of a text that is read again after a mistake; a longer one is read up to its first."""

MOST_LEFT_OUT = 3
"""Lines that are left out before reading stops: after more of them, what is told would only mislead."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OTHER_LINE_END = re.compile("[\r\u0085\u2028\u2029]")
_LINE_END = re.compile("\r\n|[\n\r\u0085\u2028\u2029]")


def parse_yaml(content: bytes, shown: str) -> dict[str, Any]:
    """The mapping that a file with this content holds; `shown` is its name in messages. Raises Faults SD1xx."""
    read = parse_what_can_be(content, shown)
    if read.faults:
        raise Faults(read.faults)
    return read.data


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds, what is wrong in it as YAML, and the lines (from 1) that were mended, or else left out."""

    data: dict[str, Any]
    faults: tuple[Fault, ...] = ()
    mended: frozenset[int] = frozenset()
    left_out: frozenset[int] = frozenset()


def parse_what_can_be(content: bytes, shown: str, *, foreign: bool = False) -> Read:
    """What a file holds besides its mistakes in YAML, which are told with it; raises Faults where nothing is left.

    A line that stops the parser is mended as it was probably meant, or else left out, and all is read again.
    With `foreign` it may be another format than a scenario, such as GeoJSON.
    """
    text = _decoded(content, shown)
    kind = foreign_text(text)
    if kind is not None:
        raise Faults([Fault("SD112", Location(shown, 1, 1), f"this is {kind.what}, not a scenario", hint=kind.cure)])
    mending = _Mending(text, shown)
    _refuse_merge(mending.lines, shown)
    data, faults = mending.read()
    start = Page(shown, tuple(mending.lines)).location(1, 1)
    if not isinstance(data, dict) or not data:
        found = "the file is empty" if data is None else "the file is not a mapping"
        expected = "a FeatureCollection of GeoJSON" if foreign else "keys and values, such as 'title: Two posts'"
        fault = Fault("SD112", start, found, expected=expected)
        raise Faults(faults or [fault])
    kind = None if foreign else foreign_data(data)
    if kind is not None:
        raise Faults([Fault("SD112", start, f"this is {kind.what}, not a scenario", hint=kind.cure)])
    left_out = frozenset(line + 1 for line, out in mending.touched.items() if out)
    # Where an alias or a tag stands, what it stood for is not read.
    unread = {fault.location.line for fault in faults if fault.code in ("SD104", "SD109") and fault.location}
    return Read(data, tuple(faults), frozenset(line + 1 for line in mending.touched) | unread, left_out)


_MARKS_OF_A_MERGE = ("<<<<<<< ", ">>>>>>> ")


def _refuse_merge(lines: Sequence[str], shown: str) -> None:
    """Raises SD102 where git has left both versions of some lines."""
    marks = [number for number, line in enumerate(lines) if line.startswith(_MARKS_OF_A_MERGE)]
    if len(marks) < len(_MARKS_OF_A_MERGE):
        return
    where = Page(shown, tuple(lines)).location(marks[0] + 1, 1)
    hint = f"keep one of the two versions up to line {marks[1] + 1}, and leave out <<<<<<<, ======= and >>>>>>>"
    raise Faults([Fault("SD102", where, "not YAML: two versions that git could not merge", hint=hint, width=7)])


class _Mending:
    """A text that is read again after each mistake that stops the parser."""

    def __init__(self, text: str, shown: str) -> None:
        self.shown = shown
        self.text = text
        self.lines = _lines(text)
        self.faults: list[Fault] = []
        self.touched: dict[int, bool] = {}
        """The lines (from 0) that were mended, and whether they were left out."""

    def read(self) -> tuple[Any, list[Fault]]:
        """What the text holds, and what is wrong; raises Faults where the parser cannot be helped."""
        while True:
            reader = _Reader(self.text, Page(self.shown, tuple(self.lines)))
            try:
                return reader.document(), [*self.faults, *reader.faults]
            except _Stopped as stop:
                if len(self.text) > MAXIMUM_MENDED or not self._go_on(stop):
                    raise Faults([*self.faults, *stop.faults]) from None
            except Faults as error:
                raise Faults([*self.faults, *error.faults]) from None

    def _go_on(self, stop: _Stopped) -> bool:
        """Mends the line that stopped the parser, or leaves it out; False where both were tried."""
        mend = mended(self.lines, stop.line, stop.column, stop.said)
        if mend is not None and mend.line not in self.touched:
            where = Page(self.shown, tuple(self.lines)).location(mend.line + 1, mend.start + 1)
            width = max(1, mend.end - mend.start)
            self.faults.append(Fault("SD102", where, mend.found, hint=mend.hint, width=width))
            self._put(mend.line, mend.text, left_out=False)
        elif self._can_be_left_out(stop.line):
            if mend is None and stop.line not in self.touched:
                self.faults.append(stop.faults[-1])
            self._put(stop.line, "", left_out=True)
        else:
            return False
        return len(self.touched) <= MAXIMUM_FAULTS

    def _can_be_left_out(self, line: int) -> bool:
        once = line < len(self.lines) and not self.touched.get(line, False)
        return once and sum(self.touched.values()) < MOST_LEFT_OUT

    def _put(self, line: int, text: str, *, left_out: bool) -> None:
        self.touched[line] = left_out
        self.lines = [*self.lines[:line], text, *self.lines[line + 1 :]]
        self.text = "\n".join(self.lines)


class _Stopped(Faults):
    """The parser cannot go on: where (from 0), and what it says."""

    def __init__(self, faults: list[Fault], line: int, column: int, said: str) -> None:
        super().__init__(faults)
        self.line, self.column, self.said = line, column, said


def read_text(path: Path, shown: str) -> str:
    """The text of a file in UTF-8, without a byte order mark; raises Faults SD101 or SD103 for anything else."""
    return _decoded(read_content(path, shown), shown)


def read_mapping(path: Path, shown: str) -> dict[str, Any]:
    """The mapping that a YAML file of any kind holds, its words with their places; raises Faults SD1xx."""
    return parse_yaml(read_content(path, shown), shown)


def read_content(path: Path, shown: str) -> bytes:
    """What a file holds; raises Faults SD101 or SD103 where it cannot be read or is too large."""
    start = Location(shown, 1, 1)
    try:
        about = path.stat()
        # A pipe or a device would make reading wait, or never end.
        if not stat.S_ISREG(about.st_mode):
            raise Faults([Fault("SD101", start, "not a readable file")])
        if about.st_size > MAXIMUM_BYTES:
            size = f"{about.st_size / 1e6:.1f} MB"
            expected = f"{MAXIMUM_BYTES // 1_000_000} MB at most"
            raise Faults([Fault("SD103", start, f"the file is {size}", expected, "split it with include")])
        with path.open("rb") as file:
            raw = file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise Faults([Fault("SD101", start, f"cannot be read: {error.strerror or error}")]) from None
    if len(raw) > MAXIMUM_BYTES:
        raise Faults([Fault("SD103", start, "the file changed while it was read")])
    return raw


def _decoded(raw: bytes, shown: str) -> str:
    kind = foreign_bytes(raw)
    if kind is not None:
        raise Faults([Fault("SD101", Location(shown, 1, 1), f"this is {kind.what}", hint=kind.cure)])
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        found = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        raise Faults([Fault("SD101", Location(shown, line, column), found, hint="save the file as UTF-8")]) from None


def lines_of(content: bytes) -> list[str]:
    """The lines of a file as faults count them, also of one that is not all UTF-8."""
    return _lines(content.decode("utf-8", "replace").removeprefix("\ufeff"))


def _lines(text: str) -> list[str]:
    """The lines of a text as the parser counts them."""
    return text.split("\n") if _OTHER_LINE_END.search(text) is None else _LINE_END.split(text)


class _Reader:
    """Builds the data from the parser's events, and collects what the language refuses."""

    def __init__(self, text: str, page: Page) -> None:
        self.page = page
        self.faults: list[Fault] = []
        self.events = self._parsed(text)

    def _parsed(self, text: str) -> Iterator[Any]:
        depth = read_to = 0
        try:
            events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
            for event in events:
                self._refuse(event)
                depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
                read_to = event.end_mark.index
                yield event
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            # The parser reads ahead of its events, and some releases of it stop at a depth of their own.
            opening = _too_deep(text[read_to : mark.index], depth) if mark else None
            if opening is not None:
                raise Faults([*self.faults, _nested(self._at_offset(text, read_to + opening))]) from None
            where = self.page.location(mark.line + 1, mark.column + 1) if mark else None
            said = ", ".join(part for part in (error.context, error.problem) if part)
            fault = Fault("SD102", where, f"not YAML: {said}", hint=_advice(where, said))
            if mark is None:
                raise Faults([*self.faults, fault]) from None
            raise _Stopped([*self.faults, fault], mark.line, mark.column, said) from None
        except yaml.YAMLError as error:
            position = getattr(error, "position", None)
            where = self._unprintable(position, text)
            found = "not YAML: a character that YAML forbids"
            raise Faults([*self.faults, Fault("SD102", where, found, hint="leave it out")]) from None

    def _unprintable(self, position: object, text: str) -> Location:
        bad = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
        offset = bad.start() if bad else position if isinstance(position, int) else 0
        return self._at_offset(text, offset)

    def _at_offset(self, text: str, offset: int) -> Location:
        before = _lines(text[:offset])
        return self.page.location(len(before), len(before[-1]) + 1)

    def _refuse(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            hint = "write the lines again in its place"
            self._fault("SD104", event, f"an alias '*{event.anchor}'", "anchors and aliases are not allowed", hint)
        elif isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            hint = f"leave &{event.anchor} out"
            self._fault("SD104", event, f"an anchor '&{event.anchor}'", "anchors and aliases are not allowed", hint)
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            self._fault("SD109", event, f"a tag '{event.tag}'", "tags are not allowed", "leave it out")
        elif isinstance(event, yaml.DocumentStartEvent) and event.tags:
            self._fault("SD109", event, "a %TAG directive", "tags are not allowed")

    def _fault(self, code: str, event: Any, found: str, expected: str | None = None, hint: str | None = None) -> None:
        self.faults.append(Fault(code, self._where(event), found, expected=expected, hint=hint))
        if len(self.faults) >= MAXIMUM_FAULTS:
            raise Faults(self.faults)

    def _where(self, event: Any) -> Location:
        return self.page.location(event.start_mark.line + 1, event.start_mark.column + 1)

    def document(self) -> Any:
        data: Any = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault("SD102", event, "a second document in the file", hint="remove the line '---'")
                    return data
            elif not isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
                data = self._value(event, 1)
        return data

    def _value(self, event: Any, depth: int) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            words = self._words(event)
            return None if words.plain and words in ("", "~", "null", "Null", "NULL") else words
        if depth > MAXIMUM_DEPTH and isinstance(event, yaml.CollectionStartEvent):
            raise Faults([*self.faults, _nested(self._where(event))])
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(depth)
        return None

    def _words(self, event: Any) -> Words:
        return Words(event.value, self._where(event), plain=not event.style, page=self.page)

    def _list(self, depth: int) -> list[Any]:
        items = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if isinstance(event, yaml.ScalarEvent):
                key = self._words(event)
                if key in entries:
                    first = next(known for known in entries if known == key)
                    where = f" in line {first.location.line}" if isinstance(first, Words) and first.location else ""
                    hint = f"put its lines below those of the first '{key}'" if depth == 1 else _RENAME
                    self._fault("SD105", event, f"the key '{key}' appears already{where}", hint=hint)
                    again = self._value(next(self.events), depth + 1)
                    both = isinstance(again, dict) and isinstance(entries[key], dict)
                    entries[key] = {**entries[key], **again} if both else again
                    continue
            else:
                self._fault("SD102", event, "a key that is not plain text")
                self._value(event, depth + 1)
                self._value(next(self.events), depth + 1)
                continue
            entries[key] = self._value(next(self.events), depth + 1)
        return entries


_RENAME = "leave one of the two out, or give it another name"


def _nested(where: Location) -> Fault:
    return Fault("SD110", where, f"more than {MAXIMUM_DEPTH} levels")


def _too_deep(unread: str, depth: int) -> int | None:
    """The offset of the first bracket that opens a level too deep, in what is written in one line after `depth` levels.

    The parser looks ahead of its events only where a `[` or `{` may turn out to begin a key.
    """
    try:
        for token in yaml.scan(unread, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
                depth += 1
                if depth > MAXIMUM_DEPTH:
                    return int(token.start_mark.index)
            elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
                depth -= 1
    except yaml.YAMLError:
        return None  # the fault is another one, and the parser has named it
    return None


def _advice(where: Location | None, problem: str) -> str | None:
    if where is None:
        return None
    entry = unquoted(where.text, where.column - 1) if "flow" in problem or "alias" in problem else None
    if entry is not None:
        return f"put quotes around what has brackets of its own inside [ ] and {{ }}: {entry.cure}"
    if "flow" in problem and re.search(r"[\[{].*[\[{,]", where.text):
        return "inside [ ] and { }, put quotes around words that contain , [ ] { } or ': '"
    before = where.text[: where.column]
    if "\t" in where.text:
        return "indent with spaces, not with tabs"
    if before[-1:] in ("@", "`", "%", "&", "*", "!"):
        return f"put quotes around words that begin with {before[-1]}"
    if re.search(r"\S:\s.*:\s", where.text):
        return "put quotes around words that contain ': '"
    return None
