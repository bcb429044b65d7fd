"""What readers are told instead of identifiers: the title of a thing, or else the beginning of what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from standoff.scenario.origin import Origin, origin_of

if TYPE_CHECKING:
    from standoff.scenario.schema import Document

LONGEST = 90
"""Characters of a meaning, above which it ends at a clause."""
SHORTEST = 30
"""A clause with fewer says too little by itself."""
ENOUGH = 12
"""What stands after a semicolon is left out, unless there is less than this before it."""
_MARKS = re.compile(r"\s*\([^()]*(?:\b[A-Z][0-9]+\b|`)[^()]*\)")
_SENTENCE = re.compile(r"(.+?)[.!?](?:\s|$)", re.DOTALL)
_CLAUSE = re.compile(r"[;:,]\s| - | – ")
_SECTIONS = (
    "state", "parameters", "rules", "zones", "red_lines", "corridors", "deals", "decisions", "policies", "levers",
    "orders", "injects", "flows", "define", "groups",
)  # fmt: skip
"""What readers meet outside the library comes first: two sections may use the same name."""
_OWN = frozenset({"event", "struck", "agreed", "change", "option", "order", "otherwise", "open", "chosen"})
"""Parts of words that have the title and the text of the word itself, or of an entry in it."""


def meanings(document: Document, expanded: Document) -> dict[str, str]:
    """By its identifier, what readers are told of whatever has a title or an `about`, or is made of what has one.

    Variants and watches come last: their names may be those of other things.
    """
    found: dict[str, str] = {}
    called = {str(name): str(actor.name or readable(name)) for name, actor in document.actors.items()}
    for section in _SECTIONS:
        for name, entry in chain(getattr(document, section).items(), getattr(expanded, section).items()):
            origin = origin_of(name)
            said = meaning_of(entry) if origin is None or origin.role in _OWN else ""
            if said[:1].islower() and origin is not None and origin.role == "option":
                said = ""  # it goes on from what the decision is called
            if not said and origin is not None:
                said = _made(origin, document, expanded, called)
            if said:
                found.setdefault(str(name), said)
    for name, said in _others(document):
        found.setdefault(name, said)
    return found


def meaning_of(entry: Any) -> str:
    """The title of a part of a scenario, else the first sentence of its `about`; empty where it has neither."""
    title = getattr(entry, "title", None) or getattr(entry, "label", None)
    return " ".join(str(title).split()) if title else shortened(str(getattr(entry, "about", None) or ""))


def shortened(text: str) -> str:
    """The first sentence of a text, up to a semicolon, without its references; ended at a clause where it is long."""
    plain = _MARKS.sub("", " ".join(text.split())).replace("`", "")
    first = _SENTENCE.match(plain)
    said = (first[1] if first else plain).strip()
    aside = said.find("; ", ENOUGH)
    said = said[:aside] if aside > 0 else said
    if len(said) > LONGEST:
        ends = [clause.start() for clause in _CLAUSE.finditer(said) if SHORTEST <= clause.start() < LONGEST]
        said = f"{said[: ends[-1] if ends else said.rindex(' ', 0, LONGEST) if ' ' in said[:LONGEST] else LONGEST]} …"
    return said[:1].upper() + said[1:]


def readable(name: str) -> str:
    """A name of the language as words: `deir_ez_zor` becomes `deir ez zor`."""
    return name.replace("_", " ").replace("-", " ")


_PARTS = {
    "response": "the answer", "date": "the day", "luck": "whether it comes", "is lost": "cut", "reaches": "joined",
    "opens": "opens", "closes": "closes", "ends": "ends", "gain": "what it is worth", "in force": "in force",
    "comes up": "decided", "takes": "chosen", "done": "done", "preparation": "under way",
    "under way": "under way", "stage": "under way",
    "breaches": "crossings so far", "is forgotten": "forgotten",
    "awaited answers": "answers to come", "credibility": "how far it is believed",
    "acceptance": "who accepts it", "offer": "offered", "offered": "offered", "replies": "accepted",
    "withdraw": "withdrawn", "withdraws": "withdrawn", "weighed": "to be answered", "rests": "over",
    "due": "when it is due", "waits": "it begins", "speed": "how fast it moves", "moves": "it moves",
    "rate": "how fast",
}  # fmt: skip


def _made(origin: Origin, document: Document, expanded: Document, called: Mapping[str, str]) -> str:
    """What a part that a word makes means, by the meaning of the word."""
    if origin.word in {"stance", "goal"}:
        whose = called.get(origin.name, readable(origin.name))
        if origin.word == "goal":
            return f"What {whose} has gained" if origin.role == "gained" else f"{whose} gains"
        return f"Stance of {whose}: {readable(origin.of)}" if origin.of else f"Stance of {whose}"
    if origin.word == "question":
        asked: Any = expanded.questions.get(origin.name)
        return "" if asked is None else str(asked.title or asked.ask)
    if origin.word == "tie":
        return f"Deniability of {readable(origin.name)}" if origin.role == "deniability" else readable(origin.name)
    sections = {
        "red line": "red_lines", "zone": "zones", "corridor": "corridors", "deal": "deals", "decision": "decisions",
        "inject": "injects", "order": "orders", "rule": "rules",
    }  # fmt: skip
    if origin.word == "flow":
        section = document.flows if origin.role == "rate" else document.state
        return f"{meaning_of(section.get(origin.name)) or readable(origin.name)}: {_PARTS[origin.role]}"
    if origin.word not in sections:
        return ""
    word = getattr(document, sections[origin.word]).get(origin.name)
    whole = meaning_of(word) or readable(origin.name)
    if origin.word == "decision" and origin.of:
        option = word.options.get(origin.of) if word is not None else None
        return f"{whole}: {meaning_of(option) or readable(origin.of)}"
    part = _PARTS.get(origin.role)
    return f"{whole}: {part}" if part is not None else whole


def _others(document: Document) -> Iterator[tuple[str, str]]:
    for name, watch in document.watch.items():
        if said := meaning_of(watch):
            yield str(name), said
    for name, variant in document.variants.items():
        if said := shortened(str(variant.get("about") or "")):
            yield str(name), said
            # As a what-if of it alone is called.
            yield f"variant={name}", said
    for word, section in (("inject", document.injects), ("policy", document.policies)):
        for name, entry in section.items():
            if said := meaning_of(entry):
                yield f"{word}={name}", said
