"""What an author writes: reading, checking, expanding and resolving scenarios.

The names load what they need when they are first used, so that an engine's worker, which reads only
`resolved` and `tree`, never waits for the schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from standoff.doors import door

if TYPE_CHECKING:
    from standoff.scenario import resolved, tree, walks
    from standoff.scenario.builder import Builder
    from standoff.scenario.differing import Change, differences, rewriting, summary
    from standoff.scenario.distributions import PriorKind
    from standoff.scenario.editing.manuscript import Amendment, Manuscript, Revision
    from standoff.scenario.expand import expand_to_test
    from standoff.scenario.expression import written
    from standoff.scenario.expression.bounds import static_bounds
    from standoff.scenario.expression.names import FUNCTIONS
    from standoff.scenario.expression.spelling import spelled
    from standoff.scenario.expression.syntax import names_in
    from standoff.scenario.forms import (
        BargainForm,
        ClaimPlans,
        KnockOutPlans,
        PolicyPlans,
        bargain_form,
        check_free,
        claim_plans,
        claim_ways,
        following,
        knock_out_plans,
        policy_plans,
    )
    from standoff.scenario.foundations import Support, hindsight, hindsight_by_section, supports
    from standoff.scenario.index import fields
    from standoff.scenario.index.making import made_by
    from standoff.scenario.index.renaming import Edit, applied, renamed
    from standoff.scenario.index.symbols import Known, Symbol, Use
    from standoff.scenario.index.table import Index, files_of, index_of
    from standoff.scenario.keeping import kept
    from standoff.scenario.language import json_schema, meanings_of_keys, reference
    from standoff.scenario.linting.leading_nowhere import Finding, LooseEnds, loose_ends, never_fired
    from standoff.scenario.loading import Scenario, check, check_scenario, find, load, load_text, load_to_run
    from standoff.scenario.origin import Origin, Role, Word, origin_of
    from standoff.scenario.overview import Sizes
    from standoff.scenario.preparing import Parts, checked, digest, prepare, read_faults
    from standoff.scenario.readers import meaning_of, meanings, readable, shortened
    from standoff.scenario.reading.source import Source, Words, read, read_what_is_left
    from standoff.scenario.reading.yaml_reader import read_mapping, read_text
    from standoff.scenario.resolved import Prior, Resolved, drawn_together
    from standoff.scenario.resolving.priors import parse_prior, support
    from standoff.scenario.resolving.resolve import Apart
    from standoff.scenario.rule_graph import Influence, Quantity, RuleGraph
    from standoff.scenario.schema import (
        PLOVER,
        POINTS,
        RESERVED,
        SHARE,
        Direction,
        Document,
        Evidence,
        Happens,
        Lever,
        Observed,
        Part,
        Question,
        Recorded,
        SourceText,
        dump,
        forms_at,
        is_part,
        named_sections,
        spread,
        validate,
    )
    from standoff.scenario.schema.scalars import PlainWords
    from standoff.scenario.shelves import Entry, Shelf, bundled, catalogue, entry_of, located, theatre_file
    from standoff.scenario.starting import (
        Files,
        Site,
        Template,
        copied,
        day,
        one_line,
        refuse_used,
        site,
        template,
        templates,
        write_files,
    )
    from standoff.scenario.words.claims import ClaimPlan
    from standoff.scenario.words.mechanisms import KNOCKED_OUT, KnockOutPlan
    from standoff.scenario.words.policies import PolicyPlan

__all__ = [
    "FUNCTIONS", "KNOCKED_OUT", "PLOVER", "POINTS", "RESERVED", "SHARE", "Amendment", "Apart", "BargainForm", "Builder",
    "Change", "ClaimPlan", "ClaimPlans", "Direction", "Document", "Edit", "Entry", "Evidence", "Files", "Finding",
    "Happens", "Index", "Influence", "KnockOutPlan", "KnockOutPlans", "Known", "Lever", "LooseEnds", "Manuscript",
    "Observed", "Origin", "Part", "Parts", "PlainWords", "PolicyPlan", "PolicyPlans", "Prior", "PriorKind", "Quantity",
    "Question", "Recorded", "Resolved", "Revision", "Role", "RuleGraph", "Scenario", "Shelf", "Site", "Sizes", "Source",
    "SourceText", "Support", "Symbol", "Template", "Use", "Word", "Words", "applied", "bargain_form", "bundled",
    "catalogue", "check", "check_free", "check_scenario", "checked", "claim_plans", "claim_ways", "copied", "day",
    "differences", "digest", "drawn_together", "dump", "entry_of", "expand_to_test", "fields", "files_of", "find",
    "following", "forms_at", "hindsight", "hindsight_by_section", "index_of", "is_part", "json_schema", "kept",
    "knock_out_plans", "load", "load_text", "load_to_run", "located", "loose_ends", "made_by", "meaning_of", "meanings",
    "meanings_of_keys", "named_sections", "names_in", "never_fired", "one_line", "origin_of", "parse_prior",
    "policy_plans", "prepare", "read", "read_faults", "read_mapping", "read_text", "read_what_is_left", "readable",
    "reference", "refuse_used", "renamed", "resolved", "rewriting", "shortened", "site", "spelled", "spread",
    "static_bounds", "summary", "support", "supports", "template", "templates", "theatre_file", "tree", "validate",
    "walks", "write_files", "written",
]  # fmt: skip

if not TYPE_CHECKING:
    __getattr__, __dir__ = door(
        __name__,
        {
            "builder": ("Builder",),
            "differing": ("Change", "differences", "rewriting", "summary"),
            "distributions": ("PriorKind",),
            "editing.manuscript": ("Amendment", "Manuscript", "Revision"),
            "expand": ("expand_to_test",),
            "expression.bounds": ("static_bounds",),
            "expression.names": ("FUNCTIONS",),
            "expression.spelling": ("spelled",),
            "expression.syntax": ("names_in",),
            "expression.written": ("written",),
            "forms": (
                "BargainForm", "ClaimPlans", "KnockOutPlans", "PolicyPlans", "bargain_form", "check_free",
                "claim_plans", "claim_ways", "following", "knock_out_plans", "policy_plans",
            ),
            "foundations": ("Support", "hindsight", "hindsight_by_section", "supports"),
            "index.fields": ("fields",),
            "index.making": ("made_by",),
            "index.renaming": ("Edit", "applied", "renamed"),
            "index.symbols": ("Known", "Symbol", "Use"),
            "index.table": ("Index", "files_of", "index_of"),
            "keeping": ("kept",),
            "language": ("json_schema", "meanings_of_keys", "reference"),
            "linting.leading_nowhere": ("Finding", "LooseEnds", "loose_ends", "never_fired"),
            "loading": ("Scenario", "check", "check_scenario", "find", "load", "load_text", "load_to_run"),
            "overview": ("Sizes",),
            "readers": ("meaning_of", "meanings", "readable", "shortened"),
            "origin": ("Origin", "Role", "Word", "origin_of"),
            "preparing": ("Parts", "checked", "digest", "prepare", "read_faults"),
            "reading.source": ("Source", "Words", "read", "read_what_is_left"),
            "reading.yaml_reader": ("read_mapping", "read_text"),
            "resolved": ("Prior", "Resolved", "drawn_together", "resolved"),
            "resolving.priors": ("parse_prior", "support"),
            "resolving.resolve": ("Apart",),
            "rule_graph": ("Influence", "Quantity", "RuleGraph"),
            "schema.scalars": ("PlainWords",),
            "schema": (
                "PLOVER", "POINTS", "RESERVED", "SHARE", "Direction", "Document", "Evidence", "Happens", "Lever",
                "Observed", "Part", "Question", "Recorded", "SourceText", "dump", "forms_at", "is_part",
                "named_sections", "spread", "validate",
            ),
            "shelves": ("Entry", "Shelf", "bundled", "catalogue", "entry_of", "located", "theatre_file"),
            "starting": (
                "Files", "Site", "Template", "copied", "day", "one_line", "refuse_used", "site", "template",
                "templates", "write_files",
            ),
            "tree": ("tree",),
            "walks": ("walks",),
            "words.claims": ("ClaimPlan",),
            "words.mechanisms": ("KNOCKED_OUT", "KnockOutPlan"),
            "words.policies": ("PolicyPlan",),
        },
    )  # fmt: skip
