"""The runner: every scenario's steps taken in time order, with the clocks firing in between.

What the worker would have done meanwhile is done here at its own time, so that breaches and
escalations stand where they belong. Nothing is committed before the whole demonstration stands.
"""

import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import ColumnElement, Update, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from complaints.domain.errors import N_, Invalid, Refused
from complaints.engine.expiries import expired_complaints, next_expiry
from complaints.engine.fire import fire_due
from complaints.models import Complaint, Escalation, Notice, OutboxMessage, Timer
from complaints.queries.complaint.proofs import REMINDER
from complaints.rows import Written, note_written
from complaints.rulebook import RuleBook, current_rules
from complaints.seed import words
from complaints.seed.beside import happen_beside
from complaints.seed.commitments import ticks
from complaints.seed.improvement import improve
from complaints.seed.incident import open_disturbance
from complaints.seed.intake import first_moment, receive
from complaints.seed.letters import last_letter_comes_back
from complaints.seed.life import Life, Steps, TimedStep
from complaints.seed.management_review import review
from complaints.seed.people import HIRED_BEFORE, Cast, add_people, is_already_there
from complaints.seed.programme import draw_programme
from complaints.seed.scenario import steps_of
from complaints.seed.scenes import Scene
from complaints.seed.stories import fill
from complaints.steps.answer import take_answer
from complaints.steps.by_customer.answer_offer import answer_offer
from complaints.steps.case import Case, open_case, require_sight
from complaints.steps.casework.converse import write_note
from complaints.steps.casework.escalate import acknowledge_escalation, escalate_by_hand
from complaints.steps.casework.remind import remind_of_offer
from complaints.steps.close import close_complaint
from complaints.steps.plan import draw_up_plan
from complaints.steps.promise import promise_deadline
from complaints.steps.write_letter import KIND

#: Delivery leaves letters in this state alone: they are written, and never sent.
UNSENT = "demo"

#: How soon a worker notices that a clock is due.
NOTICED_WITHIN = timedelta(seconds=5)

#: Steps before which the mail server has taken what was written.
_AFTER_THE_POST = (
    close_complaint,
    last_letter_comes_back,
    remind_of_offer,
    take_answer,
    answer_offer,
)

#: What proves something once it has left; all other letters are written, and never sent.
_PROVING = OutboxMessage.kind.in_((KIND, REMINDER))

#: Steps that undertake something.
_UNDERTAKING = (promise_deadline, draw_up_plan, take_answer, answer_offer)

_FIRST_TIMER = select(func.min(Timer.fire_at))


@dataclass(frozen=True, slots=True)
class DemoCounts:
    """What was made; `refused` counts steps that the rules did not allow, normally none."""

    people: int = 0
    complaints: int = 0
    refused: int = 0


def make_demonstration(
    session_factory: sessionmaker[Session], *, complaints: int = 200, seed: int = 1, now: datetime
) -> DemoCounts:
    """Fill an empty database with people and complaints of the four months before `now`.

    All or nothing, in one transaction. Where the demonstration's people are, nothing is made.
    Raises Invalid when the organisation is no demonstration or other users are there.
    """
    now = now.replace(microsecond=0)
    with session_factory(expire_on_commit=False) as session:
        for is_careful in (False, True):
            rules = current_rules(session)
            _require_demonstration(rules)
            if is_already_there(session):
                return DemoCounts()
            cast = add_people(session, rules, now - HIRED_BEFORE)
            runner = Runner(session, rules, cast, seed, now, is_careful)
            scenes = draw_programme(rules, complaints=complaints, seed=seed, now=now)
            try:
                runner.play(scenes)
            except Refused:
                # A savepoint around every step costs a seventh of the time, so it is taken only
                # when other rules or an odd hour have refused something the first time.
                if is_careful:
                    raise
                session.rollback()
                continue
            improve(session, rules, cast, now)
            happen_beside(session, rules, cast, now)
            open_disturbance(session, rules, cast, now)
            review(session, rules, cast, now)
            runner.tidy_up()
            session.commit()
            return DemoCounts(len(cast.by_login), len(scenes), runner.refused)
    raise AssertionError("the careful telling ends in every case")


def _require_demonstration(rules: RuleBook) -> None:
    if not rules.organisation.is_demonstration:
        raise Invalid(
            N_(
                "This organisation is not for demo data: organisation.toml does "
                "not say demonstration = true."
            )
        )


@dataclass(slots=True)
class Runner:
    """Everything going on at once, told in the order in which it happened."""

    session: Session
    rules: RuleBook
    cast: Cast
    seed: int
    now: datetime
    #: Whether a refused step ends its own scenario only, instead of the whole telling.
    is_careful: bool = False
    refused: int = 0
    _serial: int = 0
    _queue: list[tuple[datetime, int, Life, TimedStep | None, Steps | None]] = field(
        default_factory=list
    )
    #: Complaints as they are now; emptied when the clocks have written past the session.
    _fresh: dict[int, Complaint] = field(default_factory=dict)
    _lives: dict[int, Life] = field(default_factory=dict)
    _last_escalation: int = 0
    _last_commitment: int = 0
    _last_step_at: datetime = field(default_factory=lambda: datetime.min.replace(tzinfo=UTC))

    def play(self, scenes: list[Scene]) -> None:
        """Tell every scene up to now."""
        for index, scene in enumerate(scenes):
            life = self._begin(index, scene)
            self._put(life.clock, life, None, None)
        while True:
            next_at = min(self._queue[0][0], self.now) if self._queue else self.now
            if self._fire_first(next_at):
                # What has fired may have moved somebody to act before the next step.
                continue
            if not self._queue or self._queue[0][0] > self.now:
                return
            self._last_step_at, _, life, step, scenario = heapq.heappop(self._queue)
            self._play_one(life, step, scenario)

    def _play_one(self, life: Life, step: TimedStep | None, scenario: Steps | None) -> None:
        if step is None:
            receive(life)
            self._lives[life.known.id] = life
            scenario = steps_of(life)
        elif not self._take(life, step):
            return
        elif step.call.func is escalate_by_hand:
            self._answer_escalations()
        if scenario is not None:
            self._put_next(life, scenario)

    def tidy_up(self) -> None:
        """Leave nothing to be sent, and the notifications read but for the last working day."""
        self.session.flush()
        self._deliver(_PROVING)
        unsent = update(OutboxMessage).where(~_PROVING, OutboxMessage.sent_at.is_(None))
        self._mark(unsent.values(state=UNSENT))
        for branch in self.rules.branches.values():
            calendar = self.rules.calendar_of(branch.id).value
            since = calendar.add(self.now, -6 * 3600)
            here = select(Complaint.id).where(Complaint.branch_id == branch.id)
            self.session.execute(
                update(Notice)
                .where(Notice.at < since, Notice.complaint_id.in_(here))
                .values(read_at=since)
                .execution_options(synchronize_session=False)
            )

    def _deliver(self, *which: ColumnElement[bool]) -> None:
        """Let letters that wait for the mail server have left when they were written."""
        self._mark(
            update(OutboxMessage)
            .where(OutboxMessage.state == "queued", *which)
            .values(state="sent", sent_at=OutboxMessage.created_at, attempts=1)
        )

    def _mark(self, letters: Update) -> None:
        statement = letters.returning(OutboxMessage.id)
        options = {"synchronize_session": False}
        ids = self.session.scalars(statement, execution_options=options).all()
        note_written(self.session, Written(OutboxMessage, ids=ids))

    def _begin(self, index: int, scene: Scene) -> Life:
        rng = Random(f"{self.seed}:{index}")
        calendar = self.rules.calendar_of(self.rules.branch_by_code(scene.branch).id).value
        matter = fill(
            scene.story,
            scene.customer,
            scene.branch,
            scene.received_at,
            calendar,
            self.rules.organisation,
            rng,
        )
        desk = self.cast.by_login.get(scene.desk) or self.cast.desk(scene.branch, rng)
        life = Life(
            session=self.session,
            rules=self.rules,
            cast=self.cast,
            scene=scene,
            matter=matter,
            calendar=calendar,
            rng=rng,
            now=self.now,
            desk=desk,
            voice=desk,
            boss=self.cast.supervisor(scene.branch),
            clock=scene.received_at,
        )
        life.clock = first_moment(life)
        return life

    def _put(
        self, at: datetime, life: Life, step: TimedStep | None, scenario: Steps | None
    ) -> None:
        self._serial += 1
        heapq.heappush(self._queue, (at, self._serial, life, step, scenario))

    def _put_next(self, life: Life, scenario: Steps) -> None:
        step = next(scenario, None)
        if step is not None and step.at <= self.now:
            self._put(step.at, life, step, scenario)

    def _take(self, life: Life, step: TimedStep) -> bool:
        """Take the step; False when the rules refuse it, and the scenario ends there."""
        if step.call.func in _AFTER_THE_POST:
            self._deliver(OutboxMessage.complaint_id == life.known.id, _PROVING)
        if not self.is_careful:
            self._step(life, step)
            return True
        try:
            with self.session.begin_nested():
                self._step(life, step)
        except Refused:
            self.refused += 1
            self._fresh.pop(life.known.id, None)
            return False
        return True

    def _step(self, life: Life, step: TimedStep) -> None:
        """Take the step; what was undertaken in it will be kept, or not, at its own time."""
        step.call(self._open(life, step))
        if step.call.func not in _UNDERTAKING:
            return
        self.session.flush()
        for key, tick in ticks(life, self._last_commitment):
            self._last_commitment = max(self._last_commitment, key)
            if tick.at <= self.now:
                self._put(tick.at, life, tick, None)

    def _open(self, life: Life, step: TimedStep) -> Case:
        complaint = self._fresh.get(life.known.id)
        if complaint is None:
            case = open_case(
                self.session,
                self.rules.numbers.write(life.known.year, life.known.id),
                by=step.by,
                at=step.at,
            )
            self._fresh[case.complaint.id] = life.complaint = case.complaint
            return case
        case = Case(self.session, self.rules, complaint, step.by, step.at)
        require_sight(case)
        return case

    def _fire_first(self, until: datetime) -> bool:
        """Fire what falls due first, at its own time, as a worker does; False when none is due."""
        self.session.flush()
        timer = self.session.connection().scalar(_FIRST_TIMER)
        first = min(filter(None, (timer, next_expiry(self.session))), default=None)
        if first is None or first > until:
            return False
        # A clock that runs again after a pause may have something to say for a while already.
        noticed_at = max(min(until, first + NOTICED_WITHIN), self._last_step_at)
        due = select(Timer.complaint_id).where(Timer.fire_at <= noticed_at)
        touched = [*self.session.scalars(due), *expired_complaints(self.session, noticed_at)]
        fired = fire_due(self.session, self.rules, at=noticed_at)
        if fired.mishaps:
            raise RuntimeError(f"a clock could not be fired: {fired.mishaps[0]}")
        for complaint_id in touched:
            self._fresh.pop(complaint_id, None)
        if fired.counts["escalate"] or fired.counts["expire"]:
            self._answer_escalations()
        return True

    def _answer_escalations(self) -> None:
        """Let those escalated to take note some working time later."""
        query = select(Escalation).where(
            Escalation.id > self._last_escalation, Escalation.acknowledged_at.is_(None)
        )
        for escalation in self.session.scalars(query.order_by(Escalation.id)).all():
            self._last_escalation = escalation.id
            life = self._lives[escalation.complaint_id]
            person = self.cast.by_id(escalation.to_id)
            if person is None or life.happens("silent"):
                continue
            minutes = life.rng.uniform(15, 110) * escalation.level
            at = life.calendar.add(escalation.raised_at, int(minutes * 60))
            if at <= self.now:
                note = partial(take_note, text=life.rng.choice(words.TAKES_NOTE))
                self._put(at, life, TimedStep(at, person.actor, note), None)


def take_note(case: Case, *, text: str) -> None:
    """Acknowledge what is still open for this person, with a line to the handler."""
    waiting = case.session.scalar(
        select(Escalation.id).where(
            Escalation.complaint_id == case.complaint.id,
            Escalation.to_id == case.by.id,
            Escalation.acknowledged_at.is_(None),
        )
    )
    # Somebody higher may have taken note for them meanwhile.
    if waiting is not None:
        acknowledge_escalation(case)
        write_note(case, text=text)
