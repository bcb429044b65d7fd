"""The review of a draft at a terminal: one candidate at a time, its paragraph with its words marked, and one key."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from standoff.drafting import Desk, Paragraph, Standing
from standoff.errors import Fault, UsageError, visible
from standoff.numerals import many, percent

KEYS = {
    "y": "accept it as it is",
    "n": "reject it",
    "e": "accept it with other fields: e name=Northern Council, kind=state",
    "m": "merge it into another of its kind: m NAME or m ID",
    "l": "later: put it off",
    "u": "undo the last decision; again, the one before, back to the first",
    "s": "show the whole paragraph, with those before and after",
    "/": "go to the first that has these words: / Tanf",
    "all": "accept open joins together: all joins, or of one way: all acronym (state, forces, surname)",
    "?": "these keys",
    "q": "leave; everything is kept",
}
_NEXT_FIELD = re.compile(r";|,(?=\s*\w+\s*=)")
"""Between two changes of fields: a comma within a value, as in `at=33.5, 38.6`, is none."""
_SHOWN = 2
"""Of how many paragraphs the sentences are shown."""
_AROUND = " \t,;."
"""What is left outside the marks of some words."""
_WORDS = ("«", "»")
_MARKS = {"cause": ("[cause: ", "]"), "effect": ("[effect: ", "]")}
"""What stands around the words of a card: in words which part of a claim is which, so that no colour is needed."""


class Talk:
    """The talk of a review: reads one line at a time, as a terminal or a file gives it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._left = False
        self._keys: dict[str, Callable[[Standing, str], None]] = {
            "y": lambda one, _: desk.accept(one, when=_now()),
            "n": lambda one, _: desk.reject(one, when=_now()),
            "e": self._edit,
            "m": lambda one, rest: desk.merge(one, rest, when=_now()),
            "l": lambda one, _: desk.later(one, when=_now()),
            "u": self._undo,
            "s": lambda one, _: self._around(one),
            "/": self._find,
            "all": self._all,
            "?": lambda _, __: self._help(),
            "q": self._leave,
        }

    def hold(self) -> None:
        """Asks until all is decided or the reader leaves."""
        shown = ""
        while not self._left:
            one = self.desk.next()
            if one is None:
                print("Nothing is open any more.")
                return
            if one.id != shown:
                self._show(one)
                shown = one.id
            line = self._read()
            if line is None:
                return
            key, _, rest = (f"/ {line[1:]}" if line.startswith("/") else line).strip().partition(" ")
            act = self._keys.get(key)
            try:
                if act is None:
                    raise UsageError(f"'{_flat(key)}' is no key; ? lists them")
                act(one, rest.strip())
            except UsageError as error:
                print(_flat(error))
            except Fault as error:
                print(_flat(error.found))

    def _read(self) -> str | None:
        print("y n e m l u s / ? q > ", end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            print()
            return None
        if not sys.stdin.isatty():
            print(line.strip())
        return line.strip() or "?"

    def _show(self, one: Standing) -> None:
        done = self.desk.progress()
        print(f"\n— {done.open} open, {done.done} decided" + (f", {done.stale} stale" if done.stale else "")
              + f"; {done.bare} of {many(done.paragraphs, 'paragraph')} have nothing accepted —")  # fmt: skip
        if one.candidate is None:
            print(_flat(f"STALE {one.kind} {one.id}: its paragraph is gone or has changed. It was accepted as:"))
        else:
            score = "" if one.candidate.score is None else f", {percent(one.candidate.score)} of such were right"
            print(_flat(f"{one.kind} {one.id} ({one.candidate.maker}{score})"))
        for name, value in one.fields.items():
            if value not in (None, [], ""):
                print(f"  {name}: {_flat(self._told(name, value))}")
        for doubt in one.candidate.doubts if one.candidate else ():
            print(f"  doubtful: {_flat(doubt)}")
        self._paragraphs(one)

    def _told(self, name: str, value: object) -> str:
        """A field as a reader reads it: the names of candidates in place of their identities."""
        names = {
            two.id: str(two.fields.get("name")) for two in self.desk.made.candidates if two.kind in ("actor", "place")
        }
        if isinstance(value, list):
            return ", ".join(names.get(str(item), str(item)) for item in value)
        return names.get(str(value), str(value))

    def _paragraphs(self, one: Standing) -> None:
        if one.candidate is None:
            return
        for index, at in enumerate(one.candidate.at[:_SHOWN]):
            paragraph = self.desk.paragraphs.get(at)
            if paragraph is None:
                print(f"  {_flat(at)}: the text is not there, or is not as it was read")
                continue
            marks = {(start, end): _MARKS.get(name, _WORDS) for name, every in one.candidate.spans.items()
                     for i, start, end in every if i == index and name != "sentence"}  # fmt: skip
            print(f"  {_flat(at)}: {_flat(_excerpt(paragraph, marks))}")
        if len(one.candidate.at) > _SHOWN:
            more = one.candidate.at[_SHOWN:]
            print(f"  and {len(more)} more: {_flat(', '.join(more[:6]))}")

    def _around(self, one: Standing) -> None:
        if one.candidate is None:
            raise UsageError("its paragraph is not there any more")
        source, _, number = one.candidate.at[0].partition("#p")
        for at in (f"{source}#p{int(number) + step}" for step in (-1, 0, 1)):
            paragraph = self.desk.paragraphs.get(at)
            if paragraph is not None:
                print(f"  {at}: {_flat(paragraph.text)}")

    def _edit(self, one: Standing, rest: str) -> None:
        changes = {}
        for part in _NEXT_FIELD.split(rest):
            name, mark, value = part.partition("=")
            if not mark:
                raise UsageError("say which field and what it should be: e name=Northern Council; kind=state")
            changes[name.strip()] = value
        self.desk.edit(one, changes, when=_now())

    def _undo(self, _: Standing, __: str) -> None:
        name = self.desk.undo(when=_now())
        if name is None:
            print("Nothing to undo.")
            return
        one = next((one for one in self.desk.standings if one.id == name), None)
        print(f"{name} is {'gone' if one is None else one.state} again.")

    def _find(self, _: Standing, rest: str) -> None:
        if not rest or self.desk.find(rest) is None:
            print("Nothing open has these words.")

    def _all(self, _: Standing, rest: str) -> None:
        print(f"{many(self.desk.accept_joins(rest, when=_now()), 'join')} accepted.")

    def _help(self) -> None:
        for key, meaning in KEYS.items():
            print(f"  {key:>3}  {meaning}")

    def _leave(self, _: Standing, __: str) -> None:
        self._left = True


def _flat(text: object) -> str:
    """A text on one line, letter by letter: what is printed plainly has no markup that could be meant.

    What would move the cursor, colour the terminal or turn the direction of reading is shown as a sign of its own.
    """
    return visible(" ".join(str(text).split()))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _excerpt(paragraph: Paragraph, marks: Mapping[tuple[int, int], tuple[str, str]]) -> str:
    """The sentences of a paragraph in which its words stand, the words between their marks; `s` shows the rest."""
    shown: list[str] = []
    over = 0
    for begin, end in paragraph.sentences():
        here = sorted((first, last) for first, last in marks if begin <= first < end)
        if not here:
            continue
        marked, at = [], begin
        for first, last in here:
            if first >= at:
                opened, closed = marks[first, last]
                words = paragraph.text[first:last]
                inner = words.strip(_AROUND)
                before, _, behind = words.partition(inner)
                marked += [paragraph.text[at:first], before, opened, inner, closed, behind]
                at = last
        shown += ["… "] * (begin > over) + ["".join([*marked, paragraph.text[at:end]]).strip() + " "]
        over = end + 1
    return "".join(shown) + ("…" if over < len(paragraph.text) else "")
