"""What stands on the stage: true records in every state, and work at every login."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.deadlines import OUTCOME_KINDS
from complaints.domain.ledger import rebuild
from complaints.domain.lifecycle import OPEN, Action, Status
from complaints.domain.permissions import Actor
from complaints.domain.public_posts.acts import PostState
from complaints.models import (
    Answer,
    Branch,
    Complaint,
    CorrectiveAction,
    Customer,
    Deadline,
    Escalation,
    Exit,
    Extension,
    HistoryEntry,
    Incident,
    IncidentLink,
    IncidentTelling,
    LedgerEntry,
    Note,
    Notice,
    Observation,
    Offer,
    OutboxMessage,
    Party,
    StepRecord,
    Team,
    Timer,
    User,
)
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.lists.board import read_board
from complaints.queries.lists.worklist import ListFilters, list_complaints
from complaints.queries.other_contacts.lists import Asked as ContactsAsked
from complaints.queries.other_contacts.lists import list_contacts
from complaints.queries.public_posts.lists import PostsAsked, list_posts
from complaints.queries.reports.figures import deadline_report
from complaints.rulebook import RuleBook, read_entry
from complaints.seed.people import LOGINS, PASSWORD, demonstration_logins
from tests.conftest import NOW
from tests.seed import conftest

TODAY_ENDS = NOW.replace(hour=9, minute=0)  # 16.00 in Jakarta


def test_nothing_was_refused(session: Session):
    assert conftest.made[-1].refused == 0
    assert conftest.made[-1].complaints == session.scalar(select(func.count(Complaint.id)))
    assert conftest.made[-1].people == session.scalar(select(func.count(User.id))) == len(LOGINS)


def test_the_people_of_the_contract_sit_where_it_says(session: Session):
    query = (
        select(User.email, User.role, Branch.code.label("branch"), Team.code.label("team"))
        .outerjoin(Branch, Branch.id == User.branch_id)
        .outerjoin(Team, Team.id == User.team_id)
    )
    seats = {row[0].split("@")[0]: tuple(row[1:]) for row in session.execute(query)}
    assert {login: seats[login] for login in CONTRACT} == CONTRACT
    assert {"MKS", "JYP"} <= {branch for role, branch, _ in seats.values() if role == "supervisor"}
    assert len([1 for role, branch, _ in seats.values() if (role, branch) == ("csr", "JKT")]) > 1
    leads = session.scalars(select(Team.lead_id)).all()
    assert leads
    assert None not in leads


CONTRACT = {
    "csr": ("csr", "JKT", None),
    "csr2": ("csr", "MKS", None),
    "officer": ("officer", "JKT", "TEKNIK"),
    "supervisor": ("supervisor", "JKT", None),
    "manager": ("manager", None, None),
    "auditor": ("auditor", None, None),
    "admin": ("admin", None, None),
}


def test_the_greeting_names_somebody_of_each_role_and_unit(session: Session):
    words = {word for _, seat in demonstration_logins(session) for word in seat.split()}
    roles = {role for role, _, _ in CONTRACT.values()}
    assert roles | set(session.scalars(select(Team.code))) <= words


def test_everybody_logs_in_with_the_one_password(session: Session):
    hashes = set(session.scalars(select(User.password_hash)))
    assert len(hashes) == 1
    assert PasswordHasher().verify(hashes.pop(), PASSWORD)


def test_the_line_leads_from_the_desk_to_head_office(session: Session):
    users = {user.id: user for user in session.scalars(select(User))}
    for user in users.values():
        if user.role == "csr":
            superior = users[user.supervisor_id]
            assert (superior.role, superior.branch_id) == ("supervisor", user.branch_id)
            assert users[superior.supervisor_id].role == "manager"


def test_every_state_and_every_kind_of_complaint_is_there(session: Session, rules: RuleBook):
    def values(column) -> set[object]:
        return set(session.scalars(select(column).distinct()))

    assert values(Complaint.status) == {status.value for status in Status}
    assert values(Complaint.channel) == set(rules.taxonomy.channels)
    assert values(Complaint.priority) == {"P1", "P2", "P3", "P4"}
    assert values(Customer.tier) == set(rules.taxonomy.tiers)
    needs = {need for row in session.scalars(select(Customer.needs)) for need in row}
    assert needs == set(rules.taxonomy.needs)
    assert values(Deadline.state) == {"running", "paused", "met", "breached", "cancelled"}
    assert {"SETUJU", "SETUJU_ALTERNATIF", "SEBAGIAN", "DITOLAK", "TANPA_JAWABAN", "DICABUT"} <= (
        values(Complaint.outcome)
    )
    assert {"BUKAN_WEWENANG", "SENGKETA"} & values(Complaint.outcome)
    assert session.scalar(select(func.count(Complaint.duplicate_of_id)))
    assert {2} <= values(Complaint.cycle)
    assert {True} <= values(Complaint.waiting_customer)
    assert {"open", "accepted", "refused", "waiting_approval"} <= values(Offer.state)
    assert {"accepted", "refused", "thinking"} <= values(Answer.answer)
    assert {"approved", None} <= values(Extension.answer)
    assert {"accepted", "returned", None} <= values(Party.answer)
    assert {"internal", "in", "out", "attempt"} == values(Note.direction)
    assert values(Escalation.level) >= {1, 2, 3}
    groups = {rules.taxonomy.categories[code].group for code in values(Complaint.category) if code}
    assert groups == set(rules.taxonomy.groups)


def test_what_people_do_is_in_the_history(session: Session):
    done = set(session.scalars(select(HistoryEntry.what).distinct()))
    # The first two need a rare card; nobody has changed a calendar yet, and no policy of the
    # demonstration waits for documents.
    rare = {Action.REJECT_OFFER, Action.RESUME, Action.RECALCULATE, Action.RETURN_ESCALATION}
    rare |= {Action.COMPLETE_DOCUMENTS, Action.RETURN_EXITS}
    # Here people remind of offers before Tanggap would ask them to.
    rare |= {Action.ASK_REMINDER}
    # Nobody has thought of one step more, and few deliveries are missed.
    rare |= {Action.CHANGE_CUSTOMER, Action.MERGE_CUSTOMERS, Action.UNMERGE_CUSTOMERS}
    rare |= {Action.RENEW_LINK}
    # The demonstration has no files of anybody.
    rare |= {Action.ATTACH, Action.HIDE_ATTACHMENT, Action.SHOW_ATTACHMENT}
    # Its customers are told of their pages and do not come to them by themselves.
    rare |= {Action.CONTINUE, Action.FOLLOW_UP, Action.RATE, Action.CONSENT, Action.OBJECT}
    rare |= {Action.NOT_ASKED, Action.ASK_RATING, Action.DECLINE_SURVEYS, Action.SEND_LINK}
    rare |= {Action.UNDERTAKE, Action.MISS_DELIVERY}
    # Nothing was linked by mistake, each story is one matter, and each is a complaint.
    rare |= {Action.LEAVE_INCIDENT, Action.LINK, Action.SPLIT, Action.RENAME}
    assert {action.value for action in set(Action) - rare} <= done


def test_the_honest_ways_out_are_used_now_and_then(session: Session):
    unable = Counter(
        session.scalars(select(StepRecord.criterion).where(StepRecord.is_unable.is_(True)))
    )
    assert {"020-3.4", "020-3.5"} <= set(unable)
    parties = select(StepRecord.detail).where(StepRecord.criterion == "020-2.1")
    left_out = [detail for detail in session.scalars(parties) if detail.get("not_needed")]
    assert left_out
    told = select(func.count(StepRecord.id))
    assert sum(unable.values()) < (session.scalar(told) or 0) * 0.05


def test_what_was_not_done_is_signed_by_somebody_else(session: Session):
    exits = session.scalars(select(Exit).where(Exit.kind == "unable")).all()
    assert {made.code for made in exits} >= {"silence", "nothing_else_allowed"}
    signed = [made for made in exits if made.state == "signed" and made.criterion != "020-3.5"]
    assert signed
    assert all(made.answered_by_id != made.by_id for made in signed)


def test_about_a_quarter_is_open_and_nine_in_ten_promises_are_kept(session: Session, people):
    open_ones = session.scalar(select(func.count()).where(Complaint.status.in_(OPEN)))
    assert 0.18 <= open_ones / conftest.COMPLAINTS <= 0.33
    report = deadline_report(
        session,
        people["manager"],
        (NOW - timedelta(days=130)).date(),
        NOW.date(),
        None,
        now=NOW,
    )
    kept = report.total.met + report.total.again_kept
    assert 0.84 <= kept / (kept + report.total.breached) <= 0.96
    assert report.total.breached >= 5


@pytest.mark.parametrize("login", ["csr", "csr2", "officer"])
def test_the_desk_has_something_late_something_today_and_something_next(
    session: Session, people: dict[str, Actor], login: str
):
    mine = ListFilters(status="open", handler="me")
    rows = list_complaints(session, people[login], mine, now=NOW).items
    dues = [row.next_due_at for row in rows if row.next_due_at]
    assert [due for due in dues if due < NOW]
    assert [due for due in dues if NOW <= due <= TODAY_ENDS]
    assert [due for due in dues if due > TODAY_ENDS]


@pytest.mark.parametrize("login", ["supervisor", "supervisor.mks", "manager"])
def test_the_board_has_something_to_decide(
    session: Session, rules: RuleBook, people: dict[str, Actor], login: str
):
    board = read_board(session, rules, people[login], now=NOW)
    assert any(card.is_mine for card in board.escalations)
    assert board.approvals


def test_a_supervisor_has_an_offer_and_an_extension_to_decide(
    session: Session, rules: RuleBook, people: dict[str, Actor]
):
    cards = read_board(session, rules, people["supervisor"], now=NOW).approvals
    assert any(card.remedy for card in cards)
    assert any(card.until for card in cards)
    limit = rules.authority.limit_of("supervisor")
    head_office = read_board(session, rules, people["manager"], now=NOW).approvals
    assert any((card.amount or 0) > limit for card in head_office)


def test_the_technical_team_is_asked_and_its_officer_told(session: Session, people):
    officer = people["officer"]
    query = select(func.count()).where(Party.team_id == officer.team_id, Party.answer.is_(None))
    assert session.scalar(query) >= 2
    unread = select(Notice.user_id).where(Notice.read_at.is_(None)).distinct()
    told = set(session.scalars(unread))
    assert {people[login].id for login in ("csr", "officer", "supervisor", "manager")} <= told
    everything = session.scalar(select(func.count(Notice.id)))
    fresh = session.scalar(select(func.count()).where(Notice.read_at.is_(None)))
    assert fresh < everything / 4


def test_every_list_that_a_newcomer_opens_has_something_in_it(
    session: Session, rules: RuleBook, people: dict[str, Actor]
):
    for login in ("csr", "supervisor", "manager"):
        contacts = list_contacts(session, rules, people[login], ContactsAsked(), limit=50)
        assert {each.kind for each in contacts.items} >= {"INFORMASI", "PERMINTAAN", "SARAN"}
        for state in PostState:
            asked = PostsAsked(state=state)
            assert list_posts(session, rules, people[login], asked, at=NOW, limit=50).items
    waiting = list_posts(session, rules, people["csr2"], PostsAsked(), at=NOW, limit=50)
    assert waiting.items
    (incident,) = session.scalars(select(Incident)).all()
    told = session.scalars(select(IncidentTelling.state)).all()
    assert len(told) >= 2
    assert set(told) <= {"told", "task", "with_another"}
    linked = select(func.count()).where(IncidentLink.incident_id == incident.id)
    assert session.scalar(linked) == len(told)
    assert (session.scalar(select(func.count(CorrectiveAction.id))) or 0) >= 3
    assert set(session.scalars(select(Observation.person_id))) == {
        people["csr"].id,
        people["csr2"].id,
    }


def test_every_hash_chain_holds(session: Session):
    proof = verify_history(session)
    assert proof["bad"] == []
    assert proof["checked"] == session.scalar(select(func.count(HistoryEntry.id)))


def test_every_due_time_is_what_its_ledger_says(session: Session, rules: RuleBook):
    entries = defaultdict(list)
    for row in session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)):
        entries[row.deadline_id].append(row)
    deadlines = session.scalars(select(Deadline)).all()
    assert len(entries) == len(deadlines)
    for deadline in deadlines:
        ledger = rebuild(read_entry(rules, row) for row in entries[deadline.id])
        assert ledger.due_at == deadline.due_at
        assert ledger.breached_at == deadline.breached_at
        assert ledger.ended_at == deadline.ended_at
        if deadline.breached_at is not None:
            assert deadline.breached_at <= deadline.due_at


def test_the_clocks_have_fired_up_to_now_and_stand_ready_for_the_next(session: Session):
    overdue = session.scalar(select(func.count()).where(Timer.fire_at <= NOW))
    assert overdue == 0
    missed = select(func.count()).where(
        Deadline.ended_at.is_(None), Deadline.due_at < NOW, Deadline.state == "running"
    )
    assert session.scalar(missed) == 0
    for complaint in session.scalars(select(Complaint).where(Complaint.status.in_(OPEN))):
        soonest = session.scalar(
            select(func.min(Deadline.due_at)).where(
                Deadline.complaint_id == complaint.id,
                Deadline.ended_at.is_(None),
                Deadline.kind != "commitment",
            )
        )
        assert complaint.next_due_at == soonest
    ended = select(func.count()).where(
        Complaint.status.not_in(OPEN), Complaint.next_due_at.is_not(None)
    )
    assert session.scalar(ended) == 0


def test_everything_happened_between_receipt_and_now(session: Session):
    received = dict(session.execute(select(Complaint.id, Complaint.received_at)).all())
    last: dict[int, HistoryEntry] = {}
    query = select(HistoryEntry).order_by(HistoryEntry.complaint_id, HistoryEntry.seq)
    for entry in session.scalars(query):
        assert received[entry.complaint_id] <= entry.at <= NOW
        before = last.get(entry.complaint_id)
        # A breach is written a moment after its own time.
        assert before is None or before.at - entry.at <= timedelta(seconds=10)
        last[entry.complaint_id] = entry
    query = select(HistoryEntry.at).where(HistoryEntry.seq == 1).order_by(HistoryEntry.complaint_id)
    written_down = session.scalars(query).all()
    assert written_down == sorted(written_down)


def test_a_deadline_told_is_kept_as_told(session: Session):
    outcome = Deadline.kind.in_(OUTCOME_KINDS)
    told = session.scalars(select(Deadline).where(outcome, Deadline.told_at.is_not(None))).all()
    assert len(told) > conftest.COMPLAINTS * 0.8
    extended = select(LedgerEntry.deadline_id).where(LedgerEntry.what == "extend")
    moved = set(session.scalars(extended))
    assert moved
    assert moved <= {deadline.id for deadline in told}


def test_no_letter_leaves_the_house(session: Session):
    # What was printed at the desk is on paper, and leaves by hand.
    others = OutboxMessage.kind.not_in(("conversation", "reminder")) & (
        OutboxMessage.via == "email"
    )
    assert set(session.scalars(select(OutboxMessage.state).where(others))) == {"demo"}
    assert set(session.scalars(select(OutboxMessage.sent_at).where(others))) == {None}
    kinds = set(session.scalars(select(OutboxMessage.kind)))
    assert {"receipt", "closed", "notice", "extended", "paused", "reminder"} <= kinds


def test_what_proves_something_left_came_back_or_was_replaced_and_nothing_waits_to_leave(
    session: Session,
):
    letters = select(OutboxMessage.via, OutboxMessage.state).where(
        OutboxMessage.kind == "conversation"
    )
    found = {tuple(row) for row in session.execute(letters)}
    assert {("email", "sent"), ("email", "bounced"), ("letter", "sent")} <= found
    assert ("email", "queued") not in found


def test_nobody_in_it_can_be_reached(session: Session):
    for customer in session.scalars(select(Customer)):
        assert re.fullmatch(r"628\d\d5550\d{4}", customer.phone)
        assert customer.email is None or customer.email.endswith("@pelanggan.example")
    addresses = set(session.scalars(select(OutboxMessage.to_address)))
    allowed = ("@pelanggan.example", "@tanggap.example")
    # A letter on paper has no address of its own.
    assert all(address.endswith(allowed) for address in addresses - {""})
    phones = session.scalars(select(Customer.phone)).all()
    assert len(phones) == len(set(phones))


def test_mondays_are_the_busiest_and_counters_are_closed_at_night(session: Session):
    desk = (
        select(Complaint.received_at, Branch.code)
        .join(Branch)
        .where(Complaint.channel == "walk_in")
    )
    zones = {"JKT": 7, "MKS": 8, "JYP": 9}
    for received_at, branch in session.execute(desk):
        local = received_at + timedelta(hours=zones[branch])
        assert 8 <= local.hour < 16
        assert local.weekday() < 5
    by_day = Counter(at.weekday() for at in session.scalars(select(Complaint.received_at)))
    assert by_day[0] > by_day[4]
    assert by_day[5] + by_day[6] < conftest.COMPLAINTS * 0.1
