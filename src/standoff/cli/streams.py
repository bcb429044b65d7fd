"""Standard streams that are closed, full or read by nobody any more, and signals that ask the program to stop."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TextIO, cast

READER_GONE = 128 + 13
"""The exit code of a tool in a pipe whose reader has gone, as a shell reports it."""
STOPPING = ("SIGTERM", "SIGHUP")
"""The signals that stop the program as Ctrl-C does."""


class OutputLost(Exception):
    """Standard output cannot be written."""

    def __init__(self, error: OSError) -> None:
        self.number = error.errno
        super().__init__(f"cannot write to standard output: {error.strerror or error}")


class _Stream:
    """A standard stream whose failures are told from those of other files."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:  # Any: whatever the stream itself has
        return getattr(self.stream, name)


class _Output(_Stream):
    """Standard output: what it cannot write is lost, and that ends the program."""

    def write(self, text: str) -> int:
        try:
            return self.stream.write(text)
        except OSError as error:
            raise OutputLost(error) from error

    def flush(self) -> None:
        try:
            self.stream.flush()
        except OSError as error:
            raise OutputLost(error) from error


class _Messages(_Stream):
    """Standard error: a message that cannot be written stops no work."""

    def write(self, text: str) -> int:
        with suppress(OSError):
            self.stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self.stream.flush()


@contextmanager
def orderly() -> Iterator[None]:
    """Within this, lost output ends the program as it ends any tool in a pipe, and signals end it as Ctrl-C does."""
    _open_closed()
    output, messages = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = cast("TextIO", _Output(output)), cast("TextIO", _Messages(messages))
    before = _stop_on_signals()
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OutputLost as lost:
        # What still waits to be written is dropped, or the interpreter would try again at its end.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
        if lost.number == errno.EPIPE:
            raise SystemExit(READER_GONE) from None
        print(lost, file=sys.stderr)
        raise SystemExit(1) from None
    finally:
        sys.stdout, sys.stderr = output, messages
        for number, handler in before.items():
            signal.signal(number, handler)


def _open_closed() -> None:
    """Put the null device in the place of standard streams that were closed when the program was started.

    Otherwise the next file that is opened would get the number of such a stream, and messages would be written into it.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _stop_on_signals() -> dict[signal.Signals, Any]:
    """Let the signals of schedulers and closed terminals raise what Ctrl-C raises; the handlers that were there.

    A signal that is ignored, as under nohup, stays ignored.
    """
    before: dict[signal.Signals, Any] = {}
    if threading.current_thread() is not threading.main_thread():
        return before
    for name in STOPPING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            before[number] = signal.signal(number, _stop)
    return before


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt(signal.Signals(number).name)
