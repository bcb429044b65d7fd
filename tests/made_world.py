"""The world of made scenarios: who is there, what can change, and what must stay the same whatever happens."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

from tests.made_expressions import Expressions, Scope, World

ACTORS = ("us", "ru", "ir")
PLACES = ("ford", "hill", "gate", "well")
WORDS = ("flows", "ties", "stances", "corridors", "red_lines", "injects", "deals", "decisions", "goals", "orders")
SPANS = {
    "tension": (0.0, 10.0), "stock": (-5.0, 5.0), "rank": (0.0, 20.0), "spent": (0.0, 20.0), "pile": (0.0, 6.0),
    "tank": (-2.0, 8.0),
}  # fmt: skip
"""States and the bounds that they keep."""

NOT_BELOW_ZERO = ("force", "load", "reserve", "grief", "worry", "fatigue")
MEMORIES = ("heat", "worry", "grief", "pulse", "fatigue")
INDEX = {
    "force": ("actor", "place"),
    "rank": ("place",),
    "busy": ("actor",),
    "flag": ("actor", "place"),
    "holder": ("place",),
    "seat": ("actor",),
    "boss": ("unit",),
    "post": ("unit",),
    "mate": ("unit",),
    "mode": ("unit",),
    "load": ("unit",),
    "reserve": ("actor",),
    "grief": ("actor",),
    "pulse": ("place",),
    "pile": ("place",),
    "fatigue": ("unit",),
}
BOUNDS = (
    "1 if 0 <= tension <= 10 and -5 <= stock <= 5 and 0 <= spent <= 20 and worry >= 0"
    " and all(0 <= rank[p] <= 20 and all(force[a, p] >= 0 for a in actor) for p in place)"
    " and -2 <= tank <= 8 and all(0 <= pile[p] <= 6 for p in place)"
    " and heat == heat and all(pulse[p] == pulse[p] for p in place)"
    " and all(reserve[a] >= 0 and grief[a] >= 0 for a in actor)"
    " and all(load[u] >= 0 and fatigue[u] >= 0 for u in unit) else 0"
)
"""Whether every state is inside its bounds."""

EVERYTHING = (
    "1.1 * tension + 1.2 * tank + 1.3 * stock + 1.7 * spent + 1.9 * heat + 2.3 * worry + (2.9 if alarm else 0)"
    " + (3.1 if mood == calm else 3.7 if mood == war else 0)"
    " + sum((1 + distance(p, ford)) * (rank[p] + 0.7 * pulse[p] + 0.9 * pile[p]"
    " + (5 if holder[p] == us else 9 if holder[p] == none else 0)) for p in place)"
    " + sum((3 if a == us else 1) * (reserve[a] + 0.3 * grief[a]"
    " + (1.5 if busy[a] else 0) + (7 if seat[a] == ford else 0)"
    " + sum((1 + distance(p, ford)) * (force[a, p] + (11 if flag[a, p] else 0)) for p in place)) for a in actor)"
    " + sum((1 + u.bulk + (2 if u == u0 else 0)) * (load[u] + 0.1 * fatigue[u] + (13 if boss[u] == us else 0)"
    " + (17 if post[u] == ford else 0) + (19 if mate[u] == u0 else 0) + (23 if mode[u] == keen else 0)) for u in unit)"
)
"""A number that hardly anything can change in silence."""

SCALARS = ("tension", "stock", "spent", "alarm", "mood", "heat", "worry", "tank")
PRIORS = {
    "daring": ("uniform(0.05, 0.4)", "loguniform(0.05, 0.4)", "beta(2, 8)", "0.2", "triangular(0.1, 0.2, 0.4)"),
    "scale": ("lognormal(median=1, sigma=0.4)", "gamma(3, 1.5)", "gamma(shape=0.7, mean=2)", "uniform(0.4, 2)"),
    "cutoff": ("choice(1, 3, 5)", "choice(25, 55, weights=[0.3, 0.7])", "normal(3, 2)", "2"),
    "edge": ("0", "uniform(0, 1)", "choice(0, 1e-9)", "uniform(0, 1e-300)", "1"),
    "mass": (
        "exponential(2)", "normal(mean=0, sd=1)", "exponential(mean=1)", "quantiles(5%: -1, 50%: 0.5, 95%: 2)",
        "logquantiles(5%: 0.2, 50%: 1, 95%: 4)",
    ),
}
OWN = {
    "nerve": {"of": "actor", "prior": "normal(0, 1)"},
    "bent": {"of": "unit", "prior": "uniform(0.5, 1.5)"},
    "hold": {"of": "place", "prior": "quantiles(5%: 0.2, 50%: 1, 95%: 3)"},
}
"""Parameters of which each entity has a value of its own."""


def members(luck: Random, crowd: bool) -> dict[str, tuple[str, ...]]:
    """The members of each kind; a crowd has so many units that shared states have many readers."""
    units = luck.randint(16, 40) if crowd else luck.randint(1, 4)
    return {
        "actor": ACTORS[: luck.randint(2, 3)],
        "place": PLACES[: luck.randint(2, 4)],
        "unit": tuple(f"u{i}" for i in range(units)),
    }


def document(luck: Random, world: World) -> dict[str, Any]:
    """Everything but rules, questions and watches."""
    actors, places, units = (world.members[kind] for kind in ("actor", "place", "unit"))
    known = [{"patron": luck.choice(actors)} if luck.random() < 0.5 else {} for _ in actors]
    made_by = [{"maker": luck.choice(actors)} if i == 0 or luck.random() < 0.5 else {} for i, _ in enumerate(units)]
    between = [{"between": [p, q]} if luck.random() < 0.8 else {"from": p, "to": q} for p, q in pairwise(places)]
    return {
        "standoff": 1,
        "title": "made",
        "starts": "2020-01-01",
        "ends": "2020-02-09",
        "every": luck.choice(["8 days", "15 days"]),
        "kinds": {
            "unit": {
                "members": {
                    u: {"attributes": {"bulk": luck.choice([0.5, 1, 2]), **more}}
                    for u, more in zip(units, made_by, strict=True)
                }
            }
        },
        "actors": {
            a: {"attributes": {"weight": luck.choice([0.5, 1, 2])}} | more
            for a, more in zip(actors, known, strict=True)
        },
        "places": {
            p: {"kind": luck.choice(["town", "base"]), "at": [34 + i * 0.4, 40 + luck.random()]}
            for i, p in enumerate(places)
        },
        "routes": between + ([{"between": [places[0], places[-1]], "km": 70}] if len(places) > 2 else []),
        "groups": {
            "bloc": {"of": "actor", "members": list(actors[1:])},
            "hubs": {"of": "place", "members": list(places[:2])},
            "crew": {"of": "unit", "members": list(units[::2])},
            "nobody": {"of": "actor", "members": []},
        },
        "relations": {
            "hosts": {"of": ["actor", "actor"], "pairs": [[actors[0], actors[1]]], "symmetric": luck.random() < 0.5},
            "serves": {
                "of": ["actor", "unit"],
                "pairs": [[luck.choice(actors), u] for u in units if luck.random() < 0.5],
            },
        },
        "zones": {"ring": {"centre": places[0], "radius": luck.choice([60, "cutoff"]), "holder": actors[0]}},
        "state": states(),
        "begin": begin(luck, world),
        "define": {
            "pull": {"of": {"x": "place"}, "is": "sum(force[y, x] * y.weight for y in actor) / (1 + rank[x])"},
            "tough": {"of": {"z": "unit"}, "is": "z.bulk > 0.7 and load[z] >= 1"},
        },
        "parameters": parameters(luck, world),
    }


def parameters(luck: Random, world: World) -> dict[str, Any]:
    """Single numbers, and numbers of each entity: alike or with a prior of their own, some of them correlated."""
    one = world.members["actor"][0]
    alike: dict[str, Any] = {name: {"prior": luck.choice(priors)} for name, priors in PRIORS.items()}
    own: dict[str, Any] = {name: dict(keys) for name, keys in OWN.items()}
    if luck.random() < 0.5:
        own["nerve"]["correlates"] = {"nerve": 0.4}
    if luck.random() < 0.5:
        own |= {f"nerve[{one}]": {"prior": luck.choice(["uniform(-1, 1)", "0.5"])} if "correlates" not in own["nerve"]
                else {"prior": "quantiles(5%: -1, 50%: 0, 95%: 2)"}}  # fmt: skip
    return alike | own


def states() -> dict[str, Any]:
    """Every sort of state: numbers with bounds and without, truths, levels, entities, memories."""
    of = {name: {"of": list(kinds)} for name, kinds in INDEX.items()} | {name: {} for name in SCALARS}
    of["holder"]["is"] = of["boss"]["is"] = "actor"
    of["seat"]["is"] = of["post"]["is"] = "place"
    of["mate"]["is"] = "unit"
    for name in ("busy", "flag", "alarm"):
        of[name]["is"] = "truth"
    of["mood"]["is"], of["mode"]["is"] = ["calm", "tense", "war"], ["idle", "keen"]
    for name, (low, high) in SPANS.items():
        of[name] |= {"at_least": low, "at_most": high}
    for name in NOT_BELOW_ZERO:
        of[name]["at_least"] = 0
    half_lives = {"heat": "3 days", "worry": "2 weeks", "grief": "2 * scale", "pulse": "36 hours", "fatigue": "6 hours"}
    for name, half_life in half_lives.items():
        of[name]["half_life"] = half_life
    return of


def begin(luck: Random, world: World) -> dict[str, Any]:
    """What states start at: maps, `every`, plain values, and expressions of parameters."""
    actors, places, units = (world.members[kind] for kind in ("actor", "place", "unit"))
    return {
        "force": {"every": luck.randint(0, 2), actors[0]: {"every": 1, places[0]: 3}},
        "flag": {actors[0]: {"every": True}},
        "holder": {places[0]: actors[0], places[-1]: actors[1]},
        "seat": {actors[0]: places[-1]},
        "boss": luck.choice(actors),
        "post": {"every": luck.choice(places)},
        "mate": {units[0]: units[-1]},
        "load": luck.choice([0, 1, 3]),
        "reserve": {"every": luck.choice([0, 1, 12]), actors[0]: 5},
        "heat": "scale - 1",
        "worry": "0.5 + edge",
        "grief": {actors[1]: "1 + scale"},
        "pulse": 0.5,
        "fatigue": {"every": "edge"},
        "tension": "min(10, abs(cutoff))",
        "pile": {"every": luck.choice([0, 1, 6]), places[0]: f"min(6, hold[{places[0]}] ** 2)"},
        "tank": luck.choice([0, "min(8, scale)"]),
    }


def laws(made: dict[str, Any]) -> tuple[dict[str, str], dict[str, float]]:
    """Numbers that no event changes: watches by name, and what each must show at every time.

    Force is only moved but for the firings of rules named raise and lose; load and reserve are one stock; each place
    has one flag.
    """
    changes = [(name, "-") for name in made["rules"] if name.startswith("raise_")]
    changes += [(name, "+") for name in made["rules"] if name.startswith("lose_")]
    actors, places, units = made["actors"], made["places"], made["kinds"]["unit"]["members"]
    each, first = made["begin"]["force"]["every"], len(places) + 2
    reserve = made["begin"]["reserve"]
    watches = {
        "law_force": "sum(sum(force[a, p] for p in place) for a in actor)"
        + "".join(f" {sign} count({name})" for name, sign in changes),
        "law_stock": "sum(load[u] for u in unit) + sum(reserve[a] for a in actor)",
        "law_flag": "sum(count(a for a in actor if flag[a, p]) ** 2 for p in place) / count(p for p in place)",
        "law_bounds": BOUNDS,
    }
    expected = {
        "law_force": float(each * (len(actors) - 1) * len(places) + first),
        "law_stock": float(made["begin"]["load"] * len(units) + reserve["every"] * (len(actors) - 1) + 5),
        "law_flag": 1.0,
        "law_bounds": 1.0,
    }
    return watches, expected


def words(luck: Random, world: World) -> dict[str, Any]:
    """The words of the language that this world uses, as sections of a scenario."""
    actors, places = world.members["actor"], world.members["place"]
    one, two = actors[:2]
    delay = luck.choice([{}, {"delay": "exponential(2 days)"}, {"delay": "gamma(2, 1 days)"}])
    sections: dict[str, Any] = {
        "flows": flows(luck),
        "ties": {
            "alliance": [{"from": one, "to": two, "strength": 0.5}],
            "patron": [{"from": one, "to": two, "strength": luck.choice([0.7, "daring"]), "deniability": 0.4}],
        },
        "stances": {
            one: {
                "options": ["lean", "bold"],
                "changes": [
                    {"from": "lean", "to": "bold", "rate": 0.2},
                    {"from": "bold", "to": "lean", "when": "tension > 3 and rank[ford] < 3"},
                ],
                **luck.choice([{}, {"ordered": {"every": "3 days"}}]),
            }
        },
        "corridors": {"link": {"from": places[0], "to": places[-1], "friendly": [one, "none"]}},
        "red_lines": {
            "line": {
                "of": one,
                **luck.choice([{}, {"decides": True}]),
                "crossed_by": [{"rule": "raise_0", "by": "a", "at": "p", "if": "p in ring", "size": 1}],
                "threshold": {"declared": 1, "true": 2},
                **luck.choice([{"forgets": "6 days"}, {"forgets": "scale"}, {"fades": "6 days"}]),
                "seen": 0.9,
                "willing": 0.8,
                "credibility": {"begin": 0.7, "lost": 0.3, "won": 0.2},
                "response": {
                    **delay,
                    "then": ["tension = min(10, tension + 1)", f"holder[spot] = {one}"],
                    "event": f"ASSAULT (air strike) by {one} on intruder at spot",
                },
            }
        },
        "deals": deals(luck, actors, places[-1]),
        "decisions": decisions(luck, actors),
        "orders": orders(luck, one),
        "goals": {
            one: {"is": "stock - heat", "over_time": "tension", "every": luck.choice(["11 days", "36 hours"])},
            two: {"over_time": "worry if alarm else rank[ford]", "at": "2020-01-20", "every": "50 days"},
        },
        "injects": {
            "shock": {"at": "2020-01-04", "then": ["alarm = not alarm", "heat += 2"], "event": "ACCUSE"},
            "perhaps": {"between": ["2020-01-02", "2020-01-09"], "chance": 0.6, "then": ["mood = war"]},
            "never": {"at": "2020-01-05", "on": False, "then": ["mood = calm"]},
        },
    }
    return {name: sections[name] for name in WORDS if name in world.words}


def flows(luck: Random) -> dict[str, Any]:
    """What fills and drains two states, by what stands still, while conditions of any sort hold."""
    return {
        "tank": {
            "rate": luck.choice(["0.5 - 0.1 * tension", "daring if alarm else -scale", "0.4 if t % 5 < 2 else -0.3"]),
            **luck.choice([{}, {"when": "worry > 0.4"}, {"when": "heat < 1 or mood == war"}]),
        },
        "eaten": {
            "into": "pile",
            "for": {"p": "place"},
            "rate": luck.choice(["-0.1 * hold[p]", "0.2 * rank[p] - 0.3", "sum(nerve[a] for a in actor) * rank[p]"]),
            **luck.choice([{}, {"when": "tank > 1"}, {"when": "pulse[p] > 0.3"}]),
        },
        "grown": {"into": "pile", "for": {"h": "hubs"}, "rate": "0.15", "when": "holder[h] != none"},
    }


def deals(luck: Random, actors: tuple[str, ...], place: str) -> dict[str, Any]:
    """A deal that ends, whose gains move in every way, and one after it; a third actor is not asked."""
    one, two = actors[:2]
    asked = {
        one: {"deal": luck.choice([3, "daring * 20", "2 + rank[hill] / 20"]), "no_deal": "0.3 * tension"},
        two: {"deal": "2 if mood == war else 1", "no_deal": luck.choice([-1, "0.4 * worry", "edge * abs(heat)"])},
    }
    others = {actor: {"deal": "tension", "no_deal": 100, "must_agree": False} for actor in actors[2:]}
    return {
        "truce": {
            "parties": asked | others,
            "rate": luck.choice([0.4, "daring"]),
            "terms": ["tension = max(0, tension - 2)", {"if": "alarm", "then": ["mood = calm"]}],
            "ends": luck.choice(
                [
                    {"rate": "0.1 + 0.1 * worry", "then": ["heat += 1"]},
                    {"rate": 1, "when": "tension > 4", "event": f"REJECT by {two} on {one}"},
                ]
            ),
        },
        "pact": {
            "parties": {one: {"deal": 1, "no_deal": f"0.2 if holder[{place}] == {two} else 0"}, two: asked[two]},
            "after": "truce",
            "when": "stock < 4",
            **luck.choice([{"rate": 0.5}, {"offers": {"opens": "daring", "reply": 0.5}}]),
            "terms": [f"holder[{place}] = {two}"],
            "event": f"CONSULT by {two} on {one} at {place} size surplus_truce",
        },
    }


def decisions(luck: Random, actors: tuple[str, ...]) -> dict[str, Any]:
    """A decision of each way of coming up, by any policy, with an option that is not always open."""
    policies = [
        {"always": "press"},
        {"mix": {"press": "daring", "bide": 0.5, "ease": luck.choice([0, 0.3])}},
        {"mix": {"press": 1}},
        {"first": [{"if": "alarm", "choose": "press"}, {"if": "tension > 5", "choose": "ease"}]},
        {"logit": luck.choice([0.5, "scale"])},
        {"best": "appeal"},
    ]
    options = {
        "press": {"when": "stock < 3", "appeal": luck.choice(["0.2 * tension", "worry"]),
                  "then": ["tension = min(10, tension + 1)"]},
        "bide": {"appeal": luck.choice([0.5, "edge"])},
        "ease": {"appeal": "1 if mood == war else 0", "then": ["tension = max(0, tension - 1)", "alarm = not alarm"],
                 "event": "YIELD"},
    }  # fmt: skip
    ways: list[dict[str, Any]] = [
        {"of": "x", "for": {"x": "actor", "y": "hubs"}, "comes": {"rate": luck.choice([0.2, "0.1 + 0.05 * worry"])}},
        {"of": actors[0], "comes": {"every": luck.choice(["36 hours", "9 days"])}, "when": "tension > 1"},
        {"of": "x", "for": {"x": "bloc"}, "comes": {"once": luck.choice(["tension > 2", "alarm and not busy[x]"])}},
        {"of": actors[1], "comes": {"at": luck.choice(["2020-01-09", "cutoff"])}},
    ]
    return {
        f"choice_{i}": {**way, "options": options, "policy": luck.choice(policies)}
        for i, way in enumerate(luck.sample(ways, 2))
    }


def policies(luck: Random, document: dict[str, Any]) -> dict[str, Any]:
    """Policies of the first two actors for whatever words a scenario has."""
    one, two = [*document["actors"]][:2]
    made: dict[str, dict[str, Any]] = {}
    for number, actor in enumerate((one, one, two)):
        policy: dict[str, Any] = {"of": actor, "parameters": {"daring": 0.3}} if number == 0 else {"of": actor}
        for name, decision in document.get("decisions", {}).items():
            if decision["of"] in ("x", actor):
                choices = [{"always": "ease"}, {"logit": 2}, {"best": "appeal"}, {"mix": {"bide": 1, "press": "edge"}}]
                choices.append({"first": [{"if": "worry > 0.5", "choose": "press"}]})
                policy.setdefault("decisions", {})[name] = luck.choice(choices)
        if actor == one and "stances" in document and number == 1:
            policy["stance"] = "bold"
        if actor == one and "red_lines" in document:
            policy["acts"] = {"line": luck.choice(["never", 0.5, 1])}
        for deal in document.get("deals", {}):
            policy.setdefault("deals", {})[deal] = {"accept": luck.choice(["true", "tension > 1", "worry > 0.2"])}
        if len(policy) > 1:
            made[f"policy_{number}_of_{actor}"] = policy
    return made


def orders(luck: Random, one: str) -> dict[str, Any]:
    """Orders of each sort, some of which the model gives itself."""
    return {
        "soothe": {
            "of": one, "when": "tension > 1", "every": "30 hours", "then": ["tension = max(0, tension - 1)"],
            "event": "YIELD", "otherwise": {"rate": luck.choice([0.3, "0.1 + 0.1 * worry"])},
        },
        "supply": {
            "of": "x", "for": {"x": "bloc", "y": "hubs"}, "amounts": {"n": [1, 2.5]}, "every": "2 days",
            "takes": luck.choice(["exponential(2 days)", "gamma(3, scale)"]), "commits": ["alarm = not alarm"],
            "then": ["rank[y] = min(20, rank[y] + n)"], "event": "MOBILIZE (supply) by x at y size n",
            "otherwise": {"rate": "daring", "choose": "n == 1 or stock < 0"},
        },
        "shout": {"of": one, "event": f"ACCUSE (shout) by {one}", "then": ["heat += 1"]},
    }  # fmt: skip


def readings(speak: Expressions) -> dict[str, Any]:
    """Questions of every type, and watches: of every state, and of anything."""
    scope, still = Scope(), Scope(moving=False)
    one = speak.world.members["actor"][0]
    questions: dict[str, Any] = {
        "last": {"number": speak.value(scope, 2), "at": "2020-02-09"},
        "held": {"when": speak.truth(scope, 2), "at": "2020-01-06"},
        "ever": {"when": speak.truth(still, 2), "by": "2020-01-10"},
        "late": {"when": speak.truth(still, 2), "from": "2020-01-05", "by": "2020-01-10"},
        "first": {"first": speak.truth(still, 1), "by": "2020-02-09"},
        "many": {"happens": {"type": "MOBILIZE"}, "at_least": 3, "by": "2020-01-09"},
        "struck": {"happens": {"type": "ASSAULT", "source": [one, "bloc"], "place": "ring"}, "by": "2020-02-09"},
        "raised": {"happens": {"rule": "raise_0"}, "from": "2020-01-03", "by": "2020-02-09"},
        "plainly": {"type": "binary", "answer": speak.truth(scope, 2), "date": "2020-02-09"},
        "amount": {"type": "number", "answer": speak.value(scope, 2), "date": "2020-02-09"},
        "then": {
            "when": speak.truth(scope, 2),
            "at": "2020-02-09",
            "given": {"when": speak.truth(scope, 1), "at": "2020-01-12"},
        },
        "moment": {"type": "date", "answer": "t", "date": "2020-02-09"},
    }
    state, kinds = speak.luck.choice(list((INDEX | dict.fromkeys(SCALARS, ())).items()))
    index = {f"i{n}": kind for n, kind in enumerate(kinds)}
    return {
        "questions": {name: {"ask": "?", **questions[name]} for name in speak.luck.sample(sorted(questions), 2)},
        "watch": {
            "seen": {"for": index, "of": f"{state}[{', '.join(index)}]" if index else state},
            "everything": {"of": EVERYTHING},
            "any": {"for": {"a": "actor"}, "of": speak.value(scope.wider("a", "actor"), 2)},
        },
    }
