"""What a file that could come from anywhere may contain: shortened texts, finite numbers, lists of bounded length.

The files that verbs keep are read into the very types that the verbs write; what bounds them here is made from those
types, field by field.
"""

from __future__ import annotations

import re
import types
from dataclasses import MISSING, field, fields, is_dataclass, make_dataclass
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, Field, TypeAdapter

LONGEST_TEXT = 1_200
LONGEST_NAME = 100
MOST_ROWS = 10_000
MOST_ITEMS = 500
LONGEST_LISTS = {"indices": 50 * MOST_ROWS, "stories": 20}
TEXTS = frozenset(
    {"ask", "cause", "event", "expect", "given", "hedge", "importance", "instead", "method", "note", "notes", "says",
     "sentence", "sentences"}
)  # fmt: skip
"""Fields that hold sentences; all other texts are names."""
_UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+")

Kind = TypeVar("Kind")
ROW: Any = tuple
TABLE: Any = dict
"""Any, since what they hold is only known when the types of a verb are read."""


def tame(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text of bounded length, without characters that affect the text around it."""
    plain = _UNSEEN.sub(" ", text).strip()
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _short(text: str) -> str:
    return tame(text, LONGEST_NAME)


Text = Annotated[str, AfterValidator(tame)]
Name = Annotated[str, AfterValidator(_short)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=2**53)]


def read_as(kind: type[Kind], content: Any) -> Kind:  # Any: what was read from JSON
    """The dataclass of a verb with this content; raises pydantic's ValidationError where it is not of that form.

    Keys that the dataclass has not are left aside. What may be None may be missing, and so may texts: a file of another
    version says more or less beside its numbers.
    """
    bounded = _bounded(cast("type[Any]", kind))
    return cast("Kind", _made(TypeAdapter[Any](bounded).validate_python(content), kind))


_BOUNDED: dict[type[Any], type[Any]] = {}


def _bounded(kind: type[Any]) -> type[Any]:
    """A dataclass of the same fields in which every value is bounded."""
    if kind in _BOUNDED:
        return _BOUNDED[kind]
    hints = get_type_hints(kind)
    rows: list[tuple[str, Any, Any]] = []
    for one in fields(cast("Any", kind)):
        # A Python name may end in `_` where the key is a word of the language.
        alias: dict[str, Any] = {"validation_alias": one.name.rstrip("_")}
        if one.default is not MISSING:
            default = field(default=one.default)
        elif type(None) in get_args(hints[one.name]):
            default = field(default=None)
        elif hints[one.name] in (str, tuple[str, ...]):
            default = field(default="" if hints[one.name] is str else ())
        else:
            default = field()
        rows.append((one.name, Annotated[_limits(hints[one.name], one.name), Field(**alias)], default))
    _BOUNDED[kind] = make_dataclass(kind.__name__, rows, kw_only=True)
    return _BOUNDED[kind]


def _limits(hint: Any, name: str) -> Any:  # Any: whatever stands in an annotation
    origin, given = get_origin(hint), get_args(hint)
    if origin is Literal or hint in (bool, type(None)):
        return hint
    if origin in (Union, types.UnionType):
        return reduce(or_, (_limits(one, name) for one in given))
    if origin is tuple and given[1:] == (...,):
        named = given[0] is str or get_origin(given[0]) in (Union, types.UnionType)
        most = LONGEST_LISTS.get(name, MOST_ITEMS if named else MOST_ROWS)
        return Annotated[ROW[_limits(given[0], name), ...], Field(max_length=most)]
    if origin is dict:
        return Annotated[TABLE[Name, _limits(given[1], name)], Field(max_length=MOST_ITEMS)]
    if isinstance(hint, type) and is_dataclass(hint):
        return _bounded(hint)
    if isinstance(hint, type) and issubclass(hint, tuple):
        return ROW[tuple(_limits(one, name) for one in get_type_hints(hint).values())]
    return {int: Count, float: Number, str: Text if name in TEXTS else Name}[hint]


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:  # Any: whatever stands in an annotation
    """The annotations of a dataclass, which take longer to read than a row of a large file to make."""
    return get_type_hints(kind)


def _made(value: Any, hint: Any) -> Any:  # Any: a value of the bounded form and the type it stands for
    """The value that a bounded value stands for."""
    origin, given = get_origin(hint), get_args(hint)
    if value is None:
        return None
    if origin in (Union, types.UnionType):
        return _made(value, next(one for one in given if one is not type(None)))
    if origin is tuple:
        return tuple(_made(one, given[0]) for one in value)
    if origin is dict:
        return {name: _made(one, given[1]) for name, one in value.items()}
    if isinstance(hint, type) and is_dataclass(hint):
        hints = _hints(hint)
        return hint(**{one.name: _made(getattr(value, one.name), hints[one.name]) for one in fields(hint)})
    if isinstance(hint, type) and issubclass(hint, tuple):
        return hint(*value)
    return value
