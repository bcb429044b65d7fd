"""A digest of the content of frozen data, the same in every process and on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import PurePath

import numpy as np


def content_digest(thing: object) -> str:
    """Names the content of a dataclass, array, number, text or collection of such; raises TypeError for other things.

    Two things with one name are alike in type and value, down to the bits of their numbers.
    """
    total = hashlib.blake2b(digest_size=16)

    def put(*texts: object) -> None:
        total.update("\0".join(map(str, texts)).encode("utf-8", "surrogatepass") + b"\0")

    def walk(one: object) -> None:
        kind = type(one)
        if isinstance(one, np.ndarray | np.generic):
            put("array" if isinstance(one, np.ndarray) else "number", one.dtype.str, one.shape)
            total.update(one.tobytes())
        elif one is None or isinstance(one, bool | int | float | str | bytes | date | PurePath):
            put(kind.__name__, repr(one) if not isinstance(one, str) else f"{len(one)} {one!s}")
        elif isinstance(one, Enum):
            put(kind.__qualname__, one.name)
        elif is_dataclass(one) and not isinstance(one, type):
            put(kind.__module__, kind.__qualname__)
            for field in fields(one):
                put(field.name)
                walk(getattr(one, field.name))
        elif isinstance(one, Mapping):
            put("mapping", len(one))
            for key, value in one.items():
                walk(key)
                walk(value)
        elif isinstance(one, tuple | list):
            put(kind.__name__, len(one))
            for part in one:
                walk(part)
        elif isinstance(one, set | frozenset):
            put(kind.__name__, len(one))
            for name in sorted(map(content_digest, one)):
                put(name)
        else:
            raise TypeError(f"no digest of the content of {kind.__qualname__}")

    walk(thing)
    return total.hexdigest()
