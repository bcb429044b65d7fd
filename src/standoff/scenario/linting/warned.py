"""Warnings at an author's words: at a key, or at a part of an expression."""

from __future__ import annotations

from collections.abc import Iterable

from standoff.errors import Fault, Location
from standoff.scenario.reading.source import Words
from standoff.scenario.tree import Node


def passage(words: Words, node: Node) -> tuple[Location | None, str, int]:
    """Where a part of an expression stands, its words, and their length."""
    lead = len(words) - len(words.lstrip())
    start, end = node.span
    told = " ".join(words[lead + start : lead + end].split()) or words.strip()
    return words.place(lead + start), told, max(1, end - start)


def warning(code: str, word: str, found: str, hint: str) -> Fault:
    """A warning at an author's word."""
    location = word.location if isinstance(word, Words) else None
    return Fault(code, location, found, None, hint, "warning", max(1, len(word)))


def key(mapping: Iterable[str], name: str) -> str:
    """The key of a mapping as its author wrote it, with its place."""
    return next(word for word in mapping if word == name)
