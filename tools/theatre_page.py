"""The page that lists what the theatre holds: who decides what, and which mechanism acts through what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from standoff.scenario import Document, load

ROOT = Path(__file__).resolve().parent.parent
DATES = (2015, 2017, 2018, 2021, 2023)
NAMES = ROOT / "verification" / "theatre" / "mechanisms.yaml"
INTRODUCTION = """\
# What the theatre holds

Written by `make docs` from the scenarios; [theatre.md](theatre.md) says how to read it.
"""


def theatre_page() -> str:
    """The page in Markdown: decisions by actor, and mechanisms with their carriers and theses."""
    documents = {year: load(f"eastern-syria-{year}").document for year in DATES}
    return "\n".join([INTRODUCTION, *_decisions(documents[2017]), "", *_mechanisms(documents)]) + "\n"


def _decisions(document: Document) -> Iterator[str]:
    yield "## Who decides what"
    yield ""
    yield "The same at every date; what an option has for its actor is read from the state when the decision comes up."
    yield ""
    yield "| who | decision | options | whether or what | rests on |"
    yield "| --- | --- | --- | --- | --- |"
    by_actor: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    for name, decision in document.decisions.items():
        domain = decision.for_.get(decision.of)
        by_actor[str(domain) if domain is not None else str(decision.of)].append((str(name), decision))
    for actor in sorted(by_actor, key=lambda one: _title(document, one)):
        for name, decision in by_actor[actor]:
            options = ", ".join(str(option) for option in decision.options)
            cells = (_title(document, actor), f"`{name}`", options, _first(decision.about), _cited(decision.evidence))
            yield _row(cells)


def _mechanisms(documents: dict[int, Document]) -> Iterator[str]:
    yield "## What each mechanism acts through"
    yield ""
    yield "A star marks what the table of seeds calls core. Theses are claims that run to an outcome."
    yield ""
    yield "| mechanism | acts through | theses |"
    yield "| --- | --- | --- |"
    carried = _carriers(documents.values())
    theses: dict[str, dict[str, None]] = defaultdict(dict)
    for year, document in documents.items():
        for name, claim in document.claims.items():
            if claim.kind == "thesis":
                for mechanism in claim.mechanism:
                    theses[str(mechanism)][f"`{name}` ({year})"] = None
    for mechanism, about in yaml.safe_load(NAMES.read_text(encoding="utf-8")).items():
        star = "*" if about.get("core") else ""
        ways = ", ".join(carried.get(mechanism, {})) or "nothing"
        yield _row((f"{mechanism}{star} {about['name']}", ways, ", ".join(theses[mechanism]) or "-"))


def _carriers(documents: Iterable[Document]) -> dict[str, dict[str, None]]:
    carried: dict[str, dict[str, None]] = defaultdict(dict)
    for document in documents:
        for kind, name, part in _parts(document):
            for mechanism in part.mechanism:
                carried[str(mechanism)][f"{kind} `{name}`"] = None
        for mechanism, given in document.mechanisms.items():
            for parameter in given.off:
                carried[str(mechanism)][f"parameter `{parameter}`"] = None
    return carried


def _parts(document: Document) -> Iterator[tuple[str, str, Any]]:
    for kind, section in (
        ("rule", document.rules), ("red line", document.red_lines), ("deal", document.deals),
        ("inject", document.injects),
    ):  # fmt: skip
        for name, part in section.items():
            yield kind, str(name), part
    for name, decision in document.decisions.items():
        yield "decision", str(name), decision
        for option, part in decision.options.items():
            yield "option", f"{name}: {option}", part


def _title(document: Document, actor: str) -> str:
    known = document.actors.get(actor)  # type: ignore[call-overload]
    if known is not None:
        return str(known.name or actor)
    group = document.groups.get(actor)  # type: ignore[call-overload]
    return "each of " + ", ".join(_title(document, str(member)) for member in group.members) if group else actor


def _first(about: object) -> str:
    text = " ".join(str(about or "").split())
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


def _cited(evidence: Iterable[Any]) -> str:
    return "; ".join(dict.fromkeys(str(piece.from_) for piece in evidence))


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"
