"""Many complaints with one cause: linked one by one, told at once, each one letter (T52)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from complaints.channels import incident_telling
from complaints.channels.incident_acts import close, link_each, tell
from complaints.channels.incident_telling import tell_waiting
from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.domain.incidents.rules import Telling
from complaints.domain.permissions import SYSTEM, Actor
from complaints.models import Commitment, Incident, IncidentTelling, Note
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.incidents.known import known_incidents, suggested_for
from complaints.queries.incidents.single import linked_page
from complaints.steps.case import open_case
from complaints.steps.casework.converse import write_note
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.close import withdraw_complaint
from complaints.steps.incidents import tell_one
from complaints.steps.incidents.open import (
    IncidentGiven,
    amend_incident,
    approve_words,
    number_of,
    open_incident,
)
from complaints.steps.incidents.tell import tell_all
from tests.at_once import at_once
from tests.office import Office

WORDS = "Layanan di Jakarta terganggu karena kabel terputus. Perbaikan selesai malam ini."
ENGLISH = "Services in Jakarta are down because a cable is cut. It is repaired tonight."
HOUR = timedelta(hours=1)


def incident(office: Office, by: str = "supervisor", **more: object) -> str:
    told = {"title": "Kabel terputus", "category": "GANGGUAN", "words": WORDS, **more}
    given = IncidentGiven(**told)  # type: ignore[arg-type]
    made = open_incident(office.session, office.rules, given, by=office.actor(by), at=office.at)
    office.session.commit()
    return number_of(made)


def customer(nth: int, **more: object) -> dict[str, object]:
    told = {"name": f"Pelanggan {nth}", "phone": "", "email": f"p{nth}@pelanggan.example"}
    return {"who": {**told, **more}}


def link(
    office: Office, number: str, numbers: list[str], by: str = "csr", **more: bool
) -> list[str]:
    rows = link_each(
        office.session, number, numbers, by=office.actor(by), at=office.at + HOUR, **more
    )
    return [each.state for each in rows]


def told(office: Office, number: str, text: str = "", by: str = "supervisor", en: str = "") -> dict:
    office.at += HOUR
    found = tell(office.session, number, text=text, text_en=en, by=office.actor(by), at=office.at)
    return dict(found.states)


def letters(office: Office, number: str) -> list:
    return [each for each in office.letters(number) if each.kind == "incident"]


def test_forty_are_told_at_once_each_for_themselves(office: Office, monkeypatch):
    numbers = [
        office.receive(**customer(nth, language="en" if nth == 7 else "id")) for nth in range(37)
    ]
    numbers += [
        office.receive(**customer(nth, email="", phone=f"0812 9999 00{nth}")) for nth in (37, 38)
    ]
    broken = office.receive(**customer(39))
    numbers.append(broken)
    number = incident(office, words_en=ENGLISH)
    assert link(office, number, numbers) == ["done"] * 40
    office.take(numbers[0], write_note, text="Jangan sampai ke pelanggan: modem tetangga")
    real = tell_one.tell_customer

    def fail(case, *more):
        if case.number == broken:
            raise RuntimeError("kertas habis")
        return real(case, *more)

    monkeypatch.setattr(tell_one, "tell_customer", fail)
    assert told(office, number) == {"told": 37, "task": 2, "waiting": 1}
    for nth, each in enumerate(numbers[:37]):
        (letter,) = letters(office, each)
        assert letter.to_address == f"p{nth}@pelanggan.example"
        assert letter.facts["number"] == each
        assert letter.facts["name"] == f"Pelanggan {nth}"
        assert letter.language == ("en" if nth == 7 else "id")
        assert letter.facts["text"] == (ENGLISH if nth == 7 else WORDS)
        assert "tetangga" not in str(letter.facts)
        assert [row.what for row in office.history(each)][-1] == "tell_incident" or nth == 0
        (said,) = (row for row in office.rows(Note, each) if row.direction == "out")
        assert said.text == letter.facts["text"]
    for each in numbers[37:39]:
        assert letters(office, each) == []
        (task,) = office.rows(Commitment, each)
        assert (task.owner_id, task.kind) == (office.id_of("csr"), "step")
        assert WORDS in task.what
        assert number in task.what
    # Again, with the fault mended: the one that failed, and nobody a second time.
    monkeypatch.setattr(tell_one, "tell_customer", real)
    office.at += HOUR
    tell_waiting(office.session, at=office.at)
    assert told(office, number) == {"told": 38, "task": 2}
    assert told(office, number, text=f"  {WORDS}\n") == {"told": 38, "task": 2}
    assert [len(letters(office, each)) for each in numbers] == [1] * 37 + [0, 0, 1]
    assert [len(office.rows(Commitment, each)) for each in numbers[37:39]] == [1, 1]
    assert verify_history(office.session)["bad"] == []


def test_one_who_cannot_be_told_is_given_up_and_somebody_hears(office: Office, monkeypatch):
    number, complaint = incident(office), office.receive(**customer(1))
    link(office, number, [complaint])

    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr(tell_one, "tell_customer", fail)
    told(office, number)
    for _ in range(4):
        office.at += HOUR
        tell_waiting(office.session, at=office.at)
    assert [each.state for each in office.rows(IncidentTelling, complaint)] == ["failed"]
    assert [each.kind for each in office.notices("csr")] == ["incident_untold"]
    monkeypatch.undo()
    assert told(office, number) == {"told": 1}


def test_who_joins_later_gets_the_same_words_and_nobody_else(office: Office):
    number, first = incident(office), office.receive(**customer(1))
    link(office, number, [first])
    told(office, number)
    later = office.receive(**customer(2))
    assert link(office, number, [first, later]) == ["unchanged", "done"]
    assert told(office, number) == {"told": 2}
    assert [len(letters(office, each)) for each in (first, later)] == [1, 1]
    # Other words reach everybody.
    told(office, number, text="Perbaikan sudah selesai dan layanan pulih.")
    assert [len(letters(office, each)) for each in (first, later)] == [2, 2]


def test_a_customer_with_two_complaints_gets_one_letter_that_names_both(office: Office):
    number = incident(office)
    first, second = office.receive(), office.receive()
    link(office, number, [first, second])
    assert told(office, number) == {"told": 1, "with_another": 1}
    (letter,) = [*letters(office, first), *letters(office, second)]
    assert letter.facts["together"] == [second]
    assert office.history(second)[-1].detail["with"] == first


def test_only_what_is_part_of_it_is_told(office: Office):
    number = incident(office)
    part, duplicate, ended = (office.receive(**customer(nth)) for nth in (1, 2, 3))
    same = office.receive(**customer(1))
    link(office, number, [part, ended])
    for each in (part, same):
        office.walk(each, to="020-1.6")
    office.take(same, merge_complaint, into=part)
    office.take(ended, withdraw_complaint, reason="Sudah menyala lagi", method="signature")
    assert told(office, number) == {"told": 1}
    assert [len(letters(office, each)) for each in (part, same, duplicate, ended)] == [1, 0, 0, 0]


def test_a_duplicate_leaves_its_place_to_the_complaint_that_goes_on(office: Office):
    number = incident(office)
    first, second = office.receive(), office.receive()
    for each in (first, second):
        office.walk(each, to="020-1.6")
    link(office, number, [second])
    office.take(second, merge_complaint, into=first)
    assert told(office, number) == {"told": 1}
    assert (len(letters(office, first)), len(letters(office, second))) == (1, 0)
    # Both histories say so.
    left, joined = (
        next(each.detail for each in office.history(of) if each.what == what)
        for of, what in ((second, "leave_incident"), (first, "join_incident"))
    )
    assert left == {"incident": number, "how": "merged", "into": first}
    assert joined == {"incident": number, "how": "merged", "from": second}


def test_what_was_taken_out_is_told_no_more(office: Office):
    number, complaint = incident(office), office.receive(**customer(1))
    link(office, number, [complaint])
    assert link(office, number, [complaint], removes=True) == ["done"]
    assert link(office, number, [complaint], removes=True) == ["unchanged"]
    assert told(office, number) == {}
    assert letters(office, complaint) == []


def test_what_is_taken_out_while_it_waits_to_be_told_is_not_told(office: Office):
    number, complaint = incident(office), office.receive(**customer(1))
    link(office, number, [complaint])
    tell_all(office.session, office.rules, number, by=office.actor("supervisor"), at=office.at)
    office.session.commit()
    (telling,) = office.rows(IncidentTelling, complaint)
    assert link(office, number, [complaint], removes=True) == ["done"]
    case = open_case(office.session, complaint, by=SYSTEM, at=office.at)
    assert tell_one.tell_one(case, telling) is Telling.ENDED
    office.session.commit()
    assert letters(office, complaint) == []
    assert "tell_incident" not in [each.what for each in office.history(complaint)]


def test_words_of_somebody_who_may_not_approve_wait_for_a_supervisor(office: Office):
    number, complaint = incident(office, by="csr"), office.receive(**customer(1))
    link(office, number, [complaint])
    with pytest.raises(Forbidden):
        told(office, number, by="csr")
    office.session.rollback()
    with pytest.raises(Forbidden):
        told(office, number, text="Kata-kata lain yang belum disetujui", by="csr")
    office.session.rollback()
    approve_words(office.session, number, by=office.actor("supervisor"), at=office.at)
    office.session.commit()
    assert told(office, number, by="csr") == {"told": 1}
    # Changed words are not approved any more.
    given = IncidentGiven(words="Perbaikan tertunda sampai besok siang.")
    amend_incident(
        office.session, office.rules, number, given, by=office.actor("csr"), at=office.at
    )
    office.session.commit()
    with pytest.raises(Forbidden):
        told(office, number, by="csr")
    office.session.rollback()


def test_an_incident_of_all_branches_is_for_who_sees_them_all(office: Office):
    number = incident(office, by="supervisor", branch="")
    with pytest.raises(Forbidden):
        told(office, number, text=WORDS)
    office.session.rollback()
    assert told(office, number, text=WORDS, by="manager") == {}


@pytest.mark.parametrize("text", ["Salah Anda sendiri kabelnya putus.", "Gangguan {sebab} ya"])
def test_words_that_blame_or_have_a_gap_are_not_told(office: Office, text: str):
    number = incident(office)
    with pytest.raises(Invalid):
        told(office, number, text=text)
    office.session.rollback()


def test_a_complaint_is_part_of_one_open_incident_of_its_own_branch(office: Office):
    first, second = incident(office), incident(office, by="manager", branch="MKS")
    complaint, other = office.receive(**customer(1)), office.receive(**customer(2))
    assert link(office, first, [complaint, "KLH-2026-999999"]) == ["done", "refused"]
    assert link(office, second, [complaint, other], by="manager") == ["refused", "refused"]


def test_closing_tells_the_handlers_once_and_ends_no_complaint(office: Office):
    number, complaint = incident(office), office.receive(**customer(1))
    link(office, number, [complaint])
    for _ in range(2):
        close(
            office.session,
            number,
            text="Kabel tersambung",
            by=office.actor("supervisor"),
            at=office.at,
        )
    (notice,) = office.notices("csr")
    assert (notice.kind, notice.facts["number"]) == ("incident_closed", complaint)
    assert office.complaint(complaint).status == "received"
    with pytest.raises(Refused):
        told(office, number)
    office.session.rollback()
    assert link(office, number, [office.receive(**customer(2))]) == ["refused"]


def test_a_known_incident_is_recognised_by_category_and_place(office: Office):
    number = incident(office)
    jakarta = office.rules.branches_by_code["JKT"].id
    elsewhere = office.rules.branches_by_code["MKS"].id

    def known(category: str | None, branch_id: int) -> list[str]:
        found = known_incidents(
            office.session, office.rules, category=category, branch_id=branch_id
        )
        return [number_of(each) for each in found]

    assert known("GGN_MATI", jakarta) == [number]
    assert known("TAG_GANDA", jakarta) == []
    assert known("GGN_MATI", elsewhere) == []
    close(office.session, number, text="", by=office.actor("supervisor"), at=office.at)
    assert known("GGN_MATI", jakarta) == []


def test_what_may_be_part_of_it_is_proposed_until_it_is_linked(office: Office):
    number = incident(office)
    complaint = office.receive(**customer(1))
    office.receive(**customer(2), category="TAG_GANDA")
    made = office.session.scalars(select(Incident)).one()

    def proposed(by: str = "csr") -> list[str]:
        rows = suggested_for(office.session, office.rules, office.actor(by), made)
        return [each.number for each in rows]

    assert proposed() == [complaint]
    assert proposed("csr2") == []
    link(office, number, [complaint])
    assert proposed() == []
    page = linked_page(office.session, office.actor("csr2"), made, office.rules)
    assert (page.items, page.count, page.hidden) == ([], 1, 1)


def actor_at(session: Session, actor: Actor, number: str, at: object) -> None:
    tell(session, number, text="", text_en="", by=actor, at=at)  # type: ignore[arg-type]


@pytest.mark.both_databases
def test_told_by_several_at_once_each_hears_once(office: Office, engine: Engine):
    number = incident(office)
    numbers = [office.receive(**customer(nth)) for nth in range(6)]
    numbers += [office.receive(), office.receive()]
    link(office, number, numbers)
    by, at = office.actor("supervisor"), office.at + HOUR

    def work() -> None:
        with Session(engine) as session:
            actor_at(session, by, number, at)

    at_once(4, work)
    office.at += 2 * HOUR
    tell_waiting(office.session, at=office.at)
    assert sum(len(letters(office, each)) for each in numbers) == 7


@pytest.mark.both_databases
def test_a_process_that_dies_in_the_middle_leaves_the_rest_waiting(office: Office, monkeypatch):
    number = incident(office)
    numbers = [office.receive(**customer(nth)) for nth in range(5)]
    link(office, number, numbers)
    real, calls = incident_telling.tell_one, []

    def die(case, telling):
        calls.append(case.number)
        state = real(case, telling)
        if len(calls) == 3:
            raise SystemExit
        return state

    monkeypatch.setattr(incident_telling, "tell_one", die)
    with pytest.raises(SystemExit):
        told(office, number)
    office.session.rollback()
    monkeypatch.undo()
    assert sum(len(letters(office, each)) for each in numbers) == 2
    tell_waiting(office.session, at=office.at)
    assert [len(letters(office, each)) for each in numbers] == [1] * 5


def amend(office: Office, number: str, by: str, **more: object) -> Incident:
    given = IncidentGiven(**more)  # type: ignore[arg-type]
    made = amend_incident(
        office.session, office.rules, number, given, by=office.actor(by), at=office.at
    )
    office.session.commit()
    return made


def test_an_incident_of_all_branches_is_not_made_that_of_ones_own(office: Office):
    """Whoever decides on one branch would tell the customers of the others."""
    here = office.receive(**customer(1))
    there = office.receive(by="csr2", branch="MKS", **customer(2))
    number = incident(office, "manager", branch="")
    assert link(office, number, [here]) == ["done"]
    assert link(office, number, [there], by="csr2") == ["done"]
    for by in ("csr", "supervisor"):
        with pytest.raises(Forbidden):
            amend(office, number, by, branch="JKT", words=WORDS + " Maaf.")
        office.session.rollback()
    with pytest.raises(Refused, match="other branches"):
        amend(office, number, "manager", branch="JKT")
    office.session.rollback()
    assert letters(office, there) == []


def test_words_approved_for_one_branch_are_not_approved_for_all(office: Office):
    there = office.receive(by="csr2", branch="MKS", **customer(2))
    number = incident(office, "supervisor", branch="JKT")
    assert amend(office, number, "csr", branch="JKT").words_at is not None
    assert amend(office, number, "csr", branch="").words_at is None
    assert link(office, number, [there], by="csr2") == ["done"]
    with pytest.raises(Forbidden):
        told(office, number, by="csr2")
    office.session.rollback()
    assert letters(office, there) == []
    assert told(office, number, by="manager") == {"told": 1}


def test_a_letter_of_last_week_is_no_word_on_a_complaint_that_came_since(office: Office):
    """Nothing was sent about it, so that the next word on it is due as before."""
    first = office.receive(**customer(1))
    number = incident(office)
    link(office, number, [first])
    assert told(office, number) == {"told": 1}
    office.at += timedelta(days=4)
    later = office.receive(**customer(1))
    due_at = office.clocks(later)["progress"].due_at
    link(office, number, [later])
    assert told(office, number) == {"told": 1, "with_another": 1}
    assert office.clocks(later)["progress"].due_at == due_at
    assert list(office.rows(Note, later)) == letters(office, later) == []
    assert office.history(later)[-1].detail["with"] == first
