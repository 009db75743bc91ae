"""Kept counts are of ten people or more, and no smaller count follows from them."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.inventory.suppression import OTHER, suppress_small_groups

pytestmark = pytest.mark.embedded

JURISDICTIONS, KINDS = ("cn", "intl"), ("individual", "enterprise")
COUNTRIES = ("CN", "RS", "DE", "FR", "JP", "BR", "KE", "NZ")
NOBODY_CAME_FROM = "ZZ"

groups = st.tuples(st.sampled_from(JURISDICTIONS), st.sampled_from(KINDS), st.sampled_from(COUNTRIES))
# Most groups are close to ten, where the rule decides.
worlds = st.dictionaries(groups, st.one_of(st.integers(0, 12), st.integers(1, 400)), max_size=20)


def parts(kept, jurisdiction, kind):
    return {country: people for (j, k, country), people in kept.items() if (j, k) == (jurisdiction, kind)}


@given(worlds)
def test_no_count_under_ten_is_kept(world):
    assert all(people >= 10 for people in suppress_small_groups(world).values())


@given(worlds)
def test_a_country_of_ten_or_more_is_kept_as_it_is(world):
    kept = suppress_small_groups(world)
    assert {group: people for group, people in world.items() if people >= 10} == {
        group: people for group, people in kept.items() if group[2] != OTHER
    }


@given(worlds)
def test_other_is_the_small_ones_of_one_jurisdiction_and_kind_or_it_is_not_there(world):
    kept = suppress_small_groups(world)
    for jurisdiction, kind in product(JURISDICTIONS, KINDS):
        small = [people for people in parts(world, jurisdiction, kind).values() if 0 < people < 10]
        expected = sum(small) if small and sum(small) - max(small) >= 10 else None
        assert parts(kept, jurisdiction, kind).get(OTHER) == expected


@given(worlds)
def test_a_small_country_cannot_be_distinguished_from_an_empty_one(world):
    """No one who knows all kept counts and the rule can compute a small group: another number fits as well."""
    kept = suppress_small_groups(world)
    for jurisdiction, kind, country in [group for group, people in world.items() if 0 < people < 10]:
        moved = dict(world)
        moved[jurisdiction, kind, NOBODY_CAME_FROM] = moved.pop((jurisdiction, kind, country))
        assert suppress_small_groups(moved) == kept


@pytest.mark.parametrize(
    ("small", "kept"),
    [
        ({"RS": 9, "MT": 1}, None),  # the person from MT would learn of the 9
        ({"RS": 9, "MT": 9}, None),
        ({"RS": 9, "MT": 5, "NO": 4}, None),
        ({"RS": 9, "MT": 5, "NO": 5}, 19),
        ({"RS": 1, "MT": 9, "NO": 9}, 19),
        (dict.fromkeys(["RS", "MT", "NO", "CH", "IS", "LI", "AD", "MC", "SM", "VA"], 1), None),
        (dict.fromkeys(["RS", "MT", "NO", "CH", "IS", "LI", "AD", "MC", "SM", "VA", "XK"], 1), 11),
    ],
)
def test_subtracting_one_country_from_other_leaves_ten_or_more(small, kept):
    counts = {("intl", "individual", country): people for country, people in small.items()}
    assert suppress_small_groups(counts).get(("intl", "individual", OTHER)) == kept


@given(worlds)
def test_no_one_in_other_can_subtract_their_country_down_to_a_few(world):
    kept = suppress_small_groups(world)
    for (jurisdiction, kind, country), people in world.items():
        pooled = parts(kept, jurisdiction, kind).get(OTHER)
        if pooled and 0 < people < 10 and country not in parts(kept, jurisdiction, kind):
            assert pooled - people >= 10


@given(worlds)
def test_that_people_were_dropped_does_not_show(world):
    """A jurisdiction and kind whose small countries are dropped looks like one without people from them."""
    kept = suppress_small_groups(world)
    for jurisdiction, kind in product(JURISDICTIONS, KINDS):
        if OTHER not in parts(kept, jurisdiction, kind):
            without = {g: people for g, people in world.items() if g[:2] != (jurisdiction, kind) or people >= 10}
            assert suppress_small_groups(without) == kept


@given(worlds)
def test_no_kept_count_is_a_total_of_others(world):
    """Every person is in one count at most: the kept counts add up to no more than all people, and none is a sum."""
    kept = suppress_small_groups(world)
    for jurisdiction, kind in product(JURISDICTIONS, KINDS):
        people = parts(world, jurisdiction, kind)
        named = {country for country in parts(kept, jurisdiction, kind) if country != OTHER}
        pooled = sum(people[country] for country in people if country not in named)
        assert parts(kept, jurisdiction, kind).get(OTHER, pooled) == pooled
