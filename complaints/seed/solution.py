"""The last steps: the cause confirmed, the offer, the answer, the thanks (020-3)."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from complaints.domain.permissions import Permission
from complaints.domain.words.exits import Unable
from complaints.domain.words.letter_state import IN_WRITING
from complaints.formatting import say_money
from complaints.models import Offer
from complaints.queries.complaint.silence import answer_until
from complaints.seed import words
from complaints.seed.commitments import tick_the_rest
from complaints.seed.handling import target_of
from complaints.seed.letters import last_letter_comes_back, print_waiting
from complaints.seed.life import Life, Steps, TimedStep
from complaints.seed.people import Colleague
from complaints.steps.answer import take_answer
from complaints.steps.apologise import send_apology
from complaints.steps.by_customer.answer_offer import answer_offer
from complaints.steps.casework.approve import decide_offer
from complaints.steps.casework.attempt import record_attempt
from complaints.steps.casework.countersign import countersign
from complaints.steps.casework.remind import remind_of_offer
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.explain import explain_cause
from complaints.steps.find_cause import find_cause
from complaints.steps.inform_standard import inform_standard
from complaints.steps.offer import offer_solution
from complaints.steps.promise import promise_deadline
from complaints.steps.thank import thank_customer


def confirm_cause(life: Life, target: datetime) -> Steps:
    """The inquiry shows what it really was."""
    found_at = life.between(life.clock, target, life.rng.uniform(0.3, 0.6))
    yield from life.keep_informed(found_at)
    life.wait_until(found_at)
    yield life.step(
        find_cause,
        stage="confirmed",
        code=life.matter.story.found_as,
        text=life.matter["found"],
    )


def solve(life: Life, target: datetime) -> Steps:
    """Apologise again, explain, offer, and hear what the customer says, by `target`."""
    outcome = life.scene.outcome
    needs_approval = life.stops_at("approval") or _is_above_limit(life)
    refuses = outcome.ending in ("alternative", "partial", "rejected", "dispute")
    refuses = refuses and not outcome.stop
    refuses = refuses or life.stops_at("refused")
    thinks = refuses or outcome.ending == "unanswered" or life.happens("thinks")
    is_one_call = not (needs_approval or thinks)
    share = 0.97 if is_one_call or life.stops_at("offered") else 0.6
    share = 0.2 if _is_unanswered(life) else share
    life.wait_until(life.between(life.clock, target, share))
    yield life.step(send_apology, stage="resolution", method=life.method)
    life.talk(1, 2)
    views = ["agrees"] * 6 + ["unclear", "disagrees"]
    # What is sent has not been read yet.
    view = None if life.method in IN_WRITING else life.rng.choice(views)
    told: dict[str, Any] = {"text": life.matter["told"], "method": life.method}
    yield life.step(explain_cause, view=view, **told)
    if view == "unclear":
        life.talk(1, 3)
        yield life.step(explain_cause, view="agrees", **told)
    life.talk(1, 3)
    yield from _offer(life, target)
    if not life.stops_at("offered"):
        yield from life.print_letters()
    yield from _try_again(life)
    if life.stops_at("approval") or life.stops_at("offered"):
        return
    if _is_unanswered(life):
        yield from _wait_in_vain(life, target)
        return
    if refuses:
        life.wait_until(life.between(life.clock, target, 0.3))
        yield _answer(life, "refused", life.matter["refuses"])
        if life.stops_at("refused"):
            return
        yield from _after_refusal(life, target)
        return
    if thinks and not is_one_call:
        life.talk(1, 3)
        yield _answer(life, "thinking", words.THINKING[life.language])
        life.wait_until(target)
    else:
        life.talk(0.5, 2)
    yield _answer(life, "accepted")


def finish(life: Life) -> Steps:
    """Thank, give the leaflet, close; the outcome follows from the scene's ending."""
    ending = life.scene.outcome.ending
    life.talk(0.5, 2)
    # Whoever has not accepted anything is not thanked for accepting it.
    is_unmoved = ending in ("rejected", "dispute", "unanswered")
    text = life.say(words.THANKS_ALL_THE_SAME[life.language]) if is_unmoved else ""
    yield life.step(thank_customer, text=text, method=life.method)
    life.talk(1, 3)
    method = {"spoken": "print", "phone": "message"}.get(life.method, life.method)
    yield life.step(inform_standard, all_items=True, method=method)
    yield from life.print_letters()
    life.work(3, 40)
    yield from _signature(life)
    closer = life.voice if life.voice.actor.has(Permission.CLOSE) else life.desk
    outcome = {
        "partial": "SEBAGIAN",
        "rejected": "DITOLAK",
        "elsewhere": "BUKAN_WEWENANG",
        "dispute": "SENGKETA",
    }.get(ending)
    yield life.step(tick_the_rest, by=closer)
    yield life.step(close_complaint, by=closer, outcome=outcome)


def withdraw(life: Life) -> Steps:
    """The customer takes the complaint back."""
    back_at = life.between(life.clock, life.due_at(), life.rng.uniform(0.1, 0.6))
    yield from life.keep_informed(back_at)
    life.wait_until(back_at)
    yield life.step(withdraw_complaint, by=life.desk, reason=life.matter["withdraws"])


def come_back(life: Life) -> Steps:
    """It was not settled after all: reopened, promised anew, solved another time."""
    if life.stops_at("reopened"):
        back = life.calendar.add(life.now, -int(life.scene.quiet * 60))
    else:
        days = life.rng.uniform(2, 7)
        back = life.calendar.add(life.clock, int(days * life.day_seconds))
    life.wait_until(back)
    since = life.clock
    yield life.message(life.matter["back"], "in", by=life.desk)
    life.talk(1, 4)
    yield life.step(reopen_complaint, by=life.desk, reason=life.matter["back"])
    life.talk(2, 6)
    step = "Check what was missed" if life.language == "en" else "Memeriksa apa yang terlewat"
    yield life.step(
        promise_deadline,
        by=life.desk,
        steps=[StepGiven(step, life.voice.member.name)],
        method=life.method,
    )
    if life.stops_at("reopened"):
        return
    life.matter = life.matter.again()
    target = target_of(life, since)
    yield from confirm_cause(life, target)
    yield from life.keep_informed(target)
    yield from solve(life, target)
    yield from finish(life)


def _offer(life: Life, target: datetime) -> Steps:
    """Offer; what exceeds the limit goes to a superior first."""
    story, ending = life.matter.story, life.scene.outcome.ending
    remedy, text, amount = story.offer.remedy, life.matter["offer"], life.matter.amounts["offer"]
    if ending == "elsewhere":
        remedy, text, amount = "RUJUKAN", words.REFERRAL[life.language], 0
    method = _in_writing(life) if _is_unanswered(life) else life.method
    yield life.step(offer_solution, remedy=remedy, description=text, amount=amount, method=method)
    approver = _approver(life)
    if approver is None or life.stops_at("approval"):
        return
    life.wait_until(life.between(life.clock, target, life.rng.uniform(0.1, 0.4)))
    if life.happens("offer_rejected") and _limit(life, life.voice) >= 50_000:
        yield life.step(decide_offer, by=approver, answer="rejected", reason=words.NOT_APPROVED)
        life.work(10, 40)
        most = min(_limit(life, life.voice), amount // 2)
        yield life.step(offer_solution, method=method, **_other(life, most))
    yield from _approve(life)


def _is_unanswered(life: Life) -> bool:
    """Whether nobody will answer the offer."""
    return life.scene.outcome.ending == "unanswered" and not life.scene.outcome.stop


def _approve(life: Life) -> Steps:
    """Whoever was asked approves what waits, if anything does."""
    approver = _approver(life)
    if approver is not None:
        reason = life.rng.choice(words.APPROVED)
        yield life.step(decide_offer, by=approver, answer="approved", reason=reason)


def _try_again(life: Life) -> Steps:
    """Now and then a mailbox is full, and what was written has to be said on the phone."""
    offer = life.matter.story.offer
    is_stuck = life.stops_at("approval") or _is_unanswered(life)
    is_sent = life.method == "email" and not is_stuck
    is_ours = life.scene.outcome.ending != "elsewhere"
    if not (is_sent and is_ours) or _is_above_limit(life) or life.known.id % 4:
        return
    life.talk(3, 20)
    yield life.step(last_letter_comes_back)
    if life.stops_at("offered"):
        return
    life.talk(2, 10)
    yield life.step(
        offer_solution,
        remedy=offer.remedy,
        description=life.matter["offer"],
        amount=life.matter.amounts["offer"],
        method="phone",
    )


def _after_refusal(life: Life, target: datetime) -> Steps:
    ending = life.scene.outcome.ending
    if ending == "rejected":
        life.work(20, 120)
        yield life.step(offer_solution, by=life.boss, unable=Unable(words.NOTHING_MORE))
        life.wait_until(target)
        return
    life.wait_until(life.between(life.clock, target, 0.6))
    other = _other(life, _limit(life, life.voice))
    yield life.step(offer_solution, method=life.method, **other)
    yield from _approve(life)
    yield from life.print_letters()
    life.wait_until(target)
    if ending == "dispute":
        yield _answer(life, "refused", words.STILL_NO[life.language])
        life.work(20, 60)
        yield life.step(offer_solution, by=life.boss, unable=Unable(words.NOTHING_MORE))
        life.talk(2, 8)
        return
    yield _answer(life, "accepted")


def _wait_in_vain(life: Life, target: datetime) -> Steps:
    """Nobody answers the offer letter, nor the reminder, however often we ask."""
    yield from _printed(life)
    life.wait_until(_answered_by(life))
    life.talk(1, 3)
    yield life.step(remind_of_offer, method=_in_writing(life))
    yield from _printed(life)
    silent_at = _answered_by(life)
    for share in (0.35, 0.5):
        life.wait_until(life.between(life.clock, max(target, silent_at), share))
        yield life.step(record_attempt, method="phone", text=words.NOT_PICKED_UP)
        life.talk(1, 2)
        yield life.message(life.matter["news"])
    life.wait_until(max(target, silent_at))
    yield life.step(take_answer, unable=Unable(words.NO_ANSWER))


def _printed(life: Life) -> Steps:
    """What waits for the printer goes to the post."""
    if _in_writing(life) == "letter":
        life.talk(2, 10)
        yield life.step(print_waiting)


def _in_writing(life: Life) -> str:
    """How this customer gets a letter."""
    return "email" if life.scene.customer.email else "letter"


def _answered_by(life: Life) -> datetime:
    """When the time is over to answer a letter of now."""
    return answer_until(life.rules, life.known, life.clock)


def _signature(life: Life) -> Steps:
    """Whoever leads signs what could not be done before the complaint is closed."""
    if life.known.signature_asked_at is None:
        return
    handler = life.known.handler_id or life.known.received_by_id
    signer = life.cast.manager if life.boss.actor.id == handler else life.boss
    life.work(10, 60)
    yield life.step(countersign, by=signer, answer="signed")


def _answer(life: Life, answer: str, reason: str = "") -> TimedStep:
    """The customer's answer: on their own page where we wrote to them, else as we heard it."""
    if life.method == "email":
        return life.own_act(answer_offer, answer=answer, reason=reason)
    if not reason and life.method in IN_WRITING:
        reason = words.YES[life.language]
    return life.step(take_answer, answer=answer, reason=reason, method=life.method)


def _approver(life: Life) -> Colleague | None:
    """Who was asked to approve the offer that waits, or None when none does."""
    query = select(Offer.approver_id).where(
        Offer.complaint_id == life.known.id, Offer.state == "waiting_approval"
    )
    return life.cast.by_id(life.session.scalar(query))


def _other(life: Life, most: int) -> dict[str, Any]:
    """The other solution of the story in words that name what it comes to: `most` or less."""
    story, planned = life.matter.story, life.matter.amounts["other"]
    amount = min(planned, most)
    currency = life.rules.organisation.currency
    before, after = (say_money(each, currency, story.language) for each in (planned, amount))
    words = life.matter["other"].replace(before, after)
    return {"remedy": story.other.remedy, "description": words, "amount": amount}


def _limit(life: Life, person: Colleague) -> int:
    return life.rules.authority.limit_of(person.actor.role)


def _is_above_limit(life: Life) -> bool:
    if life.scene.outcome.ending == "elsewhere":
        return False
    return life.matter.amounts["offer"] > _limit(life, life.voice)
