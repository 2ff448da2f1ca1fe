"""Recording the intake form once, however it was sent: from the page, or later from the queue."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from complaints.actions.drafts import INTAKE, forget_sent
from complaints.actions.idempotency import Done, do_once
from complaints.actions.intake import record_intake
from complaints.actions.reading import BodyErrors
from complaints.domain.errors import N_, Invalid
from complaints.domain.scripts import FACE_TO_FACE
from complaints.extensions import db
from complaints.formatting import say_clock
from complaints.queries.numbers import year_of
from complaints.rulebook import BranchRule, RuleBook, current_rules
from complaints.steps.case import Case
from complaints.web.complaint.scripts import talk_of
from complaints.web.frame.branches import branch_of
from complaints.web.frame.form_parsing import key_of, one_time, read_typed
from complaints.web.frame.guards import actor
from complaints.web.intake.form import in_words_of_the_form, read_intake
from complaints.web.intake.left import told_before_leaving

#: What this form is called where its key or its draft is kept.
ACT = INTAKE
#: Sends the whole intake, or what there is so far.
REGISTER, SAVE = "register", "save"
#: The customer went: what there is is a complaint, with what could not be done said as it is.
LEFT = "left"

Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where to go from here, and what to say there; nothing where it was recorded before."""

    to: str
    said: str
    number: str


def record_form(form: Form, wanted: str, now: datetime) -> Recorded:
    """Record the form once; a draft of it is gone with that.

    Raises BodyErrors with all that is wrong, by field; KeyReused where the key was spent on other
    words.
    """
    person = actor()

    def do() -> Done:
        forget_sent(db.session, own_id(), ACT, key_of(form))
        case = _take_in(form, wanted, now)
        path = f"/complaints/{case.number}"
        to = f"{path}/receipt" if wanted == REGISTER else path
        said = _said(case, wanted == REGISTER)
        return Done({"to": to, "said": said, "number": case.number}, case.complaint.id)

    done = do_once(db.session, do, one_time(form, ACT, person), at=now)
    said = "" if done.is_repeat else str(done.answer["said"])
    return Recorded(str(done.answer["to"]), said, str(done.answer.get("number", "")))


def own_id() -> int:
    """Who is at the desk; the program itself never is."""
    me = actor().id
    assert me is not None
    return me


def say_sent(rules: RuleBook, branch: BranchRule, at: datetime, complaint_id: int | None) -> str:
    """That a form was sent before: when, and as which complaint."""
    year = year_of(db.session, complaint_id) if complaint_id is not None else None
    zone = rules.calendar_of(branch.id).value.tz
    if complaint_id is None or year is None:
        return gettext("Already sent at %(time)s.", time=say_clock(at, zone))
    number = rules.numbers.write(year, complaint_id)
    return gettext(
        "Already sent at %(time)s as %(number)s.", time=say_clock(at, zone), number=number
    )


def _take_in(form: Form, wanted: str, now: datetime) -> Case:
    rules = current_rules(db.session)
    branch = branch_of(rules, form)
    calendar = rules.calendar_of(branch.id).value
    wrong: list[tuple[str, Invalid]] = []
    given = read_typed(
        form, calendar.tz, rules.organisation.currency, calendar=calendar, wrong=wrong
    )
    if wanted == REGISTER and not given.get("category") and form.get("category_typed", "").strip():
        wrong.append(("category", _unchosen(form["category_typed"])))
    if wanted == LEFT:
        given = told_before_leaving(given)
    intake = read_intake(rules, given, registers=wanted == REGISTER)
    try:
        with in_words_of_the_form(rules, form.get("story", "")):
            case = record_intake(db.session, rules, intake, branch=branch.code, by=actor(), now=now)
    except BodyErrors as refusal:
        known = {field for field, _ in wrong}
        raise BodyErrors([*wrong, *(e for e in refusal.errors if e[0] not in known)]) from None
    if wrong:
        raise BodyErrors(wrong)
    return case


def _unchosen(typed: str) -> Invalid:
    return Invalid(
        N_("“%(words)s” is no category yet. Choose one of the list."),
        field="category",
        words=typed.strip()[:60],
    )


def _said(case: Case, registers: bool) -> str:
    """What the desk does now: hand the receipt over, or tell the number to somebody far away."""
    if not registers:
        return gettext(
            "Saved as %(number)s. Its deadlines are running; continue with the next step.",
            number=case.number,
        )
    if talk_of(case) == FACE_TO_FACE:
        return gettext(
            "Registered as %(number)s. Print the receipt and hand it over.", number=case.number
        )
    if case.complaint.contact_email:
        return gettext(
            "Registered as %(number)s. Tell the customer this number; the receipt goes to them by "
            "email.",
            number=case.number,
        )
    return gettext("Registered as %(number)s. Tell the customer this number.", number=case.number)
