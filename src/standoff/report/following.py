"""A page on this machine that shows the newest report of a scenario while its author edits it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Condition, Thread
from types import TracebackType
from typing import Any

HOST = "127.0.0.1"
HEARTBEAT = 15.0
"""So many seconds after the last word one more is sent, so that a browser that has gone is noticed."""
STATIC = {"/": ("index.html", "text/html"), "/follow.js": ("follow.js", "text/javascript")}
POLICY = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; frame-src 'self'"


@dataclass(frozen=True, slots=True)
class Said:
    """What the page shows: the number of the newest report (0 before the first), and words about the last save."""

    version: int
    text: str
    faults: bool


class LivePage:
    """Serves the newest report on 127.0.0.1, and tells every browser that looks at it when there is a newer one.

    Requests that name another host are refused, so that no other site can read the page through a name of its own.
    """

    def __init__(self, *, port: int = 0) -> None:
        """Begins to serve; port 0 takes a free one. Raises OSError where the port is taken."""
        self._changed = Condition()
        self._said = Said(0, "waiting for the first runs …", faults=False)
        self._report = b""
        self._ended = False
        self._server = ThreadingHTTPServer((HOST, port), _handler_for(self))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self.address = f"http://{HOST}:{self.port}/"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> LivePage:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._server.shutdown()
        self._server.server_close()

    def show(self, report: bytes | None, text: str) -> None:
        """Shows a report, or the last one again where there are faults in place of a new one (None), and words."""
        with self._changed:
            if report is not None:
                self._report = report
            self._said = Said(self._said.version + (report is not None), text, faults=report is None)
            self._changed.notify_all()

    @property
    def report(self) -> bytes:
        """The newest report; empty before the first."""
        return self._report

    def newer(self, than: Said | None) -> Said | None:
        """What is said now, once it is something else; what was said, after a while; None when the page has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or self._said != than, timeout=HEARTBEAT)
            return None if self._ended else self._said


def _handler_for(page: LivePage) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers one browser."""

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if self.headers.get("Host") not in (f"{HOST}:{page.port}", f"localhost:{page.port}"):
                self.send_error(HTTPStatus.FORBIDDEN, "this page is for this machine only")
            elif path in STATIC:
                name, kind = STATIC[path]
                self._send(files("standoff.report").joinpath("live", name).read_bytes(), kind, POLICY)
            elif path == "/report.html" and page.report:
                self._send(page.report, "text/html")
            elif path == "/changes":
                self._tell_changes()
            else:
                self.send_error(HTTPStatus.NOT_FOUND)

        def _send(self, content: bytes, kind: str, policy: str | None = None) -> None:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            if policy is not None:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(content)

        def _tell_changes(self) -> None:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            said: Said | None = None
            try:
                while (said := page.newer(said)) is not None:
                    self.wfile.write(f"data: {json.dumps(asdict(said))}\n\n".encode())
                    self.wfile.flush()
            except OSError:  # The browser has gone.
                return

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name there)
            """Nothing: what is asked for is no news."""

    return Handler
