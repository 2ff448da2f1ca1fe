"""A small organisation for the engine's tests: its rules from config/, its people and a complaint.

The people stand in fixed relations: Sari (CSR) answers to Budi (supervisor of Jakarta), Budi to
Maya (manager of Jakarta), Maya to Hendra (manager at head office); Rina is the CSR of Makassar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from complaints.channels.config_files import read_config
from complaints.models import Branch, Complaint, Deadline, Timer, User
from complaints.rulebook import RuleBook, current_rules
from complaints.steps.case import Case, open_case
from complaints.steps.load_rules import RuleData, load_rules
from complaints.steps.receive import ComplaintGiven, CustomerGiven, receive_complaint

CONFIG = Path(__file__).resolve().parents[2] / "config"


@dataclass
class Scene:
    """An engine on a database in which the organisation is at work."""

    engine: Engine
    start: datetime
    people: dict[str, int]

    def session(self) -> Session:
        return Session(self.engine)

    def rules(self, session: Session) -> RuleBook:
        return current_rules(session)

    def receive(
        self,
        at: datetime | None = None,
        *,
        by: str = "sari",
        branch: str = "JKT",
        email: str = "ani@pelanggan.example",
        count: int = 1,
    ) -> list[int]:
        """Complaints received at the desk by `by`; returns their ids."""
        at = at or self.start
        with Session(self.engine) as session, session.begin():
            rules, person = current_rules(session), session.get_one(User, self.people[by])
            given = ComplaintGiven(
                customer=CustomerGiven("Ani Wijaya", "Ibu", "0812 3456 789", email),
                channel="meja_depan" if "meja_depan" in rules.taxonomy.channels else oral(rules),
                story="Internet di rumah mati sejak kemarin.",
                branch=branch,
                received_at=at,
            )
            cases = [
                receive_complaint(session, rules, given, by=person.actor, at=at)
                for _ in range(count)
            ]
            return [case.complaint.id for case in cases]

    def case(self, session: Session, complaint_id: int, by: str, at: datetime) -> Case:
        """The complaint on this person's desk."""
        complaint = session.get_one(Complaint, complaint_id)
        actor = session.get_one(User, self.people[by]).actor
        return open_case(session, complaint.number, by=actor, at=at)

    def deadline(self, session: Session, complaint_id: int, kind: str) -> Deadline:
        query = select(Deadline).where(
            Deadline.complaint_id == complaint_id, Deadline.kind == kind
        )
        return session.scalars(query.execution_options(populate_existing=True)).one()

    def timer(self, session: Session, complaint_id: int, kind: str) -> Timer | None:
        query = (
            select(Timer)
            .join(Deadline, Deadline.id == Timer.deadline_id)
            .where(Deadline.complaint_id == complaint_id, Deadline.kind == kind)
        )
        return session.scalar(query.execution_options(populate_existing=True))

    def keep_only(self, kind: str) -> None:
        """Let only this kind of clock run, so that a test speaks of one deadline."""
        with Session(self.engine) as session, session.begin():
            others = select(Deadline.id).where(Deadline.kind != kind)
            for timer in session.scalars(select(Timer).where(Timer.deadline_id.in_(others))):
                session.delete(timer)


def oral(rules: RuleBook) -> str:
    return next(code for code, channel in rules.taxonomy.channels.items() if channel.oral)


def set_the_scene(engine: Engine, start: datetime, rules: RuleData | None = None) -> Scene:
    """Load the rules (those of config/ unless given) and hire the people."""
    with Session(engine) as session, session.begin():
        load_rules(session, rules or read_config(CONFIG), by="tests", at=start - timedelta(days=1))
        branches = {branch.code: branch.id for branch in session.scalars(select(Branch))}
        hendra = _hire(session, "hendra", "manager", None, None)
        maya = _hire(session, "maya", "manager", branches["JKT"], hendra)
        budi = _hire(session, "budi", "supervisor", branches["JKT"], maya)
        sari = _hire(session, "sari", "csr", branches["JKT"], budi)
        rina = _hire(session, "rina", "csr", branches["MKS"], None)
        people = {
            "hendra": hendra.id,
            "maya": maya.id,
            "budi": budi.id,
            "sari": sari.id,
            "rina": rina.id,
        }
    return Scene(engine, start, people)


def _hire(
    session: Session, name: str, role: str, branch_id: int | None, supervisor: User | None
) -> User:
    user = User(
        email=f"{name}@tanggap.example",
        name=name.title(),
        role=role,
        branch_id=branch_id,
        supervisor_id=supervisor.id if supervisor else None,
    )
    session.add(user)
    session.flush()
    return user


def names(scene: Scene, ids: Sequence[int | None]) -> list[str]:
    """The names behind user ids, sorted; a row without a person is `nobody`."""
    known = {user_id: name for name, user_id in scene.people.items()}
    return sorted("nobody" if each is None else known[each] for each in ids)
