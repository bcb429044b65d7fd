"""Days that a sentence counts from those of another clause: they left on 3 May, two days after it was shelled."""

from __future__ import annotations

from datetime import timedelta

from standoff.drafting.dates import Dated
from standoff.drafting.parsing import Read, Token
from standoff.drafting.quantities import NUMBER_WORDS

_DAYS = {"day": 1, "week": 7}
_MOST = 366
"""Days from which on nobody counts them to the day."""
_COUNTED = "counted from the day of the other clause"


def counted_day(read: Read, verb: Token) -> Dated | None:
    """The day of a clause without one, by how long it was before or after the clause that it hangs on, or that does so.

    None where the sentence does not count so, or the other clause has not one day.
    """
    own = _measure(verb)
    if own is not None:
        days, sign, start, end = own
        return _moved(_day_of(read, verb.head), -sign * days, start, end)
    for child in verb.children:
        other = _measure(child) if child.dep_ == "advcl" else None
        if other is not None:
            days, sign, start, end = other
            return _moved(_day_of(read, child), sign * days, start, end)
    return None


def _measure(verb: Token) -> tuple[int, int, int, int] | None:
    """How many days after (1) or before (-1) a clause its head clause was, and where the words for that stand."""
    mark = next((one for one in verb.children if one.dep_ == "mark" and one.lower_ in ("after", "before")), None)
    if mark is None or verb.dep_ != "advcl":
        return None
    spans = [one for head in (mark, verb) for one in head.children if one.dep_ == "npadvmod" and one.i == mark.i - 1]
    for one in spans:
        count = next((child.lower_ for child in one.children if child.dep_ in ("nummod", "det")), "")
        days = _DAYS.get(one.lemma_.lower(), 0) * _number(count)
        if 0 < days < _MOST:
            return days, 1 if mark.lower_ == "after" else -1, one.left_edge.idx, mark.idx + len(mark.text)
    return None


def _number(word: str) -> int:
    if word in ("a", "one"):
        return 1
    return int(word) if word.isascii() and word.isdigit() else NUMBER_WORDS.get(word, 0)


def _day_of(read: Read, verb: Token) -> Dated | None:
    """The one day that a clause gives by itself, without those of the clauses below it."""
    clauses = [child for child in verb.children if child.dep_ in ("advcl", "relcl", "ccomp", "conj")]
    here = {token.i for token in verb.subtree} - {token.i for child in clauses for token in child.subtree}
    days = [one for one in read.dates if one.first == one.last and read.token_at(one.end - 1) in here]
    return days[0] if len(days) == 1 else None


def _moved(day: Dated | None, by: int, start: int, end: int) -> Dated | None:
    if day is None:
        return None
    moved = day.first + timedelta(days=by)
    return Dated(moved, moved, start, end, _COUNTED)
