"""Keys as other languages and plain speech call them: what is meant by each, where that key may stand."""

from __future__ import annotations

from collections.abc import Sequence

from standoff.errors import Cure

_MEANT = {
    "if": ("when",), "condition": ("when", "if"), "guard": ("when",), "trigger": ("when",), "while": ("when",),
    "unless": ("when",), "date": ("at", "on"), "day": ("at", "on"), "time": ("at",), "on": ("at", "when"),
    "chance": ("rate", "p"), "probability": ("rate", "p"), "prob": ("rate", "p"), "frequency": ("rate",),
    "where": ("when", "if"), "when": ("if",), "then": ("do",), "is": ("prior", "of"), "by": ("of",), "of": ("holder",),
    "holder": ("of",), "at": ("centre",), "km": ("radius",), "between": ("parties",), "places": ("between",),
    "do": ("then",), "effects": ("then", "terms"), "effect": ("then", "terms"), "does": ("then",),
    "else": ("otherwise",), "description": ("about",), "desc": ("about",), "comment": ("about",), "note": ("about",),
    "name": ("title", "label"), "label": ("name", "title"), "source": ("evidence", "from"), "because": ("evidence",),
    "levels": ("is", "options"), "values": ("is",), "type": ("is", "kind"), "start": ("begin", "starts"),
    "initial": ("begin",), "end": ("ends", "by"), "until": ("by", "ends"), "deadline": ("by",), "actor": ("of", "by"),
    "owner": ("of", "holder"), "who": ("of", "by"), "location": ("at",), "position": ("at",), "coordinates": ("at",),
    "distribution": ("prior",), "value": ("prior",), "decay": ("half_life",), "halflife": ("half_life",),
    "question": ("ask",), "text": ("ask", "says"), "choices": ("options",), "utility": ("appeal",),
    "payoff": ("appeal", "deal"), "weight": ("appeal",), "min": ("at_least",), "max": ("at_most",),
    "minimum": ("at_least",), "maximum": ("at_most",),
}  # fmt: skip
"""What may be meant by a key, the likeliest first."""

_IN_SECTION = {("stances", "stances"): "options", ("stances", "levels"): "options", ("stances", "rules"): "changes"}
"""What is meant in the entries of one section only."""


def meant_in_section(path: Sequence[str | int], keys: Sequence[str]) -> Cure | None:
    """The key that is meant in an entry of one section by the name of the section, or of another word for it."""
    meant = _IN_SECTION.get((str(path[0]), str(path[-1])))
    return Cure(f"write {meant}", meant) if meant in keys and meant is not None else None


def meant_key(key: str, keys: Sequence[str], given: object) -> Cure | None:
    """The key that is meant by one that may not stand here, among those that may and that are not `given` yet."""
    there = given if isinstance(given, dict) else {}
    if key == "chance" and isinstance(there.get(key), list):
        # A list is what a statement holds: it stands on another level.
        return None
    meant = next((one for one in _MEANT.get(key.lower(), ()) if one in keys and one not in there), None)
    if meant is None:
        return None
    return Cure(f"write {meant}" + (": how often a day" if meant == "rate" else ""), meant)


def joined(key: str, keys: Sequence[str], given: object) -> str | None:
    """What to do with a second condition."""
    there = given if isinstance(given, dict) else {}
    meant = [one for one in _MEANT.get(key.lower(), ()) if one in ("when", "if") and one in keys and one in there]
    return f"join it to the condition of '{meant[0]}' by and" if meant and isinstance(there.get(key), str) else None
