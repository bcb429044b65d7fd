"""A document back to YAML: order kept, numbers exact, what was not given left out."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any

import yaml

from standoff.numerals import exact
from standoff.scenario.reading.source import Words, plain_value
from standoff.scenario.schema.document import Document
from standoff.scenario.schema.scalars import PlainWords
from standoff.time import iso

_TEXT = "tag:yaml.org,2002:str"
_NOT_IN_FLOW = re.compile(r"[\[\]{},\n]|: |^[-?:] ")

WIDTH = 120
"""Columns up to which a list or a mapping stays on one line."""


_BASE: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Writer(_BASE):  # type: ignore[misc]  # libyaml's emitter where PyYAML has it, for its speed
    """Writes the subset of YAML 1.2 that the language reads: no anchors, no tags."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


# A text is quoted exactly where YAML 1.2 would read something else than a text: the 1.1 rules of the
# library (`no`, `on`, dates, base 60) would put needless quotes around words of the language.
_Writer.yaml_implicit_resolvers = {}


def _text(writer: _Writer, text: str) -> yaml.ScalarNode:
    return writer.represent_scalar(_TEXT, str(text), style=_style(text))  # type: ignore[no-any-return]


def _style(text: str) -> str | None:
    """Plain where nothing is lost by it, a block where there are lines, quotes elsewhere."""
    lines = text.split("\n")
    if not all(line.isprintable() for line in lines):
        return '"'
    if len(lines) > 1:
        blank = any(line[:1].isspace() or line[-1:].isspace() for line in lines) or not lines[0]
        return '"' if blank else ">" if len(lines) == 2 and not lines[1] else "|"
    return None if isinstance(plain_value(Words(text)), str) else '"'


def _plain(writer: _Writer, text: PlainWords) -> yaml.ScalarNode:
    value = plain_value(Words(text))
    return _text(writer, str(text)) if value is None or isinstance(value, str) else _verbatim(writer, str(text))


def _verbatim(writer: _Writer, text: str) -> yaml.ScalarNode:
    return writer.represent_scalar(_TEXT, str(text))  # type: ignore[no-any-return]


def _number(writer: _Writer, number: float) -> yaml.ScalarNode:
    return _verbatim(writer, exact(number) if isfinite(number) else f"{'-' if number < 0 else ''}.inf")


def _truth(writer: _Writer, truth: bool) -> yaml.ScalarNode:
    return _verbatim(writer, "true" if truth else "false")


def _nothing(writer: _Writer, _: None) -> yaml.ScalarNode:
    return _verbatim(writer, "null")


def _day(writer: _Writer, day: date) -> yaml.ScalarNode:
    return _verbatim(writer, iso(day))


def _list(writer: _Writer, items: list[Any] | tuple[Any, ...]) -> yaml.SequenceNode:
    return writer.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=_fits(items))  # type: ignore[no-any-return]


def _mapping(writer: _Writer, items: Mapping[str, Any]) -> yaml.MappingNode:
    return writer.represent_mapping("tag:yaml.org,2002:map", items.items(), flow_style=_fits(items))  # type: ignore[no-any-return]


def _fits(value: Any) -> bool:
    """Whether a list or a mapping is easily read on one line: short, and without quotes around its words."""
    return _length(value) <= WIDTH - 40 and not _needs_quotes(value)


def _needs_quotes(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_needs_quotes(item) for item in value.values())
    if isinstance(value, list | tuple):
        return any(_needs_quotes(item) for item in value)
    return isinstance(value, str) and _NOT_IN_FLOW.search(value) is not None


def _length(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(len(key) + 4 + _length(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return sum(2 + _length(item) for item in value)
    return len(str(value))


_Writer.add_representer(str, _text)
_Writer.add_multi_representer(Words, _text)
_Writer.add_representer(PlainWords, _plain)
_Writer.add_representer(float, _number)
_Writer.add_representer(int, _number)
_Writer.add_representer(bool, _truth)
_Writer.add_representer(type(None), _nothing)
_Writer.add_representer(date, _day)
_Writer.add_representer(datetime, _day)
_Writer.add_representer(list, _list)
_Writer.add_representer(tuple, _list)
_Writer.add_representer(dict, _mapping)


def dump(document: Document, *, sections: Collection[str] | None = None) -> str:
    """The document as YAML, or only some of its sections; reading all of it gives an equal document."""
    only = None if sections is None else set(sections)
    written = document.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True, include=only)
    return yaml.dump(written, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=WIDTH)
