"""Command lines that are printed, and work when they are pasted into a shell: one way to make all of them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.errors import UsageError

if TYPE_CHECKING:
    from standoff.ensemble.manifest import Manifest


def command(verb: str, case: list[str], *options: str) -> str:
    """A command line: the verb, the case that it is about, and its options."""
    return shlex.join(["standoff", *verb.split(), *case, *options])


def case_words(address: str, variant: str | None = None, settings: Mapping[str, float] | None = None) -> list[str]:
    """What names a scenario on a command line, with its variant and what is set in it."""
    words = [address, *(["--variant", variant] if variant is not None else [])]
    for name, value in sorted((settings or {}).items()):
        words += ["--set", f"{name}={float(value)!r}"]
    return words


def case_of(about: Manifest, folder: Path) -> list[str]:
    """What names the case of some runs where this is read, which may be elsewhere than where they were made.

    The run folder holds the scenario as it was run, with its variant and what was set, so that it is one itself.
    """
    return case_words(about.address, about.variant, about.settings) if _is_found(about.address) else [str(folder)]


def again(about: Manifest, folder: Path) -> str:
    """The command line that makes the same runs again."""
    if _is_found(about.address):
        return about.command
    words, case = shlex.split(about.command), case_words(about.address, about.variant, about.settings)
    options = words[3:]
    for option, value in zip(case[1::2], case[2::2], strict=True):
        at = next((i for i, pair in enumerate(pairwise(options)) if pair == (option, value)), None)
        options = options if at is None else options[:at] + options[at + 2 :]
    return command("run", [str(folder)], *options)


def _is_found(address: str) -> bool:
    from standoff.scenario import find

    try:
        find(address)
    except UsageError:
        return False
    return True
