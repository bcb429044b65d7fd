"""A program that decides for a seat: one line of JSON for each decision that comes up, one line back.

What it answered is kept by the digest of its command and of what it was asked: the same question is never asked twice,
so that a run with a program that rolls dice, or a language model, is the same run whenever it is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import selectors
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any

import numpy as np

from standoff.errors import UsageError
from standoff.game import View
from standoff.strategy.deciding import Question, Reply

LONGEST_LINE = 64 * 1024
"""The most bytes of an answer."""
LONGEST_WHY = 500


class External:
    """A decider that is a program; use it in a `with` statement, which ends the program.

    It is sent `{"v": 1, "asked": {…}, "seen": {…}, "luck": X}` and answers `{"choose": "OPTION", "why": "…"}` within
    `seconds`. `answers` is a file in which its answers are kept, and from which they are taken again.
    """

    def __init__(self, command: Sequence[str], *, seconds: float = 60.0, answers: Path | None = None) -> None:
        """Raises UsageError for no command, and for a file of answers that is damaged."""
        if not command:
            raise UsageError("a program that decides needs a command")
        self.command, self.seconds, self.file = list(command), seconds, answers
        # Of `python bot.py` the second word says which program it is.
        self.name = f"program {' '.join(Path(word).name for word in self.command[:2])}"
        self._known = {} if answers is None else _kept(answers)
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""

    def __enter__(self) -> External:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the program."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def choose(self, seen: View, asked: Question, luck: np.random.Generator) -> Reply:
        """What the program answers; raises UsageError where it answers nonsense, too late or not at all."""
        message = {"v": 1, "asked": asdict(asked), "seen": asdict(seen), "luck": float(luck.random())}
        text = json.dumps(message, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        # Another program is another decider, and is asked itself.
        whole = "\0".join([*self.command, text])
        digest = hashlib.blake2b(whole.encode(), digest_size=16).hexdigest()
        if digest not in self._known:
            self._known[digest] = reply = self._asked(text, asked)
            if self.file is not None:
                _keep(self.file, digest, reply)
        return self._known[digest]

    def _asked(self, text: str, asked: Question) -> Reply:
        line = self._exchanged(text.encode() + b"\n")
        try:
            answer = json.loads(line)
        except (ValueError, RecursionError):
            raise self._nonsense(line, "no JSON") from None
        if not isinstance(answer, dict) or not isinstance(answer.get("choose"), str):
            raise self._nonsense(line, 'no {"choose": "OPTION"}')
        if answer["choose"] not in asked.options:
            raise self._nonsense(line, f"none of the open options ({', '.join(asked.options)})")
        return Reply(answer["choose"], str(answer.get("why", ""))[:LONGEST_WHY])

    def _nonsense(self, line: bytes, why: str) -> UsageError:
        self.close()
        shown = line[:80].decode(errors="replace").strip()
        return UsageError(f"{self.name} answered '{shown}', which is {why}")

    def _exchanged(self, line: bytes) -> bytes:
        process = self._started()
        if process.stdin is None or process.stdout is None:
            raise UsageError(f"{self.name} has no input or output")
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except OSError:
            raise self._ended(process) from None
        until = monotonic() + self.seconds
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._rest:
                if not waiting.select(max(0.0, until - monotonic())):
                    self.close()
                    raise UsageError(f"{self.name} did not answer within {self.seconds:g} seconds; give it more time")
                more = os.read(process.stdout.fileno(), LONGEST_LINE)
                if not more:
                    raise self._ended(process)
                self._rest += more
                if len(self._rest) > LONGEST_LINE:
                    raise self._nonsense(self._rest, f"longer than {LONGEST_LINE:,} bytes")
        answer, _, self._rest = self._rest.partition(b"\n")
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            try:
                self._process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            except OSError as error:
                raise UsageError(f"'{self.command[0]}' cannot be started: {error.strerror}") from None
        return self._process

    def _ended(self, process: subprocess.Popen[bytes]) -> UsageError:
        self._process = None
        process.communicate()
        status = process.returncode
        return UsageError(f"{self.name} ended (exit status {status}) before it answered; run it by hand to see why")


def _kept(file: Path) -> dict[str, Reply]:
    """The answers of a file, by the digest of what was asked; a last line that was cut short is left out."""
    if not file.exists():
        return {}
    kept: dict[str, Reply] = {}
    for number, line in enumerate(file.read_bytes().splitlines(keepends=True), start=1):
        if line[-1:] != b"\n":
            break
        try:
            entry: Any = json.loads(line)
            kept[entry["asked"]] = Reply(entry["choose"], entry["why"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise UsageError(f"{file}, line {number}: no answer that was kept here; move the file away") from None
    return kept


def _keep(file: Path, digest: str, reply: Reply) -> None:
    """Add an answer to a file, so that it is there whatever happens next."""
    entry = json.dumps({"asked": digest, "choose": reply.option, "why": reply.why}, ensure_ascii=False)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("r+b" if file.exists() else "w+b") as opened:
        # Behind the last whole line: what a killed program left of one is overwritten.
        content = opened.read()
        opened.seek(content.rfind(b"\n") + 1)
        opened.truncate()
        opened.write(entry.encode() + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
