"""The scene as compressed JSON, small: tables column by column, courses as differences, numbers with nine digits.

It comes in two parts, of which the first has what the brief shows, so that a browser need not unpack all to show it.

`viewer/src/types/held.ts` is the other end. A key that begins with `$` marks what is packed; one of the scene's own
gets another `$`.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from standoff.plain import as_plain

if TYPE_CHECKING:
    from standoff.report.scene import Scene

DIGITS = 9
"""More than the page shows of any number; days of a scenario that tells the minute need most of them."""
COURSE = 20
"""From so many numbers on a list may be a course through time."""
FINEST = 6
"""Decimals of the finest course that is packed."""


LATER = ("sampled", "world", "ensemble", "parameters", "deals")
"""What no brief shows."""


def packed(scene: Scene) -> tuple[bytes, bytes]:
    """The scene in two parts, compressed."""
    plain = _packed(scene)
    later = {key: plain.pop(key) for key in LATER}
    return _compressed(plain), _compressed(later)


def unpacked(*parts: bytes) -> Any:  # Any: the scene as plain data
    """The plain data of a packed scene."""
    return {key: one for part in parts for key, one in _unpacked(json.loads(gzip.decompress(part))).items()}


def _compressed(plain: dict[str, Any]) -> bytes:  # Any: what stands in a scene
    text = json.dumps(plain, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return gzip.compress(text.encode("ascii"), mtime=0)


def short(value: float) -> float:
    """A number of nine digits that rounds to fewer of them as the number itself does.

    Plain rounding would round twice: where a 5 or a 0 is the last digit and more follow, it is made a 6 or a 1.
    """
    if not math.isfinite(value) or len(repr(value)) <= DIGITS + 1:
        return value
    sign, digits, power = Decimal(repr(value)).as_tuple()
    first, rest = digits[:DIGITS], digits[DIGITS:]
    if not rest or not isinstance(power, int):
        return value
    if first[-1] in (0, 5) and any(rest):
        first = (*first[:-1], first[-1] + 1)
    return float(Decimal((sign, first, power + len(rest))))


def _packed(value: Any) -> Any:  # Any: what stands in a scene
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return short(value)
    if isinstance(value, Mapping):
        # What a user has set is a command's as it is.
        return {
            f"${key}" if key[:1] == "$" else key: one if isinstance(one, float) else _packed(one)
            for key, one in value.items()
        }
    if isinstance(value, list | tuple):
        return _list(value)
    plain = as_plain(value)
    return {key: _packed(one) for key, one in plain.items()} if isinstance(plain, dict) else plain


def _list(values: Sequence[Any]) -> Any:  # Any: what stands in a scene
    if len(values) > 1 and is_dataclass(values[0]) and all(type(one) is type(values[0]) for one in values):
        names = list(as_plain(values[0]))  # type: ignore[call-overload]
        return {"$": names, "of": [_list([getattr(one, name) for one in values]) for name in names]}
    plain = [_packed(one) for one in values]
    if len(plain) < COURSE or not all(type(one) in (int, float, type(None)) for one in plain):
        return plain
    course = _course(plain)
    return course if course is not None and len(str(course)) < len(str(plain)) else plain


def _course(values: list[float | None]) -> dict[str, Any] | None:
    """Numbers as whole differences of so many decimals; None where that would lose something."""
    powers = (Decimal(repr(one)).normalize().as_tuple().exponent for one in values if one)
    decimals = max((-power for power in powers if isinstance(power, int)), default=0)
    if decimals > FINEST:
        return None
    decimals = max(0, decimals)
    before, steps = 0, []
    for one in values:
        now = before if one is None else round(one * 10**decimals)
        steps.append(None if one is None else now - before)
        before = now
    return {"$": decimals, "by": steps}


def _unpacked(value: Any) -> Any:  # Any: what was read from JSON
    if isinstance(value, list):
        return [_unpacked(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "of" in value and "$" in value:
        columns = [_unpacked(column) for column in value["of"]]
        return [dict(zip(value["$"], row, strict=True)) for row in zip(*columns, strict=True)]
    if "$" in value:
        total, found = 0, []
        for step in value["by"]:
            total += step or 0
            found.append(None if step is None else total / 10 ** value["$"])
        return found
    return {key[1:] if key[:1] == "$" else key: _unpacked(one) for key, one in value.items()}
