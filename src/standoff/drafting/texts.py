"""Articles as paragraphs: plain text, web pages, PDF and Word files, each paragraph with its digest and its remark."""

from __future__ import annotations

import logging
import re
import statistics
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

from standoff.drafting.extra import wanted
from standoff.drafting.furniture import Remark
from standoff.drafting.lexicon import sentences
from standoff.drafting.margins import remarks_about
from standoff.errors import UsageError, suggestion
from standoff.evidence import digest, paragraphs
from standoff.scenario import read_text

MOST_BYTES = 20_000_000
"""The largest file that is read."""
MOST_PAGES = 500
"""The most pages of a PDF file."""
MOST_UNPACKED = 100_000_000
"""The most bytes that the parts of a Word file may unpack to."""
MOST_PARAGRAPHS = 20_000
"""The most paragraphs of one text."""

MOST_LETTERS = 100_000
"""The most letters of one paragraph: the parser's memory grows with it."""
DEEPEST = 100
"""How deep a page may nest what is passed over; what is deeper is passed over with it."""
_BROKEN = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    zlib.error,
)
"""What the libraries raise for a file that is not as it says it is, beside errors of their own."""

_NOT_A_NAME = re.compile(r"[^a-z0-9]+")
_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_-]{2,20})")
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset([
    "the", "of", "and", "to", "in", "a", "is", "that", "for", "on", "was", "with", "by", "it", "as", "at", "from",
    "are", "has", "have"
])  # fmt: skip
"""The words that a third of an English text is made of."""
FEWEST_WORDS = 20
"""Words below which nothing can be said of a text's language."""
_HYPHEN = re.compile(r"(?<=[a-z])-$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a source: its number from 1, its text with single blanks, its digest, and a remark or none."""

    source: str
    number: int
    text: str
    digest: str
    remark: Remark | None

    @property
    def at(self) -> str:
        """Its locator, such as `carnegie-2017#p6`."""
        return f"{self.source}#p{self.number}"

    def sentences(self) -> list[tuple[int, int]]:
        """Where its sentences begin and end."""
        return sentences(self.text)

    @property
    def is_prose(self) -> bool:
        """Whether it is read: furniture and notes are not, captions and headings are."""
        return self.remark not in ("furniture", "endnotes")


@dataclass(frozen=True, slots=True)
class Text:
    """A source: its name in locators, its file, and its paragraphs."""

    name: str
    file: Path
    paragraphs: tuple[Paragraph, ...]


def read_source(file: Path, *, name: str | None = None) -> Text:
    """A text, web page, PDF or Word file as a source; without `name`, its file's name is the source's.

    Raises UsageError for a file that cannot be read, and Faults SD101 or SD103 for a text that is not UTF-8.
    """
    if file.parts[:1] in (("http:",), ("https:",)):
        raise UsageError("an address is not read: save the page, and give its file, such as article.html")
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        if file.suffix.lower() in (".yaml", ".yml"):
            raise UsageError(f"'{file.name}' is a scenario, and texts are read: endings: {', '.join(_READERS)}")
        hint, expected = suggestion(file.suffix.lower(), _READERS, what="endings")
        advice = " ".join(part for part in (hint, expected) if part)
        raise UsageError(f"'{file.name}' is of no kind that can be read; {advice}")
    if not file.is_file():
        raise UsageError(f"there is no file '{file}'")
    if file.stat().st_size > MOST_BYTES:
        raise UsageError(f"'{file.name}' has more than {MOST_BYTES // 1_000_000} MB; split it")
    lines = paragraphs("\n".join(reader(file)))
    if not lines:
        raise UsageError(f"'{file.name}' has no text; a scanned page needs to be recognised first")
    if len(lines) > MOST_PARAGRAPHS:
        raise UsageError(f"'{file.name}' has more than {MOST_PARAGRAPHS:,} paragraphs; split it")
    long = next((number for number, line in enumerate(lines, 1) if len(line) > MOST_LETTERS), None)
    if long is not None:
        raise UsageError(
            f"'{file.name}', paragraph {long}, has more than {MOST_LETTERS:,} letters; a line is a paragraph"
        )
    return text_of(name or source_name(file.stem), lines, file=file)


def text_of(name: str, lines: Iterable[str], *, file: Path) -> Text:
    """A source of paragraphs that were read already, one a line."""
    every = list(lines)
    found = zip(every, remarks_about(every), strict=True)
    paragraphs_of = [
        Paragraph(name, number, line, digest(line), remark) for number, (line, remark) in enumerate(found, 1)
    ]
    return Text(name, file, tuple(paragraphs_of))


def doubts_about(text: Text) -> Iterator[str]:
    """What speaks against reading a text as it is: another language, or capitals throughout."""
    prose = " ".join(one.text for one in text.paragraphs if one.is_prose)
    letters = [sign for sign in prose if sign.isalpha()]
    words = [word.lower() for word in _WORD.findall(prose)]
    if 2 * sum(sign > "\u024f" for sign in letters) > len(letters):
        yield f"{text.name} is not in Latin letters; only English is read"
    elif len(words) >= FEWEST_WORDS and 10 * sum(word in _ENGLISH for word in words) < len(words):
        yield f"{text.name} has hardly a word of English; no other language is read"
    elif len(words) >= FEWEST_WORDS and 2 * sum(map(str.isupper, letters)) > len(letters):
        yield f"{text.name} is in capitals, in which no name is told from another word; write it in small letters"


def source_name(stem: str) -> str:
    """A name for locators from a file's: small letters, digits and hyphens, beginning with a letter."""
    name = _NOT_A_NAME.sub("-", stem.lower()).strip("-")[:60]
    return name if name[:1].isalpha() else f"text-{name}".rstrip("-")


def _plain(file: Path) -> list[str]:
    return [read_text(file, file.name)]


def _page(file: Path) -> list[str]:
    """The blocks of a web page; those of its article alone, where it says which they are."""
    parser = _Blocks()
    parser.feed(_decoded(file))
    parser.close()
    article = [text for text, inside in parser.blocks if inside]
    return article if sum(map(len, article)) >= 200 else [text for text, _ in parser.blocks]


def _decoded(file: Path) -> str:
    raw = file.read_bytes()
    declared = _CHARSET.search(raw[:4096])
    for encoding in ("utf-8-sig", *([declared[1].decode("ascii")] if declared else [])):
        try:
            return raw.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    raise UsageError(f"'{file.name}' is neither UTF-8 nor what it says it is; save it as UTF-8")


class _Blocks(HTMLParser):
    """Collects the blocks of a page, each with whether it stands in its article, and passes over what is no text."""

    BLOCKS = frozenset([
            "address", "article", "blockquote", "body", "br", "caption", "dd", "div", "dl", "dt", "figcaption",
            "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre",
            "section", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul"
    ])  # fmt: skip
    PASSED_OVER = frozenset([
            "script", "style", "noscript", "template", "svg", "nav", "footer", "aside", "form", "button", "select",
            "iframe", "head", "object", "math"
    ])  # fmt: skip

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, bool]] = []
        self._words: list[str] = []
        self._over: list[str] = []
        self._article = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins a block, or what is passed over."""
        if tag == "body" and "head" in self._over:
            del self._over[self._over.index("head") :]  # its end may be left out
        if tag in self.PASSED_OVER and len(self._over) < DEEPEST:
            self._over.append(tag)
        if tag in self.BLOCKS:
            self._end()
        if tag in ("article", "main"):
            self._article += 1

    def handle_endtag(self, tag: str) -> None:
        """Ends a block, or what is passed over."""
        if tag in self._over:
            del self._over[self._over.index(tag) :]
        if tag in self.BLOCKS:
            self._end()
        if tag in ("article", "main"):
            self._article = max(self._article - 1, 0)

    def handle_data(self, data: str) -> None:
        """Keeps words that a reader sees."""
        if not self._over:
            self._words.append(data)

    def close(self) -> None:
        """Ends the last block."""
        super().close()
        self._end()

    def _end(self) -> None:
        text = " ".join("".join(self._words).split())
        self._words.clear()
        if text:
            self.blocks.append((text, self._article > 0))


def _pdf(file: Path) -> list[str]:
    wanted("pypdf", "read PDF files")
    pypdf, errors = import_module("pypdf"), import_module("pypdf.errors")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong is said below, in one sentence
    try:
        reader = pypdf.PdfReader(str(file))
        if reader.is_encrypted:
            raise UsageError(f"'{file.name}' is locked with a password; save it without one")
        if len(reader.pages) > MOST_PAGES:
            raise UsageError(f"'{file.name}' has more than {MOST_PAGES} pages; split it")
        pages = [str(page.extract_text()) for page in reader.pages]
    except (*_BROKEN, errors.PyPdfError) as error:
        raise UsageError(f"'{file.name}' is not a PDF file that can be read: {error}") from None
    return list(joined_lines(line for page in pages for line in page.splitlines()))


def joined_lines(lines: Iterable[str]) -> Iterator[str]:
    """Lines of fixed width as paragraphs: one ends at a blank line, or at a short line that ends a sentence."""
    known = [" ".join(line.split()) for line in lines]
    lengths = [len(line) for line in known if line]
    full = statistics.quantiles(lengths, n=10)[-1] if len(lengths) > 1 else 0
    held = ""
    for line in known:
        if not line:
            if held:
                yield held
            held = ""
            continue
        held = _HYPHEN.sub("", held) + line if _HYPHEN.search(held) else f"{held} {line}".strip()
        if len(line) < 0.85 * full and line[-1] in '.!?”"’)':
            yield held
            held = ""
    if held:
        yield held


def _word(file: Path) -> list[str]:
    wanted("docx", "read Word files")
    docx, errors = import_module("docx"), import_module("docx.opc.exceptions")
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise UsageError(f"'{file.name}' unpacks to more than {MOST_UNPACKED // 1_000_000} MB")
        document = docx.Document(str(file))
    except (*_BROKEN, zipfile.BadZipFile, errors.PackageNotFoundError, SyntaxError) as error:
        raise UsageError(f"'{file.name}' is not a Word file (.docx) that can be read: {error}") from None
    # The paragraphs as they stand in the file, those of tables too: a cell that spans many columns is read once.
    read = import_module("docx.text.paragraph").Paragraph
    every = document.element.body.iter(import_module("docx.oxml.ns").qn("w:p"))
    return [" ".join(str(read(one, document).text).split()) for one in every]


_READERS: dict[str, Callable[[Path], list[str]]] = {
    ".txt": _plain, ".html": _page, ".htm": _page, ".pdf": _pdf, ".docx": _word,
}  # fmt: skip
