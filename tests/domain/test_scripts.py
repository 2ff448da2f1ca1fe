"""The words at the desk: nothing is said with a gap in it."""

import pytest

from complaints.domain.scripts import (
    ScriptBook,
    ScriptError,
    fill,
    placeholders,
)


def test_every_placeholder_is_filled_from_the_values():
    said = fill(
        "Baik, {salutation_short} {customer_name}. Bisa kami bantu, {salutation}?",
        {"salutation": "Ibu", "salutation_short": "Bu", "customer_name": " Sari "},
        "id",
    )
    assert said == "Baik, Bu Sari. Bisa kami bantu, Ibu?"


def test_a_script_with_a_gap_is_never_said_and_the_gap_is_named():
    with pytest.raises(ScriptError, match="deadline") as refusal:
        fill("Paling lambat {deadline}.", {"salutation": "Ibu"}, "id")
    assert refusal.value.field == "deadline"
    assert refusal.value.status == 422


@pytest.mark.parametrize("empty", ["", "   ", {"en": "24 hours"}, {"id": ""}])
def test_an_empty_value_is_a_gap(empty):
    with pytest.raises(ScriptError, match="service_hours"):
        fill("Siap melayani {service_hours}.", {"service_hours": empty}, "id")


def test_a_value_may_differ_by_language():
    hours = {"service_hours": {"id": "24 jam", "en": "24 hours a day"}}
    assert fill("Siap {service_hours}.", hours, "id") == "Siap 24 jam."
    assert fill("Ready {service_hours}.", hours, "en") == "Ready 24 hours a day."


def test_braces_in_the_customers_own_words_stay_as_they_are():
    assert fill("“{summary}”", {"summary": "galat {salutation}"}, "id") == "“galat {salutation}”"


def test_two_full_stops_do_not_meet():
    assert fill("Penyebabnya {cause}.", {"cause": "kabel putus."}, "id") == (
        "Penyebabnya kabel putus."
    )


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="'su'"):
        fill("Wilujeng", {}, "su")


def test_placeholders_are_listed_once_in_order():
    assert placeholders("{b} {a} {b} {1}") == ("b", "a")


def script(**changed):
    return {
        "key": "ours-thanks",
        "stage": "thanks",
        "text_id": "Terima kasih, {salutation}.",
        "text_en": "Thank you, {salutation}.",
        "placeholders": ["salutation"],
        "criterion": "020-3.6",
        "source": "ours",
        **changed,
    }


def test_a_book_says_a_script_in_either_language_with_its_defaults():
    book = ScriptBook.from_dict(
        {
            "defaults": {"salutation": {"id": "Bapak/Ibu", "en": "Sir or Madam"}},
            "script": [script()],
        }
    )
    assert book.say("ours-thanks", {}, "id") == "Terima kasih, Bapak/Ibu."
    assert book.say("ours-thanks", {"salutation": "Kak"}, "en") == "Thank you, Kak."


@pytest.mark.parametrize(
    ("scripts", "sentence"),
    [
        ([script(), script()], "script ours-thanks: the key is used twice"),
        ([script(text_en="")], "script ours-thanks: text_en is missing"),
        ([script(placeholders=[])], "must list exactly salutation"),
        ([script(text_en="Thanks, {customer_name}.")], "customer_name, salutation"),
        (None, "entries"),
    ],
)
def test_a_wrong_book_is_refused_with_one_sentence(scripts, sentence):
    with pytest.raises(ValueError, match=sentence):
        ScriptBook.from_dict({"script": scripts})
