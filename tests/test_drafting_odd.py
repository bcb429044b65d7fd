"""Odd files: each is read, or refused in words that say what to do; none ends in a traceback."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from standoff.drafting import draft, has_parser, read_source
from standoff.drafting.candidates import Candidate, identity
from standoff.drafting.conflicts import of_events
from standoff.drafting.parsing import parsed
from standoff.drafting.texts import doubts_about
from standoff.errors import Faults, UsageError

needs_parser = pytest.mark.skipif(not has_parser(), reason="the extra `draft` is not installed")
SAID = "On July 9, 2024, Russian aircraft bombed the depot of the Estonian army near Narva. It is likely to go on.\n"
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "has no text"),
    "blank.txt": (b" \n \t\n", "has no text"),
    "old.txt": ("The café in Narva.".encode("cp1252"), "save the file as UTF-8"),
    "sixteen.txt": (SAID.encode("utf-16"), "UTF-16"),
    "sixteen-unmarked.txt": (SAID.encode("utf-16-be"), "UTF-16"),
    "thirty-two.txt": (SAID.encode("utf-32"), "UTF-32"),
    "empty.html": (b"<html><body></body></html>", "has no text"),
    "script.html": (b"<script>var a = 1;</script>", "has no text"),
    "none.pdf": (b"%PDF-1.4", "not a PDF file that can be read"),
    "none.docx": (b"PK", "not a Word file"),
    "note.rtf": (b"{}", "endings: .txt"),
}
READ: dict[str, str] = {
    "word.txt": "War",
    "bom.txt": "\ufeff" + SAID,
    "right-to-left.txt": "في 9 يوليو 2024 قصفت الطائرات الروسية مستودعا قرب نارفا ولم يقل أحد لماذا.\n",
    "mixed.txt": "Marta قالت that on July 9, 2024 Russia (روسيا) bombed Narva.\n",
    "chinese.txt": "二〇二四年七月九日，俄罗斯飞机轰炸了纳尔瓦附近的仓库。\n",
    "unpacked.html": f"<html><body>{SAID}</body></html>",
    "breaks.html": f"<div>{SAID}<br>{SAID}</div>",
    "broken.html": f"<p>{SAID}<div><table><tr><td>{SAID}",
    "deep.html": "<div>" * 3000 + SAID,
    "notes.txt": "On July 9, 2024, Russia[1] bombed Narva.[2]\n[1] Ibid., p. 4. https://x.org/a\n2. See note 1.\n",
    "bullets.txt": "• On July 9, 2024, Russia bombed Narva.\n- Estonia may answer.\n1) Finland met Russia.\n",
    "capitals.txt": SAID.upper() * 2,
    "small.txt": SAID.lower(),
    "columns.txt": "Russia bombed the depot      Finland met Estonia\nnear Narva on July 9.        on July 12, 2024.\n",
    "nul.txt": "On July 9, 2024, Russia\x00 bombed Narva.\n",
    "steering.txt": "On July 9,\x07 2024,\x1b[31m Russia bombed Narva.\u202e\n",
    "mac.txt": (SAID * 2).replace("\n", "\r"),
    "pictures.txt": "🚀 On July 9, 2024, 🇷🇺 bombed Narva 🔥.\n",
    "table.txt": "a|b|c\n1|2|3\n" * 9,
    "figures.txt": "1 2 3 4 5 6 " * 200,
    "quotes.txt": '"' * 99 + SAID,
    "one-word.txt": "a" * 20_000 + " " + SAID,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path, name: str) -> None:
    content, words = REFUSED[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises((UsageError, Faults), match=words):
        read_source(tmp_path / name)


def _pictures(file: Path) -> None:
    writer = pytest.importorskip("pypdf").PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(str(file))


def _table(file: Path) -> None:
    document = pytest.importorskip("docx").Document()
    document.add_table(1, 2).cell(0, 1).text = SAID
    document.save(str(file))


@pytest.mark.parametrize(("name", "make", "words"), [("p.pdf", _pictures, "recognised first"), ("t.docx", _table, "")])
def test_pages_of_pictures_have_no_text_and_a_table_alone_has(
    tmp_path: Path, name: str, make: Callable[[Path], None], words: str
) -> None:
    make(tmp_path / name)
    if words:
        with pytest.raises(UsageError, match=words):
            read_source(tmp_path / name)
    else:
        assert [one.text for one in read_source(tmp_path / name).paragraphs] == [SAID.strip()]


@needs_parser
def test_what_is_odd_is_read_all_the_same_and_what_speaks_against_it_is_said(tmp_path: Path) -> None:
    for name, content in READ.items():
        (tmp_path / name).write_text(content, encoding="utf-8", newline="")
    made = draft([tmp_path / name for name in READ], into=tmp_path / "made", dated={"": date(2024, 8, 1)})
    against = {note.split(" ", 1)[0] for note in made.notes}
    assert against == {"right-to-left", "chinese", "capitals"}
    named = {at.partition("#")[0] for one in made.candidates if one.fields.get("name") == "Russia" for at in one.at}
    assert {"mixed", "notes", "bullets", "nul", "steering", "bom", "one-word", "unpacked", "small"} <= named


def test_a_text_in_another_language_is_said_to_be_one(tmp_path: Path) -> None:
    file = tmp_path / "fluss.txt"
    file.write_text("Am neunten Juli griffen russische Flugzeuge das Lager der estnischen Armee bei Narva an. " * 3,
                    encoding="utf-8")  # fmt: skip
    assert list(doubts_about(read_source(file))) == ["fluss has hardly a word of English; no other language is read"]


@needs_parser
def test_what_is_too_long_for_a_word_is_not_parsed() -> None:
    (doc,) = parsed([f"{'a' * 5000} Russia met Estonia."])
    assert [token.text for token in doc if not token.is_space] == ["Russia", "met", "Estonia", "."]


def test_events_at_different_places_are_not_compared() -> None:
    """As many pairs as events squared would make the time of a long text grow with its square."""

    class Counting(dict[str, object]):
        reads = 0

        def __getitem__(self, name: str) -> object:
            Counting.reads += 1
            return super().__getitem__(name)

    every = [
        Candidate(identity("event", index), "event", (f"a#p{index}",), (f"d{index}",),
                  Counting(type="ASSAULT", place=f"pl-{index}", at=None, until=None), {})
        for index in range(200)
    ]  # fmt: skip
    near = {one.at[0]: frozenset({str(one.fields.get("place"))}) for one in every}
    assert list(of_events(every, near)) == [] and Counting.reads < 2000
