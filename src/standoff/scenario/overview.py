"""A scenario as readers see it in short: who, where, what is asked, and which numbers are uncertain."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from standoff.display import Cell, Display, Note, Row, Table, columns
from standoff.numerals import many
from standoff.scenario.keeping import kept
from standoff.scenario.schema import named_sections
from standoff.time import date_in_words, iso

if TYPE_CHECKING:
    from standoff.scenario.loading import Scenario

COUNTED = {"actors": "actor", "places": "place", "rules": "rule", "parameters": "parameter", "questions": "question"}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many entries the sections of a scenario have that it is told by."""

    actors: int
    places: int
    rules: int
    parameters: int
    questions: int

    @classmethod
    def of(cls, scenario: Scenario) -> Sizes:
        """Those of a scenario; they are kept, because to read a theatre for them takes a second."""
        if not scenario.key:
            return cls._counted(scenario)
        return kept(cls, lambda: cls._counted(scenario), scenario.key)

    @classmethod
    def _counted(cls, scenario: Scenario) -> Sizes:
        document = scenario.document
        return cls(**{section: len(getattr(document, section)) for section in COUNTED})


def counted(scenario: Scenario) -> str:
    """How much there is of what: `12 actors, 30 places`."""
    sizes = asdict(Sizes.of(scenario))
    return ", ".join(many(sizes[section], one) for section, one in COUNTED.items())


def overview(scenario: Scenario) -> Display:
    """A scenario in short."""
    document = scenario.document
    case = f", variant {scenario.variant}" if scenario.variant else ""
    case += "".join(f", {name} = {value:g}" for name, value in scenario.settings.items())
    days = f"{date_in_words(document.starts)} to {date_in_words(document.ends)}"
    sentence = f"{document.title} ({days}): {counted(scenario)}."
    parts: list[Table | Note] = [Note(str(document.about))] if document.about else []
    parts += [_questions(scenario)] if document.questions else []
    parts.append(_sections(scenario))
    parts += [_parameters(scenario)] if document.parameters else []
    return Display(sentence, f"{scenario.name}{case}, digest {scenario.digest}", tuple(parts))


def _questions(scenario: Scenario) -> Table:
    asked = scenario.as_read.questions
    rows = tuple(Row((Cell(str(one.ask), str(one.name)), iso(one.date))) for one in asked)
    return Table(columns("question", "by", name=("by",)), rows, "Questions")


def _sections(scenario: Scenario) -> Table:
    rows = []
    for section in named_sections():
        entries = getattr(scenario.document, section)
        if entries and section not in ("parameters", "questions"):
            rows.append(Row((section.replace("_", " "), str(len(entries)), ", ".join(map(str, entries)))))
    return Table(columns("what", "how many", "names", name=("what",), number=("how many",)), tuple(rows))


def _parameters(scenario: Scenario) -> Table:
    rows = []
    for name, one in scenario.document.parameters.items():
        evidence = ", ".join(str(piece.from_) for piece in one.evidence)
        meaning = Cell(str(one.about), str(name)) if one.about else Cell(str(name))
        rows.append(Row((meaning, str(one.prior), one.unit or "", evidence)))
    heads = columns("parameter", "prior", "unit", "evidence", name=("prior",))
    return Table(heads, tuple(rows), "Parameters", 0, many(len(rows), "parameter"))
