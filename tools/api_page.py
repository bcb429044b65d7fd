"""docs/api.md: every public name of `import standoff`, with its signature and what its docstring says."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import re
import textwrap
from collections.abc import Callable
from types import FunctionType
from typing import Any

import standoff

HEAD = """\
# The names of `import standoff`

Written by `make docs` from the docstrings. What is not named here may change from one version to the next.
How the verbs of the command line are called is said by `standoff VERB --help`.
"""
WIDTH = 100


def api_page() -> str:
    """The page as Markdown."""
    names = sorted((name for name in standoff.__all__ if name != "__version__"), key=str.lower)
    return "\n".join([HEAD, *(_entry(name, getattr(standoff, name)) for name in names)])


def _entry(name: str, thing: Any) -> str:
    if inspect.isclass(thing):
        return "\n".join([f"## {name}", "", *_says(thing), *_members(thing)])
    return "\n".join([f"## {name}", "", "```python", _signature(name, thing), "```", "", *_says(thing)])


def _says(thing: object) -> list[str]:
    text = inspect.getdoc(thing) or ""
    paragraphs = [re.sub(r"\s+", " ", paragraph) for paragraph in text.split("\n\n") if paragraph.strip()]
    return [
        textwrap.fill(paragraph, 120, break_long_words=False, break_on_hyphens=False) + "\n" for paragraph in paragraphs
    ]


def _signature(name: str, call: Callable[..., object]) -> str:
    """A signature in one line, or one parameter a line where that is too long."""
    made = inspect.signature(call)
    parts = []
    for parameter in made.parameters.values():
        if parameter.name == "self":
            continue
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and "*" not in parts:
            parts.append("*")
        default = "" if parameter.default is inspect.Parameter.empty else f" = {parameter.default!r}"
        parts.append(f"{parameter.name}: {parameter.annotation}{default}")
    head, tail = f"{name}(", f") -> {made.return_annotation}"
    line = head + ", ".join(parts) + tail
    return line if len(line) <= WIDTH else "\n".join([head, *(f"    {part}," for part in parts), tail])


def _members(kind: type) -> list[str]:
    """The fields, properties and methods that a class has of its own."""
    rows = []
    for name, member in inspect.getmembers_static(kind):
        if name.startswith("_") or not isinstance(member, property | functools.cached_property | FunctionType):
            continue
        head = (_signature(name, member) if isinstance(member, FunctionType) else name).replace("|", "\\|")
        says = (inspect.getdoc(member) or "").split("\n\n")[0]
        rows.append(f"| `.{head}` | {says} |".replace("\n", " "))
    fields = [field.name for field in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else []
    fields = [name for name in fields if not name.startswith("_")]
    listed = [f"Fields: {', '.join(f'`{name}`' for name in fields)}.\n"] if fields else []
    return [*listed, *(["| | |", "| --- | --- |", *rows, ""] if rows else [])]
