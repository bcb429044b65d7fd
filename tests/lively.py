"""A small scenario with one of everything that draws random numbers, as plain data that tests add to and reorder."""

from __future__ import annotations

import copy
from typing import Any

import yaml

Scenario = dict[str, Any]

LIVELY: Scenario = {
    "standoff": 1,
    "title": "Four posts on a ring road",
    "starts": "2020-01-01",
    "ends": "2020-02-09",
    "every": "10 days",
    "actors": {"blue": {}, "red": {}, "militia": {"patron": "red"}},
    "places": {"ford": {}, "mill": {}, "farm": {}, "mine": {}},
    "routes": [
        {"between": ["ford", "mill"], "km": 9},
        {"between": ["mill", "farm"], "km": 9},
        {"between": ["farm", "mine"], "km": 9},
        {"between": ["mine", "ford"], "km": 9},
    ],
    "groups": {"outside": {"of": "actor", "members": ["blue", "red"]}},
    "parameters": {
        "daring": {"prior": "lognormal(median=0.02, sigma=0.4)", "unit": "1/day", "evidence": "assumption"},
        "supply": {"prior": "uniform(0.2, 0.4)", "unit": "1/day", "evidence": "assumption"},
    },
    "state": {
        "force": {"of": ["actor", "place"], "at_least": 0},
        "holder": {"of": "place", "is": "actor"},
        "tension": {"of": "place", "half_life": "5 days"},
        "alarms": {"at_least": 0},
        "alarm": {"is": "truth"},
        "weather": {"half_life": "3 days"},
        "storms": {},
    },
    "begin": {
        "force": {"blue": {"ford": 6}, "red": {"farm": 4}, "militia": {"mine": 5}},
        "holder": {"ford": "blue", "farm": "red", "mine": "militia"},
    },
    "rules": {
        "advance": {
            "for": {"a": "actor", "p": "place", "q": "road(p)"},
            "when": "force[a, p] >= 2 and holder[q] != a",
            "rate": "daring * force[a, p] * (2 if alarm else 1)",
            "then": ["force[a, p] -= 1", "force[a, q] += 1", "tension[q] += 1", "holder[q] = a"],
        },
        "skirmish": {
            "for": {"p": "place"},
            "when": "count(a for a in actor if force[a, p] > 0) >= 2",
            "rate": "0.3 + 0.4 * tension[p]",
            "then": [
                {"if": "force[blue, p] > 0", "then": ["force[blue, p] -= binomial(force[blue, p], 0.3)"]},
                {"chance": [{"p": 0.4, "do": ["tension[p] += exponential(0.4)"]}], "otherwise": ["alarms += 1"]},
            ],
        },
        "reinforce": {
            "for": {"a": "outside", "p": "place"},
            "when": "holder[p] == a and sum(force[a, q] for q in place) < 12",
            "rate": "supply",
            "then": ["force[a, p] += poisson(1.5)"],
        },
        "raise_alarm": {
            "when": "alarms >= 3 and not alarm",
            "then": [{"if": "chance(0.7)", "then": ["alarm = true"], "else": ["alarms = 0"]}],
        },
        "stand_down": {"when": "alarm", "rate": 0.2, "then": ["alarm = false", "alarms = 0"]},
        "relief": {"at": 20, "then": ["force[militia, mine] += poisson(3)"]},
        "storm": {"rate": "0.1 + 0.2 * weather", "then": ["weather += uniform(0.5, 1.5)", "storms += 1"]},
        "clear_up": {"when": "storms > 0", "rate": "0.3 / (1 + weather)", "then": ["storms -= 1"]},
    },
    "questions": {"mill-blue": {"ask": "Does blue hold the mill?", "when": "holder[mill] == blue", "at": "2020-02-09"}},
    "watch": {"alarms": {"of": "alarms"}, "storms": {"of": "storms"}},
}
"""Every number that a rate sums is whole, so that no sum depends on its order."""


def text_of(scenario: Scenario) -> str:
    """The scenario as a file."""
    return yaml.safe_dump(scenario, sort_keys=False)


def changed(**sections: dict[str, Any]) -> Scenario:
    """The scenario with entries put before those it has, so that everything has another number than it had."""
    out = copy.deepcopy(LIVELY)
    for section, entries in sections.items():
        out[section] = {**copy.deepcopy(entries), **out.get(section, {})}
    return out


STRANGERS: dict[str, Scenario] = {
    "an actor": changed(actors={"wanderer": {}}),
    "a place": changed(places={"island": {}}),
    "an actor and a place": changed(actors={"wanderer": {}}, places={"island": {}}),
    "a rule": changed(
        state={"rumours": {}}, rules={"rumour": {"rate": 0.7, "then": ["rumours += poisson(2)"]}},
        watch={"rumours": {"of": "rumours"}},
    ),
    "a rule for every place": changed(
        state={"talk": {"of": "place", "half_life": "2 days"}},
        rules={"gossip": {"for": {"p": "place"}, "rate": "0.3 + 0.2 * talk[p]", "then": ["talk[p] += uniform(0, 1)"]}},
    ),
    "a trigger and a dated rule": changed(
        state={"claims": {}},
        rules={
            "deny": {"when": "claims >= 2", "then": ["claims -= binomial(2, 0.9)"]},
            "claim": {"at": 7, "then": ["claims += poisson(2)"]},
        },
        watch={"claims": {"of": "claims"}},
    ),
    "a rule for a kind of one's own and a parameter": changed(
        kinds={"tribe": {"members": ["fox", "owl"]}},
        state={"moved": {"of": "tribe"}},
        parameters={"wander": {"prior": "uniform(0.1, 1)", "unit": "1/day", "evidence": "assumption"}},
        rules={"move": {"for": {"b": "tribe"}, "rate": "wander", "then": ["moved[b] += 1"]}},
        watch={"moved": {"of": "moved[fox]"}},
    ),
    "a question": changed(
        questions={
            "mine-red": {"ask": "Has red held the mine?", "when": "holder[mine] == red", "by": "2020-02-05"},
            "many-alarms": {"ask": "How many alarms are there?", "number": "alarms", "at": "2020-02-09"},
            "how-often": {"ask": "Are there advances?", "happens": {"rule": "advance"}, "by": "2020-02-01"},
        }
    ),
    "a watch": {**changed(watch={"held": {"for": {"p": "place"}, "of": "holder[p]"}}), "every": "1 days"},
}  # fmt: skip
"""The scenario with something added that nothing of it refers to."""


def together() -> Scenario:
    """The scenario with all of these at once."""
    sections: Scenario = {}
    for scenario in STRANGERS.values():
        for section, entries in scenario.items():
            if isinstance(entries, dict):
                new = {name: entry for name, entry in entries.items() if name not in LIVELY.get(section, {})}
                sections.setdefault(section, {}).update(new)
    return changed(**sections)


def turned(value: Any) -> Any:
    """Data with the order of every mapping turned round, but not of a rule's own variables and effects."""
    if not isinstance(value, dict):
        return value
    return {key: value[key] if key == "for" else turned(value[key]) for key in reversed(value)}


def reordered() -> dict[str, Scenario]:
    """The scenario with sections in another order."""
    out: dict[str, Scenario] = {"everything": turned(LIVELY)}
    for section in ("actors", "places", "state", "rules", "parameters"):
        out[section] = {**LIVELY, section: dict(reversed(LIVELY[section].items()))}
    out["routes"] = {**LIVELY, "routes": [{**way, "between": way["between"][::-1]} for way in LIVELY["routes"][::-1]]}
    return out
