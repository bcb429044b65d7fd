"""The review of a draft at a terminal: one candidate at a time, its paragraph with its words marked, and one key."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime

from standoff.drafting import Desk, Standing
from standoff.errors import Fault, UsageError
from standoff.numerals import many, percent

KEYS = {
    "y": "accept it as it is",
    "n": "reject it",
    "e": "accept it with other fields: e name=Northern Council, kind=state",
    "m": "merge it into another of its kind: m NAME or m ID",
    "l": "later: put it off",
    "u": "undo the last decision",
    "s": "show the paragraphs before and after",
    "/": "go to the first that has these words: / Tanf",
    "all": "accept all open joins of one way: all acronym (state, forces, surname)",
    "?": "these keys",
    "q": "leave; everything is kept",
}
_TEXT_WIDTH = 100


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
                print(error)
            except Fault as error:
                print(error.found)

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
            print(f"STALE {one.kind} {one.id}: its paragraph is gone or has changed. It was accepted as:")
        else:
            score = "" if one.candidate.score is None else f", {percent(one.candidate.score)} of such were right"
            print(f"{one.kind} {one.id} ({one.candidate.maker}{score})")
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
        for index, at in enumerate(one.candidate.at[:3]):
            paragraph = self.desk.paragraphs.get(at)
            if paragraph is None:
                print(f"  {at}: the text is not there, or is not as it was read")
                continue
            spans = {(start, end) for name, every in one.candidate.spans.items() for i, start, end in every
                     if i == index and name not in ("cause", "effect", "sentence")}  # fmt: skip
            print(f"  {at}: {_flat(_excerpt(paragraph.text, spans))}")
        if len(one.candidate.at) > 3:
            print(f"  and {len(one.candidate.at) - 3} more: {', '.join(one.candidate.at[3:9])}")

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
        for part in rest.split(";" if ";" in rest else ", "):
            name, mark, value = part.partition("=")
            if not mark:
                raise UsageError("say which field and what it should be: e name=Northern Council; kind=state")
            changes[name.strip()] = value
        self.desk.edit(one, changes, when=_now())

    def _undo(self, _: Standing, __: str) -> None:
        name = self.desk.undo(when=_now())
        print("Nothing to undo in this sitting." if name is None else f"{name} is open again.")

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
    """A text on one line, letter by letter: what is printed plainly has no markup that could be meant."""
    return " ".join(str(text).split())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _excerpt(text: str, spans: set[tuple[int, int]]) -> str:
    """A paragraph with its words between « and », cut to what surrounds them."""
    marked = []
    here = 0
    for start, end in sorted(spans):
        if start >= here:
            marked += [text[here:start], "«", text[start:end], "»"]
            here = end
    whole = "".join([*marked, text[here:]])
    first = whole.find("«")
    begin = max(0, first - 3 * _TEXT_WIDTH) if first > 0 else 0
    end = begin + 9 * _TEXT_WIDTH
    return ("… " if begin else "") + whole[begin:end] + (" …" if end < len(whole) else "")
