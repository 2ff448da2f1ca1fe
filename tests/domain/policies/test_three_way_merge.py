"""What a page and a file each changed is put together, and the page's edits always stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.domain.policies.three_way_merge import changed_parts, merge_edits

BASE = {
    "name": "Jakarta",
    "holidays": {"2026-12-25": "Natal"},
    "clock": [{"id": "ack", "duration": 1}, {"id": "plan", "duration": 2}],
    "policies": ["front-desk"],
}


def merged(file, page):
    return merge_edits(BASE, {**BASE, **file}, {**BASE, **page})


def test_both_may_add_to_the_same_table():
    file = {"holidays": {"2026-12-25": "Natal", "2027-12-25": "Natal"}}
    page = {"holidays": {"2026-12-25": "Natal", "2026-08-17": "Merdeka"}}
    assert merged(file, page)["holidays"] == {
        "2026-12-25": "Natal",
        "2027-12-25": "Natal",
        "2026-08-17": "Merdeka",
    }


def test_where_both_changed_the_same_the_page_stays():
    assert merged({"name": "Jakarta Pusat"}, {"name": "Jakarta Barat"})["name"] == "Jakarta Barat"
    assert merged({"policies": ["a", "b"]}, {"policies": ["c"]})["policies"] == ["c"]


def test_lists_of_named_things_are_put_together_item_by_item():
    file = {"clock": [{"id": "ack", "duration": 1}, {"id": "plan", "duration": 9}, {"id": "new"}]}
    page = {"clock": [{"id": "ack", "duration": 7}, {"id": "plan", "duration": 2}]}
    assert merged(file, page)["clock"] == [
        {"id": "ack", "duration": 7},
        {"id": "plan", "duration": 9},
        {"id": "new"},
    ]


def test_what_the_page_added_keeps_its_place_before_what_it_stands_before():
    special = {"id": "special"}
    page = {"clock": [special, *BASE["clock"], {"id": "last"}]}
    file = {"clock": [{"id": "ack", "duration": 3}, {"id": "new"}, {"id": "plan", "duration": 2}]}
    result = merged(file, page)["clock"]
    assert [each["id"] for each in result] == ["special", "ack", "new", "plan", "last"]


def test_what_the_page_took_away_stays_away():
    page = {"holidays": {}, "clock": [{"id": "ack", "duration": 1}]}
    result = merged({"name": "Jakarta Pusat"}, page)
    assert (result["holidays"], len(result["clock"])) == ({}, 1)
    assert result["name"] == "Jakarta Pusat"


def test_what_the_file_took_away_goes():
    assert "2026-12-25" not in merged({"holidays": {}}, {"name": "Jakarta Barat"})["holidays"]


plain = st.recursive(
    st.integers(0, 3) | st.lists(st.integers(0, 3), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@given(plain, plain, plain)
def test_a_side_that_changed_nothing_has_no_say(base, file, page):
    assert merge_edits(base, file, base) == file
    assert merge_edits(base, base, page) == page
    assert merge_edits(base, page, page) == page


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 3}}, ["b › c"]),
        ({"days": [1, 2]}, {"days": [1]}, ["days"]),
        (
            {"clock": [{"id": "plan", "unit": "day"}, {"id": "legal"}]},
            {"clock": [{"id": "plan", "unit": "hour"}, {"id": "new"}]},
            ["clock › plan › unit", "clock › new", "clock › legal"],
        ),
    ],
)
def test_what_differs_is_named_from_the_outside_in(before, after, parts):
    assert sorted(changed_parts(before, after)) == sorted(parts)
