"""A small editor for tests: it starts `standoff lsp`, speaks the Language Server Protocol with it, and says goodbye."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Editor:
    """One editor with one language server; it waits for answers, and no longer than the test may take."""

    def __init__(self, folder: Path, *, encodings: list[str] | None = None) -> None:
        self.folder = folder
        self.told: list[dict[str, Any]] = []
        self.number = 0
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "standoff", "lsp"], cwd=folder, env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        general = {"positionEncodings": encodings} if encodings else {}
        self.can = self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities={"general": general})
        self.tell("initialized")

    def send(self, content: bytes) -> None:
        """Writes bytes as they are."""
        assert self.process.stdin is not None
        self.process.stdin.write(content)
        self.process.stdin.flush()

    def message(self, **parts: Any) -> None:
        """Sends a message."""
        body = json.dumps({"jsonrpc": "2.0", **parts}).encode()
        self.send(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def tell(self, method: str, **parameters: Any) -> None:
        """Sends what needs no answer."""
        self.message(method=method, params=parameters)

    def answer(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Asks; gives the whole answer, which may be a refusal."""
        self.number += 1
        self.message(id=self.number, method=method, params=parameters)
        while True:
            message = self.read()
            # What cannot be read has no number that could be told.
            if message.get("id") in (self.number, None) and "method" not in message:
                return message
            self.told.append(message)

    def ask(self, method: str, **parameters: Any) -> Any:
        """Asks; gives what the server answers."""
        answer = self.answer(method, **parameters)
        assert "error" not in answer, answer
        return answer["result"]

    def read(self) -> dict[str, Any]:
        """The next message of the server."""
        assert self.process.stdout is not None
        length = 0
        while (line := self.process.stdout.readline().strip()) or not length:
            assert line, "the server has gone"
            name, _, value = line.decode().partition(":")
            length = int(value) if name.lower() == "content-length" else length
        message: dict[str, Any] = json.loads(self.process.stdout.read(length))
        return message

    def uri(self, name: str) -> str:
        """The address of a file in the folder."""
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str, version: int = 1) -> None:
        """Opens a file with a text, which need not be what is saved."""
        document = {"uri": self.uri(name), "languageId": "yaml", "version": version, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)

    def write(self, name: str, text: str, version: int) -> None:
        """Gives an open file another text."""
        self.tell(
            "textDocument/didChange", textDocument={"uri": self.uri(name), "version": version},
            contentChanges=[{"text": text}],
        )  # fmt: skip

    def faults(self, name: str) -> list[dict[str, Any]]:
        """The faults of a file, as soon as the server tells them."""
        while True:
            message = self.told.pop(0) if self.told else self.read()
            told = message["params"] if message.get("method") == "textDocument/publishDiagnostics" else {}
            if told.get("uri") == self.uri(name):
                found: list[dict[str, Any]] = told["diagnostics"]
                return found

    def faults_when(self, name: str, holds: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """The first faults of a file for which something holds."""
        while not holds(found := self.faults(name)):
            pass
        return found

    def at(self, method: str, name: str, line: int, character: int, **more: Any) -> Any:
        """Asks about a position."""
        position = {"line": line, "character": character}
        return self.ask(f"textDocument/{method}", textDocument={"uri": self.uri(name)}, position=position, **more)

    def labels(self, name: str, line: int, character: int) -> list[str]:
        """What can be written at a position."""
        return [item["label"] for item in self.at("completion", name, line, character)["items"]]

    def close(self) -> tuple[int, str]:
        """Says goodbye; gives the exit status and what the server said on the side."""
        if self.process.poll() is None:
            self.ask("shutdown")
            self.tell("exit")
        _, said = self.process.communicate(timeout=30)
        return self.process.returncode, said.decode()
