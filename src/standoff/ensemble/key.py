"""The key of an ensemble: a digest of all that its runs depend on, so that old runs are never taken for new ones."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import TYPE_CHECKING

from standoff.engine import kernel_sources
from standoff.sources import sources

if TYPE_CHECKING:
    from standoff.ensemble.manifest import GivenEntry
    from standoff.scenario import Scenario

FIRST_ROOM = "ensemble"
"""The room that makes the runs; what it imports, at any depth, decides their bytes as well."""
_IMPORT = re.compile(r"^\s*(?:from|import)\s+standoff(?:\.(\w+)|\s+import\s+\(?([\w\s,]+))", re.MULTILINE)


def run_key(
    scenario: Scenario, *, version: str, seed: int, events: str, sampler: str, given: GivenEntry | None = None
) -> str:
    """Names everything that the bytes of a run folder depend on, but for the number of runs.

    `given` is the table of parameters, if the caller gives one.
    """
    settings = sorted(scenario.settings.items())
    table = given.digest if given is not None else None
    parts = [version, code_digest(), scenario.digest, scenario.variant, settings, seed, sampler, events, table]
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()


@cache
def code_digest() -> str:
    """Names the code that makes the runs, so that an old folder is never taken for what changed code would make.

    That is the source of the rooms that decide the bytes of a run, and what the kernel in C was built from.
    """
    total = hashlib.blake2b(kernel_sources().encode(), digest_size=16)
    for name, content in sorted(_sources().items()):
        total.update(name.encode() + b"\0" + content + b"\0")
    return total.hexdigest()


@cache
def _sources() -> dict[str, bytes]:
    """The source files of the rooms whose code decides the bytes of a run, by their path in the package."""
    rooms: dict[str, dict[str, bytes]] = {}
    for path, content in sources().items():
        room, _, _ = path.partition("/")
        rooms.setdefault(room.removesuffix(".py"), {})[path] = content
    contents: dict[str, bytes] = {}
    seen: set[str] = set()
    waiting = [FIRST_ROOM]
    while waiting:
        room = waiting.pop()
        # A name of the package's front, such as its version, is no room: the key holds it as it is.
        if room in seen or room not in rooms:
            continue
        seen.add(room)
        contents |= rooms[room]
        for content in rooms[room].values():
            for below, names in _IMPORT.findall(content.decode("utf-8")):
                waiting += [below] if below else re.findall(r"\w+", names)
    return contents
