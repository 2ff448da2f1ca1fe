"""People are addressed as they wish, once, by the forms that the organisation uses."""

import pytest

from complaints.domain.config.salutations import Salutations
from tests.salutations import OURS


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Bapak", "Pak"),
        ("ibu", "Bu"),
        ("Bapak/Ibu", "Pak/Bu"),
        ("Kakak", "Kak"),
        ("Kak", "Kak"),
        ("Saudara", "Saudara"),
        ("Sdr.", "Saudara"),
        ("Encik", "Encik"),
        ("", ""),
    ],
)
def test_the_short_form_of_address(full, short):
    assert OURS.short(full) == short


@pytest.mark.parametrize(
    ("typed", "salutation", "name"),
    [
        ("Bu Rahma", "Ibu", "Rahma"),
        ("ibu Siti Aminah", "Ibu", "Siti Aminah"),
        ("Pak  Budi", "Bapak", "Budi"),
        ("Bpk. Budi", "Bapak", "Budi"),
        ("Bpk.Budi", "Bapak", "Budi"),
        ("Sdr. Anton", "Saudara", "Anton"),
        ("Sdri. Anita", "Saudari", "Anita"),
        ("Kak Nina", "Kakak", "Nina"),
        ("Mr. Smith", "Mr", "Smith"),
        ("Mrs Smith", "Mrs", "Smith"),
        ("Bunda Maya", "Bunda", "Maya"),
        ("Bapak H. Ahmad", "Bapak", "H. Ahmad"),
        ("Ibu Bu Rahma", "Ibu", "Rahma"),
        ("Pak Bu Rahma", "Bapak/Ibu", "Rahma"),
        ("Bapak / Ibu Rahma", "Bapak/Ibu", "Rahma"),
        (" Budiman ", "", "Budiman"),
        ("Ibunda Ratna", "", "Ibunda Ratna"),
        ("Encik Ahmad", "", "Encik Ahmad"),
        ("Bu", "", "Bu"),
        ("Ibu", "", "Ibu"),
        ("Pakpahan", "", "Pakpahan"),
        ("Mrázek Jan", "", "Mrázek Jan"),
        ("", "", ""),
    ],
)
def test_a_form_of_address_before_a_name_is_not_part_of_it(typed, salutation, name):
    assert OURS.part(typed) == (salutation, name)


@pytest.mark.parametrize(
    ("name", "salutation", "said"),
    [
        ("Rahma", "Ibu", "Bu Rahma"),
        ("Bu Rahma", "Ibu", "Bu Rahma"),
        ("Ibu Rahma", "Bu", "Bu Rahma"),
        ("Ibu Bu Rahma", "", "Bu Rahma"),
        ("Pak Bu Rahma", "", "Pak/Bu Rahma"),
        ("Pak Bu Rahma", "Ibu", "Bu Rahma"),
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
        ("Mr Smith", "", "Mr Smith"),
        ("Bunda Maya", "", "Bunda Maya"),
        ("Nina", "Kak", "Kak Nina"),
        ("Ahmad", "Encik", "Encik Ahmad"),
        ("Ibunda Ratna", "Ibu", "Bu Ibunda Ratna"),
        ("Ibu", "", "Ibu"),
        ("Ibu", "Ibu", "Ibu"),
    ],
)
def test_a_customer_is_addressed_once_whatever_stands_in_front_of_the_name(name, salutation, said):
    assert OURS.say(name, salutation) == said


def test_where_nobody_knows_a_form_lists_and_letters_have_none():
    assert OURS.known("Rahma") == ("", "Rahma")
    assert OURS.address("Rahma") == ("Bapak/Ibu", "Rahma")
    assert OURS.address("Ibu") == ("Ibu", "Ibu")


def test_another_organisation_uses_other_forms():
    theirs = Salutations.from_dict(
        {
            "salutations": [{"form": "Encik", "short": "Cik", "typed": ["En"]}, "Puan"],
            "salutation_unknown": "Tuan/Puan",
        }
    )
    assert theirs.offered == ["Encik", "Puan"]
    assert theirs.part("En. Ahmad") == ("Encik", "Ahmad")
    assert theirs.say("Ahmad", "Encik") == "Cik Ahmad"
    assert theirs.say("Ahmad") == "Tuan/Puan Ahmad"
    assert theirs.part("Pak Budi") == ("", "Pak Budi")


def test_forms_written_as_texts_alone_are_said_as_they_are():
    plain = Salutations.from_dict({"salutations": ["Encik", "Puan", "Cik"]})
    assert plain.say("Puan Aminah") == "Puan Aminah"
    assert plain.unknown == "Encik/Puan"


@pytest.mark.parametrize(
    ("salutations", "sentence"),
    [
        ("Bapak", "salutations must be a list of texts and tables"),
        ([1], "salutations must be a list of texts and tables"),
        ([{"short": "Pak"}], "salutation: form is missing or is not a text"),
        ([{"form": "Bapak", "typed": "Bpk"}], "salutation Bapak: typed must be a list of texts"),
        ([], "there is no form of address in salutations"),
    ],
)
def test_forms_that_cannot_be_used_are_refused_with_one_sentence(salutations, sentence):
    with pytest.raises(ValueError, match=sentence):
        Salutations.from_dict({"salutations": salutations})
