"""Frozen data as plain data: what JSON writes of dataclasses and dates, and what this process has written itself."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Generic, TypeVar

LATEST = 3
"""How many texts of one sort a process knows without reading them."""
Thing = TypeVar("Thing")


def as_plain(thing: object) -> object:
    """What `json.dumps` asks for as `default`: a dataclass as the values of its fields by name, a date as ISO 8601.

    Unlike `dataclasses.asdict` it copies nothing.
    """
    if isinstance(thing, datetime):
        return thing.isoformat(timespec="minutes")[:16]
    if isinstance(thing, date):
        return thing.isoformat()
    if is_dataclass(thing) and not isinstance(thing, type):
        return {name: getattr(thing, name) for name in _names(type(thing))}
    raise TypeError(f"{type(thing).__qualname__} is no plain data")


class Written(Generic[Thing]):
    """The last few texts that this process has written, with what they say: it need not read them again."""

    def __init__(self) -> None:
        self._texts: OrderedDict[bytes, Thing] = OrderedDict()

    def remember(self, text: str, thing: Thing) -> None:
        """Know what this text says from now on."""
        self._texts[text.encode("utf-8", "surrogatepass")] = thing
        while len(self._texts) > LATEST:
            self._texts.popitem(last=False)

    def recall(self, text: str | bytes) -> Thing | None:
        """What a text says, if it is one of them."""
        return self._texts.get(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
