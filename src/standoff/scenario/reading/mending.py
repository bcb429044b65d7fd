"""What is wrong with a line that is not YAML, and the line as it was probably meant, so that the rest can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from standoff.errors import Cure
from standoff.scenario.reading.brackets import unquoted
from standoff.scenario.reading.foreign_signs import blank_name, curly_quote, odd_blank, straightened

_OPENS, _CLOSES = {"[": "]", "{": "}"}, {"]": "[", "}": "{"}
_KEY = re.compile(r"\s*(?:- +)*(?P<key>[A-Za-z_][\w-]*):(?:\s|$)")
_NO_COLON = re.compile(r"(?P<lead>\s*(?:- +)*)(?P<key>[A-Za-z_][\w-]*)(?P<rest>\s+\S.*)?")
_FENCE = re.compile(r"```[\w-]*\s*")
_RESERVED = re.compile(r"(?:: +|- +|[\[{,] *)(?P<word>[@`][^\s,'\"\[\]{}]*)")
_NO_BLANK = re.compile(r"(?P<lead>\s*(?:- +)*)(?P<key>[A-Za-z_][\w-]*):(?P<rest>\S.*)")


@dataclass(frozen=True, slots=True)
class Mend:
    """A line (from 0) with columns `start` to `end` of its mistake, and the whole line mended."""

    line: int
    start: int
    end: int
    found: str
    hint: str | None
    text: str


def mended(lines: Sequence[str], at: int, column: int, said: str) -> Mend | None:
    """The mistake that made the parser stop at a line and column (from 0); None where nothing is known of it."""
    if not 0 <= at < len(lines):
        at, column = len(lines) - 1, 0
    above = [*_above(lines, at)]
    near = [at, *above[:1]]
    torn = _never_closed(lines, at)
    if torn is not None:
        return torn
    for look in (_fence, _tab, _odd_blanks, _quote_marks, _apostrophe, _sharp, _reserved):
        for line in near:
            found = look(lines, line)
            if found is not None:
                return found
    entry = unquoted(lines[at], column) if "flow" in said or "alias" in said else None
    if entry is not None:
        hint = f"put quotes around what has brackets of its own inside [ ] and {{ }}: {entry.cure}"
        cured = entry.cure.partition(": ")[2] if entry.key else entry.cure
        text = lines[at][: entry.start] + cured + lines[at][entry.start + len(entry.words) :]
        return Mend(at, column, column + 1, f"not YAML: {said}", hint, text)
    for line in [at, *above]:
        found = _open_quote(lines[line], line)
        if found is not None:
            return found
        found = _open_bracket(lines, line)
        if found is not None:
            return found
        if line != at and not lines[line].startswith(" "):
            break
    return (_no_comma(lines, at) if "flow mapping" in said else None) or _keys(lines, at, column, above, said)


def _above(lines: Sequence[str], at: int) -> Iterator[int]:
    for line in range(at - 1, -1, -1):
        text = lines[line].strip()
        if text and not text.startswith("#"):
            yield line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _fence(lines: Sequence[str], at: int) -> Mend | None:
    if _FENCE.fullmatch(lines[at]) is None:
        return None
    return Mend(at, 0, 3, "not YAML: a fence of Markdown", "leave the line out", "")


def _reserved(lines: Sequence[str], at: int) -> Mend | None:
    match = _RESERVED.search(lines[at])
    if match is None:
        return None
    place, words = match.start("word"), match["word"]
    hint = f"leave {words[0]} out, or put quotes around words that begin with it: '{words}'"
    text = f"{lines[at][:place]}'{words}'{lines[at][match.end('word') :]}"
    return Mend(at, place, place + 1, f"not YAML: a word that begins with {words[0]}", hint, text)


def _tab(lines: Sequence[str], at: int) -> Mend | None:
    line = lines[at]
    lead = line[: len(line) - len(line.lstrip())]
    if "\t" not in lead:
        return None
    before = next((lines[one] for one in _above(lines, at)), "")
    indent = _indent(before) + (2 if before.rstrip().endswith(":") else 0)
    start = lead.index("\t")
    return Mend(at, start, start + 1, "not YAML: a tab before the key", "indent with spaces, not with tabs",
                " " * indent + line.lstrip())  # fmt: skip


def _odd_blanks(lines: Sequence[str], at: int) -> Mend | None:
    place = odd_blank(lines[at])
    if place is None:
        return None
    what = blank_name(lines[at][place])
    hint = "YAML takes it for a letter: write a plain blank"
    return Mend(at, place, place + 1, f"not YAML: {what}", hint, straightened(lines[at]))


def _quote_marks(lines: Sequence[str], at: int) -> Mend | None:
    place = curly_quote(lines[at])
    if place is None:
        return None
    sign, last = lines[at][place], max(i for i, letter in enumerate(lines[at]) if curly_quote(letter) == 0)
    marks = f"{sign} and {lines[at][last]}" if last != place else sign
    what = "are quotation marks" if last != place else "is a quotation mark"
    hint = f"{marks} {what} of word processors: write {straightened(sign)}"
    return Mend(at, place, place + 1, "not YAML: a curly quote", hint, straightened(lines[at]))


_WITHIN_QUOTES = re.compile(r"(?:(?<=: )|(?<=- )|(?<=[\[{,] )|(?<=[\[{]))'(?P<words>[^']*\w'\w.*)")


def _apostrophe(lines: Sequence[str], at: int) -> Mend | None:
    """An apostrophe within single quotes, where YAML ends the words."""
    match = _WITHIN_QUOTES.search(lines[at])
    if match is None:
        return None
    rest = match["words"]
    closing = re.search(r"'(?=\s*(?:[,\]}#]|$))", rest)
    end = closing.start() if closing is not None else len(rest.rstrip().rstrip("]}"))
    words = '"' + rest[:end].replace('"', "'") + '"'
    hint = Cure(f"write {words}: an apostrophe ends what single quotes have begun", words)
    text = lines[at][: match.start()] + words + rest[end + (closing is not None) :]
    return Mend(at, match.start(), match.start() + 1 + end, "not YAML: an apostrophe within single quotes", hint, text)


_SHARP = re.compile(r"(?:: |[\[,] ?)(?P<words>#[^\s,\]}]+)(?=\s*[,\]}])")


def _sharp(lines: Sequence[str], at: int) -> Mend | None:
    """A value within brackets that begins with #, which YAML takes for a comment up to the end of the line."""
    stack, _, end = _scan(lines[at])
    match = _SHARP.search(lines[at])
    if not stack or match is None or match.start("words") != end:
        return None
    words = f"'{match['words']}'"
    hint = Cure(f"put quotes around it: {words}, as # begins a comment", words)
    text = lines[at][:end] + words + lines[at][match.end("words") :]
    return Mend(at, end, match.end("words"), "not YAML: a comment that hides the end of the brackets", hint, text)


def _no_comma(lines: Sequence[str], at: int) -> Mend | None:
    """A key within brackets whose comma is missing, where YAML takes it for a part of the words before it."""
    match = _SECOND_KEY.search(lines[at])
    if match is None:
        return None
    key, start = match["key"], match.start("key")
    hint = f"put a comma before {key}, or quotes around words that contain ': '"
    text = f"{lines[at][:start].rstrip()}, {lines[at][start:]}"
    return Mend(at, start, match.end("key"), f"not YAML: no comma before '{key}:'", hint, text)


_SECOND_KEY = re.compile(r"[{,]\s*[A-Za-z_][\w-]*: +[^\s'\"\[\]{},:][^'\"\[\]{},:]*? +(?P<key>[a-z_][a-z0-9_]*): ")


def _open_quote(line: str, at: int) -> Mend | None:
    """A quote that opens a value and is not closed in its line."""
    start, depth = _scan(line)[1], line.count("{") + line.count("[")
    if start is None:
        return None
    quote, rest = line[start], line[start + 1 :]
    end = len(rest.rstrip())
    brackets: list[str] = []
    for place, sign in enumerate(rest):
        if sign in "([{":
            brackets.append(sign)
        elif sign in ")]}":
            if not brackets and depth and sign != ")":
                end = place
                break
            del brackets[-1:]
        elif sign == "," and not brackets and depth:
            end = place
            break
        elif sign == "#" and place and rest[place - 1].isspace() and not brackets:
            end = len(rest[:place].rstrip())
            break
    words = quote + rest[:end].rstrip() + quote
    return Mend(at, start, start + 1, "not YAML: a quote that is never closed", Cure(f"write {words}", words),
                line[:start] + words + rest[end:])  # fmt: skip


def _never_closed(lines: Sequence[str], at: int) -> Mend | None:
    """The first quote up to a line that is closed only beyond another key, as no quote of an author is."""
    line = 0
    while line <= at:
        start = _scan(lines[line])[1]
        if start is None:
            line += 1
            continue
        quote, last = lines[line][start], line + 1
        while last < len(lines) and quote not in lines[last] and not _KEY.match(lines[last]):
            last += 1
        if last >= len(lines) or _KEY.match(lines[last]):
            return _open_quote(lines[line], line)
        line = last + 1
    return None


def _scan(line: str) -> tuple[list[tuple[str, int]], int | None, int]:
    """The brackets of YAML that a line leaves open, where a quote opens that it leaves open, and where its code ends.

    A closing bracket without an opening one stands among the open ones.
    """
    stack: list[tuple[str, int]] = []
    i, fresh = 0, True
    while i < len(line):
        sign = line[i]
        if fresh and sign in "'\"":
            end = _closing(line, i)
            if end is None:
                return stack, i, len(line)
            i, fresh = end, False
        elif sign == "#" and (i == 0 or line[i - 1].isspace()):
            return stack, None, i
        elif sign in _OPENS and (fresh or stack):
            stack.append((sign, i))
            fresh = True
        elif sign in _CLOSES and (stack or fresh):
            if stack and stack[-1][0] == _CLOSES[sign]:
                stack.pop()
            else:
                stack.append((sign, i))
            fresh = False
        elif sign == "," and stack:
            fresh = True
        elif not sign.isspace():
            fresh = (sign == ":" and line[i + 1 : i + 2] in ("", " ")) or (sign == "-" and fresh and not stack)
        i += 1
    return stack, None, len(line)


def _closing(line: str, start: int) -> int | None:
    quote, i = line[start], start + 1
    while i < len(line):
        if line[i] == "\\" and quote == '"':
            i += 1
        elif line[i] == quote:
            if quote == "'" and line[i + 1 : i + 2] == "'":
                i += 1
            else:
                return i
        i += 1
    return None


def _open_bracket(lines: Sequence[str], at: int) -> Mend | None:
    """A bracket that is not closed though the next line is not part of it, or one that closes nothing."""
    stack, _, end = _scan(lines[at])
    if not stack:
        return None
    sign, place = stack[-1]
    code = lines[at][:end].rstrip()
    if sign in _CLOSES:
        text = lines[at][:place] + lines[at][place + 1 :]
        return Mend(at, place, place + 1, f"not YAML: '{sign}' closes nothing", f"leave out the {sign}", text)
    below = next((line for line in lines[at + 1 :] if line.strip() and not line.strip().startswith("#")), "")
    if below.lstrip()[:1] in ("]", "}"):
        return None
    if _indent(below) > _indent(lines[at]):
        # What goes on over several lines has commas between them; keys in lines of their own need no bracket.
        if code[place + 1 :].strip() or not _KEY.match(below) or below.rstrip().endswith((",", "[", "{")):
            return None
        hint = f"leave out the {sign}: what stands in lines of its own needs none"
        return Mend(at, place, place + 1, f"not YAML: '{sign}' is never closed", hint, code[:place].rstrip())
    closers = "".join(_OPENS[opened] for opened, _ in reversed(stack) if opened in _OPENS)
    hint = f"close it: end the line with {closers}"
    return Mend(at, place, place + 1, f"not YAML: '{sign}' is never closed", hint,
                code + closers + ("  " + lines[at][end:] if lines[at][end:] else ""))  # fmt: skip


def _keys(lines: Sequence[str], at: int, column: int, above: Sequence[int], said: str) -> Mend | None:
    line = lines[at]
    colon = _KEY.match(line)
    if colon is not None and column > colon.end() and "mapping values" in said:
        return _with_quotes(line, at, colon)
    for one in (at, *above[:1]):
        found = _without_colon(lines[one], one, lines[at] if one != at else "")
        if found is not None and ("mapping values" in said or "':'" in said or "block" in said):
            return found
    if above and colon is not None:
        return _level(lines, at, above)
    return None


def _with_quotes(line: str, at: int, key: re.Match[str]) -> Mend | None:
    value = line[key.end() :].strip()
    if value[:1] in ("'", '"', "[", "{", "|", ">", ""):
        return None
    words = f'"{value}"' if '"' not in value else "'" + value.replace("'", "''") + "'"
    start = line.index(value)
    hint = Cure(f"put quotes around words that contain ': ': {words}", words)
    return Mend(at, start, len(line), "not YAML: a colon and a blank within words", hint, line[:start] + words)


def _without_colon(line: str, at: int, below: str) -> Mend | None:
    if _KEY.match(line):
        return None
    match = _NO_BLANK.fullmatch(line.rstrip())
    if match is not None and not match["rest"].startswith(":"):
        words = f"{match['key']}: {match['rest']}"
        hint = Cure(f"write {words}, with a blank after the colon", words)
        found = f"not YAML: no blank after '{match['key']}:'"
        return Mend(at, len(match["lead"]), len(line.rstrip()), found, hint, match["lead"] + words)
    match = _NO_COLON.fullmatch(line.rstrip())
    if match is None:
        return None
    rest = (match["rest"] or "").strip()
    words = f"{match['key']}: {rest}".rstrip()
    hint = Cure(f"write {words}, with a colon", words)
    found = f"not YAML: no colon after '{match['key']}'"
    return Mend(at, len(match["lead"]), len(line.rstrip()), found, hint, match["lead"] + words)


def _level(lines: Sequence[str], at: int, above: Sequence[int]) -> Mend | None:
    """A key that stands on another level than the lines around it."""
    here, before = lines[at], lines[above[0]]
    wanted, had = _indent(here), _indent(before)
    match = _KEY.match(before)
    if had < wanted and match is not None and before[match.end() :].strip() and len(above) > 1:
        # The line above has a value of its own, so that nothing can stand below it.
        over = next((one for one in above[1:] if _indent(lines[one]) <= wanted), above[1])
        if _indent(lines[over]) == wanted or _indent(lines[above[1]]) >= wanted:
            return _moved(lines, above[0], wanted, f"as '{_name(lines[over])}'", above[1:])
        return _moved(lines, at, had, f"as '{_name(before)}'", above)
    levels = [_indent(lines[one]) for one in above[:40]]
    nearest = min(dict.fromkeys(levels), key=lambda level: abs(level - wanted), default=0)
    if nearest == wanted:
        return None
    return _moved(lines, at, nearest, "as the lines above it", above)


def _moved(lines: Sequence[str], at: int, indent: int, as_what: str, above: Sequence[int]) -> Mend:
    line = lines[at]
    entry = next((lines[one] for one in above if _indent(lines[one]) < indent), "")
    under = f", under '{_name(entry)}'" if entry else ""
    spaces = f"{indent} space{'s' if indent != 1 else ''}"
    hint = f"indent it by {spaces}, {as_what}{under}"
    found = f"not YAML: '{_name(line)}' stands on the wrong level"
    start = _indent(line)
    return Mend(at, start, start + len(_name(line)), found, hint, " " * indent + line.lstrip(" "))


def _name(line: str) -> str:
    match = _KEY.match(line)
    return match["key"] if match else line.strip()[:20]
