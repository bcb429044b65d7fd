"""A scenario with everything a report can show, for the tests of the report: a front that moves over twelve places."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PLACES = {
    "tanf": (33.51, 38.62, "base", "rebels"), "zaza": (33.78, 37.80, "checkpoint", "militia"),
    "raqqa": (35.95, 39.01, "city", "isis"), "deir_ez_zor": (35.34, 40.14, "city", "isis"),
    "albukamal": (34.45, 40.92, "town", "isis"), "palmyra": (34.55, 38.27, "town", "regime"),
    "sukhnah": (34.89, 38.87, "town", "isis"), "t2": (34.35, 40.15, "station", "none"),
    "waleed": (33.43, 38.90, "crossing", "rebels"), "damascus": (33.51, 36.29, "capital", "regime"),
    "baghdad": (33.31, 44.37, "capital", "iraq"), "hamadan": (35.21, 48.65, "base", "none"),
}  # fmt: skip
ROADS = [
    ("damascus", "zaza"), ("zaza", "tanf"), ("tanf", "waleed"), ("waleed", "baghdad"), ("damascus", "palmyra"),
    ("palmyra", "sukhnah"), ("sukhnah", "deir_ez_zor"), ("deir_ez_zor", "albukamal"), ("albukamal", "t2"),
    ("t2", "waleed"), ("raqqa", "deir_ez_zor"), ("albukamal", "baghdad"),
]  # fmt: skip
COLOURS = {"regime": "#D55E00", "isis": "#1f1f1f", "rebels": None, "militia": None, "iraq": "#CC79A7"}


@dataclass(frozen=True)
class Texts:
    """The texts of a scenario that its author is free in, so that a test can make them hostile."""

    title: str = "A front in the desert"
    about: str = "Who holds the road to the sea at the end of the summer."
    ask: str = "Will the regime hold the town by the river at the end of August?"
    says: str = "The paper expects a race once the city falls."
    label: str = "Places held"
    kind: str = "armed group"
    name: str = "side"


def front(texts: Texts = Texts()) -> dict[str, Any]:
    """The scenario as plain data."""
    locator = {"from": "paper-2017#p3", "says": texts.says}
    forecast = {"id": "F01", "low": 0.55, "high": 0.8, "words": texts.says, "evidence": dict(locator)}
    return {
        "standoff": 1, "title": texts.title, "about": texts.about, "starts": "2017-05-31", "ends": "2017-08-31",
        "every": "4 days", "notes": [texts.says], "leaves_out": [texts.says],
        "sources": {"paper-2017": {"title": texts.title, "publisher": texts.kind, "paragraphs": 9}},
        "actors": {
            name: {"name": f"{name} {texts.name}", "kind": texts.kind, "about": texts.about, "colour": colour}
            if colour
            else {"name": f"{name} {texts.name}", "kind": texts.kind}
            for name, colour in COLOURS.items()
        },
        "places": {
            name: {"name": f"{name} {texts.name}", "at": [lat, lon], "kind": kind, "about": texts.about}
            for name, (lat, lon, kind, _) in PLACES.items()
        },
        "groups": {"axis": {"of": "actor", "members": ["regime", "militia"]}},
        "routes": [{"between": list(ends), "along": texts.says} for ends in ROADS],
        "state": {"holder": {"of": "place", "is": "actor"}},
        "begin": {"holder": {name: holder for name, (_, _, _, holder) in PLACES.items() if holder != "none"}},
        "parameters": {
            "radius": {"prior": "choice(25, 55, weights=[0.3, 0.7])", "unit": "km", "evidence": [locator]},
            "daring": {"prior": "lognormal(median=0.03, sigma=0.5)", "unit": "1/day", "evidence": "assumption"},
            "patience": {"prior": "uniform(5, 40)", "evidence": {"from": "assumption", "hindsight": True}},
        },
        "zones": {"exclusion": {"centre": "tanf", "radius": "radius", "holder": "rebels", "excludes": ["militia"]}},
        "corridors": {"land_link": {"from": "baghdad", "to": "damascus", "friendly": ["axis", "iraq", "none"]}},
        "rules": {
            "advance": {
                "for": {"p": "place", "q": "road(p)"},
                "when": "holder[p] != none and holder[q] != holder[p] and (q not in exclusion or holder[p] != militia)",
                "rate": "daring", "then": ["holder[q] = holder[p]"],
                "event": "ASSAULT (ground) by holder[p] on holder[q] at q size patience",
            },
            "quiet": {"when": "holder[zaza] == regime", "then": ["holder[t2] = regime"]},
        },
        "questions": {
            "town": {"ask": texts.ask, "when": "holder[albukamal] == regime", "at": "2017-08-31", "forecast": forecast,
                     "recorded": {"outcome": "yes", "why": texts.says}},
            "town-never": {"ask": texts.ask, "when": "holder[hamadan] == isis", "at": "2017-08-31",
                           "recorded": {"outcome": "no"}},
            "how-many": {"ask": texts.ask,
                         "number": "count(p for p in place if holder[p] == isis)", "at": "2017-07-31"},
            "when-raqqa": {"ask": texts.ask, "first": "holder[raqqa] != isis", "by": "2017-08-31"},
        },
        "watch": {
            "control": {"for": {"p": "place"}, "of": "holder[p]"},
            "forces": {"for": {"p": "place"}, "of": "4 * count(q for q in road(p) if holder[q] == holder[p])",
                       "unit": "company", "shows": "force"},
            "held": {"for": {"a": "actor"}, "of": "count(p for p in place if holder[p] == a)", "label": texts.label},
            "link": {"of": "open_land_link", "label": texts.label},
        },
    }  # fmt: skip


def full_front(texts: Texts = Texts()) -> dict[str, Any]:
    """The front with a deal, a state of named levels and ties as well."""
    plain = front(texts)
    deal = {
        "about": texts.about,
        "parties": {
            "regime": {"deal": 1, "no_deal": "0 if holder[albukamal] == isis else 2"},
            "rebels": {"deal": "patience", "no_deal": 20},
            "militia": {"deal": 0, "no_deal": 1, "must_agree": False},
        },
        "rate": 0.02,
    }
    sours = {"about": texts.about, "when": "mood == calm", "rate": 0.02, "then": ["mood = tense"],
             "mechanism": ["M01"], "evidence": [{"from": "paper-2017#p3", "says": texts.says}]}  # fmt: skip
    bursts = {"when": "mood == tense", "rate": 0.03, "then": ["mood = open_war"]}
    patron = {"from": "regime", "to": "militia", "strength": 0.4, "about": texts.about, "evidence": "paper-2017#p2"}
    return plain | {
        "deals": {"isis_out": deal},
        "state": plain["state"] | {"mood": {"is": ["calm", "tense", "open_war"]}},
        "rules": plain["rules"] | {"sours": sours, "bursts": bursts},
        "watch": plain["watch"]
        | {
            "mood-of-all": {"of": "mood", "label": "Mood"},
            "isis-places": {"of": "count(p for p in place if holder[p] == isis)", "unit": "place"},
        },
        "record": {
            "lost": {
                "at": "2017-06-20",
                "until": "2017-06-22",
                "event": "RETREAT (place lost) by isis on regime at sukhnah",
                "holder": "regime",
                "about": texts.about,
                "evidence": "public-record",
            }
        },
        "ties": {"patron": [patron], "rivalry": [{"from": "rebels", "to": "isis", "mechanism": ["M02"]}]},
    }


def write_front(path: Path, texts: Texts = Texts(), *, full: bool = False) -> Path:
    """The scenario as a file."""
    document = full_front(texts) if full else front(texts)
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path
