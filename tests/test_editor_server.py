"""`standoff lsp` as an editor meets it: over stdio, with half-written, hostile and wide-lettered files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.editor_client import Editor

SMALL = """\
standoff: 1
title: Two posts
starts: 2017-06-01
ends: 2017-06-30
include: places.yaml
actors:
  blue: {about: Holds the ford., kind: state}
  red: {kind: state}
parameters:
  pace: {prior: 0.1, unit: 1/day, evidence: {from: assumption, says: '<b>slow</b>'}}
state:
  holder: {of: place, is: actor}
  mood: {is: [calm, tense]}
begin: {holder: {ford: blue, every: none}}
zones:
  ring: {centre: ford, radius: 9, holder: blue, excludes: red, recognised_by: red}
rules:
  take: {for: {p: place}, rate: 'pace if holder[p] == blue and mood == calm else 0', then: ['holder[p] = red']}
questions:
  held: {ask: 'Does 𝔸𝔹 hold?', when: 'holder[ford] == blue and count(take) > 0', at: 2017-06-30}
"""
PLACES = "places:\n  ford: {at: [34.1, 40.2]}\n  mill: {at: [34.2, 40.2]}\nroutes: [{between: [ford, mill]}]\n"


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    (tmp_path / "places.yaml").write_text(PLACES, encoding="utf-8")
    one = Editor(tmp_path)
    yield one
    status, said = one.close()
    assert status == 0
    assert "Exception occurred" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["places.yaml"], "it wrote to the folder"


def position(text: str, words: str, more: int = 0) -> tuple[int, int]:
    """The line of some words and the place of a letter of theirs, in units of UTF-16."""
    line = next(number for number, line in enumerate(text.split("\n")) if words in line)
    before = text.split("\n")[line]
    return line, len(before[: before.index(words) + more].encode("utf-16-le")) // 2


def errors(faults: list[dict[str, Any]]) -> list[str]:
    return [fault["code"] for fault in faults if fault["severity"] == 1]


def written(text: str, edits: list[dict[str, Any]]) -> str:
    """The text after an editor's edits, which count in UTF-16."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda one: (one["range"]["start"]["line"], -one["range"]["start"]["character"])):
        start, end = edit["range"]["start"], edit["range"]["end"]
        wide = lines[start["line"]].encode("utf-16-le")
        cut = wide[: 2 * start["character"]] + edit["newText"].encode("utf-16-le") + wide[2 * end["character"] :]
        lines[start["line"]] = cut.decode("utf-16-le")
    return "\n".join(lines)


def test_a_session_from_hello_to_goodbye(editor: Editor) -> None:
    name = "two.yaml"
    editor.open(name, SMALL)
    assert errors(editor.faults(name)) == []

    said = editor.at("hover", name, *position(SMALL, "if holder[p]", 4))["contents"]["value"]
    assert "**holder** — state" in said
    assert "starts at ford: blue, every: none" in said
    said = editor.at("hover", name, *position(SMALL, "pace if"))["contents"]["value"]
    assert "prior: 0" in said
    assert "assumption: \\<b\\>slow\\<" in said, "a text is only text"
    said = editor.at("hover", name, *position(SMALL, "ring:"))["contents"]["value"]
    assert "recognises_ring" in said, "what the zone becomes"

    (found,) = editor.at("definition", name, *position(SMALL, "centre: ford", 9))
    assert found["uri"] == editor.uri("places.yaml")
    assert found["range"]["start"] == {"line": 1, "character": 2}
    declared = {"context": {"includeDeclaration": True}}
    assert len(editor.at("references", name, *position(SMALL, "begin: {holder: {ford", 17), **declared)) == 5

    edits = editor.at("rename", name, *position(SMALL, "𝔸𝔹 hold?', when: 'holder", 20), newName="keeper")["changes"]
    changed = written(SMALL, edits[editor.uri(name)])
    assert changed == SMALL.replace("holder[", "keeper[").replace("  holder: {of", "  keeper: {of").replace(
        "{holder: {ford", "{keeper: {ford"
    )
    edits = editor.at("rename", name, *position(SMALL, "centre: ford", 9), newName="bridge")["changes"]
    assert written(PLACES, edits[editor.uri("places.yaml")]) == PLACES.replace("ford", "bridge")
    refused = editor.answer(
        "textDocument/rename", textDocument={"uri": editor.uri(name)}, newName="red",
        position=dict(zip(("line", "character"), position(SMALL, "blue: {about"), strict=True)),
    )  # fmt: skip
    assert "already" in refused["error"]["message"]

    outline = editor.ask("textDocument/documentSymbol", textDocument={"uri": editor.uri(name)})
    assert [(one["name"], [child["name"] for child in one["children"]]) for one in outline][:2] == [
        ("actors", ["blue", "red"]), ("parameters", ["pace"]),
    ]  # fmt: skip
    shown = editor.ask("workspace/executeCommand", command="standoff.expand",
                       arguments=[editor.uri(name), "zone", "ring", ""])  # fmt: skip
    assert "recognises_ring" in shown


def test_faults_come_as_you_type_with_their_cure_and_names_outlive_a_broken_file(editor: Editor) -> None:
    name = "two.yaml"
    wrong = SMALL.replace("'Does 𝔸𝔹 hold?', when: 'holder", "'Does 𝔸𝔹 hold?', when: 'holdr")
    editor.open(name, wrong)
    (fault,) = editor.faults_when(name, lambda faults: bool(errors(faults)))
    assert fault["code"] == "SD303"
    assert fault["range"]["start"]["character"] == position(wrong, "holdr")[1]
    (action,) = editor.ask("textDocument/codeAction", textDocument={"uri": editor.uri(name)}, range=fault["range"],
                           context={"diagnostics": [fault]})  # fmt: skip
    assert written(wrong, action["edit"]["changes"][editor.uri(name)]) == SMALL

    editor.write(name, SMALL, 2)
    editor.faults_when(name, lambda faults: not errors(faults))
    broken = SMALL.replace("actors:\n", "actors: [\n")
    editor.write(name, broken, 3)
    assert errors(editor.faults_when(name, lambda faults: bool(errors(faults)))) == ["SD102"]
    assert "**mood**" in editor.at("hover", name, *position(broken, "mood == calm"))["contents"]["value"]
    assert editor.labels(name, *position(broken, "mood == calm", 8)) == ["calm", "tense"]
    refused = editor.answer(
        "textDocument/rename", textDocument={"uri": editor.uri(name)}, newName="humour",
        position=dict(zip(("line", "character"), position(broken, "mood == calm"), strict=True)),
    )  # fmt: skip
    assert "6:9 first: what cannot be read may mean the name" in refused["error"]["message"]

    # A fault in an included file that is open and not saved is told there.
    editor.write(name, SMALL, 4)
    editor.open("places.yaml", PLACES.replace("[ford, mill]", "[ford, mil]"))
    (fault,) = editor.faults_when("places.yaml", lambda faults: bool(faults))
    assert fault["data"] == {"words": "mill"}


def test_hostile_and_odd_files_are_answered_and_nothing_stops(editor: Editor) -> None:
    start = "standoff: 1\n"
    texts = {
        "empty": "", "bom": "\ufeff", "tabs": f"{start}\ttitle: x\n", "crlf": SMALL.replace("\n", "\r\n"),
        "binary": f"{start}\x00\x01", "deep": f"{start}a: " + "[" * 5_000, "alias": f"{start}a: &x [*x]\n",
        "tag": f"{start}a: !!python/object/apply:os.system [ls]\n", "out": f"{start}include: ../../etc/passwd\n",
        "itself": f"{start}include: itself.yaml\n", "long": f"{start}title: " + "x" * 200_000 + "\n",
        "lines": "standoff: 1\u2028title: x\u0085starts: 2017-01-01\n", "other": "services:\n  web: {image: x}\n",
        "half": SMALL + "\ud83d",
    }  # fmt: skip
    for number, (name, text) in enumerate(texts.items(), start=1):
        editor.open(f"{name}.yaml", text, number)
        for line, character in ((1, 3), (10**6, 10_000)):
            editor.at("completion", f"{name}.yaml", line, character)
            for method in ("hover", "documentHighlight"):
                editor.answer(f"textDocument/{method}", textDocument={"uri": editor.uri(f"{name}.yaml")},
                              position={"line": line, "character": character})  # fmt: skip
        editor.tell("textDocument/didClose", textDocument={"uri": editor.uri(f"{name}.yaml")})
    line, character = position(SMALL, "holder[p]")
    editor.open("crlf.yaml", texts["crlf"], 100)
    assert "**holder**" in editor.at("hover", "crlf.yaml", line, character)["contents"]["value"]
    for uri in ("untitled:Untitled-1", "file:///a%00b", "http://example.org/x.yaml", "", "file:", "../x"):
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": SMALL}
        editor.tell("textDocument/didOpen", textDocument=document)
        editor.answer("textDocument/hover", textDocument={"uri": uri}, position={"line": 0, "character": 0})
    editor.answer("standoff/unknown", a=1)
    editor.answer("workspace/executeCommand", command="standoff.expand", arguments=[editor.uri("crlf.yaml"), 1, {}, []])
    document = {"uri": editor.uri("crlf.yaml")}
    # What is no position at all gets no answer, and the next question does.
    for number, nowhere in enumerate(({"line": -1, "character": -5}, "here", None, [])):
        parameters = {"textDocument": document, "position": nowhere}
        editor.message(id=10_000 + number, method="textDocument/hover", params=parameters)
    assert "**holder**" in editor.at("hover", "crlf.yaml", line, character)["contents"]["value"]


@pytest.mark.skipif(not Path("/proc/self/net").exists(), reason="where open files are is asked of Linux")
def test_it_opens_no_socket(editor: Editor) -> None:
    editor.open("two.yaml", SMALL)
    editor.faults("two.yaml")
    folder = Path(f"/proc/{editor.process.pid}/fd")
    opened = [str(file.readlink()) for file in folder.iterdir() if file.exists()]
    # An event loop of Python wakes itself by a pair of sockets that have no address.
    tables = [Path(f"/proc/self/net/{table}").read_text().splitlines() for table in ("tcp", "tcp6", "udp", "udp6")]
    addressed = {f"socket:[{line.split()[9]}]" for table in tables for line in table[1:]}
    assert not addressed & set(opened)
