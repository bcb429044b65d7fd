"""The word lists that the rules read, and the words of a text in one spelling."""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "lexicons"
_ARTICLE = re.compile(r"^(?:the|a|an|al|el|at|an|ar|as|ash|az|ad) (?=\S)")
_APOSTROPHES = re.compile(r"[’'`ʻʿ‘]")
_OTHER = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ə": "a"}
)
"""Letters that Unicode does not take apart into a plain one and a sign, as they are written without them."""
_SENTENCE_END = re.compile(r"[.!?…]+(?:\[\d+\])*[\"”’')\]]*(?:\s*\[\d+\])*\s+(?=[\"“‘(\[]?[A-Z0-9•])")
_NO_END = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Gen|Lt|Col|Maj|Sgt|Capt|Adm|Sen|Rep|Gov|Jr|Sr|No|vs|e\.g|i\.e|etc|approx|Jan|Feb|Mar|Apr|Aug"
    r"|Sept?|Oct|Nov|Dec)|\b[A-Z](?:\.[A-Z])*)\.$"
)


@cache
def lexicon(name: str) -> dict[str, Any]:
    """A word list of this folder, as its file says."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def lexicon_digests() -> dict[str, str]:
    """The SHA-256 of each word list, by name: another list finds other things."""
    return {file.stem: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(FOLDER.glob("*.toml"))}


@cache
def fold(words: str) -> str:
    """Words in one spelling: small letters, no accents, apostrophes, hyphens or article at the beginning."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", words) if not unicodedata.combining(sign))
    plain = _APOSTROPHES.sub("", plain.lower().translate(_LETTERS))
    return _ARTICLE.sub("", _OTHER.sub(" ", plain).strip())


def singular(noun: str) -> str:
    """The singular of a noun in small letters, by its ending; `us`, `is` and `ss` end no plural."""
    if noun.endswith("ies") and len(noun) > 4:
        return noun.removesuffix("ies") + "y"
    if noun.endswith(("shes", "ches", "sses", "xes")):
        return noun.removesuffix("es")
    return noun.removesuffix("s") if len(noun) > 3 and not noun.endswith(("ss", "us", "is")) else noun


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a paragraph begins and ends; a title or an initial with a full stop ends none."""
    found: list[tuple[int, int]] = []
    begin = 0
    for match in _SENTENCE_END.finditer(text):
        if _NO_END.search(text[begin : match.start() + 1]) and text[match.start()] == ".":
            continue
        found.append((begin, match.start() + len(match[0].rstrip())))
        begin = match.end()
    return [*found, (begin, len(text))] if begin < len(text) else found
