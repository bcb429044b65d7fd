"""What the keys of the language hold for who looks for names: which name a value means, or that it is an expression.

Keys that are not here hold texts, numbers and dates, or parts with keys of their own. A test holds the table to the
classes of the schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from standoff.scenario.schema import Part

Space = Literal[
    "actor", "place", "member", "kind", "group", "relation", "state", "parameter", "define", "zone", "rule", "level",
    "source", "red line", "corridor", "deal", "decision", "option", "policy", "lever", "order", "inject", "question",
    "claim", "mechanism", "record", "seat", "watch", "variant", "attribute", "variable", "stance", "made", "flow",
]  # fmt: skip
"""What a name can be the name of; `made` is what a word of the language has made."""

ACTORS: tuple[Space, ...] = ("actor", "group")
ENTITIES: tuple[Space, ...] = ("actor", "place", "member", "group", "define", "zone")
RULES: tuple[Space, ...] = ("rule", "decision", "order", "inject", "made")
MAKERS: tuple[Space, ...] = (*RULES, "parameter", "red line", "corridor", "deal", "zone", "question", "actor")
CAUSES: tuple[Space, ...] = (*MAKERS, "flow")
"""What a claim can change; a tie it names by the state that it is, with the two actors."""


@dataclass(frozen=True, slots=True)
class Refers:
    """The value, its items or its keys are names of one of these."""

    spaces: tuple[Space, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Declares:
    """The keys of the value are names that it declares."""

    space: Space


@dataclass(frozen=True, slots=True)
class Written:
    """The value, or each of its values, is of this form, in which names may stand."""

    form: Literal[
        "expression", "time", "delay", "statements", "event", "variables", "arguments", "begin", "holds", "options",
        "members", "attributes", "locator", "expectation", "target", "rivals", "sight", "decided", "stance options",
    ]  # fmt: skip


def _all(form: Written, *keys: str) -> dict[str, Refers | Declares | Written]:
    return dict.fromkeys(keys, form)


EXPRESSION, TIME, STATEMENTS, EVENT = Written("expression"), Written("time"), Written("statements"), Written("event")
VARIABLES, MECHANISM = Written("variables"), Refers(("mechanism",))
OPTION = Refers(("option",))
_ACTOR, _PLACE, _SIDES = Refers(("actor",)), Refers(("place",)), Refers(ACTORS)
_PARAMETER, _QUESTION = Refers(("parameter",)), Refers(("question", "made"))
_HAPPENS: dict[str, Refers | Declares | Written] = {
    "source": Refers(ENTITIES), "target": Refers(ENTITIES), "place": Refers(ENTITIES), "rule": Refers(MAKERS),
}  # fmt: skip

FIELDS: dict[str, dict[str, Refers | Declares | Written]] = {
    "Document": {
        "headline": _QUESTION,
        "key_questions": _QUESTION,
        "sources": Declares("source"),
        "kinds": Declares("kind"),
        "actors": Declares("actor"),
        "places": Declares("place"),
        "groups": Declares("group"),
        "relations": Declares("relation"),
        "state": Declares("state"),
        "begin": Written("begin"),
        "define": Declares("define"),
        "parameters": Declares("parameter"),
        "zones": Declares("zone"),
        "red_lines": Declares("red line"),
        "corridors": Declares("corridor"),
        "stances": _ACTOR,
        # A flow is called as the state that it fills, or has a name of its own where `into` says which state that is.
        "flows": Declares("flow"),
        "deals": Declares("deal"),
        "goals": _ACTOR,
        "decisions": Declares("decision"),
        "policies": Declares("policy"),
        "levers": Declares("lever"),
        "orders": Declares("order"),
        "injects": Declares("inject"),
        "rules": Declares("rule"),
        "questions": Declares("question"),
        "claims": Declares("claim"),
        "mechanisms": Declares("mechanism"),
        "record": Declares("record"),
        "seats": Declares("seat"),
        "watch": Declares("watch"),
        "variants": Declares("variant"),
    },
    "Evidence": {"from_": Written("locator")},
    "Kind": {"members": Declares("member")},
    "Entity": {"attributes": Written("attributes")},
    "Actor": {"patron": _ACTOR, **_all(EXPRESSION, "control", "deniability")},
    "Route": {"between": _PLACE, "from_": _PLACE, "to": _PLACE},
    "Group": {"of": Refers(("kind",), ("actor", "place")), "members": Refers(("actor", "place", "member"))},
    "Relation": {"of": Refers(("kind",), ("actor", "place")), "pairs": Refers(("actor", "place", "member"))},
    "State": {
        "of": Refers(("kind",), ("actor", "place")),
        "is_": Written("holds"),
        "half_life": TIME,
        "moves_by": Refers(("state",)),
    },
    "Define": {"of": Written("arguments"), "is_": EXPRESSION},
    "Parameter": {"of": Refers(("kind",), ("actor", "place")), "correlates": _PARAMETER},
    "Zone": {
        "centre": _PLACE,
        "radius": EXPRESSION,
        "places": _PLACE,
        "holder": _ACTOR,
        "excludes": _SIDES,
        "recognised_by": _SIDES,
    },
    "Flow": {"for_": VARIABLES, "into": Refers(("state",)), **_all(EXPRESSION, "rate", "when"), "mechanism": MECHANISM},
    "RedLine": {
        "of": _ACTOR,
        **_all(TIME, "forgets", "fades"),
        **_all(EXPRESSION, "seen", "willing"),
        "mechanism": MECHANISM,
    },
    "Crossing": {"rule": Refers(RULES), **_all(EXPRESSION, "by", "at", "if_", "size")},
    "Threshold": _all(EXPRESSION, "declared", "true"),
    "Credibility": _all(EXPRESSION, "begin", "lost", "won"),
    "Response": {"delay": Written("delay"), "then": STATEMENTS, "event": EVENT},
    "Tie": {"from_": _ACTOR, "to": _ACTOR, **_all(EXPRESSION, "strength", "deniability"), "mechanism": MECHANISM},
    "Corridor": {"from_": _PLACE, "to": _PLACE, "friendly": Refers(ACTORS, ("none",)), "through": _PLACE},
    "Stance": {"options": Written("stance options"), "begin": Refers(("stance",))},
    "StanceChange": {
        "from_": Refers(("stance",)),
        "to": Refers(("stance",)),
        **_all(EXPRESSION, "when", "rate"),
        "event": EVENT,
        "after": Written("delay"),
        "mechanism": MECHANISM,
    },
    "Deal": {
        "parties": _ACTOR,
        **_all(EXPRESSION, "rate", "when"),
        "after": Refers(("deal",)),
        "terms": STATEMENTS,
        "issues": _PARAMETER,
        "event": EVENT,
        "mechanism": MECHANISM,
    },
    "Party": _all(EXPRESSION, "deal", "no_deal"),
    "Ending": {**_all(EXPRESSION, "when", "rate"), "after": Written("delay"), "then": STATEMENTS, "event": EVENT},
    "Offers": _all(EXPRESSION, "opens", "reply"),
    "Goal": _all(EXPRESSION, "is_", "over_time"),
    "ComesUp": {**_all(EXPRESSION, "rate", "once"), "at": TIME},
    "Option": {**_all(EXPRESSION, "when", "appeal"), "then": STATEMENTS, "event": EVENT, "mechanism": MECHANISM},
    "ConditionalChoice": {"if_": EXPRESSION, "choose": OPTION},
    "Policy": {"always": OPTION, "mix": OPTION, "logit": EXPRESSION},
    "Decision": {
        "of": Written("decided"),
        "for_": VARIABLES,
        "when": EXPRESSION,
        "options": Written("options"),
        "mechanism": MECHANISM,
    },
    "NamedPolicy": {
        "of": _ACTOR,
        "decisions": Refers(("decision",)),
        "acts": Refers((*RULES, "red line")),
        "stance": Refers(("stance",)),
        "deals": Refers(("deal",)),
        "parameters": _PARAMETER,
        "tunes": _PARAMETER,
        "mechanism": MECHANISM,
    },
    "Agreement": {"accept": EXPRESSION},
    "Lever": {"of": _ACTOR, "parameter": _PARAMETER, "policies": Refers(("policy",), ("as_written",))},
    "Order": {
        "of": Written("decided"),
        "for_": VARIABLES,
        "amounts": Declares("variable"),
        "when": EXPRESSION,
        "takes": Written("delay"),
        "commits": STATEMENTS,
        "then": STATEMENTS,
        "event": EVENT,
        "mechanism": MECHANISM,
    },
    "Otherwise": _all(EXPRESSION, "rate", "choose"),
    "Inject": {**_all(EXPRESSION, "chance", "when"), "then": STATEMENTS, "event": EVENT, "mechanism": MECHANISM},
    "Rule": {
        "for_": VARIABLES,
        **_all(EXPRESSION, "when", "rate", "decides"),
        "at": TIME,
        "then": STATEMENTS,
        "after": Written("delay"),
        "since": Refers(RULES),
        "event": EVENT,
        "mechanism": MECHANISM,
    },
    "IfStatement": {"if_": EXPRESSION, **_all(STATEMENTS, "then", "else_")},
    "ForStatement": {"for_": VARIABLES, "where": EXPRESSION, "do": STATEMENTS},
    "ChanceStatement": {"otherwise": STATEMENTS},
    "Branch": {"p": EXPRESSION, "do": STATEMENTS},
    "Happens": _HAPPENS,
    "Question": _all(EXPRESSION, "when", "number", "first", "answer", "levels"),
    "Condition": {"question": _QUESTION, "when": EXPRESSION},
    "Claim": {
        "rivals": Written("rivals"),
        "mechanism": MECHANISM,
        "raise_": Refers(CAUSES),
        "lower": Refers(CAUSES),
        "set_": Written("target"),
        "remove": Refers(CAUSES),
        "force": Refers(("inject", *RULES)),
        "follow": Refers(("policy",)),
        "where": EXPRESSION,
        "expect": Written("expectation"),
        "question": _QUESTION,
        "given": EXPRESSION,
        "against": Refers(("claim",)),
    },
    "Mechanism": {"off": _PARAMETER},
    "Observed": {"event": Written("event"), "holder": Refers(("actor", "member"), ("none",)), "rule": Refers(RULES)},
    "Seat": {"plays": _SIDES},
    "Turns": {"until": Refers(MAKERS)},
    "Sight": {
        "who": Refers(("seat", *ACTORS, "variable"), ("everyone",)),
        "for_": VARIABLES,
        "what": Written("sight"),
        "when": EXPRESSION,
        "parameters": _PARAMETER,
    },
    "Watch": {"for_": VARIABLES, "of": EXPRESSION},
}
"""By class and field, as the schema names them; a class has the keys of those that it is made from as well."""


def held(model: type[Part], field: str) -> Refers | Declares | Written | None:
    """What a field of a part holds, where names may stand in it."""
    for one in model.__mro__:
        if field in FIELDS.get(one.__name__, {}):
            return FIELDS[one.__name__][field]
    return None
