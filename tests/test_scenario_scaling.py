"""The work of a check grows with the size of what is checked: counted in comparisons and calls, never in seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from standoff import errors
from standoff.errors import MOST_COMPARED, Fault, bounded_suggestions, suggestion
from standoff.scenario import Words, check
from standoff.scenario.expression import syntax
from standoff.scenario.expression.headers import read_header
from standoff.scenario.schema.claims import Claim
from standoff.scenario.schema.entities import Remark
from standoff.scenario.schema.scalars import ranges_in

HEAD = "standoff: 1\ntitle: t\nstarts: 2017-06-01\nends: 2017-12-31\nactors: {blue: {}, red: {}}\n"
TAIL = "questions: {q: {ask: Does it?, when: n > 0, at: 2017-06-30}}\n"


def lines(form: str, count: int) -> str:
    return "".join(form.replace("@", str(number)) for number in range(count))


def places(count: int) -> str:
    return f"places:\n{lines('  p@: {at: [1, 2]}' + chr(10), count)}"


def well_formed(count: int) -> str:
    held = "state: {n: {}, holder: {of: place, is: actor}}\nbegin:\n  holder:\n" + lines("    p@: blue\n", count)
    routes = "routes:\n" + "".join(f"  - {{between: [p{n}, p{n + 1}]}}\n" for n in range(count - 1))
    groups = f"groups: {{g: {{of: place, members: [{lines('p@, ', count)}p0]}}}}\n"
    pairs = "relations: {hosts: {of: [place, place], pairs: [" + lines("[p@, p0], ", count) + "]}}\n"
    rules = "rules: {r: {for: {p: place}, when: 'holder[p] == blue', rate: 0.1, then: [n += 1]}}\n"
    return HEAD + places(count) + held + routes + groups + pairs + rules + TAIL


def unknown_keys(count: int) -> str:
    return HEAD + "state: {n: {}}\n" + lines("questiones@: 1\n", count) + TAIL


def unknown_starts(count: int) -> str:
    state = "state: {n: {}, holder: {of: place, is: actor}}\nbegin:\n  holder:\n"
    return HEAD + places(count) + state + lines("    q@: blue\n", count) + TAIL


def unknown_words(count: int) -> str:
    defines = lines("  d@: {is: pra@ + 1}\n", count)
    return HEAD + "state: {n: {}}\nparameters:\n" + lines("  par@: 1\n", count) + "define:\n" + defines + TAIL


def unknown_members(count: int) -> str:
    members = lines("q@, ", count)
    return HEAD + places(count) + f"state: {{n: {{}}}}\ngroups: {{g: {{of: place, members: [{members}q0]}}}}\n" + TAIL


MADE = [well_formed, unknown_keys, unknown_starts, unknown_words, unknown_members]


@contextmanager
def counted(patch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How often a word of a file was compared with another, and how many names with a misspelt one."""
    counts = [0, 0]

    def equal(one: Words, other: object) -> bool:
        counts[0] += 1
        return str.__eq__(one, other)

    nearest = errors.nearest

    def counting(word: str, candidates: Iterable[str]) -> str | None:
        known = list(candidates)
        counts[1] += len(known)
        return nearest(word, known)

    with patch.context() as patched:
        patched.setattr(Words, "__eq__", equal)
        patched.setattr(errors, "nearest", counting)
        yield counts


def work(made: Callable[[int], str], count: int, path: Path, patch: pytest.MonkeyPatch) -> list[int]:
    path.write_text(made(count), encoding="utf-8")
    with counted(patch) as counts:
        check(path)
    return counts


@pytest.mark.parametrize("made", MADE, ids=lambda made: str(made.__name__))
def test_the_words_of_a_file_are_compared_in_proportion_to_its_size(
    made: Callable[[int], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = work(made, 50, tmp_path / "small.yaml", monkeypatch)[0]
    large = work(made, 200, tmp_path / "large.yaml", monkeypatch)[0]
    # Four times the file: were each word looked for among all, this would be sixteen times the work.
    assert small > 0
    assert large < 6 * small


@pytest.mark.parametrize("made", MADE, ids=lambda made: str(made.__name__))
def test_suggestions_are_bounded_however_many_words_are_unknown(
    made: Callable[[int], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = work(made, 600, tmp_path / "many.yaml", monkeypatch)[1]
    assert compared <= MOST_COMPARED + 2 * 600


def test_the_first_unknown_words_get_advice_and_the_rest_are_told_without() -> None:
    names = [f"place{number}" for number in range(10)]
    with bounded_suggestions(25):
        advice = [suggestion("plcae7", iter(names), what="places") for _ in range(4)]
    assert [hint for hint, _ in advice] == ["did you mean 'place7'?"] * 3 + [None]
    assert advice[3] == (None, None)
    assert suggestion("plcae7", names)[0] == "did you mean 'place7'?"


def test_candidates_are_not_even_read_when_nothing_more_is_compared() -> None:
    with bounded_suggestions(0):
        names = iter(["ford"])
        assert suggestion("frod", names) == (None, None)
        assert next(names) == "ford"


def chained(count: int) -> str:
    rules = lines("  r@: {rate: s@, then: [s@ += s0]}\n", count)
    rules += "".join(f"  c{n}: {{rate: 1, then: [s{n + 1} = s{n}]}}\n" for n in range(count - 1))
    states = "state:\n  n: {}\n" + lines("  s@: {}\n", count)
    return HEAD + states + "rules:\n  r: {rate: 1, then: [s0 -= 1]}\n" + rules + TAIL


def handed_on(count: int) -> str:
    rules = "".join(f"  c{n}: {{rate: 1, when: s{n} == red, then: [s{n + 1} = s{n}]}}\n" for n in range(count - 1))
    return HEAD + "state:\n  n: {}\n" + lines("  s@: {is: actor}\n", count) + "rules:\n" + rules + TAIL


def asked(count: int) -> str:
    rules = "rules: {r: {rate: 1, then: [n += 1]}}\nquestions:\n"
    return HEAD + "state: {n: {}}\n" + rules + lines("  q@: {ask: Does it?, when: n > @, by: 2017-06-30}\n", count)


def set_off(count: int) -> str:
    state = "state:\n  n: {}\n" + lines("  s@: {}\n", count)
    rules = "".join(f"  t{n}: {{when: s{n} > 0, then: [s{(n + 1) % count} += 1]}}\n" for n in range(count))
    return HEAD + state + "rules:\n  r: {rate: 0.1, then: [n += 1]}\n" + rules + TAIL


def repeated(count: int) -> str:
    # A condition of count times count parts, and a place that has no coordinates.
    far, named = " and ".join(["distance(ford, mill) < 9"] * count), " and ".join(["d"] * count)
    where = "places: {ford: {at: [1, 2]}, mill: {at: [1, 2]}, camp: {}}\nstate: {n: {}}\n"
    rules = f"rules: {{r: {{when: '{named}', rate: 0.1, then: [n += 1]}}}}\n"
    return HEAD + where + f"define: {{d: {{is: '{far}'}}}}\n" + rules + TAIL


def calls(made: Callable[[int], str], count: int, path: Path) -> int:
    """How many Python functions a check calls, be it to compare, to evaluate or to walk."""
    path.write_text(made(count), encoding="utf-8")
    total = 0

    def called(_frame: object, event: str, _argument: object) -> None:
        nonlocal total
        total += event == "call"

    check(path)
    before = sys.getprofile()
    sys.setprofile(called)
    try:
        check(path)
    finally:
        sys.setprofile(before)
    return total


@pytest.mark.parametrize("made", [chained, handed_on, asked, set_off], ids=lambda made: str(made.__name__))
def test_a_check_works_in_proportion_to_the_states_rules_and_questions(
    made: Callable[[int], str], tmp_path: Path
) -> None:
    small, large = (calls(made, count, tmp_path / f"{count}.yaml") for count in (15, 60))
    # Four times the file, less what a check does whatever its size.
    assert large < 4 * small


def test_a_check_works_in_proportion_to_the_conditions(tmp_path: Path) -> None:
    small, large = (calls(repeated, count, tmp_path / f"{count}.yaml") for count in (5, 20))
    # Sixteen times the conditions.
    assert large < 16 * small


def test_remarks_on_a_million_paragraphs_are_not_written_out() -> None:
    assert ranges_in(", ".join(["1-999999"] * 3)) == (range(1, 1_000_000),) * 3
    remark = Remark(at=Words("1-999999, 3-7"), is_="furniture")  # type: ignore[call-arg]
    assert remark.last == 999_999


def test_blanks_before_the_way_of_an_effect_cost_no_more_than_their_number() -> None:
    # A quadratic search would take minutes, and the suite would stop it.
    blanks = " " * 300_000
    claim = Claim(says=Words("so"), set_={"n": Words("1")}, expect=Words(f"n{blanks}x rises"))  # type: ignore[call-arg]
    assert claim.expectation == (f"n{blanks}x", "rises")


def test_a_header_is_bounded_as_an_expression_is(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="a header of"):
        read_header("ASSAULT by " + "blue " * 500)


def test_choices_within_choices_are_looked_at_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    passes = []
    read = syntax._code
    monkeypatch.setattr(syntax, "_code", lambda text: passes.append(len(text)) or read(text))
    for count in (2, 40):
        passes.clear()
        syntax.read_syntax(syntax.Passage.whole(" + ".join(["choice(q for q in road(p), weight=f(q, 1))"] * count)))
        assert len(passes) == 1
