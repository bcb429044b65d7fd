"""Frozen data as bytes and back, by the annotations of its types: a tree in JSON, and the arrays behind it.

What comes back is alike in type and value, down to the bits of numbers, and nothing in it is run: the reader makes the
classes that the annotations name and no others.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALIGNED = 16
"""Arrays begin at multiples of this many bytes."""
LENGTH = 8
"""Bytes of the number before the tree: how long it is."""

Kind = TypeVar("Kind")
# What a tree of JSON holds, and what is made of it, is of any type.
Tree = Any
Read = Callable[[Tree, "Arrays"], Any]
Write = Callable[[Any, "Arrays"], Tree]


class Arrays:
    """The arrays of a tree, which names them by their places: a kind of number, a shape, and where they begin."""

    def __init__(self, content: bytes = b"", most: int | None = None) -> None:
        self.content = content
        self.most = most
        self.added: list[bytes] = []
        self.size = 0

    def add(self, array: NDArray[Any]) -> Tree:
        """Put an array behind the others; what names it. Raises OverflowError."""
        self.check_size(array.nbytes)
        name = [array.dtype.str, list(array.shape), self.size]
        raw = array.tobytes()
        raw += bytes(-len(raw) % ALIGNED)
        self.added.append(raw)
        self.size += len(raw)
        return name

    def check_size(self, more: int) -> None:
        """Raises OverflowError where so many bytes more are too many."""
        if self.most is not None and self.size + more > self.most:
            raise OverflowError(f"this takes more than {self.most} bytes")

    def at(self, name: Tree) -> NDArray[Any]:
        """The array of this name, as an array of its own."""
        import numpy as np

        kind, shape, start = np.dtype(name[0]), name[1], name[2]
        count = 1
        for length in shape:
            count *= length
        if not 0 <= start <= start + count * kind.itemsize <= len(self.content):
            raise ValueError("an array lies beyond the end")
        return np.frombuffer(self.content, kind, count, start).reshape(shape).copy()


def packed(thing: Kind, kind: type[Kind], *, most: int | None = None) -> bytes:
    """The bytes of a thing of this type, at most so many; raises OverflowError where they are more.

    Raises TypeError for what its annotations do not say, and for what JSON cannot hold. Of a Literal, the type of the
    thing is looked at and not its value.
    """
    arrays = Arrays(most=most)
    try:
        text = json.dumps(_of(kind).write(thing, arrays), separators=(",", ":")).encode("ascii")
    except (ValueError, RecursionError) as error:
        # A whole number of too many digits, or trees in trees without an end.
        raise TypeError(f"a {kind.__qualname__} cannot be packed: {error}") from error
    text += b" " * (-(LENGTH + len(text)) % ALIGNED)
    arrays.check_size(LENGTH + len(text))
    return b"".join([len(text).to_bytes(LENGTH, "little"), text, *arrays.added])


def unpacked(content: bytes, kind: type[Kind]) -> Kind:
    """The thing of this type that these bytes hold; raises ValueError where they hold none."""
    length = int.from_bytes(content[:LENGTH], "little")
    try:
        tree = json.loads(content[LENGTH : LENGTH + length])
        read = _of(kind).read
        thing: Kind = tree if read is None else read(tree, Arrays(content[LENGTH + length :]))
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        raise ValueError(f"this is no {kind.__qualname__}") from error
    return thing


class _Kind:
    """How things of one type are written and read; `read` is None where JSON gives them as they are."""

    read: Read | None
    write: Write


class _Same(_Kind):
    """Numbers, truths, texts and nothing: JSON holds them as they are."""

    read = None

    def __init__(self, kinds: tuple[type, ...]) -> None:
        # Whole numbers stand for numbers as well.
        self.kinds = frozenset((*kinds, int) if float in kinds else kinds)

    def write(self, thing: Any, _: Arrays) -> Tree:
        if type(thing) not in self.kinds:
            expected = ", ".join(sorted(kind.__name__ for kind in self.kinds))
            raise TypeError(f"{thing!r} is a {type(thing).__name__}, expected {expected}")
        return thing


class _Date(_Kind):
    def write(self, thing: date, _: Arrays) -> Tree:
        if type(thing) is not datetime or thing.tzinfo is not None:
            _expect(thing, date)
        return thing.isoformat()

    def read(self, tree: Tree, _: Arrays) -> date:
        moment = datetime.fromisoformat(tree)
        return moment if "T" in tree else moment.date()


class _Array(_Kind):
    """An array of numpy, of one kind of number."""

    def __init__(self, array: type, number: Any) -> None:
        self.array, self.number = array, number

    def write(self, thing: Any, arrays: Arrays) -> Tree:
        _expect(thing, self.array)
        return arrays.add(self._checked(thing))

    def read(self, tree: Tree, arrays: Arrays) -> Any:
        return self._checked(arrays.at(tree))

    def _checked(self, array: Any) -> Any:
        if array.dtype.kind not in PLAIN_NUMBERS or not issubclass(array.dtype.type, self.number):
            raise TypeError(f"an array of {array.dtype}, expected {self.number.__name__}")
        return array


class _Row(_Kind):
    """A tuple of a fixed length."""

    def __init__(self, items: list[_Kind]) -> None:
        self.items = items
        plain = all(item.read is None for item in items)
        self.read = (lambda tree, _: tuple(tree)) if plain else self._read

    def write(self, thing: Any, arrays: Arrays) -> Tree:
        _expect(thing, tuple)
        if len(thing) != len(self.items):
            raise TypeError(f"{thing!r} has {len(thing)} parts, expected {len(self.items)}")
        return [item.write(part, arrays) for item, part in zip(self.items, thing, strict=True)]

    def _read(self, tree: Tree, arrays: Arrays) -> Any:
        parts = zip(self.items, tree, strict=True)
        return tuple([part if item.read is None else item.read(part, arrays) for item, part in parts])


class _Many(_Kind):
    """A tuple or a list of any length."""

    def __init__(self, sequence: type, item: _Kind) -> None:
        self.sequence, self.item = sequence, item

    def write(self, thing: Any, arrays: Arrays) -> Tree:
        _expect(thing, self.sequence)
        return [self.item.write(part, arrays) for part in thing]

    def read(self, tree: Tree, arrays: Arrays) -> Any:
        read = self.item.read
        return self.sequence(tree if read is None else [read(part, arrays) for part in tree])


class _Table(_Kind):
    """A dict, as the list of its keys and the list of its values."""

    def __init__(self, key: _Kind, value: _Kind) -> None:
        self.keys, self.values = _Many(list, key), _Many(list, value)

    def write(self, thing: Any, arrays: Arrays) -> Tree:
        _expect(thing, dict)
        return [self.keys.write(list(thing), arrays), self.values.write(list(thing.values()), arrays)]

    def read(self, tree: Tree, arrays: Arrays) -> Any:
        keys, values = tree
        return dict(zip(self.keys.read(keys, arrays), self.values.read(values, arrays), strict=True))


class _Class(_Kind):
    """A dataclass, as the list of its fields."""

    def __init__(self, cls: Any) -> None:
        self.cls = cls
        self.names = [field.name for field in fields(cls) if field.init]
        self.items: list[_Kind] = []

    def complete(self) -> None:
        """Look up the types of the fields, which may be of this very class."""
        hints = get_type_hints(self.cls)
        self.items = [_kind(hints[name]) for name in self.names]
        # Those that are not read as they are.
        self.made = [(i, item) for i, item in enumerate(self.items) if item.read is not None]

    def write(self, thing: Any, arrays: Arrays) -> Tree:
        _expect(thing, self.cls)
        return [item.write(getattr(thing, name), arrays) for name, item in zip(self.names, self.items, strict=True)]

    def read(self, tree: Tree, arrays: Arrays) -> Any:
        if len(tree) != len(self.names):
            raise ValueError(f"{self.cls.__qualname__} has {len(self.names)} fields")
        for i, item in self.made:
            tree[i] = item.read(tree[i], arrays)  # type: ignore[misc]  # never None among those
        return self.cls(*tree)


class _OneOf(_Kind):
    """One of several types, of which at least one is made anew: its number among them, and the thing."""

    def __init__(self, kinds: list[tuple[type, _Kind]]) -> None:
        # By their names: `A | B` and `B | A` are equal, and whichever was asked for first would number both.
        kinds = sorted(kinds, key=lambda of: (of[0].__module__, of[0].__qualname__))
        self.number = {cls: i for i, (cls, _) in enumerate(kinds)}
        if len(self.number) < len(kinds):
            raise TypeError(f"of {', '.join(cls.__qualname__ for cls, _ in kinds)}, two cannot be told apart")
        self.kinds = [kind for _, kind in kinds]

    def write(self, thing: Any, arrays: Arrays) -> Tree:
        number = self.number.get(type(thing))
        if number is None:
            raise TypeError(f"{thing!r} is a {type(thing).__name__}")
        return [number, self.kinds[number].write(thing, arrays)]

    def read(self, tree: Tree, arrays: Arrays) -> Any:
        read = self.kinds[tree[0]].read
        return tree[1] if read is None else read(tree[1], arrays)


class _Maybe(_Kind):
    """A thing or None."""

    def __init__(self, kind: _Kind) -> None:
        self.kind = kind

    def write(self, thing: Any, arrays: Arrays) -> Tree:
        return None if thing is None else self.kind.write(thing, arrays)

    def read(self, tree: Tree, arrays: Arrays) -> Any:
        return None if tree is None else self.kind.read(tree, arrays)  # type: ignore[misc]  # such are _Same


def _expect(thing: object, kind: type) -> None:
    if type(thing) is not kind:
        raise TypeError(f"{thing!r} is a {type(thing).__name__}, expected {kind.__name__}")


def _of(kind: Any) -> Any:  # Any: a _Kind, as below
    with _looking:
        return _kind(kind)


_looking = RLock()
PLAIN_NUMBERS = "biufc"
"""The kinds of numbers, and of truths, whose bytes are all that they are."""
_PLAIN = (type(None), bool, int, float, str)
_classes: dict[Any, _Class] = {}


@cache
def _kind(hint: Any) -> Any:  # Any: a _Kind, whose `read` is a method of the class
    """How things of an annotated type are written and read."""
    origin, of = get_origin(hint), get_args(hint)
    if hasattr(origin, "__value__"):
        # A name for another type, as NDArray is from numpy 2.5 on (typing.TypeAliasType, Python 3.12).
        return _kind(origin.__value__[of])
    if hint in _PLAIN:
        return _Same((hint,))
    if hint is None:
        return _Same((type(None),))
    if origin is Literal:
        return _Same(tuple({type(value) for value in of}))
    if hint is date:
        return _Date()
    if origin in (Union, types.UnionType):
        return _union(of)
    if origin in (tuple, list):
        if origin is list or (len(of) == 2 and of[1] is Ellipsis):
            return _Many(origin, _kind(of[0]))
        return _Row([_kind(part) for part in of])
    if origin is dict:
        return _Table(_kind(of[0]), _kind(of[1]))
    if getattr(origin, "__module__", None) == "numpy":
        return _array(origin, of)
    if is_dataclass(hint):
        return _class(hint)
    raise TypeError(f"{hint!r} cannot be packed")


def _array(array: Any, of: tuple[Any, ...]) -> _Array:
    number = get_args(of[1])[0] if len(of) == 2 and get_args(of[1]) else None
    if not isinstance(number, type):
        raise TypeError(f"an array of {of} cannot be packed: name its numbers, as NDArray[np.float64]")
    return _Array(array, number)


def _class(cls: Any) -> _Class:
    if cls not in _classes:
        # Known before its fields are looked at: they may be of this very class.
        _classes[cls] = _Class(cls)
        try:
            _classes[cls].complete()
        except (TypeError, NameError) as error:
            # What its fields are of may be known with this class half looked at.
            _classes.clear()
            _kind.cache_clear()
            raise TypeError(f"{cls.__qualname__} cannot be packed: {error}") from error
    return _classes[cls]


def _union(of: tuple[Any, ...]) -> _Kind:
    kinds = [(part, _kind(part)) for part in of]
    plain = [kind for _, kind in kinds if isinstance(kind, _Same)]
    if len(plain) == len(kinds):
        return _Same(tuple(set().union(*(kind.kinds for kind in plain))))
    others = [kind for part, kind in kinds if part is not type(None)]
    if len(others) == 1 and len(plain) == 1:
        return _Maybe(others[0])
    classes = [(get_origin(part) or part, kind) for part, kind in kinds]
    if not all(isinstance(cls, type) for cls, _ in classes):
        raise TypeError(f"{of} cannot be packed: a thing is told by its type")
    return _OneOf(classes)
