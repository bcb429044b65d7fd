"""Numbers with a unit and the noun that they measure, as `a 25-kilometre radius`, and counts: `400 railway troops`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from standoff.drafting.lexicon import lexicon, singular

NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90, "hundred": 100, "dozen": 12,
}  # fmt: skip
UNITS = {
    "kilometre": ("km", 1.0), "kilometer": ("km", 1.0), "km": ("km", 1.0), "mile": ("km", 1.609344),
    "metre": ("km", 0.001), "meter": ("km", 0.001), "ton": ("ton", 1.0), "tonne": ("ton", 1.0),
    "barrel": ("barrel", 1.0), "hour": ("day", 1 / 24), "day": ("day", 1.0), "week": ("day", 7.0),
    "percent": ("", 0.01), "per cent": ("", 0.01), "%": ("", 0.01), "nautical mile": ("km", 1.852),
    "square kilometre": ("km^2", 1.0), "square kilometer": ("km^2", 1.0), "sq km": ("km^2", 1.0),
    "square mile": ("km^2", 2.589988), "hectare": ("km^2", 0.01), "acre": ("km^2", 0.004046856),
    "foot": ("km", 0.0003048), "feet": ("km", 0.0003048), "yard": ("km", 0.0009144),
}  # fmt: skip
"""Units of the texts, each with the unit of the language and the factor to it."""
_MONEY = {"$": "dollar", "€": "euro", "£": "pound"}
COUNTED = frozenset([
        "truck", "soldier", "troop", "fighter", "aircraft", "jet", "drone", "missile", "rocket", "ship", "vessel",
        "tanker", "boat", "tank", "vehicle", "skirmish", "raid", "attack", "strike", "clash", "squadron",
        "regiment", "battalion", "brigade", "casualty", "death", "prisoner", "hostage", "refugee", "helicopter",
        "warship", "container", "sailor", "airstrike", "base", "launcher", "fatality", "carrier", "destroyer",
        "frigate", "corvette", "cruiser", "submarine", "gunboat", "trawler", "bomber", "plane", "warplane",
        "torpedo", "mine", "bomb", "shell", "warhead", "gun", "howitzer", "battery", "division", "company",
        "platoon", "people", "men", "women", "children", "civilian", "villager", "islander", "marine", "guard",
        "policemen", "officer", "pilot", "seamen", "fishermen", "protester", "demonstrator", "passenger", "worker",
        "observer", "dead", "wounded", "shot", "round", "body", "tug"
    ])  # fmt: skip
"""Nouns that are counted whether the number is in figures or in a word: the unit is the noun itself."""
_PLURAL = frozenset([
        "people", "men", "women", "children", "police", "personnel", "dead", "wounded", "injured", "displaced",
        "missing", "homeless", "captured", "detained", "arrested", "head", "cattle", "livestock", "sheep", "ecus",
        "yuan", "renminbi", "yen", "won", "baht", "dong", "kip", "kyat", "riel", "ringgit", "rand", "birr", "kronor",
        "kroner"
    ])  # fmt: skip
"""Plurals without an s, or that look like none, as of some currencies; so are the words that end in `men`."""
_SHARES_AND_TIMES = frozenset([
        "year", "month", "minute", "second", "night", "morning", "evening", "decade", "century", "season", "time",
        "degree", "o'clock", "page", "paragraph", "article", "section", "chapter", "point", "vote"
    ])  # fmt: skip
"""Plurals whose number is a duration, a share or a locator, and no count of people or things."""
_SCALE = {
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "hundred": 1e2, "dozen": 12.0, "bn": 1e9,
}  # fmt: skip
_ROUND = frozenset({"dozen", "hundred"})
_SOME = re.compile(r"\b(?:several|few|many|some)\s+$", re.IGNORECASE)
_FIGURES = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
_NUMBER = rf"(?:{_FIGURES}|(?:{'|'.join(NUMBER_WORDS)})\b)"
_QUANTITY = re.compile(
    rf"(?<![\w.,$€£-])(?P<number>{_NUMBER})(?:[\s-]+(?P<scale>{'|'.join(_SCALE)})\b)?[\s-]*"
    r"(?P<unit>%|(?:[a-z]+-){0,2}[a-z]+)(?:[\s-]+(?P<next>(?:[a-z]+-)*[a-z]+))?",
    re.IGNORECASE,
)
_SUM = re.compile(rf"(?P<sign>[$€£])\s?(?P<number>{_FIGURES})(?:\s?(?P<scale>{'|'.join(_SCALE)})\b)?", re.IGNORECASE)
_FIRST_OF_TWO = re.compile(
    rf"(?:(?P<between>\bbetween\s+)|(?<![\w.,$€£-]))(?P<number>{_NUMBER})\s*"
    r"(?P<way>\bto\b|\bor\b|\band\b|–|-)\s*$",
    re.IGNORECASE,
)
"""What stands before the second number of `400 to 500 men`, `10 or 11 dead`, `between 2 and 3 miles`."""
_YEAR = re.compile(r"(?:1[6-9]|20)\d\d")
_NAMED = re.compile(r"(?:^|\s)(?:(?P<at>(?i:in|at|near|outside|around))\s+)?(?P<name>[A-Z][\w-]*)\.?\s$")
"""A name before a number, which then is part of it: Resolution 2254, Article 5; a place does not."""
_BEFORE = frozenset([
        "about", "around", "nearly", "almost", "over", "some", "at", "only", "in", "by", "of", "the", "another", "and",
        "but", "least", "than", "all", "with", "for", "on", "to", "from", "when", "while", "as", "its", "their", "these"
    ])  # fmt: skip
"""Words of grammar that begin a sentence with a capital and name nothing."""
_WORD = re.compile(r"[\s-]*([a-z]{1,4}-\d{1,3}[a-z]?\b|(?:[a-z]+-)*[a-z]+)", re.IGNORECASE)
"""A word, or the name of a model: F-16."""
_PART = re.compile(
    rf"(?<![\w.,$€£-])(?P<number>{_NUMBER})\s+of\s+(?:the|its|their|his|her|these|those|our)\s+(?=(?P<of>[\w-]+))",
    re.IGNORECASE,
)
"""A number of those that the reader knows: 46 of her 104 sailors; 16 of the inhabitants."""
_ELLIPSIS = re.compile(
    rf"[^.;!?]{{0,60}}?(?:\b(?:and|or|but|other|another)\b|,)\s+(?P<number>{_FIGURES})\s+(?P<to>from|off)\b"
)
"""Behind a distance another one without its unit: 20 miles from X and 29 from Y."""
_PARTICIPLES = frozenset({"displaced", "missing", "homeless", "captured", "detained", "arrested", "wounded", "injured"})
"""Of the plurals without an s those that also stand before what is counted: 300 displaced families."""
_FARTHEST = 5
"""Words behind a number up to which what is counted can stand: 400 Russian railway troops."""
_ENDS = frozenset([
        "of", "in", "on", "at", "to", "from", "by", "with", "and", "or", "but", "that", "which", "who", "as", "for",
        "near", "around", "until", "than", "are", "were", "the", "a", "an", "its", "their", "it", "they", "we", "he",
        "she", "him", "them", "there", "all", "some", "between", "per", "more", "each", "both", "later", "ago",
        "earlier", "after", "before", "was", "is", "had", "has", "have", "where", "when", "while", "into", "along",
        "through", "will", "would", "may", "might", "could", "can", "should", "must", "this", "these", "those", "not"
    ])  # fmt: skip


_AWAY = frozenset({"later", "ago", "earlier", "before", "after", "afterwards"})
"""Words that make a time of a duration: nine days later measures nothing."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the unit of the language (km, days), the noun that it measures, and where both stand.

    `doubt` says why it may be less exact than it looks: a round word such as dozen, one of two numbers, or a range, of
    which `least` and `most` are the ends and `value` the lower one.
    """

    value: float
    unit: str
    head: str
    start: int
    end: int
    head_start: int
    head_end: int
    doubt: str | None = None
    least: float | None = None
    most: float | None = None


def quantities(text: str, *, counting: Collection[int] = ()) -> list[Quantity]:
    """The numbers of a text that have a unit or a currency, or count people or things.

    `counting` is where numbers stand of which the grammar says that they count, although a name is before them.
    """
    found = []
    for match in _QUANTITY.finditer(text):
        one = _read(match, text, counting)
        if one is not None:
            found += _with_first(match, one, text)
            found += _elided(match, one, text)
    found += _parts(text)
    for match in _SUM.finditer(text):
        unit, place = _MONEY[match["sign"]], match.span("sign")
        found.append(Quantity(_value(match), unit, unit, *match.span(), *place))
    return sorted(found, key=lambda one: one.start)


def _parts(text: str) -> list[Quantity]:
    """Numbers of what the reader knows, which is counted behind them: of the list where the number is in a word."""
    found = []
    for match in _PART.finditer(text):
        again = re.compile(rf"(?:{_NUMBER}\s+)?", re.IGNORECASE).match(text, match.start("of"))
        begin = again.end() if again is not None else match.start("of")
        noun = counted_noun(text, begin, in_figures=match["number"][0].isdigit())
        if noun is not None and noun[0] != "head":
            found.append(
                Quantity(number_of(match["number"]), noun[0], noun[0], match.start(), noun[2], noun[1], noun[2])
            )
    return found


def _elided(match: re.Match[str], one: Quantity, text: str) -> list[Quantity]:
    """The distance behind another one that leaves out its unit."""
    after = _ELLIPSIS.match(text, one.end) if one.unit == "km" else None
    own = number_of(match["number"])
    if after is None or not own or any(sign.isdigit() for sign in text[one.end : after.start("number")]):
        return []
    value = round(number_of(after["number"]) * one.value / own, 6)
    return [replace(one, value=value, start=after.start("number"), end=after.end("number"))]


def number_of(words: str) -> float:
    """A number in digits or in one word."""
    number = words.lower()
    return float(NUMBER_WORDS[number]) if number in NUMBER_WORDS else float(number.replace(",", ""))


def _value(match: re.Match[str]) -> float:
    return number_of(match["number"]) * _SCALE.get((match["scale"] or "").lower(), 1.0)


def _read(match: re.Match[str], text: str, counting: Collection[int]) -> Quantity | None:
    if match["number"].lower() in _ROUND and _SOME.search(text, max(0, match.start() - 12), match.start()):
        return None  # several hundred: `vague.py` has its range
    value = _value(match)
    unit = singular(match["unit"].lower())
    both = f"{match['unit']} {singular((match['next'] or '').lower())}".lower()
    if (match["next"] or "").lower() in _AWAY and UNITS.get(unit, ("",))[0] == "day":
        return None
    if both in UNITS:
        return _measured(match, both, value, match.end("next"), text)
    if unit in UNITS:
        return _measured(match, unit, value, match.end("unit"), text)
    if match.start() not in counting and _is_numbered(match, text):
        return None
    if match["number"][-1].isdigit() and match.end("number") == match.start("unit"):
        return None  # 58th, 10am
    is_name = match.start() not in counting and _is_name(match, text)
    in_figures = bool(match["scale"]) or (match["number"][0].isdigit() and not is_name)
    noun = counted_noun(text, match.start("unit"), in_figures=in_figures)
    return _count(match, value, noun) if noun is not None else None


def counted_noun(text: str, place: int, *, in_figures: bool) -> tuple[str, int, int] | None:
    """What a number counts, and where: in figures the first plural of the words behind it, else a noun of the list.

    A plural with a capital, as of a people, counts where no other one follows it: 200 United Nations observers.
    """
    people: tuple[str, int, int] | None = None
    for _ in range(_FARTHEST):
        word = _WORD.match(text, place)
        if word is None or word[1].lower() in _ENDS:
            break
        noun, place = singular(word[1].lower()), word.end()
        if noun in COUNTED or (in_figures and is_plural(word[1]) and word[1].islower()):
            after = _WORD.match(text, place)
            if (
                after is not None
                and is_plural(after[1])
                and (singular(after[1].lower()) in COUNTED or word[1].lower() in _PARTICIPLES)
            ):
                continue  # two aircraft carriers
            return None if noun in _SHARES_AND_TIMES else (noun, *word.span(1))
        if in_figures and is_plural(word[1]):
            people = (noun, *word.span(1))
    return people


def _count(match: re.Match[str], value: float, noun: tuple[str, int, int]) -> Quantity:
    doubt = "a round number" if {match["number"].lower(), (match["scale"] or "").lower()} & _ROUND else None
    return Quantity(value, noun[0], noun[0], match.start(), noun[2], noun[1], noun[2], doubt)


def is_plural(word: str) -> bool:
    """Whether a word can be a plural, by its ending; `us`, `is` and `ss` end none."""
    lower = word.lower()
    return lower in _PLURAL or lower.endswith(("men", "women")) or (lower.endswith("s") and singular(lower) != lower)


def _is_name(match: re.Match[str], text: str) -> bool:
    """Whether a number in figures is a year, or part of the name before it."""
    if match["scale"] is None and _YEAR.fullmatch(match["number"]):
        return True
    before = _NAMED.search(text, max(0, match.start() - 30), match.start())
    return before is not None and not before["at"] and before["name"].lower() not in _BEFORE


def _is_numbered(match: re.Match[str], text: str) -> bool:
    """Whether figures belong to a name that has a number: Task Force 30."""
    before = _NAMED.search(text, max(0, match.start() - 30), match.start())
    in_figures = match["number"][0].isdigit()
    return in_figures and before is not None and before["name"].lower() in lexicon("vague")["words"]["numbered"]


def _with_first(match: re.Match[str], second: Quantity, text: str) -> list[Quantity]:
    """A number with the one before it, in its unit: as the ends of one range, or as two that a text leaves open.

    From 6 to 12 miles can be what has changed: these are two.
    """
    begin = max(0, match.start() - 40)
    first = _FIRST_OF_TWO.search(text, begin, match.start())
    if first is None or (first["way"].lower() == "and" and not first["between"]):
        return [second]
    own = _value(match)
    scale = _SCALE.get((match["scale"] or "").lower(), 1.0)
    factor = second.value / own if own else 1.0
    value, start = round(number_of(first["number"]) * scale * factor, 6), first.start("number")
    if value == second.value:
        return [second]
    if first["way"].lower() == "or" or value > second.value or text[begin:start].rstrip().lower().endswith("from"):
        doubt = "one of two numbers" if first["way"].lower() == "or" else "an end of a range"
        return [replace(second, value=value, start=start, doubt=doubt), second]
    return [replace(second, value=value, start=start, doubt="a range", least=value, most=second.value)]


def noun_phrase(text: str, place: int) -> tuple[str | None, tuple[int, int]]:
    """The last word of the phrase behind a place, before a preposition or a sign, and where it stands."""
    head, found = None, (place, place)
    for _ in range(_FARTHEST):
        word = _WORD.match(text, found[1])
        if word is None or word[1].lower() in _ENDS:
            break
        head, found = singular(word[1].lower()), word.span(1)
    return head, found


def _measured(match: re.Match[str], unit: str, value: float, end: int, text: str) -> Quantity:
    """A measure with the noun phrase that follows it: its last word before a preposition or a sign."""
    name, factor = UNITS[unit]
    head, place = unit, (match.start("unit"), end)
    for word in re.compile(r"[\s-]+((?:[a-z]+-)*[a-z]+)", re.IGNORECASE).finditer(text, end):
        if word.start() != (place[1] if head != unit else end) or word[1].lower() in _ENDS:
            break
        head, place = singular(word[1].lower()), (word.start(1), word.end(1))
    return Quantity(round(value * factor, 6), name, head, match.start(), end, *place)
