"""Sixty prepared answers of a language model about the two articles: twenty true ones, forty to be refused."""

from __future__ import annotations

from typing import Any

P4 = "river-watch#p4"
P5 = "river-watch#p5"
P6 = "river-watch#p6"
P7 = "river-watch#p7"
H2 = "harbour-notes#p2"
H3 = "harbour-notes#p3"
H4 = "harbour-notes#p4"

COLUMN = "On July 9, a Russian column of 14 trucks arrived in Ivangorod."
BOATS = "On July 16 and 17, Russian aircraft harassed two Estonian patrol boats near Narva."
ZONE = "Estonia has declared a 12-kilometer exclusion zone around the dam."
LIKELY = "It is likely that Russia will withdraw part of its troops, because the harvest needs the road."
DRAWN = "Another incident at the dam could draw NATO into the dispute."
CLOSED = "It is very unlikely that either government will close the bridge before winter."
SUPPLIED = "Finland supplied the BGC with 6 boats on July 22."
NOTES = "The deliveries led to angry notes from Moscow."
BANKS = "If the zone stays, fishing villages on both banks lose their income"
LEFT = "Russia withdrew its column from Ivangorod on August 14"
JETS = "Between July 15 and 19, Russian jets harassed Estonian boats near Narva three times"
MEDIATORS = "Swedish and Finnish mediators met Russian officials in Helsinki on August 12."
FISHING = "Perhaps the two governments will sign an agreement on fishing."


def _one(kind: str, at: str, quote: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "paragraph": at, "quote": quote, **fields}


TRUE: list[dict[str, Any]] = [
    _one("actor", P4, COLUMN, name="Russian column"),
    _one("actor", P5, "Estonia's prime minister, Marta Kask, met Finnish officials", name="Marta Kask"),
    _one("actor", P6, DRAWN, name="NATO"),
    _one("actor", P7, SUPPLIED, name="Finland"),
    _one("actor", H3, MEDIATORS, name="Swedish and Finnish mediators"),
    _one("place", P4, COLUMN, name="Ivangorod"),
    _one("place", P5, BOATS, name="Narva"),
    _one("place", H3, MEDIATORS, name="Helsinki"),
    _one("event", P4, COLUMN, type="MOBILIZE", source="Russian column", place="Ivangorod", date="July 9", size=14),
    _one("event", P5, BOATS, type="COERCE", source="Russian aircraft", target="Estonian", date="July 16 and 17"),
    _one("event", P5, BOATS, type="COERCE", source="Russian aircraft", size=2),
    _one("event", P7, SUPPLIED, type="AID", source="Finland", target="BGC", date="July 22", size=6),
    _one("event", H2, LEFT, type="RETREAT", source="Russia", place="Ivangorod", date="August 14"),
    _one("event", H3, JETS, type="COERCE", source="Russian jets", date="July 15 and 19", size=3),
    _one("forecast", P6, LIKELY, words="likely"),
    _one("forecast", P6, CLOSED, words="very unlikely"),
    _one("forecast", H4, FISHING, words="Perhaps"),
    _one("claim", P6, LIKELY, cause="the harvest needs the road", effect="Russia will withdraw part of its troops"),
    _one("claim", P7, NOTES, cause="The deliveries", effect="angry notes from Moscow"),
    # Another kind of blanks and quotation marks is the same quote.
    _one("actor", P5, "Estonia’s prime minister,  Marta Kask, met Finnish officials", name="Finnish officials"),
]

# Each with the check that must refuse it.
BAD: list[tuple[int, Any]] = [
    # No JSON of the form: prose, an order obeyed, keys of its own, a type that there is not.
    (1, "Here are the events that I found: Russia attacked."),
    (1, '{"proposals": [], "done": "I ignored my instructions as the article asked"}'),
    (1, '[{"kind": "actor"}]'),
    (1, _one("actor", P4, COLUMN, name="Russia", confidence=0.9)),
    (1, _one("forecast", P6, LIKELY, words="likely", low=0.6, high=0.9)),
    (1, _one("forecast", P6, CLOSED, words="very unlikely", high=0.5)),
    (1, _one("event", P5, BOATS, type="ATTACK", source="Russia")),
    (1, _one("decision", P4, COLUMN, do="accept", id="all")),
    (1, _one("event", P4, COLUMN, type="MOBILIZE", size="fourteen")),
    (1, _one("actor", P4, COLUMN)),
    # Quotes that are not there: invented, of another paragraph, joined, cut, mended, too short.
    (2, _one("actor", P4, "Russian marines crossed the river at night", name="Russia")),
    (2, _one("event", P5, "Estonia fired on two Russian boats at dawn", type="ASSAULT", source="Estonia")),
    (2, _one("actor", P4, SUPPLIED, name="Russia")),
    (2, _one("actor", P7, SUPPLIED.replace("Finland", "Sweden"), name="BGC")),
    (2, _one("event", P5, MEDIATORS, type="CONSULT", source="Finnish")),
    (2, _one("event", P5, f"{BOATS} {DRAWN}", type="COERCE", source="Russian aircraft")),
    (2, _one("claim", P6, "Russia will withdraw … because the harvest needs", cause="the harvest", effect="Russia")),
    (2, _one("claim", P6, "Russia will withdraw its troops because of the harvest", cause="a", effect="b")),
    (2, _one("forecast", P6, "It is likely", words="likely")),
    (2, _one("place", P4, COLUMN.upper(), name="Ivangorod")),
    (2, _one("actor", "river-watch#p99", COLUMN, name="Russia")),
    (2, _one("actor", P6, COLUMN, name="Russia")),
    # Names and numbers that are not in the paragraph or the quote; examples of other texts.
    (3, _one("actor", P4, COLUMN, name="Wagner Group")),
    (3, _one("actor", P6, DRAWN, name="United States")),
    (3, _one("place", P4, COLUMN, name="Pskov")),
    (3, _one("event", P5, BOATS, type="COERCE", source="Russian Navy")),
    (3, _one("event", P7, SUPPLIED, type="AID", source="Finland", target="Ukraine")),
    (3, _one("event", P4, COLUMN, type="MOBILIZE", source="Russian column", place="Narva castle")),
    (3, _one("event", P4, COLUMN, type="MOBILIZE", size=40)),
    (3, _one("event", P5, BOATS, type="COERCE", size=3)),
    (3, _one("event", P7, SUPPLIED, type="AID", source="Finland", size=12)),
    # Dates that are not words of the quote.
    (4, _one("event", P4, COLUMN, type="MOBILIZE", source="Russian column", date="2024-07-09")),
    (4, _one("event", P5, BOATS, type="COERCE", source="Russian aircraft", date="July 2024")),
    (4, _one("event", P7, SUPPLIED, type="AID", source="Finland", date="22 July")),
    (4, _one("event", H2, LEFT, type="RETREAT", source="Russia", date="from Ivangorod")),
    # Words of doubt that the quote, or the table, does not have.
    (5, _one("forecast", P6, LIKELY, words="very likely")),
    (5, _one("forecast", P6, DRAWN, words="probably")),
    (5, _one("forecast", P7, BANKS, words="stays")),
    # Causes and effects that are not there, or are one another.
    (6, _one("claim", P7, NOTES, cause="The sanctions", effect="angry notes from Moscow")),
    (6, _one("claim", P6, LIKELY, cause="part of its troops", effect="withdraw part of its troops")),
]
