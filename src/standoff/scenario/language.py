"""The language described for machines (JSON Schema) and for readers (docs/language.md), both from the schema."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any, get_args

from standoff.scenario.schema import (
    Document,
    Part,
    claims,
    decisions,
    document,
    entities,
    orders,
    policies,
    questions,
    records,
    rules,
    scalars,
    words,
)
from standoff.scenario.schema.shape import options_of

JSON_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_FILES = (document, entities, claims, decisions, orders, policies, questions, records, rules, words)


def json_schema(*, part: bool = False) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a scenario, with which editors complete and check.

    With `part`, that of a file that is included in one or laid over one: the same keys, none of which must be there.
    """
    schema = Document.model_json_schema(by_alias=True)
    models = {"Document": schema, **schema.get("$defs", {})}
    for name, model in models.items():
        told = meanings_of_keys(name)
        mapping = model.get("anyOf", [model])[-1]
        mapping.pop("title", None)
        for key, said in mapping.get("properties", {}).items():
            said.pop("title", None)
            if key in told:
                said["description"] = told[key]
    _close(schema)
    if part:
        _loosen(schema)
    title = "Part of a Standoff scenario" if part else "Standoff scenario"
    return {"$schema": JSON_SCHEMA, "title": title, **schema}


def _close(part: Any) -> None:
    """Lets no key in that does not match the pattern of the names that a mapping takes."""
    if isinstance(part, dict):
        if "patternProperties" in part:
            part.setdefault("additionalProperties", False)
        for below in part.values():
            _close(below)
    elif isinstance(part, list):
        for below in part:
            _close(below)


def _loosen(part: Any) -> None:
    """Demands no key anywhere: what one file leaves out, another can give."""
    if isinstance(part, dict):
        if isinstance(part.get("required"), list):
            del part["required"]
        for below in part.values():
            _loosen(below)
    elif isinstance(part, list):
        for below in part:
            _loosen(below)


def reference() -> str:
    """The text of docs/language.md: every key of every part, with its type and what it means."""
    lines = [
        "# The language, key by key",
        "",
        "Generated from the schema by `make docs`; do not edit. What the words mean when a scenario runs is in",
        "[semantics.md](semantics.md).",
        "",
    ]
    for model in _models():
        title = "Scenario" if model is Document else _title(model.__name__)
        lines += [f"## {title}", "", _first_line(model), "", "| key | holds | meaning |", "| --- | --- | --- |"]
        told = meanings_of_keys(model.__name__)
        fields = {field.alias or name: (name, field) for name, field in model.model_fields.items()}
        for key in model.written_keys():
            name, field = fields[key]
            needed = " (needed)" if field.is_required() else ""
            lines.append(f"| `{key}`{needed} | {_holds(model, name)} | {_cell(told.get(key, ''))} |")
        lines.append("")
    lines += ["## Values", "", "| value | meaning |", "| --- | --- |"]
    lines += [f"| {_title(name).lower()} | {_cell(said)} |" for name, said in _values()]
    return "\n".join(lines) + "\n"


def _title(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _first_line(model: type[Part]) -> str:
    return (inspect.getdoc(model) or "").split("\n", 1)[0]


@cache
def _models() -> tuple[type[Part], ...]:
    """All parts that a document can hold, each after the one that first holds it."""
    found: list[type[Part]] = [Document]
    for model in found:
        for field in model.model_fields.values():
            found += [part for part in dict.fromkeys(_parts(field.annotation)) if part not in found]
    return tuple(found)


def _parts(kind: Any) -> Iterator[type[Part]]:
    for option in options_of(kind):
        if isinstance(option, type) and issubclass(option, Part):
            yield option
        else:
            for argument in get_args(option):
                yield from _parts(argument)


@cache
def _classes() -> dict[str, ast.ClassDef]:
    trees = [ast.parse(inspect.getsource(file)) for file in _FILES]
    return {node.name: node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}


def meanings_of_keys(model: str) -> dict[str, str]:
    """The text under each field of a model, by the key an author writes; inherited fields included."""
    node = _classes().get(model)
    if node is None:
        return {}
    told: dict[str, str] = {}
    for base in node.bases:
        if isinstance(base, ast.Name):
            told |= meanings_of_keys(base.id)
    for field, below in pairwise(node.body):
        said = _text(below)
        if said is not None and isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            told[field.target.id.removesuffix("_")] = said
    return told


def _text(node: ast.stmt) -> str | None:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return inspect.cleandoc(node.value.value)
    return None


@cache
def _annotations(model: str) -> dict[str, str]:
    node = _classes().get(model)
    if node is None:
        return {}
    written: dict[str, str] = {}
    for base in node.bases:
        if isinstance(base, ast.Name):
            written |= _annotations(base.id)
    for field in node.body:
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            written[field.target.id] = ast.unparse(field.annotation)
    return written


_SAID = (
    (r" \| None\b", ""),
    (r"Annotated\[(.*), (?:BeforeValidator|NotEmpty|PlainValidator|WithJsonSchema)\b.*\]$", r"\1"),
    (r"(?:Parameter)?Entries\[(.*)\]$", r"mapping of names to \1"),
    (r"Labelled\[(.*)\]$", r"mapping of names to \1"),
    (r"Marked\[(.*)\]$", r"mapping of names to \1"),
    (r"tuple\[tuple\[(.*), \.\.\.\], \.\.\.\]$", r"list of lists of \1"),
    (r"tuple\[tuple\[(\w+), \1\], \.\.\.\]$", r"list of pairs of \1s"),
    (r"tuple\[(.*), \.\.\.\]$", r"list of \1"),
    (r"tuple\[(\w+), \1\]$", r"pair of \1s"),
    (r"Literal\[(.*)\]$", r"\1"),
    (r"^Statements$", "list of statements"),
)


def _holds(model: type[Part], field: str) -> str:
    """What a field holds, in words made from its annotation."""
    said = _annotations(model.__name__).get(field, "")
    for pattern, words_ in _SAID:
        said = re.sub(pattern, words_, said)
    names = {part.__name__ for part in _models()}
    written = []
    for word in re.findall(r"[A-Za-z]+|[^A-Za-z]+", said):
        if word in names:
            written.append(f"[{_title(word).lower()}](#{_title(word).lower().replace(' ', '-')})")
        else:
            written.append(_title(word).lower() if word[:1].isupper() else word)
    return _cell("".join(written).replace("'", "`"))


_MAPPINGS = ("Entries", "Labelled", "Marked", "ParameterEntries")


def _values() -> list[tuple[str, str]]:
    """The kinds of single values with the text under each."""
    bodies = [ast.parse(inspect.getsource(file)).body for file in (scalars, *_FILES)]
    found = []
    for value, below in (pair for body in bodies for pair in pairwise(body)):
        said = _text(below)
        if said is not None and isinstance(value, ast.Assign) and isinstance(value.targets[0], ast.Name):
            name = value.targets[0].id
            if name[0].isupper() and not name.isupper() and name not in _MAPPINGS:
                found.append((name, said))
    return found
