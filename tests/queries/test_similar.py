"""Complaints like one: by customer, place or words, what became of them, and no stranger's."""

from __future__ import annotations

import pytest

from complaints.domain.searching.telling import at_least_two, named_places, telling_words
from complaints.queries.similar import similar_to
from complaints.queries.suggestions import resting_on, suggest_categories
from complaints.rulebook import current_rules

STORY = "Lampu modem merah sejak kemarin, tidak bisa konek, rumah di Kemang"
OTHER = {"name": "Budi Santoso", "phone": "0813 1111 2222", "email": ""}


def like(office, number, name="csr"):
    complaint = office.complaint(number)
    rules = current_rules(office.session)
    found = similar_to(office.session, rules, complaint, office.actor(name))
    office.session.commit()
    return {each.number: each for each in found}


def walked(office, **told):
    number = office.receive(**told)
    office.walk(number)
    return number


@pytest.fixture
def asked(office):
    return office.receive(story=STORY)


def test_the_same_words_are_found_with_cause_and_remedy(office, asked):
    number = walked(office, story="Modem berlampu merah, lampu modem tidak padam", who=OTHER)
    office.receive(story="Tagihan datang dua kali", who=OTHER)
    found = like(office, asked)
    assert list(found) == [number]
    assert found[number].because == ("same_words",)
    assert set(found[number].words) >= {"lampu", "modem", "merah"}
    assert (found[number].cause, found[number].remedy) == ("JARINGAN", "PERBAIKAN")
    assert found[number].remedy_text == "Kabel disambung"


def test_the_same_customer_is_found_whatever_it_is_about(office, asked):
    number = office.receive(story="Tagihan datang dua kali")
    assert like(office, asked)[number].because == ("same_customer",)


def test_a_long_story_does_not_hide_its_summary(office):
    long = " ".join(["Saya sudah lama menjadi pelanggan di sini."] * 60)
    asked, other = office.receive(story=long), office.receive(story=STORY, who=OTHER)
    complaint = office.complaint(asked)
    complaint.summary = "Lampu modem merah"
    office.session.commit()
    assert set(like(office, asked)[other].words) >= {"lampu", "modem", "merah"}


def test_the_same_place_is_found(office, asked):
    number = office.receive(story="Tiang roboh di Kemang", who=OTHER)
    assert like(office, asked)[number].because == ("same_place",)


def test_nobody_reads_of_what_they_may_not_see(office, asked):
    number = office.receive(story=STORY, who=OTHER, branch="MKS", by="csr2")
    assert number not in like(office, asked)
    assert number in like(office, asked, "manager")


def test_a_complaint_is_not_like_itself(office, asked):
    assert like(office, asked) == {}


def test_a_category_names_closed_complaints_with_its_words(office):
    number = walked(office, story="Internet mati total, lampu modem merah", who=OTHER)
    rules = current_rules(office.session)
    found = suggest_categories(office.session, rules, "internet mati dari pagi")
    assert found[0].code == "GGN_MATI"
    assert resting_on(office.session, rules, found, office.actor("csr"))["GGN_MATI"] == [number]
    assert resting_on(office.session, rules, found, office.actor("csr2"))["GGN_MATI"] == []
    office.session.commit()


def test_what_is_looked_for_are_words_that_tell_something():
    weights = {"modem": 2.0, "merah": 3.0, "saya": 0.5}
    words = telling_words("Saya lihat modem Siti MERAH lagi", weights, {}, {"siti"})
    assert words == ("merah", "modem", "saya")
    assert named_places("Rumah di Kemang, jl. melati raya, di rumah") == ("kemang", "melati")


@pytest.mark.parametrize(
    ("words", "groups"), [("a", 0), ("a b", 2), ("a b c", 3), ("a b c d e", 5)]
)
def test_two_of_the_words_have_to_be_there(words, groups):
    assert len(at_least_two(words.split())) == groups
