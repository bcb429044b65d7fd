"""Texts become paragraphs: of plain text, web pages, PDF and Word files, with what is no prose marked as such."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from standoff.drafting import read_source
from standoff.drafting.copyguard import copies
from standoff.drafting.lexicon import fold, sentences
from standoff.drafting.margins import remarks_about
from standoff.drafting.texts import joined_lines, source_name
from standoff.errors import Faults, UsageError
from standoff.evidence import digest, read_paragraphs
from tests.drafting_texts import RIVER_WATCH, written

PAGE = """\
<!doctype html><html><head><title>Tab</title><script>var a = "hidden";</script></head><body>
<nav><a href="/">Home</a></nav><div class="ad">ADVERTISEMENT</div>
<article><h1>Two fleets meet</h1><p>On July 9 a <b>column</b> of 14&nbsp;trucks arrived in Ivangorod &amp; stayed
there for a week, said the guards, who had counted them twice from the tower of the castle on the other bank.</p>
<p>It is likely that the column will leave, since its road is needed for the harvest.</p><aside>Related</aside>
</article>
<footer>All rights reserved</footer></body></html>
"""


def test_the_paragraphs_of_a_text_are_those_whose_digests_a_scenario_keeps(tmp_path: Path) -> None:
    river, _ = written(tmp_path)
    text = read_source(river)
    assert text.name == "river-watch"
    assert [one.text for one in text.paragraphs] == read_paragraphs(river)
    assert [one.digest for one in text.paragraphs] == [digest(line) for line in RIVER_WATCH.splitlines()]
    assert [one.number for one in text.paragraphs] == list(range(1, 10))


def test_furniture_notes_and_headings_are_marked_and_prose_is_not(tmp_path: Path) -> None:
    river, _ = written(tmp_path)
    remarks = [one.remark for one in read_source(river).paragraphs]
    assert remarks == ["caption", "furniture", "furniture", None, None, None, None, "furniture", "endnotes"]


@pytest.mark.parametrize(
    ("line", "remark"),
    [
        ("The column stood at the bridge, and then —", "damaged"),
        ("He said that “the bridge is closed.", "damaged"),
        ("Soldiers at the dam, north of Narva, July 3, 2024.", "caption"),
        ("Guards on the bridge watch the other bank [Reuters]", "caption"),
        ("The bridge is closed.", None),
        ("The author covers rivers and the people who live on them.", "furniture"),
        ("Maret Tamm is a fellow of the Institute for Rivers.", "furniture"),
        ("Letters to the editor should be sent to the bridge.", "furniture"),
        ("Comments are invited by e-mail.", "furniture"),
        ("River Quarterly, No. 12, summer 2024", "furniture"),
        ("Page 3 of 12", "furniture"),
        ("Additional reporting by our staff in Narva.", "furniture"),
        ("The author of the plan was shot on the bridge in May.", None),
        ("Maret Tamm is dead, and the institute that she led is closed.", None),
        ("The river covers the road.", None),
    ],
)
def test_damaged_text_and_captions_are_told_apart(tmp_path: Path, line: str, remark: str | None) -> None:
    file = tmp_path / "one.txt"
    file.write_text(line, encoding="utf-8")
    assert read_source(file).paragraphs[0].remark == remark


BODY = "The river rose in the spring of that year, and the two armies that had guarded it for so long left the bridge."
BODY = f"{BODY} Nobody has seen them since."


@pytest.mark.parametrize(
    ("line", "remark"),
    [
        ("Baltic Brief No. 9, 4 August 2024", "furniture"),
        ("Distribution: restricted", "furniture"),
        ("(Map: the two banks of the river)", "furniture"),
        ("For readers in Narva only. Not to be copied.", "furniture"),
        ("This bulletin is sent to its readers once a month.", "furniture"),
        ("Home | Archive | Shop", "furniture"),
        ('Here "likely" stands for 55 to 80 per cent.', "furniture"),
        ("[1] Institute for Rivers, Annual Survey, 2023, p. 4.", "endnotes"),
        ("[1] Other counts differ: the guards gave 11 dead.", None),
        ("[1] The mayor puts it at half of that.", None),
        ("[1] Some 40 patrol boats, by another count.", None),
        ("Briefs appear ten times a year. All rights reserved.", "furniture"),
        ("The views in this article are those of its author.", "furniture"),
        ("Members of the alliance have said nothing.", None),
        ("The programme of the party was written in exile.", None),
        ("Turkish elections in the spring", "caption"),
        ("The bridge fell.", None),
        ("In May they left.", None),
        ("What to watch", "caption"),
    ],
)
def test_what_stands_below_the_text_is_of_the_page_where_it_is_no_sentence_of_it(line: str, remark: str | None) -> None:
    assert remarks_about(["A bridge", BODY, line])[2] == remark


MASTHEAD = [
    "Maret Tamm and Ali bin Said", "Baltic Security Letter", "Narva, 4 August 2024", "Jane Q. Doe, visiting scholar",
    "By the river desk",
]  # fmt: skip
FOOTER = [
    "BSL is sent to members by post.", "Ali bin Said, a former guard, lives in Narva.", "Baltic Security Letter, Box 4",
    "Contact and imprint", "Maret Tamm was a diplomat. Her views are her own.",
]  # fmt: skip


def test_a_masthead_and_what_speaks_of_its_names_are_of_the_page() -> None:
    lines = ["Two boats", *MASTHEAD, BODY, "How it began", BODY, "The bridge fell.", *FOOTER]
    marked = {lines[number] for number, remark in enumerate(remarks_about(lines)) if remark == "furniture"}
    assert marked == {*MASTHEAD, *FOOTER}


def test_a_name_of_no_masthead_and_a_heading_above_the_text_stay() -> None:
    lines = ["Two boats", "Key judgments", BODY, "How it began", BODY, "Ali bin Said lives in Narva.", "BSL is sent."]
    assert [remark for remark in remarks_about(lines) if remark == "furniture"] == []


def test_lines_without_a_sentence_are_headings_within_the_text_and_sources_below_their_heading() -> None:
    assert remarks_about(["A bridge", BODY, "Not by day", BODY])[2] == "caption"
    assert remarks_about(["A bridge", BODY, "Sources", "Interviews with guards, Narva"])[3] == "endnotes"
    assert remarks_about(["A bridge", "Baltic Brief No. 9, 4 August 2024", BODY])[1] == "furniture"


def test_a_web_page_gives_the_blocks_of_its_article_and_nothing_around_it(tmp_path: Path) -> None:
    file = tmp_path / "Two Fleets.html"
    file.write_text(PAGE, encoding="utf-8")
    text = read_source(file)
    assert text.name == "two-fleets"
    assert [one.text.split()[0] for one in text.paragraphs] == ["Two", "On", "It"]
    assert "14 trucks arrived in Ivangorod & stayed" in text.paragraphs[1].text
    assert "hidden" not in " ".join(one.text for one in text.paragraphs)


def test_a_web_page_in_an_encoding_that_it_names_is_read_and_another_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes('<meta charset="iso-8859-1"><p>Ein schönes Ufer.</p>'.encode("latin-1"))
    assert read_source(file).paragraphs[0].text == "Ein schönes Ufer."
    file.write_bytes("<p>Ein schönes Ufer.</p>".encode("latin-1"))
    with pytest.raises(UsageError, match="UTF-8"):
        read_source(file)


def test_a_word_file_gives_its_paragraphs_and_its_cells(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx", reason="the extra `draft` is not installed")
    document = docx.Document()
    document.add_paragraph("The column left Ivangorod.")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Boats", "Six patrol boats."
    document.add_paragraph("The dam stayed closed.")
    document.save(str(tmp_path / "note.docx"))
    found = [one.text for one in read_source(tmp_path / "note.docx").paragraphs]
    assert found == ["The column left Ivangorod.", "Boats", "Six patrol boats.", "The dam stayed closed."]


def test_what_is_no_word_file_is_refused_in_words(tmp_path: Path) -> None:
    pytest.importorskip("docx", reason="the extra `draft` is not installed")
    file = tmp_path / "note.docx"
    file.write_bytes(b"no archive")
    with pytest.raises(UsageError, match="not a Word file"):
        read_source(file)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 110_000_000)
    with pytest.raises(UsageError, match="unpacks to more than 100 MB"):
        read_source(file)


def pdf(lines: list[str]) -> bytes:
    """A PDF file of one page with some lines of text."""
    drawn = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = f"BT /F1 11 Tf 50 700 Td {drawn} ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(content))
        content += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(content)
    return content + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def test_a_pdf_file_gives_its_lines_joined_to_paragraphs(tmp_path: Path) -> None:
    pytest.importorskip("pypdf", reason="the extra `draft` is not installed")
    file = tmp_path / "report.pdf"
    file.write_bytes(
        pdf(
            [
                "The column left Ivangorod on the fourteenth of Au-",
                "gust and did not return.",
                "The dam stayed closed for boats of any kind until",
            ]
        )
    )
    found = [one.text for one in read_source(file).paragraphs]
    assert found == [
        "The column left Ivangorod on the fourteenth of August and did not return.",
        "The dam stayed closed for boats of any kind until",
    ]
    file.write_bytes(b"%PDF-1.4\nnothing")
    with pytest.raises(UsageError, match="not a PDF file"):
        read_source(file)


def test_lines_end_a_paragraph_where_a_short_one_ends_a_sentence_or_nothing_stands() -> None:
    lines = [
        "a line that is as long as the others are",
        "short end.",
        "another line as long as the others are, and",
        "",
        "new",
    ]
    assert list(joined_lines(lines)) == [
        "a line that is as long as the others are short end.",
        "another line as long as the others are, and",
        "new",
    ]


def test_files_that_cannot_be_read_are_refused_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.txt"):
        read_source(tmp_path / "article.tzt")
    with pytest.raises(UsageError, match="no file"):
        read_source(tmp_path / "article.txt")
    (tmp_path / "empty.txt").write_text(" \n\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no text"):
        read_source(tmp_path / "empty.txt")
    (tmp_path / "latin.txt").write_bytes("schön".encode("latin-1"))
    with pytest.raises(Faults, match="SD101"):
        read_source(tmp_path / "latin.txt")


def test_a_name_for_locators_is_made_of_any_file_name() -> None:
    assert source_name("ISW, 3 August (final)") == "isw-3-august-final"
    assert source_name("2024-08-03") == "text-2024-08-03"


def test_a_title_or_an_initial_ends_no_sentence() -> None:
    text = "Gen. J. Smith met U.S. envoys.[3] They left. “All is well.” Then he slept."
    parts = [text[start:end] for start, end in sentences(text)]
    assert parts == ["Gen. J. Smith met U.S. envoys.[3]", "They left.", "“All is well.”", "Then he slept."]


def test_names_are_compared_without_accents_articles_and_hyphens() -> None:
    assert fold("al-Mayādīn") == fold("Mayadin") == "mayadin"
    assert fold("Deir ez-Zor") == fold("Deir ez Zor")


def test_eight_equal_words_in_a_row_are_a_copy_and_seven_are_not(tmp_path: Path) -> None:
    river, _ = written(tmp_path)
    text = read_source(river)
    seven = "Note: another incident at the dam could DRAW, it is said"
    assert list(copies(seven, [text])) == []
    found = list(copies("Note: another incident at the dam could draw NATO, it is said", [text]))
    assert [(one.at, len(one.words.split())) for one in found] == [("river-watch#p6", 8)]


def test_a_cell_over_millions_of_columns_is_read_once(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx", reason="the extra `draft` is not installed")
    document = docx.Document()
    table = document.add_table(1, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "The dam stands."
    plain, hostile = tmp_path / "plain.docx", tmp_path / "hostile.docx"
    document.save(plain)
    assert [one.text for one in read_source(plain).paragraphs] == ["The dam stands."]
    with zipfile.ZipFile(plain) as there, zipfile.ZipFile(hostile, "w") as here:
        for name in there.namelist():
            content = there.read(name).replace(b'gridSpan w:val="3"', b'gridSpan w:val="300000000"')
            here.writestr(name, content)
    assert [one.text for one in read_source(hostile).paragraphs] == ["The dam stands."]


def test_entities_of_a_word_file_are_not_opened(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx", reason="the extra `draft` is not installed")
    (tmp_path / "secret.txt").write_text("the key", encoding="utf-8")
    document = docx.Document()
    document.add_paragraph("The dam stands.")
    plain, hostile = tmp_path / "plain.docx", tmp_path / "hostile.docx"
    document.save(plain)
    entity = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]><w:document'.encode()
    with zipfile.ZipFile(plain) as there, zipfile.ZipFile(hostile, "w") as here:
        for name in there.namelist():
            content = there.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:document", entity, 1).replace(b"stands.", b"stands. &s;")
            here.writestr(name, content)
    assert "the key" not in "".join(one.text for one in read_source(hostile).paragraphs)


@pytest.mark.parametrize("charset", ["idna", "undefined", "zlib", "no-such"])
def test_a_page_in_no_encoding_of_text_is_refused(tmp_path: Path, charset: str) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(b'<meta charset="%s"><p>\xff\xfe' % charset.encode())
    with pytest.raises(UsageError, match="neither UTF-8 nor what it says"):
        read_source(file)


def test_a_page_may_leave_the_end_of_its_head_out(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<html><head><title>News</title><body><p>The dam stands.</p></body></html>", encoding="utf-8")
    assert [one.text for one in read_source(file).paragraphs] == ["The dam stands."]


def test_a_paragraph_without_end_is_refused_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_text("Short.\n" + "word " * 25_000, encoding="utf-8")
    with pytest.raises(UsageError, match="paragraph 2, has more than 100,000 letters"):
        read_source(file)


@pytest.mark.parametrize("start", [0, 5, 12, 60])
def test_a_damaged_pdf_file_is_refused_in_words(tmp_path: Path, start: int) -> None:
    pytest.importorskip("pypdf", reason="the extra `draft` is not installed")
    file = tmp_path / "damaged.pdf"
    file.write_bytes(pdf(["The dam stands."])[:start] + b"<<[(null -9999999999" * 3)
    with pytest.raises(UsageError):
        read_source(file)
