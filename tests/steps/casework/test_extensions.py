"""More time under a rule that says on which conditions: one of them is chosen and kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from complaints.actions.recording import record_given
from complaints.domain.clauses import Policy
from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.domain.ledger import rebuild
from complaints.models import Deadline, Extension, LedgerEntry, Notice
from complaints.outbox.mail.letters import LetterContext, write_letter
from complaints.rulebook import read_entry
from complaints.rules.authority import authority_in_force, save_authority
from complaints.steps.casework.complete_documents import complete_documents
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.close import reopen_complaint, withdraw_complaint
from tests.office import Office

DAY = timedelta(days=1)

OJK = "id-ojk-pojk22-2023"
HOSPITAL = "id-health-kepdirjenkes-4072-2025"
STUDY = {
    "label_id": "penelitian khusus atas dokumen yang diperlukan",
    "label_en": "special study of the documents needed",
}
WHY = "Menunggu arsip cabang"


def wib(text: str) -> datetime:
    """A wall time in Jakarta of November or December 2026, as an instant."""
    return datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}+07:00").astimezone(UTC)


def letter(office: Office, *policies: str) -> str:
    """A registered written complaint whose limit by rule ends with Thursday 3 December."""
    office.switch_on(*policies)
    number = office.receive(channel="email", at=wib("11-19 09:15"))
    office.take(number, complete_documents, at=wib("11-19 09:15"))
    office.walk(number, to="020-1.6")
    return number


def of_policy(office: Office, number: str, policy: str) -> Deadline:
    (found,) = [each for each in office.rows(Deadline, number) if each.policy == policy]
    return found


def extensions(office: Office, number: str) -> dict[str, list[LedgerEntry]]:
    """The entries of extensions by the kind of the clock."""
    entries = [row for row in office.rows(LedgerEntry, number) if row.what == "extend"]
    return {
        clock.kind: [row for row in entries if row.deadline_id == clock.id]
        for clock in office.rows(Deadline, number)
    }


@pytest.mark.parametrize("words", [*STUDY.values(), "  Special study of the documents needed "])
def test_the_condition_chosen_stands_in_ledger_history_and_letter(office: Office, words):
    number = letter(office, OJK)
    until = wib("12-10 09:15")
    office.take(number, ask_extension, until=until, reason=WHY, condition=words)
    assert office.rows(Extension, number)[0].condition == STUDY["label_en"]
    asked = office.history(number)[-1]
    assert (asked.what, asked.detail["condition"]) == ("ask_extension", STUDY)
    office.take(number, decide_extension, by="supervisor", answer="approved")
    limit = of_policy(office, number, OJK)
    (entry,) = extensions(office, number)["legal"]
    assert (limit.due_at, limit.told_at) == (until, until)
    assert (entry.until, entry.reason, entry.detail) == (until, WHY, {"condition": STUDY})
    decided = office.history(number)[-1]
    assert (decided.what, decided.detail["condition"]) == ("decide_extension", STUDY)
    assert decided.detail["number"] == 1
    told = next(each for each in office.letters(number) if each.kind == "extended")
    assert (told.facts["condition"], told.created_at < wib("12-03 09:15")) == (STUDY, True)
    for lang in ("id", "en"):
        context = LetterContext(office.rules, "https://keluhan.example")
        written = write_letter(told.kind, told.facts, lang, context, follow_link="")
        assert f": {STUDY[f'label_{lang}']}\n" in written.text
        assert STUDY[f"label_{lang}"] in written.html
    ledger = rebuild(
        read_entry(office.rules, row)
        for row in office.rows(LedgerEntry, number)
        if row.deadline_id == limit.id
    )
    assert (ledger.due_at, ledger.extensions) == (until, 1)


@pytest.mark.parametrize("words", ["", "kami sibuk", "special study"])
def test_no_other_condition_moves_the_limit(office: Office, words):
    number = letter(office, OJK)
    with pytest.raises(Invalid, match="one of the conditions") as refusal:
        office.take(number, ask_extension, until=wib("12-10 09:15"), reason=WHY, condition=words)
    assert refusal.value.field == "condition"
    assert office.rows(Extension, number) == []


def test_a_date_before_the_limit_needs_no_condition_and_takes_none(office: Office):
    number = letter(office, OJK)
    ours = office.clocks(number)["resolve"].due_at
    before = wib("12-02 16:00")
    assert ours < before
    with pytest.raises(Invalid, match="Leave this field empty"):
        office.take(number, ask_extension, until=before, reason=WHY, condition=STUDY["label_en"])
    office.take(number, ask_extension, until=before, reason=WHY)
    office.take(number, decide_extension, by="supervisor", answer="approved")
    assert of_policy(office, number, OJK).due_at == wib("12-03 16:00")
    assert office.clocks(number)["resolve"].due_at == before
    (entry,) = extensions(office, number)["resolve"]
    assert entry.detail == {}


def test_a_rule_that_names_no_condition_asks_for_none(office: Office):
    number = letter(office, HOSPITAL)
    later = of_policy(office, number, HOSPITAL).due_at + timedelta(days=7)
    office.take(number, ask_extension, until=later, reason=WHY)
    # Far beyond the date told, which the front desk's own limit had set: a manager decides.
    office.take(number, decide_extension, by="manager", answer="approved")
    assert of_policy(office, number, HOSPITAL).due_at == later


def test_a_limit_that_names_no_extension_cannot_be_extended(office: Office):
    office.switch_on(OJK)
    number = office.receive(at=wib("11-19 09:15"))
    assert of_policy(office, number, OJK).clause == "oral"
    with pytest.raises(Refused, match="allows no extension"):
        office.take(
            number,
            ask_extension,
            until=wib("12-10 09:15"),
            reason=WHY,
            condition=STUDY["label_en"],
        )


def test_the_rule_is_kept_to_when_the_superior_decides_too(office: Office):
    number = letter(office, OJK)
    office.take(
        number,
        ask_extension,
        until=wib("12-10 09:15"),
        reason=WHY,
        condition=STUDY["label_en"],
    )
    office.take(number, decide_extension, by="supervisor", answer="approved")
    with pytest.raises(Refused, match="no more is left"):
        office.take(
            number,
            ask_extension,
            until=wib("12-15 09:15"),
            reason=WHY,
            condition=STUDY["label_en"],
        )


def test_no_approval_is_dated_back_before_a_miss(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.5")
    due = office.clocks(number)["resolve"].due_at
    office.take(number, ask_extension, until=due + timedelta(days=5), reason=WHY)
    yes = {"answer": "approved", "at": (due - timedelta(minutes=5)).isoformat()}
    late, by = due + timedelta(hours=1), office.actor("supervisor")
    office.session.commit()
    with pytest.raises(Refused, match="already missed"):
        record_given(office.session, number, "extension/approval", yes, by=by, now=late)
    office.session.rollback()
    assert office.complaint(number).promised_at == due
    assert [each.kind for each in office.letters(number) if each.kind == "extended"] == []


def test_none_is_asked_once_the_deadline_was_missed(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.5")
    due = office.clocks(number)["resolve"].due_at
    until = due + timedelta(days=5)
    with pytest.raises(Refused, match="already missed"):
        office.take(number, ask_extension, at=due + timedelta(minutes=1), until=until, reason=WHY)
    office.take(number, ask_extension, at=due, until=until, reason=WHY)
    assert [each.until for each in office.rows(Extension, number)] == [until]


def paused_past_its_deadline(office: Office) -> tuple[str, datetime]:
    """A complaint paused before it was due and not resumed since, and the due time stored."""
    number = office.receive(at=office.at)
    office.walk(number, to="020-1.6")
    due = office.clocks(number)["resolve"].due_at
    began = due - timedelta(hours=2)
    words = {"reason": "Menunggu foto", "awaits": "documents"}
    office.take(number, pause_clocks, by="supervisor", at=began, until=began + 14 * DAY, **words)
    return number, due


def test_a_paused_deadline_is_not_missed_and_may_be_extended(office: Office):
    number, due = paused_past_its_deadline(office)
    at = due + 2 * DAY
    with pytest.raises(Invalid, match="after the current deadline"):
        # It moves with the pause: on resumption it would be later than this.
        office.take(number, ask_extension, at=at, until=due + DAY, reason=WHY)
    until = at + 6 * DAY
    office.take(number, ask_extension, at=at, until=until, reason=WHY)
    office.take(number, decide_extension, by="manager", at=at, answer="approved")
    clock = office.clocks(number)["resolve"]
    assert (clock.state, clock.due_at, clock.breached_at) == ("paused", until, None)
    office.take(number, resume_clocks, at=at + DAY)
    assert office.clocks(number)["resolve"].due_at > until


def test_conditions_stand_in_both_languages_or_the_policy_is_refused():
    clock = {
        "id": "limit",
        "kind": "legal",
        "duration": 10,
        "unit": "working_day",
        "extension": {"duration": 10, "conditions": ["a", "b"], "conditions_id": ["satu"]},
    }
    with pytest.raises(ValueError, match="name the same"):
        Policy.from_dict({"id": "law", "clock": [clock]})


def extend(office: Office, number: str, days: int, by: str = "supervisor") -> None:
    """One more extension, asked for and approved, to so many days from the date now."""
    until = office.complaint(number).promised_at + timedelta(days=days)
    office.take(number, ask_extension, until=until, reason=WHY)
    office.take(number, decide_extension, by=by, answer="approved")


def promised(office: Office) -> str:
    number = office.receive()
    office.walk(number, to="020-1.6")
    return number


def test_after_two_extensions_a_manager_decides(office: Office):
    number = promised(office)
    extend(office, number, 1)
    extend(office, number, 1)
    assert [each.is_beyond for each in office.rows(Extension, number)] == [False, False]
    with pytest.raises(Forbidden):
        extend(office, number, 1)
    office.session.rollback()
    third = office.rows(Extension, number)[-1]
    assert (third.is_beyond, third.answer) == (True, None)
    assert asked(office, number) == ["supervisor", "supervisor", "manager"]
    office.take(number, decide_extension, by="manager", answer="approved")
    assert office.complaint(number).promised_at == third.until
    assert office.history(number)[-1].detail["beyond"] is True


def test_the_days_of_all_extensions_count_from_the_date_without_any(office: Office):
    number = promised(office)
    due = office.clocks(number)["resolve"].due_at
    latest = office.rules.calendar_of(office.complaint(number).branch_id).value.add_working_days(
        due, office.rules.authority.extension.total_days
    )
    second = timedelta(seconds=1)
    office.take(number, ask_extension, until=latest - 14 * DAY, reason=WHY)
    office.take(number, decide_extension, by="supervisor", answer="approved")
    office.take(number, ask_extension, until=latest + second, reason=WHY)
    assert office.rows(Extension, number)[-1].is_beyond
    office.take(number, decide_extension, by="manager", answer="rejected")
    office.take(number, ask_extension, until=latest, reason=WHY)
    assert not office.rows(Extension, number)[-1].is_beyond
    office.take(number, decide_extension, by="supervisor", answer="approved")
    assert office.complaint(number).promised_at == latest


def test_extensions_count_anew_after_a_reopening(office: Office):
    number = promised(office)
    extend(office, number, 1)
    extend(office, number, 1)
    office.take(number, withdraw_complaint, reason="Sudah selesai sendiri")
    office.take(number, reopen_complaint, at=office.at + 40 * DAY, reason="Ternyata belum")
    until = office.clocks(number)["resolve"].due_at + DAY
    office.take(number, ask_extension, until=until, reason=WHY)
    assert not office.rows(Extension, number)[-1].is_beyond


def test_a_limit_set_lower_holds_for_what_waits(office: Office):
    number = promised(office)
    extend(office, number, 1)
    until = office.complaint(number).promised_at + DAY
    office.take(number, ask_extension, until=until, reason=WHY)
    row = authority_in_force(office.session)
    body = {**row.body, "extension": {"max_count": 1, "total_days": 20}}
    save_authority(office.session, body, row.id, by=office.actor("admin"), at=office.at)
    office.session.commit()
    with pytest.raises(Forbidden):
        office.take(number, decide_extension, by="supervisor", answer="approved")


def test_without_a_manager_nobody_asks_for_more_than_supervisors_may_grant(office: Office):
    number = promised(office)
    extend(office, number, 1)
    extend(office, number, 1)
    office.people["manager"].is_active = False
    office.session.commit()
    until = office.complaint(number).promised_at + DAY
    with pytest.raises(Refused, match="none with an active account"):
        office.take(number, ask_extension, until=until, reason=WHY)


def asked(office: Office, number: str) -> list[str]:
    names = {user.id: name for name, user in office.people.items()}
    rows = [row for row in office.rows(Notice, number) if row.kind == "extension_asked"]
    return [names[row.user_id] for row in rows]
