"""From the text of an expression to Python's syntax tree, with every part's place and nothing ever run.

The text is limited in length and depth, so a hostile one is refused and never exhausts the reader.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from standoff.errors import Cure, Fault, Faults
from standoff.scenario.expression.slips import decimal_comma, slip_in, tidied
from standoff.scenario.reading.foreign_signs import letters_cure
from standoff.scenario.reading.text import Words
from standoff.scenario.tree import Span

Result = TypeVar("Result")

MAXIMUM_LENGTH = 2_000
"""Characters of one expression."""

MAXIMUM_DEPTH = 100
"""Levels of one expression, from its outermost operator to its innermost name."""

_SIGNS = {
    "≥": ">=", "≤": "<=", "≠": "!=", "−": "-", "–": "-", "×": "*", "÷": "/", "·": "*", "“": "'", "”": "'", "‘": "'",
    "’": "'", "¬": "not", "∧": "and", "∨": "or", "∈": "in", "∞": "a number",
}  # fmt: skip
_SLIPS = {
    "&&": "write 'and'",
    "||": "write 'or'",
    "<>": "write !=",
    "=>": "write >=",
    "=<": "write <=",
    "!": "write 'not', or != to compare",
    "?": "write 'a if c else b'",
    "%": "write 0.3 for 30 percent",
    "{": "braces are not allowed in expressions",
    ";": "one expression only",
    "$": "names need no sign before them",
}
_UNUSUAL = re.compile(r"[^ -~]|[#\\]")
_WARNED_OF = re.compile(r"[0-9.][A-Za-z_]|\\")
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_PYTHON_MESSAGES = ("was never closed", "unmatched", "does not match", "unterminated", "too many nested")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an author's words: characters `start` to `end` of `words`."""

    words: Words
    start: int
    end: int

    @classmethod
    def whole(cls, words: str) -> Passage:
        """All of a text, without the blanks around it."""
        told = words if isinstance(words, Words) else Words(words)
        start = len(told) - len(told.lstrip())
        return cls(told, start, max(start, len(told.rstrip())))

    def part(self, start: int, end: int) -> Passage:
        """Characters `start` to `end` of this passage, without the blanks around them."""
        text = self.text[start:end]
        inner = start + len(text) - len(text.lstrip())
        return Passage(self.words, self.start + inner, self.start + max(inner, start + len(text.rstrip())))

    @property
    def text(self) -> str:
        """The characters of the passage."""
        return self.words[self.start : self.end]

    def fault(
        self, code: str, found: str, *, span: Span | None = None, expected: str | None = None, hint: str | None = None
    ) -> Fault:
        """A fault at a span of the passage (all of it when none is given), underlined."""
        start, end = span or (0, len(self.text))
        shown = self.text[start:end].split("\n", 1)[0]
        location = self.words.place(self.start + start)
        return Fault(code, location, found, expected=expected, hint=hint, width=max(1, len(shown)))


def fault_in(
    words: str, code: str, found: str, *, span: Span | None = None, expected: str | None = None, hint: str | None = None
) -> Fault:
    """A fault in an author's words, at a span of them or in all of them."""
    return Passage.whole(words).fault(code, found, span=span, expected=expected, hint=hint)


def refused(words: str, code: str, found: str, *, expected: str | None = None, hint: str | None = None) -> Faults:
    """An author's words refused as a whole, ready to raise."""
    return Faults((fault_in(words, code, found, expected=expected, hint=hint),))


@dataclass(frozen=True, slots=True)
class Syntax:
    """An expression as Python's tree, and how to find the author's words for each part of it."""

    passage: Passage
    body: ast.expr
    origin: tuple[int, ...]

    def span(self, node: ast.AST) -> Span:
        """The (start, end) characters of a part of the tree, in the passage."""
        start, end = getattr(node, "col_offset", None), getattr(node, "end_col_offset", None)
        if start is None or end is None:
            return (0, len(self.passage.text))
        return (self.origin[start], self.origin[end])


def read_syntax(passage: Passage) -> Syntax:
    """The tree of an expression; raises a Fault SD301 or SD302 for what is none, or is too much."""
    text = passage.text
    if not text.strip():
        raise passage.fault("SD301", "an expression is missing here")
    if len(text) > MAXIMUM_LENGTH:
        found = f"an expression of {len(text):,} characters; the limit is {MAXIMUM_LENGTH:,}"
        raise passage.fault("SD302", found, span=(0, 1), hint="name its parts under define:")
    if _UNUSUAL.search(text):
        _refuse_signs(passage)
    written, origin = _parenthesised(text)
    body = _parsed(passage, written, origin)
    meant = decimal_comma(text) if isinstance(body, ast.Tuple) else None
    if meant is not None:
        raise passage.fault("SD301", f"'{text}' is not a number", hint=Cure(f"write {meant}, with a point", meant))
    syntax = Syntax(passage, body, _by_bytes(written, origin))
    if _WARNED_OF.search(text) is not None:
        _refuse_numbers(syntax)
    # Each level takes at least one character.
    if len(text) > MAXIMUM_DEPTH and _depth(body) > MAXIMUM_DEPTH:
        found = f"an expression nested more than {MAXIMUM_DEPTH} levels deep"
        raise passage.fault("SD302", found, span=(0, 1), hint="name its parts under define:")
    return syntax


def together(read_each: Iterable[Callable[[], Result]]) -> list[Result]:
    """The results of several readings; if any fails, all their faults together."""
    results: list[Result] = []
    faults: list[Fault] = []
    failed = False
    for read_one in read_each:
        try:
            results.append(read_one())
        except Faults as found:
            faults.extend(found.faults)
            failed = True
    if failed:
        raise Faults(faults)
    return results


def top_level(text: str) -> Iterator[tuple[int, str]]:
    """The characters of a text that stand outside brackets and quotes, with their positions."""
    for position, letter, depth in _code(text):
        if depth == 0:
            yield position, letter


def top_level_words(text: str) -> Iterator[tuple[int, str]]:
    """The whole words of a text outside brackets and quotes that are no attributes, with their positions."""
    free = "".join(letter if _is_word(letter) else " " for letter in _masked(text))
    for match in re.finditer(r"[A-Za-z_][A-Za-z0-9_]*", free):
        before = match.start() - 1
        while before >= 0 and text[before].isspace():
            before -= 1
        if before < 0 or text[before] != ".":
            yield match.start(), match[0]


def names_in(text: str) -> set[str]:
    """Every name in a text, of whatever kind, but for attributes and what stands in quotes."""
    return set(re.findall(r"(?<![\w.])[A-Za-z_]\w*", _unquoted(text)))


def counts_in(text: str) -> set[str]:
    """The rules whose firings a text counts, be it an expression or a statement."""
    if "count" not in text:
        return set()
    return set(re.findall(r"(?<![\w.])count\s*\(\s*([A-Za-z_]\w*)\s*\)", _unquoted(text)))


def call_parts(passage: Passage) -> tuple[str, list[Passage]] | None:
    """The name and the arguments of `name(argument, …)`, which need not be expressions; None for another form."""
    match = re.match(r"([A-Za-z_]\w*)\s*\(", passage.text)
    if match is None or not passage.text.endswith(")"):
        return None
    inside = passage.part(match.end(), len(passage.text) - 1)
    free = [position for position, letter in top_level(inside.text)]
    commas = [position for position in free if inside.text[position] == ","]
    if any(inside.text[position] in ")]}" for position in free):
        return None
    ends = [*commas, len(inside.text)]
    return match[1], [inside.part(start, end) for start, end in zip([0, *(at + 1 for at in commas)], ends, strict=True)]


def by_name(arguments: Iterable[Passage], order: tuple[str, ...]) -> dict[str, Passage]:
    """Arguments by their names: as `name=value`, or by position; empty where one is unknown or given twice."""
    arguments = list(arguments)
    found: dict[str, Passage] = {}
    for part, place in zip(arguments, [*order, *[""] * len(arguments)], strict=False):
        named = re.match(r"(\w+)\s*=(?!=)", part.text)
        found[named[1] if named else place] = part.part(named.end(), len(part.text)) if named else part
    return found if len(found) == len(arguments) and set(found) <= set(order) else {}


def _is_word(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter == "_")


def _unquoted(text: str) -> str:
    if "'" not in text and '"' not in text:
        return text
    letters = [" "] * len(text)
    for position, letter, _depth_here in _code(text):
        letters[position] = letter
    return "".join(letters)


def _masked(text: str) -> str:
    letters = [" "] * len(text)
    for position, letter in top_level(text):
        letters[position] = letter
    return "".join(letters)


def _code(text: str) -> Iterator[tuple[int, str, int]]:
    # Characters outside quotes with the depth of brackets; a bracket itself counts as inside.
    depth, quote, skip = 0, "", False
    for position, letter in enumerate(text):
        if quote:
            if skip:
                skip = False
            elif letter == "\\":
                skip = True
            elif letter == quote:
                quote = ""
            continue
        if letter in "'\"":
            quote = letter
            continue
        if letter in "([{":
            depth += 1
        yield position, letter, depth
        if letter in ")]}":
            depth = max(0, depth - 1)


def _refuse_signs(passage: Passage) -> None:
    for position, letter, _depth_here in _code(passage.text):
        span = (position, position + 1)
        if letter == "#":
            hint = "put the comment on a line of its own"
            raise passage.fault("SD302", "comments are not allowed inside an expression", span=span, hint=hint)
        if letter == "\\":
            raise passage.fault("SD301", "a backslash is not part of an expression", span=span)
        if ord(letter) > 126 or (ord(letter) < 32 and letter not in "\n\t\r"):
            slip = slip_in(passage.text) if letter in "€£¥" else None
            if slip is not None:
                raise passage.fault("SD301", slip.found, span=(slip.start, slip.end), hint=slip.cure)
            right = _SIGNS.get(letter)
            found = f"the character {letter!r} is not part of an expression"
            if letter.isalpha():
                raise _foreign_name(passage, position, found)
            raise passage.fault("SD301", found, span=span, hint=f"write {right}" if right else None)


def _foreign_name(passage: Passage, position: int, found: str) -> Fault:
    """The refusal of a name with letters that names do not have, with the name that is meant."""
    word = next(word for word in re.finditer(r"\w+", passage.text) if word.start() <= position < word.end())
    name = tidied(word[0])
    hint = letters_cure(word[0]) or (Cure(f"write {name}", name) if name else "names are written in Latin letters")
    return passage.fault("SD301", found, span=word.span(), hint=hint)


def _refuse_numbers(syntax: Syntax) -> None:
    """Refuse what Python takes for a number and the language does not: 1_000, 0x10, 0b11."""
    for node in ast.walk(syntax.body):
        number = getattr(node, "value", None)
        if isinstance(number, int | float) and not isinstance(number, bool):
            start, end = syntax.span(node)
            word = syntax.passage.text[start:end]
            if _NUMBER.fullmatch(word) is None:
                found = f"'{word}' is not a number of the language"
                raise syntax.passage.fault("SD301", found, span=(start, end), hint=f"write {number}")


def _parenthesised(text: str) -> tuple[str, list[int]]:
    # Python wants brackets around the members of `choice(q for q in road(p), weight=w)`; authors need not write them.
    # The origin of every character of the result is its position in the author's text.
    if "choice" not in text:
        return re.sub(r"[\n\r\t]", " ", text), list(range(len(text) + 1))
    insertions: dict[int, str] = {}
    choices = {match.end() for match in re.finditer(r"\bchoice\s*\(", text)}
    # For each bracket that is open where the choice behind it begins, None if it is no choice or its comma has come.
    open_: list[int | None] = []
    for position, letter, _depth_here in _code(text):
        if letter in "([{":
            open_.append(position + 1 if position + 1 in choices else None)
        elif letter in ")]}":
            del open_[-1:]
        elif letter == "," and open_ and open_[-1] is not None:
            start, open_[-1] = open_[-1], None
            if re.search(r"\bfor\b", text[start:position]):
                insertions[start] = insertions.get(start, "") + "("
                insertions[position] = insertions.get(position, "") + ")"
    letters: list[str] = []
    origin: list[int] = []
    for position, letter in enumerate(text):
        for added in insertions.get(position, ""):
            letters.append(added)
            origin.append(position)
        # Lines of one expression are one line to Python; every character keeps its position.
        letters.append(" " if letter in "\n\r\t" else letter)
        origin.append(position)
    return "".join(letters), [*origin, len(text)]


def _by_bytes(written: str, origin: list[int]) -> tuple[int, ...]:
    # ast counts bytes of UTF-8; authors count characters.
    if written.isascii():
        return tuple(origin)
    found: list[int] = []
    for letter, position in zip(written, origin, strict=False):
        found += [position] * len(letter.encode("utf-8", "surrogatepass"))
    return (*found, origin[-1])


def _parsed(passage: Passage, written: str, origin: list[int]) -> ast.expr:
    try:
        if _WARNED_OF.search(written) is None:
            return ast.parse(written, mode="eval").body
        # Python warns of `1or 2` and of odd backslashes; here they are refused. Changing filters takes its time.
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(written, mode="eval").body
    except SyntaxError as error:
        raise _not_an_expression(passage, error, origin) from None
    except (RecursionError, MemoryError):
        found = f"an expression nested more than {MAXIMUM_DEPTH} levels deep"
        raise passage.fault("SD302", found, span=(0, 1), hint="name its parts under define:") from None
    except (ValueError, Warning):
        raise passage.fault("SD301", "this is not an expression") from None


def _not_an_expression(passage: Passage, error: SyntaxError, origin: list[int]) -> Fault:
    text = passage.text
    for found_word in re.finditer(r"(?<![\w.])[A-Za-z_]\w*", _unquoted(text)):
        position, word = found_word.start(), found_word[0]
        cure = _word_meant(text, position, word)
        if cure is not None:
            span = (position, position + len(word))
            return passage.fault("SD301", f"'{word}' is no word of an expression", span=span, hint=cure)
    number = decimal_comma(text)
    if number is not None:
        return passage.fault("SD301", f"'{text}' is not a number", hint=Cure(f"write {number}, with a point", number))
    prose = slip_in(text)
    if prose is not None:
        return passage.fault("SD301", prose.found, span=(prose.start, prose.end), hint=prose.cure)
    offset = min(max((error.offset or 1) - 1, 0), len(origin) - 1)
    start = min(origin[offset], max(0, len(text) - 1))
    python = error.msg if any(words in error.msg for words in _PYTHON_MESSAGES) else ""
    found = f"this is not an expression{': ' + python if python else ''}"
    code = [(position, letter) for position, letter, _ in _code(text)]
    for (position, letter), (after, follower) in pairwise([*code, (len(text), " ")]):
        pair = letter + follower if after == position + 1 else letter
        before = text[position - 1] if position else " "
        if letter == "=" and follower != "=" and before not in "=<>!":
            span = (position, position + 1)
            return passage.fault("SD301", "an expression cannot assign a value", span=span, hint="'==' compares")
        for slip in (pair, letter):
            if slip in _SLIPS and not (slip == "!" and follower == "="):
                span = (position, position + len(slip))
                return passage.fault("SD301", found, span=span, hint=_SLIPS[slip])
    called = _name_with_blanks(text)
    if called is None:
        return passage.fault("SD301", found, span=(start, start + 1))
    name = tidied(called[0])
    hint = f"a name has no blanks: write the name under which it is declared, not what it is called, such as {name}"
    return passage.fault("SD301", found, span=called.span(), hint=Cure(hint, name))


_WORDS_OF_EXPRESSIONS = frozenset({"and", "or", "not", "if", "else", "in", "for", "is", "true", "false", "none"})


def _name_with_blanks(text: str) -> re.Match[str] | None:
    """The first words with nothing but blanks between them, none of which is a word of expressions; None for others."""
    for match in _IN_A_ROW.finditer(_unquoted(text)):
        if not _WORDS_OF_EXPRESSIONS & set(match[0].lower().split()):
            return match
    return None


_KEYWORD = rf"(?:{'|'.join(sorted(_WORDS_OF_EXPRESSIONS))})\b"
_PLAIN = rf"(?!{_KEYWORD})[A-Za-z][\w'-]*"
_IN_A_ROW = re.compile(rf"(?<![\w.]){_PLAIN}(?: +{_PLAIN})+(?!\s*[(\[])", re.I)


def _word_meant(text: str, position: int, word: str) -> str | None:
    """The cure for a word of plain speech or of another language where an expression has none, such as AND or when."""
    if word.lower() in ("and", "or", "not", "if", "else", "in") and word != word.lower():
        return Cure(f"write {word.lower()}, in small letters", word.lower())
    if word == "when":
        before, after = text[:position].strip(), text[position + len(word) :].strip()
        if before and after and len(text) <= _LONGEST_REPEATED:
            return f"write {before} if {after} else 0"
        return "write VALUE if CONDITION else OTHER"
    return None


_LONGEST_REPEATED = 80
"""Characters of an expression that a cure repeats."""


def _depth(body: ast.expr) -> int:
    deepest = 0
    pending: list[tuple[ast.AST, int]] = [(body, 1)]
    while pending:
        node, depth = pending.pop()
        deepest = max(deepest, depth)
        below = ast.iter_child_nodes(node)
        pending.extend((child, depth + 1) for child in below if isinstance(child, ast.expr | ast.comprehension))
    return deepest
