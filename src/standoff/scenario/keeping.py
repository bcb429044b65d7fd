"""What the files of a scenario came to, kept between processes by all that it was made from.

An entry is found by the question: which files, variant, settings and so on, asked of which code. It answers only as
long as each file that it was made from holds what it held. A damaged entry, or one of other code, is no answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from standoff import cache
from standoff.errors import Fault, Location, Severity
from standoff.packed import packed, unpacked
from standoff.scenario.reading.folders import BUNDLED, ReadFile
from standoff.sources import is_as_it_was, made_with

LIBRARIES = ("pydantic", "pydantic_core", "yaml")
"""What reads and validates scenarios, beside this package."""

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class KeptScenario:
    """A scenario without faults: its files, the digest of its expanded document, and its document as YAML."""

    files: tuple[ReadFile, ...]
    digest: str
    text: str


@dataclass(frozen=True, slots=True)
class KeptFault:
    """A fault as plain data."""

    code: str
    place: tuple[str, int, int, str] | None
    found: str
    expected: str | None
    hint: str | None
    severity: Severity
    width: int

    @property
    def fault(self) -> Fault:
        """The fault itself."""
        place = None if self.place is None else Location(*self.place)
        return Fault(self.code, place, self.found, self.expected, self.hint, self.severity, self.width)


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """What is wrong or doubtful in a scenario and its variants."""

    files: tuple[ReadFile, ...]
    faults: tuple[KeptFault, ...]

    @classmethod
    def of(cls, files: tuple[ReadFile, ...], faults: Iterable[Fault]) -> KeptCheck:
        """These faults of these files."""
        return cls(files, tuple(map(_plain, faults)))


def _plain(fault: Fault) -> KeptFault:
    at = fault.location
    return KeptFault(
        code=str(fault.code),
        place=None if at is None else (str(at.file), at.line, at.column, str(at.text)),
        found=str(fault.found),
        expected=None if fault.expected is None else str(fault.expected),
        hint=None if fault.hint is None else str(fault.hint),
        severity=fault.severity,
        width=fault.width,
    )


class Question:
    """What is asked of the files of a scenario, by this code."""

    def __init__(self, *parts: object) -> None:
        theatres = BUNDLED / "theatres"
        known = sorted(entry.name for entry in theatres.iterdir()) if theatres.is_dir() else []
        self._name = _digest(made_with(*LIBRARIES), known, *parts)

    def answer(self, kind: type[Kept]) -> Kept | None:
        """What is kept of it, whatever the files hold now."""
        content = cache.recall(self._name)
        try:
            return None if content is None else unpacked(content, kind)
        except ValueError:
            return None

    def keep(self, answer: object) -> None:
        """Keep an answer; one that holds what its annotations do not say, or too much, is worked out each time.

        So is what code made that is no more what names the question.
        """
        if not is_as_it_was(*LIBRARIES):
            return
        with suppress(TypeError, OverflowError):
            cache.keep(self._name, packed(answer, type(answer), most=cache.LARGEST))

    def key(self, files: Iterable[ReadFile]) -> str:
        """Names the question together with what the files held."""
        return _digest(self._name, [(file.path, file.resolved, file.digest) for file in files])


def kept(
    kind: type[Kept], make: Callable[[], Kept], *parts: object, unless: Callable[[], bool] = lambda: False
) -> Kept:
    """A thing that was made of these parts, by this code: as it is kept, or made now and kept.

    `unless`, asked after the making, says that more than the parts went into it; then it is not kept.
    """
    question = Question(kind.__qualname__, *parts)
    known = question.answer(kind)
    if known is None:
        known = make()
        if not unless():
            question.keep(known)
    return known


def _digest(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode("ascii"), digest_size=20).hexdigest()
