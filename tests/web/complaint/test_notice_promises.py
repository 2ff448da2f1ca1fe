"""No notification tells anybody to do what their page has no button for.

Each kind is made to happen and read by whoever hears of it; what its sentence asks for has to be on
that person's page of the complaint, as a link or a form, when they open it.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import update
from sqlalchemy.orm import sessionmaker

from complaints.actions.registry import ACTS
from complaints.channels.email.intake import intake_message
from complaints.channels.email.keep import Origin
from complaints.channels.incident_acts import close, link_each, tell
from complaints.domain.attachments import FileLimits
from complaints.domain.permissions import CUSTOMER, SYSTEM
from complaints.domain.words.exits import Unable
from complaints.engine.fire import fire_due
from complaints.files.in_use import FileSettings, file_settings, use_files
from complaints.models import IncidentTelling, User
from complaints.outbox.mail.transports import Unanswered, Unreachable
from complaints.outbox.mail.wording import NEXT_STEPS, NOTICE_SENTENCES
from complaints.people.mailbox_state import claim_mailbox, note_failure
from complaints.people.observations import ObservationGiven, record_observation
from complaints.people.undelivered import tell_undelivered
from complaints.rules.authority import authority_in_force, save_authority
from complaints.steps.answer import take_answer
from complaints.steps.by_customer.answer_offer import answer_offer, ask_about_offer
from complaints.steps.by_customer.ask import ask_us
from complaints.steps.by_customer.complain import complain
from complaints.steps.by_customer.follow_up import answer_follow_up
from complaints.steps.by_customer.object import object_to
from complaints.steps.by_customer.rate import RatingGiven, rate
from complaints.steps.by_customer.withdraw import withdraw_on_page
from complaints.steps.by_customer.write import write_message
from complaints.steps.case import open_case
from complaints.steps.casework.approve import decide_offer
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.converse import record_message, write_note
from complaints.steps.casework.countersign import countersign
from complaints.steps.casework.escalate import (
    acknowledge_escalation,
    escalate_by_hand,
    return_escalation,
)
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.hand_over import TRAY
from complaints.steps.casework.letters import print_letter
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.casework.remind import remind_or_ask
from complaints.steps.close import reopen_complaint, take_back_withdrawal, withdraw_complaint
from complaints.steps.colleagues.follow import follow_complaint
from complaints.steps.confirm import confirm_back
from complaints.steps.files.attach import hide_attachment
from complaints.steps.improvement.change import change_action
from complaints.steps.improvement.finish import drop_action, finish_action
from complaints.steps.incidents.alarm import look_for_spikes
from complaints.steps.incidents.open import IncidentGiven, open_incident
from complaints.steps.incidents.open import number_of as incident_number
from complaints.steps.incidents.tell import tell_all
from complaints.steps.incidents.tell_one import note_failure as note_untold
from complaints.steps.inform import answer_as_party, inform_parties
from complaints.steps.offer import offer_solution
from complaints.steps.other_contacts.end import hand_over
from complaints.steps.public_posts.aside import set_aside
from complaints.steps.receive import ComplaintGiven
from complaints.steps.renaming.rename import rename_complaint
from complaints.worker.sweeps import WorkerContext, deliver_messages
from tests.channels.email.test_take_in import add_makassar
from tests.channels.portal.test_after_end import newest
from tests.mails import OURS, mail, multipart
from tests.office import Office, given
from tests.outbox.test_deliver import OFFICE, Hand
from tests.outbox.test_deliver import deliver as deliver_as_told
from tests.outbox.webhooks.conftest import Hooks
from tests.outbox.webhooks.endpoint import listening
from tests.steps.casework.test_hand_over import close as close_account
from tests.steps.casework.test_unmerged_misses import MONDAY, merged, part
from tests.steps.files.test_attach import attach
from tests.steps.improvement import test_corrective_actions as improvement
from tests.steps.management_review import test_management_reviews as reviews
from tests.steps.other_contacts import test_other_contacts as contacts
from tests.steps.other_contacts.test_other_contacts import SITI
from tests.steps.public_posts import test_public_posts as posts
from tests.steps.test_changes import FRONT_DESK, LAW, escalate, switch
from tests.steps.test_delivery import closed
from tests.web.conftest import Wall

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NEVER = smtplib.SMTPDataError(554, b"never")
NOT_NOW = smtplib.SMTPDataError(451, b"not now")
REFUND = {"remedy": "REFUND", "description": "Ganti rugi", "amount": 400_000}
deliver = partial(deliver_as_told, tell=tell_undelivered)


@dataclass(frozen=True)
class Told:
    """Who hears it about which complaint, and what their page has to offer, by its address."""

    number: str
    hearer: str
    offered: tuple[str, ...] = ()


Happening = Callable[[Office], Told]
HAPPENINGS: dict[str, Happening] = {}


def happens(kind: str) -> Callable[[Happening], Happening]:
    def keep(happening: Happening) -> Happening:
        HAPPENINGS[kind] = happening
        return happening

    return keep


def at_place(office: Office, place: str | None = "020-1.6", **more: object) -> str:
    number = office.receive(**more)
    if place:
        office.walk(number, to=place)
    return number


def sweep_until(office: Office, at: datetime) -> None:
    fire_due(office.session, office.rules, at=at)
    office.session.commit()
    office.at = at


def by_customer(office: Office, number: str, step: Callable[..., None], **words: object) -> None:
    office.at += timedelta(minutes=5)
    step(open_case(office.session, number, by=CUSTOMER, at=office.at), **words)
    office.session.commit()


@happens("warn")
def _warn(office: Office) -> Told:
    number = at_place(office, None)
    sweep_until(office, office.at + timedelta(minutes=16))
    return Told(number, "csr", ("attestation",))


@happens("breach")
def _breach(office: Office) -> Told:
    number = at_place(office, "020-2.4")
    sweep_until(office, office.clocks(number)["plan"].due_at + timedelta(minutes=1))
    return Told(number, "csr", ("plan",))


@happens("from_customer")
def _from_customer(office: Office) -> Told:
    told = replace(given(channel="web", received_at=office.at), is_unchecked=True)
    number = complain(office.session, office.rules, told, at=office.at).number
    office.session.commit()
    return Told(number, "supervisor", ("assignment",))


@happens("escalation")
def _escalation(office: Office) -> Told:
    number = at_place(office)
    sweep_until(office, office.clocks(number)["plan"].due_at + timedelta(minutes=16))
    return Told(number, "supervisor", ("acknowledgement", "assignment"))


@happens("reminder")
def _reminder(office: Office) -> Told:
    number = at_place(office)
    for days in range(1, 12):
        sweep_until(office, office.clocks(number)["plan"].started_at + days * DAY)
    return Told(number, "manager", ("acknowledgement", "assignment"))


@happens("ack_expired")
def _expired(office: Office) -> Told:
    number = at_place(office)
    office.take(number, escalate_by_hand, reason="Pelanggan marah")
    office.take(number, acknowledge_escalation, by="supervisor", at=office.at)
    sweep_until(office, office.at + 5 * HOUR)
    return Told(number, "supervisor", ("acknowledgement",))


@happens("ack_expired_below")
def _expired_below(office: Office) -> Told:
    return Told(_expired(office).number, "manager", ("acknowledgement", "assignment"))


@happens("escalation_by_hand")
def _by_hand(office: Office) -> Told:
    number = at_place(office)
    office.take(number, escalate_by_hand, reason="Pelanggan marah")
    return Told(number, "supervisor", ("acknowledgement", "assignment"))


@happens("escalation_returned")
def _returned(office: Office) -> Told:
    number = _by_hand(office).number
    office.take(
        number,
        return_escalation,
        by="supervisor",
        at=office.at,
        instruction="Telepon pelanggan dulu",
    )
    return Told(number, "csr")


@happens("assigned")
def _assigned(office: Office) -> Told:
    number = at_place(office)
    to = {"handler": "officer@tanggap.example", "reason": "Giliran"}
    office.take(number, assign_complaint, by="supervisor", **to)
    return Told(number, "officer")


@happens("party_asked")
def _asked(office: Office) -> Told:
    return Told(at_place(office, "asked"), "officer", ("parties/acceptance",))


@happens("party_asked_nobody")
def _asked_nobody(office: Office) -> Told:
    who = update(User).where(User.id == office.id_of("officer"))
    office.session.execute(who.values(is_active=False))
    office.session.commit()
    return Told(at_place(office, "asked"), "supervisor", ("parties/acceptance", "parties"))


@happens("desk_handles")
def _desk(office: Office) -> Told:
    number = at_place(office, category="PTG_CSR")
    office.take(number, inform_parties, desk=True)
    return Told(number, "supervisor", ("parties",))


@happens("party_returned")
def _unit_returned(office: Office) -> Told:
    number = at_place(office, "asked")
    words = {"team": "TEKNIK", "answer": "returned", "reason": "Bukan jaringan"}
    office.take(number, answer_as_party, by="officer", **words)
    return Told(number, "csr", ("parties",))


@happens("offer_approval")
def _approval(office: Office) -> Told:
    number = at_place(office, "020-3.2")
    office.take(number, offer_solution, **REFUND)
    return Told(number, "supervisor", ("offer/approval",))


@happens("offer_approval_nobody")
def _nobody_may_approve(office: Office) -> Told:
    """Who was asked leaves, and the limits do not let anybody else."""
    number = at_place(office, "020-3.2")
    office.take(number, offer_solution, **{**REFUND, "amount": 20_000_000})
    boss = office.people["manager"]
    office.session.add(User(email="kepala@tanggap.example", name="Kepala", role=boss.role))
    row, by = authority_in_force(office.session), office.actor("admin")
    body = {**row.body, "limits": {"csr": 1, "supervisor": 1, "manager": 1}}
    save_authority(office.session, body, row.id, by=by, at=office.at)
    office.session.commit()
    close_account(office, "manager", TRAY)
    return Told(number, "csr", ("offer",))


@happens("offer_approved")
def _approved(office: Office) -> Told:
    number = _approval(office).number
    office.take(number, decide_offer, by="supervisor", answer="approved")
    return Told(number, "csr")


@happens("offer_rejected")
def _rejected(office: Office) -> Told:
    number = _approval(office).number
    office.take(number, decide_offer, by="supervisor", answer="rejected", reason="Terlalu besar")
    return Told(number, "csr")


@happens("customer_accepted")
def _accepted(office: Office) -> Told:
    number = at_place(office, "020-3.3")
    by_customer(office, number, answer_offer, answer="accepted")
    return Told(number, "csr", ("thanks", "commitments/done"))


@happens("customer_refused")
def _refused(office: Office) -> Told:
    number = at_place(office, "020-3.3")
    by_customer(office, number, answer_offer, answer="refused", reason="Kurang")
    return Told(number, "csr", ("offer",))


@happens("customer_thinking")
def _thinking(office: Office) -> Told:
    number = at_place(office, "020-3.3")
    by_customer(office, number, answer_offer, answer="thinking")
    return Told(number, "csr")


@happens("customer_withdrew")
def _withdrew(office: Office) -> Told:
    number = at_place(office)
    by_customer(office, number, withdraw_on_page, reason="Sudah menyala")
    return Told(number, "csr")


@happens("withdrawal_taken_back")
def _taken_back(office: Office) -> Told:
    number = _withdrew(office).number
    by_customer(office, number, take_back_withdrawal)
    return Told(number, "csr")


@happens("customer_reopened")
def _reopened_by_customer(office: Office) -> Told:
    number = at_place(office, "closed")
    by_customer(office, number, answer_follow_up, answer="no", text="Mati lagi")
    return Told(number, "csr", ("cause",))


@happens("customer_rated")
def _rated(office: Office) -> Told:
    number = at_place(office, "closed")
    by_customer(office, number, rate, given=RatingGiven({"overall": 5}))
    return Told(number, "csr")


@happens("low_rating")
def _rated_low(office: Office) -> Told:
    number = at_place(office, "closed")
    by_customer(office, number, rate, given=RatingGiven({"overall": 2}))
    return Told(number, "supervisor", ("note",))


@happens("customer_came_back")
def _came_back(office: Office) -> Told:
    number = at_place(office, "closed")
    office.at += 40 * DAY
    by_customer(office, number, write_message, text="Mati lagi")
    return Told(newest(office), "csr")


@happens("customer_objected")
def _objected(office: Office) -> Told:
    number = at_place(office, "020-3.3")
    by_customer(office, number, object_to, text="Kurang")
    return Told(number, "supervisor", ("message", "acknowledgement", "commitments/done"))


@happens("customer_asked")
def _asked_about(office: Office) -> Told:
    number = at_place(office, "020-3.3")
    by_customer(office, number, ask_about_offer, question="Kapan?")
    return Told(number, "csr", ("message",))


@happens("customer_wrote")
def _wrote(office: Office) -> Told:
    number = at_place(office)
    by_customer(office, number, write_message, text="Lampu modem merah")
    return Told(number, "csr")


@happens("awaited_came")
def _came(office: Office) -> Told:
    number = at_place(office)
    until = office.at + DAY
    office.take(number, pause_clocks, reason="Mohon kirim foto modem", until=until)
    by_customer(office, number, write_message, text="Ini fotonya")
    return Told(number, "csr", ("pause",))


@happens("named_as_witness")
def _named_as_witness(office: Office) -> Told:
    number = at_place(office, "020-3.3")
    office.take(number, take_answer, answer="accepted", method="phone", heard_by="Joko")
    return Told(number, "officer")


@happens("pause_ended")
def _pause_ended(office: Office) -> Told:
    number = at_place(office)
    until = office.at + DAY
    office.take(number, pause_clocks, reason="Mohon kirim foto modem", until=until)
    sweep_until(office, until + timedelta(minutes=1))
    return Told(number, "csr")


@happens("escalated_withdrawn")
def _escalated_withdrawn(office: Office) -> Told:
    number = _by_hand(office).number
    office.take(number, withdraw_complaint, reason="Sudah menyala lagi sendiri")
    return Told(number, "supervisor")


@happens("escalated_merged")
def _escalated_merged(office: Office) -> Told:
    original, number = at_place(office), _by_hand(office).number
    office.take(number, merge_complaint, into=original, reason="Gangguan yang sama")
    return Told(number, "supervisor")


@happens("duplicate_joined")
def _joined(office: Office) -> Told:
    original, number = at_place(office), at_place(office)
    words = {"into": original, "reason": "Gangguan yang sama"}
    office.take(number, merge_complaint, by="supervisor", **words)
    return Told(original, "csr", (f"/complaints/{number}",))


@happens("duplicate_joined_earlier")
def _joined_earlier(office: Office) -> Told:
    number = at_place(office)
    office.at += timedelta(days=1)
    original = at_place(office)
    words = {"into": original, "reason": "Gangguan yang sama"}
    office.take(number, merge_complaint, by="supervisor", **words)
    return Told(original, "csr", (f"/complaints/{number}",))


@happens("original_withdrawn")
def _original_withdrawn(office: Office) -> Told:
    original = at_place(office, who={"name": "Budi", "phone": "0813 9999 0000", "email": ""})
    number = at_place(office)
    office.take(number, merge_complaint, into=original, reason="Gangguan yang sama")
    office.take(original, withdraw_complaint, reason="Sudah menyala lagi sendiri")
    return Told(number, "csr", ("message",))


@happens("reopened")
def _reopened(office: Office) -> Told:
    number = at_place(office, "closed")
    office.take(number, reopen_complaint, by="supervisor", reason="Mati lagi")
    return Told(number, "csr")


@happens("signature_asked")
def _signature(office: Office) -> Told:
    number = at_place(office, "020-1.1")
    left = Unable("Pelanggan pergi sebelum ringkasan dibacakan")
    office.take(number, confirm_back, unable=left)
    office.walk(number, after="020-1.2", to="020-1.6")
    return Told(number, "supervisor", ("countersignature",))


@happens("exits_signed")
def _signed(office: Office) -> Told:
    number = _signature(office).number
    office.take(number, countersign, by="supervisor", at=office.at, answer="signed")
    return Told(number, "csr")


@happens("exits_returned")
def _unsigned(office: Office) -> Told:
    number = _signature(office).number
    words = {"answer": "refused", "reason": "Coba telepon sekali lagi"}
    office.take(number, countersign, by="supervisor", at=office.at, **words)
    return Told(number, "csr")


@happens("offer_reminder_due")
def _reminder_due(office: Office) -> Told:
    number = at_place(office, "020-3.2", who={"email": ""})
    office.take(
        number,
        offer_solution,
        remedy="PERBAIKAN",
        description="Kabel disambung hari ini",
        method="letter",
    )
    office.take(number, print_letter, letter=office.letters(number)[-1].id)
    office.at += 10 * DAY
    case = open_case(office.session, number, by=SYSTEM, at=office.at)
    assert remind_or_ask(case)
    office.session.commit()
    return Told(number, "csr", ("offer/reminder",))


@happens("extension_asked")
def _extension(office: Office) -> Told:
    number = at_place(office, "020-2.5")
    until = office.clocks(number)["resolve"].due_at + DAY
    office.take(number, ask_extension, until=until, reason="Menunggu suku cadang")
    return Told(number, "supervisor", ("extension/approval",))


@happens("extension_approved")
def _extended(office: Office) -> Told:
    number = _extension(office).number
    office.take(number, decide_extension, by="supervisor", answer="approved")
    return Told(number, "csr")


@happens("extension_rejected")
def _not_extended(office: Office) -> Told:
    number = _extension(office).number
    office.take(number, decide_extension, by="supervisor", answer="rejected")
    return Told(number, "csr")


@happens("extension_to_tell")
def _to_tell(office: Office) -> Told:
    number = at_place(office, "020-2.5", who={"email": ""})
    until = office.clocks(number)["resolve"].due_at + DAY
    office.take(number, ask_extension, until=until, reason="Menunggu suku cadang")
    office.take(number, decide_extension, by="supervisor", answer="approved")
    return Told(number, "csr", ("message",))


@happens("letter_lost")
def _lost(office: Office) -> Told:
    number = at_place(office)
    deliver(office, Hand(failing=NEVER), office.at)
    return Told(number, "csr", ("record", "message"))


@happens("letter_uncertain")
def _uncertain(office: Office) -> Told:
    number = at_place(office)
    hand = Hand(failing=Unanswered("TimeoutError"))
    deliver(office, hand, office.at)
    deliver(office, hand, office.at + HOUR)
    return Told(number, "csr", ("message",))


@happens("letter_delayed")
def _delayed(office: Office) -> Told:
    number = at_place(office)
    deliver(office, Hand(failing=NOT_NOW), office.at)
    return Told(number, "csr", ("message",))


@happens("letter_file_held_back")
def _held_back(office: Office) -> Told:
    number = at_place(office)
    row = attach(office, number)
    said = {"text": "Ini fotonya.", "direction": "out", "method": "email", "enclose": [row.id]}
    office.take(number, record_message, **said)
    reason = "Milik pelanggan lain"
    office.take(number, hide_attachment, attachment=row.id, reason=reason)
    deliver(office, Hand(), office.at)
    return Told(number, "csr", ("message",))


@happens("letter_held_up")
def _held_up(office: Office) -> Told:
    number = at_place(office)
    sessions = sessionmaker(office.engine, expire_on_commit=False)
    hand = Hand(failing=Unreachable("ConnectionRefusedError"))
    context = WorkerContext(sessions, OFFICE, hand)
    for minutes in (0, 31):
        context.way_opens = float("-inf")
        deliver_messages(context, office.at + timedelta(minutes=minutes))
    return Told(number, "csr", ("message", "letters/"))


@happens("mail_closed")
def _mail_closed(office: Office) -> Told:
    return Told(_held_up(office).number, "admin")


@happens("delivery_missed")
def _missed(office: Office) -> Told:
    number = closed(office)
    sweep_until(office, office.clocks(number)["commitment"].due_at + timedelta(minutes=1))
    return Told(number, "csr", ("commitments/done", "message"))


@happens("clocks_ended")
def _clocks_ended(office: Office) -> Told:
    switch(office, FRONT_DESK, LAW)
    number = at_place(office, None)
    escalate(office, office.clocks(number)["legal"].due_at + 5 * DAY)
    switch(office, FRONT_DESK)
    return Told(number, "manager", ("acknowledgement",))


@happens("miss_corrected")
def _miss_corrected(office: Office) -> Told:
    _, number = merged(office)
    fire_due(office.session, office.rules, at=MONDAY, limit=500)
    office.session.commit()
    part(office, number, MONDAY + HOUR)
    return Told(number, "manager")


@happens("work_handed_over")
def _handed_over(office: Office) -> Told:
    number = at_place(office)
    close_account(office, "csr", "officer@tanggap.example")
    return Told(number, "officer")


@happens("work_to_give_out")
def _to_give_out(office: Office) -> Told:
    number = at_place(office)
    close_account(office, "csr", TRAY)
    return Told(number, "supervisor", ("assignment",))


def _mail(office: Office, raw: bytes) -> None:
    office.session.commit()
    sessions = sessionmaker(office.engine, expire_on_commit=False)
    intake_message(sessions, raw, origin=Origin(), office=OFFICE, at=office.at)


@happens("mailbox_silent")
def _mailbox_silent(office: Office) -> Told:
    number = office.receive()
    with sessionmaker(office.engine).begin() as session:
        claim_mailbox(session, "layanan", office.at)
        note_failure(session, "layanan", "TimeoutError", office.at + timedelta(minutes=16))
    return Told(number, "admin")


@happens("webhook_gone")
def _webhook_gone(office: Office) -> Told:
    hooks = Hooks(office)
    with listening(statuses=[410]) as endpoint:
        hooks.add(endpoint.url)
        number = hooks.receive()
        hooks.deliver()
    return Told(number, "admin")


@happens("webhook_failing")
def _webhook_failing(office: Office) -> Told:
    hooks = Hooks(office)
    with listening(statuses=[500]) as endpoint:
        hooks.add(endpoint.url)
        number = hooks.receive()
        hooks.deliver()
        hooks.deliver(after=timedelta(days=5))
    return Told(number, "admin")


@happens("mail_to_sort")
def _to_sort(office: Office) -> Told:
    number = office.receive()
    _mail(office, mail("Saya cabut", From="lain@tempat.example", Subject=number))
    return Told(number, "supervisor")


@happens("mail_elsewhere")
def _mail_elsewhere(office: Office) -> Told:
    add_makassar(office)
    _mail(office, mail("Internet mati sejak kemarin.", To=f"{OURS}, makassar@tanggap.example"))
    return Told("KLH-2026-000001", "manager")


@happens("mail_files_left")
def _files_left(office: Office) -> Told:
    number = office.receive()
    use_files(FileSettings(file_settings().url, FileLimits(most_bytes=1)))
    file = "Content-Type: application/pdf\n\n%PDF-1.4"
    text = "Content-Type: text/plain\n\nIni fotonya."
    _mail(office, multipart(text, file, headers={"Subject": number}))
    return Told(number, "csr")


@happens("observed")
def _observed(office: Office) -> Told:
    number = office.receive()
    given = ObservationGiven(
        "std2-menyimak", 3, "Menyimak sampai selesai tanpa memotong.", None, number
    )
    record_observation(
        office.session,
        office.id_of("csr"),
        given,
        by=office.actor("supervisor"),
        at=office.at,
        today=office.at.date(),
    )
    office.session.commit()
    return Told(number, "csr")


def _incident(office: Office, number: str) -> str:
    """An open incident that the complaint is part of."""
    by = office.actor("supervisor")
    given = IncidentGiven(title="Kabel terputus", words="Kabel terputus dan sedang disambung.")
    made = incident_number(open_incident(office.session, office.rules, given, by=by, at=office.at))
    office.session.commit()
    link_each(office.session, made, [number], by=by, at=office.at)
    return made


@happens("incident_task")
def _incident_task(office: Office) -> Told:
    number = office.receive(who={"email": ""})
    made = _incident(office, number)
    by = office.actor("supervisor")
    tell(office.session, made, text="", text_en="", by=by, at=office.at)
    return Told(number, "csr", ("message",))


@happens("incident_untold")
def _incident_untold(office: Office) -> Told:
    number = office.receive()
    made = _incident(office, number)
    by = office.actor("supervisor")
    tell_all(office.session, office.rules, made, by=by, at=office.at)
    office.session.commit()
    (telling,) = office.rows(IncidentTelling, number)
    for _ in range(4):
        note_untold(office.open(number, "supervisor"), telling, "RuntimeError")
        office.session.commit()
    return Told(number, "csr", ("message",))


@happens("incident_closed")
def _incident_closed(office: Office) -> Told:
    number = office.receive()
    made = _incident(office, number)
    close(office.session, made, text="", by=office.actor("supervisor"), at=office.at)
    return Told(number, "csr")


@happens("spike")
def _spike(office: Office) -> Told:
    numbers = [office.receive() for _ in range(6)]
    look_for_spikes(office.session, office.rules, at=office.at + timedelta(minutes=5))
    office.session.commit()
    return Told(numbers[-1], "supervisor")


@happens("spike_everywhere")
def _spike_everywhere(office: Office) -> Told:
    numbers = [office.receive() for _ in range(3)]
    for nth in range(3):
        who = {"phone": "", "email": f"m{nth}@x.example"}
        office.receive(by="csr2", branch="MKS", who=who)
    look_for_spikes(office.session, office.rules, at=office.at + timedelta(minutes=5))
    office.session.commit()
    return Told(numbers[-1], "manager")


@happens("complaint_renamed")
def _complaint_renamed(office: Office) -> Told:
    number = office.receive()
    office.take(number, rename_complaint, kind="INFORMASI", reason="Hanya menanyakan jam buka")
    return Told(number, "supervisor")


@happens("escalated_renamed")
def _escalated_renamed(office: Office) -> Told:
    number = office.receive()
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu di loket")
    office.take(number, rename_complaint, kind="INFORMASI", reason="Hanya menanyakan jam buka")
    return Told(number, "supervisor")


@happens("contact_from_customer")
def _contact_from_customer(office: Office) -> Told:
    given = ComplaintGiven(
        customer=SITI, channel="web", story="Jam buka?", branch="JKT", received_at=office.at
    )
    number = ask_us(office.session, office.rules, "INFORMASI", given, at=office.at).number
    office.session.commit()
    return Told(number, "supervisor", (f"/contacts/{number}/end",))


@happens("contact_handed")
def _contact_handed(office: Office) -> Told:
    number = contacts.take(office, "PERMINTAAN", words="Minta pindah alamat pemasangan")
    contacts.act(office, number, hand_over, team="TEKNIK", note="Alamat baru", reference="SO-1")
    return Told(number, "officer", (f"/contacts/{number}/end",))


@happens("contact_noted")
def _contact_noted(office: Office) -> Told:
    number = contacts.take(office, "SARAN", words="Tambah kursi di ruang tunggu")
    contacts.end(office, number, team="TAGIHAN")
    return Told(number, "billing")


@happens("contact_praise")
def _contact_praise(office: Office) -> Told:
    number = contacts.take(office, "PUJIAN", words="Joko datang tepat waktu dan ramah")
    contacts.end(office, number, person="joko", words="Terima kasih", method="spoken")
    return Told(number, "officer")


@happens("mentioned")
def _mentioned(office: Office) -> Told:
    number = office.receive()
    office.take(number, write_note, text="Tolong lihat, @supervisor")
    return Told(number, "supervisor")


def _followed(office: Office) -> Told:
    """A complaint from its receipt to its end, with a follower, and a customer who takes time."""
    number = office.receive()
    office.take(number, follow_complaint, by="auditor")
    said = {"text": "Belum ada kabar", "direction": "in", "method": "phone"}
    office.take(number, record_message, **said)
    office.walk(number)
    return Told(number, "auditor")


@happens("followed_undecided")
def _followed_undecided(office: Office) -> Told:
    number = at_place(office, "020-3.3")
    office.take(number, follow_complaint, by="auditor")
    office.take(number, take_answer, answer="thinking")
    return Told(number, "auditor")


for _kind in (
    "followed_moved",
    "followed_offered",
    "followed_accepted",
    "followed_message",
    "followed_ended",
):
    happens(_kind)(_followed)


#: What is asked for somewhere else than on the complaint: kind → page, and what stands there.
ELSEWHERE = {
    "work_handed_over": "/",
    "work_to_give_out": "/orphans",
    "mail_to_sort": "/mail",
    "observed": "/observations",
}


#: What a sentence asks for → the address under the complaint that has to be there for it.
ASKED = {
    r"\backnowledge\b": "acknowledgement",
    r"take it over|assign it to": "assignment",
    r"Accept it, or return|Answer for the unit": "parties/acceptance",
    r"another one asked|choose another unit|handles .* at the desk": "parties",
    r"to approve an offer": "offer/approval",
    r"asks to move the deadline": "extension/approval",
    r"Sign them": "countersignature",
    r"Remind the customer": "offer/reminder",
    r"Offer an alternative|offer less": "offer",
    r"Thank them": "thanks",
    r"carry it out|Deliver it": "commitments/done",
    r"Tell your customer|tell (?:the customer|them)|Ask the customer|as a message": "message",
    r"Check the email address": "record",
    r"what we were waiting for": "pause",
    r"each complaint says what waits": "letters/",
    # There is no such thing for a letter to a customer.
    r"send (?:it|them) again|resend|try again": "letters/sending",
}


def places_of(number: str, noun: str) -> tuple[str, ...]:
    """Where a noun is recorded: its own form, or its part of a conversation's page."""
    faces = ACTS[noun].faces.values() if noun in ACTS else ()
    talks = {face.conversation for face in faces} - {""}
    return tuple(
        f"/complaints/{number}/{each}"
        for each in (noun, *(f"{talk}#part-{noun}" for talk in talks))
    )


def _public_post(hearer: str, later: timedelta) -> Callable[[Office], Told]:
    """What the ladder says of a post that nobody answers, so long after its time."""

    def happen(office: Office) -> Told:
        number = posts.take(office)
        due = posts.post(office, number).due_at
        if later > timedelta(days=1):
            posts.sweep(office, due + timedelta(days=1))
        posts.sweep(office, due + later)
        return Told(number, hearer, (f"/posts/{number}/reply",) if hearer != "manager" else ())

    return happen


happens("post_warn")(_public_post("csr", -timedelta(minutes=30)))
happens("post_late")(_public_post("csr", timedelta(seconds=1)))
happens("post_escalated")(_public_post("supervisor", timedelta(minutes=20)))
happens("post_reminder")(_public_post("manager", timedelta(days=5)))


@happens("post_set_aside")
def _post_set_aside(office: Office) -> Told:
    number = posts.take(office)
    posts.act(office, number, set_aside, reason=posts.WHY)
    return Told(number, "supervisor", (f"/posts/{number}/taking-up",))


@happens("action_given")
def _action_given(office: Office) -> Told:
    number = improvement.raised(office)
    return Told(number, "csr", (f"/corrective-actions/{number}/done",))


@happens("action_late")
def _action_late(office: Office) -> Told:
    number = improvement.raised(office)
    improvement.sweep(office, office.at + timedelta(days=10))
    return Told(number, "csr", (f"/corrective-actions/{number}/done",))


@happens("action_moved")
def _action_moved(office: Office) -> Told:
    number = improvement.raised(office)
    moved = {"reason": improvement.WHY, "due_on": improvement.DUE + timedelta(days=7)}
    improvement.act(office, number, change_action, "supervisor", **moved)
    return Told(number, "csr", (f"/corrective-actions/{number}/done",))


@happens("action_taken")
def _action_taken(office: Office) -> Told:
    number = improvement.raised(office, owner="supervisor@tanggap.example")
    given = {"reason": improvement.WHY, "owner": "csr@tanggap.example"}
    improvement.act(office, number, change_action, "manager", **given)
    return Told(number, "supervisor")


@happens("action_dropped")
def _action_dropped(office: Office) -> Told:
    number = improvement.raised(office)
    improvement.act(office, number, drop_action, "supervisor", reason=improvement.WHY)
    return Told(number, "csr")


@happens("action_ripe")
def _action_ripe(office: Office) -> Told:
    number = improvement.raised(office)
    improvement.act(office, number, finish_action, "csr", evidence=improvement.SHOWN)
    improvement.sweep(office, office.at + timedelta(days=31))
    return Told(number, "supervisor", (f"/corrective-actions/{number}/verification",))


@happens("action_done")
def _action_done(office: Office) -> Told:
    number = improvement.raised(office)
    improvement.act(office, number, finish_action, "csr", evidence=improvement.SHOWN)
    return Told(number, "supervisor", (f"/corrective-actions/{number}/verification",))


@happens("review_due")
def _review_due(office: Office) -> Told:
    number = reviews.concluded(office)
    reviews.sweep(office, office.at + timedelta(days=85))
    return Told(number, "manager")


@pytest.mark.usefixtures("merged_as_before")
@pytest.mark.parametrize("kind", NOTICE_SENTENCES)
def test_what_a_notification_asks_for_is_there(office: Office, at_desk, wall: Wall, kind: str):
    told = HAPPENINGS[kind](office)
    sentence = NOTICE_SENTENCES[kind].sentence
    asked = {noun for words, noun in ASKED.items() if re.search(words, sentence, re.IGNORECASE)}
    assert asked <= set(told.offered)
    wall.at = office.at
    stored = "escalation" if kind == "escalation_by_hand" else kind
    assert [each for each in office.notices(told.hearer) if each.kind == stored], "not told"
    desk = at_desk(told.hearer)
    pages = {
        "KTK": "contacts",
        "PUB": "posts",
        "TPB": "corrective-actions",
        "RTM": "management-reviews",
    }
    kept = pages.get(told.number[:3], "complaints")
    shown = desk.get(f"/{kept}/{told.number}")
    addresses = {str(each.get("href") or each.get("action")) for each in shown.all("main a, form")}
    for noun in told.offered:
        wanted = (noun,) if noun.startswith("/") else places_of(told.number, noun)
        assert any(each.startswith(wanted) for each in addresses), noun
    if kind in ELSEWHERE:
        assert told.number in desk.get(ELSEWHERE[kind]).main


#: Kind of clock → what its owner's page has for the next step that the notice names.
NEXT = {
    "ack": (None, ("attestation",)),
    "internal_accept": ("asked", ("parties", "message")),
    "plan": ("020-2.4", ("plan",)),
    "progress": ("020-2.5", ("message",)),
    "resolve": ("020-2.5", ("cause", "message")),
    "legal": ("020-2.5", ("cause", "message")),
    "commitment": ("020-2.5", ("commitments/done",)),
}


@pytest.mark.parametrize("kind", NEXT_STEPS)
def test_the_next_step_that_a_late_clock_names_is_on_the_page(
    office: Office, at_desk, wall: Wall, kind: str
):
    place, offered = NEXT[kind]
    number = at_place(office, place)
    wall.at = office.at
    # A unit's acceptance is the handler's to get, who asks it, or another one, again.
    shown = at_desk("csr").get(f"/complaints/{number}")
    addresses = {str(each.get("href") or each.get("action")) for each in shown.all("main a, form")}
    for noun in offered:
        assert any(each.startswith(places_of(number, noun)) for each in addresses), noun
