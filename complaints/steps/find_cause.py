"""Find the main cause: preliminary from the customer's words (020-2.2), confirmed by inquiry."""

from sqlalchemy import select

from complaints.clocks.taking_up import run_again
from complaints.domain.errors import N_, Forbidden, Invalid
from complaints.domain.lifecycle import Action, Status
from complaints.domain.permissions import Permission
from complaints.domain.words.comparing import is_same
from complaints.domain.words.substance import require_substance
from complaints.models import Cause, Note
from complaints.rulebook.in_use import require_in_use
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.casework.approver import offers_of
from complaints.steps.order import confirmed_cause
from complaints.steps.wording import is_quoted, names_of, refuse_quote
from complaints.steps.write_letter import drop_unsent


def find_cause(
    case: Case,
    *,
    stage: str,
    code: str = "",
    text: str = "",
    quote: str = "",
) -> None:
    """Record a cause; `stage` is ``preliminary`` or ``confirmed``, `code` a cause group.

    A quote has to be the customer's own. The confirmed cause is a record apart: how often the two
    differ shows how well we listened. A cause on the customer's side needs a supervisor's eye
    before it is confirmed. One that differs from the cause confirmed before opens the explanation
    and the offer again.
    """
    if stage not in ("preliminary", "confirmed"):
        raise Invalid(N_("Choose: likely cause or confirmed cause."), field="stage")
    is_preliminary = stage == "preliminary"
    action = Action.FIND_CAUSE if is_preliminary else Action.CONFIRM_CAUSE
    group = case.rules.taxonomy.causes.get(code)
    if group is None:
        raise Invalid(N_("Choose a cause from the list."), field="code")
    if group.retired and code not in _codes_before(case):
        require_in_use("code", code, group)
    text = require_substance(
        text,
        N_("Describe the cause in a sentence: what went wrong, and where."),
        names=names_of(case),
    )
    _require_said(case, quote)
    needs_supervisor = group.needs_supervisor and not is_preliminary
    if needs_supervisor and not case.by.has(Permission.APPROVE):
        raise Forbidden(N_("A cause on the customer's side can only be confirmed by a supervisor."))
    before = None if is_preliminary else confirmed_cause(case)
    case.session.add(
        Cause(
            complaint_id=case.complaint.id,
            cycle=case.complaint.cycle,
            stage=stage,
            code=code,
            text=text,
            quote=quote.strip(),
            at=case.at,
            by_id=case.by.id,
        )
    )
    if not is_preliminary:
        case.complaint.confirmed_cause = code
    detail = {"code": code, "quote": quote.strip()}
    is_changed = before is not None and not (before.code == code and is_same(before.text, text))
    back_to = _drop_offers(case) if is_changed else None
    was_accepted = back_to is not None and case.complaint.status == Status.ACCEPTED
    advance(
        case,
        action,
        proven=[Proven("020-2.2", words=text, detail=detail)] if is_preliminary else [],
        detail={"stage": stage, "code": code, "was": before.text if before and is_changed else ""},
        back_to=back_to,
        # What the customer agreed to rests on the cause: their promise runs on as it was told.
        keep=(lambda clocks: run_again(clocks, case.at)) if was_accepted else None,
    )


def _drop_offers(case: Case) -> Status | None:
    """Take back what was offered on another cause; returns where the complaint goes back to.

    What the customer has accepted stays as it is, and counts, until something else is offered.
    """
    for offer in offers_of(case):
        if offer.state in ("open", "waiting_approval"):
            offer.state = "replaced"
    drop_unsent(case, "020-3.2")
    drop_unsent(case, "020-3.3")
    is_offered = case.complaint.status in (Status.OFFERED, Status.ACCEPTED)
    return Status.IN_HANDLING if is_offered else None


def _codes_before(case: Case) -> set[str]:
    """The causes that this complaint has been given before; they may be given again."""
    query = select(Cause.code).where(Cause.complaint_id == case.complaint.id)
    return set(case.session.scalars(query))


def _require_said(case: Case, quote: str) -> None:
    """Raise Invalid for a quote that stands neither in the story nor in a customer's message."""
    complaint = case.complaint
    if not quote.strip() or is_quoted(case, quote, complaint.story):
        return
    query = select(Note.text).where(Note.complaint_id == complaint.id, Note.direction == "in")
    messages = case.session.scalars(query).all()
    if not any(is_quoted(case, quote, each) for each in messages):
        raise refuse_quote(
            quote,
            [complaint.story, *messages],
            field="quote",
            absent=N_(
                "These words are neither in the story nor in a message of the customer. Copy "
                "them from there, or leave the quote empty. What the customer told you since "
                "belongs in a message first."
            ),
        )
