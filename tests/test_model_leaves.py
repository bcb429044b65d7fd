"""Ground rules whose rates are always equal share a leaf, and the layout says which of them it stands for."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.model.leaves import MANY, Leaves, Rated, lay_out


@st.composite
def rated_rules(draw: st.DrawFn) -> tuple[list[Rated], int, int]:
    """Some rated rules, some with factors; how many ground rules and how many factors there are."""
    rules: list[Rated] = []
    first = factors = 0
    for _ in range(draw(st.integers(0, 4))):
        rows = draw(st.integers(0, 90))
        kinds, clusters = draw(st.integers(1, 40)), draw(st.integers(0, 4))
        seed = np.random.default_rng(draw(st.integers(0, 99)))
        ground = np.arange(first, first + rows)
        alike = ground % kinds if draw(st.booleans()) else seed.integers(0, kinds, rows)
        factor = factors + (seed.integers(0, clusters, rows) if clusters else np.zeros(rows, np.int64))
        rules.append(Rated(ground, alike, seed.integers(0, 9, rows), factor if clusters else np.full(rows, -1)))
        first, factors = first + rows, factors + clusters
    return rules, first, factors


def members(layout: Leaves, leaf: int) -> list[int]:
    """The ground rules of a leaf."""
    return layout.member[layout.member_start[leaf] : layout.member_start[leaf + 1]].tolist()


def group_of(layout: Leaves, leaf: int) -> int:
    """The group of a leaf."""
    return int(np.searchsorted(layout.chunk_start, layout.chunk_of[leaf >> layout.shift], side="right")) - 1


@settings(deadline=None)
@given(rated_rules())
def test_each_rated_ground_rule_belongs_to_one_leaf_of_its_kind(case: tuple[list[Rated], int, int]) -> None:
    rules, ground_rules, factors = case
    layout = lay_out(rules, ground_rules, factors)
    alike = {int(g): (n, int(a)) for n, rule in enumerate(rules) for g, a in zip(rule.ground, rule.alike, strict=True)}
    factor = {int(g): int(f) for rule in rules for g, f in zip(rule.ground, rule.factor, strict=True)}
    leaves = range(len(layout.member_start) - 1)
    assert sorted(g for leaf in leaves for g in members(layout, leaf)) == sorted(alike)
    assert len(layout.chunk_of) << layout.shift == len(leaves)
    for leaf in leaves:
        mine = members(layout, leaf)
        group = group_of(layout, leaf)
        assert all(layout.leaf_of[g] == leaf and layout.factor_of[g] == factor[g] for g in mine)
        assert len({alike[g] for g in mine}) <= 1
        listed = layout.factors[layout.factors_start[group] : layout.factors_start[group + 1]].tolist()
        if mine:
            assert len(mine) == layout.members[group]
            assert [factor[g] for g in mine] == (listed or [-1] * len(mine))
    firsts = {mine[0] for leaf in leaves if (mine := members(layout, leaf))}
    assert set(np.flatnonzero(layout.evaluated).tolist()) == firsts


@settings(deadline=None)
@given(rated_rules())
def test_only_the_last_leaves_of_a_group_are_without_members(case: tuple[list[Rated], int, int]) -> None:
    # The kernel counts on it: where the members of a leaf are follows from its place in the group.
    layout = lay_out(*case)
    edges = layout.block_start[layout.chunk_start] << layout.shift
    for start, end in pairwise(edges.tolist()):
        filled = np.diff(layout.member_start[start : end + 1]) > 0
        assert filled.tolist() == sorted(filled.tolist(), reverse=True)


@settings(deadline=None)
@given(rated_rules())
def test_a_factor_knows_the_groups_that_have_it(case: tuple[list[Rated], int, int]) -> None:
    rules, ground_rules, factors = case
    layout = lay_out(rules, ground_rules, factors)
    for f in range(factors):
        groups = layout.groups[layout.groups_start[f] : layout.groups_start[f + 1]].tolist()
        has = [
            g for g in range(len(layout.members))
            if f in layout.factors[layout.factors_start[g] : layout.factors_start[g + 1]]
        ]  # fmt: skip
        assert groups == has


def test_leaves_are_joined_where_that_saves_many_and_not_else() -> None:
    def leaves(rows: int, of_each: int) -> int:
        ground = np.arange(rows)
        layout = lay_out([Rated(ground, ground // of_each, np.zeros(rows, np.int64), np.full(rows, -1))], rows, 0)
        return int((np.diff(layout.member_start) > 0).sum())

    assert leaves(MANY, 1) == MANY
    assert leaves(2 * MANY - 2, 2) == 2 * MANY - 2
    assert leaves(2 * MANY, 2) == MANY
    assert leaves(12 * MANY, 4) == 3 * MANY


def test_leaves_are_joined_across_factors_if_every_set_of_factors_has_many() -> None:
    def leaves(places: int) -> tuple[int, list[int]]:
        # Each of three attackers strikes at the places of one defender, each with a factor of its own.
        attacker, place = np.divmod(np.arange(3 * places), places)
        layout = lay_out([Rated(np.arange(3 * places), place, place, attacker)], 3 * places, 3)
        return int((np.diff(layout.member_start) > 0).sum()), layout.members.tolist()

    assert leaves(MANY) == (MANY, [1, 3])
    assert leaves(MANY - 1) == (3 * (MANY - 1), [1, 1, 1, 1])
