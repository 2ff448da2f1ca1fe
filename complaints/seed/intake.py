"""The first steps: hearing the customer, receipt, parties, plan (020-1 and 020-2)."""

from datetime import date, datetime, timedelta

from complaints.domain.words.exits import Unable
from complaints.domain.words.letter_state import IN_WRITING
from complaints.models import Customer
from complaints.people.customer_facts import FactsGiven
from complaints.seed import words
from complaints.seed.life import BY_ITSELF, Life, Steps, TimedStep
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.apologise import send_apology
from complaints.steps.attest import attest_listening
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.state_facts import state_facts
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.confirm import answer_confirmation, confirm_back
from complaints.steps.find_cause import find_cause
from complaints.steps.inform import answer_as_party, inform_parties
from complaints.steps.note_condition import note_condition
from complaints.steps.plan import draw_up_plan
from complaints.steps.prioritise import override_priority, set_priority
from complaints.steps.promise import promise_deadline
from complaints.steps.receive import ComplaintGiven, receive_complaint
from complaints.steps.register import register_complaint


def receive(life: Life) -> None:
    """Record the complaint at the present moment of the story."""
    scene, story = life.scene, life.matter.story
    is_open_question = life.happens("amend") and scene.channel in BY_ITSELF
    given = ComplaintGiven(
        customer=scene.customer,
        channel=scene.channel,
        story=life.matter["story"],
        branch=scene.branch,
        received_at=scene.received_at,
        category=None if is_open_question else story.category,
        product="" if is_open_question else story.product,
        incident_at=life.matter.incident_at,
        remedy_wanted=life.matter["wants"],
        source=BY_ITSELF.get(scene.channel, "desk"),
    )
    case = receive_complaint(life.session, life.rules, given, by=life.sender, at=life.clock)
    life.complaint = case.complaint


def first_moment(life: Life) -> datetime:
    """When the complaint is written down: at once, or when the desk gets to it."""
    if life.scene.channel in BY_ITSELF:
        return life.scene.received_at
    if life.is_oral:
        at = life.scene.received_at + timedelta(seconds=life.rng.randint(40, 150))
        return min(at, life.now)
    at = life.calendar.next_opening(life.scene.received_at)
    at = life.calendar.add(at, int(life.rng.uniform(5, 45) * 60 * life.scene.pace))
    # What came in after closing today is on the desk already.
    return min(at, life.now)


def hear_customer(life: Life) -> Steps:
    """Listen, confirm, apologise, tell steps and date, hand over the receipt (020-1)."""
    yield from _take_up(life)
    if life.is_oral:
        life.talk(2, 4)
        unheard = Unable(words.UNHEARD, "customer_left") if life.happens("unheard") else None
        yield life.step(
            attest_listening, listened=unheard is None, method=life.method, unable=unheard
        )
    yield _confirm(life)
    life.talk(0.5, 2)
    yield life.step(send_apology, stage="intake", method=life.method)
    if life.stops_at("intake"):
        return
    if life.happens("late_ack"):
        # The customer had to wait while something else was settled first.
        life.clock = life.calendar.add(
            life.clock, 60 * life.rng.randint(*((25, 55) if life.is_oral else (500, 800)))
        )
    life.talk(1, 4)
    yield _promise(life)
    life.talk(1, 2.5)
    by_proxy = "perwakilan" in life.known.customer.needs
    receipt = {"spoken": "print", "phone": "message"}.get(life.method, life.method)
    yield life.step(
        register_complaint,
        method=receipt,
        unable=Unable(words.NO_POWER_OF_ATTORNEY) if by_proxy else None,
    )
    life.last_word = life.clock


def _by_contract(customer: Customer, today: date) -> FactsGiven:
    """What the contract of an invented customer says; the same for the same one."""
    years, owes = customer.id % 14 + 1, customer.id % 5 == 0
    return FactsGiven(
        since=today.replace(year=today.year - years, day=customer.id % 28 + 1),
        products=("INTERNET_RUMAH",) if customer.id % 2 else ("INTERNET_RUMAH", "TV"),
        arrears=customer.id % 9 * 45_000 + 90_000 if owes else 0,
    )


def route(life: Life) -> Steps:
    """Pass the complaint on and see what it is: parties, cause, condition, priority (020-2)."""
    teams = life.category.parties
    stays = not teams or (life.happens("alone") and not life.scene.keeper)
    life.work(2, 20)
    if not teams:
        yield life.step(inform_parties, desk=True)
    elif stays:
        alone = life.rng.choice(words.ALONE)
        yield life.step(inform_parties, by=life.boss, not_needed=teams, reason=alone)
    else:
        yield life.step(inform_parties, teams=teams, reason=life.matter["summary"])
    life.talk(1, 3)
    yield life.step(
        find_cause,
        stage="preliminary",
        code=life.matter.story.cause,
        text=life.matter["thought"],
        quote=life.matter["quote"],
    )
    life.talk(0.5, 2)
    customer = life.known.customer
    if customer.number and customer.since is None and customer.id % 3:
        yield life.step(state_facts, given=_by_contract(customer, life.clock.date()))
    relevant = [words.TIERS[customer.tier]] if customer.tier in words.TIERS else []
    relevant += [words.NEEDS[need] for need in customer.needs if need in words.NEEDS]
    yield life.step(note_condition, relevant=relevant, none=not relevant)
    life.talk(0.3, 1)
    yield life.step(set_priority)
    if life.stops_at("party") or stays:
        return
    for team in teams:
        yield from _accept(life, team)


def hand_over(life: Life) -> Steps:
    """Give the complaint to whoever will keep it, where that is someone else."""
    keeper = life.scene.keeper
    if keeper:
        life.expert = life.cast.by_login[keeper]
    elif life.happens("expert") and life.category.parties and not life.happens("alone"):
        life.expert = life.cast.officer(life.category.parties[0], life.scene.branch)
    if life.expert is None:
        return
    life.work(3, 15)
    yield life.step(
        assign_complaint, by=life.desk, handler=life.expert.email, reason="Ditangani unit terkait"
    )
    life.voice = life.expert


def plan(life: Life) -> Steps:
    """Draw up the plan; now and then the supervisor sees more in it than the matrix."""
    if life.happens("late_plan"):
        life.clock = life.calendar.add(life.clock, int(life.day_seconds * 1.05))
    life.work(10, 50)
    late = None if life.due_at() > life.clock else life.calendar.add(life.clock, life.day_seconds)
    yield life.step(draw_up_plan, steps=_steps(life, "id", by=late))
    if life.happens("override") and life.known.priority != "P1":
        life.work(5, 40)
        yield life.step(
            override_priority,
            by=life.boss,
            priority="P2" if life.known.priority in ("P3", "P4") else "P1",
            reason=words.OVERRIDE,
        )


def _take_up(life: Life) -> Steps:
    """A CSR takes up what came in by itself."""
    if life.scene.channel not in BY_ITSELF:
        return
    life.clock = life.calendar.next_opening(life.clock)
    life.work(8, 110)
    yield life.step(assign_complaint, handler=life.desk.email)
    if life.happens("amend"):
        life.talk(1, 3)
        story = life.matter.story
        yield life.step(
            amend_record, change=Amendment(category=story.category, product=story.product or None)
        )


def _confirm(life: Life) -> TimedStep:
    life.talk(*((1, 3) if life.is_oral else (4, 25)))
    if life.method in IN_WRITING:
        return life.step(confirm_back, summary=life.matter["summary"], method=life.method)
    return _confirm_by(life, life.method)


def _confirm_by(life: Life, method: str) -> TimedStep:
    is_corrected = life.happens("corrected")
    return life.step(
        confirm_back,
        summary=life.matter["summary"],
        answer="corrected" if is_corrected else "yes",
        corrections=_correction(life) if is_corrected else "",
        method=method,
    )


def _correction(life: Life) -> str:
    return life.rng.choice(words.CORRECTIONS[life.language])


def hear_back(life: Life) -> Steps:
    """The customer answers the summary on their page; whom we cannot write to is called."""
    if life.method not in IN_WRITING:
        return
    life.talk(5, 40)
    if life.method == "email":
        if not life.happens("corrected"):
            yield life.own_act(answer_confirmation, answer="yes")
            return
        yield life.own_act(answer_confirmation, answer="corrected", corrections=_correction(life))
    life.work(5, 30)
    yield _confirm_by(life, "phone")


def _promise(life: Life) -> TimedStep:
    due, at = life.due_at(), None
    if life.happens("early_promise"):
        earlier = life.between(life.clock, due, 0.88)
        at = earlier if earlier > life.clock else None
    return life.step(
        promise_deadline,
        steps=_steps(life, life.language, by=at),
        due_at=at,
        method=life.method,
    )


def _steps(life: Life, language: str, by: datetime | None = None) -> list[StepGiven]:
    """The steps that the taxonomy proposes, dated between now and the deadline."""
    due = by or life.due_at()
    steps = []
    for step in life.rules.taxonomy.steps_of(life.matter.story.category):
        owner = life.desk.member.name if step.owner == "handler" else step.owner
        at = life.between(life.clock, due, step.due_share) if due > life.clock else None
        steps.append(StepGiven(step.text(language), owner, at))
    return steps


def _accept(life: Life, team: str) -> Steps:
    """The team takes it, at once or after sending it back once."""
    officer = life.cast.officer(team, life.scene.branch)
    life.work(*((300, 420) if life.happens("late_party") else (12, 120)))
    if life.happens("returned") and team == life.category.parties[0]:
        yield life.step(
            answer_as_party,
            by=officer,
            team=team,
            answer="returned",
            reason=life.matter["returned"],
        )
        life.work(10, 30)
        yield life.step(inform_parties, teams=[team], reason=life.matter["note"])
        life.work(10, 40)
    yield life.step(answer_as_party, by=officer, team=team, answer="accepted")
