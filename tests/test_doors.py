"""Doors that load what they offer when it is asked for: types, imports and readers are told the same names."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

from tests.test_house import PACKAGE, imports_of, listed_in, module_of, named, over, tree_of

LAZY = [path for path in PACKAGE if path.name == "__init__.py" and "standoff.doors" in dict(imports_of(path))]


def test_there_are_lazy_doors() -> None:
    assert {module_of(path) for path in LAZY} >= {"standoff", "standoff.scenario", "standoff.analysis.effects"}


@over(LAZY)
def test_a_lazy_door_names_the_same_things_to_types_to_imports_and_to_readers(path: Path) -> None:
    room, body = module_of(path), tree_of(path).body
    (call,) = (node.value for lazy in body if is_hidden_from_types(lazy) for node in ast.iter_child_nodes(lazy)
               if isinstance(node, ast.Assign))  # fmt: skip
    assert isinstance(call, ast.Call), f"{named(path)}: a door is `__getattr__, __dir__ = door(…)`"
    files = ast.literal_eval(call.args[1])
    opened = {f"{room}.{file}" if file.split(".")[-1] == name else f"{room}.{file}.{name}"
              for file, names in files.items() for name in names}  # fmt: skip
    typed = {full for node in body if isinstance(node, ast.If) for full in imported(node.body)}
    assert opened == typed, f"{named(path)}: these stand in one place only: {sorted(opened ^ typed)}"
    loaded = imported(body) - {"__future__.annotations", "typing.TYPE_CHECKING", "standoff.doors.door"}
    there = {full.split(".")[-1] for full in opened | loaded}
    offered = listed_in(path) - {"__version__"}
    assert there == offered, f"{named(path)}: these stand in one place only: {sorted(there ^ offered)}"
    module = import_module(room)
    assert dir(module) == sorted(listed_in(path)), f"{named(path)}: dir() has other names"
    assert all(hasattr(module, name) for name in dir(module))


def imported(body: list[ast.stmt]) -> set[str]:
    """The full names that some lines import from modules."""
    return {f"{node.module}.{alias.name}" for node in body if isinstance(node, ast.ImportFrom) for alias in node.names}


@over(PACKAGE)
def test_type_checkers_see_no_module_that_has_every_name(path: Path) -> None:
    # A `__getattr__` that they see stands for every name that is not there: no misspelt import would be an error.
    for node in tree_of(path).body if "__getattr__" in path.read_text(encoding="utf-8") else ():
        if not is_hidden_from_types(node):
            names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} | {getattr(node, "name", "")}
            assert "__getattr__" not in names, f"{named(path)}:{node.lineno}: write `if not TYPE_CHECKING:` above it"


def is_hidden_from_types(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "not TYPE_CHECKING"
