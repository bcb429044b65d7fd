"""Errors that an author can act on: codes, places, and the nearest right word.

The family:

    StandoffError
    ├── Fault        one mistake in a scenario or in data, with its code and its place
    ├── Faults       all the mistakes of one scenario, reported together
    ├── RunStopped   the engine met something impossible: which rule, when, with which values
    └── UsageError   the command or the function was called wrongly
"""

from __future__ import annotations

import difflib
import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from numbers import Real
from pathlib import Path
from typing import Literal, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

CODES: dict[str, str] = {
    "SD101": "The file is not UTF-8 text, or cannot be read.",
    "SD102": "The file is not well-formed YAML.",
    "SD103": "The file is too large.",
    "SD104": "The file uses a YAML anchor or alias, which the language does not have.",
    "SD105": "The same key appears twice in one mapping.",
    "SD106": "An include points outside the folder of the main file.",
    "SD107": "An included file, a theatre or a scenario does not exist.",
    "SD108": "A file includes itself, directly or through others.",
    "SD109": "The file uses a YAML tag or directive, which the language does not have.",
    "SD110": "The file is nested too deeply.",
    "SD111": "Two files included side by side define the same entry.",
    "SD112": "The file is empty, or is not a mapping of keys to values.",
    "SD113": "A GeoJSON file says something that a scenario cannot take.",
    "SD201": "A key that is not allowed here.",
    "SD202": "A required key is missing.",
    "SD203": "A value of the wrong type, or outside the allowed range.",
    "SD204": "A name outside expressions that is not declared.",
    "SD205": "A date that is not of the form 2017-05-31 or 2017-05-31T19:00.",
    "SD206": "A date outside the scenario.",
    "SD207": "A prior that is not valid, or has no support.",
    "SD208": "A unit that cannot be read, or that does not use days and kilometres.",
    "SD209": "The same name is used for two things.",
    "SD210": "An event header that cannot be read.",
    "SD211": "A duration that cannot be read, has no unit, or has no fixed length.",
    "SD212": "A name that is not allowed.",
    "SD213": "Evidence that points at an unknown source or at a paragraph it does not have.",
    "SD214": "The version of the language is missing or unknown.",
    "SD215": "A variant that the scenario does not have.",
    "SD216": "A setting for a parameter that the scenario does not have.",
    "SD217": "A state, a rule or a series with more values or combinations than memory can hold.",
    "SD218": "A thesis that cannot fail: few rules between its cause and what it measures, and none beside them.",
    "SD301": "An expression that is not well-formed.",
    "SD302": "An expression that uses something outside the language.",
    "SD303": "A name in an expression that is not declared.",
    "SD304": "Types in an expression that do not match.",
    "SD305": "The wrong number of indices or arguments.",
    "SD306": "Units in an expression that do not match.",
    "SD308": "A random draw outside the effects of a rule.",
    "SD309": "An assignment to something that is not a state.",
    "SD310": "A define that refers to itself.",
    "SD311": "A rate that is not per day.",
    "SD312": "A constant out of range: a division by zero, a probability outside 0 to 1, a start outside the bounds.",
    "SD313": "A date, a start or a half-life that reads state.",
    "SD314": "A distance to a place that has no coordinates.",
    "SD351": "A trigger whose guard chooses an entity by what moves between events.",
    "SD352": "A flow into a state that cannot have it, or a state that cannot move as it says.",
    "SD353": "A flow whose rate changes between events.",
    "SD354": "A flow whose conditions lead back to what it moves.",
    "SD360": "A question whose condition (given) cannot be told: no date, no yes or no, a condition of its own.",
    "SD361": "A rank correlation that cannot be: a pair twice, out of range, a prior without inverse, a matrix.",
    "SD401": "A red line that can never be crossed.",
    "SD402": "A guard that can never be true.",
    "SD403": "A zone that contains no place and no route.",
    "SD404": "Responses or triggers that set each other off without delay.",
    "SD405": "A question that cannot be resolved as asked.",
    "SD406": "An actor that appears in no rule.",
    "SD407": "A number without evidence.",
    "SD408": "A rate that can become negative.",
    "SD409": "A state that nothing reads.",
    "SD410": "A corridor whose ends are not joined by any road.",
    "SD411": "A parameter that nothing uses.",
    "SD412": "A state that changes in fractions and misses the bound it is compared with.",
    "SD413": "A rule that is due before the scenario begins, or when it is over.",
    "SD414": "A parameter set in hindsight that the variant `blind` does not set anew.",
    "SD415": "A local value that nothing reads, such as a misspelt state left of `=`.",
    "SD416": "A state that is brought outside its bounds, or probably can be.",
    "SD417": "A probability, or a sum of probabilities, that leaves 0 to 1, or probably can.",
    "SD418": "A zone or a stance that nothing reads.",
    "SD419": "A variant that changes nothing.",
    "SD420": "A place far from all others that would lie among them with latitude and longitude exchanged.",
    "SD421": "A state that nothing reads but what writes it (`check --deep`).",
    "SD422": "A rule from which no way leads to a question (`check --deep`).",
    "SD423": "A rule that never fired in many runs (`check --deep`).",
    "SD424": "A parameter that no answer depends on (`check --deep`).",
    "SD425": "A rate that reads no state, so that it is always the same (`check --deep`).",
    "SD426": "Members at which nothing reads a state (`check --deep`).",
    "SD427": "A decision that reads no state in what it chooses (`check --deep`).",
    "SD430": "A red line that its own holder crosses.",
    "SD431": "What has no finite value, or can have none: division by 0, log, root, power, exp, or a draw.",
    "SD432": "A scenario in which nothing can happen.",
    "SD433": "A source that no evidence points at (a note).",
    "SD428": "A date outside the scenario with which `t` is compared, so that it decides nothing.",
    "SD501": "A rate became negative, infinite or not a number during a run.",
    "SD502": "A rate rose above its proven bound.",
    "SD503": "Triggers set each other off endlessly at one instant.",
    "SD504": "A state was written outside its bounds, or what was written or answered is not a finite number.",
    "SD505": "A state was written with the index none.",
    "SD506": "A random draw had an impossible argument.",
    "SD507": "A run had too many events.",
    "SD550": "When the guard of a trigger turns true could not be told during a run.",
    "SD601": "A seat that plays no actor that there is.",
    "SD602": "An actor in two seats.",
    "SD603": "Somebody decides who is no actor.",
    "SD604": "An order whose condition reads what its seat cannot see.",
    "SD605": "A seat with nothing to do.",
    "SD606": "Orders change a state that no seat ever sees.",
    "SD607": "A decision none of whose options is always open.",
    "SD608": "An order that changes nothing, and whose event nothing reads.",
    "SD609": "A turn that ends by an event which some seat does not see.",
    "SD701": "A workbook, a CSV file or an expert's answer that cannot be read, or was not written by Standoff.",
    "SD702": "A sheet, a column or a field that is missing, or that is not one of those that were written.",
    "SD703": "A formula, an error or a time without a date in a cell, or merged cells.",
    "SD704": "A row without its name, or with the name of another row.",
    "SD705": "A cell that was changed in a sheet and in the scenario as well.",
    "SD706": "A cell that cannot be written into the author's files.",
    "SD711": "A quantile that is missing, is no number, lies out of range, or is not above the one before it.",
    "SD712": "An answer to a question that was not asked, or in another unit.",
    "SD713": "Two answers of one expert that differ.",
}
"""Every fault code and what it means; the codes are stable."""

Severity = Literal["error", "warning", "note"]
"""An error stops every run, a warning is probably a mistake, a note is only worth a look."""

MOST_LISTED = 20
"""Right words that a message lists: all types of events, for one."""

MAX_LINE_SHOWN = 160
"""Characters of a source line that a message shows; longer lines are cut around the caret."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file: line and column count from 1; `text` is the source line, for messages."""

    file: str
    line: int
    column: int
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class StandoffError(Exception):
    """Base class of all errors that Standoff raises on purpose."""


class Cure(str):
    """A hint that knows the very words with which what is underlined can be replaced."""

    __slots__ = ("words",)

    words: str

    def __new__(cls, hint: str, words: str) -> Cure:
        """The hint as people read it, and the words."""
        cure = super().__new__(cls, hint)
        cure.words = words
        return cure

    def __reduce__(self) -> tuple[object, ...]:
        # A fault goes from process to process.
        return (type(self), (str(self), self.words))


@dataclass(eq=False)
class Fault(StandoffError):
    """One mistake in a scenario: its code and place, what was found and what would be right.

    `found` is the message; `width` is how many characters the caret underlines.
    """

    code: str
    location: Location | None
    found: str
    expected: str | None = None
    hint: str | None = None
    severity: Severity = "error"
    width: int = 1

    def __post_init__(self) -> None:
        super().__init__(self.found)

    def __reduce__(self) -> tuple[object, ...]:
        values = (self.code, self.location, self.found, self.expected, self.hint, self.severity, self.width)
        return (type(self), values)

    def __str__(self) -> str:
        return self.render()

    def at(self, location: Location | None, *, width: int | None = None) -> Fault:
        """The same fault with its place filled in, if it had none."""
        if self.location is not None or location is None:
            return self
        return replace(self, location=location, width=self.width if width is None else width)

    def render(self) -> str:
        """The message for people: code, place, text, the line with a caret, and the cure."""
        mark = "" if self.severity == "error" else f"{self.severity} "
        place = f"{self.location}  " if self.location else ""
        lines = [f"{self.code} {place}{mark}{self.found}"]
        if self.location is not None and self.location.text and not self.location.text.isspace():
            lines.extend(_excerpt(self.location, self.width))
        advice = "  ".join(part for part in (self.hint, self.expected) if part)
        if advice:
            lines.append(f"      {advice}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """The fault as plain data, for `--json`."""
        place = self.location
        return {
            "code": self.code,
            "severity": self.severity,
            "file": place.file if place else None,
            "line": place.line if place else None,
            "column": place.column if place else None,
            "found": self.found,
            "expected": self.expected,
            "hint": self.hint,
        }


class Faults(StandoffError):
    """All mistakes found in one scenario."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(fault.render() for fault in self.faults)


class RunStopped(StandoffError):
    """A run met something impossible and stopped: values are never silently repaired.

    `where` is the file and line of the rule; `time_days` is the time of the run in days since the start; `values` are
    the values that matter.
    """

    def __init__(
        self,
        code: str,
        *,
        found: str,
        rule: str | None = None,
        binding: str | None = None,
        where: str | None = None,
        time_days: float | None = None,
        values: Mapping[str, float] | None = None,
        run: int | None = None,
        seed: int | None = None,
    ) -> None:
        self.code = code
        self.found = found
        self.rule = rule
        self.binding = binding
        self.where = where
        self.time_days = time_days
        self.values = dict(values or {})
        self.run = run
        self.seed = seed
        super().__init__(found)

    def __reduce__(self) -> tuple[object, ...]:
        # A worker process hands this to its parent by pickle, which would lose the keywords.
        return (_stopped, (self.code, dict(self.__dict__)))

    def __str__(self) -> str:
        lines = [f"{self.code} run {self.run} of seed {self.seed} stopped: {self.found}"]
        if self.rule is not None:
            at = f", {self.where}" if self.where else ""
            lines.append(f"      rule {self.rule}" + (f" ({self.binding})" if self.binding else "") + at)
        if self.time_days is not None:
            lines.append(f"      on day {self.time_days:.6g}")
        if self.values:
            lines.append("      " + ", ".join(f"{name} = {value!r}" for name, value in self.values.items()))
        return "\n".join(lines)


@contextmanager
def naming(what: str) -> Iterator[None]:
    """Add to the error of a stopped run where it stopped: in which case or claim."""
    try:
        yield
    except RunStopped as error:
        error.found = f"{error.found.rstrip('.')} (in the {what})"
        raise


def _stopped(code: str, values: dict[str, object]) -> RunStopped:
    error = RunStopped(code, found=str(values["found"]))
    error.__dict__.update(values)
    return error


class UsageError(StandoffError):
    """A command or a function was called wrongly; the scenario is not at fault."""


def whole_number(value: object, what: str) -> int:
    """An argument as an int; raises UsageError for anything but a whole number, also for 1.0 and True.

    They would pass for 1 in sums and comparisons, but not where a number names a random stream.
    """
    try:
        if not isinstance(value, bool):
            return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        pass
    raise UsageError(f"{what} must be a whole number, not {shown(value)}")


def one_numbered(value: object, what: str, count: int) -> int:
    """An argument that is the number of one of `count` things (`what`, in the plural); raises UsageError otherwise.

    -1 would pass for the last one where it is looked up.
    """
    number = whole_number(value, f"the number of one of the {what}")
    if not 0 <= number < count:
        last = f"they are numbered from 0 to {count - 1}" if count else "there are none"
        raise UsageError(f"there is no {number} among the {what}: {last}")
    return number


def real_number(value: object, what: str) -> float:
    """An argument as a float; raises UsageError for what is no number, text and True among it.

    What is too large for a float is infinite, which is for the caller to refuse with whatever else is out of range.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise UsageError(f"{what} must be a number, not {shown(value)}")
    try:
        return float(value)
    except OverflowError:
        return -math.inf if operator.lt(value, 0) else math.inf


def plain_date(value: object, what: str) -> date:
    """An argument that is a date or a moment; raises UsageError for anything else, a date as text among it."""
    if not isinstance(value, date):
        raise UsageError(f"{what} must be a datetime.date, not {shown(value)}")
    return value


def random_seed(value: object) -> int:
    """A random seed as an int; raises UsageError unless it is a whole number from 0 to 2**63 - 1."""
    seed = whole_number(value, "a seed")
    if not 0 <= seed < 1 << 63:
        raise UsageError(f"a seed must be a whole number from 0 to 2**63 - 1, not {seed}")
    return seed


def plain_path(value: object, what: str) -> Path:
    """A path that a caller gives as text or as a Path; raises UsageError for anything else."""
    if not isinstance(value, str | Path):
        raise UsageError(f"{what} must be a path, not {shown(value)}")
    if "\0" in str(value):
        raise UsageError(f"{what} cannot be a path with a NUL in it: {shown(value)}")
    return Path(value)


def shown(value: object) -> str:
    """A value of a wrong kind, as short as a message can carry it."""
    return f"{value!r:.60}"


MOST_COMPARED = 100_000
"""Names that one check compares with misspelt words; a file with thousands of unknown words gets no more advice."""

_LONGEST_COMPARED = 100
_LEAST_ALIKE = 0.6
_still_to_compare: ContextVar[list[int] | None] = ContextVar("still_to_compare", default=None)


@contextmanager
def bounded_suggestions(most: int = MOST_COMPARED) -> Iterator[None]:
    """Let `suggestion` compare at most this many names, so that the time of a check grows only with the size of a file.

    Without it, every unknown word would be compared with every known one. An inner bound counts towards the outer.
    """
    if _still_to_compare.get() is not None:
        yield
        return
    token = _still_to_compare.set([most])
    try:
        yield
    finally:
        _still_to_compare.reset(token)


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `word`, or None if none is like it."""
    by_lower = {name.lower(): name for name in reversed(list(dict.fromkeys(candidates)))}
    matcher = difflib.SequenceMatcher()
    matcher.set_seq2(word.lower()[:_LONGEST_COMPARED])
    best = (_LEAST_ALIKE, "")
    for name in by_lower:
        matcher.set_seq1(name)
        # From the quickest upper bound to the true measure: most names are not worth measuring.
        if matcher.real_quick_ratio() >= best[0] and matcher.quick_ratio() >= best[0]:
            alike = (matcher.ratio(), name)
            if alike > best and _is_near(word.lower(), name):
                best = alike
    return by_lower[best[1]] if best[1] else None


def _is_near(word: str, name: str) -> bool:
    """Whether a word may be a slip for a name that has letters in common with it: `froce` for `force`.

    A word that goes on where a name ends is another word: `landed` is not `land`. A name that goes on may be meant.
    """
    word, name = word[:_LONGEST_COMPARED], name[:_LONGEST_COMPARED]
    if name.startswith(word):
        return True
    if word.startswith(name):
        return len(word) - len(name) <= max(1, len(word) // 5)
    return _edits(word, name) <= max(1, (max(len(word), len(name)) + 1) // 3)


def _edits(one: str, other: str) -> int:
    """How many letters are put in, left out, exchanged or swapped with the next (Damerau 1964, each at most once)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, its in enumerate(other, start=1):
            fewest = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                fewest = min(fewest, older[j - 2] + 1)
            row.append(fewest)
    return row[-1]


def suggestion(word: str, candidates: Iterable[str], *, what: str | None = None) -> tuple[str | None, str | None]:
    """The hint and the list of valid words for an unknown word: (`did you mean 'ford'?`, `places: ford, mill`).

    Under `bounded_suggestions` there is neither, once so many names were compared; the candidates are then not read.
    """
    left = _still_to_compare.get()
    if left is not None and left[0] <= 0:
        return None, None
    known = list(dict.fromkeys(candidates))
    if left is not None:
        left[0] -= len(known)
    match = nearest(word, known)
    hint = Cure(f"did you mean '{match}'?", match) if match else None
    if not known:
        return hint, None
    shown = known if len(known) <= MOST_LISTED else [*known[:MOST_LISTED], f"… ({len(known)} in all)"]
    return hint, (f"{what}: " if what else "") + ", ".join(shown)


def article(noun: str) -> str:
    """A noun with its article: `a place`, `an actor`."""
    return f"{'an' if noun[:1] in tuple('aeiou') else 'a'} {noun}"


def refusal(found: str, word: str, candidates: Iterable[str], *, what: str) -> UsageError:
    """The refusal of an unknown word: what was found, then the nearest right word and those there are."""
    # Whoever calls from Python may give what is no word at all.
    near = word if isinstance(word, str) else ""
    advice = "  ".join(part for part in suggestion(near, candidates, what=what) if part)
    return UsageError(f"{found}; {advice}" if advice else f"{found}; there are no {what}")


def refuse_unknown(wanted: Iterable[str], known: Iterable[str], *, found: str, what: str) -> None:
    """Refuse all words that are not known with one UsageError, a line for each; `found` has `{}` where the word goes.

    Those that there are stand on the last line alone.
    """
    words = list(known)
    unknown = [one for one in dict.fromkeys(wanted) if one not in words]
    lines = []
    for one in unknown[:-1]:
        hint, _ = suggestion(one, words)
        lines.append(found.format(one) + (f"; {hint}" if hint else ""))
    if unknown:
        raise UsageError("\n".join([*lines, str(refusal(found.format(unknown[-1]), unknown[-1], words, what=what))]))


def each_of(given: Iterable[Given], read: Callable[[Given], Made]) -> list[Made]:
    """What `read` makes of each. Where it refuses some, one error tells of all of them: Faults, or else UsageError."""
    made, refused = [], Refusals()
    for one in given:
        with refused:
            made.append(read(one))
    refused.tell()
    return made


class Refusals:
    """What was refused so far: `with refused:` keeps what is refused in the block, and `tell` tells all at once."""

    def __init__(self) -> None:
        self._errors: list[UsageError | Faults] = []

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        if not isinstance(error, UsageError | Faults):
            return False
        self._errors.append(error)
        return True

    def __bool__(self) -> bool:
        return bool(self._errors)

    def tell(self) -> None:
        """Raise all that was refused, each once: as Faults where scenarios alone are at fault, else as UsageError."""
        errors = {str(error): error for error in self._errors}
        if len(errors) == 1:
            raise next(iter(errors.values())) from None
        faults = [error.faults for error in errors.values() if isinstance(error, Faults)]
        if len(faults) < len(errors):
            raise UsageError("\n".join(errors))
        if faults:
            each = {fault.render(): fault for some in faults for fault in some}
            raise Faults(each.values())


_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """The text with control characters as `\\u001b`: none of them can steer a terminal or turn the line around.

    Line ends and tabs stay. In JSON, and in quoted texts of YAML, the signs mean the very characters.
    """
    return _UNSEEN.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    # What lies beyond 16 bits is written as JSON writes it, in two halves.
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def faults_page() -> str:
    """The text of docs/faults.md: every code with its meaning."""
    parts = {
        "1": "Files",
        "2": "Words and values",
        "3": "Expressions",
        "4": "Warnings: allowed, but probably not what was meant",
        "5": "Runs",
        "6": "Who decides",
        "7": "Sheets and elicitation",
    }
    lines = [
        "# Fault codes",
        "",
        "Generated from `standoff.errors.CODES`; do not edit. The codes are stable. Each code that a file can",
        "cause has an example in `conformance/invalid/`.",
        "",
        "What `standoff check` calls an error in a scenario is not run, by no verb and by no function of Python:",
        "`so.load` gives a scenario that can be read, to look at, and whatever would run it (`so.run`, `compare`,",
        "`try_claims`, `Table` …, also `so.ground(scenario.resolved)`) raises `so.Faults` with all its errors.",
        "`scenario.errors` lists them. Warnings stop nothing.",
    ]
    for digit, title in parts.items():
        lines += ["", f"## {title}", "", "| code | meaning |", "| --- | --- |"]
        lines += [f"| {code} | {meaning} |" for code, meaning in CODES.items() if code[2] == digit]
    return "\n".join(lines) + "\n"


def _excerpt(place: Location, width: int) -> list[str]:
    start = place.column - 1
    # Cut first: thousands of faults may stand in one line of a megabyte.
    shift = max(0, min(start - MAX_LINE_SHOWN // 2, len(place.text) - MAX_LINE_SHOWN))
    text = place.text[shift : shift + MAX_LINE_SHOWN].rstrip("\r\n").expandtabs(1)
    room = max(1, len(text) - (start - shift))
    carets = "^" * max(1, min(width, room))
    text = "".join(letter if letter.isprintable() else "?" for letter in text)
    return [f"      | {text}", f"      | {' ' * (start - shift)}{carets}"]
