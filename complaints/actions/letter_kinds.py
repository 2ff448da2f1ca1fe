"""A letter asked for by its kind: the act whose words it carries, or why it is no letter by itself.

A letter is what a step says in writing, so a letter of a kind is that step, taken with its own
rules: order, courtesy, permission, proof. Nothing is written beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field

from complaints.actions.enclosing import Enclosing
from complaints.actions.fields import Amount, Code, CodeGiven, Instant, Reason, RowId, Words
from complaints.actions.recording import ActGiven
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Status
from complaints.models import Complaint


@dataclass(frozen=True, slots=True)
class Composed:
    """A kind that may be composed: the noun of its act, and which fields of it are given how.

    `text` is the field that takes the text, empty where the words are the organisation's; `takes`
    are further fields of the request that the act has under the same name, `fixed` what the kind
    says by itself. A kind without `leaves` is written, but leaves when somebody else has decided.
    """

    noun: str
    text: str = ""
    takes: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    has_method: bool = True
    leaves: bool = True


#: The fields of files, of the kinds whose letter takes some.
_FILES = ("enclose", "enclose_internal")


def _message(about: str) -> Composed:
    return Composed("message", "text", _FILES, fixed={"direction": "out", "about": about})


#: Kind → the act that writes it, in the order in which a complaint may need them.
COMPOSED: Mapping[str, Composed] = {
    "acknowledgement": _message("acknowledgement"),
    "question": _message("question"),
    "news": _message("news"),
    "message": _message("news"),
    "confirmation": Composed("confirmation", "summary"),
    "apology": Composed("apology", "text", ("anyway",)),
    "cause-explanation": Composed("cause-explanation", "text", _FILES),
    "offer": Composed("offer", "description", ("remedy", "amount", "alternative_to", *_FILES)),
    "reminder": Composed("offer/reminder"),
    "extension": Composed(
        "extension", "reason", ("until", "condition", *_FILES), has_method=False, leaves=False
    ),
    "decision": _message("decision"),
    "thanks": Composed("thanks", "text", ("anyway",)),
    "standard-information": Composed("standard-information", fixed={"all": True}),
    "closing": Composed("closure", takes=("outcome", *_FILES), has_method=False),
    "survey": Composed("survey", has_method=False),
}

#: Kinds that come with an act of their own, which says more than words → the noun of that act.
BELONGS_TO: Mapping[str, str] = {
    "promise": "promise",
    "receipt": "receipt",
    "extended": "extension/approval",
    "paused": "pause",
    "closed": "closure",
    "withdrawn": "withdrawal",
    "merged": "merge",
    "renamed": "not-a-complaint",
}

#: Fields of a request that some kinds take and others do not.
_FURTHER = (
    "anyway",
    "remedy",
    "amount",
    "alternative_to",
    "until",
    "condition",
    "outcome",
    *_FILES,
)


class LetterAsked(Enclosing):
    """A letter to the customer, asked for by its kind."""

    kind: CodeGiven = Field(
        description=N_(
            "`acknowledgement`, `question`, `news` (or `message`), `confirmation`, `apology`, "
            "`cause-explanation`, `offer`, `reminder`, `extension`, `decision`, `thanks`, "
            "`standard-information`, `closing` or `survey`; all other letters are written by "
            "their act."
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
    remedy: Code = Field("", description=N_("Of an `offer`: the code of the remedy."))
    amount: Amount | None = Field(
        None, description=N_("Of an `offer`: whole units of the organisation's currency.")
    )
    alternative_to: RowId | None = None
    until: Instant | None = Field(
        None, description=N_("Of an `extension`: the new date; it leaves once it is approved.")
    )
    condition: Reason = Field("", description=N_("Of an `extension`: the rule's condition for it."))
    outcome: Code = Field(
        "", description=N_("Of a `closing`: without it, it follows from the customer's answer.")
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
    composed = COMPOSED[kind]
    given: dict[str, Any] = {**_further(asked, composed), **composed.fixed}
    if asked.text:
        given[_field_of_text(composed)] = asked.text
    if composed.has_method:
        given["method"] = asked.method or ("email" if complaint.contact_email else "letter")
    elif asked.method:
        raise _no_field("method")
    if kind == "apology":
        given["stage"] = _stage(Status(complaint.status))
    given |= {"at": asked.at, "version": asked.version}
    return ActGiven(composed.noun, given)


def _further(asked: LetterAsked, composed: Composed) -> dict[str, Any]:
    given = {name: getattr(asked, name) for name in _FURTHER}
    given = {name: value for name, value in given.items() if value not in (None, "", [])}
    for name in given:
        if name not in composed.takes:
            raise _no_field(name)
    return given


def _field_of_text(composed: Composed) -> str:
    if not composed.text:
        raise Invalid(
            N_("The words of this letter are the organisation's; leave the text out."), field="text"
        )
    return composed.text


def _no_field(name: str) -> Invalid:
    return Invalid(N_("There is no field %(name)s here."), field=name, name=name)


def _stage(status: Status) -> str:
    """Which apology it is: that belongs to where we stand."""
    return "intake" if status in (Status.RECEIVED, Status.REGISTERED) else "resolution"
