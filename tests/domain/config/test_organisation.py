"""The organisation's own facts: what placeholders stand for, greetings, mistakes in the file."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, time

import pytest

from complaints.domain.config.organisation import Organisation
from complaints.domain.scripts import fill

MONEY = {"code": "IDR", "symbol": "Rp", "label_id": "rupiah", "label_en": "rupiah"}
DATA = {
    "name": "Contoh",
    "address": "Jalan Contoh 1",
    "contact_center": "Pusat Kontak 100",
    "social_handle": "@contoh",
    "email": "a@contoh.example",
    "service_hours_id": "24 jam",
    "service_hours_en": "24 hours a day",
    "number": {"prefix": "ABC"},
    "currency": MONEY,
    "salutations": ["Bapak", "Ibu"],
    "policies": ["meja-depan"],
    "ladder": "atasan",
    "product": [{"id": "TV", "label_id": "Televisi", "label_en": "Television"}],
    "time_of_day": [
        {"id": "sore", "starts": "15:00", "label_id": "sore", "label_en": "afternoon"},
        {"id": "pagi", "starts": "00:00", "label_id": "pagi", "label_en": "morning"},
        {"id": "siang", "starts": "11:00", "label_id": "siang", "label_en": "afternoon"},
        {"id": "malam", "starts": "18:30", "label_id": "malam", "label_en": "evening"},
    ],
}


def organisation(**changes: object) -> Organisation:
    return Organisation.from_dict({**copy.deepcopy(DATA), **changes})


def test_what_placeholders_stand_for():
    values = organisation().values
    text = "Hubungi {contact_center} atau {social_handle} ({organisation}), {service_hours}."
    assert fill(text, values, "id") == "Hubungi Pusat Kontak 100 atau @contoh (Contoh), 24 jam."
    assert fill("{service_hours}", values, "en") == "24 hours a day"


def test_a_contact_point_that_is_not_there_fills_no_placeholder():
    assert "social_handle" not in organisation(social_handle="").values


def test_a_contact_centre_may_have_a_name_in_each_language():
    named = {"contact_center_id": "Pusat Kontak 100", "contact_center_en": "Contact centre 100"}
    values = organisation(**named).values
    assert fill("{contact_center}", values, "en") == "Contact centre 100"
    assert fill("{contact_center}", values, "id") == "Pusat Kontak 100"
    assert "contact_center" not in organisation(contact_center="").values


def test_products_are_known_by_their_codes():
    assert organisation().products["TV"].label("en") == "Television"


@pytest.mark.parametrize(
    ("at", "word"),
    [
        ("00:00", "pagi"),
        ("10:59:59", "pagi"),
        ("11:00", "siang"),
        ("14:59:59", "siang"),
        ("15:00", "sore"),
        ("18:29:59", "sore"),
        ("18:30", "malam"),
        ("23:59:59", "malam"),
    ],
)
def test_the_greeting_changes_on_the_second(at, word):
    assert organisation().time_of_day(time.fromisoformat(at), "id") == word


def test_the_greeting_in_english_and_from_a_zoned_time():
    evening = datetime(2026, 11, 19, 19, 0, tzinfo=UTC).timetz()
    assert organisation().time_of_day(evening, "en") == "evening"


def test_before_the_first_greeting_the_last_one_still_holds():
    late_risers = [each for each in DATA["time_of_day"] if each["id"] in ("sore", "malam")]
    assert organisation(time_of_day=late_risers).time_of_day(time(3, 0), "id") == "malam"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "organisation: name is missing"),
        ({"email": None}, "organisation: email is missing"),
        ({"service_hours_en": ""}, "organisation: service_hours_en is missing"),
        ({"language": "su"}, "language must be one of id, en"),
        ({"demonstration": "yes"}, "demonstration is missing or is not true or false"),
        ({"number": None}, "organisation: .number. is missing"),
        ({"number": {"prefix": "klh"}}, "a prefix must be 2 to 6 capital letters"),
        ({"currency": None}, "organisation: .currency. is missing"),
        ({"currency": {**MONEY, "code": "Rp"}}, "code 'Rp' is not three capital letters"),
        ({"currency": {**MONEY, "symbol": "Rp "}}, "symbol 'Rp ' contains a figure, space"),
        ({"currency": {**MONEY, "label_en": ""}}, "organisation, currency: label_en is missing"),
        ({"salutations": "Bapak"}, "salutations must be a list of texts and tables"),
        ({"time_of_day": []}, "there is no time_of_day"),
        ({"product": DATA["product"] * 2}, "product TV: the id is used twice"),
    ],
)
def test_a_mistake_is_one_sentence(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        organisation(**changes)
