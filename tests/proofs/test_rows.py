"""A test per row of what proves what: the dishonest way and the honest one, by every door.

The table stands in the modules beside this one. A refused way is tried by call, by several acts
at once and by page: each says no with the same sentence, and nothing is kept. A way that is taken
proves what it says by every door, and what goes round a rule stands in the report of exits.
"""

from __future__ import annotations

import re

import pytest

from complaints.domain.evidence import CRITERIA
from tests.proofs import answering, closing, endings, planning, receiving, resolving
from tests.proofs.doors import DOORS, Outcome, batch, page
from tests.proofs.rows import Places, Way

WAYS = (
    *receiving.WAYS,
    *planning.WAYS,
    *resolving.WAYS,
    *answering.WAYS,
    *closing.WAYS,
    *endings.WAYS,
)
REFUSED = [way for way in WAYS if way.is_refused]
TAKEN = [way for way in WAYS if not way.is_refused]


@pytest.mark.parametrize("way", REFUSED, ids=str)
def test_a_dishonest_way_is_refused_by_every_door_in_the_same_words(places: Places, way: Way):
    number = places.standing(way)
    counter = places.counter
    body = counter.fill(number, way.body)
    before = counter.kept(number)
    called, several, shown = (door(counter, way.by, number, way.noun, body) for door in DOORS)
    assert counter.kept(number) == before
    for outcome in (called, several, shown):
        assert outcome.status == way.status, outcome.said
    assert several.said == called.said
    assert several.missing == called.missing
    if way.field:
        assert way.field in called.fields
    assert set(way.missing) <= set(called.missing)
    for sentence in sentences(called):
        assert sentence.casefold() in shown.said[0].casefold()


def sentences(outcome: Outcome) -> list[str]:
    """What was said, each for itself; a gate names its criteria and the page says them in words."""
    if not outcome.missing:
        return outcome.said
    (detail,) = outcome.said
    lacking = re.split(r"020-\d\.\d ", detail)[1:]
    assert len(lacking) == len(outcome.missing)
    return [each.rstrip(". ;") for each in lacking]


def by_doors() -> list[object]:
    """What goes round a rule by every door; the honest way by page and with others in one call."""
    return [
        pytest.param(way, door, id=f"{way}-{door.__name__}")
        for way in TAKEN
        for door in (DOORS if way.counted else (batch, page))
    ]


@pytest.mark.parametrize(("way", "door"), by_doors())
def test_what_is_taken_proves_and_counts_the_same_by_every_door(places: Places, way: Way, door):
    number = places.fresh(way)
    counter = places.counter
    outcome = door(counter, way.by, number, way.noun, counter.fill(number, way.body))
    assert outcome.status in (200, 201), outcome.said
    states = places.office.states(number)
    assert {key: states[key] for key in way.then} == dict(way.then)
    assert sorted(places.counted(number)) == sorted(way.counted)


def test_every_row_has_a_dishonest_way_and_an_honest_one():
    criteria = {key.removeprefix("020-") for key in CRITERIA}
    paragraphs = {"commitments", "closing", "countersign", "pause", "withdrawal", "duplicate"}
    rows = criteria | paragraphs | {"extension", "reopening", "amounts"}
    assert {way.row for way in REFUSED} == rows
    assert {way.row for way in TAKEN} == rows


def test_a_form_without_its_key_is_not_taken(places: Places):
    way = next(way for way in TAKEN if way.row == "1.1")
    number = places.fresh(way)
    before = places.counter.kept(number)
    sent = places.counter.browser("csr").post(
        f"/complaints/{number}/attestation", data={"listened": "1"}
    )
    assert sent.status_code == 400
    assert places.counter.kept(number) == before
