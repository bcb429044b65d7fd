"""Putting expressions together from the author's words, so that a later fault still points at those words."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from standoff.errors import Location
from standoff.scenario.reading.source import Words

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

_CLOSED = (ast.Name, ast.Call, ast.Attribute, ast.Subscript, ast.Constant)
_CONDITIONS = (*_CLOSED, ast.Compare, ast.UnaryOp, ast.BinOp)


class Embedded(Words):
    """An expression that holds the author's words between generated ones."""

    __slots__ = ("author", "offset")

    author: Words
    offset: int

    def __new__(cls, before: str, author: Words, after: str = "") -> Embedded:
        """`before`, the author's words without the blanks around them, `after`."""
        words: Embedded = super().__new__(cls, f"{before}{author.strip()}{after}", author.location)  # type: ignore[assignment]
        words.author = author
        words.offset = len(before)
        return words

    def place(self, offset: int) -> Location | None:
        """Where a character stands in the author's file; generated ones stand where the author's words begin."""
        inside = min(max(offset - self.offset, 0), len(self.author.strip()) - 1)
        return self.author.place(inside + len(self.author) - len(self.author.lstrip()))


def phrase(text: str, near: str) -> Words:
    """Generated words that stand where the author's words `near` stand."""
    return Words(text, near.location if isinstance(near, Words) else None)


def conjunction(before: str, author: Words) -> Words:
    """`before and author`, with brackets where the author's words need them."""
    if _is(author, _CONDITIONS, ast.And):
        return Embedded(f"{before} and ", author)
    return Embedded(f"{before} and (", author, ")")


def operand(words: str) -> str:
    """Words that can stand beside an arithmetic operator or a comparison."""
    return words.strip() if _is(words, _CLOSED) else f"({words.strip()})"


def compared(words: Words, before: str) -> Words:
    """`before words`, where `before` ends in a comparison; with brackets where the words need them."""
    if _is(words, (*_CLOSED, ast.BinOp, ast.UnaryOp)):
        return Embedded(before, words)
    return Embedded(f"{before}(", words, ")")


def number(value: float) -> str:
    """A number as an author would write it."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def is_name(words: str) -> bool:
    """Whether some words are a single name."""
    return IDENTIFIER.fullmatch(words.strip()) is not None


def renamed(words: Words, names: Mapping[str, str]) -> Words:
    """The words with some names replaced by others, outside of quoted texts."""
    found: list[str] = []
    for part in re.split(r"('[^']*'|\"[^\"]*\")", words):
        quoted = part[:1] in ("'", '"')
        found.append(part if quoted else IDENTIFIER.sub(lambda match: names.get(match[0], match[0]), part))
    text = "".join(found)
    return words if text == words else phrase(text, words)


def identifiers(words: str) -> set[str]:
    """All names in some words, outside of quoted texts."""
    return set(IDENTIFIER.findall(re.sub(r"'[^']*'|\"[^\"]*\"", " ", words)))


def memberships(words: str | None) -> dict[str, list[str]]:
    """Which names a condition surely puts in which sets: `q in zone and a in band` gives {q: [zone], a: [band]}."""
    found: dict[str, list[str]] = {}
    body = syntax(words) if words is not None else None
    parts = body.values if isinstance(body, ast.BoolOp) and isinstance(body.op, ast.And) else [body]
    for part in parts:
        match part:
            case ast.Compare(left=ast.Name(id=name), ops=[ast.In()], comparators=[ast.Name(id=group)]):
                found.setdefault(name, []).append(group)
    return found


def syntax(words: str) -> ast.expr | None:
    """Python's tree of an expression; None for what is none, which a later step refuses at its place."""
    try:
        return ast.parse(" ".join(words.split()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is(words: str, forms: tuple[type[ast.expr], ...], operator: type[ast.boolop] | None = None) -> bool:
    body = syntax(words)
    if isinstance(body, ast.BoolOp):
        return operator is not None and isinstance(body.op, operator)
    return isinstance(body, forms)
