"""A language model may propose; what no paragraph supports is refused, and nothing is sent without its address."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from standoff.drafting import Checker, Draft, Endpoint, copies, draft, has_parser
from standoff.drafting.decisions import decided
from standoff.drafting.endpoint import KEY, ask
from standoff.drafting.hedges import table
from standoff.errors import UsageError
from tests.drafting_texts import DATED, drafted
from tests.made_answers import BAD, TRUE

pytestmark = pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")


class Model:
    """A server on the loopback that speaks the chat protocol: it says of each paragraph what is prepared for it."""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.status, self.body, self.location = 200, None, None
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                model.asked.append(asked)
                model.keys.append(self.headers.get("Authorization"))
                at = json.loads(asked["messages"][1]["content"])["paragraph"]["at"]
                said = model.said.get(at, '{"proposals": []}')
                body = model.body or json.dumps({"choices": [{"message": {"content": said}}]}).encode()
                self.send_response(model.status)
                if model.location:
                    self.send_header("Location", model.location)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def model() -> Iterator[Model]:
    one = Model()
    yield one
    one.close()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    return drafted(tmp_path_factory.mktemp("first"))


@pytest.fixture
def folder(first: Draft, tmp_path: Path) -> Path:
    shutil.copytree(first.folder.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / first.folder.name


def by_paragraph(every: list[dict[str, Any]]) -> dict[str, str]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in every:
        found.setdefault(one["paragraph"], []).append(one)
    return {at: json.dumps({"proposals": ones}) for at, ones in found.items()}


def refused(folder: Path) -> list[int]:
    file = folder / "draft" / "refused.jsonl"
    return (
        [json.loads(line)["check"] for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
    )


def test_there_are_sixty_prepared_answers() -> None:
    assert (len(TRUE), len(BAD)) == (20, 40)


def test_the_twenty_true_answers_are_proposed(folder: Path, model: Model) -> None:
    model.said = by_paragraph(TRUE)
    made = draft([], into=folder, endpoint=Endpoint(model.url, "fake"))
    assert refused(folder) == []
    note = next(note for note in made.notes if note.startswith("models proposed"))
    assert note.endswith("refused: none")
    events = [one for one in made.candidates if one.maker == "llm:fake" and one.kind == "event"]
    told = {(one.fields["type"], one.fields["at"], one.fields["size"]) for one in events}
    assert {("MOBILIZE", "2024-07-09", 14), ("COERCE", "2024-07-16", None), ("COERCE", "2024-07-15", 3)} <= told
    assert len(events) == 6
    assert not any(one.state != "open" for one in made.standings())  # proposed, never accepted


@pytest.mark.parametrize("number", range(len(BAD)))
def test_a_bad_answer_is_refused_by_its_check(first: Draft, number: int) -> None:
    check, bad = BAD[number]
    texts = list(first.texts().values())
    checker = Checker(table(), DATED)
    asked = {one.at: one for text in texts for one in text.paragraphs}
    at = bad["paragraph"] if isinstance(bad, dict) else "river-watch#p4"
    said = bad if isinstance(bad, str) else json.dumps({"proposals": [bad]})
    found, against = checker.read(said, asked.get(at, asked["river-watch#p4"]), "fake")
    assert ([one.check for one in against], found) == ([check], [])


def test_a_bad_answer_is_kept_as_a_number_and_a_reason_only(folder: Path, model: Model) -> None:
    model.said = by_paragraph([bad for _, bad in BAD if isinstance(bad, dict)])
    made = draft([], into=folder, endpoint=Endpoint(model.url, "fake"))
    assert not any(one.maker == "llm:fake" for one in made.candidates)
    assert len(refused(folder)) == len(
        [bad for _, bad in BAD if isinstance(bad, dict) and bad["paragraph"] != "river-watch#p99"]
    )
    for file in (folder / "draft").iterdir():
        assert list(copies(file.read_text(encoding="utf-8"), made.texts().values())) == []


def test_what_leaves_the_machine_is_told_before_and_the_key_is_sent_and_never_written(
    folder: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "secret-of-mine")
    told: list[tuple[str, int]] = []
    draft(
        [], into=folder, endpoint=Endpoint(model.url, "fake"), tell=lambda what: told.append((what, len(model.asked)))
    )
    assert [count for _, count in told] == [0]
    assert f"to 127.0.0.1:{model.server.server_port} (fake)" in told[0][0]
    assert told[0][0].startswith("9 paragraphs")
    assert set(model.keys) == {"Bearer secret-of-mine"}
    assert model.asked[0]["temperature"] == 0
    assert all("secret-of-mine" not in file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.is_file())


def test_a_second_run_asks_nothing_and_keeps_the_proposals_and_what_was_decided(folder: Path, model: Model) -> None:
    model.said = by_paragraph(TRUE)
    made = draft([], into=folder, endpoint=Endpoint(model.url, "fake"))
    asked = len(model.asked)
    proposal = next(one for one in made.candidates if one.maker == "llm:fake" and one.kind == "event")
    made.decide(decided("accept", proposal, when="2024-09-01"))
    river = folder.parent / "river-watch.txt"
    river.write_text(
        "A paragraph that stands above all others now.\n" + river.read_text(encoding="utf-8"), encoding="utf-8"
    )
    again = draft([river], into=folder)
    assert len(model.asked) == asked
    standing = next(one for one in again.standings() if one.id == proposal.id)
    assert standing.state == "accepted" and standing.candidate is not None
    number = int(proposal.at[0].partition("#p")[2])
    assert standing.candidate.at == (
        proposal.at[0].replace(f"p{number}", f"p{number + 1}") if "river" in proposal.at[0] else proposal.at[0],
    )
    draft([], into=folder, endpoint=Endpoint(model.url, "fake"))
    assert len(model.asked) == asked + 2  # the new paragraph, and the one that has it as a neighbour


def test_no_socket_is_opened_without_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a socket")

    monkeypatch.setattr(socket, "socket", forbidden)
    monkeypatch.setattr(socket, "create_connection", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    assert drafted(tmp_path).candidates


def test_the_test_of_sockets_would_notice_one(first: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a socket")

    monkeypatch.setattr(socket, "create_connection", forbidden)
    texts = list(first.texts().values())
    with pytest.raises(AssertionError, match="a socket"):
        ask(
            Endpoint("http://127.0.0.1:9/v1", "m"),
            texts,
            Checker(table(), DATED),
            tmp_path / "kept",
            tell=lambda _: None,
        )


@pytest.mark.parametrize(
    ("status", "body", "location", "told"),
    [
        (401, None, None, "is the key in STANDOFF_MODEL_KEY?"),
        (200, b"<html>", None, "does not speak the chat protocol"),
        (307, None, "http://elsewhere.example/v1", "leads on to elsewhere.example"),
        (200, b"x" * 1_000_001, None, "more than 1 MB"),
    ],
)
def test_what_an_endpoint_does_wrong_is_said(
    first: Draft, tmp_path: Path, model: Model, status: int, body: bytes | None, location: str | None, told: str
) -> None:
    model.status, model.body, model.location = status, body, location
    texts = list(first.texts().values())
    with pytest.raises(UsageError, match=told.replace("?", r"\?")):
        ask(Endpoint(model.url, "fake"), texts, Checker(table(), DATED), tmp_path / "kept", tell=lambda _: None)


@pytest.mark.parametrize("url", ["ftp://host/v1", "file:///etc/passwd", "host/v1", "https://user:key@host/v1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        Endpoint(url, "fake")


def test_a_key_does_not_go_over_the_network_in_the_open(monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("http://models.example/v1", "http://127.0.0.1.example/v1"):
        with pytest.raises(UsageError, match="in the open"):
            Endpoint(url, "m").refuse_open_key()
    for url in ("https://models.example/v1", "http://127.0.0.1:8080/v1", "http://[::1]:8080/v1", "http://localhost/v1"):
        Endpoint(url, "m").refuse_open_key()


def test_the_key_is_looked_at_before_anything_is_sent(
    first: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "secret-of-mine")
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("a socket"))
    with pytest.raises(UsageError, match="in the open"):
        ask(Endpoint("http://models.example/v1", "m"), list(first.texts().values()), Checker(table(), DATED),
            tmp_path / "kept", tell=lambda _: None)  # fmt: skip


@pytest.mark.parametrize("said", ["[" * 200_000, '{"proposals": ' + "[" * 200_000])
def test_an_answer_without_bottom_is_refused(first: Draft, said: str) -> None:
    paragraph = next(one for text in first.texts().values() for one in text.paragraphs if one.is_prose)
    found, refused = Checker(table(), DATED).read(said, paragraph, "m")
    assert (found, [one.check for one in refused]) == ([], [1])


def test_figures_that_are_no_number_are_none() -> None:
    from standoff.drafting.texts import text_of

    paragraph = text_of("river-watch", ["Version 1.2.3 of the plan names 14 trucks that attacked Russia."],
                        file=Path("x.txt")).paragraphs[0]  # fmt: skip
    said = {"kind": "event", "paragraph": paragraph.at, "quote": paragraph.text, "type": "ASSAULT", "target": "Russia"}
    checker = Checker(table(), DATED)
    assert checker.read(json.dumps({"proposals": [{**said, "size": 14}]}), paragraph, "m")[1] == []
    assert [one.check for one in checker.read(json.dumps({"proposals": [{**said, "size": 7}]}), paragraph, "m")[1]] == [
        3
    ]
