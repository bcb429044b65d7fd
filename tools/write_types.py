"""Writes the page's TypeScript types from the report's dataclasses; `make types` runs it, a test compares.

Each module of TYPES becomes viewer/src/types/NAME.ts: an interface for each dataclass, with its docstrings.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
import textwrap
import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from standoff.analysis.spread import Weight
from standoff.geography import EARTH_RADIUS_KM
from standoff.report import findings, frames, scenario_browser, scene, stage

FOLDER = Path(__file__).resolve().parents[1] / "viewer" / "src" / "types"
TYPES = (stage, frames, scenario_browser, findings, scene)
ROWS = (frames.Happening, frames.Stretch)
"""Dataclasses of which the page gets rows of numbers; the order of their fields is written as well."""
CONSTANTS = {stage: f"/** The mean radius of the Earth (IUGG). */\nexport const EARTH_RADIUS_KM = {EARTH_RADIUS_KM}\n"}
RENAMED = {Weight: "VariantWeight"}
"""Types that have another name on the page, where two wings of the analysis use one word."""
WIDTH = 116
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", date: "string"}
GEOJSON = "FeatureCollection"


def main() -> None:
    """Write the files, or with `--check` say which of them are not what this tool writes."""
    stale = []
    for module in TYPES:
        path = FOLDER / f"{_stem(module)}.ts"
        text = typescript(module)
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(path.name)
    if stale:
        raise SystemExit(f"not what tools/write_types.py writes: {', '.join(stale)}; run make types")


def typescript(module: types.ModuleType) -> str:
    """The TypeScript of one module of dataclasses."""
    named = {kind: _stem(other) for other in TYPES for kind in _dataclasses(other)}
    used: set[type | str] = set()
    bodies = [_interface(kind, used) for kind in _dataclasses(module)]
    rows = [_row_order(kind) for kind in _dataclasses(module) if kind in ROWS]
    foreign: dict[str, set[str]] = {}
    for kind in used:
        if isinstance(kind, str):
            foreign.setdefault("geojson", set()).add(kind)
        elif named[kind] != _stem(module):
            foreign.setdefault(f"./{named[kind]}", set()).add(_name(kind))
    imports = [f"import type {{ {', '.join(sorted(names))} }} from '{file}'" for file, names in sorted(foreign.items())]
    head = f"// Written by tools/write_types.py from {module.__name__}; do not edit.\n"
    head += _comment(inspect.getdoc(module) or "", "").replace("/**", "/*", 1)
    parts = ["\n".join([head.rstrip(), *imports, ""]), CONSTANTS.get(module, ""), *rows, *bodies]
    return "\n".join(part for part in parts if part)


def _hints(kind: type) -> dict[str, Any]:  # Any: hints are of any type
    """The types of a dataclass's fields, also of those that its module names for type checkers only."""
    return get_type_hints(kind, localns=_for_checkers(sys.modules[kind.__module__]), include_extras=True)


@cache
def _for_checkers(module: types.ModuleType) -> dict[str, Any]:  # Any: whatever a module imports
    """What a module imports for type checkers only, by its names."""
    named: dict[str, Any] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            for wanted in node.body:
                if isinstance(wanted, ast.ImportFrom) and wanted.module is not None:
                    door = importlib.import_module(wanted.module)
                    named |= {alias.name: getattr(door, alias.name) for alias in wanted.names}
    return named


def _dataclasses(module: types.ModuleType) -> list[type]:
    """The dataclasses of a module in the order of writing, then those outside of TYPES that they are made of."""
    own = [kind for kind in vars(module).values() if isinstance(kind, type) and is_dataclass(kind)]
    kinds = dict.fromkeys(kind for kind in own if kind.__module__ == module.__name__)
    waiting = list(kinds)
    while waiting:
        hints = _hints(waiting.pop(0))
        more = [kind for hint in hints.values() for kind in _parts(hint) if sys.modules[kind.__module__] not in TYPES]
        waiting += [kind for kind in more if kind not in kinds]
        kinds |= dict.fromkeys(more)
    names = [_name(kind) for kind in kinds]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two types of {module.__name__} share a name: {', '.join(twice)}")
    return list(kinds)


def _parts(hint: Any) -> Iterator[type]:  # Any: whatever stands in an annotation
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for part in get_args(hint):
        yield from _parts(part)


def _name(kind: type) -> str:
    return RENAMED.get(kind, kind.__name__)


def _stem(module: types.ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def _interface(kind: type, used: set[type | str]) -> str:
    hints = _hints(kind)
    # The words of another room are its own: a sentence that changes there changes no type here.
    ours = sys.modules[kind.__module__] in TYPES
    said = dict(_field_docs(kind)) if ours else {}
    doc = _own_doc(kind) if ours else f"See {kind.__module__}.{kind.__name__}."
    lines = [_comment(doc, ""), f"export interface {_name(kind)} {{\n"]
    for field in fields(kind):
        lines.append(_comment(said.get(field.name, ""), "  "))
        lines.append(f"  {field.name}: {_type(hints[field.name], used)}\n")
    return "".join([*lines, "}\n"])


def _row_order(kind: type) -> str:
    names = ", ".join(f"'{field.name}'" for field in fields(kind))
    name = _name(kind)
    return f"/** The order of the numbers in a row of {name}. */\nexport const {name.upper()} = [{names}] as const\n"


def _own_doc(kind: type) -> str:
    # Without a docstring a dataclass gets its signature as one.
    own = inspect.getdoc(kind) or ""
    return "" if own.startswith(f"{kind.__name__}(") else own


def _type(hint: Any, used: set[type | str]) -> str:  # Any: whatever stands in an annotation
    origin, given = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _type(given[0], used)
    if origin is Literal:
        return " | ".join(f"'{one}'" for one in given)
    if origin in (Union, types.UnionType):
        return " | ".join(_type(one, used) for one in given)
    if origin is list or (origin is tuple and given[1:] == (...,)):
        inner = _type(given[0], used)
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if isinstance(hint, type) and issubclass(hint, tuple):
        return f"[{', '.join(_type(one, used) for one in _hints(hint).values())}]"
    if origin is tuple:
        return f"[{', '.join(_type(one, used) for one in given)}]"
    if origin is dict:
        if given[1] is Any:
            used.add(GEOJSON)
            return GEOJSON
        return f"Record<string, {_type(given[1], used)}>"
    if hint in PLAIN:
        return PLAIN[hint]
    if is_dataclass(hint) and isinstance(hint, type):
        used.add(hint)
        return _name(hint)
    raise TypeError(f"no TypeScript for {hint}")


def _field_docs(kind: type) -> Iterator[tuple[str, str]]:
    """The docstring that stands below each field, also of the classes that it is made of."""
    for owner in reversed(kind.__mro__):
        if not is_dataclass(owner):
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(owner))).body[0]
        assert isinstance(body, ast.ClassDef)
        for entry, below in zip(body.body, body.body[1:], strict=False):
            if isinstance(entry, ast.AnnAssign) and isinstance(entry.target, ast.Name) and _text(below):
                yield entry.target.id, inspect.cleandoc(_text(below))


def _text(node: ast.stmt) -> str:
    value = node.value if isinstance(node, ast.Expr) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _comment(words: str, indent: str) -> str:
    words = words.replace("*/", "* /")
    if not words:
        return ""
    lines = [line for block in words.split("\n\n") for line in [*textwrap.wrap(block, WIDTH - len(indent)), ""]][:-1]
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */\n"
    body = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{body}{indent} */\n"


if __name__ == "__main__":
    main()
