"""Where in a scenario the cursor is: the keys above it and the value before it, also in a file that is half written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_KEY = re.compile(r"""(?:"([^"]*)"|'([^']*)'|([^\s#'"{}\[\],&*!|>%@`-][^#:{}\[\],]*|-[^\s][^#:{}\[\],]*)):(?=\s|$)""")
_BLOCK = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?$")
MOST_LINES = 20_000
"""Lines above the cursor that are looked at."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The keys above the cursor; whether a key is to be written there; and what stands before it in the value."""

    path: Path
    key: bool
    before: str


def place_of(lines: Sequence[str], row: int, column: int) -> Place:
    """The place of a cursor: `row` and `column` count from 0, in letters."""
    line = lines[row][:column] if row < len(lines) else ""
    own = list(_entries(line))
    indent = own[0][0] if own else len(line) - len(line.lstrip(" "))
    above = list(_above(lines, row, indent, item=bool(own) and own[0][1] == 0))
    parents: Path = tuple(key for key, _, _ in above)
    if not own and above:
        _, _, start = above[-1]
        value = _value_from(lines, start, row, column)
        if value is not None:
            return _within(parents, value)
    path: Path = (*parents, *(key for _, key, _ in own))
    if not own:
        return Place(parents, True, line.strip())
    last, after = own[-1][1], own[-1][2]
    if last == 0:
        # After a dash: an item, which may be a mapping of which this is the first key.
        return _within(path, after) if after.strip()[:1] in ("{", "[", "'", '"') else Place(path, True, after.strip())
    return _within(path, after)


def _entries(line: str) -> Iterator[tuple[int, str | int, str]]:
    """The dashes (0) and the key at the beginning of a line, with their columns and what follows them."""
    at = len(line) - len(line.lstrip(" "))
    while line[at : at + 2] == "- " or line[at:] == "-":
        rest = line[at + 1 :]
        yield at, 0, rest
        at += 1 + len(rest) - len(rest.lstrip(" "))
    match = _KEY.match(line, at)
    if match is not None:
        yield at, next(part for part in match.groups() if part is not None), line[match.end() :]


def _above(lines: Sequence[str], row: int, indent: int, *, item: bool) -> Iterator[tuple[str | int, int, int]]:
    """The keys and dashes above a line that is indented so far, outermost first, with their columns and lines.

    `item`: the line begins with a dash, so that other dashes as far in are its neighbours.
    """
    found: list[tuple[str | int, int, int]] = []
    limit = indent + 1 if item else indent
    for number in range(row - 1, max(-1, row - 1 - MOST_LINES), -1):
        text = lines[number]
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        for at, key, _ in reversed(list(_entries(text))):
            if key == 0 and not item and at < limit:
                found.append((0, at, number))
                # The key that holds a list may stand as far in as its dashes.
                limit, item = at + 1, True
            elif key != 0 and at < limit:
                found.append((key, at, number))
                limit, item = at, False
        if limit == 0:
            break
    yield from reversed(found)


def _value_from(lines: Sequence[str], start: int, row: int, column: int) -> str | None:
    """The value that begins in an earlier line and goes on up to the cursor; None where none does."""
    *_, (_, _, first) = _entries(lines[start])
    begun = first.split(" #")[0].rstrip()
    if not begun.strip():
        return None
    if _BLOCK.match(begun.strip()):
        begun = ""
    between = lines[start + 1 : row]
    return " ".join([begun, *(line.strip() for line in between), lines[row][:column].lstrip()])


def _within(path: Path, text: str) -> Place:
    """The place at the end of a value, which may open mappings and lists in brackets."""
    stack: list[str] = []
    keys: list[str | int] = []
    at, start = 0, 0
    expects_key = False
    while at < len(text):
        letter = text[at]
        if letter.isspace():
            at += 1
        elif letter in "{[":
            stack.append(letter)
            keys.append("" if letter == "{" else 0)
            expects_key, at = letter == "{", at + 1
        elif letter in "}]" and stack:
            stack.pop()
            keys.pop()
            expects_key, at = False, at + 1
        elif letter == "," and stack:
            expects_key, at = stack[-1] == "{", at + 1
            if stack[-1] == "[":
                keys[-1] = int(keys[-1] or 0) + 1
        else:
            start = at
            end, closed, word = _scalar(text, at, in_flow=bool(stack))
            if end >= len(text) and not closed:
                return Place((*path, *_known(keys, expects_key)), expects_key, word)
            if expects_key and text[end : end + 1] == ":":
                keys[-1], expects_key, end = word.strip(), False, end + 1
            at = max(end, start + 1)
    return Place((*path, *_known(keys, expects_key)), expects_key, "")


def _known(keys: list[str | int], expects_key: bool) -> Path:
    return tuple(keys[:-1] if expects_key else keys)


def _scalar(text: str, at: int, *, in_flow: bool) -> tuple[int, bool, str]:
    """The end of a text that begins here, whether it is closed there, and the text."""
    quote = text[at]
    if quote in "'\"":
        end = at + 1
        while end < len(text):
            if quote == '"' and text[end] == "\\":
                end += 2
                continue
            if text[end] == quote:
                if quote == "'" and text[end + 1 : end + 2] == "'":
                    end += 2
                    continue
                return end + 1, True, text[at + 1 : end]
            end += 1
        return len(text), False, text[at + 1 :]
    end, depth = at, 0
    while end < len(text):
        if in_flow and _opens(text, end, at):
            # YAML wants quotes around `holder[p]` and `sum(a, b)` there; who is still writing may not have them yet.
            depth += 1
        elif depth:
            depth -= text[end] in "])"
        elif in_flow and text[end] in ",{}[]":
            return end, True, text[at:end]
        if in_flow and text[end] == ":" and (end + 1 == len(text) or text[end + 1] in " ,{}[]"):
            return end, True, text[at:end]
        end += 1
    return end, False, text[at:]


def _opens(text: str, at: int, start: int) -> bool:
    """Whether a bracket opens within a word that began at `start`: of a call, or behind a name."""
    before = text[at - 1 : at] if at > start else ""
    return text[at] == "(" or (text[at] == "[" and (before.isalnum() or before == "_"))
