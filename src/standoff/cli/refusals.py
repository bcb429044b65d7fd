"""How a verb ends when something is wrong: the message on standard error, and the exit code."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import typer

from standoff.cli.output import print_json
from standoff.errors import Faults, RunStopped, StandoffError, UsageError

LIGHT = ("list", "check", "show", "schema", "evidence", "records", "sheet", "merge", "elicit", "draft", "doctor")
"""The verbs that make and read no runs, but for `check --deep`."""
LEAST_MEMORY = 1_800_000_000
"""The least address space, in bytes, in which the libraries that make and read runs can be loaded."""
NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.ENOENT)


@contextmanager
def errors_reported(*, as_json: bool = False, repeat: str | None = None) -> Iterator[None]:
    """Turn what Standoff refuses into a message and an exit code: 2 for wrong use, 1 for all else.

    With `as_json`, standard output holds one JSON document that says the same. `repeat` is the start of the line
    that makes a stopped run stop again.
    """
    try:
        yield
    except StandoffError as error:
        print(error, file=sys.stderr)
        if isinstance(error, RunStopped) and repeat is not None and error.run is not None:
            print(f"      again: {repeat} --runs {error.run + 1} --seed {error.seed}", file=sys.stderr)
        if as_json:
            print_json(json.dumps(_as_data(error), ensure_ascii=False))
        raise typer.Exit(2 if isinstance(error, UsageError) else 1) from None
    except (OSError, MemoryError, KeyboardInterrupt) as error:
        print(_sentence(error), file=sys.stderr)
        if as_json:
            print_json(json.dumps({"error": _sentence(error)}, ensure_ascii=False))
        raise typer.Exit(2 if isinstance(error, OSError) and error.errno in NOT_ALLOWED else 1) from None


def check_arguments(arguments: Sequence[str]) -> None:
    """Refuse at once, for all verbs, what would otherwise fail somewhere deep inside."""
    for argument in arguments:
        try:
            argument.encode("utf-8")
        except UnicodeEncodeError:
            shown = os.fsencode(argument).decode("ascii", "backslashreplace")
            _refuse(f"'{shown}' is not valid text in this machine's encoding; rename the file")
    light = bool(arguments) and arguments[0] in LIGHT and "--deep" not in arguments
    if not arguments or arguments[0].startswith("-") or light or "--help" in arguments:
        return
    limit = _address_space()
    if limit is not None and limit < LEAST_MEMORY:
        _refuse(
            f"this shell allows {limit // 1024:,} kB of memory (ulimit -v); making and reading runs takes at least "
            f"{LEAST_MEMORY // 1000:,} kB"
        )


def _refuse(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    raise SystemExit(2)


def _address_space() -> int | None:
    """The most address space that this process may have, in bytes; None if there is no limit."""
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit


def _sentence(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return f"stopped by {str(error) or 'Ctrl-C'}"
    if isinstance(error, OSError):
        what = f"{error.filename}: " if error.filename is not None else ""
        return f"{what}{error.strerror or error}"
    return "there is not enough memory"


def _as_data(error: StandoffError) -> dict[str, object]:
    if isinstance(error, Faults):
        return {"error": "the scenario has faults", "faults": [fault.as_dict() for fault in error.faults]}
    if isinstance(error, RunStopped):
        stopped = {name: getattr(error, name) for name in ("code", "rule", "binding", "time_days", "run", "seed")}
        return {"error": error.found, "stopped": stopped | {"values": {n: repr(v) for n, v in error.values.items()}}}
    return {"error": str(error)}
