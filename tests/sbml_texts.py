"""SBML texts for tests: the elements by hand, the formulas from libsbml's infix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import libsbml

DRAWS = "http://www.sbml.org/sbml/symbols/distrib"


def math(infix: str) -> str:
    """The MathML of a formula; `normal(...)` and other laws become draws of the package distrib."""
    settings = libsbml.L3ParserSettings()
    settings.setParseLog(libsbml.L3P_PARSE_LOG_AS_LN)
    tree = libsbml.parseL3FormulaWithSettings(infix, settings)
    assert tree is not None, libsbml.getLastParseL3Error()
    text: str = libsbml.writeMathMLToString(tree)
    return text.partition("?>")[2]


def inside(tag: str, parts: Sequence[str]) -> str:
    """A list of elements, or nothing where there are none."""
    return f"<{tag}>{''.join(parts)}</{tag}>" if parts else ""


def compartment(name: str = "c", size: float | None = 1, *, constant: str = "true") -> str:
    given = "" if size is None else f' size="{size}"'
    return f'<compartment id="{name}" spatialDimensions="3"{given} constant="{constant}"/>'


def species(name: str, amount: float | None = 0, **more: Any) -> str:
    """A species of which formulas see the amount, unless `hasOnlySubstanceUnits` says otherwise."""
    given = {"compartment": "c", "hasOnlySubstanceUnits": "true", "boundaryCondition": "false", "constant": "false"}
    start = {} if amount is None else {"initialAmount": amount}
    words = "".join(f' {key}="{value}"' for key, value in {**given, **start, **more}.items())
    return f'<species id="{name}"{words}/>'


def parameter(name: str, value: float | None = None, *, constant: str = "true") -> str:
    given = "" if value is None else f' value="{value}"'
    return f'<parameter id="{name}"{given} constant="{constant}"/>'


def _references(words: str) -> list[str]:
    found = []
    for word in words.split():
        count, _, name = word.rpartition("*")
        found.append(f'<speciesReference species="{name}" stoichiometry="{count or 1}" constant="true"/>')
    return found


def reaction(name: str, changes: str, law: str, locals_: dict[str, float] | None = None, more: str = "") -> str:
    """A reaction such as `reaction("pair", "2*a -> b", "k * a")`."""
    before, _, after = changes.partition("->")
    own = [f'<localParameter id="{key}" value="{value}"/>' for key, value in (locals_ or {}).items()]
    return (
        f'<reaction id="{name}" reversible="false"{more}>'
        + inside("listOfReactants", _references(before))
        + inside("listOfProducts", _references(after))
        + f"<kineticLaw>{math(law)}{inside('listOfLocalParameters', own)}</kineticLaw></reaction>"
    )


def event(name: str, trigger: str, sets: dict[str, str], **how: str) -> str:
    """An event; `before`, `persistent`, `at_trigger` are truths, `delay` and `priority` formulas."""
    assignments = [f'<eventAssignment variable="{key}">{math(f)}</eventAssignment>' for key, f in sets.items()]
    before, stays = how.get("before", "true"), how.get("persistent", "true")
    return (
        f'<event id="{name}" useValuesFromTriggerTime="{how.get("at_trigger", "true")}">'
        f'<trigger initialValue="{before}" persistent="{stays}">{math(trigger)}</trigger>'
        + (f"<delay>{math(how['delay'])}</delay>" if "delay" in how else "")
        + (f"<priority>{math(how['priority'])}</priority>" if "priority" in how else "")
        + inside("listOfEventAssignments", assignments)
        + "</event>"
    )


def assigned(name: str, formula: str) -> str:
    return f'<assignmentRule variable="{name}">{math(formula)}</assignmentRule>'


def slope(name: str, formula: str) -> str:
    return f'<rateRule variable="{name}">{math(formula)}</rateRule>'


def initial(name: str, formula: str) -> str:
    return f'<initialAssignment symbol="{name}">{math(formula)}</initialAssignment>'


def function(name: str, arguments: str, body: str) -> str:
    return f'<functionDefinition id="{name}">{math(f"lambda({arguments}, {body})")}</functionDefinition>'


def draw(law: str, *arguments: float) -> str:
    """The MathML of a draw with given numbers; infix has no word for it."""
    given = "".join(f"<cn>{argument}</cn>" for argument in arguments)
    symbol = f'<csymbol encoding="text" definitionURL="{DRAWS}/{law}">{law}</csymbol>'
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"><apply>{symbol}{given}</apply></math>'


def model(
    *, compartments: Sequence[str] | None = None, kinds: Sequence[str] = (), parameters: list[str] = (),
    reactions: Sequence[str] = (), rules: Sequence[str] = (), events: Sequence[str] = (), initials: list[str] = (),
    functions: Sequence[str] = (), level: str = 'level="3" version="2"', more: str = "", extra: str = "",
) -> str:  # fmt: skip
    """A whole SBML text."""
    space = "http://www.sbml.org/sbml/level3/version2/core"
    parts = {
        "listOfFunctionDefinitions": functions,
        "listOfCompartments": [compartment()] if compartments is None else compartments,
        "listOfSpecies": kinds, "listOfParameters": parameters, "listOfInitialAssignments": initials,
        "listOfRules": rules, "listOfReactions": reactions, "listOfEvents": events,
    }  # fmt: skip
    body = "".join(inside(tag, given) for tag, given in parts.items())
    head = f'<sbml xmlns="{space}" xmlns:distrib="http://www.sbml.org/sbml/level3/version1/distrib/version1" '
    return f'{head} {level} distrib:required="true"><model id="m"{more}>{body}{extra}</model></sbml>'
