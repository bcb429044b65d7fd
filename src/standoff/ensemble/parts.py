"""The parts of a run folder: what each holds, whether it is sound, and that no two of them hold the same run.

A part is a folder `FIRST-COUNT` with the rows of COUNT runs from FIRST on, and `part.json`, which says for which
ensemble it was made and has the digest of each of its files.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from standoff.ensemble.files import LASTING, PASSING
from standoff.errors import UsageError

RECORD = "part.json"
_NAME = re.compile(r"([0-9]{1,12})-([0-9]{1,12})")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive runs `first` to `first + runs`, and the folder that holds their rows: a part, or `joined` tables."""

    first: int
    runs: int
    folder: Path
    joined: bool = False

    @property
    def end(self) -> int:
        """The run after the last."""
        return self.first + self.runs

    def files(self, name: str) -> Iterator[Path]:
        """The files of a table: in a part it comes in several where its rows came in several frames."""
        if self.joined:
            yield self.folder / f"{name}{LASTING}"
            return
        number = 0
        while number == 0 or (self.folder / piece_name(name, number)).exists():
            yield self.folder / piece_name(name, number)
            number += 1


def piece_name(name: str, number: int) -> str:
    """The file of a table's frame in a part."""
    return f"{name}-{number}{PASSING}" if number else f"{name}{PASSING}"


def part_name(first: int, runs: int) -> str:
    """The name of a part's folder; in the order of names, parts stand in the order of their runs."""
    return f"{first:09d}-{runs}"


def parts_in(folder: Path) -> list[Stretch]:
    """The parts under a folder, in the order of their runs; what has another name is left aside."""
    found = []
    for part in folder.iterdir() if folder.is_dir() else ():
        match = _NAME.fullmatch(part.name)
        if match is not None and int(match[2]) > 0:
            found.append(Stretch(int(match[1]), int(match[2]), part))
    return sorted(found, key=lambda part: (part.first, part.runs, part.folder.name))


def digest_of(file: Path) -> str:
    """The digest of a file's content."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "blake2b").hexdigest()[:32]


def record_of(key: str, first: int, runs: int, files: Iterable[Path]) -> str:
    """The text of `part.json` for a part whose files are written."""
    digests = {file.name: digest_of(file) for file in sorted(files)}
    return json.dumps({"key": key, "first": first, "runs": runs, "files": digests}, indent=1) + "\n"


def is_sound(part: Stretch, key: str) -> bool:
    """Whether a part holds what was written for these runs of the ensemble `key`."""
    try:
        record = json.loads((part.folder / RECORD).read_text(encoding="utf-8"))
        said = record["key"], record["first"], record["runs"]
        there = {file.name for file in part.folder.iterdir()} - {RECORD}
        return said == (key, part.first, part.runs) and there == set(record["files"]) and all(
            digest_of(part.folder / name) == digest for name, digest in record["files"].items()
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def check_tiling(stretches: Iterable[Stretch]) -> None:
    """Refuse stretches of which two hold the same run: nobody could say whose rows are right."""
    before: Stretch | None = None
    for stretch in sorted(stretches, key=lambda one: (one.first, one.runs)):
        if before is not None and stretch.first < before.end:
            raise UsageError(
                f"{before.folder} and {stretch.folder} both hold run {stretch.first}: remove the one that is not "
                "Standoff's own, and run again"
            )
        before = stretch
