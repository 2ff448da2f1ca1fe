"""A letter asked for by its kind: the act whose words it carries, or why it is no letter by itself.

A letter is what a step says in writing, so a letter of a kind is that step, taken with its own
rules: order, courtesy, permission, proof. Nothing is written beside them.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from complaints.actions.bodies import Body
from complaints.actions.fields import CodeGiven, Reason, Words
from complaints.actions.recording import ActGiven
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Status
from complaints.models import Complaint

#: Kinds that somebody may compose → the field of the act that takes the text; "" where the words
#: are the organisation's.
COMPOSED: Mapping[str, str] = {
    "message": "text",
    "confirmation": "summary",
    "apology": "text",
    "cause-explanation": "text",
    "thanks": "text",
    "standard-information": "",
}

#: Kinds that come with an act, which says more than words → the noun of that act.
BELONGS_TO: Mapping[str, str] = {
    "promise": "promise",
    "receipt": "receipt",
    "offer": "offer",
    "extended": "extension/approval",
    "paused": "pause",
    "closed": "closure",
    "withdrawn": "withdrawal",
    "merged": "merge",
}

#: Kinds whose words may be used although the courtesy check found something.
_JUDGED = ("apology", "thanks")


class LetterAsked(Body):
    """A letter to the customer, asked for by its kind."""

    kind: CodeGiven = Field(
        description=N_(
            "`message`, `confirmation`, `apology`, `cause-explanation`, `thanks` or "
            "`standard-information`; all other letters are written by their act."
        )
    )
    text: Words = Field(
        "",
        description=N_("The words; without them those of the script, where there is one."),
    )
    method: Literal["email", "letter"] | None = Field(
        None, description=N_("By email when absent, on paper where there is no address.")
    )
    anyway: Reason = Field(
        "", description=N_("Why a text was used although the courtesy check found something.")
    )


def act_of_letter(asked: LetterAsked, complaint: Complaint) -> ActGiven:
    """The act that writes this letter; raises Invalid, naming the act to take instead."""
    kind = asked.kind
    if kind in BELONGS_TO:
        raise Invalid(
            N_(
                "A letter of the kind %(kind)s is written when its act is taken: send it to "
                "%(noun)s."
            ),
            field="kind",
            kind=kind,
            noun=f"…/{BELONGS_TO[kind]}",
        )
    if kind not in COMPOSED:
        raise Invalid(
            N_("There is no kind of letter called %(kind)s. Known: %(known)s."),
            field="kind",
            kind=kind,
            known=", ".join(COMPOSED),
        )
    given: dict[str, Any] = {
        "method": asked.method or ("email" if complaint.contact_email else "letter")
    }
    if asked.text:
        given[_field_of_text(kind)] = asked.text
    if asked.anyway:
        given["anyway"] = _judged(kind, asked.anyway)
    given |= {"at": asked.at, "version": asked.version}
    return ActGiven(kind, {**given, **_fixed(kind, Status(complaint.status))})


def _field_of_text(kind: str) -> str:
    if not COMPOSED[kind]:
        raise Invalid(
            N_("The words of this letter are the organisation's; leave the text out."), field="text"
        )
    return COMPOSED[kind]


def _judged(kind: str, anyway: str) -> str:
    if kind not in _JUDGED:
        raise Invalid(N_("There is no field %(name)s here."), field="anyway", name="anyway")
    return anyway


def _fixed(kind: str, status: Status) -> dict[str, Any]:
    """What the kind says by itself: a message goes out, an apology belongs to where we stand."""
    if kind == "message":
        return {"direction": "out"}
    if kind == "apology":
        is_intake = status in (Status.RECEIVED, Status.REGISTERED)
        return {"stage": "intake" if is_intake else "resolution"}
    return {"all": True} if kind == "standard-information" else {}
