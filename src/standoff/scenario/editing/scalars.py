"""One value as YAML, as an author would write it at its place: plain where nothing is lost by it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from standoff.scenario.reading.text import Words, plain_value
from standoff.scenario.schema.scalars import PlainWords

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
WIDTH = 120
"""Columns that a line which is written here has at most, where its words allow it."""
BLOCKS = "|>"


def written_scalar(value: str, *, flow: bool, style: str | None = None, indent: int = 0) -> str:
    """A text as a YAML scalar; PlainWords may be a number or a truth, any other text is none whatever it looks like.

    `flow`: inside [ ] or { }. `style` is how the author wrote what it replaces: `'`, `"`, `|`, `>` or None. `indent` is
    the column (from 0) of the key that it belongs to, for texts over several lines.
    """
    for candidate in _candidates(value, flow=flow, style=style, indent=indent):
        if _reads_as(candidate, value, flow=flow, indent=indent):
            return candidate
    return _double_quoted(value)


def _candidates(value: str, *, flow: bool, style: str | None, indent: int) -> Iterator[str]:
    if not flow and (style in (">", "|") or "\n" in value):
        yield from _blocks(value, style or "|", indent + 2)
    if style == '"':
        yield _double_quoted(value)
    if style == "'":
        yield _single_quoted(value)
    if "\n" not in value and (isinstance(value, PlainWords) or isinstance(plain_value(Words(value)), str)):
        yield value
    if '"' in value or "\\" in value or ("'" in value and '"' in value):
        yield _single_quoted(value)


def _blocks(value: str, style: str, indent: int) -> Iterator[str]:
    """A text as a block of lines, in the author's style and else in the other; `indent` spaces before each."""
    keep = "" if value.endswith("\n") else "-"
    margin = " " * indent
    for sign in (style, *(other for other in BLOCKS if other != style)):
        lines: list[str] = []
        for paragraph in value.removesuffix("\n").split("\n"):
            if sign == "|":
                lines.append(paragraph)
                continue
            room = max(20, WIDTH - indent)
            wrapped = textwrap.wrap(paragraph, room, break_long_words=False, break_on_hyphens=False)
            lines += [*([""] if lines else []), *(wrapped or [""])]
        yield f"{sign}{keep}\n" + "\n".join(margin + line if line else "" for line in lines)


def _single_quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _double_quoted(value: str) -> str:
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    if sign.isprintable():
        return sign
    if sign == "\n":
        return "\\n"
    return f"\\U{ord(sign):08x}" if ord(sign) > 0xFFFF else f"\\u{ord(sign):04x}"


def _reads_as(candidate: str, value: str, *, flow: bool, indent: int) -> bool:
    """Whether the parser takes a text as this one value where it is to stand."""
    if candidate[:1] and candidate[0] not in BLOCKS and "\n" in candidate:
        return False
    key = " " * indent + "k: "
    around = f"{{k: {candidate}, z: [{candidate}, 1]}}\n" if flow else f"{key}{candidate}\n{' ' * indent}z: 1\n"
    try:
        root = yaml.compose(around, Loader=LOADER)
    except yaml.YAMLError:
        return False
    if not isinstance(root, yaml.MappingNode) or len(root.value) != 2:
        return False
    found = [root.value[0][1], *(root.value[1][1].value[:1] if flow else ())]
    return all(isinstance(one, yaml.ScalarNode) and one.value == value for one in found)


_NOT_BARE = re.compile(r"[\[\]{},\n]|: |^[-?:] ")


def written_value(value: Any, *, flow: bool, indent: int = 0) -> str:
    """A text, a list or a mapping on one line, as it stands within a line; lists and mappings in brackets.

    A single text outside brackets may take several lines, `indent` spaces in.
    """
    if isinstance(value, Mapping):
        pairs = ((written_scalar(str(key), flow=True), written_value(one, flow=True)) for key, one in value.items())
        return "{" + ", ".join(f"{key}: {one}" for key, one in pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(written_value(one, flow=True) for one in value) + "]"
    if value is None:
        return "null"
    return written_scalar(_kept(value), flow=flow, indent=indent)


def _kept(value: str) -> str:
    """What was read is written as it was meant: words that could have been a number stay one."""
    if isinstance(value, Words):
        return PlainWords(value) if value.plain else str(value)
    return value


def lines_of(key: str, value: Any, *, indent: int, brackets: bool) -> list[str]:
    """An entry of a mapping as lines; with `brackets` a mapping stands on the line of its key if it has room."""
    margin = " " * indent
    name = written_scalar(key, flow=False)
    short = f"{margin}{name}: {written_value(value, flow=False, indent=indent)}"
    if not isinstance(value, Mapping) or not value or (brackets and len(short) <= WIDTH):
        return short.split("\n")
    lines = [f"{margin}{name}:"]
    for inner, one in value.items():
        lines += lines_of(str(inner), one, indent=indent + 2, brackets=not _bare_needs_lines(one))
    return lines


def _bare_needs_lines(value: Any) -> bool:
    return isinstance(value, str) and _NOT_BARE.search(value) is not None
