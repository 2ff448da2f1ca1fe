"""A small office with its people, and the road every complaint walks, for tests of any package.

The people stand in fixed relations: `csr` of Jakarta answers to `supervisor`, she to `manager` at
head office; `officer` sits in the technical team; `csr2` of Makassar is the outsider.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from complaints.domain.accounts.tokens import fingerprint
from complaints.domain.evidence import EvidenceItem
from complaints.domain.permissions import Actor
from complaints.domain.policies.whatif import RuleKind
from complaints.domain.words.exits import Unable
from complaints.models import (
    ApiToken,
    Branch,
    Complaint,
    Deadline,
    HistoryEntry,
    Notice,
    OutboxMessage,
    RuleVersion,
    Team,
    Timer,
    User,
)
from complaints.people.customers import CustomerGiven
from complaints.rulebook import RuleBook, current_rules
from complaints.rules.edit import Proposal, rule_in_force, save_rule
from complaints.rules.load import load_rules
from complaints.steps.advance import evidence, missing_now
from complaints.steps.answer import take_answer
from complaints.steps.apologise import send_apology
from complaints.steps.attest import attest_listening
from complaints.steps.case import Case, open_case
from complaints.steps.casework.remind import remind_of_offer
from complaints.steps.close import close_complaint
from complaints.steps.commitments.settle import keep_commitments
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.confirm import confirm_back
from complaints.steps.explain import explain_cause
from complaints.steps.find_cause import find_cause
from complaints.steps.inform import answer_as_party, inform_parties
from complaints.steps.inform_standard import inform_standard
from complaints.steps.note_condition import note_condition
from complaints.steps.offer import offer_solution
from complaints.steps.plan import draw_up_plan
from complaints.steps.prioritise import set_priority
from complaints.steps.promise import promise_deadline
from complaints.steps.receive import ComplaintGiven, receive_complaint
from complaints.steps.register import register_complaint
from complaints.steps.thank import thank_customer
from tests.conftest import NOW, initialise
from tests.databases import onward_from
from tests.kept import once

# name: role, branch, team, superior
PEOPLE: dict[str, tuple[str, str | None, str | None, str | None]] = {
    "manager": ("manager", None, None, None),
    "supervisor": ("supervisor", "JKT", None, "manager"),
    "csr": ("csr", "JKT", None, "supervisor"),
    "csr2": ("csr", "MKS", None, None),
    "officer": ("officer", "JKT", "TEKNIK", "supervisor"),
    "billing": ("officer", "JKT", "TAGIHAN", "supervisor"),
    "auditor": ("auditor", None, None, None),
    "admin": ("admin", None, None, None),
}

#: An officer by the name of Officer would pass for a word that nobody translated.
CALLED = {"officer": "Joko"}

Call = tuple[str, str, Callable[..., None], dict[str, Any]]

#: Criterion or act, who does it, the step, and what is said: from intake to the end.
ROAD: list[Call] = [
    ("020-1.1", "csr", attest_listening, {"listened": True}),
    ("020-1.2", "csr", confirm_back, {"summary": "Internet mati sejak kemarin", "answer": "yes"}),
    ("020-1.3", "csr", send_apology, {"stage": "intake"}),
    ("020-1.4", "csr", promise_deadline, {"steps": [StepGiven("Memeriksa jaringan")]}),
    ("020-1.6", "csr", register_complaint, {}),
    ("asked", "csr", inform_parties, {"teams": ["TEKNIK"]}),
    ("020-2.1", "officer", answer_as_party, {"team": "TEKNIK", "answer": "accepted"}),
    (
        "020-2.2",
        "csr",
        find_cause,
        {"stage": "preliminary", "code": "JARINGAN", "text": "Kabel putus"},
    ),
    ("020-2.3", "csr", note_condition, {"none": True}),
    ("020-2.4", "csr", set_priority, {}),
    ("020-2.5", "csr", draw_up_plan, {"steps": [StepGiven("Menyambung kabel", "TEKNIK")]}),
    (
        "confirmed",
        "officer",
        find_cause,
        {"stage": "confirmed", "code": "JARINGAN", "text": "Kabel putus oleh galian"},
    ),
    ("020-3.1", "csr", send_apology, {"stage": "resolution"}),
    ("020-3.2", "csr", explain_cause, {"text": "Kabel terputus oleh galian", "view": "agrees"}),
    ("020-3.3", "csr", offer_solution, {"remedy": "PERBAIKAN", "description": "Kabel disambung"}),
    ("020-3.4", "csr", take_answer, {"answer": "accepted"}),
    ("020-3.6", "csr", thank_customer, {}),
    ("020-3.7", "csr", inform_standard, {"all_items": True}),
    ("kept", "csr", keep_commitments, {"everything": True, "note": "Joko melapor selesai"}),
    ("closed", "csr", close_complaint, {}),
]

STORY = "Internet di rumah mati sejak kemarin sore."


def given(**more: Any) -> ComplaintGiven:
    """A complaint as told at the counter in Jakarta."""
    customer = {"name": "Siti Aminah", "salutation": "Ibu", "phone": "0812 3456 7890"}
    told: dict[str, Any] = {
        "channel": "walk_in",
        "story": STORY,
        "branch": "JKT",
        "received_at": NOW,
        "category": "GGN_MATI",
        **more,
    }
    who = CustomerGiven(**{**customer, "email": "siti@pelanggan.example", **told.pop("who", {})})
    return ComplaintGiven(customer=who, **told)


@onward_from(initialise)
def staff(url: str) -> None:
    """Hire everybody for what `complaints init` leaves, and give each a token."""
    from complaints.db import make_engine

    engine = make_engine(url)
    with Session(engine) as session, session.begin():
        branches = {branch.code: branch.id for branch in session.scalars(select(Branch))}
        teams = {team.code: team.id for team in session.scalars(select(Team))}
        hired: dict[str, User] = {}
        for name, (role, branch, team, superior) in PEOPLE.items():
            hired[name] = user = User(
                email=f"{name}@tanggap.example",
                name=CALLED.get(name, name.title()),
                role=role,
                branch_id=branches[branch] if branch else None,
                team_id=teams[team] if team else None,
                supervisor_id=hired[superior].id if superior else None,
            )
            session.add(user)
            session.flush()
            token = ApiToken(
                user_id=user.id,
                token_hash=fingerprint(f"token of {name}"),
                created_at=NOW,
                expires_at=NOW + timedelta(days=3650),
            )
            session.add(token)
    engine.dispose()


@dataclass
class Office:
    """One session at work; each step happens five minutes after the one before."""

    engine: Engine
    session: Session
    at: datetime = NOW
    people: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for user in self.session.scalars(select(User)):
            self.people[user.email.partition("@")[0]] = user
        self.session.commit()

    @property
    def rules(self) -> RuleBook:
        return current_rules(self.session)

    def actor(self, name: str) -> Actor:
        return self.people[name].actor

    def id_of(self, name: str) -> int:
        return self.people[name].id

    def switch_on(self, *codes: str) -> None:
        """Let further policies hold, as an administrator does, for what begins from now on."""
        policies = [*self.rules.policy_codes, *codes]
        self.edit(RuleKind.SWITCHES, RuleKind.SWITCHES.value, policies=policies)

    def switch_off(self, *codes: str) -> None:
        """Let these policies hold no longer for what begins from now on."""
        policies = [policy.code for policy in self.rules.policies if policy.code not in codes]
        self.edit(RuleKind.SWITCHES, RuleKind.SWITCHES.value, policies=policies)

    def edit(self, kind: RuleKind, code: str, **changes: Any) -> None:
        """Save a rule with these parts changed, as an administrator does on its page."""
        row = rule_in_force(self.session, kind, code)
        proposal = Proposal(kind, code, {**row.body, **changes}, row.id)
        save_rule(self.session, self.rules, proposal, by=self.actor("admin"), at=self.at)
        self.session.commit()

    def load_organisation(self, **changes: Any) -> None:
        """Load the organisation with these parts changed, as `complaints init` does from files."""
        newest: dict[str, dict[str, dict[str, Any]]] = {}
        for row in self.session.scalars(select(RuleVersion).order_by(RuleVersion.id)):
            newest.setdefault(row.kind, {})[row.code] = row.body
        (code,) = newest["organisation"]
        newest["organisation"][code] = {**newest["organisation"][code], **changes}
        load_rules(self.session, newest, by="tests", at=self.at)
        self.session.commit()

    def receive(self, by: str = "csr", at: datetime | None = None, **more: Any) -> str:
        """Record a complaint; returns its number."""
        at = at or self.at
        told = given(**{"received_at": at, **more})

        def receive() -> str:
            case = receive_complaint(self.session, self.rules, told, by=self.actor(by), at=at)
            self.session.commit()
            return case.number

        return once(self.session, ("receive", told, by, at), receive)

    def open(self, number: str, by: str = "csr", at: datetime | None = None, **more: Any) -> Case:
        self.at = at or self.at + timedelta(minutes=5)
        return open_case(self.session, number, by=self.actor(by), at=self.at, **more)

    def take(
        self,
        number: str,
        step: Callable[..., None],
        /,
        by: str = "csr",
        at: datetime | None = None,
        **words: Any,
    ) -> Complaint:
        """Take one step as this person and commit it; a refusal leaves nothing behind."""
        try:
            case = self.open(number, by, at)
            step(case, **words)
        except Exception:
            self.session.rollback()
            raise
        self.session.commit()
        return case.complaint

    def post(self, number: str) -> None:
        """Let what waits for the mail server leave now."""
        for letter in self.letters(number):
            if letter.state == "queued":
                letter.state, letter.sent_at = "sent", self.at
        self.session.commit()

    def promise_anew(self, number: str) -> None:
        """Tell the customer of a complaint that is open again by when they hear from us."""
        self.take(number, promise_deadline, steps=[StepGiven("Memeriksa sekali lagi")])

    def wait_in_vain(self, number: str, unable: Unable) -> None:
        """Nobody answers the offer that was sent, nor the reminder of it."""
        self.post(number)
        self.take(number, remind_of_offer, at=self.at + timedelta(days=7))
        self.post(number)
        self.take(number, take_answer, at=self.at + timedelta(days=7), unable=unable)

    def walk(
        self,
        number: str,
        *,
        to: str | None = None,
        after: str | None = None,
        skip: Collection[str] = (),
    ) -> None:
        """Walk the road to and including `to`, from behind `after`, leaving out what is skipped."""

        def walk() -> datetime:
            for name, by, step, words in road(to=to, after=after):
                if name not in skip:
                    said = dict(words)
                    if name == "020-1.2" and not self._is_oral(number):
                        said["method"] = "phone"
                    self.take(number, step, by=by, **said)
            return self.at

        what = ("walk", number, to, after, frozenset(skip), self.at)
        self.at = once(self.session, what, walk)

    def _is_oral(self, number: str) -> bool:
        return self.rules.taxonomy.channels[self.complaint(number).channel].oral

    def complaint(self, number: str) -> Complaint:
        query = select(Complaint).where(Complaint.id == int(number.rpartition("-")[2]))
        return self.session.scalars(query.execution_options(populate_existing=True)).one()

    def missing(self, number: str) -> tuple[str, ...]:
        case = self.open(number, "supervisor")
        items = evidence(self.session, self.rules, case.complaint)
        missing = missing_now(items, case.complaint.status)
        self.session.commit()
        return missing

    def states(self, number: str) -> dict[str, str]:
        """Criterion → state."""
        case = self.open(number, "supervisor")
        items = evidence(self.session, self.rules, case.complaint)
        self.session.commit()
        return {item.criterion: item.state.value for item in items}

    def evidence(self, number: str) -> Sequence[EvidenceItem]:
        """The eighteen criteria as they stand."""
        case = self.open(number, "supervisor")
        items = evidence(self.session, self.rules, case.complaint)
        self.session.commit()
        return items

    def notices(self, name: str) -> list[Notice]:
        """A person's notifications in the order they came."""
        query = select(Notice).where(Notice.user_id == self.id_of(name)).order_by(Notice.id)
        rows = list(self.session.scalars(query))
        self.session.commit()
        return rows

    def clocks(self, number: str) -> dict[str, Deadline]:
        """The latest clock of each kind."""
        return {each.kind: each for each in self.rows(Deadline, number)}

    def history(self, number: str) -> list[HistoryEntry]:
        return list(self.rows(HistoryEntry, number))

    def letters(self, number: str) -> list[OutboxMessage]:
        return list(self.rows(OutboxMessage, number))

    def timers(self, number: str) -> list[Timer]:
        return list(self.rows(Timer, number))

    def overdue(self, at: datetime) -> int:
        """How many timers are due by `at`; those of the top's reminders lie ahead for ever."""
        query = select(func.count()).select_from(Timer).where(Timer.fire_at <= at)
        found = self.session.scalar(query) or 0
        self.session.commit()
        return found

    def rows(self, table: Any, number: str) -> Sequence[Any]:
        """The rows of a table that belong to the complaint, as stored."""
        complaint_id = int(number.rpartition("-")[2])
        query = select(table).where(table.complaint_id == complaint_id).order_by(table.id)
        rows = self.session.scalars(query.execution_options(populate_existing=True)).all()
        self.session.commit()
        return rows

    def count(self, table: Any) -> int:
        found = self.session.scalar(select(func.count()).select_from(table)) or 0
        self.session.commit()
        return found


def road(*, to: str | None = None, after: str | None = None) -> Iterator[Call]:
    """The road between two places."""
    is_on = after is None
    for call in ROAD:
        if is_on:
            yield call
            if call[0] == to:
                return
        elif call[0] == after:
            is_on = True
