"""Complaints like the one at hand, beside it: fetched when it comes into sight."""

from __future__ import annotations

from collections.abc import Callable

from tests.office import Office
from tests.web.page import Visitor

At = Callable[..., Visitor]


def test_similar_complaints_say_why_and_what_became_of_them(at_desk: At, office: Office, wall):
    who = {"name": "Budi <b>Santoso</b>", "phone": "0813 1111 2222", "email": ""}
    number = office.receive(story="Lampu modem <i>merah</i>, internet mati", who=who)
    office.walk(number)
    asked = office.receive(story="Internet mati, lampu modem merah sejak pagi")
    office.session.commit()
    wall.at = office.at
    desk, path = at_desk("csr"), f"/complaints/{asked}"
    place = desk.get(path).one("#similar-found")
    assert place["hx-get"] == f"{path}/similar"
    page = desk.get(f"{path}/similar")
    said = " ".join(page.words("#similar-found"))
    for words in (number, "Kata-kata sama", "Penyebab", "Diterima", "Kabel disambung"):
        assert words in said
    assert "<i>merah" not in str(page.one("#similar-found"))


def test_the_analysis_offers_them_beside_the_cause(at_desk: At, office: Office):
    """What the cause turned out to be elsewhere is wanted where the cause is asked for."""
    number = office.receive(category="PTG_ANTRE")
    office.walk(number, to="020-1.6")
    office.session.commit()
    page = at_desk("csr").get(f"/complaints/{number}/analysis")
    assert page.one(".talk-aside #similar-found")["hx-get"] == f"/complaints/{number}/similar"
    assert page.all("script[src*='htmx']")


def test_a_complaint_like_no_other_says_so(at_desk: At, office: Office):
    number = office.receive()
    office.session.commit()
    page = at_desk("csr").get(f"/complaints/{number}/similar")
    assert "Tidak ada keluhan serupa" in " ".join(page.words("#similar-found"))
