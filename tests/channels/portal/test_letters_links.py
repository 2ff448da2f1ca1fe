"""Where the links of letters lead: to the address that was set, whoever asks under which name."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from complaints.signing import complaint_id_in
from tests.channels.portal.test_pages import at_place, link_to, status_of
from tests.office import Office
from tests.outbox.test_deliver import OFFICE, Hand, deliver

EVIL = "jahat.example"


def words_of(letter: EmailMessage) -> str:
    """Headers and both parts of a letter."""
    parts = [str(each.get_content()) for each in letter.walk() if not each.is_multipart()]
    return "\n".join([*(f"{name}: {value}" for name, value in letter.items()), *parts])


def sent_by_now(office: Office) -> list[str]:
    hand = Hand()
    deliver(office, hand, office.at)
    office.session.rollback()
    return [words_of(each) for each in hand.sent]


@pytest.mark.parametrize(
    "headers", [{"Host": EVIL}, {"X-Forwarded-Host": EVIL}, {"Forwarded": f"host={EVIL}"}]
)
def test_no_letter_carries_the_host_of_the_request_that_set_it_off(
    visitor, at_desk, office: Office, wall, headers
):
    number = at_place(office, "020-1.6")
    wall.at = office.at
    link = link_to(office, number)
    answer = visitor.post(f"{link}/withdrawal", {"reason": "Sudah menyala"}, 303, **headers)
    assert EVIL not in answer.response.headers["Location"]
    # A browser gives another host no cookie of ours, so that staff come by a proxy's word at most.
    if "Host" not in headers:
        second = at_place(office, "020-1.6")
        wall.at = office.at
        path, csr = f"/complaints/{second}/new-link", at_desk("csr")
        hidden = csr.get(path).form(path).select("input[type=hidden]")
        given = {str(each["name"]): str(each["value"]) for each in hidden}
        assert EVIL not in csr.post(path, given, 303, **headers).response.headers["Location"]
        assert EVIL not in csr.get(f"/complaints/{second}/receipt", **headers).text_body
    letters = sent_by_now(office)
    assert len(letters) >= 1
    for letter in letters:
        assert EVIL not in letter
        assert f"{OFFICE.base_url}/" in letter


def test_a_new_link_stands_in_the_letter_and_in_no_history(at_desk, office: Office, wall, visitor):
    number = at_place(office, "020-1.6")
    wall.at = office.at
    before = link_to(office, number)
    path = f"/complaints/{number}/new-link"
    csr = at_desk("csr")
    csr.submit(csr.get(path), path, 303)
    after = link_to(office, number)
    assert after != before
    assert complaint_id_in(after.rpartition("/")[2]) == complaint_id_in(before.rpartition("/")[2])
    entry = office.history(number)[-1]
    assert (entry.by_name, entry.at) == ("Csr", office.at)
    for each in office.history(number):
        for link in (before, after):
            assert link.rpartition("/")[2] not in str(each.detail)
    visitor.get(after)
    gone = visitor.get(before, 404)
    assert number not in gone.main
    assert "tautan dalam surat kami yang terakhir" in gone.main


@pytest.mark.parametrize("place", ["closed", "020-1.6"])
def test_what_a_customer_writes_goes_to_somebody_also_when_the_complaint_has_ended(
    visitor, office: Office, wall, place
):
    number = at_place(office, place)
    wall.at = office.at
    kind = "customer_reopened" if place == "closed" else "customer_wrote"
    before = len([each for each in office.notices("csr") if each.kind == kind])
    visitor.post(f"{link_to(office, number)}/message", {"text": "Mati lagi sejak pagi"}, 303)
    heard = [each for each in office.notices("csr") if each.kind == kind]
    assert len(heard) == before + 1
    if place == "closed":
        assert status_of(office, number) == "in_handling"
