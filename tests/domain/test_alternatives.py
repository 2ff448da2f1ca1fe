"""A refusal is followed by an alternative: which offer follows which, and what is none."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from complaints.domain.alternatives import is_refused_again, last_refusal, unanswered_refusal


@dataclass(frozen=True)
class Made:
    id: int
    state: str
    remedy: str = "PERBAIKAN"
    amount: int = 0
    description: str = "Kabel disambung kembali"


def made(*states: str) -> list[Made]:
    """Offers that differ from each other, made in this order."""
    return [Made(n, state, amount=n * 1000) for n, state in enumerate(states, start=1)]


# states in order → the refusal the next offer follows, the refusal that nothing follows yet
HISTORIES = [
    ([], None, None),
    (["open"], None, None),
    (["accepted"], None, None),
    (["refused"], 1, 1),
    (["refused", "open"], 1, None),
    (["refused", "accepted"], 1, None),
    (["refused", "waiting_approval"], 1, 1),
    (["refused", "rejected"], 1, 1),
    (["refused", "replaced"], 1, 1),
    (["refused", "replaced", "open"], 1, None),
    (["refused", "replaced", "accepted"], 1, None),
    (["refused", "replaced", "replaced", "waiting_approval"], 1, 1),
    (["refused", "rejected", "open"], 1, None),
    (["replaced", "refused"], 2, 2),
    (["refused", "refused"], 2, 2),
    (["refused", "refused", "open"], 2, None),
]


@pytest.mark.parametrize(("states", "followed", "unanswered"), HISTORIES)
def test_the_alternative_to_a_refusal(states, followed, unanswered):
    offers = made(*states)
    last, owed = last_refusal(offers), unanswered_refusal(offers)
    assert (last and last.id, owed and owed.id) == (followed, unanswered)


@pytest.mark.parametrize(
    ("change", "is_again"),
    [
        ({}, True),
        ({"description": "  kabel disambung\nKEMBALI"}, True),
        ({"description": "“Kabel disambung kembali”."}, True),
        ({"description": "Kabel di-sambung kem bali!"}, True),
        ({"description": "Kabel diganti baru"}, False),
        ({"remedy": "PENGGANTIAN"}, False),
        ({"amount": 50_000}, False),
    ],
)
def test_an_alternative_differs_in_remedy_amount_or_words(change, is_again):
    refused, second = Made(1, "refused"), Made(2, "open", **change)
    assert is_refused_again([refused], second) is is_again
    assert (unanswered_refusal([refused, second]) is refused) is is_again


def test_what_was_refused_before_the_last_refusal_is_no_alternative_either():
    first, second = Made(1, "refused"), Made(2, "refused", amount=50_000)
    assert unanswered_refusal([first, second, Made(3, "open")]) is second
    assert unanswered_refusal([first, second, Made(3, "open", amount=60_000)]) is None
