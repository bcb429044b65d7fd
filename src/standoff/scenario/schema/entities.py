"""The parts of a scenario that are there before anything happens: sources, actors, places, state, parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core.core_schema import CoreSchema, SerializerFunctionWrapHandler

from standoff.errors import Cure, Fault
from standoff.numerals import exact, read_number
from standoff.scenario.expression.slips import coordinates_meant
from standoff.scenario.reading.source import Words
from standoff.scenario.schema.scalars import (
    LOCATOR,
    NAME,
    AttributeValue,
    Colour,
    Day,
    DurationExpression,
    Entries,
    Expression,
    Name,
    NotEmpty,
    Number,
    OneOrMoreNames,
    OneOrMoreTexts,
    ParameterEntries,
    PlainWords,
    Ranges,
    Text,
    Title,
    Truth,
    UnitText,
    Whole,
    expression,
    fault,
    name_meant,
    one_or_list,
    ranges_in,
    shown,
)
from standoff.time import day_of, parse_when

ASSUMED = ("assumption", "public-record", "geography", "elicited")
"""What evidence may state instead of a paragraph."""
LATER = "later"
"""Where the context of a validation holds the texts that are dated after the scenario's start."""


def later_texts(data: Mapping[str, Any]) -> frozenset[str]:
    """The sources of a scenario, as read and not yet checked, that speak of days after its start."""
    starts, sources = _date_of(data.get("starts")), data.get("sources")
    if starts is None or not isinstance(sources, Mapping):
        return frozenset()
    dates = {
        str(name): _date_of(text.get("until")) or _date_of(text.get("date"))
        for name, text in sources.items()
        if isinstance(text, Mapping)
    }
    return frozenset(name for name, dated in dates.items() if dated is not None and day_of(dated) > day_of(starts))


def _date_of(value: object) -> date | None:
    """A date as it was read; None for what is none, of which a fault tells elsewhere."""
    if isinstance(value, date):
        return value
    try:
        return parse_when(value) if isinstance(value, str) else None
    except Fault:
        return None


class Part(BaseModel):
    """The base of all parts of a scenario: no unknown keys, and no change once read."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, defer_build=True, validate_by_alias=True, validate_by_name=True
    )

    @classmethod
    def written_keys(cls) -> list[str]:
        """The keys an author may write."""
        return [field.alias or name for name, field in cls.model_fields.items()]

    @classmethod
    def meant_by(cls, value: str) -> str | None:
        """What is meant by a single value in place of the keys, such as `declared: 2`; None where nothing is clear."""
        needed = [field.alias or name for name, field in cls.model_fields.items() if field.is_required()]
        return f"{needed[0]}: {value}" if len(needed) == 1 else None


def _locator(value: object) -> Words:
    if not isinstance(value, str) or (value not in ASSUMED and LOCATOR.fullmatch(value) is None):
        expected = f"a paragraph of a source, such as carnegie-2017#p6, or one of {', '.join(ASSUMED)}"
        hint = _locator_meant(value) if isinstance(value, str) else None
        raise fault("SD213", f"{shown(value)} is not evidence", expected=expected, hint=hint)
    return value if isinstance(value, Words) else Words(value, plain=False)


_IN_PROSE = re.compile(
    r"(?P<source>[a-z][a-z0-9_-]*)[\s,#:]+(?:p|para|par|paragraph|¶|§)?\.?\s*(?P<paragraph>[1-9][0-9]{0,5})", re.I
)
_ADDRESS = re.compile(r"(?:https?://|www\.)", re.I)


def _locator_meant(value: str) -> str | None:
    """The cure for a paragraph in another form, `argyle, para 3`, and for an address."""
    match = _IN_PROSE.fullmatch(value.strip())
    if match is not None:
        locator = f"{match['source'].lower()}#p{match['paragraph']}"
        return Cure(f"write {locator}", locator)
    if _ADDRESS.match(value.strip()):
        return "an address stands in sources: write sources: {NAME: {title: …, url: …}}, and NAME#p1 here"
    if value.strip().lower() in _SUPPOSED:
        return Cure("write assumption", "assumption")
    return None


_SUPPOSED = frozenset({"assumed", "assumptions", "guess", "estimate", "own estimate", "made up", "judgement", "none"})

Locator = Annotated[Words, PlainValidator(_locator), WithJsonSchema({"type": "string"})]
"""A paragraph of a source (`carnegie-2017#p6`), or `assumption`, `public-record`, `geography` or `elicited`."""


class Evidence(Part):
    """Where a number or a rule comes from."""

    from_: Locator = Field(alias="from")
    """The paragraph, as `source#pN` counting non-empty lines from 1, or `assumption`, `public-record`, `geography`, or
    `elicited` (from experts)."""
    says: Text | None = None
    """What the source says there, in other words than its own."""
    hindsight: Truth | None = None
    """Whether this was chosen with knowledge of what happened after the scenario's start; by default so where the text
    speaks of later days. So one theatre serves scenarios of several dates."""
    contradicts: Truth = False
    """Whether the source contradicts what it is cited for."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any, info: ValidationInfo) -> Any:
        written = {"from": value} if isinstance(value, str) else value
        if not isinstance(written, Mapping) or "hindsight" in written or info.context is None:
            return written
        source, mark, _ = str(written.get("from")).partition("#")
        return {**written, "hindsight": True} if mark and source in info.context[LATER] else written

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The mapping, or the short form: the locator alone."""
        return {"anyOf": [{"type": "string"}, handler.resolve_ref_schema(handler(core))]}

    @model_serializer(mode="wrap")
    def _briefly(self, handler: SerializerFunctionWrapHandler) -> Any:
        written = handler(self)
        return self.from_ if len(written) == 1 else written


EvidenceList = Annotated[
    tuple[Evidence, ...], BeforeValidator(one_or_list, json_schema_input_type=Evidence | tuple[Evidence, ...])
]
"""One piece of evidence, or a list of them."""


_DIGEST = re.compile(r"[0-9a-f]{64}")


class Remark(Part):
    """A remark about some paragraphs of a source."""

    at: Ranges
    """Which paragraphs, such as `1-2, 10`."""
    is_: Literal["furniture", "endnotes", "caption", "damaged", "disputed", "background"] = Field(alias="is")
    """`furniture` of the page, `endnotes`, a `caption` or heading, `damaged` text, `disputed` by another source or by
    the record, or `background` that supports nothing."""
    why: Text | None = None
    """How this is known, or what disputes it."""

    @property
    def paragraphs(self) -> tuple[int, ...]:
        """The numbers of the paragraphs, each once."""
        return tuple(sorted(set().union(*ranges_in(self.at))))

    @property
    def last(self) -> int:
        """The number of the last of them."""
        return max(numbers[-1] for numbers in ranges_in(self.at))


class SourceText(Part):
    """A published text that the scenario draws on."""

    title: Text
    """Its title."""
    publisher: Text | None = None
    """Who published it."""
    date: Day | None = None
    """When it was published."""
    until: Day | None = None
    """The last day of which it is used, where it was published later: a data file of which only a part is read."""
    url: Text | None = None
    """Where it can be read."""
    paragraphs: Whole | None = Field(default=None, ge=1)
    """How many paragraphs (non-empty lines) it has; evidence must not point beyond them."""
    about: Text | None = None
    """What it is and how it is used here."""
    remarks: tuple[Remark, ...] = ()
    """Remarks about some of its paragraphs."""
    digests: OneOrMoreTexts = ()
    """The SHA-256 of each paragraph, with every run of blanks as one space: shows whether a text is unchanged."""

    @model_validator(mode="after")
    def _of_all_paragraphs(self) -> SourceText:
        if self.digests and len(self.digests) != self.paragraphs:
            raise fault("SD203", f"{len(self.digests)} digests, and paragraphs: {self.paragraphs}")
        for digest in self.digests:
            if _DIGEST.fullmatch(digest) is None:
                raise fault("SD203", f"'{digest}' is not a digest", expected="64 letters 0-9 and a-f")
        for remark in self.remarks:
            if self.paragraphs is not None and remark.last > self.paragraphs:
                raise fault("SD203", f"the text has {self.paragraphs} paragraphs, not {remark.last}")
        return self


class Described(Part):
    """The keys that every declared thing can have."""

    # Entities have a name and watches a label for readers; all others have a title (below), so that there is one of it.

    about: Text | None = None
    """What it is, for readers."""
    evidence: EvidenceList = ()
    """Where it comes from."""

    @classmethod
    def written_keys(cls) -> list[str]:
        """The keys an author may write, those of its own before those that all things share."""
        return sorted(super().written_keys(), key=("title", "about", "evidence").__contains__)

    @model_serializer(mode="wrap")
    def _for_readers(self, handler: SerializerFunctionWrapHandler) -> Any:
        written = handler(self)
        if "title" in written:
            written = {"title": written.pop("title"), **written}
        if "evidence" in written:
            written["evidence"] = written.pop("evidence")
        return written


class Titled(Described):
    """The keys of a declared thing that has no other name for readers."""

    title: Title | None = None
    """A short name for readers, of at most 60 characters; without it, they read the beginning of `about`."""


class Entity(Described):
    """A member of a kind of the author's own."""

    name: Text | None = None
    """Its name for readers; by default made from its key."""
    aliases: tuple[Text, ...] = ()
    """Other names that sources and records use for it; no two actors, and no two places, may share one."""
    attributes: Entries[AttributeValue] = Field(default_factory=dict)
    """Fixed facts that expressions can read, as in `p.oil`."""

    @classmethod
    def meant_by(cls, value: str) -> str | None:
        """What it is called."""
        return f"name: {value}"


def _members(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return {name: {} for name in value if isinstance(name, str)}
    if isinstance(value, dict):
        return {name: {} if member is None else member for name, member in value.items()}
    return value


Members = Annotated[
    Entries[Entity],
    BeforeValidator(_members, json_schema_input_type=tuple[Name, ...] | dict[Name, Entity | None]),
]
"""A list of names, or a mapping from names to what they are."""


class Kind(Titled):
    """A kind of entity of the author's own, beside actors and places."""

    members: Members
    """Its members, as a list of names or as a mapping from names to what they are."""


Symbol = Literal[
    "infantry", "armour", "combined-arms", "irregular", "special-operations", "air-defence", "aviation", "warships",
    "patrol-boats",
]  # fmt: skip
"""The function in a symbol of a unit: infantry, armour, combined-arms, irregular, special-operations, air-defence or
aviation; at sea warships or patrol-boats."""


class Actor(Entity):
    """An actor: a state, an armed group, an organisation."""

    kind: Text | None = None
    """What sort of actor, such as state or armed group; expressions read it as `a.kind`."""
    colour: Colour | None = None
    """The colour on maps and charts, such as "#2b6cb0"."""
    symbol: Symbol | None = None
    """The function of its units in symbols on the map (MIL-STD-2525); by default made from its kind: a state has
    combined arms, an armed group irregular infantry, a navy warships, a coast guard patrol boats, any other actor
    infantry."""
    patron: Name | None = None
    """The actor it depends on; with `control` this makes a patron tie."""
    control: Expression | None = None
    """How much the patron controls it, from 0 (not at all) to 1 (fully)."""
    deniability: Expression | None = None
    """How credibly the patron can deny what it does, from 0 to 1."""


class Place(Entity):
    """A place on the map that can be held, entered or passed."""

    at: tuple[Number, Number] | None = None
    """Latitude and longitude in degrees (WGS 84), north and east positive."""
    kind: Text | None = None
    """What sort of place, such as town or crossing; expressions read it as `p.kind`."""
    country: Text | None = None
    """The country it lies in, as an ISO 3166 three-letter code."""
    province: Text | None = None
    """The province it lies in."""

    @field_validator("at", mode="before")
    @classmethod
    def _in_degrees(cls, at: object) -> object:
        meant = coordinates_meant(at)
        if meant is None or (isinstance(at, list | tuple) and all(read_number(str(one)) is not None for one in at)):
            return at
        words = f"[{exact(meant[0])}, {exact(meant[1])}]"
        found = f"expected latitude and longitude as a list of two numbers, found {shown(at)}"
        raise fault("SD203", found, hint=Cure(f"write at: {words}", words))

    @model_validator(mode="after")
    def _on_earth(self) -> Place:
        if self.at is not None and not (-90 <= self.at[0] <= 90 and -180 <= self.at[1] <= 180):
            latitude, longitude = self.at
            turned = -90 <= longitude <= 90 and -180 <= latitude <= 180
            hint = f"latitude comes first: write [{longitude:g}, {latitude:g}]" if turned else None
            expected = "[latitude -90..90, longitude -180..180]"
            raise fault("SD203", "a place that is not on Earth", expected=expected, hint=hint, key="at")
        return self


class Route(Titled):
    """A direct connection of two places by `road`, in both directions or only `from` one `to` the other.

    The two directions of one connection may be two entries, with lengths of their own.
    """

    between: tuple[Name, Name] | None = None
    """The two places, where it is open in both directions."""
    from_: Name | None = Field(default=None, alias="from")
    """Where it begins, if it is open in one direction only."""
    to: Name | None = None
    """Where it ends, if it is open in one direction only."""
    km: Number | None = Field(default=None, gt=0)
    """Its length in kilometres; by default the great-circle distance."""
    along: Text | None = None
    """What it follows: a road, a river, a border."""

    @model_validator(mode="after")
    def _one_form(self) -> Route:
        if self.between is not None and (self.from_ is not None or self.to is not None):
            hint = "write between for both directions, or from and to for one"
            raise fault("SD203", "a route has between and from or to", hint=hint)
        if self.between is None and (self.from_ is None or self.to is None):
            missing = "between" if self.from_ is self.to is None else "to" if self.to is None else "from"
            hint = "between: [ford, mill] is open in both directions, from: ford and to: mill in one"
            raise fault("SD202", f"the key '{missing}' is missing", hint=hint)
        return self

    @property
    def ends(self) -> tuple[Name, Name]:
        """The two places, the first of them where it begins if it is open in one direction only."""
        return self.between or (self.from_ or Words(""), self.to or Words(""))

    @property
    def one_way(self) -> bool:
        """Whether it is open only from the first of its ends to the second."""
        return self.between is None


class Group(Titled):
    """A named set of entities of one kind."""

    of: Name
    """The kind of its members: actor, place, or one of `kinds`."""
    members: tuple[Name, ...]
    """The members."""


class Relation(Titled):
    """A fixed set of pairs of entities, read as `hosts(a, b)` and used as a domain in `for: {b: hosts(a)}`."""

    of: tuple[Name, Name]
    """The kinds of the first and the second member of each pair."""
    pairs: tuple[tuple[Name, Name], ...]
    """The pairs."""
    symmetric: Truth = False
    """Whether each pair holds in both directions."""


def _one_or_several(value: Any) -> str:
    return "levels" if isinstance(value, list | tuple) else "kind"


Holds = Annotated[
    Annotated[Name, Tag("kind")] | Annotated[tuple[Name, ...], NotEmpty, Tag("levels")], Discriminator(_one_or_several)
]
"""The name of a kind, or `truth`; or a list of levels."""


class State(Titled):
    """A variable that events change: one value for each combination of members of the kinds in `of`."""

    of: OneOrMoreNames = ()
    """The kinds it is indexed by, such as `[actor, place]`; without it there is one value."""
    is_: Holds | None = Field(default=None, alias="is")
    """The type of its values: a kind (an entity or none), `truth`, or a list of levels; by default a number."""
    unit: UnitText | None = None
    """The unit of a number."""
    at_least: Number | None = None
    """The least value it may take; writing a lower one stops the run."""
    at_most: Number | None = None
    """The greatest value it may take; writing a higher one stops the run."""
    half_life: DurationExpression | None = None
    """Makes it a memory: its value halves in this time between writes."""
    moves_by: Name | None = None
    """The state, with the same indices, that it moves by each day between writes, within its bounds; see `flows`."""

    @model_validator(mode="after")
    def _sense(self) -> State:
        numeric = (self.unit, self.at_least, self.at_most, self.half_life, self.moves_by)
        if self.is_ is not None and any(value is not None for value in numeric):
            raise fault("SD203", "only a number can have a unit, bounds or a half-life, or move", hint="leave out 'is'")
        if self.half_life is not None and self.moves_by is not None:
            raise fault("SD203", "a state fades or moves, not both", hint="leave out half_life or moves_by")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            hint = f"write at_least: {self.at_most:g}, at_most: {self.at_least:g}"
            raise fault("SD203", f"at_least {self.at_least:g} is more than at_most {self.at_most:g}", hint=hint)
        return self


def _begin(value: object) -> Any:
    if not isinstance(value, dict):
        return expression(value)
    for key in value:
        if not isinstance(key, str) or NAME.fullmatch(key) is None:
            hint = name_meant(str(key), NAME) if "[" not in str(key) else None
            found = f"{shown(key)} is not a name"
            raise fault("SD212", found, expected="names of entities, or every", hint=hint, key=str(key))
    return {key: _begin(item) for key, item in value.items()}


def _begin_written(value: Any) -> Any:
    return {key: _begin_written(item) for key, item in value.items()} if isinstance(value, dict) else PlainWords(value)


BeginValue = Annotated[
    Any,
    PlainValidator(_begin),
    PlainSerializer(_begin_written),
    WithJsonSchema({"type": ["string", "number", "boolean", "object"]}),
]
"""An expression of parameters, or a mapping from the names of an index (or `every`) to more of these."""


class Define(Titled):
    """A named expression, with arguments or without."""

    of: Entries[Expression] = Field(default_factory=dict)
    """Its arguments and their kinds, such as `{p: place}`."""
    is_: Expression = Field(alias="is")
    """The expression that it stands for."""
    unit: UnitText | None = None
    """Its unit, checked against the expression."""


class Parameter(Titled):
    """A named uncertain number, drawn once per run; with `of`, one for each entity of a kind."""

    of: Name | None = None
    """The kind whose entities each have a value of their own, read as `resolve[a]`; an entry `resolve[blue]` beside it
    gives one of them another prior."""
    prior: Expression
    """A number, or a distribution: `lognormal(median=0.02, sigma=0.5)`, `"quantiles(5%: 2, 50%: 5, 95%: 20)"`."""
    unit: UnitText | None = None
    """Its unit."""
    at_least: Number | None = None
    """Truncates the prior below this value; of elicited quantiles, the range does not reach below it."""
    at_most: Number | None = None
    """Truncates the prior above this value; of elicited quantiles, the range does not reach above it."""
    correlates: ParameterEntries[Number] = Field(default_factory=dict)
    """Its rank correlation (Spearman's) with other parameters, such as `{daring: 0.6}`; each pair once."""

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, value: Any) -> Any:
        return value if isinstance(value, dict | Part) or value is None else {"prior": value}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The mapping, or the short form: the prior alone."""
        return {"anyOf": [{"type": ["string", "number"]}, handler.resolve_ref_schema(handler(core))]}
