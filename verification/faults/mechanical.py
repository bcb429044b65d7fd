"""Mistakes made by rule at many places of our own scenarios: every key misspelt, every name, every colon left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from verification.faults.cases import SCENARIOS
from verification.faults.judging import Mistake

_KEY = re.compile(r"(?:(?<=\n)(?P<indent> *)(?:- )?\{?|[{,] ?)(?P<key>[a-z_]+)(?=: |:\n)")
_DECLARED = re.compile(r"\n  (?:- \{?)?([a-z][a-z0-9_]+):")
_CYRILLIC = str.maketrans("aeopcx", "аеорсх")


def mechanical() -> Iterator[Mistake]:
    """Every mistake, by file and kind."""
    for path in sorted(SCENARIOS.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        for kind, make in KINDS.items():
            for number, (start, end, instead, cure) in enumerate(make(text), 1):
                wrong = text[:start] + instead + text[end:]
                line = text[:start].count("\n") + 1
                yield Mistake(f"{path.stem}: {kind} {number}", kind, text, wrong, line, cure)


Edit = tuple[int, int, str, tuple[str, ...]]
"""The characters that are replaced, by what, and what the cure must hold."""


def _misspelt(word: str) -> str:
    """Two letters in the middle change places; or one is left out where they are the same."""
    middle = len(word) // 2
    first, second = word[middle - 1], word[middle]
    swapped = second + first if first != second else first
    return word[: middle - 1] + swapped + word[middle + 1 :]


def _keys(text: str) -> Iterator[tuple[int, int, str]]:
    """The keys of the language: not the names that the author gives."""
    own = {*_DECLARED.findall(text), *_names(text)} - _SECTIONS
    for match in _KEY.finditer(text):
        key = match["key"]
        if len(key) > 3 and key not in own:
            yield match.start("key"), match.end("key"), key


_SECTIONS = {
    "title", "starts", "ends", "sources", "actors", "groups", "places", "routes", "parameters", "state", "begin",
    "define", "stances", "zones", "rules", "deals", "questions", "claims", "variants", "watch", "decisions", "ties",
}  # fmt: skip


def _keys_misspelt(text: str) -> Iterator[Edit]:
    for start, end, key in _keys(text):
        if key not in _GIVEN:
            yield start, end, _misspelt(key), (f"'{key}'",)


_GIVEN = {
    "north", "south", "alliance", "eastport", "westport", "upland", "lowland", "crest", "saddle", "village", "height",
    "warn", "patience", "talk_rate", "clash_rate",
}  # fmt: skip


_PROSE = ("about", "says", "ask", "title", "name", "along", "kind", "publisher")


def _names(text: str) -> set[str]:
    """The names that are declared: of actors, places, parameters, states, rules, zones and defines."""
    found: set[str] = set()
    for section in ("actors", "groups", "places", "parameters", "state", "zones", "rules", "define"):
        body = re.search(rf"\n{section}:\n((?:  .*\n)+)", text)
        found |= set(re.findall(r"(?m)^  ([a-z][a-z0-9_]*):", body[1])) if body else set()
    return {name for name in found if len(name) > 3}


def _uses(text: str) -> Iterator[tuple[int, int, str]]:
    """Where declared names are used in expressions and in lists, not in words for people."""
    names = _names(text)
    for match in re.finditer(r"[a-z][a-z0-9_]+", text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : text.find("\n", match.end())]
        column = match.start() - text.rfind("\n", 0, match.start()) - 1
        keys = re.findall(r"(\w+): ", line[:column])
        prose = bool(keys) and keys[-1] in _PROSE
        in_brackets = "event:" in line[:column] and line[:column].count("(") > line[:column].count(")")
        after = text[match.end() : match.end() + 1]
        before = text[match.start() - 1]
        if match[0] in names and not prose and not in_brackets and after != ":" and before not in "#.":
            yield match.start(), match.end(), match[0]


def _names_misspelt(text: str) -> Iterator[Edit]:
    for start, end, name in _uses(text):
        yield start, end, _misspelt(name), (f"'{name}'",)


def _names_in_cyrillic(text: str) -> Iterator[Edit]:
    for start, end, name in _uses(text):
        foreign = name[:1] + name[1:].translate(_CYRILLIC)
        if foreign != name:
            yield start, end, foreign, ("Cyrillic", name)


def _pattern(
    pattern: str, instead: Callable[[re.Match[str]], tuple[str, tuple[str, ...]]]
) -> Callable[[str], Iterator[Edit]]:
    def make(text: str) -> Iterator[Edit]:
        for match in re.finditer(pattern, text):
            new, cure = instead(match)
            yield match.start(), match.end(), new, cure

    return make


KINDS: dict[str, Callable[[str], Iterator[Edit]]] = {
    "a key misspelt": _keys_misspelt,
    "a name misspelt": _names_misspelt,
    "a name with Cyrillic letters": _names_in_cyrillic,
    "a decimal comma": _pattern(r"(?<=: )0\.[0-9]+(?=\n)", lambda m: (m[0].replace(".", ","), (m[0],))),
    "a rate per day": _pattern(r"(?<=rate: )0\.[0-9]+(?=\n)", lambda m: (f"{m[0]} per day", (f"write {m[0]}",))),
    "a duration without its unit": _pattern(r"(?<=half_life: )([0-9]+) days", lambda m: (m[1], ())),
    "a colon forgotten": _pattern(
        r"(?<=\n)    (rate|when|by|at|ask|then|of|every): (?=[^\n]*\n)", lambda m: (f"    {m[1]} ", (f"{m[1]}: ",))
    ),
    "a blank after the colon forgotten": _pattern(
        r"(?<=\n)    (rate|when|by|at|ask|of|every): (?=[^\n]*\n)", lambda m: (f"    {m[1]}:", (f"{m[1]}: ",))
    ),
    "a closing quote forgotten": _pattern(r"(?<=prior: )('[a-z]+\([^']*\))'", lambda m: (m[1], (f"{m[1]}'",))),
    "curly quotes": _pattern(r"(?<=prior: )'([a-z]+\([^']*\))'", lambda m: (f"‘{m[1]}’", ("’", "'"))),
    "a closing bracket forgotten": _pattern(r"(?<=evidence: assumption)\}(?=\n)", lambda m: ("", ("}",))),
    "a date in another form": _pattern(
        r"(?<=: )(20[0-9]{2})-([0-9]{2})-([0-9]{2})(?=[\n},])",
        lambda m: (f"{m[3]}.{m[2]}.{m[1]}", (f"{m[1]}-{m[2]}-{m[3]}",)),
    ),
    "a no-break space after the colon": _pattern(
        r"(?<=\n)    rate: ", lambda _: ("    rate:\u00a0", ("no-break space",))
    ),
}
