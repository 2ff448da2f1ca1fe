"""More time under a rule that says on which conditions: one of them is chosen and kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from complaints.actions.recording import record_given
from complaints.domain.clauses import Policy
from complaints.domain.errors import Invalid, Refused
from complaints.domain.ledger import rebuild
from complaints.models import Deadline, Extension, LedgerEntry
from complaints.outbox.mail.letters import LetterContext, write_letter
from complaints.rulebook import read_entry
from complaints.steps.casework.complete_documents import complete_documents
from complaints.steps.casework.extend import ask_extension, decide_extension
from tests.office import Office

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
        stationery = LetterContext(office.rules, "https://keluhan.example")
        written = write_letter(told.kind, told.facts, lang, stationery, follow_link="")
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
    office.take(number, decide_extension, by="supervisor", answer="approved")
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
