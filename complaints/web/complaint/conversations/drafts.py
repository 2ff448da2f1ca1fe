"""The draft of a conversation: kept on the server while somebody types, one for each of them."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from complaints.actions.drafts import AlreadySent, Typed, forget_sent, save_draft
from complaints.domain.errors import N_
from complaints.domain.words.whole_number import whole_number
from complaints.extensions import db
from complaints.formatting import say_clock
from complaints.queries.people.drafts import DraftOpened, open_only_draft
from complaints.steps.case import Case
from complaints.web.frame.form_parsing import key_of
from complaints.web.frame.kept_drafts import Answer, keep_draft, typed_fields

Form = MultiDict[str, str]

#: The conversations, as their pages are called.
CONVERSATIONS: Mapping[str, str] = {
    "analysis": N_("Analysis"),
    "resolution": N_("Resolution"),
    "findings": N_("Findings of the unit"),
}

#: Which version of the draft the page has seen; not typed by anybody.
_SEEN = "draft_seen"


def act_of(case: Case, kind: str) -> str:
    """What the form is called where its key or its draft is kept."""
    return f"{case.number}/{kind}"


def begun(case: Case, kind: str) -> DraftOpened | None:
    """What the person of the case has begun to write here and not sent."""
    return open_only_draft(db.session, case.by, act_of(case, kind))


def keep(case: Case, kind: str, form: Form, now: datetime) -> Answer:
    """Keep the form as it stands; 409 where it was sent or changed elsewhere."""
    typed = _typed(case, kind, form)
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz

    def say_sent(sent: AlreadySent) -> str:
        return gettext("Already sent at %(time)s.", time=say_clock(sent.at, zone))

    page = f"/complaints/{act_of(case, kind)}"
    return keep_draft(typed, zone, address=lambda _: page, say_sent=say_sent, now=now)


def keep_by_button(case: Case, kind: str, form: Form, now: datetime) -> None:
    """The same where no script keeps it; raises Refused where it cannot be kept."""
    save_draft(db.session, _typed(case, kind, form), at=now)
    db.session.commit()


def _typed(case: Case, kind: str, form: Form) -> Typed:
    return Typed(
        owner_id=_owner(case),
        act=act_of(case, kind),
        key=key_of(form),
        fields=[each for each in typed_fields(form) if each[0] != _SEEN],
        seen=whole_number(form.get(_SEEN, "")),
        is_only=True,
    )


def forget(case: Case, kind: str, form: Form) -> None:
    """The form is being sent: its draft goes with the transaction that records it."""
    forget_sent(db.session, _owner(case), act_of(case, kind), key_of(form))


def _owner(case: Case) -> int:
    """Who is at the page; the program itself never is."""
    owner = case.by.id
    assert owner is not None
    return owner
