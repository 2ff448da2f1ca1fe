"""The words at the desk: nothing is said with a gap in it, people are addressed as they wish."""

import pytest

from complaints.domain.scripts import (
    ScriptBook,
    ScriptError,
    fill,
    part_salutation,
    placeholders,
    salutation_short,
    say_name,
)


def test_every_placeholder_is_filled_from_the_values():
    said = fill(
        "Baik, {salutation_short} {customer_name}. Bisa kami bantu, {salutation}?",
        {"salutation": "Ibu", "customer_name": " Sari "},
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


def test_a_short_form_without_a_form_of_address_names_the_form_of_address():
    with pytest.raises(ScriptError, match="salutation is not"):
        fill("Baik, {salutation_short}.", {"salutation": ""}, "id")


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


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Bapak", "Pak"),
        ("ibu", "Bu"),
        ("Bapak/Ibu", "Pak/Bu"),
        ("Kak", "Kak"),
        ("Saudara", "Saudara"),
        ("", ""),
    ],
)
def test_the_short_form_of_address(full, short):
    assert salutation_short(full) == short


@pytest.mark.parametrize(
    ("typed", "salutation", "name"),
    [
        ("Bu Rahma", "Ibu", "Rahma"),
        ("ibu Siti Aminah", "Ibu", "Siti Aminah"),
        ("Pak  Budi", "Bapak", "Budi"),
        ("Bpk. Budi", "Bapak", "Budi"),
        ("Bpk.Budi", "Bapak", "Budi"),
        ("Sdr. Anton", "Saudara", "Anton"),
        ("Kak Nina", "Kak", "Nina"),
        (" Budiman ", "", "Budiman"),
        ("Ibunda Ratna", "", "Ibunda Ratna"),
        ("Bu", "", "Bu"),
        ("Pakpahan", "", "Pakpahan"),
    ],
)
def test_a_form_of_address_before_a_name_is_not_part_of_it(typed, salutation, name):
    assert part_salutation(typed) == (salutation, name)


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
    assert [each.key for each in book.for_criterion("020-3.6")] == ["ours-thanks"]


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


@pytest.mark.parametrize(
    ("name", "salutation", "said"),
    [
        ("Rahma", "Ibu", "Bu Rahma"),
        ("Bu Rahma", "Ibu", "Bu Rahma"),
        ("Ibu Rahma", "Bu", "Bu Rahma"),
        ("Ibu Bu Rahma", "", "Bu Rahma"),
        ("Bapak Budi", "", "Pak Budi"),
        ("Pak Bpk. Budi", "Bapak", "Pak Budi"),
        ("H. Ahmad", "Bapak", "Pak H. Ahmad"),
        ("Bapak H. Ahmad", "", "Pak H. Ahmad"),
        ("dr. Rahma", "Ibu", "Bu dr. Rahma"),
        ("Ibu dr. Rahma", "", "Bu dr. Rahma"),
        ("Bapak/Ibu Rahma", "", "Pak/Bu Rahma"),
        ("Rahma", "", "Pak/Bu Rahma"),
        ("Bu Rahma", "Bapak/Ibu", "Pak/Bu Rahma"),
        ("Smith", "Mr", "Mr Smith"),
        ("Nina", "Kak", "Kak Nina"),
        ("Ibunda Ratna", "Ibu", "Bu Ibunda Ratna"),
    ],
)
def test_a_customer_is_addressed_once_whatever_stands_in_front_of_the_name(name, salutation, said):
    assert say_name(name, salutation) == said
